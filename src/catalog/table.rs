//! Where the records are: a table that the stack creates, or one that exists already.

use super::record::Record;
use super::{CatalogError, api, folder, id, indexes, new_table, promise, refused};
use crate::aws::cloudformation::Pseudo;
use crate::dynamodb::KeySchema;
use crate::spec::{Encryption, Spec, TableNameOrArn};
use crate::stack::{Deferred, EncryptionKey, Sub, Table, TableReference, TemplateBuilder, Value};

/// The table that a spec asks for, which is added to the stack unless it exists already.
pub(super) fn table(
    spec: &Spec,
    record: &Record,
    template: &mut TemplateBuilder,
    key: Option<&EncryptionKey>,
) -> Result<TableReference, CatalogError> {
    let table =
        Table::on_demand(spec.table.name.clone(), record.key_schema()).expiring_at(record.expires_at().cloned());
    let table = indexes::table(spec, record, api::table(spec, table)?)?;
    match &spec.table.existing {
        Some(existing) => {
            faults_of_existing(spec, record).into_iter().next().map_or(Ok(()), Err)?;
            Ok(reference(existing))
        }
        None => {
            nothing_of_an_existing_one(spec)?;
            let table = new_table::add(spec, template, "FilesTable", table, key)?;
            Ok(TableReference::from(&table))
        }
    }
}

/// A name is a table's in the stack's account and region; DynamoDB takes an ARN
/// [in place of a name](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html) wherever the table is.
fn reference(existing: &Deferred<TableNameOrArn>) -> TableReference {
    let name = existing.text();
    if let Some(TableNameOrArn::Arn(_)) = existing.known() {
        return TableReference::existing(name.clone(), name);
    }
    let arn = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":dynamodb:").pseudo(Pseudo::Region).text(":");
    let arn = arn.pseudo(Pseudo::AccountId).text(":table/").value(&name);
    TableReference::existing(name, arn.into())
}

/// What is wrong with what is chosen about the table.
pub(super) fn faults(spec: &Spec) -> Vec<CatalogError> {
    match (&spec.table.existing, Record::of(spec)) {
        (Some(_), Ok(record)) => faults_of_existing(spec, &record),
        (None, _) => nothing_of_an_existing_one(spec).err().into_iter().collect(),
        (Some(_), Err(_)) => Vec::new(),
    }
}

/// What cannot be chosen about a table that the stack does not create.
fn faults_of_existing(spec: &Spec, record: &Record) -> Vec<CatalogError> {
    let table = &spec.table;
    let chosen = [
        ("name", table.name.is_some()),
        ("point_in_time_recovery", table.point_in_time_recovery),
        ("deletion_protection", table.deletion_protection),
    ];
    let chosen = chosen.into_iter().filter(|(_, chosen)| *chosen);
    let mut found: Vec<CatalogError> = chosen
        .map(|(option, _)| {
            let message =
                format!("`table.{option}` is for a table that the stack creates, and this one exists already");
            refused(format!("/table/{option}"), message, "leave it out, or leave `table.existing` out")
        })
        .collect();
    if table.encryption == Some(Encryption::Kms) && spec.kms_key.is_none() {
        let message = "the table exists already, so the stack does not know its key";
        found.push(refused("/table/encryption", message, "name the key: `kms_key: ARN`"));
    }
    found.extend(check_key(spec, record.key_schema()).err());
    found.extend(check_indexes(spec).err());
    found
}

/// The key that the table is said to have is the one that the layout needs.
fn check_key(spec: &Spec, needed: &KeySchema) -> Result<(), CatalogError> {
    let Some(has) = &spec.table.existing_key else { return Ok(()) };
    let (partition, sort) = (&needed.hash_attribute().name, needed.range_attribute().map(|range| &range.name));
    if has.partition != *partition {
        let message = format!("the table's partition key is `{}`, but the spec needs `{partition}`", has.partition);
        let help = format!("set `table.attribute_names.file_name: {}`", has.partition);
        return Err(refused("/table/existing_key/partition", message, help));
    }
    let place = "/table/existing_key/sort";
    match (&has.sort, sort) {
        (None, None) => Ok(()),
        (Some(has), Some(needed)) if has == needed => Ok(()),
        (Some(has), Some(needed)) => {
            let message = format!("the table's sort key is `{has}`, and that of the layout `history` is `{needed}`");
            Err(refused(place, message, format!("set `table.attribute_names.last_modified: {has}`")))
        }
        (Some(has), None) => {
            let message = format!(
                "the table has the sort key `{has}`, and the layout `latest` has one record for each file, without one"
            );
            Err(refused(place, message, "choose the layout `history`, or another table"))
        }
        (None, Some(needed)) => {
            let message = format!("the table has no sort key, and the layout `history` needs `{needed}`");
            Err(refused("/table/existing_key", message, "choose the layout `latest`, or another table"))
        }
    }
}

/// The indexes that the spec needs are among those that the table is said to have.
fn check_indexes(spec: &Spec) -> Result<(), CatalogError> {
    let Some(has) = &spec.table.existing_indexes else { return Ok(()) };
    let needed = needed_indexes(spec);
    match needed.iter().find(|needed| !has.iter().any(|has| has.as_str() == *needed)) {
        None => Ok(()),
        Some(missing) => {
            let message = format!("the table has no index `{missing}`");
            let help = "add it to the table; docs/spec.md says which keys it needs";
            Err(refused("/table/existing_indexes", message, help))
        }
    }
}

