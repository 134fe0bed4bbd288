//! Any bytes as a file of items, in every format, and the items in batches.
#![no_main]

use bucketbook::asl::program::ReaderConfig;
use bucketbook::simulate::items::{Batcher, Format, Manifest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &[u8])| {
    let (most, bytes) = data;
    for input_type in ["CSV", "JSON", "JSONL", "MANIFEST"] {
        let config = ReaderConfig { input_type: Some(input_type.to_owned()), ..ReaderConfig::default() };
        let Ok(Some(format)) = Format::configured(&config) else { continue };
        let Ok(items) = format.items(bytes, Some(usize::from(most))) else { continue };
        assert!(items.len() <= usize::from(most));
        let batcher = Batcher { max_items: 3, max_bytes: 100, input: None };
        let _ = batcher.batches(items);
    }
    if let Ok(manifest) = Manifest::parse(bytes) {
        let _ = manifest.file_items(bytes, 10);
    }
});
