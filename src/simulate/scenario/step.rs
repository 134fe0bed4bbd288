use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::aws::s3::{checksum_algorithms, storage_classes};
use crate::simulate::api::ApiRequest;
use crate::simulate::services::s3::{Checksum, StorageClass, Upload, check_key};
use crate::simulate::services::{Fault, duration};

/// A step. The executions that it starts run to their end before the next step, except in `together`; a second of virtual time
/// passes between two steps.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Puts an object into the bucket.
    Put(Key),
    /// Deletes an object from the bucket.
    Delete(
        #[serde(deserialize_with = "deleted")]
        #[schemars(schema_with = "deleted_schema")]
        Key,
    ),
    /// Sends an event: the event itself, or the name of its file, relative to the scenario's file. Its bucket can be named by its
    /// logical id. Fields that every event has (`id`, `time`, ...) can be left out.
    Event(Value),
    /// Permanently deletes the version or delete marker of an earlier event: 1 is the first event of the scenario.
    #[serde(rename = "delete-version")]
    DeleteVersion(usize),
    /// Delivers an earlier event again: 1 is the first event of the scenario.
    Again(usize),
    /// Starts the stack's only state machine with this input.
    Input(Value),
    /// Starts a state machine.
    Start(Start),
    /// Sends records to the source of a pipe: a list, for the only pipe, or a mapping.
    Pipe(Feed),
    /// Sends a request to an API: `POST /orders {"id": 5}`, or a mapping.
    Api(
        #[serde(deserialize_with = "super::request::read")]
        #[schemars(schema_with = "super::request::schema")]
        ApiRequest,
    ),
    /// Lets a schedule fire, that of a rule or of EventBridge Scheduler: its name or logical ID.
    Schedule(String),
    /// Lets time pass.
    Wait(Delay),
    /// Removes every item with a time to live from this table, given by name or logical ID, as DynamoDB does when they expire.
    Expire(String),
    /// These happen at the same time, and their executions take turns.
    Together(Vec<Step>),
    /// Injects a fault from now on: `throttle PutObject twice`, `lose PutObject once`, `fail PutObject once with My.Error`,
    /// `delay Query 5 seconds`, `hang Approve`.
    Fault(FaultText),
}

/// A state machine to start.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Its name or logical id.
    pub machine: String,
    /// The input. Default: `{}`.
    #[serde(default = "empty")]
    pub input: Value,
}

fn empty() -> Value {
    Value::Object(serde_json::Map::new())
}

/// Records for the source of a pipe.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feed {
    /// The pipe, by name or logical ID, if there are several.
    pub name: Option<String>,
    /// The records: complete, or with the relevant fields only. A value that is not a mapping is the payload.
    pub records: Vec<Value>,
    /// The response of the enrichment.
    pub enriched: Option<Value>,
}

/// The mapping form of [`Feed`].
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FeedFields {
    /// The pipe, by name or logical ID, if there are several.
    name: Option<String>,
    /// The records: complete, or with the relevant fields only. A value that is not a mapping is the payload (`body`, `data`).
    records: Vec<Value>,
    /// The response of the enrichment. Default: a state machine of the stack is run, a function returns its input.
    enriched: Option<Value>,
}

impl<'de> Deserialize<'de> for Feed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Records;
        impl<'de> Visitor<'de> for Records {
            type Value = Feed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records, or a mapping with `records`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Feed, A::Error> {
                let records = Vec::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(Feed { records, ..Feed::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Feed, A::Error> {
                let FeedFields { name, records, enriched } = Deserialize::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Feed { name, records, enriched })
            }
        }
        deserializer.deserialize_any(Records)
    }
}

impl JsonSchema for Feed {
    fn schema_name() -> Cow<'static, str> {
        "Feed".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fields = generator.subschema_for::<FeedFields>();
        json_schema!({
            "description": "Records that come to the source of a pipe: a list of them, for the only pipe, or a mapping with more.",
            "anyOf": [{"type": "array"}, fields],
        })
    }
}

/// An object: its key, or a mapping with its properties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// Its key.
    pub key: String,
    /// Its bucket, by name or logical ID, if there are several.
    pub bucket: Option<String>,
    /// The delay of its event.
    pub late: Option<Delay>,
    /// What else is said of it, where it is put.
    pub object: Upload,
}

/// The mapping form of [`Key`].
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyFields {
    /// Its key.
    key: String,
    /// Its size in bytes. By default, it contains a few bytes of text.
    size: Option<u64>,
    /// Its bucket, by name or logical ID, if there are several.
    bucket: Option<String>,
    /// The delay of its event, such as `5 minutes`. Other events overtake it.
    late: Option<Delay>,
    /// Its media type: `image/jpeg`.
    content_type: Option<String>,
    /// Its metadata: names and strings.
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    /// Its tags: names and strings.
    #[serde(default)]
    tags: BTreeMap<String, String>,
    /// Its storage class, such as `GLACIER_IR`. Default: `STANDARD`.
    #[serde(default, deserialize_with = "read_by_word")]
    #[schemars(schema_with = "storage_class_schema")]
    storage_class: Option<StorageClass>,
    /// Its checksum, an algorithm and a value in Base64: `SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=`.
    #[serde(default, deserialize_with = "read_by_word")]
    #[schemars(schema_with = "checksum_schema")]
    checksum: Option<Checksum>,
}

