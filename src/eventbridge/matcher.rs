//! One alternative of a field of a pattern, and the values that it can be held against.

use super::fold::Folded;
use super::ip::{Address, Block, parse_address};
use super::number::{Comparable, NumberRange};
use super::wildcard::Wildcard;

/// What one alternative asks of a value. Texts that are compared from one end are kept as the bytes that they are compared
/// with, of which the enclosing quote is one: EventBridge compares values as they stand in JSON (with their escapes
/// resolved), so that `prefix` never matches a number, and even an empty one asks for a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Matcher {
    /// This value exactly: a quoted text, or a literal.
    Exact(String),
    /// This number, or, where it can't be compared, this spelling of it.
    Number(Option<Comparable>, String),
    Prefix(String),
    Suffix(String),
    PrefixIgnoreCase(Folded),
    SuffixIgnoreCase(Folded),
    EqualsIgnoreCase(Folded),
    Wildcard(Wildcard),
    Range(NumberRange),
    /// An address in this block, in any spelling.
    Cidr(Block),
    /// None of these. Never empty.
    AnythingBut(Vec<Matcher>),
    /// Any value.
    Exists,
    /// No value.
    Absent,
}

/// A value of an event: a leaf of its JSON tree.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// As it stands in JSON, with its escapes resolved.
    raw: String,
    number: Option<Comparable>,
    address: Option<Address>,
}

impl Leaf {
    pub(super) fn text(text: &str) -> Self {
        Self { raw: format!("\"{text}\""), number: None, address: parse_address(text) }
    }

    pub(super) fn number(spelling: &str) -> Self {
        Self { raw: spelling.to_owned(), number: Comparable::parse(spelling), address: None }
    }

    /// `true`, `false` or `null`.
    pub(super) fn literal(word: &str) -> Self {
        Self { raw: word.to_owned(), number: None, address: None }
    }

    pub(super) fn raw(&self) -> &str {
        &self.raw
    }

    pub(super) fn comparable(&self) -> Option<Comparable> {
        self.number
    }

    pub(super) fn address(&self) -> Option<Address> {
        self.address
    }

    /// The text without its first quote, if it is one.
    pub(super) fn opened(&self) -> Option<&str> {
        self.raw.strip_prefix('"')
    }

    /// The text without its last quote, if it is one.
    pub(super) fn closed(&self) -> Option<&str> {
        self.raw.strip_suffix('"')
    }

    /// The text without its quotes, if it is one.
    pub(super) fn unquoted(&self) -> Option<&str> {
        self.opened()?.strip_suffix('"')
    }
}

impl Matcher {
    /// A text as a pattern lists it. One that spells an IP address stands for the address.
    pub(super) fn text(text: &str) -> Self {
        parse_address(text).map_or_else(|| Self::exact_text(text), |address| Self::Cidr(Block::single(address)))
    }

    /// This text and no other spelling.
    pub(super) fn exact_text(text: &str) -> Self {
        Self::Exact(format!("\"{text}\""))
    }

    pub(super) fn prefix(text: &str) -> Self {
        Self::Prefix(format!("\"{text}"))
    }

    pub(super) fn suffix(text: &str) -> Self {
        Self::Suffix(format!("{text}\""))
    }

    pub(super) fn number(spelling: &str) -> Self {
        Self::Number(Comparable::parse(spelling), spelling.to_owned())
    }

    /// Whether a value is what this asks for.
    pub(super) fn matches(&self, leaf: &Leaf) -> bool {
        match self {
            Self::Exact(raw) => leaf.raw == *raw,
            Self::Number(Some(number), _) => leaf.number == Some(*number),
            Self::Number(None, spelling) => leaf.raw == *spelling,
            Self::Prefix(start) => leaf.raw.starts_with(start.as_str()),
            Self::Suffix(end) => leaf.raw.ends_with(end.as_str()),
            Self::PrefixIgnoreCase(start) => leaf.opened().is_some_and(|text| start.strip_prefix(text).is_some()),
            Self::SuffixIgnoreCase(end) => leaf.closed().is_some_and(|text| end.strip_suffix(text).is_some()),
            Self::EqualsIgnoreCase(all) => leaf.unquoted().is_some_and(|text| all.matches_all(text)),
            Self::Wildcard(wildcard) => wildcard.matches(leaf.raw.as_bytes()),
            Self::Range(range) => leaf.number.is_some_and(|number| range.contains(number)),
            Self::Cidr(block) => leaf.address.is_some_and(|address| block.contains(address)),
            Self::AnythingBut(excluded) => !excluded.iter().any(|matcher| matcher.matches(leaf)),
            Self::Exists => true,
            Self::Absent => false,
        }
    }
}
