//! Texts that are broken anyhow: whatever stands in a file, `lint` reads it to the end and says something or nothing.

use bucketbook::lint::{Selection, check};
use bucketbook::loaded::{LoadedStack, MachineType};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::stack::Stack;

/// What is put in: what the formats and languages find significant.
const WORDS: [&str; 28] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    ":",
    ",",
    "\\",
    "\n",
    "$",
    "$.",
    "$$",
    ".$",
    "${",
    "{%",
    "%}",
    "..",
    "(",
    "))",
    "*",
    "#",
    "null",
    "-1",
    "1e999",
    "States.Format(",
    "\u{0}",
    "é😀",
];

/// How many texts are tried; `BUCKETBOOK_BROKEN` may ask for more.
fn cases() -> u64 {
    std::env::var("BUCKETBOOK_BROKEN").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

#[test]
fn broken_texts_are_linted() {
    let everything = Selection::new(&["ALL".to_owned()], &[], &[]).unwrap();
    let mut seeds = Vec::new();
    for spec in ["{}", "{state_machine: {query_language: JSONata}, backfill: {}, dead_letters: {}}"] {
        let mutant = Stack::generate(spec).mutant(String::new());
        seeds.push(mutant.template);
        seeds.extend(mutant.definitions.into_iter().map(|(_, text)| text));
    }
    for seed in 0..cases() {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let text = broken(&seeds[random.random_range(0..seeds.len())], &mut random);
        for name in ["x.json", "x.yaml"] {
            check(&LoadedStack::from_definition(name, text.clone(), MachineType::Unknown), &everything);
            let stack = LoadedStack::from_text(name, text.clone()).unwrap_or_else(|stack| *stack);
            check(&stack, &everything);
        }
    }
}

/// A text after a few edits: something taken out, doubled, put in, or put elsewhere.
fn broken(text: &str, random: &mut impl Rng) -> String {
    let mut text = text.to_owned();
    for _ in 0..random.random_range(1..6) {
        let start = text.floor_char_boundary(random.random_range(0..=text.len()));
        let length = if random.random_bool(0.8) { random.random_range(0..24) } else { random.random_range(0..2000) };
        let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
        let piece = text[start..end].to_owned();
        match random.random_range(0..4) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, &piece),
            2 => text.insert_str(start, WORDS[random.random_range(0..WORDS.len())]),
            _ => {
                let to = text.floor_char_boundary(random.random_range(0..=text.len()));
                text.insert_str(to, &piece);
            }
        }
    }
    text
}
