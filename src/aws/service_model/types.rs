use std::borrow::Cow;
use std::fmt;

use super::archive::Service;
use super::spelling::{capital, is_capital, sdk_member};

/// The type of a parameter or of a part of an answer. Types refer to each other and may contain themselves; each is read when
/// it is asked for.
#[derive(Clone, Copy)]
pub struct Type {
    service: &'static Service,
    code: &'static str,
    sdk: bool,
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({} of {})", self.code, self.service.name)
    }
}

/// What a type is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A text.
    Text,
    /// A text of one of these.
    Enum(Vec<&'static str>),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A time: a text or a number.
    Time,
    /// Bytes: a text, or for bodies any JSON.
    Bytes,
    /// Any JSON.
    Document,
    /// A list of these.
    List(Type),
    /// A map from texts to these.
    Map(Type),
    /// An object with these members.
    Structure(Vec<Member>),
    /// An object with exactly one of these members.
    Union(Vec<Member>),
}

/// The least and the greatest length, size or value that a model states for a type.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds {
    /// No less than this.
    pub least: Option<f64>,
    /// No more than this.
    pub most: Option<f64>,
}

/// A member of a structure.
#[derive(Debug, Clone)]
pub struct Member {
    /// As Step Functions spells it.
    pub name: Cow<'static, str>,
    /// As the service's own model spells it, with a capital first letter. Mostly the same.
    pub native: Cow<'static, str>,
    /// Whether the service demands it.
    pub required: bool,
    /// The type of the member's value.
    pub of: Type,
}

impl Type {
    /// The shape of this number; `sdk` says whether members are spelled as `aws-sdk:` calls do.
    pub(in crate::aws) fn shape(service: &'static Service, number: usize, sdk: bool) -> Option<Self> {
        Some(Self { service, code: service.block().shapes.get(number)?, sdk })
    }

    /// The kind of the type: text, number, list, structure and so on.
    pub fn kind(self) -> Kind {
        let (letter, rest) = self.code.split_once(' ').unwrap_or((self.code, ""));
        match letter {
            "E" if !rest.is_empty() => Kind::Enum(rest.split(',').collect()),
            "L" => Kind::List(self.of(first(rest))),
            "M" => Kind::Map(self.of(first(rest))),
            "S" => Kind::Structure(self.members(rest)),
            "U" => Kind::Union(self.members(rest)),
            "i" => Kind::Integer,
            "d" => Kind::Number,
            "b" => Kind::Boolean,
            "t" => Kind::Time,
            "x" => Kind::Bytes,
            "j" => Kind::Document,
            _ => Kind::Text,
        }
    }

    /// The member of this name, if it is a structure that has one; in either spelling.
    pub fn member(self, name: &str) -> Option<Member> {
        let text = self.code.strip_prefix("S ").or_else(|| self.code.strip_prefix("U "))?;
        let is_meant = |written: &str| {
            let written = written.strip_suffix('!').unwrap_or(written);
            is_capital(name, written) || self.sdk && sdk_member(written) == name
        };
        text.split(' ')
            .filter_map(|field| field.split_once('='))
            .find(|(written, _)| is_meant(written))
            .map(|field| self.read(field))
    }

    /// What the values are, if it is a list.
    pub fn list_value(self) -> Option<Type> {
        self.code.strip_prefix("L ").map(|rest| self.of(first(rest)))
    }

    /// Whether it is a time.
    pub fn is_time(self) -> bool {
        self.code == "t" || self.code.starts_with("t ")
    }

    /// What the values are, if it is a map.
    pub fn map_value(self) -> Option<Type> {
        self.code.strip_prefix("M ").map(|rest| self.of(first(rest)))
    }

    /// How short or long, small or large its values may be: characters of a text, entries of a list or map, or the number itself.
    pub fn bounds(self) -> Bounds {
        let mut fields = self.code.split(' ');
        let stated = match fields.next() {
            Some("L" | "M") => fields.nth(1).zip(fields.next()),
            Some("s" | "x" | "i" | "d") => fields.next().zip(fields.next()),
            _ => None,
        };
        let bound = |text: &str| text.parse().ok();
        stated.map_or(Bounds::default(), |(least, most)| Bounds { least: bound(least), most: bound(most) })
    }

    /// The type that a code within this one's says: the number of a shape, or a letter.
    fn of(self, code: &'static str) -> Self {
        let shape = code.parse().ok().and_then(|number| Self::shape(self.service, number, self.sdk));
        shape.unwrap_or(Self { code, ..self })
    }

    fn members(self, text: &'static str) -> Vec<Member> {
        self.each_member(text).collect()
    }

    fn each_member(self, text: &'static str) -> impl Iterator<Item = Member> {
        text.split(' ').filter_map(|field| field.split_once('=')).map(move |field| self.read(field))
    }

    /// A member as the code has it: its name, `!` where it is required, and the code of its type.
    fn read(self, (name, code): (&'static str, &'static str)) -> Member {
        let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
        let native = capital(name);
        let spelled = if self.sdk { sdk_member(name) } else { native.clone() };
        Member { name: spelled, native, required, of: self.of(code) }
    }
}

/// The first word of a code: the type of a list's or map's values, before what bounds its size.
fn first(code: &'static str) -> &'static str {
    code.split(' ').next().unwrap_or(code)
}
