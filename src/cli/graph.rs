//! `graph`: pictures of a stack's state machines, and of the stack.

use std::path::{Path, PathBuf};

use crate::asl::program::{Program, ProgramFault};
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::graph::{self, Diagram, SvgOptions, Trace, TraceError};
use crate::loaded::{LoadedMachine, LoadedStack};
use crate::source::{Fault, Source};
use crate::stack::{is_output, output_line};

use super::app_args::AppArgs;
use super::failure::Failure;
use super::outcome::Outcome;
use super::spec_args::SpecArgs;
use super::values::ValueArgs;
use super::{output, stack_source};

/// Draw the workflow of a state machine, or the architecture of a stack
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 drawn, 2 the files could not be read, or there is nothing to draw.\n\n\
    Examples: bucketbook graph --output workflow.svg\n          \
    bucketbook simulate --put a.jpg --format json > run.json; bucketbook graph --trace run.json")]
pub(super) struct Args {
    /// A template, a definition, or a directory of one; `-` is the standard input [default: the spec's stack,
    /// or out/template.yaml]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// The state machine to draw, by name or logical id [default: all of them]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// What to draw
    #[arg(long, value_enum, default_value_t)]
    view: View,
    /// The output format [default: by the extension of the output, or text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file instead of the standard output: .svg, .mmd, .mermaid, .dot, .gv or .txt
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that this command did not write
    #[arg(long)]
    force: bool,
    /// Highlight the path of executions, from the output of `simulate --format json` or `jsonl`; may be given several times
    #[arg(long, value_name = "FILE")]
    trace: Vec<PathBuf>,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    values: ValueArgs,
    #[command(flatten)]
    spec: SpecArgs,
}

/// What a picture is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum View {
    /// The states of a state machine and their transitions.
    #[default]
    Workflow,
    /// The resources of a stack and how they act on each other.
    Architecture,
}

/// As what a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A picture for browsers, in light and dark.
    Svg,
    /// A flowchart that GitHub draws in Markdown.
    Mermaid,
    /// The language of Graphviz.
    Dot,
    /// An outline for a terminal.
    Text,
}

/// The largest history that is read: what a hundred thousand executions write.
const MAX_TRACE: usize = 1 << 30;

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    // `-` is the standard output, as in `report`.
    let file = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let format = format(args.format, file)?;
    let is_own = |top: &[u8]| is_output(top, "graph");
    if let Some(path) = file {
        files::may_write(path, is_own, args.force).map_err(Failure::from)?;
    }
    let stack =
        args.values.given(stack_source::loaded_stack(args.path.as_deref(), &args.spec, &args.app, Path::new(""))?)?;
    let diagram = match args.view {
        View::Workflow => workflow(args, &stack)?,
        View::Architecture => architecture(args, &stack)?,
    };
    match file {
        Some(path) => {
            let text = written(&diagram, format, Some(output_line("graph")));
            files::write_output(path, &text, is_own, args.force).map_err(Failure::from)?;
        }
        None if format == Format::Text => output::show(&written(&diagram, format, None))?,
        None => output::print(&written(&diagram, format, None))?,
    }
    Ok(Outcome::Fine)
}

/// A picture in its format. In a file, its first line is a comment that says what made it.
fn written(diagram: &Diagram, format: Format, comment: Option<String>) -> String {
    let commented = |mark: &str, text: String| match &comment {
        Some(comment) => format!("{mark} {comment}\n{text}"),
        None => text,
    };
    match format {
        Format::Svg => graph::svg(diagram, &SvgOptions { comment, ..SvgOptions::default() }),
        // Its front matter has to come first, and is YAML.
        Format::Mermaid => match (graph::mermaid(diagram), &comment) {
            (text, Some(comment)) => text.replacen("---\n", &format!("---\n# {comment}\n"), 1),
            (text, None) => text,
        },
        Format::Dot => commented("//", graph::dot(diagram)),
        Format::Text => commented("#", graph::text(diagram)),
    }
}

