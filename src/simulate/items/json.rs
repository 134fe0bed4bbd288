use serde_json::Value;

use super::ItemsFault;

/// The elements of an array, which is the whole file or stands at a pointer.
pub(super) fn items(bytes: &[u8], pointer: Option<&str>, limit: usize) -> Result<Vec<Value>, ItemsFault> {
    let mut value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ItemsFault::new(format!("The JSON file cannot be read: {error}")))?;
    let found = match pointer {
        None | Some("") => Some(&mut value),
        Some(pointer) => value.pointer_mut(pointer),
    };
    let found = found.ok_or_else(|| {
        ItemsFault::new(format!("The ItemsPointer '{}' leads to nothing in the JSON file", pointer.unwrap_or_default()))
    })?;
    match found.take() {
        Value::Array(mut items) => {
            items.truncate(limit);
            Ok(items)
        }
        _ => Err(ItemsFault::new("Attempting to map over non-iterable node.")),
    }
}

/// The value of each line. Empty lines are passed over.
pub(super) fn lines(bytes: &[u8], limit: usize) -> Result<Vec<Value>, ItemsFault> {
    let parse = |(number, line): (usize, &[u8])| {
        let problem = |error| ItemsFault::new(format!("Line {} of the JSONL file cannot be read: {error}", number + 1));
        serde_json::from_slice(line).map_err(problem)
    };
    let lines = bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.take(limit).map(parse).collect()
}
