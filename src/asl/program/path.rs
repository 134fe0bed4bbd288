use crate::asl::{Intrinsic, JsonPath};

/// `InputPath`, `OutputPath` and `ResultPath`: a path, or `null` for nothing at all.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum PathOrNull {
    /// The field is not there, which is the same as `$`.
    #[default]
    Absent,
    /// `null`: the input is replaced by an empty object, the result is thrown away.
    Null,
    /// A path.
    Path(JsonPath),
}

/// A field that looks for its value when the state runs: a path or an intrinsic function.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// A path.
    Path(JsonPath),
    /// A call of an intrinsic function.
    Intrinsic(Intrinsic),
}

impl Query {
    /// A query out of its text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            JsonPath::parse(text).map(Self::Path).map_err(|error| error.to_string())
        } else {
            Intrinsic::parse(text).map(Self::Intrinsic).map_err(|error| error.to_string())
        }
    }

    /// The text that it was read from.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Path(path) => path.source(),
            Self::Intrinsic(intrinsic) => intrinsic.source(),
        }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&JsonPath> {
        match self {
            Self::Path(path) => vec![path],
            Self::Intrinsic(intrinsic) => intrinsic.paths(),
        }
    }
}
