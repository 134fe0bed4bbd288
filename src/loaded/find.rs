//! Which files there are to read.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::source::{Fault, Node, Source, Span, each, plain};

use super::overlay::same;
use super::unrendered;
use super::walk::walk;
use super::{Document, FaultKind, LoadError, LoadedStack, MAX_FILE, Overlay, is_assembly, read_assembly};

/// What there is at some paths.
#[derive(Debug, Default)]
pub struct Found {
    /// The stacks and definitions, broken ones included.
    pub stacks: Vec<LoadedStack>,
    /// The files of directories that are none.
    pub skipped: Vec<Skipped>,
}

/// A file of a directory that is neither a template nor a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The path of the file that was skipped.
    pub path: PathBuf,
    /// Why it is skipped.
    pub reason: String,
}

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// `*.asl.json`, `*.asl.yaml`, `*.asl`: a definition.
    Definition,
    /// `template.yaml`, `serverless.template`: a template.
    Template,
    /// `*.template`: a template of CloudFormation, or of something else.
    Perhaps,
    /// Any other JSON or YAML.
    Any,
}

struct Input {
    path: PathBuf,
    sort: Sort,
    /// The user named this very file.
    named: bool,
}

/// Reads the stacks that there are at some paths, as [`find`] does.
///
/// # Errors
/// The same.
pub fn load(paths: &[PathBuf]) -> Result<Vec<LoadedStack>, LoadError> {
    Ok(find(paths)?.stacks)
}

/// Reads the stacks that there are at some paths: templates with their definitions, and definitions that belong to no template
/// among them. Directories are searched, without what `.gitignore` leaves out; `-` is the standard input.
///
/// A directory that is a cloud assembly of the CDK's holds the stacks of that, and templates are joined with the ones that are nested in
/// them.
///
/// The order is that of the paths, and within a directory that of the files' names; it is the same every time.
///
/// # Errors
/// A path cannot be read, or a file that was named is no stack. In directories a file that is a template or a definition by its name or
/// its content and cannot be read is a stack with that fault; the others are skipped.
pub fn find(paths: &[PathBuf]) -> Result<Found, LoadError> {
    let (assemblies, others): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(|path| is_assembly(path));
    let mut found = find_by(&others, &Overlay::default(), true)?;
    for directory in assemblies {
        found.stacks.extend(read_assembly(&directory, None)?);
    }
    Ok(found)
}

/// The same, with texts that count in place of files, and each template by itself.
///
/// # Errors
/// The same.
pub fn find_over(paths: &[PathBuf], overlay: &Overlay) -> Result<Found, LoadError> {
    find_by(paths, overlay, false)
}

fn find_by(paths: &[PathBuf], overlay: &Overlay, join: bool) -> Result<Found, LoadError> {
    let inputs = inputs(paths)?;
    let read = |input: &Input| read(input, overlay, join);
    let read_first = |input: &Input| if input.sort == Sort::Definition { Ok(None) } else { read(input).map(Some) };
    let size = |input: &Input| std::fs::metadata(&input.path).map_or(0, |file| file.len());
    let first: Vec<Option<Reading>> =
        each(inputs.iter().collect(), |input| size(input), read_first).into_iter().collect::<Result<_, _>>()?;
    let templates = first.iter().flatten().filter_map(|reading| match reading {
        Reading::Stack(stack) if stack.template.is_some() => Some(stack),
        _ => None,
    });
    let claimed: HashSet<PathBuf> = templates.flat_map(|stack| claims(stack)).collect();
    let nested = nested(&inputs, &first);
    let second = inputs.iter().zip(first).collect();
    let readings = each(
        second,
        |(input, _): &(&Input, _)| size(input),
        |(input, reading)| match reading {
            Some(Reading::Stack(_)) if nested.contains(&same(&input.path)) => Ok(None),
            Some(Reading::Stack(stack)) if stack.template.is_some() => Ok(Some(Reading::Stack(stack))),
            _ if claimed.contains(&same(&input.path)) => Ok(None),
            Some(reading) => Ok(Some(reading)),
            None => read(input).map(Some),
        },
    );
    let mut found = Found::default();
    for (input, reading) in inputs.iter().zip(readings.into_iter().collect::<Result<Vec<_>, _>>()?) {
        match reading {
            Some(Reading::Stack(stack)) => found.stacks.push(*stack),
            Some(Reading::Skipped(reason)) => found.skipped.push(Skipped { path: input.path.clone(), reason }),
            None => {}
        }
    }
    Ok(found)
}

/// The files below a directory that may hold a stack, by their names, as [`find`] finds them.
///
/// # Errors
/// The directory cannot be read.
pub fn files(directory: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let mut inputs = Vec::new();
    search(directory, &mut inputs)?;
    Ok(inputs.into_iter().map(|input| input.path).collect())
}

