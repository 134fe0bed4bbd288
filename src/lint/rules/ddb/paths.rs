use super::request::Request;
use crate::dynamodb::grammar::{Expression, key_updates, overlaps};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};

rule! {
    /// Overlapping paths in an update
    ///
    /// # What it does
    /// Checks that no two document paths of an update are equal or contain each other, and that no two treat the same attribute as
    /// a list and as a map.
    ///
    /// Source: [update expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses every call: `Two document paths overlap with each other`.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "SET eTag = :eTag REMOVE eTag"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "SET eTag = :eTag"
    /// ```
    pub(super) static OVERLAP: "DDB305", "overlapping-paths", Error = State(overlap);
}

rule! {
    /// Update of a key attribute
    ///
    /// # What it does
    /// Checks that no update changes a key attribute of a table in the same template.
    ///
    /// Source: [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html).
    ///
    /// # Why is this bad
    /// The key of an item is immutable: DynamoDB refuses every call with `Cannot update attribute. This attribute is part of the
    /// key`.
    ///
    /// # Example
    /// ```json
    /// "Key": { "fileName": { "S.$": "$.detail.object.key" }, "lastModified": { "S.$": "$.time" } },
    /// "UpdateExpression": "SET lastModified = :lastModified"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Key": { "fileName": { "S.$": "$.detail.object.key" } },
    /// "UpdateExpression": "SET lastModified = :lastModified"
    /// ```
    /// on a table whose key is `fileName` alone; or put a new item, and delete the old one.
    pub(super) static KEY_UPDATE: "DDB308", "key-update", Error = State(key_update);
}

fn overlap(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        for (written, expression) in request.read() {
            let paths = match expression {
                Expression::Update(update) => update.targets(),
                Expression::Projection(paths, _) => paths.iter().collect(),
                _ => continue,
            };
            for found in overlaps(&paths, |name| request.attribute(name)) {
                let place = request.place_in(written, found.two.span);
                findings.add(place, format!("DynamoDB refuses each call: {}", found.error()));
            }
        }
    }
}

fn key_update(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let Some(table) = request.table() else { continue };
        let key: Vec<&str> = table.key.iter().map(|element| element.name.as_str()).collect();
        let mut said = |place, name: &str| {
            let message = format!(
                "`{name}` is a key attribute of `{}`, and updates cannot change keys: DynamoDB refuses each call",
                table.logical_id
            );
            findings
                .add(place, message)
                .help(format!("remove `{name}` from the table's key, or put a new item and delete the old one"));
        };
        for written in &request.expressions {
            match &written.read {
                Ok(Expression::Update(update)) => {
                    for (path, name) in key_updates(update, &key, |name| request.attribute(name)) {
                        said(request.place_in(written, path.span), &name);
                    }
                }
                // What cannot be read can still say what it is about: `set lastModified : lastModified`.
                Err(error) => {
                    let named = assigned_before(&written.text, error.span.start);
                    if let Some((name, span)) = named.filter(|(name, _)| key.contains(name)) {
                        said(request.place_in(written, span), name);
                    }
                }
                Ok(_) => {}
            }
        }
    }
}

/// The attribute that an update names directly behind `SET`, if the fault comes right after it.
fn assigned_before(text: &str, fault: usize) -> Option<(&str, crate::source::Span)> {
    let before = text.get(..fault)?.trim_end();
    let (verb, name) = before.trim_start().split_once(char::is_whitespace)?;
    let name = name.trim_start();
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let span = crate::source::Span { start: before.len() - name.len(), end: before.len() };
    (plain && verb.eq_ignore_ascii_case("SET")).then_some((name, span))
}
