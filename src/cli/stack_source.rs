//! Which stack is meant, read and made ready to run.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::report::{self, Format};
use crate::lint::{self, Linted, Selection};
use crate::loaded::{Document, FaultKind, LoadedStack, load};
use crate::simulate::stack::{LocalStack, StackFault};
use crate::source::Fault;
use crate::spec::Spec;
use crate::stack::GeneratedFile;

use super::failure::Failure;
use super::spec_args::SpecArgs;
use super::values::ValueArgs;
use super::{lint as lint_command, output};

/// The names that templates usually have.
const TEMPLATES: [&str; 3] = ["template.yaml", "template.yml", "template.json"];

/// The name of a spec.
const SPEC: &str = "bucketbook.yaml";

/// The same as `loaded_stack`, where a directory may also hold one definition instead of a template.
pub(super) fn stack_or_definition(path: Option<&Path>, directory: &Path) -> anyhow::Result<LoadedStack> {
    let Some(path) = path else { return default_stack(directory) };
    if path.is_dir() && !TEMPLATES.iter().any(|name| path.join(name).is_file()) {
        let mut stacks = load(&[path.to_owned()]).map_err(lint_command::failure)?;
        if stacks.len() > 1 {
            let names: Vec<String> = stacks.iter().flat_map(|stack| stack.documents.first()).map(named).collect();
            let message = format!("there are several stacks and definitions in `{}`", path.display());
            let few = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
            let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
            let help = format!("name one: {few}{more}");
            return Err(Failure::new(Diagnostic::error(message).help(help)).into());
        }
        if let Some(stack) = stacks.pop() {
            return Ok(stack);
        }
    }
    read(&in_directory(path)?)
}

fn named(document: &Document) -> String {
    document.path.display().to_string()
}

/// The stack at a path; where none is named, the generated one in `directory`, or that of the spec there, or the template.
pub(super) fn local_stack(
    path: Option<&Path>,
    directory: &Path,
    values: &ValueArgs,
) -> anyhow::Result<Arc<LocalStack>> {
    ready(values.given(loaded_stack(path, directory)?)?)
}

/// The same stack, read only: whatever is wrong with it.
pub(super) fn loaded_stack(path: Option<&Path>, directory: &Path) -> anyhow::Result<LoadedStack> {
    match path.map(in_directory).transpose()? {
        Some(path) => read(&path),
        None => default_stack(directory),
    }
}

/// What a path means: a spec, or a stack that somebody wrote.
pub(super) enum Meant {
    /// A spec, whose stack is generated.
    Spec(Box<Spec>),
    /// A stack, and what it is called.
    Stack(String, Box<LoadedStack>),
}

/// The spec or the stack at a path; where none is named, the spec in `directory`, or what was generated from it, or the template.
/// With none of them it is the first starter.
pub(super) fn meant(path: Option<&Path>, directory: &Path) -> anyhow::Result<Meant> {
    let spec = directory.join(SPEC);
    let path = match path {
        Some(path) => path.to_owned(),
        None if std::fs::symlink_metadata(&spec).is_ok() => spec,
        None => {
            let mut known = vec![directory.join("out").join(TEMPLATES[0])];
            known.extend(TEMPLATES.iter().map(|name| directory.join(name)));
            match known.into_iter().find(|path| path.is_file()) {
                Some(path) => path,
                None => return Ok(Meant::Spec(Box::new(SpecArgs::of(directory).spec()?))),
            }
        }
    };
    let path = if path.is_dir() && path.join(SPEC).is_file() { path.join(SPEC) } else { in_directory(&path)? };
    if path.file_name().is_some_and(|name| name == SPEC) {
        return spec_at(&path);
    }
    match read(&path) {
        Ok(stack) => {
            let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() };
            Ok(Meant::Stack(name, Box::new(stack)))
        }
        // A spec of another name.
        Err(_) if crate::spec::Document::read(&path).is_ok() => spec_at(&path),
        Err(error) => Err(error),
    }
}

fn spec_at(path: &Path) -> anyhow::Result<Meant> {
    let spec = SpecArgs::at(path);
    // What is wrong with it is shown in its place, as `generate` does.
    spec.render()?;
    Ok(Meant::Spec(Box::new(spec.spec()?)))
}

/// Refuses a stack whose text cannot be read, or whose definitions cannot be run, and shows why.
pub(super) fn sound(stack: &LoadedStack) -> anyhow::Result<()> {
    ready(stack.clone()).map(drop)
}

