//! Which stack is meant, read and made ready to run.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use crate::diagnostic::{Diagnostic, Severity, counted, shown};
use crate::lint::report::{self, Format};
use crate::lint::{self, Linted, Selection};
use crate::loaded::{Document, FaultKind, LoadedMachine, LoadedStack, is_assembly, load};
use crate::name::EnvironmentName;
use crate::simulate::stack::{Absent, AbsentKind, RunnableStack, StackFault, TableElsewhere};
use crate::source::Fault;

use super::above::above;
use super::app_args::{self, App, AppArgs, SYNTHESIZED};
use super::failure::Failure;
use super::spec_args::{Chosen, SpecArgs};
use super::values::ValueArgs;
use super::{made_with, output, spec_args};

/// The names that templates usually have.
pub(super) const TEMPLATES: [&str; 4] =
    ["template.yaml", "template.yml", "template.json", "cloudformation-template-update-stack.json"];

/// What is meant: a spec, or a stack that somebody wrote or generated.
pub(super) enum Meant {
    /// A spec, whose stack is rendered, never read from where it was generated.
    Spec(Box<Chosen>),
    /// A stack in files.
    Stack(Box<LoadedStack>),
}

impl Meant {
    /// What the spec calls its stack.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Self::Spec(chosen) => Some(chosen.spec.stack.name.as_str().to_owned()),
            Self::Stack(_) => None,
        }
    }

    /// The stack, where it is to be run.
    pub(super) fn stack_to_run(self) -> anyhow::Result<LoadedStack> {
        match self {
            Self::Spec(chosen) => Ok(chosen.loaded_to_run()?),
            Self::Stack(stack) => Ok(*stack),
        }
    }

    /// The stack itself.
    pub(super) fn stack(self) -> anyhow::Result<LoadedStack> {
        match self {
            Self::Spec(chosen) => Ok(chosen.loaded()?),
            Self::Stack(stack) => Ok(*stack),
        }
    }
}

/// What the user means. A path is what is there: a spec, a template, a definition, or a directory of one; `--out` is the stack
/// generated there. Without them it is the spec that is asked for or the nearest one, unless there is only a stack here.
pub(super) fn meant(path: Option<&Path>, spec: &SpecArgs, app: &AppArgs, directory: &Path) -> anyhow::Result<Meant> {
    if let Some(named) = path.or(spec.out.as_deref()) {
        if spec.asks_for_spec() || (path.is_some() && spec.out.is_some()) {
            let message = format!("`{}` is a stack, but other flags describe a stack too", named.display());
            let help = "give either a path, or --out, or a spec (--spec, --starter and their flags)";
            return Err(Failure::new(Diagnostic::error(message).help(help)).into());
        }
        return at(named, app, spec.environment.as_ref());
    }
    if !spec.asks_for_spec() && spec.environment.is_none() && spec_args::in_directory(directory).is_none() {
        let mut known = vec![directory.join("out").join(TEMPLATES[0])];
        known.extend(TEMPLATES.iter().map(|name| directory.join(name)));
        if let Some(template) = known.into_iter().find(|path| path.is_file()) {
            app_args::refuse(app, &template)?;
            return Ok(Meant::Stack(Box::new(read(&template)?)));
        }
        if let Some(found) = App::at(&directory.join(SYNTHESIZED)).or_else(|| App::at(&here(directory))) {
            return Ok(Meant::Stack(Box::new(found.stack(app)?)));
        }
    }
    if !spec.asks_for_spec() && !spec_args::is_near(directory) {
        return Err(no_stack(&here(directory)).into());
    }
    app_args::refuse(app, Path::new("the spec"))?;
    Ok(Meant::Spec(Box::new(spec.choose(directory)?)))
}

/// The failure of a command that nobody gave a stack, in a directory that has none.
fn no_stack(directory: &Path) -> Failure {
    let message =
        "there is no stack here: no template.yaml, no cdk.out, and no bucketbook.yaml here or in a folder above";
    let help = made_with::advice(directory)
        .unwrap_or("name a template or a state machine's definition; `bucketbook init` writes a spec to start from, and --starter article takes the built-in one");
    Failure::new(Diagnostic::error(message).help(help))
}

