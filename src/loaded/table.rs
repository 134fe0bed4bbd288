use crate::aws::{KeyType, ResourceType};
use crate::source::Node;

use super::Place;
use super::resolve::Resolver;
use super::template::{LoadedTemplate, Resource};

/// A DynamoDB table of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedTable {
    /// The logical id of the table in the template.
    pub logical_id: String,
    /// The name of the table, as far as it is known before the deployment.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// Its key: the partition key first.
    pub key: Vec<TableKey>,
    /// The attributes that its keys and those of its indexes are made of.
    pub attributes: Vec<TableAttribute>,
    /// The global and local secondary indexes.
    pub indexes: Vec<LoadedIndex>,
    /// The attribute that says when an item expires, if there is one.
    pub expires: Option<String>,
}

/// An attribute of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct TableKey {
    /// The attribute's name.
    pub name: String,
    /// Its part in the key, if that is one.
    pub key_type: Option<KeyType>,
    /// Where it stands.
    pub place: Place,
}

/// An attribute that a key may be made of.
#[derive(Debug, Clone, PartialEq)]
pub struct TableAttribute {
    /// The name of the attribute.
    pub name: String,
    /// `S`, `N` or `B`.
    pub attribute_type: String,
    /// Where it is defined.
    pub place: Place,
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedIndex {
    /// The name of the index.
    pub name: String,
    /// Its key: the partition key first.
    pub key: Vec<TableKey>,
    /// Whether it is a global one.
    pub global: bool,
    /// Its `ProjectionType`: `ALL`, `KEYS_ONLY`, `INCLUDE`.
    pub projection: String,
    /// The `NonKeyAttributes` of its projection.
    pub included: Vec<String>,
}

impl LoadedTable {
    /// The type of an attribute, if the table defines it.
    pub fn attribute_type(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .map(|attribute| attribute.attribute_type.as_str())
    }
}

/// The tables of a template.
pub(super) fn tables(template: &LoadedTemplate, resolver: &Resolver<'_>) -> Vec<LoadedTable> {
    let tables = template.resources.values().filter_map(|resource| match ResourceType::of(&resource.resource_type) {
        Some(ResourceType::DynamoDbTable | ResourceType::DynamoDbGlobalTable) => {
            Some(table(template, resolver, resource))
        }
        Some(ResourceType::ServerlessSimpleTable) => Some(simple_table(template, resolver, resource)),
        _ => None,
    });
    tables.collect()
}

struct Reader<'a> {
    template: &'a LoadedTemplate,
    resolver: &'a Resolver<'a>,
    logical_id: &'a str,
}

impl Reader<'_> {
    fn text(&self, node: &Node, name: &str) -> String {
        node.get(name).map(|node| self.resolver.text(node)).unwrap_or_default()
    }

    fn key(&self, properties: &Node, pointer: &str) -> Vec<TableKey> {
        let elements = properties.get("KeySchema").map_or(&[][..], Node::items).iter().enumerate();
        let mut key: Vec<TableKey> = elements
            .map(|(at, node)| TableKey {
                name: self.text(node, "AttributeName"),
                key_type: KeyType::of(&self.text(node, "KeyType")),
                place: self.place(&format!("{pointer}/KeySchema/{at}/AttributeName"), name_of(node)),
            })
            .collect();
        key.sort_by_key(|element| element.key_type == Some(KeyType::Range));
        key
    }

    fn place(&self, pointer: &str, node: &Node) -> Place {
        self.template.place(self.logical_id, pointer, node)
    }

    fn indexes(&self, properties: &Node, property: &str) -> Vec<LoadedIndex> {
        let indexes = properties.get(property).map_or(&[][..], Node::items).iter().enumerate();
        let indexes = indexes.map(|(at, node)| {
            let projection = node.get("Projection");
            let included = projection.and_then(|p| p.get("NonKeyAttributes")).map_or(&[][..], Node::items).iter();
            LoadedIndex {
                name: self.text(node, "IndexName"),
                key: self.key(node, &format!("/{property}/{at}")),
                global: property == "GlobalSecondaryIndexes",
                projection: projection.map(|p| self.text(p, "ProjectionType")).unwrap_or_default(),
                included: included.map(|node| self.resolver.text(node)).collect(),
            }
        });
        indexes.collect()
    }
}

/// The node of the name of a key element or an attribute, or the whole where there is none.
fn name_of(node: &Node) -> &Node {
    node.get("AttributeName").unwrap_or(node)
}

fn table(template: &LoadedTemplate, resolver: &Resolver<'_>, resource: &Resource) -> LoadedTable {
    let reader = Reader { template, resolver, logical_id: &resource.logical_id };
    let mut table = empty(resolver, resource);
    let Some(properties) = template.properties(&resource.logical_id) else { return table };
    let attributes = properties.get("AttributeDefinitions").map_or(&[][..], Node::items).iter().enumerate();
    let attributes = attributes.map(|(at, node)| TableAttribute {
        name: reader.text(node, "AttributeName"),
        attribute_type: reader.text(node, "AttributeType"),
        place: reader.place(&format!("/AttributeDefinitions/{at}/AttributeName"), name_of(node)),
    });
    table.attributes = attributes.collect();
    let expiry = properties.get("TimeToLiveSpecification").filter(|expiry| reader.text(expiry, "Enabled") != "false");
    table.expires = expiry.map(|expiry| reader.text(expiry, "AttributeName")).filter(|name| !name.is_empty());
    table.key = reader.key(properties, "");
    table.indexes = reader.indexes(properties, "GlobalSecondaryIndexes");
    table.indexes.extend(reader.indexes(properties, "LocalSecondaryIndexes"));
    table
}

fn empty(resolver: &Resolver<'_>, resource: &Resource) -> LoadedTable {
    LoadedTable {
        logical_id: resource.logical_id.clone(),
        name: resolver.physical_name(&resource.logical_id),
        place: resource.place.clone(),
        key: Vec::new(),
        attributes: Vec::new(),
        indexes: Vec::new(),
        expires: None,
    }
}

/// SAM's table with a partition key only, which is `id`, a string, if it is not given.
fn simple_table(template: &LoadedTemplate, resolver: &Resolver<'_>, resource: &Resource) -> LoadedTable {
    let reader = Reader { template, resolver, logical_id: &resource.logical_id };
    let key = template.properties(&resource.logical_id).and_then(|properties| properties.get("PrimaryKey"));
    let name = key.map_or_else(|| "id".to_owned(), |key| reader.text(key, "Name"));
    let attribute_type = match key.map(|key| reader.text(key, "Type")).as_deref() {
        Some("Number") => "N",
        Some("Binary") => "B",
        _ => "S",
    };
    let place = key.map_or_else(|| resource.place.clone(), |key| reader.place("/PrimaryKey", key));
    let element = TableKey { name: name.clone(), key_type: Some(KeyType::Hash), place: place.clone() };
    let attribute = TableAttribute { name, attribute_type: attribute_type.to_owned(), place };
    LoadedTable { key: vec![element], attributes: vec![attribute], ..empty(resolver, resource) }
}
