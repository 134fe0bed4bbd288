use std::io::Read;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use crate::catalog::{self, CatalogError};
use crate::diagnostic::Diagnostic;
use crate::files::{self, MANIFEST};
use crate::loaded::LoadedStack;
use crate::name::{BucketName, EnvironmentName, StackName, StateMachineName, TableName};
use crate::source::{Fault, Source};
use crate::spec::{Document, Layout, Overrides, STARTERS, Spec, Starter, WorkflowType};
use crate::stack::{self, GeneratedFiles};

use super::above;
use super::failure::Failure;

pub(super) use crate::spec::FILES as SPECS;

/// The longest spec that is read from the standard input, in bytes: the same as from a file.
const MAX_SPEC: u64 = 1 << 20;

/// The directory of the generated stack, beside its spec.
const OUT: &str = "out";

/// Which stack: a spec, and what is chosen on the command line instead.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "The spec")]
pub(super) struct SpecArgs {
    /// The spec to read; `-` is the standard input [default: bucketbook.yaml or bucketbook.yml, here or above, up to the root of
    /// the repository, else to the home directory]
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Use this built-in spec
    #[arg(long, value_name = "NAME", conflicts_with = "spec",
        value_parser = PossibleValuesParser::new(STARTERS.map(|starter| starter.name)))]
    starter: Option<String>,
    /// The directory of the generated stack [default: out, beside the spec]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// The environment of the spec to use; its stack is written to a folder of that name
    #[arg(long, value_name = "NAME", conflicts_with = "starter")]
    pub(super) environment: Option<EnvironmentName>,
    /// Override the bucket's name
    #[arg(long, value_name = "NAME")]
    bucket_name: Option<BucketName>,
    /// Override the table's name
    #[arg(long, value_name = "NAME")]
    table_name: Option<TableName>,
    /// Override the state machine's name
    #[arg(long, value_name = "NAME")]
    state_machine_name: Option<StateMachineName>,
    /// Override the stack's name
    #[arg(long, value_name = "NAME")]
    stack_name: Option<StackName>,
    /// Override the table's layout
    #[arg(long, value_enum, ignore_case = true)]
    layout: Option<Layout>,
    /// Override the workflow type
    #[arg(long, value_enum, ignore_case = true)]
    workflow_type: Option<WorkflowType>,
}

/// A spec that was found and read, with what the command line says instead.
#[derive(Debug)]
pub(super) struct Chosen {
    document: Document,
    /// The spec, with the choices of the command line.
    pub(super) spec: Spec,
    /// The directory of its generated stack.
    pub(super) out: PathBuf,
    /// The environment whose overlay is in it.
    environment: Option<EnvironmentName>,
    /// What the spec's file is called.
    name: Option<String>,
}

impl SpecArgs {
    /// The spec of this file, with nothing chosen on the command line.
    pub(super) fn at(spec: &Path) -> Self {
        let out = spec.parent().unwrap_or(Path::new("")).join(OUT);
        Self { spec: Some(spec.to_owned()), out: Some(out), ..Self::default() }
    }

    /// The same in an environment.
    pub(super) fn within(mut self, environment: Option<&EnvironmentName>) -> Self {
        self.out = self.out.map(|out| environment.map_or(out.clone(), |name| out.join(name.as_str())));
        self.environment = environment.cloned();
        self
    }

    /// Whether a spec is asked for, by its name or by what is to be different about it.
    pub(super) fn asks_for_spec(&self) -> bool {
        self.spec.is_some() || self.starter.is_some() || self.overrides() != Overrides::default()
    }

    /// The spec's file, where it is named.
    pub(super) fn named(&self) -> Option<&Path> {
        self.spec.as_deref()
    }

