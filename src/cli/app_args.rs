//! Which stack of an app is meant.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::loaded::{LoadedStack, is_assembly, read_assembly};

use super::failure::Failure;

/// Which stack of an app.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct AppArgs {
    /// Of a cloud assembly (cdk.out): this stack with those that it depends on, or this stage [default: all of them]
    #[arg(id = "app_stack", long = "stack", value_name = "NAME")]
    pub(super) name: Option<String>,
}

/// A cloud assembly, and what of it a path names.
pub(super) struct App {
    pub(super) directory: PathBuf,
    pub(super) name: Option<String>,
}

impl App {
    /// The app that a path leads to: a cloud assembly, its manifest, a directory with `cdk.out`, or a stack in it by its template or its
    /// name (`cdk.out/Prod`).
    pub(super) fn at(path: &Path) -> Option<Self> {
        let whole = |directory: &Path| Some(Self { directory: directory.to_owned(), name: None });
        if is_assembly(path) {
            return whole(path);
        }
        if path.file_name().is_some_and(|name| name == "manifest.json") {
            return path.parent().filter(|directory| is_assembly(directory)).and_then(whole);
        }
        let synthesized = path.join(SYNTHESIZED);
        if path.join("cdk.json").is_file() && is_assembly(&synthesized) {
            return whole(&synthesized);
        }
        let above = path.parent().unwrap_or(Path::new(""));
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        if path.is_file() {
            let name = path.file_name()?.to_str().filter(|name| name.ends_with(".template.json"))?;
            let of_stack = is_assembly(above) && !name.ends_with(".nested.template.json");
            return of_stack.then(|| Self { directory: above.to_owned(), name: Some(name.to_owned()) });
        }
        if path.exists() {
            return None;
        }
        let directory = path.ancestors().skip(1).find(|directory| is_assembly(directory))?;
        let name = path.strip_prefix(directory).ok()?.to_str()?.replace('\\', "/");
        Some(Self { directory: directory.to_owned(), name: Some(name) })
    }

    /// The stacks that are meant: those that are deployed to one place are one.
    pub(super) fn stacks(&self, args: &AppArgs) -> anyhow::Result<Vec<LoadedStack>> {
        let name = args.name.as_deref().or(self.name.as_deref());
        Ok(read_assembly(&self.directory, name).map_err(Failure::from)?)
    }

    /// The one that can run.
    pub(super) fn stack(&self, args: &AppArgs) -> anyhow::Result<LoadedStack> {
        let mut stacks = self.stacks(args)?;
        let runs = |stack: &LoadedStack| !stack.machines.is_empty();
        if stacks.iter().any(runs) {
            stacks.retain(runs);
        }
        if let [first, _, ..] = stacks.as_slice() {
            let names: Vec<String> = stacks.iter().map(label).collect();
            let message =
                format!("`{}` contains several independent stacks: {}", self.directory.display(), names.join(", "));
            let example =
                first.joined.as_ref().and_then(|joined| joined.stage.clone()).unwrap_or_else(|| names[0].clone());
            return Err(Failure::new(Diagnostic::error(message).help(format!("choose one: --stack {example}"))).into());
        }
        stacks.pop().ok_or_else(|| {
            let message = format!("there is no stack in `{}`", self.directory.display());
            Failure::new(Diagnostic::error(message).help("synthesize the app: npx cdk synth")).into()
        })
    }
}

/// The directory that the CDK writes to.
pub(super) const SYNTHESIZED: &str = "cdk.out";

/// What a part of an app is called.
fn label(stack: &LoadedStack) -> String {
    let joined = stack.joined.as_deref();
    joined.and_then(|joined| joined.stage.clone().or_else(|| joined.stacks.first().cloned())).unwrap_or_default()
}

/// Refuses --stack for anything else.
pub(super) fn refuse(args: &AppArgs, path: &Path) -> Result<(), Failure> {
    match &args.name {
        None => Ok(()),
        Some(name) => {
            let message = format!("`{}` is not a cloud assembly, so it has no stack `{name}`", path.display());
            Err(Failure::new(Diagnostic::error(message).help("--stack is for the directory that `cdk synth` writes")))
        }
    }
}
