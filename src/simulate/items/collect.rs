use serde_json::Value;

use super::reader::MAX_ITEMS;
use super::{Format, ItemsFault, Manifest, listing};
use crate::asl::program::ReaderConfig;

/// What is still to be asked of S3 for the items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request<'a> {
    /// The rest of a listing, from its continuation token.
    More(&'a str),
    /// An object that holds items.
    Object {
        /// Its bucket; none where it is that of the listing.
        bucket: Option<&'a str>,
        /// Its key.
        key: &'a str,
    },
}

/// The items of a reader whose first call gave `answer`: of a listing with all its pages, of an object, or of the objects
/// that a manifest or a flattened listing names. `ask` calls S3 for what else is needed and gives its answer.
///
/// # Errors
///
/// What `ask` fails with, or what is wrong with an object.
pub fn collect(
    config: &ReaderConfig,
    answer: &Value,
    limit: Option<usize>,
    ask: &mut dyn FnMut(Request<'_>) -> Result<Value, ItemsFault>,
) -> Result<Vec<Value>, ItemsFault> {
    let limit = limit.unwrap_or(MAX_ITEMS);
    let format = Format::configured(config)?;
    if answer.get("Body").is_none() {
        let flattened = format.filter(|_| config.transformation.as_deref() == Some("LOAD_AND_FLATTEN"));
        let listed = listed(answer, if flattened.is_some() { MAX_ITEMS } else { limit }, ask)?;
        let Some(format) = flattened else { return Ok(listed) };
        let keys = listed.iter().filter_map(|object| object["Key"].as_str()).filter(|key| !key.ends_with('/'));
        return each(keys.map(|key| Request::Object { bucket: None, key }), limit, ask, |bytes, left| {
            format.items(bytes, Some(left))
        });
    }
    let is_manifest = config.manifest_type.is_some() || format == Some(Format::Manifest);
    if !is_manifest {
        return format.unwrap_or(Format::Json { pointer: None }).items(body(answer), Some(limit));
    }
    let manifest = Manifest::parse(body(answer))?;
    match &manifest {
        Manifest::Inventory { bucket, files, .. } => {
            let requests = files.iter().map(|file| Request::Object { bucket: Some(bucket), key: &file.key });
            each(requests, limit, ask, |bytes, left| manifest.file_items(bytes, left))
        }
        Manifest::Files(files) => {
            let located = files.iter().filter_map(|file| file.strip_prefix("s3://")?.split_once('/'));
            let requests = located.map(|(bucket, key)| Request::Object { bucket: Some(bucket), key });
            each(requests, limit, ask, |bytes, left| match &format {
                None | Some(Format::Manifest) => manifest.file_items(bytes, left),
                Some(format) => format.items(bytes, Some(left)),
            })
        }
    }
}

/// Every page of a listing, up to a limit.
fn listed(
    first: &Value,
    limit: usize,
    ask: &mut dyn FnMut(Request<'_>) -> Result<Value, ItemsFault>,
) -> Result<Vec<Value>, ItemsFault> {
    let mut items = listing(first, Some(limit));
    let mut token = next(first);
    while let Some(more) = token.filter(|_| items.len() < limit) {
        let page = ask(Request::More(&more))?;
        let found = listing(&page, Some(limit - items.len()));
        // A mock that gives the same page again and again would never end.
        token = next(&page).filter(|next| *next != more && !found.is_empty());
        items.extend(found);
    }
    Ok(items)
}

fn next(page: &Value) -> Option<String> {
    page.get("NextContinuationToken")?.as_str().map(str::to_owned)
}

/// The items of several objects, one after the other, up to a limit.
fn each<'a>(
    requests: impl Iterator<Item = Request<'a>>,
    limit: usize,
    ask: &mut dyn FnMut(Request<'_>) -> Result<Value, ItemsFault>,
    read: impl Fn(&[u8], usize) -> Result<Vec<Value>, ItemsFault>,
) -> Result<Vec<Value>, ItemsFault> {
    let mut items = Vec::new();
    for request in requests {
        if items.len() >= limit {
            break;
        }
        let answer = ask(request)?;
        items.extend(read(body(&answer), limit - items.len())?);
    }
    Ok(items)
}

/// The bytes of an answer of `getObject`.
fn body(answer: &Value) -> &[u8] {
    answer.get("Body").and_then(Value::as_str).unwrap_or_default().as_bytes()
}
