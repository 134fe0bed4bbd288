//! Patterns read from their JSON text.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use super::branch::Branch;
use super::error::{EventError, MAX_COMBINATIONS, PatternError};
use super::event::Fields;
use super::json::{Reader, Token};
use super::matcher::Matcher;
use super::operator::operator;
use super::path::{Paths, has_empty_step};

/// How many fields all combinations of alternatives may have together.
const MAX_FIELDS: usize = 1_000_000;

/// Names that no field within `$or` may have: operators, and words that may become some.
pub(super) const RESERVED: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// An [event pattern](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html) that EventBridge
/// accepts, ready to be held against events.
///
/// ```
/// use bucketbook::eventbridge::CompiledPattern;
///
/// let pattern = CompiledPattern::parse(r#"{"detail": {"object": {"size": [{"numeric": [">", 0]}]}}}"#)?;
/// assert!(pattern.matches(r#"{"detail": {"object": {"size": 5.0}}}"#)?);
///
/// let error = CompiledPattern::parse(r#"{"source": "aws.s3"}"#).unwrap_err();
/// assert_eq!(error.to_string(), r#""source" must be an object or an array"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CompiledPattern {
    fields: Vec<FieldMap>,
    branches: Vec<Branch>,
    paths: Paths,
}

/// The fields that must match together, by path.
pub(super) type FieldMap = BTreeMap<FieldPath, Arc<[Matcher]>>;

/// A path, ordered as EventBridge orders paths: by their UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldPath(pub(super) Arc<str>);

impl Ord for FieldPath {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.encode_utf16().cmp(other.0.encode_utf16())
    }
}

