use thiserror::Error;

use super::request::{Parameter, Parameters, add_placeholders, by_name};
use super::{AttributeValue, Key, Placeholders, WriteCondition};
use crate::name::AttributeName;

/// An [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html) that sets attributes.
/// It always has a condition, as [`PutItem`](super::PutItem) has. Its update expression is made from the attributes: there is no way to give
/// it as a text, and so no way to misspell it.
///
/// ```
/// # use bucketbook::dynamodb::*;
/// # use bucketbook::name::AttributeName;
/// # fn write(key: Key<String>, last_modified: AttributeName, time: String, condition: WriteCondition<String>) {
/// UpdateItem::set(key, vec![(last_modified, AttributeValue::S(time))], condition);
/// # }
/// ```
///
/// ```compile_fail,E0308
/// # use bucketbook::dynamodb::*;
/// # use bucketbook::name::AttributeName;
/// # fn write(key: Key<String>, last_modified: AttributeName, time: String, condition: WriteCondition<String>) {
/// UpdateItem::set(key, "set lastModified : lastModified", condition);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateItem<V> {
    key: Key<V>,
    set: Vec<(AttributeName, AttributeValue<V>)>,
    set_or_remove: Vec<(AttributeName, AttributeValue<V>)>,
    remove: Vec<AttributeName>,
    condition: WriteCondition<V>,
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
    /// let condition = WriteCondition::AttributeNotExists(name("sequencer"));
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
        condition: WriteCondition<V>,
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
        Ok(Self { key, set, set_or_remove: Vec::new(), remove: Vec::new(), condition })
    }

    /// The same update, which also sets these attributes where there is a value for them, and takes them from the item where
    /// there is none: what an earlier write knew of them is no longer so.
    ///
    /// # Errors
    /// An attribute is in the key, or named twice.
    pub fn setting_or_removing(
        mut self,
        attributes: Vec<(AttributeName, AttributeValue<V>)>,
    ) -> Result<Self, UpdateError> {
        for (index, (name, _)) in attributes.iter().enumerate() {
            if self.key.schema().contains(name) {
                return Err(UpdateError::KeyAttribute(name.clone()));
            }
            let mut earlier = self.set.iter().chain(&attributes[..index]).map(|(name, _)| name).chain(&self.remove);
            if earlier.any(|earlier| earlier == name) {
                return Err(UpdateError::Twice(name.clone()));
            }
        }
        self.set_or_remove = attributes;
        Ok(self)
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
            let mut set = self.set.iter().chain(&self.set_or_remove);
            if remove[..index].contains(name) || set.any(|(set, _)| set == name) {
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
        let clause = |(name, value): &(AttributeName, AttributeValue<V>)| {
            let remove = placeholders.name(name);
            let set = format!("{remove} = {}", placeholders.value(name, value));
            UpdateClause { value: value.clone(), set, remove }
        };
        let clauses: Vec<UpdateClause<V>> = self.set_or_remove.iter().map(clause).collect();
        let removed: Vec<String> = self.remove.iter().map(|name| placeholders.name(name)).collect();
        let (set, remove) = (format!("SET {}", assignments.join(", ")), removed.join(", "));
        let expression = match (clauses.is_empty(), remove.is_empty()) {
            (true, true) => Parameter::Text(set),
            (true, false) => Parameter::Text(format!("{set} REMOVE {remove}")),
            (false, _) => Parameter::Update(UpdateExpression { set, remove, clauses }),
        };
        let condition = self.condition.render(&mut placeholders);
        let mut parameters = vec![
            ("Key", by_name(self.key.values())),
            ("UpdateExpression", expression),
            ("ConditionExpression", Parameter::Text(condition)),
        ];
        add_placeholders(&mut parameters, placeholders);
        parameters
    }
}

