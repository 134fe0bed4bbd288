//! The indexes that a spec asks for, over the attributes that its records hold.

use strsim::damerau_levenshtein;

use super::record::Record;
use super::{CatalogError, IndexError, folder};
use crate::dynamodb::{AttributeType, KeyAttribute, KeySchema};
use crate::name::AttributeName;
use crate::spec::{IndexProjection, IndexSpec, Spec};
use crate::stack::{Projection, Table};

/// How many global secondary indexes a table can have, and how many attributes they can include, all together: the
/// [quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-secondary-indexes) of DynamoDB.
const MOST_INDEXES: usize = 20;
const MOST_INCLUDED: usize = 100;

/// An error of an index, and where the spec has it.
type Misplaced = (String, IndexError, String);

/// The table with the indexes that the spec asks for.
pub(super) fn table(spec: &Spec, record: &Record, table: Table) -> Result<Table, CatalogError> {
    count(spec).map_err(refused)?;
    let mut table = table;
    for (number, index) in spec.indexes.iter().enumerate() {
        let (key, projection) = parts(spec, record, number).map_err(refused)?;
        table = table.with_index_of(index.name.clone(), &key, projection);
    }
    Ok(table)
}

/// What is wrong with the indexes: of each the first fault.
pub(super) fn faults(spec: &Spec, record: &Record) -> Vec<CatalogError> {
    let of_index = (0..spec.indexes.len()).filter_map(|number| parts(spec, record, number).err());
    count(spec).err().into_iter().chain(of_index).map(refused).collect()
}

fn refused((pointer, error, help): Misplaced) -> CatalogError {
    CatalogError::Index { error, pointer, help }
}

/// The key and the projection of an index.
fn parts(spec: &Spec, record: &Record, number: usize) -> Result<(KeySchema, Projection), Misplaced> {
    let index = &spec.indexes[number];
    let place = format!("/indexes/{number}");
    named_once(spec, number).map_err(|error| (format!("{place}/name"), error, NAME.to_owned()))?;
    let hash = key_attribute(record, &index.partition, &format!("{place}/partition"))?;
    let range = index.sort.as_ref().map(|sort| key_attribute(record, sort, &format!("{place}/sort"))).transpose()?;
    let same = |name: AttributeName| {
        let help = "leave out `sort`, or sort by another attribute".to_owned();
        (format!("{place}/sort"), IndexError::SortedByPartition(name), help)
    };
    let key = match range {
        None => KeySchema::hash(hash),
        Some(range) if range.name == hash.name => return Err(same(range.name)),
        Some(range) => {
            let name = range.name.clone();
            KeySchema::hash_and_range(hash, range).map_err(|_| same(name))?
        }
    };
    let projection = projection(record, index, &key, &format!("{place}/projection"))?;
    Ok((key, projection))
}

const NAME: &str = "choose another name for this index";

fn count(spec: &Spec) -> Result<(), Misplaced> {
    let count = spec.indexes.len() + usize::from(spec.api.is_some());
    if count > MOST_INDEXES {
        let error = IndexError::TooMany { count, max: MOST_INDEXES };
        return Err(("/indexes".to_owned(), error, "the API's own index counts as well".to_owned()));
    }
    let included = |index: &IndexSpec| match &index.projection {
        IndexProjection::Include(names) => names.len(),
        IndexProjection::All | IndexProjection::KeysOnly => 0,
    };
    let included: usize = spec.indexes.iter().map(included).sum();
    if included > MOST_INCLUDED {
        let what = format!("{included} attributes with those of the other indexes");
        let help = format!("a table's indexes include at most {MOST_INCLUDED} attributes, all together");
        return Err(("/indexes".to_owned(), IndexError::Projection(what), help));
    }
    Ok(())
}

fn named_once(spec: &Spec, number: usize) -> Result<(), IndexError> {
    let name = &spec.indexes[number].name;
    let before = spec.indexes[..number].iter().any(|index| index.name == *name);
    let of_api = spec.api.is_some() && name.as_str() == folder::INDEX;
    if before || of_api { Err(IndexError::Twice(name.clone())) } else { Ok(()) }
}

