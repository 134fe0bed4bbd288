use indexmap::IndexMap;
use thiserror::Error;

use super::{AttributeType, AttributeValue};
use crate::name::AttributeName;

/// An attribute of a table's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The name of the attribute.
    pub name: AttributeName,
    /// The type of the attribute; a key attribute is `S`, `N` or `B`.
    pub attribute_type: AttributeType,
}

impl KeyAttribute {
    /// A key attribute that holds strings.
    pub fn string(name: AttributeName) -> Self {
        Self { name, attribute_type: AttributeType::S }
    }

    /// A key attribute of a type, if keys can be of it: a map is no key.
    pub fn of_type(name: AttributeName, attribute_type: AttributeType) -> Option<Self> {
        (attribute_type != AttributeType::M).then_some(Self { name, attribute_type })
    }
}

/// What identifies an item of a table: a partition key, and a sort key if there is one.
/// See [primary key](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html#HowItWorks.CoreComponents.PrimaryKey).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySchema {
    hash: KeyAttribute,
    range: Option<KeyAttribute>,
}

/// Why values are no key of, or no item for, a table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// A key attribute has no value.
    #[error("the key attribute `{0}` is missing: a key has a value for every attribute of the table's key schema")]
    Missing(AttributeName),
    /// A value is of the wrong type.
    #[error("the key attribute `{name}` is of type {}, and the value given is of type {}", expected.as_str(), given.as_str())]
    WrongType {
        /// The attribute.
        name: AttributeName,
        /// Its type in the key schema.
        expected: AttributeType,
        /// The type of the value.
        given: AttributeType,
    },
    /// A value is for an attribute that is not in the key.
    #[error("`{0}` is no key attribute of this table")]
    NotInKey(AttributeName),
    /// Two attributes have one name.
    #[error("the attribute `{0}` is named twice")]
    Twice(AttributeName),
}

impl KeySchema {
    /// A partition key alone.
    pub fn hash(hash: KeyAttribute) -> Self {
        Self { hash, range: None }
    }

    /// A partition key and a sort key.
    ///
    /// # Errors
    /// Both have the same name.
    pub fn hash_and_range(hash: KeyAttribute, range: KeyAttribute) -> Result<Self, KeyError> {
        if hash.name == range.name {
            return Err(KeyError::Twice(hash.name));
        }
        Ok(Self { hash, range: Some(range) })
    }

    /// The attribute that is the partition key (`HASH`).
    pub fn hash_attribute(&self) -> &KeyAttribute {
        &self.hash
    }

    /// The attribute that is the sort key (`RANGE`), if there is one.
    pub fn range_attribute(&self) -> Option<&KeyAttribute> {
        self.range.as_ref()
    }

    /// The key attributes, the partition key first.
    pub fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        [&self.hash].into_iter().chain(&self.range)
    }

    /// Whether `name` is a key attribute, which no update can change.
    pub fn contains(&self, name: &AttributeName) -> bool {
        self.attributes().any(|attribute| attribute.name == *name)
    }

    /// The key of one item.
    ///
    /// ```
    /// use bucketbook::dynamodb::{AttributeValue, KeyAttribute, KeySchema};
    /// use bucketbook::name::AttributeName;
    /// let name = |text| AttributeName::parse(text).unwrap();
    /// let schema = KeySchema::hash_and_range(
    ///     KeyAttribute::string(name("fileName")),
    ///     KeyAttribute::string(name("lastModified")),
    /// ).unwrap();
    /// let error = schema.key([(name("fileName"), AttributeValue::S("cat.jpg"))]).unwrap_err();
    /// assert_eq!(error.to_string(), "the key attribute `lastModified` is missing: \
    ///     a key has a value for every attribute of the table's key schema");
    /// ```
    ///
    /// # Errors
    /// A key attribute has no value or one of the wrong type, or a value is for another attribute.
    pub fn key<V>(
        &self,
        values: impl IntoIterator<Item = (AttributeName, AttributeValue<V>)>,
    ) -> Result<Key<V>, KeyError> {
        let item = self.item(values)?;
        match item.attributes.keys().find(|name| !self.contains(name)) {
            Some(name) => Err(KeyError::NotInKey(name.clone())),
            None => Ok(Key { schema: self.clone(), values: item.attributes }),
        }
    }

    /// A whole item.
    ///
    /// # Errors
    /// A key attribute has no value or one of the wrong type, or an attribute is named twice.
    pub fn item<V>(
        &self,
        values: impl IntoIterator<Item = (AttributeName, AttributeValue<V>)>,
    ) -> Result<Item<V>, KeyError> {
        let mut attributes = IndexMap::new();
        for (name, value) in values {
            if attributes.insert(name.clone(), value).is_some() {
                return Err(KeyError::Twice(name));
            }
        }
        for KeyAttribute { name, attribute_type } in self.attributes() {
            let Some(value) = attributes.get(name) else { return Err(KeyError::Missing(name.clone())) };
            let given = value.attribute_type();
            if given != *attribute_type {
                return Err(KeyError::WrongType { name: name.clone(), expected: *attribute_type, given });
            }
        }
        Ok(Item { schema: self.clone(), attributes })
    }
}

/// The values of an item's key attributes: all of them, and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Key<V> {
    schema: KeySchema,
    values: IndexMap<AttributeName, AttributeValue<V>>,
}

impl<V> Key<V> {
    /// The key schema that it was made from.
    pub fn schema(&self) -> &KeySchema {
        &self.schema
    }

    /// The values, in the order in which they were given.
    pub fn values(&self) -> &IndexMap<AttributeName, AttributeValue<V>> {
        &self.values
    }
}

/// The attributes of an item, with its whole key among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<V> {
    schema: KeySchema,
    attributes: IndexMap<AttributeName, AttributeValue<V>>,
}

impl<V> Item<V> {
    /// The key schema that it was made from.
    pub fn schema(&self) -> &KeySchema {
        &self.schema
    }

    /// The attributes, in the order in which they were given.
    pub fn attributes(&self) -> &IndexMap<AttributeName, AttributeValue<V>> {
        &self.attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> AttributeName {
        AttributeName::parse(text).unwrap()
    }

    fn schema() -> KeySchema {
        let range = KeyAttribute { name: name("n"), attribute_type: AttributeType::N };
        KeySchema::hash_and_range(KeyAttribute::string(name("h")), range).unwrap()
    }

    #[test]
    fn a_key_is_whole_and_nothing_more() {
        let (h, n) = ((name("h"), AttributeValue::S(1)), (name("n"), AttributeValue::N(2)));
        assert!(schema().key([h.clone(), n.clone()]).is_ok());
        assert_eq!(schema().key([h.clone()]).unwrap_err(), KeyError::Missing(name("n")));
        assert_eq!(schema().key([h.clone(), n.clone(), n.clone()]).unwrap_err(), KeyError::Twice(name("n")));
        let more = (name("x"), AttributeValue::S(3));
        assert_eq!(schema().key([h.clone(), n, more]).unwrap_err(), KeyError::NotInKey(name("x")));
        let error = schema().key([h, (name("n"), AttributeValue::S(2))]).unwrap_err();
        assert_eq!(error.to_string(), "the key attribute `n` is of type N, and the value given is of type S");
    }

    #[test]
    fn a_key_has_two_different_attributes() {
        let twice = KeySchema::hash_and_range(KeyAttribute::string(name("h")), KeyAttribute::string(name("h")));
        assert_eq!(twice.unwrap_err(), KeyError::Twice(name("h")));
    }
}
