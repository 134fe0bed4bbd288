//! Paths in a definition, parsed once.

/// A path of the JSONPath language: `$.detail.object.key`, `$$.Execution.Id`, `$variable.field`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    text: String,
}

/// `InputPath`, `OutputPath` and `ResultPath`: a path, or `null` for nothing at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PathOrNull {
    /// The field is not there, which is the same as `$`.
    #[default]
    Absent,
    /// `null`: the input is replaced by an empty object, the result is thrown away.
    Null,
    /// A path.
    Path(Path),
}

/// A field that looks for its value when the state runs: a path or an intrinsic function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A path.
    Path(Path),
    /// A call of an intrinsic function.
    Intrinsic(String),
}

impl Path {
    /// A path out of its text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('$') { Ok(Self { text: text.to_owned() }) } else { Err(format!("`{text}` is no path")) }
    }

    /// The text that it was read from.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Query {
    /// A query out of its text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with("States.") {
            Ok(Self::Intrinsic(text.to_owned()))
        } else {
            Path::parse(text).map(Self::Path)
        }
    }

    /// The text that it was read from.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Path(path) => path.as_str(),
            Self::Intrinsic(text) => text,
        }
    }
}
