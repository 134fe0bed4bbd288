use indexmap::IndexMap;
use thiserror::Error;

use super::{AttributeValue, Condition, Item, Key, KeyError, KeySchema, Placeholders};
use crate::name::AttributeName;

/// A parameter of a request, next to its `TableName`.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter<V> {
    /// A text: an expression, or one of a few words.
    Text(String),
    /// A number.
    Number(i64),
    /// `ExpressionAttributeNames`.
    Names(IndexMap<String, AttributeName>),
    /// Values by name: a key, an item, or `ExpressionAttributeValues`.
    Values(IndexMap<String, AttributeValue<V>>),
}

/// The parameters of a request, in the order of its API page.
type Parameters<V> = Vec<(&'static str, Parameter<V>)>;

/// Values by attribute, as a parameter.
fn by_name<V: Clone>(attributes: &IndexMap<AttributeName, AttributeValue<V>>) -> Parameter<V> {
    Parameter::Values(attributes.iter().map(|(name, value)| (name.to_string(), value.clone())).collect())
}

/// The names and values of a request's expressions, where it has any.
fn add_placeholders<V>(parameters: &mut Parameters<V>, placeholders: Placeholders<V>) {
    let (names, values) = placeholders.into_parts();
    if !names.is_empty() {
        parameters.push(("ExpressionAttributeNames", Parameter::Names(names)));
    }
    if !values.is_empty() {
        parameters.push(("ExpressionAttributeValues", Parameter::Values(values)));
    }
}

/// A [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html) that finds out whether there is
/// any item with a partition key. It reads at most one, and its answer holds no attributes: only how many it found. It may miss
/// an item written a moment ago (it reads eventually consistent); the conditions of the writes make that harmless.
#[derive(Debug, Clone, PartialEq)]
pub struct Query<V> {
    hash: (AttributeName, AttributeValue<V>),
    above: Option<(AttributeName, AttributeValue<V>)>,
}

impl<V: Clone + PartialEq> Query<V> {
    /// Is there an item of the table whose partition key is `hash`?
    pub fn any_item(schema: &KeySchema, hash: AttributeValue<V>) -> Self {
        Self { hash: (schema.hash_attribute().name.clone(), hash), above: None }
    }

    /// The same, of items whose sort key is above `range`.
    ///
    /// # Errors
    /// The table has no sort key.
    pub fn above(mut self, schema: &KeySchema, range: AttributeValue<V>) -> Result<Self, KeyError> {
        let hash = &schema.hash_attribute().name;
        let attribute = schema.range_attribute().ok_or_else(|| KeyError::NotInKey(hash.clone()))?;
        self.above = Some((attribute.name.clone(), range));
        Ok(self)
    }

    /// The request's parameters.
    pub fn parameters(&self) -> Parameters<V> {
        let (name, value) = &self.hash;
        let mut placeholders = Placeholders::default();
        let left = placeholders.name(name);
        let mut expression = format!("{left} = {}", placeholders.value(name, value));
        if let Some((name, value)) = &self.above {
            let left = placeholders.name(name);
            expression.push_str(&format!(" AND {left} > {}", placeholders.value(name, value)));
        }
        let mut parameters = vec![
            ("KeyConditionExpression", Parameter::Text(expression)),
            ("Select", Parameter::Text("COUNT".to_owned())),
            ("Limit", Parameter::Number(1)),
        ];
        add_placeholders(&mut parameters, placeholders);
        parameters
    }
}

/// A [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html). It always has a condition: an
/// event that comes twice, or late, must not undo what a newer one wrote.
///
/// ```
/// # use bucketbook::dynamodb::*;
/// # fn write(item: Item<String>, condition: Condition<String>) {
/// PutItem::new(item, condition);
/// # }
/// ```
///
/// ```compile_fail,E0061
/// # use bucketbook::dynamodb::*;
/// # fn write(item: Item<String>, condition: Condition<String>) {
/// PutItem::new(item);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PutItem<V> {
    item: Item<V>,
    condition: Condition<V>,
}

impl<V: Clone + PartialEq> PutItem<V> {
    /// Writes `item` if `condition` holds for the item that is there.
    pub fn new(item: Item<V>, condition: Condition<V>) -> Self {
        Self { item, condition }
    }

