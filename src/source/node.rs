use super::Span;

/// A value in a source, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands. A node that an alias brought in stands where its anchor is.
    pub span: Span,
    /// Its local tag without the `!`, such as CloudFormation's `Ref`.
    pub tag: Option<String>,
}

/// The kinds of value that YAML and JSON share.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing: `null`, `~`, or an empty value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in the order of the source. No key occurs twice.
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// The node's text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The list's values; nothing if this is no list.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The mapping's keys and values; nothing if this is no mapping.
    pub fn entries(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value of `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().find(|(k, _)| k.as_str() == Some(key)).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The same tree, all of it at another place.
    #[must_use]
    pub fn moved(self, span: Span) -> Self {
        let kind = match self.kind {
            Kind::Sequence(items) => Kind::Sequence(items.into_iter().map(|item| item.moved(span)).collect()),
            Kind::Mapping(entries) => {
                let moved = |(key, value): (Self, Self)| (key.moved(span), value.moved(span));
                Kind::Mapping(entries.into_iter().map(moved).collect())
            }
            other => other,
        };
        Self { kind, span, tag: self.tag }
    }

    /// The node that an [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901) JSON Pointer names, below this one.
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        super::tokens(pointer).try_fold(self, |node, token| match &node.kind {
            Kind::Sequence(items) => items.get(token.parse::<usize>().ok()?),
            _ => node.get(&token),
        })
    }

    /// What the value is, for messages: `a string`, `the number 5`.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => format!("the boolean {value}"),
            Kind::Integer(value) => format!("the number {value}"),
            Kind::Float(value) => format!("the number {value}"),
            Kind::String(_) => "a string".to_owned(),
            Kind::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
            Kind::Sequence(_) => "a list".to_owned(),
            Kind::Mapping(_) => "a mapping".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Source, parse};

    #[test]
    fn pointers_find_nodes() {
        let root = parse(&Source::new("x", "a:\n  - b/c: {d~e: 1}\n")).unwrap().unwrap();
        assert_eq!(root.pointer("/a/0/b~1c/d~0e").unwrap().describe(), "the number 1");
        assert_eq!(root.pointer("").unwrap(), &root);
        assert!(root.pointer("/a/1").is_none());
    }
}
