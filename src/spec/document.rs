use std::path::Path;

use super::Spec;
use crate::source::{self, Fault, Kind, Node, Source, Span};

/// A spec and the text that it was read from, so that what is found wrong later can still be shown in its place.
#[derive(Debug, Clone)]
pub struct Document {
    /// The spec.
    pub spec: Spec,
    source: Source,
    root: Node,
}

impl Document {
    /// Reads the spec in a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no spec.
    pub fn read(path: &Path) -> Result<Self, (Source, Fault)> {
        Self::parse(Source::read(path)?)
    }

    /// Reads the spec in a text, and gives all that is wrong with it, in the order of the text.
    ///
    /// # Errors
    /// The same as of [`parse`](Self::parse).
    pub fn parse_all(source: Source) -> Result<Self, (Source, Vec<Fault>)> {
        Self::parse(source).map_err(|(source, first)| {
            let faults = all_faults(&source, first);
            (source, faults)
        })
    }

    /// Reads the spec in a text.
    ///
    /// # Errors
    /// The text is no YAML, or no spec: an unknown key, a value of the wrong type, a name that AWS refuses.
    pub fn parse(source: Source) -> Result<Self, (Source, Fault)> {
        match parse(&source) {
            Ok((spec, root)) => Ok(Self { spec, source, root }),
            Err(fault) => Err((source, fault)),
        }
    }

    /// A fault of the value at a JSON Pointer, with the text that it stands in. A value that the text leaves out is shown
    /// where the innermost mapping around it stands.
    pub fn fault(&self, pointer: &str, fault: Fault) -> (Source, Fault) {
        let mut pointer = pointer;
        let node = loop {
            match self.root.pointer(pointer) {
                Some(node) => break node,
                None => pointer = pointer.rsplit_once('/').map_or("", |(parent, _)| parent),
            }
        };
        (self.source.clone(), fault.at(node.span))
    }
}

fn parse(source: &Source) -> Result<(Spec, Node), Fault> {
    let Some(root) = source::parse(source)? else {
        return Err(Fault::new("the spec is empty").help("`bucketbook init` writes one to start from"));
    };
    Ok((source::from_node(&root)?, root))
}

/// The most faults that are told: whoever has more has another kind of file.
const MOST: usize = 20;

/// All faults of a spec, of which reading finds the first: what is wrong is left out, and the rest read again.
fn all_faults(source: &Source, first: Fault) -> Vec<Fault> {
    let mut faults = vec![first];
    let Ok(Some(mut root)) = source::parse(source) else { return faults };
    while faults.len() < MOST {
        let Some(span) = faults.last().and_then(|fault| fault.span).filter(|span| leave_out(&mut root, *span)) else {
            break;
        };
        match source::from_node::<Spec>(&root) {
            Err(fault) if fault.span != Some(span) => faults.push(fault),
            _ => break,
        }
    }
    faults.sort_by_key(|fault| fault.span.map(|span| span.start));
    faults
}