    /// The request's parameters.
    pub fn parameters(&self) -> Parameters<V> {
        let mut placeholders = Placeholders::default();
        let condition = self.condition.render(&mut placeholders);
        let mut parameters =
            vec![("Item", by_name(self.item.attributes())), ("ConditionExpression", Parameter::Text(condition))];
        add_placeholders(&mut parameters, placeholders);
        parameters
    }
}

/// An [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html) that sets attributes.
/// It always has a condition, as [`PutItem`] has. Its update expression is made from the attributes: there is no way to give
/// it as a text, and so no way to misspell it.
///
/// ```
/// # use bucketbook::dynamodb::*;
/// # use bucketbook::name::AttributeName;
/// # fn write(key: Key<String>, last_modified: AttributeName, time: String, condition: Condition<String>) {
/// UpdateItem::set(key, vec![(last_modified, AttributeValue::S(time))], condition);
/// # }
/// ```
///
/// ```compile_fail,E0308
/// # use bucketbook::dynamodb::*;
/// # use bucketbook::name::AttributeName;
/// # fn write(key: Key<String>, last_modified: AttributeName, time: String, condition: Condition<String>) {
/// UpdateItem::set(key, "set lastModified : lastModified", condition);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateItem<V> {
    key: Key<V>,
    set: Vec<(AttributeName, AttributeValue<V>)>,
    remove: Vec<AttributeName>,
    condition: Condition<V>,
}

/// Why attributes cannot be updated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UpdateError {
    /// One of them is in the key, which never changes.
    #[error("`{0}` is a key attribute, and no update can change one: a new key is a new item")]
    KeyAttribute(AttributeName),
    /// There are none.
    #[error("an update sets at least one attribute")]
    Nothing,
    /// One is set twice.
    #[error("the attribute `{0}` is set twice")]
    Twice(AttributeName),
}

impl<V: Clone + PartialEq> UpdateItem<V> {
    /// Sets attributes of the item with this key, if `condition` holds for it. An item that is not there is made.
    ///
    /// ```
    /// use bucketbook::dynamodb::*;
    /// use bucketbook::name::AttributeName;
    /// let name = |text| AttributeName::parse(text).unwrap();
    /// let schema = KeySchema::hash(KeyAttribute::string(name("fileName")));
    /// let key = schema.key([(name("fileName"), AttributeValue::S("cat.jpg"))]).unwrap();
    /// let condition = Condition::AttributeNotExists(name("sequencer"));
    /// let error = UpdateItem::set(key, vec![(name("fileName"), AttributeValue::S("dog.jpg"))], condition).unwrap_err();
    /// assert_eq!(error.to_string(),
    ///     "`fileName` is a key attribute, and no update can change one: a new key is a new item");
    /// ```
    ///
    /// # Errors
    /// An attribute is in the key or named twice, or there is none.
    pub fn set(
        key: Key<V>,
        set: Vec<(AttributeName, AttributeValue<V>)>,
        condition: Condition<V>,
    ) -> Result<Self, UpdateError> {
        if set.is_empty() {
            return Err(UpdateError::Nothing);
        }
        for (index, (name, _)) in set.iter().enumerate() {
            if key.schema().contains(name) {
                return Err(UpdateError::KeyAttribute(name.clone()));
            }
            if set[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(UpdateError::Twice(name.clone()));
            }
        }
        Ok(Self { key, set, remove: Vec::new(), condition })
    }

    /// The same update, which also takes these attributes from the item.
    ///
    /// # Errors
    /// An attribute is in the key, or named twice.
    pub fn removing(mut self, remove: Vec<AttributeName>) -> Result<Self, UpdateError> {
        for (index, name) in remove.iter().enumerate() {
            if self.key.schema().contains(name) {
                return Err(UpdateError::KeyAttribute(name.clone()));
            }
            if remove[..index].contains(name) || self.set.iter().any(|(set, _)| set == name) {
                return Err(UpdateError::Twice(name.clone()));
            }
        }
        self.remove = remove;
        Ok(self)
    }