/// The mapping form of a key to delete, without properties of the object.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeletedFields {
    /// Its key.
    key: String,
    /// Its bucket, by name or logical ID, if there are several.
    bucket: Option<String>,
    /// The delay of its event, such as `5 minutes`. Other events overtake it.
    late: Option<Delay>,
}

impl From<DeletedFields> for Key {
    fn from(DeletedFields { key, bucket, late }: DeletedFields) -> Self {
        Self { key, bucket, late, object: Upload::default() }
    }
}

fn deleted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
    deserializer.deserialize_any(KeyOr::<DeletedFields>(PhantomData))
}

fn deleted_schema(generator: &mut SchemaGenerator) -> Schema {
    let fields = generator.subschema_for::<DeletedFields>();
    json_schema!({"description": "An object: its key, or a mapping with its properties.", "anyOf": [{"type": "string"}, fields]})
}

/// Reads a key, or the mapping that stands for one.
struct KeyOr<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Into<Key>> Visitor<'de> for KeyOr<T> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object's key, a string, or a mapping with `key`")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        check_key(key).map_err(E::custom)?;
        Ok(Key { key: key.to_owned(), ..Key::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Key, A::Error> {
        let key: Key = T::deserialize(MapAccessDeserializer::new(map))?.into();
        check_key(&key.key).map_err(A::Error::custom)?;
        Ok(key)
    }
}

/// Reads a value that says in its own words what is wrong with a text.
fn read_by_word<'de, T: FromStr<Err = String>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

fn storage_class_schema(_: &mut SchemaGenerator) -> Schema {
    let mut known: Vec<Option<&str>> = storage_classes().iter().copied().map(Some).collect();
    known.push(None);
    json_schema!({ "enum": known })
}

fn checksum_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "pattern": format!("^({}):.", checksum_algorithms().join("|"))})
}

impl From<KeyFields> for Key {
    fn from(fields: KeyFields) -> Self {
        let KeyFields { key, size, bucket, late, content_type, metadata, tags, storage_class, checksum } = fields;
        Self { key, bucket, late, object: Upload { size, content_type, metadata, tags, storage_class, checksum } }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyOr::<KeyFields>(PhantomData))
    }
}

impl JsonSchema for Key {
    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fields = generator.subschema_for::<KeyFields>();
        json_schema!({"description": "An object: its key, or a mapping with its properties.", "anyOf": [{"type": "string"}, fields]})
    }
}

/// A duration: `5 seconds`, `2 hours`, or a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay(pub Duration);

/// The longest duration: more has no form in a calendar.
const LONGEST: f64 = 100.0 * 366.0 * 86_400.0;

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seconds;
        impl Visitor<'_> for Seconds {
            type Value = Delay;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as `5 seconds`, or a number of seconds")
            }

            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Delay, E> {
                let seconds = Some(seconds).filter(|seconds| (0.0..=LONGEST).contains(seconds));
                seconds
                    .map(|seconds| Delay(Duration::from_secs_f64(seconds)))
                    .ok_or_else(|| E::custom("expected a duration between 0 seconds and 100 years"))
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Delay, E> {
                self.visit_f64(seconds as f64)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Delay, E> {
                let words: Vec<&str> = text.split_whitespace().collect();
                let delay = match words.as_slice() {
                    [number, unit] => duration(number, unit),
                    _ => None,
                };
                let delay = delay.filter(|delay| delay.as_secs_f64() <= LONGEST);
                delay.map(Delay).ok_or_else(|| {
                    E::custom(
                        "this is not a duration\nexpected a number and a unit: `5 seconds`, `2 minutes`, `1 hour`, `3 days`",
                    )
                })
            }
        }
        deserializer.deserialize_any(Seconds)
    }
}

impl JsonSchema for Delay {
    fn schema_name() -> Cow<'static, str> {
        "Delay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "A duration: `5 seconds`, `2 hours`, or a number of seconds.", "type": ["string", "number"]})
    }
}

/// Something that goes wrong on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultText(pub Fault);

impl<'de> Deserialize<'de> for FaultText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(FaultText).map_err(D::Error::custom)
    }
}

impl JsonSchema for FaultText {
    fn schema_name() -> Cow<'static, str> {
        "Fault".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`throttle STATE twice`, `lose STATE once`, `fail STATE once with My.Error`, `delay STATE 5 seconds`, `hang STATE`.",
            "type": "string",
            "pattern": "^(throttle|lose|fail|delay|hang) ",
        })
    }
}
