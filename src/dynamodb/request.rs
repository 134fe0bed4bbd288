use indexmap::IndexMap;

use super::{AttributeValue, Item, Key, KeyError, KeySchema, Placeholders, UpdateExpression, WriteCondition};
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
    /// An expression of which a part depends on which values there are.
    Update(UpdateExpression<V>),
}

/// The parameters of a request, in the order of its API page.
pub(super) type Parameters<V> = Vec<(&'static str, Parameter<V>)>;

/// Values by attribute, as a parameter.
pub(super) fn by_name<V: Clone>(attributes: &IndexMap<AttributeName, AttributeValue<V>>) -> Parameter<V> {
    Parameter::Values(attributes.iter().map(|(name, value)| (name.to_string(), value.clone())).collect())
}

/// The names and values of a request's expressions, where it has any.
pub(super) fn add_placeholders<V>(parameters: &mut Parameters<V>, placeholders: Placeholders<V>) {
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
/// # fn write(item: Item<String>, condition: WriteCondition<String>) {
/// PutItem::new(item, condition);
/// # }
/// ```
///
/// ```compile_fail,E0061
/// # use bucketbook::dynamodb::*;
/// # fn write(item: Item<String>, condition: WriteCondition<String>) {
/// PutItem::new(item);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PutItem<V> {
    item: Item<V>,
    condition: WriteCondition<V>,
}

impl<V: Clone + PartialEq> PutItem<V> {
    /// Writes `item` if `condition` holds for the item that is there.
    pub fn new(item: Item<V>, condition: WriteCondition<V>) -> Self {
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

/// A [DeleteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html). It always has a condition,
/// as [`PutItem`] has.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteItem<V> {
    key: Key<V>,
    condition: WriteCondition<V>,
}

impl<V: Clone + PartialEq> DeleteItem<V> {
    /// Removes the item with this key, if `condition` holds for it. If there is none, nothing happens.
    pub fn new(key: Key<V>, condition: WriteCondition<V>) -> Self {
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
    use crate::dynamodb::testing::{name, schema, text};

    #[test]
    fn a_reserved_word_as_key_is_put_behind_a_name() {
        let parameters = Query::any_item(&schema(), AttributeValue::S(())).parameters();
        assert_eq!(text(&parameters, "KeyConditionExpression"), "#name = :name");
        let names = IndexMap::from([("#name".to_owned(), name("name"))]);
        assert!(parameters.contains(&("ExpressionAttributeNames", Parameter::Names(names))));
    }
}
