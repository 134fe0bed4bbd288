//! Any text as a definition; one that is read is the same when it is written and read again.
#![no_main]

use bucketbook::asl::StateMachine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(machine) = serde_json::from_str::<StateMachine>(text) {
        let written = serde_json::to_string(&machine).expect("a definition has a text");
        assert_eq!(serde_json::from_str::<StateMachine>(&written).expect("what is written is read"), machine);
    }
});
