//! Operators: the objects among the values that a field of a pattern lists.

use super::error::PatternError;
use super::fold::Folded;
use super::ip::Block;
use super::json::{Reader, Token};
use super::matcher::Matcher;
use super::number::{Comparable, NumberRange};
use super::wildcard::Wildcard;

/// The [comparisons](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html) that are documented.
pub const OPERATORS: [&str; 8] =
    ["anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"];

/// Those that `anything-but` takes, of the same page.
pub const IN_ANYTHING_BUT: [&str; 4] = ["equals-ignore-case", "prefix", "suffix", "wildcard"];

/// The signs that `numeric` takes, of the same page.
pub const NUMERIC: [&str; 5] = ["=", "<", "<=", ">", ">="];

type Parsed = Result<Matcher, PatternError>;

/// Reads an operator whose object has just begun, to the end of the object.
pub(super) fn operator(reader: &mut Reader<'_>) -> Parsed {
    let Token::Name(name) = reader.next()? else { return Err(PatternError::NoOperator) };
    let matcher = match &*name {
        "numeric" => return complete(reader, numeric, PatternError::TooManyElements),
        "anything-but" => return complete(reader, anything_but, PatternError::TooManyElements),
        "exactly" => Matcher::exact_text(&text(reader, "exact")?),
        "prefix" => affix(reader, &PREFIX)?,
        "suffix" => affix(reader, &SUFFIX)?,
        "equals-ignore-case" => Matcher::EqualsIgnoreCase(Folded::new(&text(reader, "equals-ignore-case")?)),
        "wildcard" => Matcher::Wildcard(Wildcard::parse(&text(reader, "wildcard")?)?),
        "cidr" => Matcher::Cidr(Block::parse(&text(reader, "prefix")?)?),
        "exists" => exists(reader)?,
        other => return Err(PatternError::UnknownOperator(other.to_owned())),
    };
    end(reader, PatternError::OneKey)?;
    Ok(matcher)
}

fn complete(reader: &mut Reader<'_>, parse: fn(&mut Reader<'_>) -> Parsed, otherwise: PatternError) -> Parsed {
    let matcher = parse(reader)?;
    end(reader, otherwise)?;
    Ok(matcher)
}

/// The end of an object.
fn end(reader: &mut Reader<'_>, otherwise: PatternError) -> Result<(), PatternError> {
    if reader.next()? == Token::ObjectEnd { Ok(()) } else { Err(otherwise) }
}

fn text(reader: &mut Reader<'_>, operator: &'static str) -> Result<String, PatternError> {
    match reader.next()? {
        Token::Text(text) => Ok(text.into_owned()),
        _ => Err(PatternError::MustBeText(operator)),
    }
}

fn exists(reader: &mut Reader<'_>) -> Parsed {
    match reader.next()? {
        Token::True => Ok(Matcher::Exists),
        Token::False => Ok(Matcher::Absent),
        _ => Err(PatternError::Exists),
    }
}

/// What `prefix` and `suffix` differ in.
struct Affix {
    name: &'static str,
    title: &'static str,
    exact: fn(&str) -> Matcher,
    ignoring_case: fn(Folded) -> Matcher,
}

const PREFIX: Affix =
    Affix { name: "prefix", title: "Prefix", exact: Matcher::prefix, ignoring_case: Matcher::PrefixIgnoreCase };
const SUFFIX: Affix =
    Affix { name: "suffix", title: "Suffix", exact: Matcher::suffix, ignoring_case: Matcher::SuffixIgnoreCase };

fn affix(reader: &mut Reader<'_>, affix: &Affix) -> Parsed {
    match reader.next()? {
        Token::Text(text) => return Ok((affix.exact)(&text)),
        Token::ObjectStart => {}
        _ => return Err(PatternError::MustBeText(affix.name)),
    }
    let Token::Name(inner) = reader.next()? else { return Err(PatternError::NoInnerOperator(affix.title)) };
    if inner != "equals-ignore-case" {
        return Err(PatternError::UnsupportedInner { outer: affix.name, inner: inner.into_owned() });
    }
    let folded = Folded::new(&text(reader, "equals-ignore-case")?);
    end(reader, PatternError::OneKey)?;
    Ok((affix.ignoring_case)(folded))
}

fn anything_but(reader: &mut Reader<'_>) -> Parsed {
    let excluded = match reader.next()? {
        Token::ObjectStart => {
            let Token::Name(inner) = reader.next()? else { return Err(PatternError::NoInnerOperator("Anything-But")) };
            let inner = Inner::of(&inner)?;
            let first = reader.next()?;
            let excluded = inner_values(reader, &inner, first)?;
            end(reader, PatternError::TooManyElements)?;
            excluded
        }
        Token::ArrayStart => values(reader)?,
        Token::Text(text) => vec![Matcher::exact_text(&text)],
        Token::Number(number) => vec![excluded_number(number)?],
        _ => return Err(PatternError::AnythingButValue),
    };
    Ok(Matcher::AnythingBut(excluded))
}

/// The list of texts, or of numbers, that `anything-but` excludes.
fn values(reader: &mut Reader<'_>) -> Result<Vec<Matcher>, PatternError> {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    loop {
        match reader.next()? {
            Token::ArrayEnd => break,
            Token::Text(text) => texts.push(Matcher::exact_text(&text)),
            Token::Number(number) => numbers.push(excluded_number(number)?),
            _ => return Err(PatternError::AnythingButList),
        }
    }
    match (texts.is_empty(), numbers.is_empty()) {
        (false, true) => Ok(texts),
        (true, false) => Ok(numbers),
        _ => Err(PatternError::AnythingButMixed),
    }
}

