use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::{self, CatalogError};
use crate::diagnostic::Diagnostic;
use crate::name::{BucketName, StackName, StateMachineName, TableName};
use crate::source::{Fault, Source};
use crate::spec::{Document, Layout, Overrides, STARTERS, Spec, WorkflowType};
use crate::stack::{GeneratedFiles, Stack};

use super::failure::Failure;
use super::output;

/// The spec that is looked for where none is named.
const DEFAULT_SPEC: &str = "bucketbook.yaml";

/// Which stack: a spec, and what is chosen on the command line instead.
#[derive(Debug, clap::Args)]
pub(super) struct SpecArgs {
    /// The spec to read [default: bucketbook.yaml; where there is none, the starter `article`]
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The directory of the generated stack
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(super) out: PathBuf,
    /// The bucket's name, instead of the spec's
    #[arg(long, value_name = "NAME")]
    bucket_name: Option<BucketName>,
    /// The table's name, instead of the spec's
    #[arg(long, value_name = "NAME")]
    table_name: Option<TableName>,
    /// The state machine's name, instead of the spec's
    #[arg(long, value_name = "NAME")]
    state_machine_name: Option<StateMachineName>,
    /// The stack's name, instead of the spec's
    #[arg(long, value_name = "NAME")]
    stack_name: Option<StackName>,
    /// What the table holds of a file, instead of the spec's choice
    #[arg(long, value_enum, ignore_case = true)]
    layout: Option<Layout>,
    /// The kind of workflow, instead of the spec's
    #[arg(long, value_enum, ignore_case = true)]
    workflow_type: Option<WorkflowType>,
}

impl SpecArgs {
    /// The spec in a directory, with nothing chosen on the command line.
    pub(super) fn of(directory: &Path) -> Self {
        let spec = directory.join(DEFAULT_SPEC);
        Self {
            spec: fs::symlink_metadata(&spec).is_ok().then_some(spec),
            out: directory.join("out"),
            bucket_name: None,
            table_name: None,
            state_machine_name: None,
            stack_name: None,
            layout: None,
            workflow_type: None,
        }
    }

    /// The spec of this file, with nothing chosen on the command line.
    pub(super) fn at(spec: &Path) -> Self {
        let directory = spec.parent().unwrap_or(Path::new(""));
        Self { spec: Some(spec.to_owned()), ..Self::of(directory) }
    }

    /// The spec itself.
    pub(super) fn spec(&self) -> Result<Spec, Failure> {
        self.document().map(|document| document.spec).map_err(Failure::spec)
    }

    /// The spec, with what is chosen on the command line.
    pub(super) fn chosen(&self) -> Result<Spec, Failure> {
        let document = self.found().map_err(Failure::spec)?;
        Ok(document.spec.with(self.overrides()))
    }

    /// The files of the stack that these arguments describe, and its pictures.
    pub(super) fn render_all(&self) -> Result<GeneratedFiles, Failure> {
        let mut files = self.render()?;
        for picture in crate::graph::pictures(&files) {
            files.add(picture).map_err(|error| Failure::new(Diagnostic::error(error.to_string())))?;
        }
        Ok(files)
    }

    /// The files of the stack that these arguments describe.
    pub(super) fn render(&self) -> Result<GeneratedFiles, Failure> {
        let stack = self.stack()?;
        stack.files().map_err(|error| Failure::new(Diagnostic::error(error.to_string())))
    }

    fn stack(&self) -> Result<Stack, Failure> {
        let document = self.document().map_err(Failure::spec)?;
        let spec = document.spec.clone().with(self.overrides());
        catalog::stack(&spec).map_err(|error| match &error {
            CatalogError::AttributeTaken { pointer, .. } | CatalogError::AttributeNotForApi { pointer, .. } => {
                let fault = Fault::new(error.to_string()).help("choose another name for this attribute");
                Failure::spec(document.fault(pointer, fault))
            }
            CatalogError::Index { pointer, help, .. } => {
                Failure::spec(document.fault(pointer, Fault::new(error.to_string()).help(help.clone())))
            }
            CatalogError::Choice { pointer, message, help } => {
                Failure::spec(document.fault(pointer, Fault::new(message).help(help)))
            }
            CatalogError::RemoveFromHistory => {
                let fault = Fault::new(error.to_string()).help("`mark` adds a record of the deletion");
                Failure::spec(document.fault("/events/deleted", fault))
            }
            CatalogError::StackNameTooLong { .. } => {
                let fault = Fault::new(error.to_string()).help("choose a shorter name for the stack");
                Failure::spec(document.fault("/stack/name", fault))
            }
            CatalogError::Api(misfit) => {
                let fault = Fault::new(error.to_string()).help(misfit.help());
                Failure::spec(document.fault(misfit.pointer(), fault))
            }
            CatalogError::Blueprint(_) => error.into(),
        })
    }

    /// The document, and a note if nobody wrote one.
    fn document(&self) -> Result<Document, (Source, Fault)> {
        if self.path().is_none() {
            let name = STARTERS[0].name;
            output::complain(&format!("note: no {DEFAULT_SPEC} here, so this is the built-in starter `{name}`\n"));
        }
        self.found()
    }

    fn found(&self) -> Result<Document, (Source, Fault)> {
        match self.path() {
            Some(path) => Document::read(path),
            None => Document::parse(Source::new(format!("<starter {}>", STARTERS[0].name), STARTERS[0].text)),
        }
    }

    /// The file of the spec, if there is one.
    fn path(&self) -> Option<&Path> {
        let default = Path::new(DEFAULT_SPEC);
        self.spec.as_deref().or_else(|| fs::symlink_metadata(default).is_ok().then_some(default))
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