/// The nearest directory, this one or one above it, that has a stack: generated, as a spec, or as a template. Without any it
/// is this one.
pub(super) fn home(directory: &Path) -> PathBuf {
    let has_stack = |directory: &Path| {
        let spec = directory.join(SPEC).is_file() || directory.join("out").join(TEMPLATES[0]).is_file();
        spec || TEMPLATES.iter().any(|name| directory.join(name).is_file())
    };
    let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let absolute = std::fs::canonicalize(here).unwrap_or_else(|_| here.to_owned());
    let Some(found) = absolute.ancestors().find(|directory| has_stack(directory)) else { return here.to_owned() };
    // As short as it can be said from where the user is.
    let current = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    match found.strip_prefix(&current) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.to_owned(),
        Err(_) => found.to_owned(),
    }
}

/// The template in a directory, or the file itself.
fn in_directory(path: &Path) -> anyhow::Result<PathBuf> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let found = TEMPLATES.iter().map(|name| path.join(name)).find(|path| path.is_file());
    found.ok_or_else(|| {
        let diagnostic = Diagnostic::error(format!("there is no template in `{}`", path.display()));
        Failure::new(diagnostic.help("name the template's or the definition's file")).into()
    })
}

fn read(path: &Path) -> anyhow::Result<LoadedStack> {
    let mut stacks = load(&[path.to_owned()]).map_err(lint_command::failure)?;
    stacks.pop().with_context(|| format!("`{}` is neither a template nor a definition", path.display()))
}

fn default_stack(directory: &Path) -> anyhow::Result<LoadedStack> {
    let generated = directory.join("out").join(TEMPLATES[0]);
    if generated.is_file() {
        return read(&generated);
    }
    if std::fs::symlink_metadata(directory.join(SPEC)).is_err()
        && let Some(template) = TEMPLATES.iter().map(|name| directory.join(name)).find(|path| path.is_file())
    {
        return read(&template);
    }
    let files = SpecArgs::of(directory).render()?;
    let home = tempfile::tempdir().context("cannot make a directory for the stack")?;
    for GeneratedFile { path, text } in files.iter() {
        let path = home.path().join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).context("cannot write the stack")?;
        }
        std::fs::write(path, text).context("cannot write the stack")?;
    }
    let mut stack = read(&home.path().join(TEMPLATES[0]))?;
    // Where they were for a moment is nobody's business.
    for document in &mut stack.documents {
        document.path = document.path.strip_prefix(home.path()).unwrap_or(&document.path).to_owned();
        document.source.name = document.path.display().to_string();
    }
    Ok(stack)
}

/// Makes a stack ready, or shows all that keeps it from being run.
fn ready(loaded: LoadedStack) -> anyhow::Result<Arc<LocalStack>> {
    let colour = std::io::stderr().is_terminal();
    let unreadable =
        loaded.faults.iter().filter(|fault| !matches!(fault.kind, FaultKind::DuplicateKey | FaultKind::JsonAsYaml));
    let unreadable: Vec<StackFault> = unreadable
        .map(|fault| StackFault {
            place: Some(fault.place.clone()),
            message: fault.message.clone(),
            help: fault.help.clone(),
        })
        .collect();
    if !unreadable.is_empty() {
        return Err(refused(&loaded, unreadable));
    }
    let selection = Selection::new(&["ASL".to_owned()], &[], &[]).context("the rules of definitions")?;
    let findings = lint::check(&loaded, &selection);
    let broken: Vec<_> = findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    if !broken.is_empty() {
        let count = broken.len();
        let linted = [Linted { stack: loaded, findings: broken }];
        output::complain(&report::render(&linted, Format::Human, colour));
        let message = format!("nothing was run: {} in the definitions", counted(count, "error"));
        return Err(Failure::new(Diagnostic::error(message).help("`bucketbook lint` finds the same")).into());
    }
    match LocalStack::new(&loaded) {
        Ok(stack) => Ok(Arc::new(stack)),
        Err(faults) => Err(refused(&loaded, faults)),
    }
}

/// Shows all faults but the last, which is the command's failure.
fn refused(loaded: &LoadedStack, mut faults: Vec<StackFault>) -> anyhow::Error {
    let diagnostic =
        |fault: StackFault| match fault.place.as_ref().and_then(|place| loaded.documents.get(place.document)) {
            Some(document) => {
                let span = fault.place.map(|place| place.span);
                Diagnostic::fault(document.source.clone(), Fault { message: fault.message, span, help: fault.help })
            }
            None => Diagnostic { help: fault.help, ..Diagnostic::error(fault.message) },
        };
    let Some(last) = faults.pop() else { return anyhow::anyhow!("the stack cannot be run") };
    let colour = std::io::stderr().is_terminal();
    for fault in faults {
        output::complain(&diagnostic(fault).render(crate::diagnostic::Format::Human, colour));
    }
    Failure::new(diagnostic(last)).into()
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
