use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::store::{Body, Object};
use crate::aws::s3::{MAX_KEY, checksum_algorithms, storage_classes};
use crate::simulate::Timestamp;
use crate::simulate::services::answer::Ids;

/// What is said of an object that somebody puts into a bucket. What is left out is as S3 has it of an upload that says nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// Its size in bytes; left out, it has a few bytes of text.
    pub size: Option<u64>,
    /// The `Content-Type` that the upload gives, if any.
    pub content_type: Option<String>,
    /// What its owner says of it.
    pub metadata: BTreeMap<String, String>,
    /// The object's tags, by their keys.
    pub tags: BTreeMap<String, String>,
    /// The storage class; `None` is `STANDARD`.
    pub storage_class: Option<StorageClass>,
    /// The checksum that S3 keeps with the object, if one was asked for.
    pub checksum: Option<Checksum>,
}

impl Upload {
    /// An object of which only the size is said, if even that.
    pub fn of_size(size: Option<u64>) -> Self {
        Self { size, ..Self::default() }
    }

    /// The object that is under a key from then on. Bytes that nobody says are made up, new each time.
    pub fn object(&self, key: &str, now: Timestamp, ids: &mut Ids) -> Object {
        let body = match self.size {
            Some(size) => Body::Unseen(size),
            None => Body::Bytes(format!("{key}\n{}\n", ids.uuid()).into_bytes()),
        };
        let mut object = Object::new(body, now);
        if let Some(content_type) = &self.content_type {
            object.content_type.clone_from(content_type);
        }
        // The names of metadata are headers, which S3 keeps in lower case:
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
        object.metadata = self.metadata.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
        object.tags.clone_from(&self.tags);
        object.storage_class = self.storage_class.clone().unwrap_or_default();
        object.checksum.clone_from(&self.checksum);
        object
    }
}

/// Checks the key of an object.
///
/// # Errors
/// S3 has no such keys. The text says why.
pub fn check_key(key: &str) -> Result<(), String> {
    match key.len() {
        0 => Err("the key of an object needs at least one character".to_owned()),
        length if length > MAX_KEY => Err(format!("the key has {length} bytes; S3 allows {MAX_KEY}")),
        _ => Ok(()),
    }
}

/// A storage class that S3 knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageClass(String);

impl StorageClass {
    /// As S3 spells it: `GLACIER_IR`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for StorageClass {
    fn default() -> Self {
        Self("STANDARD".to_owned())
    }
}

impl FromStr for StorageClass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if storage_classes().contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        Err(unknown("storage class", text, storage_classes()))
    }
}

/// A checksum of an object's bytes, as an upload sends it and S3 keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    algorithm: String,
    value: String,
}

impl Checksum {
    /// A checksum that S3 itself worked out.
    pub(super) fn crc32(value: String) -> Self {
        Self { algorithm: "CRC32".to_owned(), value }
    }

    /// Its algorithm: `SHA256`.
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// The member of S3's answers that holds it: `ChecksumSHA256`.
    pub fn member(&self) -> String {
        format!("Checksum{}", self.algorithm)
    }

    /// Its value, in Base64. That of an upload in parts ends with their number: `abc=-3`.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Of what it is: the parts of an upload, or all of the bytes.
    pub(super) fn kind(&self) -> &'static str {
        let parts = self.value.rsplit_once('-').is_some_and(|(_, parts)| parts.parse::<u16>().is_ok());
        if parts { "COMPOSITE" } else { "FULL_OBJECT" }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.value)
    }
}

impl FromStr for Checksum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((algorithm, value)) = text.split_once(':').filter(|(_, value)| !value.is_empty()) else {
            return Err("expected an algorithm and a value in Base64, such as `SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=`".to_owned());
        };
        let known: Vec<&str> = checksum_algorithms().iter().map(String::as_str).collect();
        if !known.contains(&algorithm) {
            return Err(unknown("checksum algorithm", algorithm, &known));
        }
        Ok(Self { algorithm: algorithm.to_owned(), value: value.to_owned() })
    }
}

/// That a word is none that S3 knows, with the nearest or all that it does know.
fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let upper = word.to_uppercase();
    let near = known.iter().map(|known| (strsim::damerau_levenshtein(known, &upper), *known)).min();
    match near.filter(|(distance, known)| *distance <= known.len().max(3) / 3) {
        Some((_, near)) => format!("unknown {what} `{word}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{word}`; S3 has {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_says_what_s3_keeps() {
        let upload = Upload {
            size: Some(5),
            content_type: Some("image/jpeg".to_owned()),
            metadata: BTreeMap::from([("Owner".to_owned(), "Ada".to_owned())]),
            storage_class: Some("GLACIER_IR".parse().unwrap()),
            checksum: Some("SHA256:abc=-3".parse().unwrap()),
            ..Upload::default()
        };
        let object = upload.object("a", Timestamp::default(), &mut Ids::seeded(1));
        assert_eq!(object.body.size(), 5);
        assert_eq!(object.content_type, "image/jpeg");
        assert_eq!(object.metadata["owner"], "Ada");
        assert_eq!(object.storage_class.as_str(), "GLACIER_IR");
        let checksum = object.checksum.unwrap();
        assert_eq!((checksum.member().as_str(), checksum.kind()), ("ChecksumSHA256", "COMPOSITE"));
    }

    #[test]
    fn words_that_s3_does_not_know_are_refused() {
        let class = |text: &str| text.parse::<StorageClass>().unwrap_err();
        assert_eq!(class("glacier-ir"), "unknown storage class `glacier-ir`; did you mean `GLACIER_IR`?");
        assert!(class("COLD").starts_with("unknown storage class `COLD`; S3 has STANDARD"), "{}", class("COLD"));
        let checksum = |text: &str| text.parse::<Checksum>().unwrap_err();
        assert_eq!(checksum("sha-256:x"), "unknown checksum algorithm `sha-256`; did you mean `SHA256`?");
        for text in ["SHA256", "SHA256:", ""] {
            assert!(checksum(text).starts_with("expected an algorithm and a value"), "{text}");
        }
    }
}