/// The indexes that the spec's own and the API's queries use.
fn needed_indexes(spec: &Spec) -> Vec<String> {
    let of_api = spec.api.is_some().then(|| folder::INDEX.to_owned());
    spec.indexes.iter().map(|index| index.name.to_string()).chain(of_api).collect()
}

/// What is said about an existing table is said where there is one.
fn nothing_of_an_existing_one(spec: &Spec) -> Result<(), CatalogError> {
    let table = &spec.table;
    let said = [("existing_key", table.existing_key.is_some()), ("existing_indexes", table.existing_indexes.is_some())];
    match said.into_iter().find(|(_, said)| *said) {
        None => Ok(()),
        Some((option, _)) => {
            let message =
                format!("`table.{option}` is about a table that exists already, and the stack creates its own");
            Err(refused(format!("/table/{option}"), message, "name that table: `table.existing: NAME`"))
        }
    }
}

/// Prints the key of a table, whose name comes last.
const COMMAND: &str =
    "aws dynamodb describe-table --output text --query 'Table.KeySchema[].[AttributeName,KeyType]' --table-name ";

/// Which table it is; and for one that exists, how to see whether it fits.
pub(super) fn outputs(
    spec: &Spec,
    record: &Record,
    table: &TableReference,
    template: &mut TemplateBuilder,
) -> Result<(), CatalogError> {
    if table.reference().imports() {
        return Ok(());
    }
    template.output(id("TableName")?, promise::of_table(spec), table.reference())?;
    if spec.table.existing.is_none() {
        return Ok(());
    }
    let keys = record.key_schema().attributes().zip(["HASH", "RANGE"]);
    let keys: Vec<String> = keys.map(|(attribute, part)| format!("{} {part}", attribute.name)).collect();
    let indexes = needed_indexes(spec);
    let indexes =
        if indexes.is_empty() { String::new() } else { format!(", and its indexes are {}", indexes.join(", ")) };
    let description = format!("The table fits if this prints {}{indexes}", keys.join(", "));
    let command = match table.reference() {
        Value::Text(name) => Value::Text(format!("{COMMAND}{name}")),
        later => Sub::default().text(COMMAND).value(&later).into(),
    };
    template.output(id("TableKeyCheck")?, &description, command)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::catalog::tests::parsed;
    use crate::catalog::{CatalogError, stack};

    fn refusal(text: &str) -> Option<String> {
        let spec = parsed(text);
        match stack(&spec) {
            Ok(stack) => {
                let made = stack.template().resources().keys().any(|id| id.as_str() == "FilesTable");
                assert_eq!(made, spec.table.existing.is_none());
                None
            }
            Err(CatalogError::Choice { pointer, message, .. }) => Some(format!("{pointer}: {message}")),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn an_existing_table_fits_the_layout() {
        let arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/files";
        for spec in [
            "table: {existing: files}".to_owned(),
            format!("{{table: {{existing: '{arn}'}}, alarms: {{}}}}"),
            "{table: {existing: files, existing_key: {partition: fileName}}, alarms: {}, dashboard: true}".to_owned(),
            "{table: {existing: files, layout: history, existing_key: {partition: fileName, sort: lastModified}}}".to_owned(),
            "{table: {existing: files, existing_indexes: [by-folder, by-size]}, api: {}, indexes: [{name: by-size, partition: size}]}".to_owned(),
            "{parameters: {T: {}}, table: {existing: !Ref T}, api: {}}".to_owned(),
        ] {
            assert_eq!(refusal(&spec), None, "{spec}");
        }
    }

    #[test]
    fn one_that_does_not_fit_is_refused() {
        for (table, says) in [
            (
                "existing: files, name: other",
                "/table/name: `table.name` is for a table that the stack creates, and this one exists already",
            ),
            (
                "existing: files, encryption: KMS",
                "/table/encryption: the table exists already, so the stack does not know its key",
            ),
            (
                "existing: files, existing_key: {partition: pk}",
                "/table/existing_key/partition: the table's partition key is `pk`, but the spec needs `fileName`",
            ),
            (
                "existing: files, existing_key: {partition: fileName, sort: sk}",
                "/table/existing_key/sort: the table has the sort key `sk`, and the layout `latest` has one record for each file, without one",
            ),
            (
                "existing: files, layout: history, existing_key: {partition: fileName}",
                "/table/existing_key: the table has no sort key, and the layout `history` needs `lastModified`",
            ),
            (
                "existing: files, layout: history, existing_key: {partition: fileName, sort: sk}",
                "/table/existing_key/sort: the table's sort key is `sk`, and that of the layout `history` is `lastModified`",
            ),
            (
                "existing_key: {partition: fileName}",
                "/table/existing_key: `table.existing_key` is about a table that exists already, and the stack creates its own",
            ),
        ] {
            assert_eq!(refusal(&format!("table: {{{table}}}")).as_deref(), Some(says), "{table}");
        }
        let spec = "{table: {existing: files, existing_indexes: [by-size]}, api: {}}";
        assert_eq!(refusal(spec).as_deref(), Some("/table/existing_indexes: the table has no index `by-folder`"));
    }
}
