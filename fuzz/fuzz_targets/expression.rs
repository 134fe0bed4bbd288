//! Any text as a path or an intrinsic function; one that is read is the same when it is written and read again.
#![no_main]

use bucketbook::asl::{IntrinsicFunction, ReferencePath};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(path) = text.parse::<ReferencePath>() {
        assert_eq!(path.to_string().parse(), Ok(path));
    }
    if let Ok(function) = text.parse::<IntrinsicFunction>() {
        assert_eq!(function.to_string().parse(), Ok(function));
    }
});
