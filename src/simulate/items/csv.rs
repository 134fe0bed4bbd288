use ::csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::ItemsFault;
use crate::asl::program::ReaderConfig;

/// How a file of comma-separated values is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    delimiter: u8,
    /// The names of the columns, where the first row does not have them.
    headers: Option<Vec<String>>,
}

impl Csv {
    pub(super) fn configured(config: &ReaderConfig) -> Result<Self, ItemsFault> {
        let delimiter = match config.csv_delimiter.as_deref() {
            None | Some("COMMA") => b',',
            Some("PIPE") => b'|',
            Some("SEMICOLON") => b';',
            Some("SPACE") => b' ',
            Some("TAB") => b'\t',
            Some(other) => return Err(ItemsFault::new(format!("The CSVDelimiter {other} is not supported"))),
        };
        let headers = match (config.csv_header_location.as_deref(), &config.csv_headers) {
            (Some("GIVEN"), Some(headers)) if !headers.is_empty() => Some(headers.clone()),
            (Some("GIVEN"), _) => {
                return Err(ItemsFault::new("CSVHeaders are needed where CSVHeaderLocation is GIVEN"));
            }
            (None | Some("FIRST_ROW"), _) => None,
            (Some(other), _) => return Err(ItemsFault::new(format!("The CSVHeaderLocation {other} is not supported"))),
        };
        Ok(Self { delimiter, headers })
    }

    /// Of columns with these names, separated by commas.
    pub(super) fn given(headers: Vec<String>) -> Self {
        Self { delimiter: b',', headers: Some(headers) }
    }
}

/// Each row as an object of texts. A value that a row lacks is empty; one without a column is left out.
pub(super) fn items(format: &Csv, bytes: &[u8], limit: usize) -> Result<Vec<Value>, ItemsFault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader =
        ReaderBuilder::new().delimiter(format.delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut next = |record: &mut ByteRecord| {
        reader
            .read_byte_record(record)
            .map_err(|error| ItemsFault::new(format!("The CSV file cannot be read: {error}")))
    };
    let headers = match &format.headers {
        Some(headers) => headers.clone(),
        None if next(&mut record)? => record.iter().map(text).collect(),
        None => return Ok(Vec::new()),
    };
    let mut items = Vec::new();
    while items.len() < limit && next(&mut record)? {
        let values = record.iter().map(text).chain(std::iter::repeat(String::new()));
        let item: Map<String, Value> = headers.iter().cloned().zip(values.map(Value::String)).collect();
        items.push(Value::Object(item));
    }
    Ok(items)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