    /// What the command line chooses beside the spec's file, word by word.
    pub(super) fn said(&self) -> Vec<String> {
        fn shown<T: std::fmt::Display>(value: &Option<T>) -> Option<String> {
            value.as_ref().map(ToString::to_string)
        }
        fn word<T: clap::ValueEnum>(value: &Option<T>) -> Option<String> {
            Some(value.as_ref()?.to_possible_value()?.get_name().to_owned())
        }
        let flags = [
            ("--starter", self.starter.clone()),
            ("--environment", shown(&self.environment)),
            ("--bucket-name", shown(&self.bucket_name)),
            ("--table-name", shown(&self.table_name)),
            ("--state-machine-name", shown(&self.state_machine_name)),
            ("--stack-name", shown(&self.stack_name)),
            ("--layout", word(&self.layout)),
            ("--workflow-type", word(&self.workflow_type)),
        ];
        flags.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?])).flatten().collect()
    }

    /// Whether the spec and its folder are those that every command takes in this directory.
    pub(super) fn is_default(&self) -> bool {
        !self.asks_for_spec() && self.environment.is_none() && self.out.is_none()
    }

    /// The spec that is named, or the nearest one to a directory.
    pub(super) fn choose(&self, directory: &Path) -> Result<Chosen, Failure> {
        let found = if self.spec.is_none() && self.starter.is_none() { find(directory) } else { None };
        let beside = found.as_deref().and_then(Path::parent).map(|parent| parent.join(OUT));
        let path = self.spec.clone().or(found);
        let (document, name) = match (&path, self.starter.as_deref().and_then(Starter::named)) {
            (Some(path), _) => (read(path), path.file_name()),
            (None, Some(starter)) => {
                (Document::parse_all(Source::new(format!("<starter {}>", starter.name), starter.text)), None)
            }
            (None, None) => return Err(no_spec()),
        };
        let document = document.map_err(Failure::faults)?;
        let document = match &self.environment {
            Some(name) => document.in_environment(name.as_str()).map_err(Failure::spec)?,
            None => document,
        };
        let folder = path.as_deref().filter(|path| path.as_os_str() != "-").and_then(Path::parent);
        let document = document.with_extra_from(folder.unwrap_or(Path::new(""))).map_err(Failure::spec)?;
        let spec = document.spec.clone().with(self.overrides());
        let beside = beside.unwrap_or_else(|| PathBuf::from(OUT));
        let beside = self.environment.as_ref().map_or(beside.clone(), |name| beside.join(name.as_str()));
        let out = self.out.clone().unwrap_or(beside);
        let name = name.and_then(|name| name.to_str()).filter(|name| *name != "-").map(str::to_owned);
        Ok(Chosen { document, spec, out, environment: self.environment.clone(), name })
    }

    /// The spec that is named or the nearest one; of one with environments, each of those that were generated, and the spec itself
    /// if it was, or if nothing was.
    pub(super) fn choose_generated(&self, directory: &Path) -> Result<Vec<Chosen>, Failure> {
        let chosen = self.choose(directory)?;
        let piped = self.spec.as_deref() == Some(Path::new("-"));
        if self.environment.is_some() || self.out.is_some() || piped {
            return Ok(vec![chosen]);
        }
        let generated = |out: &Path| out.join(MANIFEST).symlink_metadata().is_ok();
        let mut all = Vec::new();
        for name in chosen.environments() {
            if let Ok(environment) = EnvironmentName::parse(name)
                && generated(&chosen.out.join(environment.as_str()))
            {
                all.push(Self { environment: Some(environment), ..self.clone() }.choose(directory)?);
            }
        }
        if all.is_empty() || generated(&chosen.out) {
            all.insert(0, chosen);
        }
        Ok(all)
    }

    fn overrides(&self) -> Overrides {
        Overrides {
            stack_name: self.stack_name.clone(),
            bucket_name: self.bucket_name.clone(),
            table_name: self.table_name.clone(),
            layout: self.layout,
            state_machine_name: self.state_machine_name.clone(),
            workflow_type: self.workflow_type,
        }
    }
}

/// The spec in a file, or on the standard input.
fn read(path: &Path) -> Result<Document, (Source, Vec<Fault>)> {
    let one = |(source, fault)| (source, vec![fault]);
    if path.as_os_str() != "-" {
        return Document::parse_all(Source::read(path).map_err(one)?);
    }
    let mut text = String::new();
    let read = std::io::stdin().take(MAX_SPEC + 1).read_to_string(&mut text);
    let source = Source::new("<stdin>", text);
    match read {
        Err(error) => {
            let message = format!("cannot read the standard input: {}", crate::source::plain(&error));
            Err((source, vec![Fault::new(message)]))
        }
        Ok(length) if length as u64 > MAX_SPEC => {
            Err((Source::new("<stdin>", ""), vec![Fault::new("the spec is longer than the limit of 1 MiB")]))
        }
        Ok(_) => Document::parse_all(source),
    }
}

/// The spec in a directory, or the nearest [above](above::above) it, as short as it can be said from there.
fn find(directory: &Path) -> Option<PathBuf> {
    let mut shown = if directory == Path::new(".") { PathBuf::new() } else { directory.to_owned() };
    for _ in above::above(directory) {
        if let Some(spec) = in_directory(&shown) {
            return Some(spec);
        }
        shown.push("..");
    }
    None
}

