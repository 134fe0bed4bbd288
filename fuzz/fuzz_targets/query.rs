//! Any JSON as a payload template and as a rule of a Choice, evaluated on any JSON.
#![no_main]

use bucketbook::asl::query::{ChoiceExpression, Template};
use bucketbook::asl::{NoVariables, Scope};
use bucketbook::source::Pointer;
use libfuzzer_sys::fuzz_target;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;

fuzz_target!(|data: (&str, &str)| {
    let Ok(written) = serde_json::from_str::<Value>(data.0) else { return };
    let input: Value = serde_json::from_str(data.1).unwrap_or(Value::Null);
    let scope = Scope { input: &input, context: &written, variables: &NoVariables };
    let template = Template::read(&written, &Pointer::root(), &mut |_, _| {});
    let _ = template.evaluate(&scope, &mut ChaCha8Rng::seed_from_u64(0));
    if let Some(condition) = ChoiceExpression::read(&written, &Pointer::root(), &mut |_, _| {}) {
        let _ = condition.holds(&scope);
    }
});
