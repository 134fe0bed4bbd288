use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::compile::RESERVED;
use super::condition::Comparison;
use super::error::PatternError;

/// The name that makes a list of objects a choice.
const CHOICE: &str = "$or";

/// An [event pattern](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html): what an event must
/// look like for a rule to send it on. `V` is a text, or what a template can put in place of one.
///
/// An event matches if, for every field of the pattern, it has one of the values listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventPattern<V> {
    fields: IndexMap<String, PatternNode<V>>,
}

/// What a field of an event must be: one of some values, or an object whose fields match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Node<V>", bound(deserialize = "V: Deserialize<'de>"))]
pub struct PatternNode<V>(Node<V>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, bound(deserialize = "V: Deserialize<'de>"))]
enum Node<V> {
    OneOf(Vec<Comparison<V>>),
    Fields(IndexMap<String, PatternNode<V>>),
    /// What `$or` lists.
    AnyOf(Vec<PatternNode<V>>),
}

impl<V> TryFrom<Node<V>> for PatternNode<V> {
    type Error = PatternError;

    fn try_from(node: Node<V>) -> Result<Self, PatternError> {
        match &node {
            Node::OneOf(values) if values.is_empty() => Err(PatternError::EmptyArray),
            Node::Fields(fields) if fields.is_empty() => Err(PatternError::EmptyObject),
            Node::AnyOf(alternatives) if alternatives.len() < 2 => Err(PatternError::OrTooFew),
            Node::AnyOf(alternatives) => alternatives.iter().try_for_each(Self::check_alternative).map(|()| Self(node)),
            _ => Ok(Self(node)),
        }
    }
}

impl<V> PatternNode<V> {
    /// A pattern of one value.
    pub fn equals(value: impl Into<V>) -> Self {
        Self(Node::OneOf(vec![Comparison::equals(value)]))
    }

    /// A value that one of these conditions holds for.
    ///
    /// # Errors
    /// There are none.
    pub fn one_of(conditions: impl IntoIterator<Item = Comparison<V>>) -> Result<Self, PatternError> {
        Node::OneOf(conditions.into_iter().collect()).try_into()
    }

    /// An object with this one field.
    pub fn field(name: &str, node: Self) -> Self {
        Self(Node::Fields(IndexMap::from([(name.to_owned(), node)])))
    }

    /// An object that one of these holds for, each of which is a pattern for objects.
    ///
    /// # Errors
    /// There are fewer than two, one is not for objects, or one has a field that is named like an operator.
    pub fn any_of(alternatives: impl IntoIterator<Item = Self>) -> Result<Self, PatternError> {
        let choice = Node::AnyOf(alternatives.into_iter().collect()).try_into()?;
        Ok(Self::field(CHOICE, choice))
    }

    /// This object, with one more field.
    ///
    /// # Errors
    /// This is not for objects, or the field is in it already: alone, or in one of its alternatives, which EventBridge
    /// would take this field to replace.
    pub fn and(self, name: &str, node: Self) -> Result<Self, PatternError> {
        let Node::Fields(mut fields) = self.0 else { return Err(PatternError::NotObject) };
        let within_choices = fields.get(CHOICE).map(Self::paths).unwrap_or_default();
        let added = node.paths_below(name);
        if fields.contains_key(name) || added.iter().any(|path| within_choices.contains(path)) {
            return Err(PatternError::Replaced(name.to_owned()));
        }
        fields.insert(name.to_owned(), node);
        Ok(Self(Node::Fields(fields)))
    }

    /// The paths of the fields within, without the choices that they are in.
    fn paths(&self) -> Vec<String> {
        match &self.0 {
            Node::OneOf(_) => vec![String::new()],
            Node::AnyOf(alternatives) => alternatives.iter().flat_map(Self::paths).collect(),
            Node::Fields(fields) => fields.iter().flat_map(|(name, node)| node.paths_below(name)).collect(),
        }
    }

    fn paths_below(&self, name: &str) -> Vec<String> {
        let paths = self.paths();
        if name == CHOICE { paths } else { paths.into_iter().map(|path| format!("{name}.{path}")).collect() }
    }

    fn check_alternative(&self) -> Result<(), PatternError> {
        match &self.0 {
            Node::Fields(fields) => fields.iter().try_for_each(|(name, node)| match &node.0 {
                _ if RESERVED.contains(&name.as_str()) => Err(PatternError::Reserved(name.clone())),
                Node::Fields(_) => node.check_alternative(),
                _ => Ok(()),
            }),
            _ => Err(PatternError::OrNotObject),
        }
    }
}

impl<V> EventPattern<V> {
    /// A pattern with these fields, of which there is at least one.
    pub fn new<const COUNT: usize>(fields: [(&'static str, PatternNode<V>); COUNT]) -> Self {
        const { assert!(COUNT > 0, "a pattern without fields is refused") }
        Self { fields: fields.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() }
    }

    /// The fields at the top of the pattern.
    pub fn fields(&self) -> &IndexMap<String, PatternNode<V>> {
        &self.fields
    }
}

impl<V> TryFrom<PatternNode<V>> for EventPattern<V> {
    type Error = PatternError;

    fn try_from(node: PatternNode<V>) -> Result<Self, PatternError> {
        match node.0 {
            Node::Fields(fields) => Ok(Self { fields }),
            _ => Err(PatternError::NotObject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Text = PatternNode<String>;

    #[test]
    fn a_choice_stands_beside_other_fields() {
        let choice = Text::any_of([Text::field("a", Text::equals("1")), Text::field("b", Text::equals("2"))]).unwrap();
        let pattern = EventPattern::try_from(choice.and("c", Text::equals("3")).unwrap()).unwrap();
        let json = serde_json::to_string(&pattern).unwrap();
        assert_eq!(json, r#"{"$or":[{"a":["1"]},{"b":["2"]}],"c":["3"]}"#);
        assert_eq!(serde_json::from_str::<EventPattern<String>>(&json).unwrap(), pattern);
    }

    #[test]
    fn what_is_refused_can_not_be_made() {
        let a = || Text::field("a", Text::equals("1"));
        let cases = [
            (Text::one_of([]), "Empty arrays are not allowed"),
            (Text::any_of([a()]), "There must have at least 2 Objects in $or relationship."),
            (Text::any_of([a(), Text::equals("x")]), "Only JSON object is allowed in array of $or relationship."),
            (
                Text::any_of([a(), Text::field("cidr", Text::equals("x"))]),
                "cidr is Ruler reserved fieldName which cannot be used inside $or.",
            ),
            (a().and("a", Text::equals("2")), "`a` would replace a condition on the same field"),
            (
                Text::any_of([a(), Text::field("b", Text::equals("2"))]).unwrap().and("a", Text::equals("2")),
                "`a` would replace a condition on the same field",
            ),
            (Text::equals("x").and("a", Text::equals("2")), "Filter is not an object"),
        ];
        for (made, error) in cases {
            assert_eq!(made.unwrap_err().to_string(), error);
        }
        assert!(serde_json::from_str::<Text>("[]").is_err());
    }
}