/// The type of an attribute of the records.
fn type_of(record: &Record, name: &AttributeName, pointer: &str) -> Result<AttributeType, Misplaced> {
    let known = record.all_attributes();
    if let Some((_, attribute_type)) = known.iter().find(|(known, _)| known == name) {
        return Ok(*attribute_type);
    }
    let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let near = names.iter().map(|known| (damerau_levenshtein(known, name.as_str()), known));
    let help = match near.min().filter(|(distance, _)| *distance <= 3) {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => format!("they have {}; `attributes` and `enrich` add others", names.join(", ")),
    };
    Err((pointer.to_owned(), IndexError::NoSuchAttribute(name.clone()), help))
}

fn key_attribute(record: &Record, name: &AttributeName, pointer: &str) -> Result<KeyAttribute, Misplaced> {
    let attribute_type = type_of(record, name, pointer)?;
    KeyAttribute::of_type(name.clone(), attribute_type).ok_or_else(|| {
        let help = "an index can include it: `projection: {INCLUDE: [...]}`".to_owned();
        (pointer.to_owned(), IndexError::NoKey(name.clone()), help)
    })
}

fn projection(record: &Record, index: &IndexSpec, key: &KeySchema, pointer: &str) -> Result<Projection, Misplaced> {
    let names = match &index.projection {
        IndexProjection::All => return Ok(Projection::all()),
        IndexProjection::KeysOnly => return Ok(Projection::keys_only()),
        IndexProjection::Include(names) => names,
    };
    let place = format!("{pointer}/INCLUDE");
    let refused = |place: String, what: String, help: &str| Err((place, IndexError::Projection(what), help.to_owned()));
    if names.is_empty() {
        return refused(place, "nothing".to_owned(), "use `KEYS_ONLY` to include only the keys");
    }
    for (number, name) in names.iter().enumerate() {
        let place = format!("{place}/{number}");
        type_of(record, name, &place)?;
        if key.contains(name) || record.key_schema().contains(name) {
            return refused(place, format!("`{name}`, which is a key"), "keys are in every index");
        }
        if names[..number].contains(name) {
            return refused(place, format!("`{name}` twice"), "once is enough");
        }
    }
    Ok(Projection::include(names.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::stack;
    use crate::catalog::tests::parsed;

    fn refused(indexes: &str) -> String {
        let spec = parsed(&format!("{{enrich: [metadata], api: {{}}, indexes: [{indexes}]}}"));
        match stack(&spec).unwrap_err() {
            CatalogError::Index { error, pointer, help } => format!("{pointer}: {error}; {help}"),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_no_index_can_be() {
        for (index, says) in [
            (
                "{name: xyz, partition: siez}",
                "/indexes/0/partition: records have no attribute `siez`; did you mean `size`?",
            ),
            (
                "{name: xyz, partition: contentType}",
                "/indexes/0/partition: records have no attribute `contentType`; they have fileName, lastModified, size, \
                 etag, folder, sequencer, metadata; `attributes` and `enrich` add others",
            ),
            (
                "{name: xyz, partition: metadata}",
                "/indexes/0/partition: the attribute `metadata` is a map, and a key is a string or a number; an index can include \
                 it: `projection: {INCLUDE: [...]}`",
            ),
            (
                "{name: xyz, partition: etag, sort: etag}",
                "/indexes/0/sort: `partition` and `sort` are the same attribute `etag`; leave out `sort`, or sort by another attribute",
            ),
            (
                "{name: by-folder, partition: etag}",
                "/indexes/0/name: there are two indexes `by-folder`; choose another name for this index",
            ),
            (
                "{name: xyz, partition: etag}, {name: xyz, partition: size}",
                "/indexes/1/name: there are two indexes `xyz`; choose another name for this index",
            ),
            (
                "{name: xyz, partition: etag, projection: {INCLUDE: []}}",
                "/indexes/0/projection/INCLUDE: the projection includes nothing; use `KEYS_ONLY` to include \
                 only the keys",
            ),
            (
                "{name: xyz, partition: etag, projection: {INCLUDE: [size, fileName]}}",
                "/indexes/0/projection/INCLUDE/1: the projection includes `fileName`, which is a key; keys are in every index",
            ),
            (
                "{name: xyz, partition: etag, projection: {INCLUDE: [size, size]}}",
                "/indexes/0/projection/INCLUDE/1: the projection includes `size` twice; once is enough",
            ),
        ] {
            assert_eq!(refused(index), says);
        }
        let many: Vec<String> = (0..20).map(|number| format!("{{name: index-{number}, partition: etag}}")).collect();
        assert_eq!(
            refused(&many.join(", ")),
            "/indexes: a table has at most 20 indexes, and there are 21; the API's own index counts as well"
        );
    }
}