impl PartialOrd for FieldPath {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl CompiledPattern {
    /// Reads a pattern as EventBridge does. What follows the outermost object is not looked at.
    ///
    /// # Errors
    /// EventBridge refuses the pattern, for this reason.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        match Compiler::run(text, true) {
            // Before there was `$or`, a field could have that name. Where it makes no choice, it still is one.
            Err(refusal) => Compiler::run(text, false).map_err(|_| refusal),
            result => result,
        }
        .map(Self::new)
    }

    fn new(fields: Vec<FieldMap>) -> Self {
        let mut paths = Paths::new();
        let branches = branches(&fields, &mut paths);
        Self { fields, branches, paths }
    }

    /// Whether an event, as JSON text, matches.
    ///
    /// # Errors
    /// The text is no event.
    pub fn matches(&self, event: &str) -> Result<bool, EventError> {
        let fields = Fields::read(event, &self.paths)?;
        Ok(self.branches.iter().any(|branch| branch.matches(&fields)))
    }

    /// Its condition, if it has but one field with one.
    pub(super) fn only_matcher(&self) -> Option<Matcher> {
        match self.fields.as_slice() {
            [fields] => match fields.values().next().map(AsRef::as_ref) {
                Some([matcher]) => Some(matcher.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Its branches, with their paths among others.
    pub(super) fn branches_within(&self, paths: &mut Paths) -> Vec<Branch> {
        branches(&self.fields, paths)
    }
}

impl FromStr for CompiledPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

fn branches(fields: &[FieldMap], paths: &mut Paths) -> Vec<Branch> {
    let empty_steps = fields.iter().flat_map(BTreeMap::keys).any(|path| has_empty_step(&path.0));
    let mut branch = |fields: &FieldMap| Branch {
        fields: fields.iter().map(|(path, matchers)| (paths.intern(&path.0), Arc::clone(matchers))).collect(),
        empty_steps,
    };
    fields.iter().map(&mut branch).collect()
}

/// Compiles one pattern of an index.
struct Compiler<'a> {
    reader: Reader<'a>,
    /// Whether `$or` is a choice rather than a field.
    choices: bool,
    /// The names of the objects that the reader is in.
    names: Vec<String>,
    /// The combinations so far; none while there is no field yet.
    branches: Vec<FieldMap>,
    /// Fields written to combinations so far.
    written: usize,
}

impl<'a> Compiler<'a> {
    fn run(text: &'a str, choices: bool) -> Result<Vec<FieldMap>, PatternError> {
        let reader = Reader::new(text);
        let mut compiler = Self { reader, choices, names: Vec::new(), branches: Vec::new(), written: 0 };
        // A text of nothing at all is not yet a JSON error.
        if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() || compiler.reader.next()? != Token::ObjectStart {
            return Err(PatternError::NotObject);
        }
        compiler.object(false)?;
        Ok(compiler.branches)
    }

    /// The fields of an object.
    fn object(&mut self, within_choice: bool) -> Result<(), PatternError> {
        let mut empty = true;
        while let Token::Name(name) = self.reader.next()? {
            empty = false;
            if self.choices && name == "$or" {
                self.choice()?;
                continue;
            }
            if within_choice && RESERVED.contains(&&*name) {
                return Err(PatternError::Reserved(name.into_owned()));
            }
            match self.reader.next()? {
                Token::ObjectStart => {
                    self.names.push(name.into_owned());
                    self.object(within_choice)?;
                    self.names.pop();
                }
                Token::ArrayStart => self.field(&name)?,
                _ => return Err(PatternError::FieldValue(name.into_owned())),
            }
        }
        if empty { Err(PatternError::EmptyObject) } else { Ok(()) }
    }

    /// `$or`: every combination so far goes on with each of the alternatives.
    fn choice(&mut self) -> Result<(), PatternError> {
        if self.reader.next()? != Token::ArrayStart {
            return Err(PatternError::OrNotArray);
        }
        let before = std::mem::take(&mut self.branches);
        let mut after = Vec::new();
        let mut alternatives = 0;
        loop {
            match self.reader.next()? {
                Token::ArrayEnd => break,
                Token::ObjectStart => {
                    self.branches = if before.is_empty() { vec![FieldMap::new()] } else { before.clone() };
                    self.count(self.branches.iter().map(BTreeMap::len).sum())?;
                    self.object(true)?;
                    after.append(&mut self.branches);
                }
                _ => return Err(PatternError::OrNotObject),
            }
            alternatives += 1;
            if after.len() > MAX_COMBINATIONS {
                return Err(PatternError::TooManyCombinations);
            }
        }
        self.branches = after;
        if alternatives < 2 { Err(PatternError::OrTooFew) } else { Ok(()) }
    }

    /// The values of a field, whose list has just begun. They replace what the combinations have of the field.
    fn field(&mut self, name: &str) -> Result<(), PatternError> {
        let mut matchers = Vec::new();
        loop {
            matchers.push(match self.reader.next()? {
                Token::ArrayEnd => break,
                Token::ObjectStart => operator(&mut self.reader)?,
                Token::Text(text) => Matcher::text(&text),
                Token::Number(spelling) => Matcher::number(spelling),
                token @ (Token::True | Token::False | Token::Null) => Matcher::Exact(token.spelling().to_owned()),
                _ => return Err(PatternError::MatchValue),
            });
        }
        if matchers.is_empty() {
            return Err(PatternError::EmptyArray);
        }
        if self.branches.is_empty() {
            self.branches.push(FieldMap::new());
        }
        self.count(self.branches.len())?;
        let (path, matchers) = (self.path(name), Arc::from(matchers));
        for branch in &mut self.branches {
            branch.insert(path.clone(), Arc::clone(&matchers));
        }
        Ok(())
    }

    /// The path of a field. Objects whose names are all empty leave no trace in it, not even a period.
    fn path(&self, name: &str) -> FieldPath {
        let base = self.names.join(".");
        FieldPath(if base.is_empty() { name.into() } else { format!("{base}.{name}").into() })
    }

    fn count(&mut self, fields: usize) -> Result<(), PatternError> {
        self.written += fields;
        if self.written > MAX_FIELDS { Err(PatternError::TooManyCombinations) } else { Ok(()) }
    }
}
