use crate::aws::{KeyType, ResourceType};
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTable, LoadedTemplate, TableKey};

rule! {
    /// Key schema that does not match the attributes
    ///
    /// # What it does
    /// Checks that the key attributes of a table and its indexes are defined in `AttributeDefinitions`, that every attribute
    /// defined there is used in a key, and that a key has one `HASH` and at most one `RANGE` attribute.
    ///
    /// Source: [CreateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses to create the table.
    ///
    /// # Example
    /// ```yaml
    /// AttributeDefinitions:
    ///   - {AttributeName: fileName, AttributeType: S}
    ///   - {AttributeName: size, AttributeType: N}
    /// KeySchema:
    ///   - {AttributeName: fileName, KeyType: HASH}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// AttributeDefinitions:
    ///   - {AttributeName: fileName, AttributeType: S}
    /// KeySchema:
    ///   - {AttributeName: fileName, KeyType: HASH}
    /// ```
    pub(super) static RULE: "CFN405", "key-schema", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = &stack.template else { return };
    for table in stack.tables.iter().filter(|table| is_plain(template, table)) {
        key(table, &table.key, "the table", findings);
        for index in &table.indexes {
            key(table, &index.key, &format!("the index `{}`", index.name), findings);
        }
        let used = |name: &str| {
            table.key.iter().chain(table.indexes.iter().flat_map(|index| &index.key)).any(|key| key.name == name)
        };
        for attribute in table.attributes.iter().filter(|attribute| !used(&attribute.name)) {
            let message = format!("no key uses the attribute `{}`: DynamoDB refuses the table", attribute.name);
            findings
                .add(attribute.place.clone(), message)
                .help("`AttributeDefinitions` may list only key attributes: remove it");
        }
        for attribute in table.attributes.iter().filter(|a| !["S", "N", "B"].contains(&a.attribute_type.as_str())) {
            let message = format!(
                "a key attribute has the type S, N or B, not `{}`: DynamoDB refuses the table",
                attribute.attribute_type
            );
            findings.add(attribute.place.clone(), message);
        }
    }
}

fn key(table: &LoadedTable, key: &[TableKey], of: &str, findings: &mut Findings<'_>) {
    let hashes = key.iter().filter(|element| element.key_type == Some(KeyType::Hash)).count();
    // An index may have a key of several attributes.
    if hashes == 0 || (of == "the table" && (hashes != 1 || key.len() > 2)) {
        let message =
            format!("{of} needs a key of one HASH and at most one RANGE attribute: DynamoDB refuses the table");
        findings.add(key.first().map_or(&table.place, |element| &element.place).clone(), message);
    }
    for element in key.iter().filter(|element| table.attribute_type(&element.name).is_none()) {
        let message =
            format!("the attribute `{}` is not in AttributeDefinitions: DynamoDB refuses the table", element.name);
        let finding = findings.add(element.place.clone(), message);
        if let Some(near) = nearest(&element.name, table.attributes.iter().map(|attribute| attribute.name.as_str())) {
            finding.help(format!("did you mean `{near}`?"));
        }
    }
}

/// Whether a table says its keys itself, without functions that decide them when it is deployed. Global indexes of another kind
/// of key (several attributes) are not judged either.
fn is_plain(template: &LoadedTemplate, table: &LoadedTable) -> bool {
    let is_table = template.resources.get(&table.logical_id).is_some_and(|of| of.is_one_of(&ResourceType::TABLES));
    let Some(properties) = template.properties(&table.logical_id) else { return false };
    let lists = ["KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
    let plain = lists.iter().filter_map(|name| properties.get(name)).all(|list| {
        let known = Call::of(list).is_none() && list.items().iter().all(|item| Call::of(item).is_none());
        let keys = list.items().iter().filter_map(|item| item.get("KeySchema"));
        known && keys.into_iter().all(|key| Call::of(key).is_none() && key.items().len() <= 2)
    });
    is_table
        && Call::of(properties).is_none()
        && plain
        && properties.get("KeySchema").is_some_and(|key| !key.items().is_empty())
}