/// Reads a single file as one that was found in a directory; `None` for what is neither a template nor a definition.
pub fn read_over(path: &Path, overlay: &Overlay) -> Option<LoadedStack> {
    let input = Input { path: path.to_owned(), sort: sort(path)?, named: false };
    match read(&input, overlay, false) {
        Ok(Reading::Stack(stack)) => Some(*stack),
        _ => None,
    }
}

/// What reading a file comes to.
enum Reading {
    Stack(Box<LoadedStack>),
    Skipped(String),
}

/// The templates that are nested in others which stay.
fn nested(inputs: &[Input], read: &[Option<Reading>]) -> HashSet<PathBuf> {
    let mut nested = HashSet::new();
    let mut kept = HashSet::new();
    for (input, reading) in inputs.iter().zip(read) {
        let Some(Reading::Stack(stack)) = reading else { continue };
        let own = same(&input.path);
        if stack.joined.is_none() || nested.contains(&own) {
            continue;
        }
        let templates = stack.written().iter().filter_map(|template| stack.documents.get(template.document));
        let others = templates.map(|document| same(&document.path)).filter(|path| *path != own);
        nested.extend(others.filter(|path| !kept.contains(path)));
        kept.insert(own);
    }
    nested
}

/// The files that a template has its definitions in.
fn claims(stack: &LoadedStack) -> Vec<PathBuf> {
    stack.documents.iter().skip(1).map(|document| same(&document.path)).collect()
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
    let entries =
        walk(directory, |name| !skipped(name)).map_err(|(path, reason)| LoadError::Unreadable { path, reason })?;
    for entry in entries {
        // Links to files are followed. What is no regular file is refused when it is read.
        let file = entry.file_type().is_some_and(|kind| !kind.is_dir()) && !entry.path().is_dir();
        if let Some(sort) = sort(entry.path()).filter(|_| file) {
            let path = entry.into_path();
            let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
            inputs.push(Input { path, sort, named: false });
        }
    }
    Ok(())
}

/// How deep below a template, and how many files, [`definitions_below`] looks at.
const DEEPEST: usize = 3;
const MOST: usize = 2000;

/// The files below a template that may be definitions of its state machines, by their paths from there; those that are called `.asl` first.
pub fn definitions_below(template: &Path) -> Vec<String> {
    let Some(folder) = template.parent() else { return Vec::new() };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut found: Vec<(bool, String)> = Vec::new();
    let mut seen = 0;
    let mut waiting = vec![(folder.to_owned(), 0)];
    while let Some((directory, depth)) = waiting.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            seen += 1;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if name.starts_with('.') || seen > MOST {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if depth < DEEPEST && !skipped(&name) {
                    waiting.push((path, depth + 1));
                }
                continue;
            }
            let other = match sort(&path) {
                Some(Sort::Definition) => false,
                Some(Sort::Any) => true,
                _ => continue,
            };
            let relative = path.strip_prefix(folder).ok().and_then(Path::to_str).filter(|_| path != template);
            found.extend(relative.map(|name| (other, name.replace('\\', "/"))));
        }
    }
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// Directories that hold what others made.
fn skipped(name: &str) -> bool {
    matches!(name, "node_modules" | "cdk.out" | "target")
}

fn sort(path: &Path) -> Option<Sort> {
    let name = path.file_name()?.to_str()?;
    let (stem, extension) = name.rsplit_once('.')?;
    Some(match (stem, extension) {
        (_, "asl") => Sort::Definition,
        ("serverless", "template") => Sort::Template,
        (_, "template") => Sort::Perhaps,
        (stem, "json" | "yaml" | "yml") if stem.ends_with(".asl") => Sort::Definition,
        ("template", "json" | "yaml" | "yml") => Sort::Template,
        (_, "json" | "yaml" | "yml") => Sort::Any,
        _ => return None,
    })
}

