//! The calls of S3's API.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::error::error;
use super::read;
use super::store::{Body, Object, S3};
use super::upload::{Checksum, StorageClass};
use crate::aws::s3::is_archive;
use crate::aws::states::error as name;
use crate::simulate::Timestamp;
use crate::simulate::s3_events::Origin;
use crate::simulate::services::answer::{Ids, refused_parameters, required};
use crate::simulate::services::{Caller, ServiceCall, TaskError, not_here};

pub(super) type Answer = Result<Value, TaskError>;

impl S3 {
    /// Answers a call. The optimized ones (`s3:getObject` and its like, by which a distributed Map reads and writes) and the
    /// `aws-sdk:` ones have the same fields.
    pub(in crate::simulate::services) fn call(&mut self, call: &ServiceCall<'_>, ids: &mut Ids) -> Answer {
        let Some(action) = call.resource.action() else { return Err(not_here(call)) };
        let arguments = Arguments(call.arguments);
        match action {
            "listBuckets" => Ok(self.list_buckets(call.now)),
            "createBucket"
            | "deleteBucket"
            | "headBucket"
            | "getBucketLocation"
            | "getBucketVersioning"
            | "putBucketVersioning" => self.bucket_call(action, &arguments, ids),
            "headObject" => self.head(&arguments, ids),
            "getObject" => self.get(&arguments, call.caller, ids),
            "getObjectTagging" => self.tags(&arguments, ids),
            "putObjectTagging" => self.put_tags(&arguments, ids),
            "deleteObjectTagging" => self.delete_tags(&arguments, ids),
            "getObjectAttributes" => self.attributes(&arguments, ids),
            "putObject" => self.put_object(&arguments, call, ids),
            "copyObject" => self.copy(&arguments, call.now, ids),
            "deleteObject" => self.delete_object(&arguments, call.now, ids),
            "deleteObjects" => self.delete_objects(&arguments, call.now, ids),
            "listObjectVersions" => self.list_versions(&arguments, ids),
            "listObjectsV2" => self.list_objects_v2(&arguments, call.caller, ids),
            "listObjects" => self.list_objects(&arguments, call.caller, ids),
            _ => Err(not_here(call)),
        }
    }

    fn list_buckets(&self, now: Timestamp) -> Value {
        let created = date(now);
        let buckets: Vec<_> = self.buckets.keys().map(|name| json!({"CreationDate": created, "Name": name})).collect();
        json!({"Buckets": buckets, "Owner": {"Id": "owner"}})
    }

    fn found(&self, arguments: &Arguments<'_>, ids: &mut Ids) -> Result<&Object, TaskError> {
        let (bucket, key) = (arguments.text("Bucket")?, arguments.text("Key")?);
        if !self.buckets.contains_key(bucket) {
            return Err(no_such_bucket(ids));
        }
        let version = arguments.optional("VersionId");
        self.version(bucket, key, version).ok_or_else(|| match version {
            Some(id) if self.is_marker(bucket, key, id) => {
                error("S3Exception", "The specified method is not allowed against this resource.", 405, ids)
            }
            Some(_) => error("S3Exception", "The specified version does not exist.", 404, ids),
            None => error("NoSuchKeyException", "The specified key does not exist.", 404, ids),
        })
    }

    fn head(&self, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let (bucket, key) = (arguments.text("Bucket")?, arguments.text("Key")?);
        // The answer to HEAD has no body that could say what is missing: the SDK takes it for the key, without a message.
        let object = self.version(bucket, key, arguments.optional("VersionId"));
        let object = object.ok_or_else(|| error("NoSuchKeyException", "null", 404, ids))?;
        read::conditions(object, arguments.0, ids)?;
        Ok(described(object, arguments).into())
    }

    fn get(&self, arguments: &Arguments<'_>, caller: Caller, ids: &mut Ids) -> Answer {
        let object = self.found(arguments, ids)?;
        if is_archive(object.storage_class.as_str()) {
            let message = "The operation is not valid for the object's storage class";
            return Err(error("InvalidObjectStateException", message, 403, ids));
        }
        let Body::Bytes(bytes) = &object.body else {
            let key = arguments.text("Key")?;
            let cause =
                format!("the contents of {key} are not known: mock this state in a mock file (--mock-config FILE)");
            return Err(TaskError::new(name::RUNTIME, cause));
        };
        read::conditions(object, arguments.0, ids)?;
        let mut answer = described(object, arguments);
        let bytes = match read::range(arguments.optional("Range"), bytes.len(), ids)? {
            Some((first, end)) => {
                answer.insert("ContentLength".to_owned(), (end - first).into());
                answer.insert("ContentRange".to_owned(), format!("bytes {first}-{}/{}", end - 1, bytes.len()).into());
                &bytes[first..end]
            }
            None => bytes.as_slice(),
        };
        // An `ItemReader` needs the very bytes, of a packed file for instance.
        let body = match std::str::from_utf8(bytes) {
            Err(_) if caller == Caller::ItemReader => json!({"base64": BASE64_STANDARD.encode(bytes)}),
            _ => String::from_utf8_lossy(bytes).into(),
        };
        answer.insert("Body".to_owned(), body);
        Ok(answer.into())
    }

