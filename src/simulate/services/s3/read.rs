//! Which part of an object a read gives, and under which conditions
//! ([GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)).

use serde_json::{Map, Value, json};

use super::error::error;
use super::store::Object;
use crate::simulate::services::TaskError;
use crate::simulate::services::answer::Ids;

/// The bytes that a `Range` asks for: the first and the one behind the last. `None` for all of them: S3 passes over what is no range.
///
/// # Errors
/// The range begins behind the end.
pub(super) fn range(asked: Option<&str>, size: usize, ids: &mut Ids) -> Result<Option<(usize, usize)>, TaskError> {
    let Some((first, last)) = asked.and_then(|asked| asked.strip_prefix("bytes=")?.split_once('-')) else {
        return Ok(None);
    };
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1).min(size)),
        (Ok(first), Err(_)) if last.is_empty() => (first, size),
        (Err(_), Ok(count)) if first.is_empty() => (if count == 0 { size } else { size.saturating_sub(count) }, size),
        _ => return Ok(None),
    };
    if range.0 >= size {
        return Err(error("S3Exception", "The requested range is not satisfiable", 416, ids));
    }
    Ok(Some(range))
}

/// Holds an object against the `IfMatch` and `IfNoneMatch` of a read.
pub(super) fn conditions(object: &Object, arguments: &Value, ids: &mut Ids) -> Result<(), TaskError> {
    let names =
        |field: &str| arguments[field].as_str().map(|etag| etag == "*" || etag.trim_matches('"') == object.etag);
    if names("IfMatch") == Some(false) {
        return Err(precondition(ids));
    }
    if names("IfNoneMatch") == Some(true) {
        return Err(error("S3Exception", "null", 304, ids));
    }
    Ok(())
}

/// The error of a condition that does not hold.
pub(super) fn precondition(ids: &mut Ids) -> TaskError {
    error("S3Exception", "At least one of the pre-conditions you specified did not hold", 412, ids)
}

/// The attributes of an object that are asked for
/// ([GetObjectAttributes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html)).
pub(super) fn attributes(object: &Object, asked: &Value) -> Map<String, Value> {
    let asked: Vec<&str> = asked.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let checksum = object.checksum.as_ref().map(|checksum| {
        let mut told = Map::new();
        told.insert(checksum.member(), checksum.value().into());
        told.insert("ChecksumType".to_owned(), checksum.kind().into());
        Value::from(told)
    });
    let all = [
        ("Checksum", checksum),
        ("ETag", Some(object.etag.as_str().into())),
        ("ObjectSize", Some(json!(object.body.size()))),
        ("StorageClass", Some(object.storage_class.as_str().into())),
    ];
    let told = all.into_iter().filter(|(name, _)| asked.contains(name));
    told.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
