use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use foldhash::fast::FixedState;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde_json::value::RawValue;

use super::Schema;

/// The schemas: comments, an index, an empty line, and a compressed block for each type. See `scripts/resource_schemas.py`.
const SCHEMAS: &[u8] = include_bytes!("schemas.bin");

/// No block is larger than this when it is unpacked.
const MAX_BLOCK: usize = 1 << 20;

/// The block that is no schema: the attributes of every type.
const ATTRIBUTES: &str = "attributes";

static TYPES: LazyLock<HashMap<&'static str, Packed>> = LazyLock::new(index);

/// A schema, unpacked when it is first asked for.
struct Packed {
    block: &'static [u8],
    schema: OnceLock<Option<Schema>>,
}

/// The schema of the properties of a resource type, if it is known.
pub fn find(resource_type: &str) -> Option<&'static Schema> {
    let packed = TYPES.get(resource_type).filter(|_| resource_type != ATTRIBUTES)?;
    let unpack = || serde_json::from_slice(&decompress_to_vec_zlib_with_limit(packed.block, MAX_BLOCK).ok()?).ok();
    packed.schema.get_or_init(unpack).as_ref()
}

/// The attributes that `Fn::GetAtt` takes of a resource type: the first name of each path. `None` for a type that is not among those of the
/// Region, and for one whose attributes others decide on (nested stacks, custom resources).
pub fn attributes(resource_type: &str) -> Option<Vec<String>> {
    serde_json::from_str(all_attributes().get(resource_type)?.get()).ok()
}

/// The resource types whose attributes are known: nearly all of CloudFormation's.
pub fn types() -> impl Iterator<Item = &'static str> {
    all_attributes().keys().copied()
}

/// The attributes of the types, each read when it is asked for: a list of names.
type Attributes = HashMap<&'static str, &'static RawValue, FixedState>;

fn all_attributes() -> &'static Attributes {
    static TEXT: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let packed = TYPES.get(ATTRIBUTES).map_or(&[][..], |packed| packed.block);
        decompress_to_vec_zlib_with_limit(packed, MAX_BLOCK).unwrap_or_default()
    });
    static ALL: LazyLock<Attributes> = LazyLock::new(|| serde_json::from_slice(&TEXT).unwrap_or_default());
    &ALL
}

/// A pattern of a schema as this language writes it: `\Z`, the end of the text, is `\z` here.
pub fn pattern_of(pattern: &str) -> Option<regex::Regex> {
    regex::Regex::new(&pattern.replace(r"\Z", r"\z")).ok()
}

/// Where the schemas come from, with their dates, a line a source.
pub fn sources() -> impl Iterator<Item = &'static str> {
    lines().filter_map(|line| line.strip_prefix("# "))
}

fn end_of_index() -> usize {
    SCHEMAS.windows(2).position(|pair| pair == b"\n\n").unwrap_or(0)
}

fn lines() -> std::str::Lines<'static> {
    let index = SCHEMAS.get(..end_of_index()).and_then(|index| std::str::from_utf8(index).ok());
    index.unwrap_or_default().lines()
}

fn index() -> HashMap<&'static str, Packed> {
    let blocks = SCHEMAS.get(end_of_index() + 2..).unwrap_or_default();
    let packed = |line: &'static str| {
        let mut fields = line.split(' ');
        let (name, offset, length) = (fields.next()?, fields.next()?, fields.next()?);
        let (offset, length): (usize, usize) = (offset.parse().ok()?, length.parse().ok()?);
        let block = blocks.get(offset..offset.checked_add(length)?)?;
        Some((name, Packed { block, schema: OnceLock::new() }))
    };
    lines().filter(|line| !line.starts_with('#')).filter_map(packed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_unpacks() {
        assert!(TYPES.len() > 30, "{}", TYPES.len());
        for name in TYPES.keys().filter(|name| **name != ATTRIBUTES) {
            assert!(find(name).is_some_and(|schema| !schema.properties.is_empty()), "{name}");
        }
    }

    #[test]
    fn attributes_are_known_of_every_type() {
        assert!(types().count() > 1_000);
        assert_eq!(attributes("AWS::DynamoDB::Table").unwrap(), ["Arn", "StreamArn"]);
        assert!(attributes("AWS::SQS::Queue").unwrap().iter().any(|name| name == "QueueUrl"));
        assert!(types().all(|name| name.starts_with("AWS::") && attributes(name).is_some()));
        assert_eq!(attributes("AWS::CloudFormation::Stack"), None);
        assert!(find(ATTRIBUTES).is_none());
    }

    #[test]
    fn the_sources_have_a_date() {
        assert!(
            sources().any(|line| line.ends_with(|c: char| c.is_ascii_digit())),
            "{:?}",
            sources().collect::<Vec<_>>()
        );
    }

    #[test]
    fn patterns_compile() {
        fn all(schema: &Schema, found: &mut Vec<String>) {
            found.extend(schema.pattern.clone());
            let inner = schema.properties.values().chain(schema.by_type.values());
            let boxed = schema.each.iter().chain(&schema.items).map(|schema| &**schema);
            inner.chain(boxed).for_each(|schema| all(schema, found));
        }
        let mut patterns = Vec::new();
        TYPES.keys().filter_map(|name| find(name)).for_each(|schema| all(schema, &mut patterns));
        let wrong: Vec<_> = patterns.iter().filter(|pattern| pattern_of(pattern).is_none()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
