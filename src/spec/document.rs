use std::path::Path;

use super::Spec;
use crate::source::{self, Fault, Node, Source};

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
