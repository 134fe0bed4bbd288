use std::path::PathBuf;

use thiserror::Error;

use crate::source::{Fault, Source};

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
    /// The file that the user named is the template of a template: another tool fills it in first.
    #[error("`{}` is a template of another tool, which renders it before the deployment: it has `{{{{ ... }}}}` or `{{% ... %}}`", path.display())]
    Unrendered {
        /// The path.
        path: PathBuf,
    },
    /// An app has no stack of that name.
    #[error("`{}` has no stack `{name}`", path.display())]
    NoStack {
        /// The directory of the app's cloud assembly.
        path: PathBuf,
        /// The name.
        name: String,
        /// The stacks and stages that there are.
        known: Vec<String>,
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
