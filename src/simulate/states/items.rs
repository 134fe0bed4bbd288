//! The items of a Map, alone and in batches.

use serde_json::{Map, Value};

use super::super::Failure;
use super::super::flow::Item;
use super::super::items::Batcher;
use super::super::scene::{Data, Scene};
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
    let limit = |dynamic: &Option<_>, field: &str| -> Result<usize, Failure> {
        let Some(dynamic) = dynamic else { return Ok(0) };
        let number = scene.number(dynamic, field, data)?;
        if number < 0.0 {
            return Err(Failure::runtime(format!("{field} cannot be negative.")));
        }
        Ok(number as usize)
    };
    let batcher = Batcher {
        max_items: limit(&batcher.max_items_per_batch, "MaxItemsPerBatch")?,
        max_bytes: limit(&batcher.max_input_bytes_per_batch, "MaxInputBytesPerBatch")?,
        input: match &batcher.batch_input {
            Some(template) => Some(scene.template(template, "BatchInput", data)?),
            None => None,
        },
    };
    let batches = batcher.batches(items).map_err(|fault| Failure::runtime(fault.to_string()))?;
    let count = |batch: &Value| batch["Items"].as_array().map_or(0, Vec::len);
    Ok(batches.into_iter().map(|batch| (count(&batch), batch)).collect())
}
