//! Any text as a JSONPath or a call of an intrinsic function, evaluated on any JSON. One that is read is the same when its
//! text is read again, and a reference path finds what it wrote.
#![no_main]

use bucketbook::asl::{Intrinsic, JsonPath, NoVariables, Scope};
use libfuzzer_sys::fuzz_target;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;

fuzz_target!(|data: (&str, &str)| {
    let (text, json) = data;
    let input: Value = serde_json::from_str(json).unwrap_or_else(|_| Value::from(json));
    if let Ok(path) = JsonPath::parse(text) {
        assert_eq!(JsonPath::parse(&path.to_string()), Ok(path.clone()));
        let _ = path.evaluate(&input);
        let mut output = input.clone();
        if path.is_reference() && path.set(&mut output, Value::from("new")).is_ok() {
            assert_eq!(path.find(&output), Some(&Value::from("new")));
        }
    }
    if let Ok(call) = Intrinsic::parse(text) {
        assert_eq!(Intrinsic::parse(&call.to_string()), Ok(call.clone()));
        let scope = Scope { input: &input, context: &input, variables: &NoVariables };
        let _ = call.evaluate(&scope, &mut ChaCha8Rng::seed_from_u64(0));
    }
});
