//! What is chosen about a record's attributes, and about the indexes over them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::name::{AttributeName, IndexName};

/// A value of the event that a record can contain, besides the object's key and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EventAttribute {
    /// The object's size in bytes, a number.
    Size,
    /// The object's entity tag.
    Etag,
    /// The version that was written. Only versioned buckets have it.
    VersionId,
    /// S3's sequencer, which tells the newer of two events. Every record contains it, selected or not.
    Sequencer,
    /// Who sent the request: an account ID, or an AWS service.
    Requester,
    /// The IP address that the request came from. Actions of S3 itself have none.
    SourceIpAddress,
    /// The call that wrote the object: `PutObject`, `CopyObject`, `CompleteMultipartUpload` or `POST Object`.
    Reason,
    /// The region of the bucket.
    Region,
    /// The account of the bucket's owner.
    Account,
    /// The key up to and including its last slash. A key without a slash has none.
    Prefix,
    /// The part of the file's name after its last dot. A name whose only dot is its first character has none.
    Extension,
}

/// A value that no event contains, and that the workflow asks S3 for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Enrichment {
    /// The media type of the object.
    ContentType,
    /// The object's own metadata, a map of strings.
    Metadata,
    /// The storage class. S3 returns none for STANDARD.
    StorageClass,
    /// The checksum that S3 stores for the object, after the name of its algorithm: `SHA256:...`.
    Checksum,
    /// How the object is encrypted: `AES256`, `aws:kms` or `aws:kms:dsse`.
    Encryption,
    /// The object's tags, a map of strings.
    Tags,
}

/// A global secondary index of the table, which finds records by other attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexSpec {
    /// The index's name.
    pub name: IndexName,
    /// The partition key: the attribute to find records by. A record without it is not in the index.
    pub partition: AttributeName,
    /// The sort key: the attribute that orders the records of a partition. A record without it is not in the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<AttributeName>,
    /// What the index contains of a record.
    #[serde(default)]
    pub projection: IndexProjection,
}

/// What an index contains of a record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IndexProjection {
    /// All attributes.
    #[default]
    All,
    /// The keys of the index and of the table.
    KeysOnly,
    /// The keys and these attributes.
    Include(Vec<AttributeName>),
}

/// Reads a list in which nothing is chosen twice.
pub(super) fn once<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Serialize + PartialEq + fmt::Debug,
{
    let chosen = Vec::<T>::deserialize(deserializer)?;
    match chosen.iter().enumerate().find(|(index, item)| chosen[..*index].contains(item)) {
        Some((_, twice)) => Err(serde::de::Error::custom(format!("`{}` is listed twice", spelled(twice)))),
        None => Ok(chosen),
    }
}

/// The same, of a list that may be left out.
pub(super) fn once_if_any<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Serialize + PartialEq + fmt::Debug,
{
    once(deserializer).map(Some)
}

/// A word as the spec spells it.
fn spelled<T: Serialize + fmt::Debug>(word: &T) -> String {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(text)) => text,
        _ => format!("{word:?}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::spec::Document;

    fn refused(text: &str) -> String {
        let (source, fault) = Document::parse(Source::new("x", text)).unwrap_err();
        let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
        format!("{at} {}; {}", fault.message, fault.help.unwrap_or_default())
    }

    #[test]
    fn attributes_are_words_of_a_list() {
        for (text, says) in [
            ("attributes: [size, versionid]", "1:20 unknown value `versionid`; did you mean `versionId`?"),
            ("attributes: [size, etag, size]", "1:13 `size` is listed twice; "),
            ("attributes: size", "1:13 expected a list, found a string; "),
            ("enrich: [contenttype]", "1:10 unknown value `contenttype`; did you mean `contentType`?"),
            ("enrich: [tags, tags]", "1:9 `tags` is listed twice; "),
        ] {
            assert!(refused(text).starts_with(says), "{text}: {}", refused(text));
        }
    }

    #[test]
    fn indexes_have_a_name_and_a_partition() {
        for (text, says) in [
            ("indexes: [{name: by-size}]", "1:11 the key `partition` is missing; "),
            (
                "indexes: [{name: x, partition: size}]",
                "1:18 `x` is not an index name: it has 1 character, and the minimum is 3; an index name has",
            ),
            (
                "indexes: [{name: by-size, partition: size, projection: ALLES}]",
                "1:56 unknown value `ALLES`; did you mean `ALL`?",
            ),
        ] {
            assert!(refused(text).starts_with(says), "{text}: {}", refused(text));
        }
    }
}