/// What is at a path.
fn at(path: &Path, app: &AppArgs, environment: Option<&EnvironmentName>) -> anyhow::Result<Meant> {
    let meant = match App::at(path) {
        Some(found) => Meant::Stack(Box::new(found.stack(app)?)),
        None => {
            app_args::refuse(app, path)?;
            whatever(path, environment)?
        }
    };
    match (&meant, environment) {
        (Meant::Stack(_), Some(name)) => {
            let message = format!("`{}` is a stack, and only specs have environments", path.display());
            let help = format!("leave out --environment {name}, or name the spec");
            Err(Failure::new(Diagnostic::error(message).help(help)).into())
        }
        _ => Ok(meant),
    }
}

fn whatever(path: &Path, environment: Option<&EnvironmentName>) -> anyhow::Result<Meant> {
    let spec =
        if path.is_dir() { spec_args::in_directory(path) } else { spec_args::is_spec(path).then(|| path.to_owned()) };
    if let Some(spec) = spec {
        return spec_at(&spec, environment);
    }
    if path.is_dir() && !TEMPLATES.iter().any(|name| path.join(name).is_file()) {
        return only_stack(path).map(|stack| Meant::Stack(Box::new(stack)));
    }
    let path = TEMPLATES.iter().map(|name| path.join(name)).find(|path| path.is_file()).unwrap_or(path.to_owned());
    match read(&path) {
        Ok(stack) => Ok(Meant::Stack(Box::new(stack))),
        // A spec of another name.
        Err(_) if is_yaml(&path) && crate::spec::Document::read(&path).is_ok() => spec_at(&path, environment),
        Err(error) => Err(error),
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn spec_at(path: &Path, environment: Option<&EnvironmentName>) -> anyhow::Result<Meant> {
    Ok(Meant::Spec(Box::new(SpecArgs::at(path).within(environment).choose(Path::new(""))?)))
}

/// The one stack or definition in a directory without a template.
fn only_stack(path: &Path) -> anyhow::Result<LoadedStack> {
    let mut stacks = load(&[path.to_owned()]).map_err(Failure::from)?;
    if stacks.len() > 1 {
        let names: Vec<String> = stacks.iter().flat_map(|stack| stack.documents.first()).map(named).collect();
        let message = format!("`{}` contains several stacks and definitions", path.display());
        let few = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
        let help = format!("choose one: {few}{more}");
        return Err(Failure::new(Diagnostic::error(message).help(help)).into());
    }
    stacks.pop().ok_or_else(|| {
        let diagnostic = Diagnostic::error(format!("there is no template in `{}`", path.display()));
        Failure::new(diagnostic.help("give the file of the template or definition")).into()
    })
}

fn named(document: &Document) -> String {
    document.path.display().to_string()
}

/// The stack that is meant, whatever is wrong with it.
pub(super) fn loaded_stack(
    path: Option<&Path>,
    spec: &SpecArgs,
    app: &AppArgs,
    directory: &Path,
) -> anyhow::Result<LoadedStack> {
    meant(path, spec, app, directory)?.stack()
}

/// The stack that is meant, ready to run.
pub(super) fn runnable_stack(
    path: Option<&Path>,
    spec: &SpecArgs,
    app: &AppArgs,
    directory: &Path,
    values: &ValueArgs,
) -> anyhow::Result<Arc<RunnableStack>> {
    ready(values.given(meant(path, spec, app, directory)?.stack_to_run()?)?)
}

/// A stack that was read, ready to run.
pub(super) fn runnable(stack: LoadedStack) -> anyhow::Result<Arc<RunnableStack>> {
    ready(stack)
}

/// Refuses a stack whose text cannot be read, or whose definitions cannot be run, and shows why.
pub(super) fn sound(stack: &LoadedStack) -> anyhow::Result<()> {
    ready(stack.clone()).map(drop)
}

/// The nearest directory, this one or one above it, that has a stack: generated, as a spec, or as a template. Without any it
/// is this one.
pub(super) fn home(directory: &Path) -> PathBuf {
    let has_stack = |directory: &Path| {
        let spec = spec_args::in_directory(directory).is_some() || directory.join("out").join(TEMPLATES[0]).is_file();
        let template = TEMPLATES.iter().any(|name| directory.join(name).is_file());
        spec || template || is_assembly(&directory.join(SYNTHESIZED))
    };
    let Some(found) = above(directory).into_iter().find(|directory| has_stack(directory)) else {
        return here(directory);
    };
    seen_from_here(&found)
}

/// A path as short as it can be said from where the user is.
pub(super) fn seen_from_here(path: &Path) -> PathBuf {
    let current = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    match path.strip_prefix(&current) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.to_owned(),
        Err(_) => path.to_owned(),
    }
}

/// A directory, or this one where none is named.
fn here(directory: &Path) -> PathBuf {
    if directory.as_os_str().is_empty() { PathBuf::from(".") } else { directory.to_owned() }
}

/// Names the state machines whose definitions are not here.
pub(super) fn left_out(stack: &LoadedStack) {
    let has_fault = |machine: &LoadedMachine| {
        machine.place.as_ref().is_some_and(|place| {
            stack
                .faults
                .iter()
                .any(|fault| fault.place.document == place.document && fault.place.pointer.starts_with(&place.pointer))
        })
    };
    for machine in stack.machines.iter().filter(|machine| machine.definition.is_none() && !has_fault(machine)) {
        let name = machine.logical_id.as_deref().unwrap_or(&machine.name);
        output::remark(&format!("note: `{name}` is left out: its definition is known only after the deployment\n"));
    }
}

fn read(path: &Path) -> anyhow::Result<LoadedStack> {
    let mut stacks = load(&[path.to_owned()]).map_err(Failure::from)?;
    stacks.pop().with_context(|| format!("`{}` is neither a template nor a definition", path.display()))
}

/// Makes a stack ready, or shows all that keeps it from being run.
fn ready(loaded: LoadedStack) -> anyhow::Result<Arc<RunnableStack>> {
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
    let selection = Selection::new(&["ASL".to_owned()], &[], &[]).context("the rules for definitions")?;
    let findings = lint::check(&loaded, &selection);
    let broken: Vec<_> = findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    if !broken.is_empty() {
        let count = broken.len();
        let linted = [Linted { stack: loaded, findings: broken }];
        output::complain(&report::render(&linted, Format::Human, colour));
        let message = format!("the stack was not run: {} in its definitions", counted(count, "error"));
        return Err(Failure::new(Diagnostic::error(message).help("`bucketbook lint` reports the same")).into());
    }
    match RunnableStack::new(&loaded) {
        Ok(stack) => {
            remark_on_tables(&stack);
            remark_on_absent(&stack);
            Ok(Arc::new(stack))
        }
        Err(faults) => Err(refused(&loaded, faults)),
    }
}

/// Says what is assumed of tables that are not part of a stack, if it can be run.
pub(super) fn tell_of_tables(stack: &LoadedStack) {
    if let Ok(stack) = RunnableStack::new(stack) {
        remark_on_tables(&stack);
    }
}

/// Says what is assumed of tables that are not part of the stack.
fn remark_on_tables(stack: &RunnableStack) {
    for TableElsewhere { name, key, exists } in stack.tables_elsewhere() {
        let table = shown(name);
        output::remark(&match key {
            _ if !exists => format!(
                "note: the stack has no table `{table}`, so calls to it fail, as on AWS; if it exists elsewhere, give its key with \
                 `--table-key {table}=PARTITION` or `{table}=PARTITION,SORT`\n"
            ),
            Some(key) => format!(
                "note: the table `{table}` is not part of the stack: it is simulated as an empty table with the key `{}`\n",
                shown(&key.to_string())
            ),
            None => format!(
                "note: the table `{table}` is not part of the stack, and no call shows its key, so calls to it fail here; give it with \
                 `--table-key {table}=PARTITION` or `{table}=PARTITION,SORT`\n"
            ),
        });
    }
}

/// Says what calls name and does not exist, and what comes of it.
fn remark_on_absent(stack: &RunnableStack) {
    for Absent { kind, id } in stack.absent() {
        let comes = match kind {
            AbsentKind::Bus => "events for it are lost",
            _ => "calls to it fail",
        };
        output::remark(&format!("note: the stack has no {} `{}`, so {comes}, as on AWS\n", kind.as_str(), shown(id)));
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