    fn attributes(&self, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let object = self.found(arguments, ids)?;
        let mut answer = read::attributes(object, required(arguments.0, "ObjectAttributes")?);
        answer.insert("LastModified".to_owned(), date(object.last_modified).into());
        version(&mut answer, object.version_id.as_deref());
        answer.sort_keys();
        Ok(answer.into())
    }

    fn tags(&self, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let object = self.found(arguments, ids)?;
        let tags: Vec<_> = object.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        let mut answer = Map::from_iter([("TagSet".to_owned(), tags.into())]);
        version(&mut answer, object.version_id.as_deref());
        Ok(answer.into())
    }

    /// Replaces the tags of an object or of a version of it.
    fn put_tags(&mut self, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let tags = arguments.0["Tagging"]["TagSet"].as_array().into_iter().flatten();
        let text = |tag: &Value, field: &str| tag[field].as_str().unwrap_or_default().to_owned();
        let tags: BTreeMap<_, _> = tags.map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect();
        let tagged = self.found(arguments, ids)?.version_id.clone();
        let (bucket, key) = (arguments.text("Bucket")?, arguments.text("Key")?);
        self.tag(bucket, key, arguments.optional("VersionId"), tags);
        let mut answer = Map::new();
        version(&mut answer, tagged.as_deref());
        Ok(answer.into())
    }

    fn delete_tags(&mut self, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let untagged =
            json!({"Bucket": arguments.0["Bucket"], "Key": arguments.0["Key"], "VersionId": arguments.0["VersionId"]});
        self.put_tags(&Arguments(&untagged), ids)
    }

    /// The calls about a bucket itself.
    fn bucket_call(&mut self, action: &str, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let name = arguments.text("Bucket")?;
        if action == "createBucket" {
            // In us-east-1, to create one's own bucket again is no error.
            self.buckets.entry(name.to_owned()).or_default();
            return Ok(json!({"Location": format!("/{name}")}));
        }
        let Some(bucket) = self.buckets.get_mut(name) else {
            // The answer to HEAD has no body that could say more.
            return Err(match action {
                "headBucket" => error("NoSuchBucketException", "null", 404, ids),
                _ => no_such_bucket(ids),
            });
        };
        match action {
            "deleteBucket" if !bucket.objects.is_empty() || !bucket.versions.is_empty() => {
                let message = "The bucket you tried to delete is not empty";
                Err(error("S3Exception", message, 409, ids))
            }
            "deleteBucket" => {
                self.buckets.remove(name);
                Ok(json!({}))
            }
            "headBucket" => Ok(json!({"AccessPointAlias": false, "BucketRegion": Origin::default().region})),
            "getBucketVersioning" => Ok(if bucket.versioned { json!({"Status": "Enabled"}) } else { json!({}) }),
            "putBucketVersioning" => {
                bucket.versioned |= arguments.0["VersioningConfiguration"]["Status"] == "Enabled";
                Ok(json!({}))
            }
            // The location of a bucket in us-east-1 is none.
            _ => Ok(json!({})),
        }
    }

