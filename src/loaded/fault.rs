use super::Place;

/// What is wrong with the text of a stack's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The file is no text.
    NotText,
    /// The text is not JSON, where JSON is wanted.
    NotJson,
    /// The text is not YAML.
    NotYaml,
    /// The text is not JSON, but Step Functions reads it as YAML, as it does with a definition in S3.
    JsonAsYaml,
    /// A key occurs twice in its mapping.
    DuplicateKey,
    /// The file that `DefinitionUri` names cannot be read.
    NoDefinition,
}

/// Something wrong with the text of a stack's files.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadFault {
    /// What kind of thing.
    pub kind: FaultKind,
    /// Where; the pointer is empty where the text could not be read.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}
