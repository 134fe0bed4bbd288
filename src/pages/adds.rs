//! What a key of a spec adds.

use std::collections::BTreeSet;

use crate::cost::{self, Options, PriceSheet};
use crate::loaded::LoadedStack;
use crate::source::{Kind, Node};
use crate::spec::Spec;

/// What a key of a spec adds to the stack and to the bill: the spec with it, and without.
pub(super) fn adds(root: &Node, pointer: &str) -> Option<String> {
    let with: Spec = crate::source::from_node(root).ok()?;
    let without: Spec = crate::source::from_node(&left_out(root, pointer)?).ok()?;
    let (with, without) = (cost::loaded(&with).ok()?, cost::loaded(&without).ok()?);
    let ids = |stack: &LoadedStack| -> BTreeSet<String> {
        let template = stack.template.as_ref();
        template.map(|template| template.resources.keys().cloned().collect()).unwrap_or_default()
    };
    let added: Vec<String> = ids(&with).difference(&ids(&without)).map(|id| format!("`{id}`")).collect();
    let resources = if added.is_empty() { "no resource".to_owned() } else { added.join(", ") };
    let bill = |stack: &LoadedStack| cost::of_stack(stack, &Options::default(), &PriceSheet::built_in()).ok();
    let price = match (bill(&with), bill(&without)) {
        (Some(with), Some(without)) => {
            format!(
                " A million events cost {} USD per month with it, {} without.",
                with.total.money(),
                without.total.money()
            )
        }
        _ => String::new(),
    };
    Some(format!("It adds {resources}.{price}"))
}

/// A tree without the value at a pointer.
pub(super) fn left_out(root: &Node, pointer: &str) -> Option<Node> {
    let (above, _) = pointer.rsplit_once('/')?;
    let gone = root.pointer(pointer)?.span;
    let parent = root.pointer(above)?.span;
    let mut copy = root.clone();
    let mut waiting = vec![&mut copy];
    while let Some(node) = waiting.pop() {
        let here = node.span == parent;
        match &mut node.kind {
            Kind::Mapping(entries) => {
                if here {
                    entries.retain(|(_, value)| value.span != gone);
                }
                waiting.extend(entries.iter_mut().map(|(_, value)| value));
            }
            Kind::Sequence(items) => waiting.extend(items.iter_mut()),
            _ => {}
        }
    }
    Some(copy)
}
