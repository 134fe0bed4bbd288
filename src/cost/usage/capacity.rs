//! What DynamoDB counts: the size of items, and the units that a call consumes.

use serde_json::Value;

use crate::cost::Decimal;
use crate::loaded::{LoadedIndex, LoadedTable};

/// What a write request unit writes.
const WRITE_UNIT: u64 = 1024;
/// What a read request unit reads, strongly consistent.
const READ_UNIT: u64 = 4096;
/// What DynamoDB adds to each item and each entry of an index [in storage](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html).
pub(crate) const STORED_BESIDE: u64 = 100;

/// The [size of an item](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html) in
/// DynamoDB's JSON, in bytes: names and values.
pub(crate) fn item_bytes(item: &Value) -> u64 {
    // Values are not deeper than what the service takes, which the simulator has checked: 32 levels.
    let attributes = item.as_object().into_iter().flatten();
    attributes.map(|(name, value)| name.len() as u64 + value_bytes(value, 0)).sum()
}

fn value_bytes(value: &Value, depth: usize) -> u64 {
    let Some((kind, held)) = value.as_object().and_then(|value| value.iter().next()) else { return 0 };
    if depth > 40 {
        return 0;
    }
    let texts = held.as_array().into_iter().flatten().filter_map(Value::as_str);
    match kind.as_str() {
        "S" => held.as_str().map_or(0, |text| text.len() as u64),
        "N" => held.as_str().map_or(0, number_bytes),
        "B" => held.as_str().map_or(0, |text| text.len() as u64 * 3 / 4),
        "SS" => texts.map(|text| text.len() as u64).sum(),
        "NS" => texts.map(number_bytes).sum(),
        "BS" => texts.map(|text| text.len() as u64 * 3 / 4).sum(),
        // A list or map has 3 bytes of its own and 1 for each entry.
        "L" => 3 + held.as_array().into_iter().flatten().map(|value| 1 + value_bytes(value, depth + 1)).sum::<u64>(),
        "M" => {
            let entries = held.as_object().into_iter().flatten();
            3 + entries.map(|(name, value)| 1 + name.len() as u64 + value_bytes(value, depth + 1)).sum::<u64>()
        }
        _ => 1,
    }
}

/// About a byte for two significant digits, and one.
fn number_bytes(text: &str) -> u64 {
    let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count() as u64;
    digits.div_ceil(2) + 1 + u64::from(text.starts_with('-'))
}

/// Write request units for an item of so many bytes: one for each KB, and one at least.
pub(crate) fn write_units(bytes: u64) -> Decimal {
    Decimal::from(bytes.div_ceil(WRITE_UNIT).max(1))
}

/// Read request units for so many bytes: one for each 4 KB, and half of that where the read may be out of date.
pub(crate) fn read_units(bytes: u64, consistent: bool) -> Decimal {
    let units = Decimal::from(bytes.div_ceil(READ_UNIT).max(1));
    if consistent { units } else { units.over(&Decimal::from(2)) }
}

/// What an index holds of an item, in bytes; `None` where the item has no value for the index's key.
pub(crate) fn index_entry_bytes(table: &LoadedTable, index: &LoadedIndex, item: &Value) -> Option<u64> {
    entry(table, index, item).map(|entry| item_bytes(&entry))
}

/// What an index holds of an item.
fn entry(table: &LoadedTable, index: &LoadedIndex, item: &Value) -> Option<Value> {
    let item = item.as_object()?;
    if !index.key.iter().all(|key| item.contains_key(&key.name)) {
        return None;
    }
    let key = |name: &String| index.key.iter().chain(&table.key).any(|key| key.name == *name);
    let held = item.iter().filter(|(name, _)| match index.projection.as_str() {
        "KEYS_ONLY" => key(name),
        "INCLUDE" => key(name) || index.included.contains(name),
        _ => true,
    });
    Some(Value::Object(held.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

/// The write request units of a table's global indexes for a change of an item, and what they are counted by:
/// [nothing where the entry stays as it is, two writes where it moves](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes).
pub(crate) fn index_write_units(
    table: &LoadedTable,
    before: Option<&Value>,
    after: Option<&Value>,
    given_bytes: Option<u64>,
) -> Decimal {
    let nothing = Value::Null;
    let global = table.indexes.iter().filter(|index| index.global);
    let units = global.map(|index| {
        let entries = [before, after].map(|item| entry(table, index, item.unwrap_or(&nothing)));
        let size = |entry: &Value| match given_bytes {
            Some(bytes) if index.projection != "KEYS_ONLY" => bytes,
            _ => item_bytes(entry),
        };
        match entries {
            [None, None] => Decimal::zero(),
            [Some(before), Some(after)] if before == after => Decimal::zero(),
            [Some(before), Some(after)] => {
                let moved = index.key.iter().any(|key| before[&key.name] != after[&key.name]);
                if moved {
                    write_units(size(&before)) + write_units(size(&after))
                } else {
                    write_units(size(&before).max(size(&after)))
                }
            }
            [Some(one), None] | [None, Some(one)] => write_units(size(&one)),
        }
    });
    units.sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_have_the_size_that_the_documentation_gives() {
        for (item, bytes) in [
            (json!({}), 0),
            (json!({"ab": {"S": "cde"}}), 5),
            (json!({"a": {"N": "12345"}}), 1 + 4),
            (json!({"a": {"N": "-0.5"}}), 1 + 3),
            (json!({"a": {"BOOL": true}, "b": {"NULL": true}}), 4),
            (json!({"a": {"L": [{"S": "bc"}, {"S": "d"}]}}), 1 + 3 + 2 + 3),
            (json!({"a": {"M": {"b": {"S": "c"}}}}), 1 + 3 + 1 + 2),
            (json!({"a": {"SS": ["bc", "d"]}}), 4),
        ] {
            assert_eq!(item_bytes(&item), bytes, "{item}");
        }
    }

    #[test]
    fn units_are_rounded_up() {
        for (bytes, units) in [(0, 1), (1, 1), (1024, 1), (1025, 2), (10_000, 10)] {
            assert_eq!(write_units(bytes), Decimal::from(units), "{bytes}");
        }
        for (bytes, consistent, units) in
            [(0, false, "0.5"), (4096, false, "0.5"), (4097, false, "1"), (4097, true, "2")]
        {
            assert_eq!(read_units(bytes, consistent).to_string(), units, "{bytes}");
        }
    }
}