/// Takes the value or the key that stands at a place out of the tree; whether there was one.
fn leave_out(node: &mut Node, span: Span) -> bool {
    match &mut node.kind {
        Kind::Mapping(entries) => {
            match entries.iter().position(|(key, value)| key.span == span || value.span == span) {
                Some(at) => {
                    entries.remove(at);
                    true
                }
                None => entries.iter_mut().any(|(_, value)| leave_out(value, span)),
            }
        }
        Kind::Sequence(items) => match items.iter().position(|item| item.span == span) {
            Some(at) => {
                items.remove(at);
                true
            }
            None => items.iter_mut().any(|item| leave_out(item, span)),
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let (source, fault) = Document::parse(Source::new("bucketbook.yaml", text)).unwrap_err();
        let at = fault.span.map(|span| format!("{}: ", source.position(span.start))).unwrap_or_default();
        format!("{at}{}; {}", fault.message, fault.help.unwrap_or_default())
    }

    #[test]
    fn unknown_keys_say_what_was_meant() {
        assert_eq!(refused("tabel: {}"), "1:1: there is no key `tabel`; did you mean `table`?");
        assert_eq!(refused("table:\n  Layout: latest"), "2:3: there is no key `Layout`; did you mean `layout`?");
        assert_eq!(refused("state-machine: {}"), "1:1: there is no key `state-machine`; did you mean `state_machine`?");
        assert_eq!(
            refused("table: {attribute_names: {fileName: x}}"),
            "1:27: there is no key `fileName`; did you mean `file_name`?"
        );
    }

    #[test]
    fn choices_and_names_are_checked() {
        assert_eq!(
            refused("state_machine: {type: Standard}"),
            "1:23: there is no choice `Standard`; did you mean `STANDARD`?"
        );
        let text = refused("bucket: {name: My_Bucket}");
        assert!(text.starts_with("1:16: `My_Bucket` is not a bucket name: `M` (character 1) is not allowed"), "{text}");
        assert!(text.contains("; a bucket name has 3 to 63 lowercase letters"), "{text}");
        assert_eq!(refused(""), "the spec is empty; `bucketbook init` writes one to start from");
        assert_eq!(refused("[]"), "1:1: expected a mapping, found a list; ");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let text = "tabel: {}\nstate_machine: {type: EXPRES, flow: upsrt}\nbucket:\n  name: My_Bucket\nroutes:\n  - {prefix: a/}\n  - {name: B, sufix: x}\n";
        let (source, faults) = Document::parse_all(Source::new("bucketbook.yaml", text)).unwrap_err();
        let lines: Vec<(usize, bool)> = faults
            .iter()
            .map(|fault| (source.position(fault.span.unwrap().start).line, fault.message.is_empty()))
            .collect();
        assert_eq!(lines, [1, 2, 2, 4, 6, 7].map(|line| (line, false)), "{faults:#?}");
        assert!(Document::parse_all(Source::new("x", "table: {}")).is_ok());
        assert_eq!(Document::parse_all(Source::new("x", "a: [")).unwrap_err().1.len(), 1);
    }

    #[test]
    fn numbers_are_checked() {
        for (number, found) in [
            ("0", "invalid value: integer `0`, expected a whole number from 1 to 10000"),
            ("-1", "invalid value: integer `-1`, expected a whole number from 1 to 10000"),
            ("10001", "invalid value: integer `10001`, expected a whole number from 1 to 10000"),
            ("1.5", "expected a whole number from 1 to 10000, found the number 1.5"),
        ] {
            assert_eq!(refused(&format!("backfill: {{max_concurrency: {number}}}")), format!("1:29: {found}; "));
        }
    }

    #[test]
    fn a_section_that_says_nothing_is_there() {
        let spec = |text| Document::parse(Source::new("x", text)).map_err(|(_, fault)| fault).unwrap().spec;
        let all =
            spec("backfill:\napi:\ndead_letters:\nalarms:\nstate_machine: {logging: }\nbucket: {access_logs: }\n");
        let same = spec(
            "{backfill: {}, api: {}, dead_letters: {}, alarms: {}, state_machine: {logging: {}}, bucket: {access_logs: {}}}",
        );
        assert_eq!(all, same);
        assert!(all.backfill.is_some() && all.api.is_some() && all.dead_letters.is_some() && all.alarms.is_some());
        assert_eq!(spec("bucket:"), Spec::default());
    }

    #[test]
    fn a_type_can_stand_for_an_api() {
        let api = |text| Document::parse(Source::new("x", text)).map_err(|(_, fault)| fault).unwrap().spec.api;
        assert_eq!(api("api: direct"), api("api: {}"));
        assert_eq!(api("api: lambda"), api("api: {type: lambda}"));
        assert_eq!(refused("api: drect"), "1:6: there is no choice `drect`; did you mean `direct`?");
        assert_eq!(refused("api: 5"), "1:6: expected `direct`, `lambda` or a mapping, found the number 5; ");
        assert_eq!(refused("api: {tpye: lambda}"), "1:7: there is no key `tpye`; did you mean `type`?");
    }

    #[test]
    fn a_place_is_found_even_where_the_value_is_left_out() {
        let document = Document::parse(Source::new("x", "bucket: {}\ntable:\n  layout: latest\n")).unwrap();
        let (source, fault) = document.fault("/table/attribute_names/file_name", Fault::new("x"));
        assert_eq!(source.position(fault.span.unwrap().start).line, 3);
    }
}
