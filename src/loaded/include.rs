//! [`AWS::Include`](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-include.html) of files beside the template. What is
//! included stands where the template asks for it. Other macros change a template in ways that nobody here knows.

use std::path::Path;
use std::sync::Arc;

use super::definition::beside;
use super::intrinsic::Call;
use super::{Document, Overlay, uploaded};
use crate::aws::cloudformation::INCLUDE;
use crate::source::{Kind, Node};

/// The most files that a template includes. An included file includes no others.
const MAX_INCLUDED: usize = 50;

/// A template with what it includes; `None` for one that includes nothing that is here.
pub(super) fn included(root: &Arc<Node>, path: &Path, overlay: &Overlay) -> Option<Arc<Node>> {
    if !asks(root) {
        return None;
    }
    let mut including = Including { path, overlay, left: MAX_INCLUDED, done: 0 };
    let made = including.whole(root);
    (including.done > 0).then(|| Arc::new(made))
}

/// Whether there is anything to include.
fn asks(root: &Node) -> bool {
    let mut rest = vec![root];
    while let Some(node) = rest.pop() {
        if node.as_str() == Some(INCLUDE) {
            return true;
        }
        rest.extend(node.items());
        rest.extend(node.entries().iter().map(|(_, value)| value));
    }
    false
}

struct Including<'a> {
    path: &'a Path,
    overlay: &'a Overlay,
    left: usize,
    done: usize,
}

impl Including<'_> {
    /// A template, which may include whole sections too.
    fn whole(&mut self, root: &Node) -> Node {
        let mut made = self.node(root);
        let Kind::Mapping(entries) = &mut made.kind else { return made };
        let Some(at) = entries.iter().position(|(key, _)| key.as_str() == Some("Transform")) else { return made };
        let (transform, key) = (entries[at].1.clone(), entries[at].0.clone());
        let asked = if transform.items().is_empty() { std::slice::from_ref(&transform) } else { transform.items() };
        let mut kept = Vec::new();
        let mut added = Vec::new();
        for one in asked {
            match self.content(one) {
                Some(content) => added.extend(content.entries().to_vec()),
                None => kept.push(one.clone()),
            }
        }
        if added.is_empty() {
            return made;
        }
        entries.remove(at);
        if !kept.is_empty() {
            entries.push((key, Node { kind: Kind::Sequence(kept), ..transform.clone() }));
        }
        merge(entries, added);
        made
    }

    fn node(&mut self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::Sequence(items) => Kind::Sequence(items.iter().map(|item| self.node(item)).collect()),
            Kind::Mapping(entries) => {
                // What a mapping includes stands beside what else it holds.
                let mut made = Vec::new();
                for (key, value) in entries {
                    let content = (key.as_str() == Some("Fn::Transform")).then(|| self.content(value)).flatten();
                    match content {
                        Some(content) if entries.len() == 1 => return content,
                        Some(content) => merge(&mut made, content.entries().to_vec()),
                        None => made.push((key.clone(), self.node(value))),
                    }
                }
                Kind::Mapping(made)
            }
            other => other.clone(),
        };
        Node { kind, span: node.span, tag: node.tag.clone() }
    }

    /// What a transform includes.
    fn content(&mut self, transform: &Node) -> Option<Node> {
        if transform.get("Name")?.as_str()? != INCLUDE {
            return None;
        }
        let location = transform.get("Parameters")?.get("Location")?;
        let uri = location.as_str().filter(|_| Call::of(location).is_none())?;
        self.left = self.left.checked_sub(1)?;
        let path = match uri.contains("://") {
            true => uploaded::file(self.path, uri, self.overlay)?,
            false => beside(self.path, uri),
        };
        let document = Document::read(&path, 0, &mut Vec::new(), self.overlay).ok()?;
        self.done += 1;
        Some(Node::clone(document.root.as_ref()?).moved(transform.span))
    }
}

/// Adds entries; sections that are there already get what is new in them.
fn merge(entries: &mut Vec<(Node, Node)>, added: Vec<(Node, Node)>) {
    for (key, value) in added {
        let known = entries.iter_mut().find(|(known, _)| known.as_str() == key.as_str());
        match known.map(|(_, known)| &mut known.kind) {
            Some(Kind::Mapping(known)) => {
                let new =
                    value.entries().iter().filter(|(key, _)| !known.iter().any(|(k, _)| k.as_str() == key.as_str()));
                let new: Vec<_> = new.cloned().collect();
                known.extend(new);
            }
            Some(_) => {}
            None => entries.push((key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::loaded::load;

    #[test]
    fn what_is_included_is_part_of_the_template() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let template = "
Transform:
  - AWS::Serverless-2016-10-31
  - {Name: AWS::Include, Parameters: {Location: ./more.yaml}}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: files
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: key.yaml}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: definition.json}}}
";
        write("template.yaml", template);
        write("more.yaml", "Resources: {Queue: {Type: AWS::SQS::Queue}, Table: {Type: AWS::SQS::Queue}}");
        write("key.yaml", "KeySchema: [{AttributeName: id, KeyType: HASH}]");
        write("definition.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
        let path = folder.path().join("template.yaml");
        let stack = load(&[path]).unwrap().remove(0);
        assert_eq!(stack.tables[0].key.len(), 1);
        assert_eq!(stack.queues.len(), 1);
        assert_eq!(stack.machines[0].definition().unwrap()["StartAt"], "A");
        let read = stack.template.unwrap();
        assert!(read.serverless && !read.other_transforms);
    }

    #[test]
    fn other_macros_leave_a_template_open() {
        let text =
            "Transform: [{Name: Mine, Parameters: {Location: x.yaml}}]\nResources: {Q: {Type: AWS::SQS::Queue}}\n";
        let stack = crate::loaded::LoadedStack::from_text("template.yaml", text).unwrap();
        assert!(stack.template.unwrap().other_transforms);
    }
}
