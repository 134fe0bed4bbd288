//! Any text, being edited: whatever an editor asks of any place of it is answered.
#![no_main]

use std::path::Path;

use bucketbook::ide;
use bucketbook::loaded::LoadedStack;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, u16)| {
    let (text, typed, place) = input;
    let at = text.floor_char_boundary(usize::from(place).min(text.len()));
    let text = format!("{}{typed}{}", &text[..at], &text[at..]);
    let at = at + typed.len();
    for name in ["x.asl.json", "x.asl.yaml", "x.json", "x.yaml"] {
        let read = |text: &str| LoadedStack::from_text(name, text).unwrap_or_else(|stack| *stack);
        let mended = ide::mended(Path::new(name), &text);
        let stack = read(mended.as_deref().unwrap_or(&text));
        ide::completions(&stack, 0, &text, at);
        ide::completions_of_new(Path::new(name), &text, at);
        if let Some(whole) = ide::completed(Path::new(name), &text, at) {
            ide::completions(&read(&whole), 0, &text, at);
        }
        ide::hover(&stack, 0, at);
        ide::named_at(&stack, 0, at);
        ide::link(&stack, 0, at);
        ide::symbols(&stack, 0);
        ide::selections(&stack, 0, at);
        let _ = ide::rename(&stack, 0, at, "New");
    }
});
