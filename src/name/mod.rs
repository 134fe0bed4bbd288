//! Names as AWS accepts them: one file per kind of name, each with the rule of the service that owns it.
//!
//! A name is a newtype that can only be made by its `parse`, so a `BucketName` is always one that S3 accepts. A refused name
//! reports the rule that it breaks and the character that breaks it.

mod arn;
mod attribute;
mod bucket;
mod cloudformation;
mod cognito;
mod email;
mod environment;
mod issuer;
mod key_prefix;
mod route;
mod state_machine;
mod table;
mod tag;

pub use arn::{KeyArn, PolicyArn, TableArn};
pub use attribute::AttributeName;
pub use bucket::BucketName;
pub use cloudformation::{LogicalId, StackName};
pub use cognito::UserPoolArn;
pub use email::EmailAddress;
pub use environment::EnvironmentName;
pub use issuer::JwtIssuer;
pub use key_prefix::KeyPrefix;
pub use route::{KeySuffix, KeyWildcard, RouteName};
pub use state_machine::{StateMachineName, StateName};
pub use table::{IndexName, TableName};
pub use tag::{TagKey, TagValue};

use thiserror::Error;

/// The rule of a kind of name.
pub trait Rule {
    /// What it names, for messages: `bucket name`.
    const KIND: &'static str;
    /// The whole rule in one sentence, for messages and for the JSON Schema.
    const RULE: &'static str;
    /// Where AWS documents the rule.
    const URL: &'static str;
    /// The shortest and the longest name, in the unit of [`Rule::length`].
    const LENGTH: (usize, usize);
    /// The rule as an ECMA 262 regular expression, where one can say it: editors check names with it.
    const PATTERN: Option<&'static str>;

    /// A name that keeps the rule: editors offer it.
    const EXAMPLE: &'static str;

    /// The length that the service counts: characters, unless the kind says otherwise.
    fn length(text: &str) -> usize {
        text.chars().count()
    }

    /// The first breach of the rule other than its length.
    fn breach(text: &str) -> Option<Breach>;
}

/// What about a name breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Breach {
    /// Nothing there.
    #[error("it is empty")]
    Empty,
    /// Too few characters.
    #[error("it has {length} character{}, and the minimum is {min}", if *length == 1 { "" } else { "s" })]
    TooShort {
        /// Its length.
        length: usize,
        /// The shortest that is allowed.
        min: usize,
    },
    /// Too many characters (or bytes, for the kinds that count those).
    #[error("it is {length} long, and the longest is {max}")]
    TooLong {
        /// Its length.
        length: usize,
        /// The longest that is allowed.
        max: usize,
    },
    /// A character that has no place in such a name, or not there.
    #[error("{} (character {position}) {why}", visible(*.character))]
    Character {
        /// The offending character.
        character: char,
        /// Which character it is, counted from 1.
        position: usize,
        /// What is wrong with it: `is not allowed`.
        why: &'static str,
    },
    /// It begins with letters that AWS keeps for itself.
    #[error("it begins with `{0}`, which is reserved")]
    ReservedPrefix(&'static str),
    /// It ends with letters that AWS keeps for itself.
    #[error("it ends with `{0}`, which is reserved")]
    ReservedSuffix(&'static str),
    /// Something else about the whole of it.
    #[error("{0}")]
    Whole(&'static str),
}

impl Breach {
    /// The first character of `text` that `allowed` refuses, as a breach.
    fn first_character(text: &str, allowed: impl Fn(char) -> bool) -> Option<Self> {
        text.chars().enumerate().find(|(_, c)| !allowed(*c)).map(|(index, character)| Self::Character {
            character,
            position: index + 1,
            why: "is not allowed",
        })
    }
}

/// A character as a message can show it: quoted, and by its code point where it would not be seen.
fn visible(character: char) -> String {
    if character.is_control() || (character.is_whitespace() && character != ' ') || character == '\u{feff}' {
        format!("U+{:04X}", character as u32)
    } else {
        format!("`{character}`")
    }
}

/// A name that AWS would refuse, and why: what is wrong with it in the first line of its text, the whole rule in the second.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} is not {} {kind}: {breach}\n{rule}; see {url}", shown(name), article(kind))]
pub struct NameError {
    /// The kind of name: `bucket name`.
    pub kind: &'static str,
    /// The name as given.
    pub name: String,
    /// What is wrong with it.
    pub breach: Breach,
    /// The whole rule, in one sentence.
    pub rule: &'static str,
    /// Where AWS documents it.
    pub url: &'static str,
}

/// The article of a kind of name.
fn article(kind: &str) -> &'static str {
    if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A name as a message can show it: on one line, and never a screenful of it.
fn shown(name: &str) -> String {
    const MOST: usize = 80;
    let mut text: String = name.chars().take(MOST).flat_map(char::escape_debug).collect();
    if name.chars().count() > MOST {
        text.push('…');
    }
    format!("`{text}`")
}

/// Checks `text` against the rule of `N`; every `parse` is this.
fn check<N: Rule>(text: &str) -> Result<(), NameError> {
    let (min, max) = N::LENGTH;
    let length = N::length(text);
    let breach = if text.is_empty() {
        Some(Breach::Empty)
    } else if length < min {
        Some(Breach::TooShort { length, min })
    } else if length > max {
        Some(Breach::TooLong { length, max })
    } else {
        N::breach(text)
    };
    match breach {
        None => Ok(()),
        Some(breach) => Err(NameError { kind: N::KIND, name: text.to_owned(), breach, rule: N::RULE, url: N::URL }),
    }
}

/// A rule as sentences: `A stack name has ... See https://...`.
fn described(rule: &str, url: &str) -> String {
    let mut letters = rule.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}. See {url}", letters.as_str())
}

/// The newtype behind a kind of name: its construction, its text, serde and JSON Schema.
macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name, or why AWS would refuse it.
            pub fn parse(text: impl Into<String>) -> Result<Self, $crate::name::NameError> {
                let text = text.into();
                $crate::name::check::<Self>(&text)?;
                Ok(Self(text))
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::name::NameError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::name::NameError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                use $crate::name::Rule;
                let (min, max) = Self::LENGTH;
                let mut schema = schemars::json_schema!({
                    "type": "string",
                    "description": $crate::name::described(Self::RULE, Self::URL),
                    "examples": [Self::EXAMPLE],
                    "minLength": min,
                    "maxLength": max,
                });
                if let Some(pattern) = Self::PATTERN {
                    schema.insert("pattern".to_owned(), pattern.into());
                }
                schema
            }
        }
    };
}
use name_type;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_a_rule_keeps_it() {
        macro_rules! keep {
            ($($name:ident)*) => {$(
                assert_eq!($name::parse($name::EXAMPLE).map(|name| name.to_string()), Ok($name::EXAMPLE.to_owned()));
            )*};
        }
        keep!(AttributeName BucketName EmailAddress EnvironmentName IndexName JwtIssuer KeyArn KeyPrefix KeySuffix KeyWildcard);
        keep!(LogicalId PolicyArn RouteName StackName StateMachineName StateName TableArn TableName TagKey TagValue UserPoolArn);
    }
}
