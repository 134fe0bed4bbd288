use std::ops::{Bound, RangeBounds};

use serde::{Deserialize, Serialize};

use super::error::PatternError;
use super::ip::Block;
use super::number::{Comparable, EmptyRange};
use super::wildcard::Wildcard;

/// One of the values that a field of a pattern may have, or an
/// [operator](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html) on it. `V` is a
/// text, or what a template can put in place of one. What no value could be, such as a number below 1 and above 2, can't be
/// made.
///
/// ```
/// use bucketbook::eventbridge::Comparison;
///
/// let size = Comparison::<String>::numeric(1024.0..2048.0)?;
/// assert_eq!(serde_json::to_string(&size).unwrap(), r#"{"numeric":[">=",1024,"<",2048]}"#);
/// assert!(Comparison::<String>::numeric(2.0..1.0).is_err());
/// # Ok::<(), bucketbook::eventbridge::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Comparison<V>(Kind<V>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Kind<V> {
    Operator(Operator<V>),
    Value(V),
    Number(Number),
    Boolean(bool),
    Null(()),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Operator<V> {
    Prefix(Affix<V>),
    Suffix(Affix<V>),
    EqualsIgnoreCase(V),
    AnythingBut(Excluded<V>),
    Numeric(Vec<Term>),
    Exists(bool),
    Cidr(String),
    Wildcard(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Affix<V> {
    IgnoringCase(IgnoringCase<V>),
    Exact(V),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct IgnoringCase<V> {
    equals_ignore_case: V,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Excluded<V> {
    Operator(ExcludedOperator),
    Numbers(Vec<Number>),
    Values(Vec<V>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ExcludedOperator {
    Prefix(Vec<String>),
    Suffix(Vec<String>),
    EqualsIgnoreCase(Vec<String>),
    Wildcard(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Term {
    Comparison(String),
    Number(Number),
}

/// A number as it is written: a whole one without a fraction.
type Number = serde_json::Number;

fn number(value: f64) -> Result<Number, PatternError> {
    let whole = value.fract() == 0.0 && value.abs() < 9e15;
    let number = if whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) };
    let comparable = number.filter(|number| Comparable::parse(&number.to_string()).is_some());
    comparable.ok_or_else(|| PatternError::Incomparable(value.to_string()))
}

fn some<T>(values: impl IntoIterator<Item = T>) -> Result<Vec<T>, PatternError> {
    let values: Vec<_> = values.into_iter().collect();
    if values.is_empty() { Err(PatternError::AnythingButNothing) } else { Ok(values) }
}

fn some_texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Result<Vec<String>, PatternError> {
    some(texts.into_iter().map(Into::into))
}

fn some_affixes(texts: impl IntoIterator<Item = impl Into<String>>) -> Result<Vec<String>, PatternError> {
    let texts = some_texts(texts)?;
    if texts.iter().any(String::is_empty) { Err(PatternError::EmptyAffix) } else { Ok(texts) }
}

impl<V> Comparison<V> {
    const fn operator(operator: Operator<V>) -> Self {
        Self(Kind::Operator(operator))
    }

    const fn anything_but_operator(operator: ExcludedOperator) -> Self {
        Self::operator(Operator::AnythingBut(Excluded::Operator(operator)))
    }

    /// Exactly this text; if it is an IP address, in any spelling.
    pub fn equals(value: impl Into<V>) -> Self {
        Self(Kind::Value(value.into()))
    }

    /// Exactly this number, in any spelling.
    ///
    /// # Errors
    /// It is not finite.
    pub fn number(value: f64) -> Result<Self, PatternError> {
        number(value).map(|number| Self(Kind::Number(number)))
    }

    /// `true` or `false`.
    pub const fn boolean(value: bool) -> Self {
        Self(Kind::Boolean(value))
    }

    /// `null`.
    pub const fn null() -> Self {
        Self(Kind::Null(()))
    }

    /// A text that begins with this one.
    pub fn prefix(text: impl Into<V>) -> Self {
        Self::operator(Operator::Prefix(Affix::Exact(text.into())))
    }

    /// A text that ends with this one.
    pub fn suffix(text: impl Into<V>) -> Self {
        Self::operator(Operator::Suffix(Affix::Exact(text.into())))
    }

    /// A text that begins with this one, in upper or lower case.
    pub fn prefix_ignoring_case(text: impl Into<V>) -> Self {
        Self::operator(Operator::Prefix(Affix::IgnoringCase(IgnoringCase { equals_ignore_case: text.into() })))
    }

    /// A text that ends with this one, in upper or lower case.
    pub fn suffix_ignoring_case(text: impl Into<V>) -> Self {
        Self::operator(Operator::Suffix(Affix::IgnoringCase(IgnoringCase { equals_ignore_case: text.into() })))
    }

    /// This text, in upper or lower case.
    pub fn equals_ignoring_case(text: impl Into<V>) -> Self {
        Self::operator(Operator::EqualsIgnoreCase(text.into()))
    }

    /// A text that is this one with any text in place of each asterisk.
    ///
    /// # Errors
    /// Two asterisks stand side by side, or a backslash stands before something other than an asterisk or a backslash.
    pub fn wildcard(text: impl Into<String>) -> Result<Self, PatternError> {
        let text = text.into();
        Wildcard::parse(&text)?;
        Ok(Self::operator(Operator::Wildcard(text)))
    }

    /// An address in this block, such as `10.0.0.0/24`.
    ///
    /// # Errors
    /// It is no block of at least two addresses.
    pub fn cidr(block: impl Into<String>) -> Result<Self, PatternError> {
        let block = block.into();
        Block::parse(&block)?;
        Ok(Self::operator(Operator::Cidr(block)))
    }

    /// Any value, or none.
    pub const fn exists(exists: bool) -> Self {
        Self::operator(Operator::Exists(exists))
    }

    /// A number in this range.
    ///
    /// # Errors
    /// No number is in the range, or one of its ends is not finite.
    pub fn numeric(range: impl RangeBounds<f64>) -> Result<Self, PatternError> {
        let (start, end) = (range.start_bound(), range.end_bound());
        if let (Bound::Included(low), Bound::Included(high)) = (start, end)
            && low == high
        {
            let terms = vec![Term::Comparison("=".to_owned()), Term::Number(number(*low)?)];
            return Ok(Self::operator(Operator::Numeric(terms)));
        }
        let low = comparison(start, [">=", ">"])?;
        let high = comparison(end, ["<=", "<"])?;
        let bound = |terms: &[Term], otherwise| match terms {
            [_, Term::Number(number)] => Comparable::parse(&number.to_string()).unwrap_or(otherwise),
            _ => otherwise,
        };
        if bound(&low, Comparable::MIN) >= bound(&high, Comparable::MAX) {
            return Err(EmptyRange.into());
        }
        let terms: Vec<_> = low.into_iter().chain(high).collect();
        if terms.is_empty() {
            return Self::numeric(f64::MIN..);
        }
        Ok(Self::operator(Operator::Numeric(terms)))
    }

    /// Any value other than these texts.
    ///
    /// # Errors
    /// There are none.
    pub fn anything_but(values: impl IntoIterator<Item = impl Into<V>>) -> Result<Self, PatternError> {
        let values = some(values.into_iter().map(Into::into))?;
        Ok(Self::operator(Operator::AnythingBut(Excluded::Values(values))))
    }

    /// Any value other than these numbers.
    ///
    /// # Errors
    /// There are none, or one is not finite.
    pub fn anything_but_numbers(values: impl IntoIterator<Item = f64>) -> Result<Self, PatternError> {
        let values = some(values)?.into_iter().map(number).collect::<Result<_, _>>()?;
        Ok(Self::operator(Operator::AnythingBut(Excluded::Numbers(values))))
    }

    /// Any value other than a text that begins with one of these.
    ///
    /// # Errors
    /// There are none, or one is empty.
    pub fn anything_but_prefix(texts: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, PatternError> {
        some_affixes(texts).map(ExcludedOperator::Prefix).map(Self::anything_but_operator)
    }

    /// Any value other than a text that ends with one of these.
    ///
    /// # Errors
    /// There are none, or one is empty.
    pub fn anything_but_suffix(texts: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, PatternError> {
        some_affixes(texts).map(ExcludedOperator::Suffix).map(Self::anything_but_operator)
    }

    /// Any value other than these texts in upper or lower case.
    ///
    /// # Errors
    /// There are none.
    pub fn anything_but_ignoring_case(
        texts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Self, PatternError> {
        some_texts(texts).map(ExcludedOperator::EqualsIgnoreCase).map(Self::anything_but_operator)
    }

    /// Any value other than a text that one of these wildcard patterns fits.
    ///
    /// # Errors
    /// There are none, or one is no wildcard pattern.
    pub fn anything_but_wildcard(texts: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, PatternError> {
        let texts = some_texts(texts)?;
        texts.iter().try_for_each(|text| Wildcard::parse(text).map(drop))?;
        Ok(Self::anything_but_operator(ExcludedOperator::Wildcard(texts)))
    }
}

/// A comparison with an end of a range, which is included or not; none, if the range has no such end.
fn comparison(bound: Bound<&f64>, [included, excluded]: [&str; 2]) -> Result<Vec<Term>, PatternError> {
    let (comparison, value) = match bound {
        Bound::Included(value) => (included, value),
        Bound::Excluded(value) => (excluded, value),
        Bound::Unbounded => return Ok(Vec::new()),
    };
    Ok(vec![Term::Comparison(comparison.to_owned()), Term::Number(number(*value)?)])
}
