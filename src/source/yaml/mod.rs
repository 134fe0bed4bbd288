//! YAML text into a tree.
//!
//! The reader follows the grammar that libyaml and PyYAML share, which is what CloudFormation's and SAM's readers take: a quoted text or
//! brackets may go on further left than YAML 1.2 allows. `tests/judges` compares its trees with PyYAML's.

mod cursor;
mod events;
mod scalar;
mod scan;
mod schema;
mod tree;

use super::parsed::{Limits, Parsed};
use super::{Fault, Node, Source};

pub use schema::{Schema, is_ambiguous, is_old_boolean};

/// Reads a YAML 1.2 document (and so JSON) into a tree; `None` if there is nothing in it but comments.
///
/// # Errors
/// The text is no YAML, holds a second document or a key twice, or asks for more than the limits of this room.
pub fn parse(source: &Source) -> Result<Option<Node>, Fault> {
    let Parsed { root, faults, duplicates, .. } = parse_all(&source.text, Limits::SPEC, Schema::Core);
    let first = faults.into_iter().chain(duplicates).min_by_key(|fault| fault.span.map_or(0, |span| span.start));
    first.map_or(Ok(root), Err)
}

/// Reads a YAML document (and so JSON) into a tree, and collects what is wrong with it.
///
/// A key that occurs twice (the last one counts) and a second document are noted and do no further harm. Anything else ends
/// the reading, and there is no tree.
pub fn parse_all(text: &str, limits: Limits, schema: Schema) -> Parsed {
    tree::read(text, limits, schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Kind;

    fn read(text: &str) -> Result<Option<Node>, Fault> {
        parse(&Source::new("x", text))
    }

    fn refused(text: &str) -> String {
        let fault = read(text).unwrap_err();
        let source = Source::new("x", text);
        let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
        format!("{at} {}", fault.message)
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        for (text, kind) in [
            ("on", Kind::String("on".into())),
            ("true", Kind::Bool(true)),
            ("12", Kind::Integer(12)),
            ("1.5", Kind::Float(1.5)),
            ("'12'", Kind::String("12".into())),
            ("2010-09-09", Kind::String("2010-09-09".into())),
            ("!Ref 12", Kind::String("12".into())),
        ] {
            assert_eq!(read(text).unwrap().unwrap().kind, kind, "{text}");
        }
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "# only a comment\n", "---\n", "~", "null"] {
            assert_eq!(read(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn spans_are_bytes() {
        let text = "é: [ü, !Ref B]\n";
        let root = read(text).unwrap().unwrap();
        let item = root.pointer("/é/1").unwrap();
        assert_eq!(item.tag.as_deref(), Some("Ref"));
        assert!(text[item.span.start..item.span.end].ends_with('B'));
    }

    #[test]
    fn what_is_refused_and_where() {
        assert_eq!(refused("a: 1\na: 2\n"), "2:1 the key `a` occurs a second time");
        assert_eq!(refused("a: 1\n---\nb: 2\n"), "2:1 a second document begins here (`---`), and one was expected");
        assert_eq!(refused("a: &x [*x]\n"), "1:8 this alias stands within the very value it names");
        assert!(refused("a: [1\nb: 2\n").starts_with("2:"), "{}", refused("a: [1\nb: 2\n"));
        assert!(refused("a: *nowhere\n").contains("this is not YAML"));
    }

    #[test]
    fn brackets_may_close_further_left() {
        let text = "a:\n    b: {\n  \"é\": 1,\n  \"c\": 2\n    }\nd: 3\n";
        let parsed = parse_all(text, Limits::TEMPLATE, Schema::Core);
        assert_eq!(parsed.faults, []);
        let root = parsed.root.unwrap();
        let c = root.pointer("/a/b/c").unwrap();
        assert_eq!(&text[c.span.start..c.span.end], "2");
        let d = root.pointer("/d").unwrap();
        assert_eq!(&text[d.span.start..d.span.end], "3");
    }

    #[test]
    fn quoted_texts_and_blocks_are_folded() {
        let text =
            "a: \"one,\nfor two\n\nthree \\\n  four\"\nb: 'it''s\n  here'\nc: |\n  x\n   y\n\nd: >-\n  x\n  y\ne: z\n";
        let root = read(text).unwrap().unwrap();
        for (pointer, expected) in
            [("/a", "one, for two\nthree four"), ("/b", "it's here"), ("/c", "x\n y\n"), ("/d", "x y"), ("/e", "z")]
        {
            assert_eq!(root.pointer(pointer).and_then(Node::as_str), Some(expected), "{pointer}");
        }
    }

    #[test]
    fn keys_are_merged_where_yaml_1_1_says_so() {
        let text = "a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\n\"<<\": 4\n";
        let merged = parse_all(text, Limits::TEMPLATE, Schema::Yaml11);
        assert_eq!((merged.faults, merged.duplicates), (vec![], vec![]));
        let root = merged.root.unwrap();
        assert_eq!(root.pointer("/d/b").unwrap().kind, Kind::Integer(1));
        assert_eq!(root.pointer("/d/c").unwrap().kind, Kind::Integer(3));
        assert_eq!(root.pointer("/<<").unwrap().kind, Kind::Integer(4));
        assert!(read(text).unwrap().unwrap().pointer("/d/<<").is_some());
    }

    #[test]
    fn no_beginning_of_a_text_is_too_much() {
        let text = "%TAG !e! tag:x,1:\n---\na: &x {b: [1, !Ref c, \"d\\u00e9\\\n e\"], <<: *x}\n? - 'f''g'\n  - |2-\n    h\n: !!int 3 # é\n...\n";
        for (end, _) in text.char_indices() {
            for behind in ["", "\\", "!", ",", "\t", "\"", "%", "\u{2028}"] {
                parse_all(&format!("{}{behind}", &text[..end]), Limits::TEMPLATE, Schema::Yaml11);
            }
        }
    }

    #[test]
    fn depth_is_limited_and_costs_no_stack() {
        for deep in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
            assert!(read(&deep).is_err());
        }
        let fits = format!("{}{}", "[".repeat(Limits::SPEC.depth), "]".repeat(Limits::SPEC.depth));
        assert!(read(&fits).is_ok());
        let stacked: String = (0..Limits::SPEC.depth)
            .map(|i| format!("a{i}: &a{i} [{}]\n", if i == 0 { String::new() } else { format!("*a{}", i - 1) }))
            .collect();
        assert!(refused(&stacked).contains("nested more than 100 deep"));
    }

    #[test]
    fn aliases_cannot_explode() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(refused(&bomb).contains("more than 100000 values"));
    }
}
