//! What is chosen about a record's attributes, and about the indexes over them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::name::{AttributeName, IndexName};

/// What a record may hold of its event, besides the object's key and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EventAttribute {
    /// The object's size in bytes, a number.
    Size,
    /// The object's entity tag.
    Etag,
    /// The version that was written. Only a bucket with versions gives any.
    VersionId,
    /// S3's sequencer, by which records know the newer of two events. Every record holds it, chosen or not.
    Sequencer,
    /// Who sent the request: an account's id, or an AWS service.
    Requester,
    /// The IP address that the request came from. Only requests have one; what S3 does by itself has none.
    SourceIpAddress,
    /// The call that wrote the object: `PutObject`, `CopyObject`, `CompleteMultipartUpload` or `POST Object`.
    Reason,
    /// The region of the bucket.
    Region,
    /// The account of the bucket's owner.
    Account,
    /// The key up to its last slash, that included. A key without a slash has none.
    Prefix,
    /// What follows the last dot of the key's last part. A name that only begins with a dot has none.
    Extension,
}

/// What a record may hold that no event tells, and S3 is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Enrichment {
    /// The media type that the object was uploaded with.
    ContentType,
    /// The object's own metadata, a map of texts.
    Metadata,
    /// The storage class. S3 names none for STANDARD.
    StorageClass,
    /// The checksum that S3 keeps of the object, behind the name of its algorithm: `SHA256:...`.
    Checksum,
    /// How the object is encrypted: `AES256`, `aws:kms` or `aws:kms:dsse`.
    Encryption,
    /// The object's tags, a map of texts.
    Tags,
}

/// A global secondary index of the table: the same records, found by other attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexSpec {
    /// The index's name.
    pub name: IndexName,
    /// The attribute by whose value records are found. A record without it is not in the index.
    pub partition: AttributeName,
    /// The attribute by which the records of one partition are sorted. A record without it is not in the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<AttributeName>,
    /// What the index holds of a record.
    #[serde(default)]
    pub projection: IndexProjection,
}

/// What an index holds of a record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IndexProjection {
    /// All of it.
    #[default]
    All,
    /// The keys of the index and of the table.
    KeysOnly,
    /// The keys, and these attributes.
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
        Some((_, twice)) => Err(serde::de::Error::custom(format!("`{}` is chosen twice", spelled(twice)))),
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
            ("attributes: [size, versionid]", "1:20 there is no choice `versionid`; did you mean `versionId`?"),
            ("attributes: [size, etag, size]", "1:13 `size` is chosen twice; "),
            ("attributes: size", "1:13 expected a list, found a string; "),
            ("enrich: [contenttype]", "1:10 there is no choice `contenttype`; did you mean `contentType`?"),
            ("enrich: [tags, tags]", "1:9 `tags` is chosen twice; "),
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
                "1:18 `x` is not an index name: it has 1 characters, and the shortest has 3; an index name has",
            ),
            (
                "indexes: [{name: by-size, partition: size, projection: ALLES}]",
                "1:56 there is no choice `ALLES`; did you mean `ALL`?",
            ),
        ] {
            assert!(refused(text).starts_with(says), "{text}: {}", refused(text));
        }
    }
}
