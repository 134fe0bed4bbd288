use serde_json::Value;
use thiserror::Error;

use super::csv::Csv;
use super::{csv, json};
use crate::asl::program::ReaderConfig;
use crate::aws::states::error;

/// How many items a Map takes at most, as documented.
pub(super) const MAX_ITEMS: usize = 100_000_000;

/// Why items cannot be read: the cause of the error `States.ItemReaderFailed`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ItemsFault(pub(super) String);

impl ItemsFault {
    /// The error's name.
    pub const ERROR: &'static str = error::ITEM_READER_FAILED;

    /// The error that says why items could not be read.
    pub fn new(cause: impl Into<String>) -> Self {
        Self(cause.into())
    }
}

/// How an object holds items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// `CSV`: each row is an object of texts.
    Csv(Csv),
    /// `JSON`: an array, at a JSON Pointer where one is given.
    Json {
        /// `ItemsPointer`.
        pointer: Option<String>,
    },
    /// `JSONL`: each line is an item.
    JsonLines,
    /// `MANIFEST`: of an [inventory](super::Manifest), or by Athena.
    Manifest,
}

impl Format {
    /// What a reader's configuration says. Nothing where it names no type: then the items are a list of objects.
    ///
    /// # Errors
    ///
    /// A type, delimiter or place of headers that there is not, or no headers where they have to be given.
    pub fn configured(config: &ReaderConfig) -> Result<Option<Self>, ItemsFault> {
        Ok(Some(match config.input_type.as_deref() {
            None => return Ok(None),
            Some("CSV") => Self::Csv(Csv::configured(config)?),
            Some("JSON") => Self::Json { pointer: config.items_pointer.clone() },
            Some("JSONL") => Self::JsonLines,
            Some("MANIFEST") => Self::Manifest,
            Some("PARQUET") => return Err(ItemsFault::new("Files of the type PARQUET cannot be read here")),
            Some(other) => return Err(ItemsFault::new(format!("The InputType {other} is not supported"))),
        }))
    }

    /// The items that an object's bytes hold, up to a limit.
    ///
    /// # Errors
    ///
    /// The bytes are not of this format, and where they are not.
    pub fn items(&self, bytes: &[u8], limit: Option<usize>) -> Result<Vec<Value>, ItemsFault> {
        let limit = limit.unwrap_or(MAX_ITEMS);
        match self {
            Self::Csv(format) => csv::items(format, bytes, limit),
            Self::Json { pointer } => json::items(bytes, pointer.as_deref(), limit),
            Self::JsonLines => json::lines(bytes, limit),
            Self::Manifest => super::Manifest::parse(bytes).map(|manifest| manifest.items(limit)),
        }
    }
}

/// What a `MaxItems` or what a `MaxItemsPath` leads to limits items to: 0 is no limit.
///
/// # Errors
///
/// It is negative or no number.
pub fn limit(value: &Value) -> Result<Option<usize>, ItemsFault> {
    let number =
        value.as_f64().ok_or_else(|| ItemsFault::new(format!("field MaxItems must be a number but was: {value}")))?;
    if number < 0.0 {
        return Err(ItemsFault::new("field MaxItems must be positive"));
    }
    // A float beyond the range of an integer becomes its end.
    let whole = (number.floor() as usize).min(MAX_ITEMS);
    Ok((whole > 0).then_some(whole))
}
