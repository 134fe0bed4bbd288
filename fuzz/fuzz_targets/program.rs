//! Any JSON as a state machine definition, and what can be read of it run on any input, with services that always fail.
#![no_main]

use std::sync::Arc;

use bucketbook::asl::program::Program;
use bucketbook::simulate::{Execution, ExecutionOptions, NoServices, Step};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// How many steps a definition may take: a Map of many items takes several an item.
const MAX_STEPS: usize = 5_000;

fuzz_target!(|data: (&str, &str)| {
    let Ok(definition) = serde_json::from_str::<Value>(data.0) else { return };
    let Ok(program) = Program::read(&definition) else { return };
    let input: Value = serde_json::from_str(data.1).unwrap_or(Value::Null);
    let options = ExecutionOptions { max_events: 500, max_total_events: 5_000, history: true, inspections: true, ..ExecutionOptions::default() };
    let mut execution = Execution::new(Arc::new(program), input, options);
    for _ in 0..MAX_STEPS {
        if execution.step(&mut NoServices) == Step::Ended {
            break;
        }
    }
});
