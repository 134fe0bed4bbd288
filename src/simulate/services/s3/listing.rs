//! Listings of objects and of versions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::calls::{Answer, Arguments, answer, date, no_such_bucket, quoted};
use super::error::error;
use super::store::{ListedVersion, Object, S3};
use crate::simulate::services::answer::Ids;
use crate::simulate::services::{Caller, TaskError};

/// S3 lists at most so many objects at once.
const MAX_KEYS: u64 = 1000;

impl S3 {
    /// Answers `listObjectsV2`.
    pub(super) fn list_objects_v2(&self, arguments: &Arguments<'_>, caller: Caller, ids: &mut Ids) -> Answer {
        self.list(arguments, caller, ids).map(|page| with_asked(page, arguments))
    }

    /// Answers `listObjects`.
    pub(super) fn list_objects(&self, arguments: &Arguments<'_>, caller: Caller, ids: &mut Ids) -> Answer {
        self.list(arguments, caller, ids).map(|page| with_marker(page, arguments))
    }

    /// By key, and of each key the newest version first. A page is what `MaxKeys` allows, and where it is not all, it says where it goes on.
    pub(super) fn list_versions(&self, arguments: &Arguments<'_>, ids: &mut Ids) -> Answer {
        let name = arguments.text("Bucket")?;
        let bucket = self.buckets.get(name).ok_or_else(|| no_such_bucket(ids))?;
        let prefix = arguments.optional("Prefix").unwrap_or_default();
        let max = arguments.0["MaxKeys"].as_u64().unwrap_or(MAX_KEYS).min(MAX_KEYS);
        let all: Vec<_> = bucket.versions_of(prefix).collect();
        let start = match (arguments.optional("KeyMarker"), arguments.optional("VersionIdMarker")) {
            (None, _) => 0,
            (Some(marker), None) => all.partition_point(|one| one.key <= marker),
            (Some(marker), Some(id)) => {
                all.iter().position(|one| one.key == marker && one.id == id).map_or(all.len(), |at| at + 1)
            }
        };
        let end = all.len().min(start.saturating_add(usize::try_from(max).unwrap_or(usize::MAX)));
        let (shown, truncated) = (&all[start..end], end < all.len());
        let listed = |one: &ListedVersion<'_>| {
            let mut entry = answer([
                ("IsLatest", one.current.into()),
                ("Key", one.key.into()),
                ("LastModified", date(one.at).into()),
                ("VersionId", one.id.into()),
            ]);
            if let Some(object) = one.object {
                entry.insert("ETag".to_owned(), quoted(&object.etag).into());
                entry.insert("Size".to_owned(), object.body.size().into());
                entry.insert("StorageClass".to_owned(), object.storage_class.as_str().into());
            }
            Value::from(entry)
        };
        let (versions, markers): (Vec<_>, Vec<_>) = shown.iter().partition(|one| one.object.is_some());
        let [versions, markers] = [versions, markers].map(|some| some.into_iter().map(listed).collect::<Vec<_>>());
        let last = shown.last().map(|one| (one.key.to_owned(), one.id.to_owned()));
        let mut page = answer([
            ("IsTruncated", truncated.into()),
            ("MaxKeys", max.into()),
            ("Name", name.into()),
            ("Prefix", prefix.into()),
        ]);
        if !versions.is_empty() {
            page.insert("Versions".to_owned(), versions.into());
        }
        if !markers.is_empty() {
            page.insert("DeleteMarkers".to_owned(), markers.into());
        }
        if let Some((key, id)) = last.filter(|_| truncated) {
            page.insert("NextKeyMarker".to_owned(), key.into());
            page.insert("NextVersionIdMarker".to_owned(), id.into());
        }
        Ok(page.into())
    }

    fn list(&self, arguments: &Arguments<'_>, caller: Caller, ids: &mut Ids) -> Answer {
        let name = arguments.text("Bucket")?;
        let bucket = self.buckets.get(name).ok_or_else(|| no_such_bucket(ids))?;
        let prefix = arguments.optional("Prefix").unwrap_or_default();
        let delimiter = arguments.optional("Delimiter").filter(|delimiter| !delimiter.is_empty());
        let max = arguments.0["MaxKeys"].as_u64().unwrap_or(MAX_KEYS).min(MAX_KEYS);
        let token = arguments.optional("ContinuationToken").map(|token| token_key(token, ids)).transpose()?;
        let after = token.as_deref().or(arguments.optional("StartAfter")).or(arguments.optional("Marker"));
        let mut page = Page { prefix, delimiter, max, ..Page::default() };
        let start = after.filter(|after| *after > prefix).unwrap_or(prefix);
        for (key, object) in bucket.objects.range(start.to_owned()..).take_while(|(key, _)| key.starts_with(prefix)) {
            if after.is_some_and(|after| passed(key, after, delimiter)) {
                continue;
            }
            if !page.take(key, object, caller) {
                break;
            }
        }
        Ok(page.answer(name))
    }
}

