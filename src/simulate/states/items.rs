//! The items of a Map, alone and in batches.

use serde_json::{Map, Value};

use super::super::flow::Item;
use super::super::scene::{Data, Scene};
use super::super::{Failure, payload::MAX_PAYLOAD_BYTES};
use crate::asl::program::ItemBatcher;

/// What a Map goes through.
pub(super) enum Items {
    /// A list.
    List(Vec<Value>),
    /// The fields of an object.
    Fields(Map<String, Value>),
}

impl Items {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Fields(fields) => fields.len(),
        }
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        let item = |index: usize, key: Option<String>, value| Item { index: index as u64, key, value, source: None };
        match self {
            Self::List(items) => items.into_iter().enumerate().map(|(at, value)| item(at, None, value)).collect(),
            Self::Fields(fields) => {
                fields.into_iter().enumerate().map(|(at, (key, value))| item(at, Some(key), value)).collect()
            }
        }
    }
}

/// Inputs put together as an `ItemBatcher` says: how many items each batch has, and what it is.
pub(super) fn batches(
    scene: &Scene<'_>,
    batcher: &ItemBatcher,
    input: &Value,
    items: Vec<Value>,
) -> Result<Vec<(usize, Value)>, Failure> {
    let data = Data::input(input);
    let limit = |dynamic: &Option<_>, field: &str| -> Result<Option<f64>, Failure> {
        let Some(dynamic) = dynamic else { return Ok(None) };
        let number = scene.number(dynamic, field, data)?;
        if number < 1.0 {
            return Err(Failure::runtime(format!("{field} has to be a positive number, and is {number}")));
        }
        Ok(Some(number))
    };
    let most = limit(&batcher.max_items_per_batch, "MaxItemsPerBatch")?.map_or(usize::MAX, |number| number as usize);
    let bytes = limit(&batcher.max_input_bytes_per_batch, "MaxInputBytesPerBatch")?;
    let bytes = bytes.map_or(MAX_PAYLOAD_BYTES, |number| (number as usize).min(MAX_PAYLOAD_BYTES));
    let shared = match &batcher.batch_input {
        Some(template) => Some(scene.template(template, "BatchInput", data)?),
        None => None,
    };
    // What a batch takes besides its items: the names of its fields, the brackets.
    let frame = shared.as_ref().map_or(12, |shared| 26 + shared.to_string().len());
    let mut found = Vec::new();
    let (mut batch, mut size) = (Vec::new(), frame);
    for item in items {
        let item_size = item.to_string().len() + 1;
        if !batch.is_empty() && (batch.len() >= most || size + item_size > bytes) {
            found.push(std::mem::take(&mut batch));
            size = frame;
        }
        batch.push(item);
        size += item_size;
    }
    if !batch.is_empty() {
        found.push(batch);
    }
    let input = |items: Vec<Value>| {
        let mut input = Map::new();
        input.extend(shared.clone().map(|shared| ("BatchInput".to_owned(), shared)));
        let count = items.len();
        input.insert("Items".to_owned(), Value::Array(items));
        (count, Value::Object(input))
    };
    Ok(found.into_iter().map(input).collect())
}
