use std::ops::RangeInclusive;

/// An [intrinsic function](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Function {
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    JsonToString,
    StringToJson,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
    Format,
}

/// What a parameter takes. A path may give anything; only literals and calls can be known to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A number. Where it has a fraction it is rounded.
    Number,
    /// An array.
    Array,
    /// An object.
    Object,
    /// `true` or `false`.
    Boolean,
}

impl Function {
    /// Every function, in the order of the documentation.
    pub const ALL: [Self; 18] = [
        Self::Array,
        Self::ArrayPartition,
        Self::ArrayContains,
        Self::ArrayRange,
        Self::ArrayGetItem,
        Self::ArrayLength,
        Self::ArrayUnique,
        Self::Base64Encode,
        Self::Base64Decode,
        Self::Hash,
        Self::JsonMerge,
        Self::JsonToString,
        Self::StringToJson,
        Self::MathRandom,
        Self::MathAdd,
        Self::StringSplit,
        Self::Uuid,
        Self::Format,
    ];

    /// The function of a name such as `States.Format`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    /// The name as it is written in a definition: `States.Format`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Array => "States.Array",
            Self::ArrayPartition => "States.ArrayPartition",
            Self::ArrayContains => "States.ArrayContains",
            Self::ArrayRange => "States.ArrayRange",
            Self::ArrayGetItem => "States.ArrayGetItem",
            Self::ArrayLength => "States.ArrayLength",
            Self::ArrayUnique => "States.ArrayUnique",
            Self::Base64Encode => "States.Base64Encode",
            Self::Base64Decode => "States.Base64Decode",
            Self::Hash => "States.Hash",
            Self::JsonMerge => "States.JsonMerge",
            Self::JsonToString => "States.JsonToString",
            Self::StringToJson => "States.StringToJson",
            Self::MathRandom => "States.MathRandom",
            Self::MathAdd => "States.MathAdd",
            Self::StringSplit => "States.StringSplit",
            Self::Uuid => "States.UUID",
            Self::Format => "States.Format",
        }
    }

    /// What it takes, in order. `States.Array` and `States.Format` take any number of further values.
    pub fn parameters(self) -> &'static [Kind] {
        match self {
            Self::Array | Self::Uuid => &[],
            Self::ArrayPartition | Self::ArrayGetItem => &[Kind::Array, Kind::Number],
            Self::ArrayContains => &[Kind::Array, Kind::Any],
            Self::ArrayRange | Self::MathRandom => &[Kind::Number, Kind::Number, Kind::Number],
            Self::ArrayLength | Self::ArrayUnique => &[Kind::Array],
            Self::Base64Encode | Self::Base64Decode | Self::StringToJson | Self::Format => &[Kind::Text],
            Self::Hash => &[Kind::Any, Kind::Text],
            Self::JsonMerge => &[Kind::Object, Kind::Object, Kind::Boolean],
            Self::JsonToString => &[Kind::Any],
            Self::MathAdd => &[Kind::Number, Kind::Number],
            Self::StringSplit => &[Kind::Text, Kind::Text],
        }
    }

    /// How many arguments it takes.
    pub fn arity(self) -> RangeInclusive<usize> {
        let most = self.parameters().len();
        match self {
            Self::Array | Self::Format => most..=usize::MAX,
            Self::MathRandom => 2..=most,
            _ => most..=most,
        }
    }

    /// What it gives, where that is always the same.
    pub fn result(self) -> Kind {
        match self {
            Self::Array | Self::ArrayPartition | Self::ArrayRange | Self::ArrayUnique | Self::StringSplit => {
                Kind::Array
            }
            Self::ArrayContains => Kind::Boolean,
            Self::ArrayLength | Self::MathAdd | Self::MathRandom => Kind::Number,
            Self::JsonMerge => Kind::Object,
            Self::ArrayGetItem | Self::StringToJson => Kind::Any,
            _ => Kind::Text,
        }
    }
}
