//! Any text, linted: no panic, no hang.
#![no_main]

use bucketbook::lint::{Selection, check};
use bucketbook::loaded::{LoadedStack, MachineType};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let everything = Selection::new(&["ALL".to_owned()], &[], &[]).unwrap();
    for name in ["x.asl.json", "x.asl.yaml"] {
        check(&LoadedStack::from_definition(name, text, MachineType::Express), &everything);
    }
    for name in ["x.json", "x.yaml"] {
        let stack = LoadedStack::from_text(name, text).unwrap_or_else(|stack| *stack);
        check(&stack, &everything);
    }
});
