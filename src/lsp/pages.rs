//! The files that are no stacks: `bucketbook.yaml`, and scenarios.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::catalog;
use crate::cost::{self, Options, PriceSheet};
use crate::files::{Allowed, Done, Status, compare, update};
use crate::graph;
use crate::ide::{self, Completion, Hover};
use crate::loaded::LoadedStack;
use crate::simulate::scenario::{Scenario, ScenarioDocument};
use crate::source::{Fault, Node, Source, parse};
use crate::spec::{Document, FILES, Spec};
use crate::stack::{self, GeneratedFiles};

static SPEC: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&Spec::json_schema()).unwrap_or_default());
static SCENARIO: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&Scenario::json_schema()).unwrap_or_default());

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// A spec.
    Spec,
    /// A scenario.
    Scenario,
}

impl Page {
    /// What a file is, by its name, or by what it holds.
    pub(super) fn of(path: &Path, text: &str) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if FILES.contains(&name) {
            return Some(Self::Spec);
        }
        let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let key = |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
        (yaml && key("when") && key("then") && !key("Resources")).then_some(Self::Scenario)
    }

    fn schema(self) -> &'static Value {
        match self {
            Self::Spec => &SPEC,
            Self::Scenario => &SCENARIO,
        }
    }

    /// What may be typed at a byte.
    pub(super) fn completions(self, text: &str, offset: usize) -> Vec<Completion> {
        ide::page_completions(self.schema(), text, offset)
    }

    /// What the key at a byte is for; of a spec's, what it adds to the stack and to the bill.
    pub(super) fn hover(self, text: &str, offset: usize) -> Option<Hover> {
        let root = match parse(&Source::new("", text)) {
            Ok(root) => root?,
            Err(_) => parse(&Source::new("", ide::mended(Path::new("page.yaml"), text)?)).ok()??,
        };
        let mut hover = ide::page_hover(self.schema(), &root, offset)?;
        if self == Self::Spec
            && let Some(adds) = ide::key_at(&root, offset).and_then(|(pointer, _)| adds(&root, &pointer))
        {
            hover.text.push_str(&format!("\n\n{adds}"));
        }
        Some(hover)
    }

    /// What is wrong with a page.
    pub(super) fn faults(self, text: &str) -> Vec<Fault> {
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

/// What of a spec does not go together.
fn misfits(document: &Document) -> Vec<Fault> {
    let errors = catalog::faults(&document.spec);
    let placed = errors.iter().map(|error| {
        let fault = Fault { help: error.help().map(str::to_owned), ..Fault::new(error.to_string()) };
        document.fault(error.pointer().unwrap_or_default(), fault).1
    });
    placed.collect()
}

/// What a key of a spec adds to the stack and to the bill: the spec with it, and without.
fn adds(root: &Node, pointer: &str) -> Option<String> {
    let with: Spec = crate::source::from_node(root).ok()?;
    let without: Spec = crate::source::from_node(&left_out(root, pointer)?).ok()?;
    let (with, without) = (cost::loaded(&with).ok()?, cost::loaded(&without).ok()?);
    let ids = |stack: &LoadedStack| -> BTreeSet<String> {
        let template = stack.template.as_ref();
        template.map(|template| template.resources.keys().cloned().collect()).unwrap_or_default()
    };
    let added: Vec<String> = ids(&with).difference(&ids(&without)).map(|id| format!("`{id}`")).collect();
    let resources = if added.is_empty() { "no resource".to_owned() } else { added.join(", ") };
    let bill = |stack: &LoadedStack| cost::of_stack(stack, &Options::default(), &PriceSheet::built_in()).ok();
    let price = match (bill(&with), bill(&without)) {
        (Some(with), Some(without)) => {
            format!(
                " A million events cost {} USD a month with it, {} without.",
                with.total.money(),
                without.total.money()
            )
        }
        _ => String::new(),
    };
    Some(format!("It adds {resources}.{price}"))
}

/// A tree without the value at a pointer.
fn left_out(root: &Node, pointer: &str) -> Option<Node> {
    let (above, _) = pointer.rsplit_once('/')?;
    let gone = root.pointer(pointer)?.span;
    let parent = root.pointer(above)?.span;
    let mut copy = root.clone();
    let mut waiting = vec![&mut copy];
    while let Some(node) = waiting.pop() {
        let here = node.span == parent;
        match &mut node.kind {
            crate::source::Kind::Mapping(entries) => {
                if here {
                    entries.retain(|(_, value)| value.span != gone);
                }
                waiting.extend(entries.iter_mut().map(|(_, value)| value));
            }
            crate::source::Kind::Sequence(items) => waiting.extend(items.iter_mut()),
            _ => {}
        }
    }
    Some(copy)
}

/// The stack of a spec, and where its files are.
pub(super) struct Stack {
    files: GeneratedFiles,
    out: PathBuf,
}

impl Stack {
    /// The stack of the spec in a file.
    pub(super) fn of(path: &Path, text: &str) -> Result<Self, String> {
        let document = Document::parse(Source::new("", text)).map_err(|(_, fault)| fault.message)?;
        let stack = catalog::stack(&document.spec).map_err(|error| error.to_string())?;
        let mut files = stack.files().map_err(|error| error.to_string())?;
        for picture in graph::pictures(&files) {
            files.add(picture).map_err(|error| error.to_string())?;
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let out = path.parent().unwrap_or(Path::new("")).join("out");
        Ok(Self { files: stack::made_from(files, name, None), out })
    }

    /// The stack as if its files were read.
    pub(super) fn loaded(&self) -> LoadedStack {
        LoadedStack::from_rendered(self.files.iter().map(|file| (file.path.as_str(), file.text.as_str())))
    }

    fn differing(&self) -> Vec<String> {
        let Ok(compared) = compare(&self.out, &self.files) else { return Vec::new() };
        let differs = |status: &Status| matches!(status, Status::Missing | Status::Changed { .. });
        compared.files.into_iter().filter(|file| differs(&file.status)).map(|file| file.path).collect()
    }

    /// Whether the files are those of the spec, in a few words.
    pub(super) fn in_step(&self) -> String {
        match self.differing().len() {
            0 => "check: in step".to_owned(),
            1 => "check: 1 file differs".to_owned(),
            more => format!("check: {more} files differ"),
        }
    }

    /// The files that are not those of the spec, a line each.
    pub(super) fn differences(&self) -> String {
        let lines: Vec<String> = self.differing().iter().map(|path| format!("differs  {path}\n")).collect();
        if lines.is_empty() { "every file is in step\n".to_owned() } else { lines.concat() }
    }

    /// Writes the files, but over none that was edited.
    pub(super) fn generate(&self) -> Result<String, String> {
        let done = update(&self.out, &self.files, Allowed::default()).map_err(|error| error.to_string())?;
        let line = |(path, done): (String, Done)| {
            let word = match done {
                Done::Created => "created",
                Done::Updated | Done::Overwritten(..) => "updated",
                Done::Unchanged => "unchanged",
                Done::Removed => "removed",
                Done::Kept(_) => "left alone",
            };
            format!("{word:<10} {path}\n")
        };
        Ok(done.into_iter().map(line).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known_by_name_and_content() {
        let of = |path: &str, text: &str| Page::of(Path::new(path), text);
        assert_eq!(of("a/bucketbook.yaml", ""), Some(Page::Spec));
        assert_eq!(of("a/x.yaml", "when: []\nthen: {}\n"), Some(Page::Scenario));
        assert_eq!(of("a/x.yaml", "Resources: {}\n"), None);
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