/// A page of a listing, as it fills.
#[derive(Default)]
struct Page<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    max: u64,
    contents: Vec<Value>,
    folders: Vec<String>,
    last: String,
    truncated: bool,
}

impl Page<'_> {
    /// Takes the next object, or says that there is no room.
    fn take(&mut self, key: &str, object: &Object, caller: Caller) -> bool {
        let folder = self.delimiter.and_then(|delimiter| {
            let rest = &key[self.prefix.len()..];
            rest.find(delimiter).map(|at| key[..self.prefix.len() + at + delimiter.len()].to_owned())
        });
        if folder.is_some() && folder.as_ref() == self.folders.last() {
            return true;
        }
        if (self.contents.len() + self.folders.len()) as u64 >= self.max {
            self.truncated = true;
            return false;
        }
        match folder {
            Some(folder) => {
                self.last.clone_from(&folder);
                self.folders.push(folder);
            }
            None => {
                key.clone_into(&mut self.last);
                self.contents.push(listed(key, object, caller));
            }
        }
        true
    }

    fn answer(self, bucket: &str) -> Value {
        let count = self.contents.len() + self.folders.len();
        let mut answer = Map::new();
        let mut add = |name: &str, value: Value| answer.insert(name.to_owned(), value);
        if !self.folders.is_empty() {
            let folders = self.folders.iter().map(|folder| json!({ "Prefix": folder }));
            add("CommonPrefixes", folders.collect());
        }
        if !self.contents.is_empty() {
            add("Contents", self.contents.into());
        }
        if let Some(delimiter) = self.delimiter {
            add("Delimiter", delimiter.into());
        }
        add("IsTruncated", self.truncated.into());
        add("KeyCount", count.into());
        add("MaxKeys", self.max.into());
        add("Name", bucket.into());
        if self.truncated {
            add("NextContinuationToken", URL_SAFE_NO_PAD.encode(&self.last).into());
        }
        add("Prefix", self.prefix.into());
        answer.into()
    }
}

/// A page with the place from where it was asked for, which S3 repeats.
fn with_asked(mut page: Value, arguments: &Arguments<'_>) -> Value {
    for name in ["ContinuationToken", "StartAfter"] {
        if let Some(asked) = arguments.optional(name) {
            page[name] = asked.into();
        }
    }
    page
}

/// A page as [ListObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html) has it: without a count, and with markers in place
/// of tokens. The next one is only told where there is a delimiter.
fn with_marker(page: Value, arguments: &Arguments<'_>) -> Value {
    let Value::Object(mut page) = page else { return page };
    page.shift_remove("KeyCount");
    let next = page.shift_remove("NextContinuationToken");
    let next = next.and_then(|token| URL_SAFE_NO_PAD.decode(token.as_str()?).ok());
    if let Some(next) = next.and_then(|key| String::from_utf8(key).ok()).filter(|_| page.contains_key("Delimiter")) {
        page.insert("NextMarker".to_owned(), next.into());
    }
    page.insert("Marker".to_owned(), arguments.optional("Marker").unwrap_or_default().into());
    page.into()
}

/// Whether a listing that goes on after `after` has passed this key: `after` may be a folder, with all that is in it.
fn passed(key: &str, after: &str, delimiter: Option<&str>) -> bool {
    key <= after || delimiter.is_some_and(|delimiter| after.ends_with(delimiter) && key.starts_with(after))
}

fn token_key(token: &str, ids: &mut Ids) -> Result<String, TaskError> {
    let key = URL_SAFE_NO_PAD.decode(token).ok().and_then(|key| String::from_utf8(key).ok());
    key.ok_or_else(|| error("S3Exception", "The continuation token provided is incorrect", 400, ids))
}

/// An object in a listing. The `ItemReader` of a Map spells it in its
/// [own way](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html).
fn listed(key: &str, object: &Object, caller: Caller) -> Value {
    let (etag, size, class) = (quoted(&object.etag), object.body.size(), object.storage_class.as_str());
    if caller == Caller::ItemReader {
        let modified = object.last_modified.millis().div_euclid(1000);
        return json!({
            "Etag": etag, "Key": key, "LastModified": modified, "Size": size, "StorageClass": class,
        });
    }
    let mut entry = answer([
        ("ETag", etag.into()),
        ("Key", key.into()),
        ("LastModified", date(object.last_modified).into()),
        ("Size", size.into()),
        ("StorageClass", class.into()),
    ]);
    if let Some(checksum) = &object.checksum {
        entry.insert("ChecksumAlgorithm".to_owned(), json!([checksum.algorithm()]));
        entry.insert("ChecksumType".to_owned(), checksum.kind().into());
    }
    entry.sort_keys();
    entry.into()
}
