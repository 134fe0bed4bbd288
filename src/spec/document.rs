use std::path::Path;

use super::{ExtraSpec, Spec, environments};
use crate::source::{self, Fault, Node, Source};
use crate::stack::{Fragment, long_form};

/// The names of a spec that are looked for where none is named.
pub const FILES: [&str; 2] = ["bucketbook.yaml", "bucketbook.yml"];

/// A spec and the text that it was read from, so that what is found wrong later can still be shown in its place.
#[derive(Debug, Clone)]
pub struct Document {
    /// The spec: without `environments`, or that of the environment which was asked for.
    pub spec: Spec,
    source: Source,
    root: Node,
    /// The text as it is, with all environments.
    whole: Node,
    /// What `extra` names, if that is a file.
    extra: Option<(Source, Node)>,
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
    /// The text is no YAML, or no spec: an unknown key, a value of the wrong type, a name that AWS refuses. An environment that
    /// is none counts as well, whichever is asked for.
    pub fn parse(source: Source) -> Result<Self, (Source, Fault)> {
        match parse(&source) {
            Ok((spec, whole)) => {
                let root = environments::base(&whole);
                Ok(Self { spec, source, root, whole, extra: None })
            }
            Err(fault) => Err((source, fault)),
        }
    }

    /// The files that it was read from.
    pub fn files(&self) -> Vec<String> {
        let extra = self.extra.as_ref().map(|(source, _)| source.name.clone());
        std::iter::once(self.source.name.clone()).chain(extra).collect()
    }

    /// The names of its environments, in the order of the text.
    pub fn environments(&self) -> Vec<String> {
        environments::names(&self.whole).into_iter().map(str::to_owned).collect()
    }

    /// The same spec in an environment: with the overlay of that name merged into it.
    ///
    /// # Errors
    /// There is no such environment.
    pub fn in_environment(&self, name: &str) -> Result<Self, (Source, Fault)> {
        let read = environments::merged(&self.whole, name).and_then(|root| Ok((source::from_node(&root)?, root)));
        match read {
            Ok((spec, root)) => Ok(Self { spec, root, ..self.clone() }),
            Err(fault) => Err((self.source.clone(), fault)),
        }
    }

    /// The same spec with the file read that `extra` names, if it names one. Its path is taken from `directory`.
    ///
    /// # Errors
    /// The file cannot be read, or holds no sections of a template.
    pub fn with_extra_from(mut self, directory: &Path) -> Result<Self, (Source, Fault)> {
        let Some(ExtraSpec::File(path)) = &self.spec.extra else { return Ok(self) };
        let source = match Source::read(&directory.join(path)) {
            Ok(source) => source,
            Err((_, fault)) => {
                return Err(self.fault("/extra", fault.help("the path is relative to the spec's folder")));
            }
        };
        let read = source::parse(&source).and_then(|root| {
            let root = long_form(root.ok_or_else(|| Fault::new("the file is empty"))?);
            Ok((source::from_node::<Fragment>(&root)?, root))
        });
        match read {
            Ok((fragment, root)) => {
                self.spec.extra = Some(ExtraSpec::Sections(Box::new(fragment)));
                self.extra = Some((source, root));
                Ok(self)
            }
            Err(fault) => Err((source, fault)),
        }
    }

    /// A fault of the value at a JSON Pointer, with the text that it stands in. A value that the text leaves out is shown
    /// where the innermost mapping around it stands.
    pub fn fault(&self, pointer: &str, fault: Fault) -> (Source, Fault) {
        if let (Some((source, root)), Some(below)) = (&self.extra, pointer.strip_prefix("/extra")) {
            return (source.clone(), fault.at(innermost(root, below).span));
        }
        (self.source.clone(), fault.at(innermost(&self.root, pointer).span))
    }
}

/// What a JSON Pointer names, or the innermost value around it.
fn innermost<'n>(root: &'n Node, mut pointer: &str) -> &'n Node {
    loop {
        match root.pointer(pointer) {
            Some(node) => return node,
            None => pointer = pointer.rsplit_once('/').map_or("", |(parent, _)| parent),
        }
    }
}

fn parse(source: &Source) -> Result<(Spec, Node), Fault> {
    let Some(root) = source::parse(source)? else {
        return Err(Fault::new("the spec is empty").help("`bucketbook init` writes one to start from"));
    };
    let root = long_form(root);
    every_spec(&root).map(|spec| (spec, root))
}

