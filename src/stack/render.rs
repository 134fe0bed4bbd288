use indexmap::IndexMap;
use serde::Serialize;
use thiserror::Error;

use super::files::{GeneratedFile, GeneratedFiles, RenderedTwice};
use super::openapi::Document;
use super::{Stack, Template, comment_line, yaml};

/// Why a stack could not be written as text.
#[derive(Debug, Error)]
pub enum RenderError {
    /// A template is no YAML.
    #[error("cannot write the template: {0}")]
    Yaml(#[from] saphyr::EmitError),
    /// A template or definition is no JSON.
    #[error("cannot write the definition: {0}")]
    Json(#[from] serde_json::Error),
    /// Two files have one path.
    #[error(transparent)]
    Twice(#[from] RenderedTwice),
    /// The configuration is no TOML.
    #[error("cannot write samconfig.toml: {0}")]
    Toml(#[from] toml::ser::Error),
}

impl Stack {
    /// The stack as files: the template, its definitions, what else it needs, and the configuration that `sam deploy` reads.
    ///
    /// The same stack gives the same bytes, always.
    ///
    /// # Errors
    /// None that a stack made by this crate can meet; a value of the model would have to have no form in its format.
    pub fn files(&self) -> Result<GeneratedFiles, RenderError> {
        let mut files = GeneratedFiles::default();
        files.add(GeneratedFile { path: "template.yaml".to_owned(), text: self.template.to_yaml()? })?;
        for (path, definition) in &self.definitions {
            let text = format!("{}\n", serde_json::to_string_pretty(definition)?);
            files.add(GeneratedFile { path: path.clone(), text })?;
        }
        for asset in &self.assets {
            files.add(asset.clone())?;
        }
        files.add(GeneratedFile { path: "samconfig.toml".to_owned(), text: self.samconfig()? })?;
        Ok(files)
    }

    /// The [configuration](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html)
    /// with which `sam deploy` needs no flags.
    fn samconfig(&self) -> Result<String, RenderError> {
        let commands = || Commands {
            global: Section { parameters: Global { stack_name: self.name.as_str() } },
            deploy: Section {
                parameters: Deploy { capabilities: "CAPABILITY_IAM", fail_on_empty_changeset: false, resolve_s3: true },
            },
        };
        // Without a flag SAM takes the section `default`, and with `--config-env` that of the environment: both say the same.
        let environment = self.environment.as_ref().map(|name| (name.as_str(), commands()));
        let environments = IndexMap::from_iter([("default", commands())].into_iter().chain(environment));
        let config = SamConfig { version: 0.1, environments };
        Ok(format!("# {}\n{}", comment_line(), toml::to_string(&config)?))
    }
}

impl Template {
    /// The template as YAML.
    pub(super) fn to_yaml(&self) -> Result<String, RenderError> {
        Ok(format!("# {}\n{}", comment_line(), yaml::write(&serde_json::to_value(self)?)?))
    }
}

impl GeneratedFile {
    /// The description of an API, as YAML.
    ///
    /// # Errors
    /// The description has no form in YAML, which none of this crate's lacks.
    pub fn openapi(path: &str, document: &Document) -> Result<Self, RenderError> {
        Ok(Self::commented(path, &yaml::write(&serde_json::to_value(document)?)?))
    }

    /// A file in a language whose comments begin with `#`.
    pub fn commented(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: format!("# {}\n{text}", comment_line()) }
    }
}

#[derive(Serialize)]
struct SamConfig<'a> {
    version: f64,
    #[serde(flatten)]
    environments: IndexMap<&'a str, Commands<'a>>,
}

#[derive(Serialize)]
struct Commands<'a> {
    global: Section<Global<'a>>,
    deploy: Section<Deploy<'a>>,
}

#[derive(Serialize)]
struct Section<T> {
    parameters: T,
}

#[derive(Serialize)]
struct Global<'a> {
    stack_name: &'a str,
}

#[derive(Serialize)]
struct Deploy<'a> {
    capabilities: &'a str,
    fail_on_empty_changeset: bool,
    resolve_s3: bool,
}