/// Whether a file is a spec by its name.
pub(super) fn is_spec(path: &Path) -> bool {
    path.file_name().is_some_and(|name| SPECS.iter().any(|spec| name == *spec))
}

/// Whether there is a spec in a directory or above it.
pub(super) fn is_near(directory: &Path) -> bool {
    find(directory).is_some()
}

/// The spec in a directory itself.
pub(super) fn in_directory(directory: &Path) -> Option<PathBuf> {
    SPECS.iter().map(|name| directory.join(name)).find(|path| path.symlink_metadata().is_ok())
}

fn no_spec() -> Failure {
    let message = format!("there is no {} here or in a folder above", SPECS[0]);
    let starter = STARTERS[0].name;
    let help = format!(
        "`bucketbook init` writes one; --spec FILE names another, and --starter {starter} takes the built-in one"
    );
    Failure::new(Diagnostic::error(message).help(help))
}

impl Chosen {
    /// The files of the stack, and its pictures.
    pub(super) fn render_all(&self) -> Result<GeneratedFiles, Failure> {
        let mut files = self.render(&self.spec)?;
        for picture in crate::graph::pictures(&files) {
            files.add(picture).map_err(|error| Failure::new(Diagnostic::error(error.to_string())))?;
        }
        Ok(match &self.name {
            Some(name) => stack::made_from(files, name, self.environment.as_ref()),
            None => files,
        })
    }

    /// The files that the spec was read from.
    pub(super) fn read_from(&self) -> Vec<String> {
        self.document.files()
    }

    /// The folders of stacks that were generated for environments which the spec does not have any more.
    pub(super) fn left_over_environments(&self) -> Vec<PathBuf> {
        // The folder of an environment lies in that of the spec.
        let whole = match &self.environment {
            Some(_) => self.out.parent().unwrap_or(Path::new("")),
            None => &self.out,
        };
        let known = self.environments();
        let found = files::environments(whole).into_iter().filter(|name| !known.contains(name));
        found.map(|name| whole.join(name)).collect()
    }

    /// The environments of the spec, in the order of the text.
    pub(super) fn environments(&self) -> Vec<String> {
        self.document.environments()
    }

    /// Other environments whose stack has the name of this one: in one account and region they would be one stack.
    pub(super) fn namesakes(&self) -> Vec<String> {
        let own = self.environment.as_ref().map(EnvironmentName::as_str);
        let others = self.document.environments().into_iter().filter(|name| own.is_some_and(|own| own != name));
        let same = |name: &String| {
            self.document.in_environment(name).is_ok_and(|other| other.spec.stack.name == self.spec.stack.name)
        };
        others.filter(same).collect()
    }

    /// The stack as if its files were there and read.
    pub(super) fn loaded(&self) -> Result<LoadedStack, Failure> {
        self.loaded_of(&self.spec)
    }

    /// The same, where it is to be run: a table that exists already is one of the stack's own.
    pub(super) fn loaded_to_run(&self) -> Result<LoadedStack, Failure> {
        // What is wrong with the spec itself is told first.
        self.render(&self.spec)?;
        self.loaded_of(&self.spec.with_table_here())
    }

    fn loaded_of(&self, spec: &Spec) -> Result<LoadedStack, Failure> {
        let files = self.render(spec)?;
        let texts = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
        let mut stack = LoadedStack::from_rendered(texts);
        for document in &mut stack.documents {
            document.path = self.out.join(&document.path);
            document.source.name = document.path.display().to_string();
        }
        Ok(stack)
    }

    /// The files of the stack.
    fn render(&self, spec: &Spec) -> Result<GeneratedFiles, Failure> {
        let stack = catalog::stack(spec).map_err(|_| self.faults())?;
        let stack = match &self.environment {
            Some(name) => stack.for_environment(name.clone()),
            None => stack,
        };
        stack.files().map_err(|error| Failure::new(Diagnostic::error(error.to_string())))
    }

    /// All that keeps the spec from being a stack, in its place.
    fn faults(&self) -> Failure {
        let all = catalog::faults(&self.spec).iter().map(|error| self.fault(error)).collect();
        Failure::all(all)
    }

    fn fault(&self, error: &CatalogError) -> Failure {
        let Some(pointer) = error.pointer() else { return Failure::new(Diagnostic::error(error.to_string())) };
        let fault = Fault { help: error.help().map(str::to_owned), ..Fault::new(error.to_string()) };
        Failure::spec(self.document.fault(pointer, fault))
    }
}