/// An [update expression](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html) that
/// sets an attribute where there is a value for it, and takes it from the item where there is none.
///
/// Whoever writes the request puts it together: `set`, the `set` of every clause that has a value, then `REMOVE`, `remove` and
/// the `remove` of every other clause, with commas between them. `ExpressionAttributeValues` then lack the values that
/// are not there.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateExpression<V> {
    /// What is always set, and at least one attribute is: `SET a = :a`.
    pub set: String,
    /// What is always removed, as a list with commas. It may be empty.
    pub remove: String,
    /// What is set or removed.
    pub clauses: Vec<UpdateClause<V>>,
}

/// The part of an [`UpdateExpression`] that is about one attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateClause<V> {
    /// The value, which may not be there.
    pub value: AttributeValue<V>,
    /// What stands behind `SET` where it is: `requester = :requester`.
    pub set: String,
    /// What stands behind `REMOVE` where it is not: `requester`.
    pub remove: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::testing::{name, schema, text};

    #[test]
    fn an_update_is_set_and_equals() {
        let key = schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let set = vec![(name("lastModified"), AttributeValue::S(1)), (name("size"), AttributeValue::N(2))];
        let update = UpdateItem::set(key, set, WriteCondition::AttributeNotExists(name("name"))).unwrap();
        let parameters = update.parameters();
        assert_eq!(text(&parameters, "UpdateExpression"), "SET lastModified = :lastModified, #size = :size");
        assert_eq!(text(&parameters, "ConditionExpression"), "attribute_not_exists(#name)");
    }

    #[test]
    fn an_update_can_remove() {
        let key = schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let set = vec![(name("a"), AttributeValue::S(1))];
        let update = UpdateItem::set(key, set, WriteCondition::AttributeNotExists(name("name"))).unwrap();
        assert_eq!(update.clone().removing(vec![name("a")]), Err(UpdateError::Twice(name("a"))));
        assert_eq!(update.clone().removing(vec![name("name")]), Err(UpdateError::KeyAttribute(name("name"))));
        let parameters = update.removing(vec![name("b"), name("size")]).unwrap().parameters();
        assert_eq!(text(&parameters, "UpdateExpression"), "SET a = :a REMOVE b, #size");
    }

    #[test]
    fn an_update_can_set_or_remove() {
        let key = schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let set = vec![(name("a"), AttributeValue::S(1))];
        let update = UpdateItem::set(key, set.clone(), WriteCondition::AttributeNotExists(name("name"))).unwrap();
        assert_eq!(update.clone().setting_or_removing(set.clone()), Err(UpdateError::Twice(name("a"))));
        let update = update.setting_or_removing(vec![(name("size"), AttributeValue::N(2))]).unwrap();
        assert_eq!(update.clone().removing(vec![name("size")]), Err(UpdateError::Twice(name("size"))));
        let parameters = update.removing(vec![name("b")]).unwrap().parameters();
        let clause =
            UpdateClause { value: AttributeValue::N(2), set: "#size = :size".to_owned(), remove: "#size".to_owned() };
        let expected = UpdateExpression { set: "SET a = :a".to_owned(), remove: "b".to_owned(), clauses: vec![clause] };
        assert!(parameters.contains(&("UpdateExpression", Parameter::Update(expected))), "{parameters:?}");
    }

    #[test]
    fn updates_that_dynamodb_would_refuse() {
        let key = || schema().key([(name("name"), AttributeValue::S(0))]).unwrap();
        let condition = || WriteCondition::AttributeNotExists(name("name"));
        let value = |attribute| (name(attribute), AttributeValue::S(1));
        assert_eq!(UpdateItem::set(key(), vec![], condition()), Err(UpdateError::Nothing));
        let twice = UpdateItem::set(key(), vec![value("a"), value("a")], condition());
        assert_eq!(twice, Err(UpdateError::Twice(name("a"))));
        let of_key = UpdateItem::set(key(), vec![value("name")], condition());
        assert_eq!(of_key, Err(UpdateError::KeyAttribute(name("name"))));
    }
}