/// The format that is asked for, by its name or by that of the file.
fn format(named: Option<Format>, file: Option<&Path>) -> Result<Format, Failure> {
    let Some(path) = file else { return Ok(named.unwrap_or(Format::Text)) };
    let wrong = |message: String| {
        let help = "use .svg, .mmd, .mermaid, .dot, .gv or .txt";
        Err(Failure::new(Diagnostic::error(message).help(help)))
    };
    match (by_name(path), named) {
        (Some(format), None) => Ok(format),
        (Some(format), Some(named)) if format == named => Ok(format),
        (Some(_), Some(_)) => wrong(format!("the extension of `{}` does not match --format", path.display())),
        (None, Some(named)) if path.extension().is_none() => Ok(named),
        (None, _) => wrong(format!("`{}` does not have the extension of a picture", path.display())),
    }
}

/// The format that a file's name asks for.
fn by_name(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "svg" => Some(Format::Svg),
        "mmd" | "mermaid" => Some(Format::Mermaid),
        "dot" | "gv" => Some(Format::Dot),
        "txt" => Some(Format::Text),
        _ => None,
    }
}

fn architecture(args: &Args, stack: &LoadedStack) -> anyhow::Result<Diagram> {
    if args.machine.is_some() || !args.trace.is_empty() {
        let message = "--machine and --trace need --view workflow";
        return Err(Failure::new(Diagnostic::error(message).help("leave out --view architecture")).into());
    }
    readable(stack)?;
    Ok(graph::architecture(stack))
}

/// Refuses a file whose text makes no sense.
fn readable(stack: &LoadedStack) -> Result<(), Failure> {
    let senseless = stack.documents.first().is_none_or(|document| document.root.is_none());
    match (senseless, stack.faults.first()) {
        (true, Some(fault)) => Err(fault_of(stack, fault.place.document, Some(fault.place.span), &fault.message)),
        _ => Ok(()),
    }
}

fn fault_of(stack: &LoadedStack, document: usize, span: Option<crate::source::Span>, message: &str) -> Failure {
    let fault = Fault { message: message.to_owned(), span, help: None };
    match stack.documents.get(document) {
        Some(document) => Failure::new(Diagnostic::fault(document.source.clone(), fault)),
        None => Failure::new(Diagnostic::error(message)),
    }
}

fn workflow(args: &Args, stack: &LoadedStack) -> anyhow::Result<Diagram> {
    readable(stack)?;
    let trace = read_traces(&args.trace)?;
    let mut machines: Vec<&LoadedMachine> = match &args.machine {
        Some(name) => vec![named(stack, name)?],
        None => stack.machines.iter().collect(),
    };
    if let Some(trace) = trace.as_ref().filter(|_| machines.len() > 1) {
        machines.retain(|machine| trace.names(&machine.arn));
        if machines.len() != 1 {
            let message = match machines.len() {
                0 => "the trace does not belong to a state machine of this stack",
                _ => "the trace contains several state machines: choose one with --machine",
            };
            return Err(Failure::new(Diagnostic::error(message).help(known(stack))).into());
        }
    }
    if args.machine.is_none() && machines.iter().any(|machine| is_known(stack, machine)) {
        machines.retain(|machine| is_known(stack, machine));
        stack_source::left_out(stack);
    }
    let programs = machines.iter().map(|machine| Ok((*machine, program(stack, machine)?)));
    let programs: Vec<(&LoadedMachine, Program)> = programs.collect::<Result<_, Failure>>()?;
    let diagram = match programs.as_slice() {
        [] => {
            return Err(
                Failure::new(Diagnostic::error("the stack has no state machine, so there is no workflow")).into()
            );
        }
        [(machine, program)] => {
            let mut diagram = graph::workflow(label(machine), program);
            if let Some(trace) = trace {
                // A definition on its own has an ARN that no execution could know.
                let arn = machine.logical_id.as_ref().map(|_| machine.arn.as_str());
                trace.paint(&mut diagram, arn).map_err(|error| misfit(args, stack, &error))?;
            }
            diagram
        }
        several => {
            let named: Vec<(&str, &Program)> =
                several.iter().map(|(machine, program)| (label(machine), program)).collect();
            graph::workflows("State machines", &named)
        }
    };
    Ok(diagram)
}

