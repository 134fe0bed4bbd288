//! What is stored of an object.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Stored;
use super::capacity::{STORED_BESIDE, index_entry_bytes, item_bytes};
use crate::cost::Options;
use crate::cost::design::Design;

/// What tables hold, by name.
pub(super) type Tables = BTreeMap<String, Vec<Value>>;

impl Stored {
    /// What tables hold after a new file has come each of so many ways.
    pub(super) fn of(design: &Design, options: &Options, held: &Tables, ways: usize) -> Self {
        let (mut largest, mut table_bytes, mut index_bytes) = (0, 0, 0);
        for table in design.tables.iter().map(|design| &design.table) {
            for item in held.get(&table.name).into_iter().flatten() {
                let bytes = options.item_bytes.unwrap_or_else(|| item_bytes(item));
                largest = largest.max(bytes);
                table_bytes += bytes + STORED_BESIDE;
                for index in &table.indexes {
                    let entry = index_entry_bytes(table, index, item);
                    let given = options.item_bytes.filter(|_| index.projection != "KEYS_ONLY");
                    index_bytes += entry.map_or(0, |entry| given.unwrap_or(entry) + STORED_BESIDE);
                }
            }
        }
        let ways = ways.max(1) as u64;
        Self {
            item_bytes: largest,
            measured: options.item_bytes.is_none(),
            table_bytes: table_bytes.div_ceil(ways),
            index_bytes: index_bytes.div_ceil(ways),
            every_upload: design.tables.iter().any(|table| table.table.key.len() > 1),
        }
    }
}