fn excluded_number(spelling: &str) -> Parsed {
    Ok(Matcher::Number(Some(comparable(spelling)?), spelling.to_owned()))
}

/// An operator within `anything-but`.
struct Inner {
    parse: fn(&str) -> Parsed,
    /// What is said of a value that is no text.
    no_text: PatternError,
}

impl Inner {
    fn of(name: &str) -> Result<Self, PatternError> {
        let (parse, no_text): (fn(&str) -> Parsed, _) = match name {
            "prefix" => (|text| nonempty(text).map(Matcher::prefix), PatternError::MustBeText("prefix/suffix")),
            "suffix" => (|text| nonempty(text).map(Matcher::suffix), PatternError::MustBeText("prefix/suffix")),
            "wildcard" => (|text| Ok(Matcher::Wildcard(Wildcard::parse(text)?)), PatternError::MustBeText("wildcard")),
            "equals-ignore-case" => {
                (|text| Ok(Matcher::EqualsIgnoreCase(Folded::new(text))), PatternError::AnythingButIgnoreCase)
            }
            other => return Err(PatternError::UnsupportedInner { outer: "anything-but", inner: other.to_owned() }),
        };
        Ok(Self { parse, no_text })
    }
}

fn nonempty(text: &str) -> Result<&str, PatternError> {
    if text.is_empty() { Err(PatternError::EmptyAffix) } else { Ok(text) }
}

/// What an operator within `anything-but` is applied to: one text, or a list of them.
fn inner_values(reader: &mut Reader<'_>, inner: &Inner, first: Token<'_>) -> Result<Vec<Matcher>, PatternError> {
    match first {
        Token::Text(text) => return Ok(vec![(inner.parse)(&text)?]),
        Token::ArrayStart => {}
        Token::Number(_) => return Err(inner.no_text.clone()),
        _ => return Err(PatternError::AnythingButValue),
    }
    let mut matchers = Vec::new();
    loop {
        match reader.next()? {
            Token::ArrayEnd => break,
            Token::Text(text) => matchers.push((inner.parse)(&text)?),
            _ => return Err(inner.no_text.clone()),
        }
    }
    if matchers.is_empty() { Err(PatternError::AnythingButNothing) } else { Ok(matchers) }
}

fn numeric(reader: &mut Reader<'_>) -> Parsed {
    if reader.next()? != Token::ArrayStart {
        return Err(PatternError::NumericNotArray);
    }
    let first = reader.next()?;
    let Token::Text(comparison) = first else { return Err(PatternError::NumericMember(first.spelling().to_owned())) };
    let bound = reader.next()?;
    let (range, next) = match &*comparison {
        "=" => {
            let spelling = number(&bound, "equals")?;
            let next = reader.next()?;
            return match next {
                Token::ArrayEnd => excluded_number(spelling),
                _ => Err(PatternError::TooManyElements),
            };
        }
        ">" | ">=" => {
            let symbol = if comparison == ">" { ">" } else { ">=" };
            let low = (number(&bound, symbol)?, symbol == ">");
            match reader.next()? {
                Token::ArrayEnd => return range((Some(low.0), low.1), (None, false)),
                next => (low, next),
            }
        }
        "<" | "<=" => {
            let symbol = if comparison == "<" { "<" } else { "<=" };
            let high = number(&bound, symbol)?;
            return match reader.next()? {
                Token::ArrayEnd => range((None, false), (Some(high), symbol == "<")),
                _ => Err(PatternError::TooManyElements),
            };
        }
        other => return Err(PatternError::NumericOperator(other.to_owned())),
    };
    upper_bound(reader, range, &next)
}

/// The second comparison of a range.
fn upper_bound(reader: &mut Reader<'_>, (low, low_excluded): (&str, bool), comparison: &Token<'_>) -> Parsed {
    let Token::Text(text) = comparison else {
        return Err(PatternError::RangeValue(comparison.spelling().to_owned()));
    };
    let symbol = match &**text {
        "<" => "<",
        "<=" => "<=",
        other => return Err(PatternError::RangeOperator(other.to_owned())),
    };
    let bound = reader.next()?;
    let high = number(&bound, symbol)?;
    if reader.next()? != Token::ArrayEnd {
        return Err(PatternError::RangeTerms);
    }
    range((Some(low), low_excluded), (Some(high), symbol == "<"))
}

/// A range; without a bound it ends with the numbers.
fn range((low, low_excluded): (Option<&str>, bool), (high, high_excluded): (Option<&str>, bool)) -> Parsed {
    let low = low.map_or(Ok(Comparable::MIN), comparable)?;
    let high = high.map_or(Ok(Comparable::MAX), comparable)?;
    Ok(Matcher::Range(NumberRange::new((low, low_excluded), (high, high_excluded))?))
}

fn number<'a>(token: &Token<'a>, comparison: &'static str) -> Result<&'a str, PatternError> {
    match token {
        Token::Number(spelling) => Ok(spelling),
        _ => Err(PatternError::NumericValue(comparison)),
    }
}

fn comparable(spelling: &str) -> Result<Comparable, PatternError> {
    Comparable::parse(spelling).ok_or_else(|| PatternError::Incomparable(spelling.to_owned()))
}
