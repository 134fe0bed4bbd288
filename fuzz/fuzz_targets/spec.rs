//! Any bytes as a spec: read, or refused with a message that can be shown. What is read makes a stack or a message.
#![no_main]

use bucketbook::catalog;
use bucketbook::diagnostic::{Diagnostic, Format};
use bucketbook::source::Source;
use bucketbook::spec::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = Source::decode("fuzz".to_owned(), bytes.to_vec()).and_then(Document::parse);
    match read {
        Ok(document) => {
            if let Ok(stack) = catalog::stack(&document.spec) {
                stack.files().expect("a stack has a text");
            }
        }
        Err((source, fault)) => {
            let diagnostic = Diagnostic::fault(source, fault);
            for format in [Format::Human, Format::Json, Format::Github] {
                diagnostic.render(format, false);
            }
        }
    }
});
