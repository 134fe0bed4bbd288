use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, UnitDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use super::{Intrinsic, Value};

/// A value that is known now, or one that CloudFormation works out when it deploys: a parameter, or what another stack exports.
///
/// ```
/// use bucketbook::name::TableName;
/// use bucketbook::stack::Deferred;
///
/// let known: Deferred<TableName> = serde_json::from_str(r#""my-files""#).unwrap();
/// assert!(known.known().is_some());
/// let later: Deferred<TableName> = serde_json::from_str(r#"{"Fn::Sub": "${Stage}-files"}"#).unwrap();
/// assert!(later.known().is_none());
/// assert!(serde_json::from_str::<Deferred<TableName>>(r#""a name with spaces""#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deferred<T> {
    /// The value.
    Known(T),
    /// How CloudFormation works it out.
    Later(Intrinsic),
}

impl<T> Deferred<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Later(_) => None,
        }
    }

    /// The same for what a known value is made into.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Deferred<U> {
        match self {
            Self::Known(value) => Deferred::Known(into(value)),
            Self::Later(intrinsic) => Deferred::Later(intrinsic),
        }
    }
}

impl<T: fmt::Display> Deferred<T> {
    /// The value, as a property that is a text.
    pub fn text(&self) -> Value {
        match self {
            Self::Known(value) => Value::Text(value.to_string()),
            Self::Later(intrinsic) => intrinsic.clone().into(),
        }
    }
}

impl<T> From<T> for Deferred<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: Serialize> Serialize for Deferred<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(serializer),
            Self::Later(intrinsic) => intrinsic.serialize(serializer),
        }
    }
}

/// A mapping is a function; whatever else there is, is read as the value itself, so that errors are the value's own.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Deferred<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

struct Either<T>(PhantomData<T>);

/// Reads what is no mapping as the value itself.
macro_rules! as_known {
    ($($visit:ident($kind:ty)),*) => {$(
        fn $visit<E: Error>(self, value: $kind) -> Result<Self::Value, E> {
            T::deserialize(value.into_deserializer()).map(Deferred::Known)
        }
    )*};
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = Deferred<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or a function such as `!Ref Parameter`")
    }

    as_known!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        T::deserialize(UnitDeserializer::new()).map(Deferred::Known)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items)).map(Deferred::Known)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Intrinsic::deserialize(MapAccessDeserializer::new(map)).map(Deferred::Later)
    }
}

impl<T: JsonSchema> JsonSchema for Deferred<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Deferred{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (value, function) = (generator.subschema_for::<T>(), generator.subschema_for::<Intrinsic>());
        json_schema!({ "anyOf": [value, function] })
    }
}

impl JsonSchema for Intrinsic {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Function".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let function = |name: &str, description: &str, argument: serde_json::Value| {
            serde_json::json!({
                "type": "object",
                "description": description,
                "properties": { name: argument },
                "required": [name],
                "additionalProperties": false,
            })
        };
        let text = || serde_json::json!({ "type": "string" });
        json_schema!({
            "description": "A value that CloudFormation works out when it deploys the stack. In YAML it can be written with a tag: `!Ref Stage`.",
            "oneOf": [
                function("Ref", "The value of a parameter.", text()),
                function("Fn::Sub", "A text in which `${Name}` stands for the value of a parameter.", serde_json::json!({
                    "anyOf": [text(), { "type": "array", "minItems": 2, "maxItems": 2 }],
                })),
                function("Fn::GetAtt", "An attribute of a resource of `extra`: its name and the attribute's.", serde_json::json!({
                    "type": "array", "items": text(), "minItems": 2, "maxItems": 2,
                })),
                function("Fn::ImportValue", "What another stack exports under a name.", serde_json::json!({
                    "anyOf": [text(), { "type": "object" }],
                })),
            ],
        })
    }
}