/// Whether the definition of a machine is here, or something is wrong with it that can be said.
fn is_known(stack: &LoadedStack, machine: &LoadedMachine) -> bool {
    let about = |pointer: &str| machine.place.as_ref().is_some_and(|place| pointer.starts_with(&place.pointer));
    machine.definition.is_some() || stack.faults.iter().any(|fault| about(&fault.place.pointer))
}

/// What people call a machine.
fn label(machine: &LoadedMachine) -> &str {
    machine.logical_id.as_deref().unwrap_or(&machine.name)
}

fn named<'a>(stack: &'a LoadedStack, name: &str) -> Result<&'a LoadedMachine, Failure> {
    let is = |machine: &&LoadedMachine| {
        machine.logical_id.as_deref() == Some(name) || machine.name == name || machine.arn == name
    };
    stack.machines.iter().find(is).ok_or_else(|| {
        let labels = stack.machines.iter().map(label);
        let near = labels.map(|label| (strsim::damerau_levenshtein(label, name), label)).min();
        let help = match near.filter(|(distance, label)| *distance <= label.chars().count().max(3) / 3) {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => known(stack),
        };
        Failure::new(Diagnostic::error(format!("the stack has no state machine `{name}`")).help(help))
    })
}

/// The names of some of the machines.
fn known(stack: &LoadedStack) -> String {
    let names: Vec<&str> = stack.machines.iter().map(label).collect();
    match names.as_slice() {
        [] => "it has no state machines".to_owned(),
        few if few.len() <= 12 => format!("its state machines are {}", few.join(", ")),
        many => format!("its state machines are {} and {} more", many[..12].join(", "), many.len() - 12),
    }
}

/// A machine's definition, read.
fn program(stack: &LoadedStack, machine: &LoadedMachine) -> Result<Program, Failure> {
    let Some((definition, program)) = machine.definition.as_ref().zip(machine.program()) else {
        let message = format!("the definition of `{}` cannot be read", label(machine));
        let place = machine.place.as_ref();
        let why =
            stack.faults.iter().find(|fault| place.is_none_or(|place| fault.place.pointer.starts_with(&place.pointer)));
        return Err(match why {
            Some(fault) => fault_of(stack, fault.place.document, Some(fault.place.span), &fault.message),
            None => Failure::new(Diagnostic::error(message).help("it is known only after the deployment")),
        });
    };
    program.map_err(|mut faults| {
        let more = faults.len().saturating_sub(1);
        if faults.is_empty() {
            return Failure::new(Diagnostic::error("the definition cannot be read"));
        }
        let ProgramFault { pointer, message } = faults.swap_remove(0);
        let mut at = pointer.as_str();
        let span = loop {
            if let Some(node) = definition.root.pointer(at) {
                break Some(node.span);
            }
            match at.rsplit_once('/') {
                Some((above, _)) => at = above,
                None => break None,
            }
        };
        let message = format!("{message} ({pointer}){}", and_more(more));
        fault_of(stack, definition.document, span, &message)
    })
}

/// What is said of the faults that are not shown.
fn and_more(more: usize) -> String {
    if more == 0 { String::new() } else { format!("; and {more} more, which `bucketbook lint` shows") }
}

fn read_traces(paths: &[PathBuf]) -> anyhow::Result<Option<Trace>> {
    let mut all: Option<Trace> = None;
    for path in paths {
        let source = Source::read_up_to(path, MAX_TRACE).map_err(Failure::spec)?;
        let trace = Trace::read(&source.text).map_err(|error| {
            let message = format!("`{}` is not a trace: {error}", path.display());
            Failure::new(Diagnostic::error(message).help("`bucketbook simulate --format json` writes one"))
        })?;
        match &mut all {
            Some(all) => all.extend(trace),
            None => all = Some(trace),
        }
    }
    Ok(all)
}

/// A trace that does not go with the machine.
fn misfit(args: &Args, stack: &LoadedStack, error: &TraceError) -> anyhow::Error {
    let paths: Vec<String> = args.trace.iter().map(|path| format!("`{}`", path.display())).collect();
    let message = format!("{} cannot be highlighted: {error}", paths.join(" and "));
    Failure::new(Diagnostic::error(message).help(known(stack))).into()
}
