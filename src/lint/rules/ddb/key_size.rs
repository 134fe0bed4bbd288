use super::request::Request;
use crate::aws::KeyType;
use crate::lint::rule::rule;
use crate::lint::task::Given;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::{LoadedTable, below};
use crate::source::Node;

rule! {
    /// Key that can be too long
    ///
    /// # What it does
    /// Checks the strings that calls write into the keys of the template's tables and of their indexes: a partition key has at most
    /// 2,048 bytes, a sort key 1,024. The key of an S3 object alone can have 1,024 bytes, so a sort key that combines it with something
    /// else can be too long.
    ///
    /// Source: DynamoDB's [quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys), and S3's guide on
    /// [object keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses the call: always if the value is too long as written, otherwise for objects with long keys.
    ///
    /// # Example
    /// ```json
    /// "sortKey": { "S.$": "States.Format('{}#{}', $.detail.bucket.name, $.detail.object.key)" }
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "bucket": { "S.$": "$.detail.bucket.name" }, "sortKey": { "S.$": "$.detail.object.key" }
    /// ```
    pub(super) static RULE: "DDB315", "key-size", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    for request in Request::all(state, machine) {
        let Some(table) = request.table() else { continue };
        for field in ["Item", "Key"] {
            let Some(attributes) = request.given(field).literal() else { continue };
            for (key, value) in attributes.entries() {
                let Some((name, most)) = key.as_str().and_then(|name| Some((name, most(table, name)?))) else {
                    continue;
                };
                let pointer = below(&below(&request.pointer, field), name);
                let place = || machine.place(&pointer, value);
                match Given::of(value, "S") {
                    Given::Literal(_, text) if text.as_str().is_some_and(|text| text.len() > most) => {
                        let message = format!(
                            "the key attribute `{name}` has more than {most} bytes: DynamoDB refuses each call"
                        );
                        findings.add(place(), message).severity(crate::diagnostic::Severity::Error);
                    }
                    Given::Open(text) if most < KeyType::Hash.most_bytes() && adds_to_object_key(text) => {
                        let message = format!(
                            "the key attribute `{name}` has at most {most} bytes, and the key of an object has that many by itself: \
                             DynamoDB refuses calls for objects with long keys"
                        );
                        findings.add(place(), message);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The most bytes that an attribute may have in the keys that it is in.
fn most(table: &LoadedTable, name: &str) -> Option<usize> {
    let keys = table.key.iter().chain(table.indexes.iter().flat_map(|index| &index.key));
    let kinds = keys.filter(|element| element.name == name).filter_map(|element| element.key_type);
    kinds.map(KeyType::most_bytes).min()
}

/// Whether a text is an object's key with something before or behind it.
fn adds_to_object_key(node: &Node) -> bool {
    let Some(text) = node.as_str().filter(|text| text.contains("detail.object.key")) else { return false };
    let cut = ["substring", "split", "Split", "hash", "Hash", "?", "replace"].iter().any(|word| text.contains(word));
    let joined =
        text.contains(" & ") || text.strip_prefix("States.Format('").is_some_and(|rest| !rest.starts_with("{}'"));
    joined && !cut
}
