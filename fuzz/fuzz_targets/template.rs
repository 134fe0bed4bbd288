//! Any text as a template.
#![no_main]

use bucketbook::source::Source;
use bucketbook::stack::Template;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Template::from_yaml(&Source::new("fuzz", text));
});