    fn put_object(&mut self, arguments: &Arguments<'_>, call: &ServiceCall<'_>, ids: &mut Ids) -> Answer {
        let (bucket, key) = (arguments.text("Bucket")?, arguments.text("Key")?);
        if !self.buckets.contains_key(bucket) {
            return Err(no_such_bucket(ids));
        }
        key_fits(key, ids)?;
        let there = self.object(bucket, key);
        let wanted = arguments.optional("IfMatch").map(|etag| etag.trim_matches('"'));
        if arguments.0["IfNoneMatch"] == "*" && there.is_some()
            || wanted.is_some() && there.is_some_and(|there| Some(there.etag.as_str()) != wanted)
        {
            return Err(read::precondition(ids));
        }
        if wanted.is_some() && there.is_none() {
            return Err(error("NoSuchKeyException", "The specified key does not exist.", 404, ids));
        }
        let mut object = Object::new(Body::Bytes(body(&arguments.0["Body"], call.caller)), call.now);
        if let Some(kind) = arguments.0["ContentType"].as_str() {
            kind.clone_into(&mut object.content_type);
        }
        object.metadata = texts(&arguments.0["Metadata"]);
        object.tags = tags(arguments);
        object.storage_class = class(arguments, ids)?;
        let checksum = object.body.crc32();
        object.checksum = Some(Checksum::crc32(checksum.clone()));
        let change = self.put(bucket, key, object, "PutObject", ids);
        let etag = self.object(bucket, key).map(|object| quoted(&object.etag));
        let mut answer = answer([
            ("ChecksumCRC32", checksum.into()),
            ("ChecksumType", "FULL_OBJECT".into()),
            ("ETag", etag.into()),
            ("ServerSideEncryption", "AES256".into()),
        ]);
        version(&mut answer, change.version_id.as_deref());
        Ok(answer.into())
    }

    fn copy(&mut self, arguments: &Arguments<'_>, now: Timestamp, ids: &mut Ids) -> Answer {
        let (bucket, key) = (arguments.text("Bucket")?, arguments.text("Key")?);
        let (source, source_version) = match arguments.text("CopySource")?.split_once("?versionId=") {
            Some((source, version)) => (decoded(source), Some(version)),
            None => (decoded(arguments.text("CopySource")?), None),
        };
        let (from, from_key) = source.trim_start_matches('/').split_once('/').unwrap_or((&source, ""));
        let mut named = json!({"Bucket": from, "Key": from_key});
        if let Some(version) = source_version {
            named["VersionId"] = version.into();
        }
        let mut object = self.found(&Arguments(&named), ids)?.clone();
        if !self.buckets.contains_key(bucket) {
            return Err(no_such_bucket(ids));
        }
        key_fits(key, ids)?;
        if arguments.0["MetadataDirective"] == "REPLACE" {
            object.metadata = texts(&arguments.0["Metadata"]);
            if let Some(kind) = arguments.optional("ContentType") {
                kind.clone_into(&mut object.content_type);
            }
        }
        if arguments.0["TaggingDirective"] == "REPLACE" {
            object.tags = tags(arguments);
        }
        // The storage class is not copied: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
        object.storage_class = class(arguments, ids)?;
        object.last_modified = now;
        let mut result = answer([("ETag", quoted(&object.etag).into()), ("LastModified", date(now).into())]);
        if let Some(checksum) = &object.checksum {
            result.insert(checksum.member(), checksum.value().into());
            result.insert("ChecksumType".to_owned(), checksum.kind().into());
        }
        result.sort_keys();
        let change = self.put(bucket, key, object, "CopyObject", ids);
        let mut answer = answer([("CopyObjectResult", result.into()), ("ServerSideEncryption", "AES256".into())]);
        version(&mut answer, change.version_id.as_deref());
        Ok(answer.into())
    }

    fn delete_object(&mut self, arguments: &Arguments<'_>, now: Timestamp, ids: &mut Ids) -> Answer {
        let (bucket, key) = (arguments.text("Bucket")?, arguments.text("Key")?);
        if !self.buckets.contains_key(bucket) {
            return Err(no_such_bucket(ids));
        }
        if let Some(version) = arguments.optional("VersionId") {
            self.delete_version(bucket, key, version, now);
            return Ok(json!({ "VersionId": version }));
        }
        let marker = self.delete(bucket, key, now, ids).and_then(|change| change.version_id);
        Ok(marker.map_or(json!({}), |marker| json!({"DeleteMarker": true, "VersionId": marker})))
    }

    fn delete_objects(&mut self, arguments: &Arguments<'_>, now: Timestamp, ids: &mut Ids) -> Answer {
        let bucket = arguments.text("Bucket")?;
        if !self.buckets.contains_key(bucket) {
            return Err(no_such_bucket(ids));
        }
        let objects = arguments.0["Delete"]["Objects"].as_array().into_iter().flatten();
        let mut deleted = Vec::new();
        for (object, key) in objects.filter_map(|object| Some((object, object["Key"].as_str()?))) {
            let mut done = json!({ "Key": key });
            match object["VersionId"].as_str() {
                Some(version) => {
                    self.delete_version(bucket, key, version, now);
                    done["VersionId"] = version.into();
                }
                None => {
                    if let Some(marker) = self.delete(bucket, key, now, ids).and_then(|change| change.version_id) {
                        done["DeleteMarker"] = true.into();
                        done["DeleteMarkerVersionId"] = marker.into();
                    }
                }
            }
            deleted.push(done);
        }
        // In the quiet mode, only what fails is told.
        let quiet = arguments.0["Delete"]["Quiet"] == true;
        Ok(if quiet || deleted.is_empty() { json!({}) } else { json!({ "Deleted": deleted }) })
    }
}