    /// The request's parameters.
    pub fn parameters(&self) -> Parameters<V> {
        let mut placeholders = Placeholders::default();
        let assignments: Vec<String> = self
            .set
            .iter()
            .map(|(name, value)| {
                let left = placeholders.name(name);
                format!("{left} = {}", placeholders.value(name, value))
            })
            .collect();
        let removed: Vec<String> = self.remove.iter().map(|name| placeholders.name(name)).collect();
        let mut expression = format!("SET {}", assignments.join(", "));
        if !removed.is_empty() {
            expression.push_str(&format!(" REMOVE {}", removed.join(", ")));
        }
        let condition = self.condition.render(&mut placeholders);
        let mut parameters = vec![
            ("Key", by_name(self.key.values())),
            ("UpdateExpression", Parameter::Text(expression)),
            ("ConditionExpression", Parameter::Text(condition)),
        ];
        add_placeholders(&mut parameters, placeholders);
        parameters
    }
}

/// A [DeleteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html). It always has a condition,
/// as [`PutItem`] has.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteItem<V> {
    key: Key<V>,
    condition: Condition<V>,
}

impl<V: Clone + PartialEq> DeleteItem<V> {
    /// Removes the item with this key, if `condition` holds for it. If there is none, nothing happens.
    pub fn new(key: Key<V>, condition: Condition<V>) -> Self {
        Self { key, condition }
    }

    /// The request's parameters.
    pub fn parameters(&self) -> Parameters<V> {
        let mut placeholders = Placeholders::default();
        let condition = self.condition.render(&mut placeholders);
        let mut parameters =
            vec![("Key", by_name(self.key.values())), ("ConditionExpression", Parameter::Text(condition))];
        add_placeholders(&mut parameters, placeholders);
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::KeyAttribute;

    fn name(text: &str) -> AttributeName {
        AttributeName::parse(text).unwrap()
    }

    fn schema() -> KeySchema {
        KeySchema::hash(KeyAttribute::string(name("name")))
    }

    fn text<'a, V>(parameters: &'a Parameters<V>, key: &str) -> &'a str {
        match parameters.iter().find(|(name, _)| *name == key) {
            Some((_, Parameter::Text(text))) => text,
            _ => panic!("no text {key}"),
        }
    }

    #[test]
    fn a_reserved_word_as_key_is_put_behind_a_name() {
        let parameters = Query::any_item(&schema(), AttributeValue::S(())).parameters();
        assert_eq!(text(&parameters, "KeyConditionExpression"), "#name = :name");
        let names = IndexMap::from([("#name".to_owned(), name("name"))]);
        assert!(parameters.contains(&("ExpressionAttributeNames", Parameter::Names(names))));
    }

    #[test]
    fn an_update_is_set_and_equals() {
        let key = schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let set = vec![(name("lastModified"), AttributeValue::S(1)), (name("size"), AttributeValue::N(2))];
        let update = UpdateItem::set(key, set, Condition::AttributeNotExists(name("name"))).unwrap();
        let parameters = update.parameters();
        assert_eq!(text(&parameters, "UpdateExpression"), "SET lastModified = :lastModified, #size = :size");
        assert_eq!(text(&parameters, "ConditionExpression"), "attribute_not_exists(#name)");
    }

    #[test]
    fn an_update_can_remove() {
        let key = schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let set = vec![(name("a"), AttributeValue::S(1))];
        let update = UpdateItem::set(key, set, Condition::AttributeNotExists(name("name"))).unwrap();
        assert_eq!(update.clone().removing(vec![name("a")]), Err(UpdateError::Twice(name("a"))));
        assert_eq!(update.clone().removing(vec![name("name")]), Err(UpdateError::KeyAttribute(name("name"))));
        let parameters = update.removing(vec![name("b"), name("size")]).unwrap().parameters();
        assert_eq!(text(&parameters, "UpdateExpression"), "SET a = :a REMOVE b, #size");
    }

    #[test]
    fn updates_that_dynamodb_would_refuse() {
        let key = || schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let condition = || Condition::AttributeNotExists(name("name"));
        let value = |attribute| (name(attribute), AttributeValue::S(1));
        assert_eq!(UpdateItem::set(key(), vec![], condition()), Err(UpdateError::Nothing));
        let twice = UpdateItem::set(key(), vec![value("a"), value("a")], condition());
        assert_eq!(twice, Err(UpdateError::Twice(name("a"))));
        let of_key = UpdateItem::set(key(), vec![value("name")], condition());
        assert_eq!(of_key, Err(UpdateError::KeyAttribute(name("name"))));
    }
}
