//! CloudFormation's intrinsic functions, recognised in either spelling.

use crate::aws::cloudformation::Pseudo;
use crate::source::{BARE, Kind, Node};

/// An [intrinsic function](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html)
/// with its argument: `!Sub x`, or `Fn::Sub: x`.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Its name without `Fn::`: `Ref`, `Sub`, `GetAtt`.
    pub name: &'a str,
    /// Its argument. In the short form this is the tagged value itself.
    pub argument: &'a Node,
    /// Whether it is spelled as a tag.
    pub short: bool,
}

impl<'a> Call<'a> {
    /// The function that a value is a call of, if it is one.
    pub fn of(node: &'a Node) -> Option<Self> {
        if let Some(tag) = node.tag.as_deref() {
            // Other tools have tags of their own (`!Rain::Embed`): nobody here knows what they put in.
            return (![BARE, "<<"].contains(&tag)).then_some(Self { name: tag, argument: node, short: true });
        }
        let [(key, value)] = node.entries() else { return None };
        let key = key.as_str()?;
        let name = match key {
            "Ref" | "Condition" => key,
            _ => key.strip_prefix("Fn::")?,
        };
        // `Condition: x` is a function among conditions only; elsewhere it is a field like any other.
        if name == "Condition" && value.as_str().is_none() {
            return None;
        }
        Some(Self { name, argument: value, short: false })
    }

    /// Whether it is `Ref: AWS::NoValue`, which takes the property away that it is the value of.
    pub fn is_no_value(&self) -> bool {
        self.name == "Ref" && self.text() == Some(Pseudo::NoValue.as_str())
    }

    /// Whether it gives what something else in the template is, by itself or within a text.
    pub fn is_reference(&self) -> bool {
        matches!(self.name, "Ref" | "GetAtt" | "Sub")
    }

    /// The argument, if it is a text.
    pub fn text(&self) -> Option<&'a str> {
        (self.short || Call::of(self.argument).is_none()).then(|| self.argument.as_str())?
    }

    /// The resource and the attribute that a `GetAtt` names.
    pub fn attribute(&self) -> Option<(&'a str, &'a str)> {
        match &self.argument.kind {
            Kind::String(text) => text.split_once('.'),
            Kind::Sequence(items) => Some((items.first()?.as_str()?, items.get(1)?.as_str()?)),
            _ => None,
        }
    }

    /// The text of a `Sub`, and the values that are given with it.
    pub fn sub(&self) -> Option<(&'a Node, &'a [(Node, Node)])> {
        match &self.argument.kind {
            Kind::String(_) => Some((self.argument, &[])),
            Kind::Sequence(items) => {
                let text = items.first().filter(|text| text.as_str().is_some())?;
                Some((text, items.get(1).map_or(&[], Node::entries)))
            }
            _ => None,
        }
    }
}
