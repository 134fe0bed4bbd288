use thiserror::Error;

use super::ip::CidrError;
use super::json::JsonError;
use super::number::EmptyRange;
use super::wildcard::WildcardError;

/// Why EventBridge refuses an event pattern. The messages are the reasons that EventBridge itself gives (in
/// `Event pattern is not valid. Reason: ...`), odd spellings and all, so that they can be looked up; only where the text is
/// not JSON is the message our own, with the place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    /// The text is not JSON.
    #[error("the event pattern is not JSON: {0}")]
    Json(#[from] JsonError),
    /// The outermost value is not an object.
    #[error("Filter is not an object")]
    NotObject,
    /// An object without fields.
    #[error("Empty objects are not allowed")]
    EmptyObject,
    /// A list without values.
    #[error("Empty arrays are not allowed")]
    EmptyArray,
    /// A field that has one value rather than a list of them.
    #[error("\"{0}\" must be an object or an array")]
    FieldValue(String),
    /// A list within a list of values.
    #[error("Match value must be String, number, true, false, or null")]
    MatchValue,
    /// An empty object where an operator should be.
    #[error("Match expression name not found")]
    NoOperator,
    /// There is no such operator.
    #[error("Unrecognized match type {0}")]
    UnknownOperator(String),
    /// Two operators in one object.
    #[error("Only one key allowed in match expression")]
    OneKey,
    /// The operator takes a text.
    #[error("{0} match pattern must be a string")]
    MustBeText(&'static str),
    /// An empty object where an operator within this one should be.
    #[error("{0} expression name not found")]
    NoInnerOperator(&'static str),
    /// The operator can't be applied to that one.
    #[error("Unsupported {outer} pattern: {inner}")]
    UnsupportedInner {
        /// The operator.
        outer: &'static str,
        /// What was to be applied within it.
        inner: String,
    },
    /// `anything-but` of a boolean or `null`.
    #[error("Value of anything-but must be an array or single string/number value.")]
    AnythingButValue,
    /// `anything-but` of a list that holds more than texts and numbers.
    #[error("Inside anything but list, start|null|boolean is not supported.")]
    AnythingButList,
    /// `anything-but` of a list that holds texts and numbers, or nothing.
    #[error("Inside anything but list, either all values are number or string, mixed type is not supported")]
    AnythingButMixed,
    /// `anything-but` of `equals-ignore-case` of something other than texts.
    #[error("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.")]
    AnythingButIgnoreCase,
    /// `anything-but` of an operator on an empty list, which EventBridge fails on rather than refuses.
    #[error("anything-but of an empty list")]
    AnythingButNothing,
    /// `anything-but` of an empty prefix or suffix: nothing is anything but that.
    #[error("Null prefix/suffix not allowed")]
    EmptyAffix,
    /// `numeric` of something other than a list.
    #[error("Value of numeric must be an array.")]
    NumericNotArray,
    /// `numeric` that does not begin with a comparison.
    #[error("Invalid member in numeric match: {0}")]
    NumericMember(String),
    /// There is no such comparison.
    #[error("Unrecognized numeric range operator: {0}")]
    NumericOperator(String),
    /// A comparison with something other than a number.
    #[error("Value of {0} must be numeric")]
    NumericValue(&'static str),
    /// A number where the second comparison of a range should be.
    #[error("Bad value in numeric range: {0}")]
    RangeValue(String),
    /// A comparison that can't be the second one of a range.
    #[error("Bad numeric range operator: {0}")]
    RangeOperator(String),
    /// More than two comparisons.
    #[error("Too many terms in numeric range expression")]
    RangeTerms,
    /// More after a comparison, a list or an operator that is complete.
    #[error("Too many elements in numeric expression")]
    TooManyElements,
    /// A number that a 64-bit floating point number can't hold.
    #[error("Cannot compare number : {0}")]
    Incomparable(String),
    /// A range without numbers.
    #[error(transparent)]
    EmptyRange(#[from] EmptyRange),
    /// `exists` of something other than a boolean.
    #[error("exists match pattern must be either true or false.")]
    Exists,
    /// No block of addresses.
    #[error(transparent)]
    Cidr(#[from] CidrError),
    /// No wildcard pattern.
    #[error(transparent)]
    Wildcard(#[from] WildcardError),
    /// `$or` of something other than a list.
    #[error("It must be an Array followed with $or.")]
    OrNotArray,
    /// An alternative that is not an object.
    #[error("Only JSON object is allowed in array of $or relationship.")]
    OrNotObject,
    /// A choice of fewer than two alternatives.
    #[error("There must have at least 2 Objects in $or relationship.")]
    OrTooFew,
    /// A field within `$or` is named like an operator.
    #[error("{0} is Ruler reserved fieldName which cannot be used inside $or.")]
    Reserved(String),
    /// A field of a pattern in the making has a condition already: alone, or in an alternative of `$or`. In a pattern's text
    /// the later condition silently replaces the earlier one.
    #[error("`{0}` would replace a condition on the same field")]
    Replaced(String),
    /// The alternatives can be combined in more ways than this crate follows.
    #[error("its alternatives make more than {MAX_COMBINATIONS} combinations")]
    TooManyCombinations,
}

/// How many ways there may be to choose one alternative of every `$or`.
pub(super) const MAX_COMBINATIONS: usize = 10_000;

/// Why a text is no event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventError {
    /// The text is not JSON.
    #[error("the event is not JSON: {0}")]
    Json(#[from] JsonError),
    /// The outermost value is not an object.
    #[error("an event is a JSON object")]
    NotObject,
}
