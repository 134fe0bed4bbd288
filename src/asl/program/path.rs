use crate::asl::JsonPath;

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
