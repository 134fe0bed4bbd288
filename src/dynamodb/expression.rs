use indexmap::IndexMap;

use super::{AttributeValue, is_reserved};
use crate::name::AttributeName;

/// A [condition](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html) on
/// the item that a write meets.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteCondition<V> {
    /// The item has no such attribute, or there is no item.
    AttributeNotExists(AttributeName),
    /// The item's attribute is the value.
    Equals(AttributeName, AttributeValue<V>),
    /// The item's attribute is below the value.
    LessThan(AttributeName, AttributeValue<V>),
    /// One of two conditions holds.
    Or(Box<WriteCondition<V>>, Box<WriteCondition<V>>),
    /// Both conditions hold.
    And(Box<WriteCondition<V>>, Box<WriteCondition<V>>),
}

impl<V> WriteCondition<V> {
    /// This condition, or another.
    pub fn or(self, other: Self) -> Self {
        Self::Or(Box::new(self), Box::new(other))
    }

    /// This condition, and another.
    pub fn and(self, other: Self) -> Self {
        Self::And(Box::new(self), Box::new(other))
    }
}

impl<V: Clone + PartialEq> WriteCondition<V> {
    /// The condition as an expression. `AND` binds closer than `OR`, so only an `OR` within an `AND` needs parentheses.
    pub(super) fn render(&self, placeholders: &mut Placeholders<V>) -> String {
        match self {
            Self::AttributeNotExists(name) => format!("attribute_not_exists({})", placeholders.name(name)),
            Self::Equals(name, value) => {
                let left = placeholders.name(name);
                format!("{left} = {}", placeholders.value(name, value))
            }
            Self::LessThan(name, value) => {
                let left = placeholders.name(name);
                format!("{left} < {}", placeholders.value(name, value))
            }
            Self::Or(left, right) => {
                format!("{} OR {}", left.render(placeholders), right.render(placeholders))
            }
            Self::And(left, right) => {
                format!("{} AND {}", left.render_operand(placeholders), right.render_operand(placeholders))
            }
        }
    }

    /// The condition as a side of an `AND`.
    fn render_operand(&self, placeholders: &mut Placeholders<V>) -> String {
        match self {
            Self::Or(..) => format!("({})", self.render(placeholders)),
            _ => self.render(placeholders),
        }
    }
}

/// The names and values that a request's expressions refer to, shared by all of them.
///
/// An attribute's own name stands in the expression where DynamoDB takes it there; a reserved word, or a name that is no
/// identifier, stands behind a `#name`. See
/// [expression attribute names](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html).
#[derive(Debug, Clone, PartialEq)]
pub struct Placeholders<V> {
    names: IndexMap<String, AttributeName>,
    values: IndexMap<String, AttributeValue<V>>,
}

impl<V> Default for Placeholders<V> {
    fn default() -> Self {
        Self { names: IndexMap::new(), values: IndexMap::new() }
    }
}

impl<V: Clone + PartialEq> Placeholders<V> {
    /// How an expression names `attribute`.
    pub fn name(&mut self, attribute: &AttributeName) -> String {
        if is_identifier(attribute.as_str()) && !is_reserved(attribute.as_str()) {
            return attribute.to_string();
        }
        placeholder(&mut self.names, "#", attribute, attribute)
    }

    /// How an expression names `value`, which is for `attribute`.
    pub fn value(&mut self, attribute: &AttributeName, value: &AttributeValue<V>) -> String {
        placeholder(&mut self.values, ":", attribute, value)
    }

    /// What each `#name` stands for: `ExpressionAttributeNames`.
    pub fn names(&self) -> &IndexMap<String, AttributeName> {
        &self.names
    }

    /// What each `:value` stands for: `ExpressionAttributeValues`.
    pub fn values(&self) -> &IndexMap<String, AttributeValue<V>> {
        &self.values
    }
}

impl<V> Placeholders<V> {
    /// The names and the values.
    pub(super) fn into_parts(self) -> (IndexMap<String, AttributeName>, IndexMap<String, AttributeValue<V>>) {
        (self.names, self.values)
    }
}

/// The key under which `table` holds `entry`: one that is there already, or a new one after the attribute's name.
fn placeholder<T: Clone + PartialEq>(
    table: &mut IndexMap<String, T>,
    sign: &str,
    attribute: &AttributeName,
    entry: &T,
) -> String {
    let letters: String = attribute.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let stem = if letters.is_empty() { format!("{sign}attribute") } else { format!("{sign}{letters}") };
    let mut key = stem.clone();
    let mut number = 2;
    while table.get(&key).is_some_and(|held| held != entry) {
        key = format!("{stem}{number}");
        number += 1;
    }
    table.entry(key.clone()).or_insert_with(|| entry.clone());
    key
}

/// Whether a name can stand in an expression as it is: a letter, then letters, digits and underscores.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> AttributeName {
        AttributeName::parse(text).unwrap()
    }

    #[test]
    fn names_stand_as_they_are_where_they_can() {
        let mut placeholders = Placeholders::<()>::default();
        for (attribute, written) in [
            ("fileName", "fileName"),
            ("size", "#size"),
            ("Name", "#Name"),
            ("file name", "#filename"),
            ("file-name", "#filename2"),
            ("file name", "#filename"),
            ("日本", "#attribute"),
            ("本", "#attribute2"),
            ("_x", "#_x"),
            ("a.b", "#ab"),
        ] {
            assert_eq!(placeholders.name(&name(attribute)), written);
        }
        assert_eq!(placeholders.names()["#filename2"], name("file-name"));
    }

    #[test]
    fn one_value_has_one_placeholder() {
        let mut placeholders = Placeholders::default();
        let (a, b) = (AttributeValue::S(1), AttributeValue::S(2));
        assert_eq!(placeholders.value(&name("x"), &a), ":x");
        assert_eq!(placeholders.value(&name("x"), &a), ":x");
        assert_eq!(placeholders.value(&name("x"), &b), ":x2");
    }

    #[test]
    fn conditions_are_written() {
        let mut placeholders = Placeholders::default();
        let older = WriteCondition::LessThan(name("sequencer"), AttributeValue::S(()));
        let condition = WriteCondition::AttributeNotExists(name("sequencer")).or(older);
        let text = condition.render(&mut placeholders);
        assert_eq!(text, "attribute_not_exists(sequencer) OR sequencer < :sequencer");
        let both = condition.and(WriteCondition::AttributeNotExists(name("size")));
        let text = both.render(&mut Placeholders::default());
        assert_eq!(text, "(attribute_not_exists(sequencer) OR sequencer < :sequencer) AND attribute_not_exists(#size)");
    }
}