/// The spec itself; those of its environments are read as well, to find what is wrong with them.
fn every_spec(root: &Node) -> Result<Spec, Fault> {
    let spec = source::from_node(root)?;
    for name in environments::names(root) {
        let _: Spec = source::from_node(&environments::merged(root, name)?)?;
    }
    Ok(spec)
}

/// All faults of a spec, of which reading finds the first.
fn all_faults(source: &Source, first: Fault) -> Vec<Fault> {
    match source::parse(source) {
        Ok(Some(root)) => source::all_faults(long_form(root), |root| every_spec(root).map(drop)),
        _ => vec![first],
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
        assert_eq!(refused("tabel: {}"), "1:1: unknown key `tabel`; did you mean `table`?");
        assert_eq!(refused("table:\n  Layout: latest"), "2:3: unknown key `Layout`; did you mean `layout`?");
        assert_eq!(refused("state-machine: {}"), "1:1: unknown key `state-machine`; did you mean `state_machine`?");
        assert_eq!(
            refused("table: {attribute_names: {fileName: x}}"),
            "1:27: unknown key `fileName`; did you mean `file_name`?"
        );
    }

    #[test]
    fn choices_and_names_are_checked() {
        assert_eq!(
            refused("state_machine: {type: Standard}"),
            "1:23: unknown value `Standard`; did you mean `STANDARD`?"
        );
        let text = refused("bucket: {name: My_Bucket}");
        assert!(text.starts_with("1:16: `My_Bucket` is not a bucket name: `M` (character 1) is not allowed"), "{text}");
        assert!(text.contains("; a bucket name has 3 to 63 lowercase letters"), "{text}");
        assert_eq!(refused(""), "the spec is empty; `bucketbook init` writes one to start from");
        for (text, expected) in [
            ("table: {layout: 5}", "1:17: expected `latest` or `history`, found the number 5; "),
            ("events: {mark_days: -3}", "1:21: expected a whole number that is not negative, found the number -3; "),
            ("parameters: {A: {min_value: x}}", "1:29: expected a whole number, found a string; "),
            ("api: {throttling: {rate: 0}}", "1:26: expected a whole number from 1, found the number 0; "),
            ("5: x", "1:1: expected a key that is a string, found the number 5; put it in quotes to make it a string"),
            (
                "{parameters: {A: {}}, table: {layout: !Ref A}}",
                "1:39: `!Ref` cannot be used here; the value has to be known when the files are generated",
            ),
            (
                "table: {name: !Reff X}",
                "1:15: unknown function `!Reff`; expected `!Ref`, `!GetAtt`, `!Sub` or `!ImportValue`",
            ),
        ] {
            assert_eq!(refused(text), expected, "{text}");
        }
        assert_eq!(refused("[]"), "1:1: expected a mapping, found an empty list; ");
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
        // What follows from a fault is not told: without its `min`, the range is empty, and without its `name`, the index has none.
        for follows in ["routes: [{name: A, size: {min: -1}}]", "indexes: [{name: a, partition: b}]"] {
            assert_eq!(Document::parse_all(Source::new("x", follows)).unwrap_err().1.len(), 1, "{follows}");
        }
        assert_eq!(Document::parse_all(Source::new("x", "a: [")).unwrap_err().1.len(), 1);
    }

    #[test]
    fn numbers_are_checked() {
        for (number, found) in [
            ("0", "expected a whole number from 1 to 10000, found the number 0"),
            ("-1", "expected a whole number from 1 to 10000, found the number -1"),
            ("10001", "expected a whole number from 1 to 10000, found the number 10001"),
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
        assert_eq!(refused("api: drect"), "1:6: unknown value `drect`; did you mean `direct`?");
        assert_eq!(refused("api: 5"), "1:6: expected `direct`, `lambda` or a mapping, found the number 5; ");
        assert_eq!(refused("api: {tpye: lambda}"), "1:7: unknown key `tpye`; did you mean `type`?");
    }

    fn environment(text: &str, name: &str) -> Result<Spec, String> {
        let document = Document::parse(Source::new("x", text));
        let document = document.and_then(|document| document.in_environment(name));
        document.map(|document| document.spec).map_err(|(source, fault)| {
            let at = fault.span.map(|span| source.position(span.start).to_string()).unwrap_or_default();
            format!("{at}: {}; {}", fault.message, fault.help.unwrap_or_default())
        })
    }

    #[test]
    fn an_overlay_is_merged_key_by_key() {
        let text = "stack: {name: files}\nalarms: {email: a@example.com}\nattributes: [size]\ntags: {team: a}\nbucket: {name: !Ref Name}\n\
                    environments:\n  dev: {without: [alarms]}\n  prod:\n    stack: {name: files-prod}\n    alarms:\n    attributes: [etag]\n    \
                    tags: {stage: prod}\n    bucket: {name: !Sub '${Name}-prod', versioned: true}\n  same:\n";
        let (dev, prod) = (environment(text, "dev").unwrap(), environment(text, "prod").unwrap());
        assert!(dev.alarms.is_none() && prod.alarms.unwrap().email.is_some());
        assert_eq!((dev.stack.name.as_str(), prod.stack.name.as_str()), ("files", "files-prod"));
        assert_eq!((prod.tags.len(), prod.attributes.unwrap().len(), prod.bucket.versioned), (2, 1, true));
        let name = serde_json::to_string(&prod.bucket.name).unwrap();
        assert_eq!(name, r#"{"Fn::Sub":"${Name}-prod"}"#);
        let base = Document::parse(Source::new("x", text)).map_err(|(_, fault)| fault).unwrap();
        assert_eq!(base.environments(), ["dev", "prod", "same"]);
        let same = environment(text, "same").unwrap();
        assert_eq!(Spec { environments: base.spec.environments.clone(), ..same }, base.spec);
    }

    #[test]
    fn what_is_wrong_with_an_overlay_is_shown_there() {
        let at = |overlay: &str| {
            environment(&format!("table: {{}}\nenvironments:\n  dev:\n    {overlay}\n"), "dev").unwrap_err()
        };
        assert_eq!(at("tabel: {}"), "4:5: unknown key `tabel`; did you mean `table`?");
        assert_eq!(at("table: {layout: newest}"), "4:21: unknown value `newest`; expected `latest` or `history`");
        assert!(
            at("without: [alarms]").starts_with("4:15: `without` names `alarms`, which the spec does not contain; ")
        );
        assert!(
            at("without: [table.name]")
                .starts_with("4:15: `without` names `table.name`, which the spec does not contain; ")
        );
        assert!(at("without: alarms").starts_with("4:14: expected a list, found a string; "));
        assert!(at("environments: {}").starts_with("4:5: an environment cannot contain environments; "));
        let none = environment("{table: {}, environments: {dev: {}, prod: {}}}", "pord").unwrap_err();
        assert_eq!(none, "1:27: the spec has no environment `pord`; it has `dev`, `prod`");
        assert!(environment("table: {}", "dev").unwrap_err().contains("it has no `environments`;"));
        let name = Document::parse(Source::new("x", "environments: {default: {}}")).unwrap_err().1;
        assert!(name.message.starts_with("`default` is not an environment name: "), "{}", name.message);
    }

    #[test]
    fn extra_sections_can_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("extra.yaml"), "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n").unwrap();
        let document = Document::parse(Source::new("x", "extra: extra.yaml")).map_err(|(_, fault)| fault).unwrap();
        let document = document.with_extra_from(folder.path()).map_err(|(_, fault)| fault).unwrap();
        let (source, fault) = document.fault("/extra/Resources/Topic/Type", Fault::new("x"));
        assert!(source.name.ends_with("extra.yaml"));
        assert_eq!(source.position(fault.span.unwrap().start).to_string(), "3:11");
        let (source, fault) = Document::parse(Source::new("x", "table: {}\nextra: other.yaml"))
            .map_err(|(_, fault)| fault)
            .unwrap()
            .with_extra_from(folder.path())
            .unwrap_err();
        assert_eq!((source.name.as_str(), source.position(fault.span.unwrap().start).line), ("x", 2));
        std::fs::write(folder.path().join("extra.yaml"), "Resource: {}\n").unwrap();
        let refused = Document::parse(Source::new("x", "extra: extra.yaml"))
            .map_err(|(_, fault)| fault)
            .unwrap()
            .with_extra_from(folder.path())
            .unwrap_err();
        assert_eq!(refused.1.help.as_deref(), Some("did you mean `Resources`?"));
    }

    #[test]
    fn a_place_is_found_even_where_the_value_is_left_out() {
        let document = Document::parse(Source::new("x", "bucket: {}\ntable:\n  layout: latest\n")).unwrap();
        let (source, fault) = document.fault("/table/attribute_names/file_name", Fault::new("x"));
        assert_eq!(source.position(fault.span.unwrap().start).line, 3);
    }
}
