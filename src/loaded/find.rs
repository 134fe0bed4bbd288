//! Which files there are to read.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use thiserror::Error;

use crate::source::{Fault, Source, Span, plain};

use super::{Document, LoadedStack, MAX_FILE};

/// Why there is nothing to read where the user said.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The path cannot be read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// The file that the user named is neither a template nor a definition.
    #[error("`{}` is neither a template nor a state machine's definition", path.display())]
    Neither {
        /// The path.
        path: PathBuf,
    },
    /// The file that the user named makes no sense.
    #[error("`{}` cannot be read: {}", text.name, fault.message)]
    Senseless {
        /// The file.
        text: Box<Source>,
        /// What is wrong with it.
        fault: Box<Fault>,
    },
}

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// `*.asl.json`, `*.asl.yaml`: a definition.
    Definition,
    /// Any other JSON or YAML.
    Any,
}

struct Input {
    path: PathBuf,
    sort: Sort,
    /// The user named this very file.
    named: bool,
}

/// Reads the stacks that there are at some paths: templates with their definitions, and definitions that belong to no template
/// among them. Directories are searched, without what `.gitignore` leaves out; `-` is the standard input.
///
/// The order is that of the paths, and within a directory that of the files' names; it is the same every time.
///
/// # Errors
/// A path cannot be read, or a file that was named is no stack. In directories such files are passed over.
pub fn load(paths: &[PathBuf]) -> Result<Vec<LoadedStack>, LoadError> {
    let inputs = inputs(paths)?;
    let templates: Vec<Option<LoadedStack>> = inputs
        .par_iter()
        .map(|input| if input.sort == Sort::Any { read(input) } else { Ok(None) })
        .collect::<Result<_, _>>()?;
    let claimed: HashSet<PathBuf> =
        templates.iter().flatten().filter(|stack| stack.template.is_some()).flat_map(claims).collect();
    let stacks = inputs.par_iter().zip(templates).map(|(input, stack)| match stack {
        Some(stack) if stack.template.is_some() => Ok(Some(stack)),
        _ if claimed.contains(&same(&input.path)) => Ok(None),
        Some(stack) => Ok(Some(stack)),
        None if input.sort == Sort::Definition => read(input),
        None => Ok(None),
    });
    Ok(stacks.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The files that a template has its definitions in.
fn claims(stack: &LoadedStack) -> Vec<PathBuf> {
    stack.documents.iter().skip(1).map(|document| same(&document.path)).collect()
}

/// A path by which the same file is known however it was named.
fn same(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, LoadError> {
    let mut inputs = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        if path.is_dir() {
            search(path, &mut inputs)?;
        } else {
            inputs.push(Input { sort: sort(path).unwrap_or(Sort::Any), path: path.clone(), named: true });
        }
    }
    inputs.retain(|input| seen.insert(same(&input.path)));
    Ok(inputs)
}

fn search(directory: &Path, inputs: &mut Vec<Input>) -> Result<(), LoadError> {
    let walk = ignore::WalkBuilder::new(directory)
        .require_git(false)
        .filter_entry(|entry| entry.depth() == 0 || !skipped(&entry.file_name().to_string_lossy()))
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| {
            let reason = error.io_error().map_or_else(|| error.to_string(), plain);
            LoadError::Unreadable { path: directory.to_owned(), reason }
        })?;
        let file = entry.file_type().is_some_and(|kind| kind.is_file());
        if let Some(sort) = sort(entry.path()).filter(|_| file) {
            let path = entry.into_path();
            let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
            inputs.push(Input { path, sort, named: false });
        }
    }
    Ok(())
}

/// Directories that hold what others made.
fn skipped(name: &str) -> bool {
    matches!(name, "node_modules" | "cdk.out" | "target")
}

fn sort(path: &Path) -> Option<Sort> {
    let name = path.file_name()?.to_str()?;
    let (stem, extension) = name.rsplit_once('.')?;
    if !matches!(extension, "json" | "yaml" | "yml") {
        return None;
    }
    Some(if stem.ends_with(".asl") { Sort::Definition } else { Sort::Any })
}

/// Reads a stack; `None` for a file that was found in a directory and is none.
fn read(input: &Input) -> Result<Option<LoadedStack>, LoadError> {
    let path = &input.path;
    let mut faults = Vec::new();
    let source = match source(path) {
        Ok(source) => source,
        Err(_) if !input.named => return Ok(None),
        Err((source, fault)) if !source.text.is_empty() => {
            return Err(LoadError::Senseless { text: Box::new(source), fault: Box::new(fault) });
        }
        Err((_, fault)) => {
            let reason = fault.message.strip_prefix("cannot read the file: ").unwrap_or(&fault.message).to_owned();
            return Err(LoadError::Unreadable { path: path.clone(), reason });
        }
    };
    if input.sort == Sort::Any
        && !input.named
        && !(source.text.contains("Resources") || source.text.contains("StartAt"))
    {
        return Ok(None);
    }
    let document = Document::parse(path.clone(), source, 0, &mut faults);
    if input.sort == Sort::Definition {
        // Its name says what it is, whatever it holds.
        return Ok(Some(LoadedStack::from_definition_document(document, faults)));
    }
    match LoadedStack::from_document(document, faults) {
        Ok(stack) => Ok(Some(stack)),
        Err(stack) => neither(input, *stack),
    }
}

/// A file that is neither template nor definition, as far as could be read.
fn neither(input: &Input, stack: LoadedStack) -> Result<Option<LoadedStack>, LoadError> {
    let Some(document) = stack.documents.first() else { return Ok(None) };
    let meant = document.source.text.contains("AWSTemplateFormatVersion")
        || (document.source.text.contains("StartAt") && document.source.text.contains("States"));
    if !stack.faults.is_empty() && meant {
        return Ok(Some(stack));
    }
    if !input.named {
        return Ok(None);
    }
    match stack.faults.first() {
        Some(fault) => {
            let place: Span = fault.place.span;
            let fault = Fault { message: fault.message.clone(), span: Some(place), help: fault.help.clone() };
            Err(LoadError::Senseless { text: Box::new(document.source.clone()), fault: Box::new(fault) })
        }
        None => Err(LoadError::Neither { path: input.path.clone() }),
    }
}

fn source(path: &Path) -> Result<Source, (Source, Fault)> {
    if path.as_os_str() != "-" {
        return Source::read_up_to(path, MAX_FILE);
    }
    let mut bytes = Vec::new();
    let name = "<stdin>".to_owned();
    match std::io::stdin().take(MAX_FILE as u64 + 1).read_to_end(&mut bytes) {
        Ok(length) if length <= MAX_FILE => Source::decode(name, bytes),
        Ok(_) => Err((
            Source::new(name, ""),
            Fault::new(format!("it is larger than {MAX_FILE} bytes, the most that is read")),
        )),
        Err(error) => Err((Source::new(name, ""), Fault::new(plain(&error)))),
    }
}
