//! Any text as a stack that is priced, and as a price sheet.
#![no_main]

use bucketbook::cost::{self, Options, PriceSheet};
use bucketbook::source::Source;
use bucketbook::loaded::{LoadedStack, MachineType};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = PriceSheet::built_in().replaced_by(&Source::new("prices.yaml", text));
    let definition = LoadedStack::from_definition("x.asl.json", text, MachineType::Express);
    let template = LoadedStack::from_text("x.yaml", text).unwrap_or_else(|stack| *stack);
    for stack in [definition, template] {
        let _ = cost::of_stack(&stack, &Options::default(), &PriceSheet::built_in());
    }
});
