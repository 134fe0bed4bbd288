//! Listings of buckets, to replay: every object as if it were put again.

use chrono::{DateTime, NaiveDateTime};
use serde_json::Value;
use thiserror::Error;

use super::Timestamp;
use super::services::s3::{Body, Object};

/// An object that a listing tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The key of the object.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its entity tag, without quotes, if the listing has it.
    pub etag: Option<String>,
    /// When it was written, if the listing has it.
    pub last_modified: Option<Timestamp>,
}

/// Why a text is no listing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListingError {
    /// It begins as JSON, and is none.
    #[error("line {line}, column {column}: not JSON: {reason}")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// JSON that is not the answer to a listing.
    #[error("{0}")]
    Shape(String),
    /// A line that tells of no object.
    #[error(
        "line {line}: expected `DATE TIME SIZE KEY`, as printed by `aws s3 ls s3://BUCKET --recursive`, found `{text}`"
    )]
    Line {
        /// Counted from 1.
        line: usize,
        /// The line, or its beginning.
        text: String,
    },
    /// A line that tells of a folder.
    #[error("line {line}: `{text}` is a folder: list the bucket with `aws s3 ls --recursive`")]
    Folder {
        /// Counted from 1.
        line: usize,
        /// The line.
        text: String,
    },
}

/// Reads what `aws s3api list-objects-v2 --output json` prints (one answer, or several one after the other), or what
/// `aws s3 ls --recursive` prints, whose times count as UTC.
///
/// # Errors
/// The text is neither.
pub fn read(text: &str) -> Result<Vec<Listed>, ListingError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) { read_json(text) } else { read_lines(text) }
}

fn read_json(text: &str) -> Result<Vec<Listed>, ListingError> {
    let mut objects = Vec::new();
    for answer in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let answer = answer.map_err(|error| ListingError::NotJson {
            line: error.line(),
            column: error.column(),
            reason: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        })?;
        let contents = match &answer {
            Value::Array(objects) => objects.as_slice(),
            answer => match &answer["Contents"] {
                Value::Array(objects) => objects.as_slice(),
                Value::Null if answer.get("Name").is_some() || answer.get("KeyCount").is_some() => &[],
                Value::Null if answer.as_object().is_some_and(|answer| answer.contains_key("RequestCharged")) => &[],
                _ => {
                    return Err(ListingError::Shape("the JSON of the listing has no list `Contents`".to_owned()));
                }
            },
        };
        for (index, object) in contents.iter().enumerate() {
            let missing = |field: &str| ListingError::Shape(format!("/Contents/{index} has no `{field}`"));
            let modified = object["LastModified"].as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            objects.push(Listed {
                key: object["Key"].as_str().ok_or_else(|| missing("Key"))?.to_owned(),
                size: object["Size"].as_u64().ok_or_else(|| missing("Size"))?,
                etag: object["ETag"].as_str().map(|etag| etag.trim_matches('"').to_owned()),
                last_modified: modified.map(|time| Timestamp::from_millis(time.timestamp_millis())),
            });
        }
    }
    Ok(objects)
}

fn read_lines(text: &str) -> Result<Vec<Listed>, ListingError> {
    let mut objects = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with("Total Objects:") || trimmed.starts_with("Total Size:") {
            continue;
        }
        if trimmed.starts_with("PRE ") {
            return Err(ListingError::Folder { line: number, text: trimmed.to_owned() });
        }
        let refused = || ListingError::Line { line: number, text: trimmed.chars().take(80).collect() };
        objects.push(listed_line(line).ok_or_else(refused)?);
    }
    Ok(objects)
}

/// `2026-01-31 12:00:00       1234 photos/a b.jpg`: a key may begin and end with spaces.
fn listed_line(line: &str) -> Option<Listed> {
    let (time, rest) = line.split_at_checked(19)?;
    let time = NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S").ok()?;
    let (size, key) = rest.trim_start().split_once(' ')?;
    Some(Listed {
        key: Some(key).filter(|key| !key.is_empty())?.to_owned(),
        size: size.parse().ok()?,
        etag: None,
        last_modified: Some(Timestamp::from_millis(time.and_utc().timestamp_millis())),
    })
}

impl Listed {
    /// The object, written when the listing says, or `now`. What is in it nobody knows.
    pub fn object(&self, now: Timestamp) -> Object {
        let mut object = Object::new(Body::Unseen(self.size), self.last_modified.unwrap_or(now));
        if let Some(etag) = &self.etag {
            object.etag.clone_from(etag);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_listings_are_read() {
        let json = r#"{"Contents": [{"Key": "a b.jpg", "LastModified": "2026-01-31T12:00:00+00:00", "ETag": "\"abc\"",
            "Size": 1234, "StorageClass": "STANDARD"}], "RequestCharged": null}
            {"Contents": [{"Key": "c", "Size": 0}]}"#;
        let lines = "2026-01-31 12:00:00       1234 a b.jpg\n\n2026-01-31 12:00:01          0  c \n\nTotal Objects: 2\n   Total Size: 1234\n";
        let noon = Timestamp::parse("2026-01-31T12:00:00Z");
        let listed = |key: &str, size, etag: Option<&str>, last_modified| Listed {
            key: key.to_owned(),
            size,
            etag: etag.map(str::to_owned),
            last_modified,
        };
        let expected = [listed("a b.jpg", 1234, Some("abc"), noon), listed("c", 0, None, None)];
        assert_eq!(read(json).unwrap(), expected);
        let second = Timestamp::parse("2026-01-31T12:00:01Z");
        assert_eq!(read(lines).unwrap(), [listed("a b.jpg", 1234, None, noon), listed(" c ", 0, None, second)]);
        assert_eq!(read(r#"{"RequestCharged": null, "Prefix": ""}"#).unwrap(), []);
        assert_eq!(read("").unwrap(), []);
        assert_eq!(expected[0].object(Timestamp::default()).etag, "abc");
    }

    #[test]
    fn what_is_no_listing_is_said_where() {
        let cases = [
            ("{\"Contents\": [\n}", "line 2, column 1: not JSON: expected value"),
            ("{\"Buckets\": []}", "the JSON of the listing has no list `Contents`"),
            ("{\"Contents\": [{\"Key\": \"a\"}]}", "/Contents/0 has no `Size`"),
            (
                "2026-01-31 12:00:00 5 a\nhello",
                "line 2: expected `DATE TIME SIZE KEY`, as printed by `aws s3 ls s3://BUCKET --recursive`, found `hello`",
            ),
            (
                "                           PRE photos/",
                "line 1: `PRE photos/` is a folder: list the bucket with `aws s3 ls --recursive`",
            ),
            ("2026-13-31 12:00:00 5 a", "line 1: expected"),
            ("ééééééééééééééééééééééé", "line 1: expected"),
        ];
        for (text, expected) in cases {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.starts_with(expected), "{text}: {refused}");
        }
    }
}
