//! The files that are no stacks: `bucketbook.yaml`, and scenarios.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::catalog;
use crate::ide::{self, Completion, Hover};
use crate::loaded::LoadedStack;
use crate::simulate::scenario::{Scenario, ScenarioDocument};
use crate::source::{Fault, Node, Source, parse};
use crate::spec::{Document, FILES, Spec};

use super::{adds, names};

static SPEC: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&Spec::json_schema()).unwrap_or_default());
static SCENARIO: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&Scenario::json_schema()).unwrap_or_default());

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// A spec.
    Spec,
    /// A scenario.
    Scenario,
}

impl Page {
    /// What a file is, by its name, or by what it holds.
    pub fn of(path: &Path, text: &str) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if FILES.contains(&name) {
            return Some(Self::Spec);
        }
        let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        (yaml && is_scenario(text)).then_some(Self::Scenario)
    }

    fn schema(self) -> &'static Value {
        match self {
            Self::Spec => &SPEC,
            Self::Scenario => &SCENARIO,
        }
    }

    /// What may be typed at a byte. `stack` is the one that a scenario is about.
    pub fn completions(self, text: &str, offset: usize, stack: Option<&LoadedStack>) -> Vec<Completion> {
        let root = tree(text);
        let root = root.as_ref();
        ide::page_completions(self.schema(), text, offset, root, &|path| match self {
            Self::Spec => names::of_spec(root, path),
            Self::Scenario => stack.map(|stack| names::of_scenario(stack, path)).unwrap_or_default(),
        })
    }

    /// What the key at a byte is for; of a spec's, what it adds to the stack and to the bill.
    pub fn hover(self, text: &str, offset: usize) -> Option<Hover> {
        let root = tree(text)?;
        let mut hover = ide::page_hover(self.schema(), &root, offset)?;
        if self == Self::Spec
            && let Some(adds) = ide::key_at(&root, offset).and_then(|(pointer, _)| adds::adds(&root, &pointer))
        {
            hover.text.push_str(&format!("\n\n{adds}"));
        }
        Some(hover)
    }

    /// What is wrong with a page.
    pub fn faults(self, text: &str) -> Vec<Fault> {
        let source = Source::new("", text);
        match self {
            Self::Scenario => ScenarioDocument::parse_all(source).err().map(|(_, faults)| faults).unwrap_or_default(),
            Self::Spec => match Document::parse_all(source) {
                Err((_, faults)) => faults,
                Ok(document) => misfits(&document),
            },
        }
    }
}

/// The tree of a page. Where it cannot be read, what is being typed is left out.
pub fn tree(text: &str) -> Option<Node> {
    match parse(&Source::new("", text)) {
        Ok(root) => root,
        Err(_) => parse(&Source::new("", ide::mended(Path::new("page.yaml"), text)?)).ok()?,
    }
}

/// Whether a text is a scenario, finished or not: `when` is one of its keys, and it has no other keys than a scenario.
fn is_scenario(text: &str) -> bool {
    let keys = text.lines().filter(|line| line.starts_with(|c: char| c.is_alphabetic()));
    let mut keys = keys.filter_map(|line| Some(line.split_once(':')?.0)).peekable();
    let known = &SCENARIO["properties"];
    let mut found = false;
    keys.all(|key| {
        found |= key == "when";
        known.get(key).is_some()
    }) && found
}

/// What of a spec does not go together.
fn misfits(document: &Document) -> Vec<Fault> {
    let errors = catalog::faults(&document.spec);
    let placed = errors.iter().map(|error| {
        let fault = Fault { help: error.help().map(str::to_owned), ..Fault::new(error.to_string()) };
        document.fault(error.pointer().unwrap_or_default(), fault).1
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known_by_name_and_content() {
        let of = |path: &str, text: &str| Page::of(Path::new(path), text);
        assert_eq!(of("a/bucketbook.yaml", ""), Some(Page::Spec));
        assert_eq!(of("a/x.yaml", "when: []\nthen: {}\n"), Some(Page::Scenario));
        assert_eq!(of("a/x.yaml", "# a\ngiven: {}\nwhen:\n- put: a\nth"), Some(Page::Scenario));
        for text in ["Resources: {}\n", "given: {}\n", "when: {event: push}\nsteps: []\n"] {
            assert_eq!(of("a/x.yaml", text), None, "{text}");
        }
    }

    #[test]
    fn what_does_not_go_together_has_its_place() {
        let text = "table: {layout: history}\nevents: {deleted: remove}\n";
        let faults = Page::Spec.faults(text);
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        let span = fault.span.unwrap();
        assert_eq!(&text[span.start..span.end], "remove");
    }
}
