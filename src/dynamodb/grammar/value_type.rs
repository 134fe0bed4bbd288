use std::fmt;

/// The [types](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html) that a
/// value of an item can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// A text.
    S,
    /// A number.
    N,
    /// Bytes.
    B,
    /// A set of texts.
    Ss,
    /// A set of numbers.
    Ns,
    /// A set of bytes.
    Bs,
    /// A map.
    M,
    /// A list.
    L,
    /// A boolean.
    Bool,
    /// Null.
    Null,
}

impl ValueType {
    /// All types of attribute values.
    pub const ALL: [Self; 10] =
        [Self::S, Self::N, Self::B, Self::Ss, Self::Ns, Self::Bs, Self::M, Self::L, Self::Bool, Self::Null];

    /// As the API spells it: `SS`, `BOOL`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
            Self::M => "M",
            Self::L => "L",
            Self::Bool => "BOOL",
            Self::Null => "NULL",
        }
    }

    /// The type that is spelled so: as the API does, or as Step Functions' `aws-sdk:` calls do (`Ss`, `Bool`, `Nul`).
    pub fn parse(text: &str) -> Option<Self> {
        if text == "Nul" {
            return Some(Self::Null);
        }
        let (first, rest) = text.split_at_checked(1)?;
        let sdk =
            |name: &str| name.split_at_checked(1).is_some_and(|(f, r)| f == first && r.to_ascii_lowercase() == rest);
        Self::ALL.into_iter().find(|kind| kind.as_str() == text || sdk(kind.as_str()))
    }

    /// Whether a key attribute can be of this type.
    pub fn is_key(self) -> bool {
        matches!(self, Self::S | Self::N | Self::B)
    }

    /// Whether it is a set.
    pub fn is_set(self) -> bool {
        matches!(self, Self::Ss | Self::Ns | Self::Bs)
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