/// What HeadObject and GetObject tell of an object. The storage class is told unless it is STANDARD, a checksum only where the
/// call asks for it: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>.
fn described(object: &Object, arguments: &Arguments<'_>) -> Map<String, Value> {
    let mut answer = answer([
        ("AcceptRanges", "bytes".into()),
        ("ContentLength", object.body.size().into()),
        ("ContentType", object.content_type.as_str().into()),
        ("ETag", quoted(&object.etag).into()),
        ("LastModified", date(object.last_modified).into()),
        ("Metadata", object.metadata.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect()),
        ("ServerSideEncryption", "AES256".into()),
    ]);
    if object.storage_class != StorageClass::default() {
        answer.insert("StorageClass".to_owned(), object.storage_class.as_str().into());
    }
    if let Some(checksum) = object.checksum.as_ref().filter(|_| arguments.optional("ChecksumMode") == Some("ENABLED")) {
        answer.insert(checksum.member(), checksum.value().into());
        answer.insert("ChecksumType".to_owned(), checksum.kind().into());
    }
    if !object.tags.is_empty() {
        answer.insert("TagCount".to_owned(), object.tags.len().into());
    }
    version(&mut answer, object.version_id.as_deref());
    answer.sort_keys();
    answer
}

/// The bytes that a `Body` becomes: a task's is written as JSON, a text with its quotes; a `ResultWriter` writes text.
fn body(value: &Value, caller: Caller) -> Vec<u8> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) if caller != Caller::Task => text.clone().into_bytes(),
        value => value.to_string().into_bytes(),
    }
}

pub(super) fn answer<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn version(answer: &mut Map<String, Value>, version: Option<&str>) {
    if let Some(version) = version {
        answer.insert("VersionId".to_owned(), version.into());
    }
}

/// The storage class that a call asks for.
fn class(arguments: &Arguments<'_>, ids: &mut Ids) -> Result<StorageClass, TaskError> {
    let Some(named) = arguments.optional("StorageClass") else { return Ok(StorageClass::default()) };
    named.parse().map_err(|_| error("S3Exception", "The storage class you specified is not valid", 400, ids))
}

/// The tags that an upload gives an object, spelled like the query of a URL
/// ([PutObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html)).
fn tags(arguments: &Arguments<'_>) -> BTreeMap<String, String> {
    let written = arguments.optional("Tagging").unwrap_or_default();
    let read = |text: &str| decoded(&text.replace('+', " "));
    let pairs = written.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(key, value)| (read(key), read(value))).collect()
}

fn texts(object: &Value) -> BTreeMap<String, String> {
    let fields = object.as_object().into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

pub(super) fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

pub(super) fn date(time: Timestamp) -> String {
    let time = DateTime::<Utc>::from_timestamp_millis(time.millis()).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A text whose bytes may be spelled `%20`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = (byte == b'%').then(|| tail.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The arguments of a call of S3.
pub(super) struct Arguments<'a>(pub(super) &'a Value);

impl<'a> Arguments<'a> {
    pub(super) fn text(&self, name: &str) -> Result<&'a str, TaskError> {
        let value = self.0.get(name);
        value.and_then(Value::as_str).ok_or_else(|| {
            let fault = match value {
                None => format!("The field \"{name}\" is required but was missing"),
                Some(_) => format!("The value for the field '{name}' must be a STRING"),
            };
            refused_parameters(self.0, &[fault])
        })
    }

    pub(super) fn optional(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }
}

/// The longest key, in bytes
/// ([object keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)).
const MAX_KEY: usize = 1024;

fn key_fits(key: &str, ids: &mut Ids) -> Result<(), TaskError> {
    if key.len() > MAX_KEY { Err(error("S3Exception", "Your key is too long", 400, ids)) } else { Ok(()) }
}

pub(super) fn no_such_bucket(ids: &mut Ids) -> TaskError {
    error("NoSuchBucketException", "The specified bucket does not exist", 404, ids)
}
