use std::borrow::Cow;
use std::collections::HashSet;

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
    let bytes = &*escaped(bytes, format.delimiter);
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
        None if next(&mut record)? => record.iter().map(|name| unescaped(text(name), format.delimiter)).collect(),
        None => return Ok(Vec::new()),
    };
    let distinct: HashSet<&String> = headers.iter().collect();
    if distinct.len() < headers.len() {
        return Err(ItemsFault::new("CSV headers cannot contain duplicates."));
    }
    let text = |bytes: &[u8]| unescaped(text(bytes), format.delimiter);
    let mut items = Vec::new();
    while items.len() < limit && next(&mut record)? {
        let values = record.iter().map(text).chain(std::iter::repeat(String::new()));
        let item: Map<String, Value> = headers.iter().cloned().zip(values.map(Value::String)).collect();
        items.push(Value::Object(item));
    }
    Ok(items)
}

/// Stand for a backslash, a quotation mark and a delimiter that are written after a backslash, while the rows are told apart.
const MARKS: [char; 3] = ['\u{F8F0}', '\u{F8F1}', '\u{F8F2}'];

/// A file in which what is
/// [escaped by a backslash](https://docs.aws.amazon.com/step-functions/latest/dg/example-csv-parse-dist-map.html) divides nothing. A backslash before
/// anything else is left out.
fn escaped(bytes: &[u8], delimiter: u8) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\\') {
        return Cow::Borrowed(bytes);
    }
    let mut escaped = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            escaped.push(byte);
            continue;
        }
        let special = [b'\\', b'"', delimiter];
        if let Some(at) = rest.peek().and_then(|next| special.iter().position(|special| special == next)) {
            rest.next();
            escaped.extend(MARKS[at].to_string().as_bytes());
        }
    }
    Cow::Owned(escaped)
}

fn unescaped(text: String, delimiter: u8) -> String {
    if !text.contains(MARKS) {
        return text;
    }
    text.replace(MARKS[0], "\\").replace(MARKS[1], "\"").replace(MARKS[2], &char::from(delimiter).to_string())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