/// Reads a file: a stack, or none that was found in a directory.
fn read(input: &Input, overlay: &Overlay, join: bool) -> Result<Reading, LoadError> {
    let path = &input.path;
    let mut faults = Vec::new();
    let source = match source(path, overlay) {
        Ok(source) => source,
        Err((source, fault)) if !input.named => return Ok(unreadable(input, source, fault)),
        Err((source, fault)) if !source.text.is_empty() => {
            return Err(LoadError::Senseless { text: Box::new(source), fault: Box::new(fault) });
        }
        Err((_, fault)) => {
            let reason = fault.message.strip_prefix("cannot read the file: ").unwrap_or(&fault.message).to_owned();
            return Err(LoadError::Unreadable { path: path.clone(), reason });
        }
    };
    if input.sort == Sort::Any && !input.named && !WORDS.iter().any(|word| source.text.contains(word)) {
        return Ok(Reading::Skipped(NEITHER.to_owned()));
    }
    let document = Document::parse(path.clone(), source, 0, &mut faults);
    if unrendered::is_one(&document) {
        return match input.named {
            true => Err(LoadError::Unrendered { path: path.clone() }),
            false => Ok(Reading::Skipped(UNRENDERED.to_owned())),
        };
    }
    if input.sort == Sort::Definition {
        // Its name says what it is, whatever it holds.
        return Ok(Reading::Stack(Box::new(LoadedStack::from_definition_document(document, faults))));
    }
    match LoadedStack::from_document(document, faults, overlay, join) {
        Ok(mut stack) => {
            if let Some(template) = stack.template.as_mut() {
                template.other_transforms |= is_merged(path, &template.root);
            }
            Ok(Reading::Stack(Box::new(stack)))
        }
        Err(stack) => neither(input, stack),
    }
}

/// Whether a template is a part of a Serverless Framework service, which merges it with resources of its own: it does not say that it is
/// a template, and the service stands beside it or above.
fn is_merged(path: &Path, root: &Node) -> bool {
    let says_so = root.get("AWSTemplateFormatVersion").is_some() || root.get("Transform").is_some();
    let services = ["yml", "yaml", "json", "ts", "js"].map(|extension| format!("serverless.{extension}"));
    let has_service = |directory: &Path| services.iter().any(|name| directory.join(name).is_file());
    !says_so && path.ancestors().skip(1).take(3).any(has_service)
}

const UNRENDERED: &str = "another tool renders it before the deployment";
/// The keys of templates, definitions and services of which each has one at least.
const WORDS: [&str; 5] = ["Resources", "StartAt", "AWSTemplateFormatVersion", "Transform", "stepFunctions"];

const NEITHER: &str = "it is neither a template nor a definition";

/// A file of a directory whose text cannot be read: a fault if it is a template or a definition by its name or its content.
fn unreadable(input: &Input, source: Source, fault: Fault) -> Reading {
    if matches!(input.sort, Sort::Any | Sort::Perhaps) && !is_meant(&source.text) {
        return Reading::Skipped(fault.message);
    }
    let document = Document { path: input.path.clone(), source, root: None, json: false };
    let mut faults = Vec::new();
    super::document::push(&mut faults, 0, FaultKind::NotText, fault);
    Reading::Stack(Box::new(LoadedStack { documents: vec![document], faults, ..LoadedStack::default() }))
}

/// A file that is neither template nor definition, as far as could be read.
fn neither(input: &Input, stack: Box<LoadedStack>) -> Result<Reading, LoadError> {
    let Some(document) = stack.documents.first() else { return Ok(Reading::Skipped(NEITHER.to_owned())) };
    let broken = !stack.faults.is_empty();
    let text = &document.source.text;
    let named_so = match input.sort {
        Sort::Template => true,
        Sort::Perhaps => text.trim().is_empty() || WORDS.iter().any(|word| has_key(text, word)),
        Sort::Definition | Sort::Any => false,
    };
    if broken && (named_so || is_meant(&document.source.text)) || !input.named && named_so && document.root.is_none() {
        return Ok(Reading::Stack(stack));
    }
    if !input.named {
        return Ok(Reading::Skipped(NEITHER.to_owned()));
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

/// Whether a text that makes no sense is meant as a template or as a definition.
fn is_meant(text: &str) -> bool {
    let template = (has_key(text, "Resources") || has_key(text, "Transform")) && text.contains("AWS::");
    template || text.contains("AWSTemplateFormatVersion") || (text.contains("StartAt") && text.contains("States"))
}

/// Whether a text has a key of this name at the top, or one in quotes anywhere.
fn has_key(text: &str, name: &str) -> bool {
    text.contains(&format!("\"{name}\""))
        || text.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))
}

fn source(path: &Path, overlay: &Overlay) -> Result<Source, (Source, Fault)> {
    if path.as_os_str() != "-" {
        return overlay.read(path);
    }
    let mut bytes = Vec::new();
    let name = "<stdin>".to_owned();
    match std::io::stdin().take(MAX_FILE as u64 + 1).read_to_end(&mut bytes) {
        Ok(length) if length <= MAX_FILE => Source::decode(name, bytes),
        Ok(_) => Err((Source::new(name, ""), Fault::new(format!("it is larger than the limit of {MAX_FILE} bytes")))),
        Err(error) => Err((Source::new(name, ""), Fault::new(plain(&error)))),
    }
}
