use crate::eventbridge::fold::Folded;
use crate::eventbridge::matcher::Matcher;
use crate::eventbridge::number::{Comparable, NumberRange};

/// What an alternative is filed under: something that every value which it matches leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The value as it stands in JSON.
    Raw(String),
    Number(Comparable),
    /// The leading bits of an address, and how many.
    Network(u32, u128),
    Prefix(String),
    Suffix(String),
    /// Bytes that stand somewhere within the value.
    Piece(Vec<u8>),
    /// The text without case and quotes.
    Folded(String),
    /// The beginning of the text without case and quote.
    FoldedPrefix(String),
    /// The end of it.
    FoldedSuffix(String),
    Range(NumberRange),
    /// Whatever this says.
    Asked(Matcher),
    /// Any value.
    Present,
    /// No value.
    Absent,
}

impl Key {
    /// The key of an alternative; `piece` chooses among the pieces of a wildcard.
    pub(super) fn of(matcher: &Matcher, piece: impl Fn(&[Vec<u8>]) -> Option<&Vec<u8>>) -> Self {
        let folded = |folded: &Folded, key: fn(String) -> Self| folded.key().map(key);
        let key = match matcher {
            Matcher::Exact(raw) | Matcher::Number(None, raw) => Some(Self::Raw(raw.clone())),
            Matcher::Number(Some(number), _) => Some(Self::Number(*number)),
            Matcher::Cidr(block) => Some(Self::Network(block.mask(), block.bits())),
            Matcher::Prefix(start) => Some(Self::Prefix(start.clone())),
            Matcher::Suffix(end) => Some(Self::Suffix(end.clone())),
            Matcher::Wildcard(wildcard) => piece(wildcard.pieces()).cloned().map(Self::Piece),
            Matcher::EqualsIgnoreCase(text) => folded(text, Self::Folded),
            Matcher::PrefixIgnoreCase(text) => folded(text, Self::FoldedPrefix),
            Matcher::SuffixIgnoreCase(text) => folded(text, Self::FoldedSuffix),
            Matcher::Range(range) => Some(Self::Range(*range)),
            Matcher::AnythingBut(_) => None,
            Matcher::Exists => Some(Self::Present),
            Matcher::Absent => Some(Self::Absent),
        };
        key.unwrap_or_else(|| Self::Asked(matcher.clone()))
    }

    /// Whether values are looked up by it, so that most don't lead to it.
    pub(super) fn is_selective(&self) -> bool {
        !matches!(self, Self::Asked(_) | Self::Present | Self::Absent)
    }
}
