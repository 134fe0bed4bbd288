use super::delivery::started_by;
use crate::dynamodb::grammar::{Clause, Expression, ExpressionKind, SetOperand, SetValue, UpdateExpression, parse};
use crate::lint::rule::rule;
use crate::lint::task::{Given, ServiceTask};
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::below;
use crate::source::Node;

rule! {
    /// Write that is repeated when an event is delivered twice
    ///
    /// # What it does
    /// Reports DynamoDB updates that depend on the current value (`ADD` of a number, `SET n = n + :one`, `list_append`) and have no
    /// `ConditionExpression`, in state machines that an EventBridge rule starts.
    ///
    /// Source: [at-least-once delivery](https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html).
    ///
    /// # Why is this bad
    /// EventBridge delivers an event at least once. When an event is delivered twice, or the task is retried after its response was
    /// lost, the number is one too large or the list contains an element twice, and no error shows it.
    ///
    /// # Example
    /// ```json
    /// "UpdateExpression": "ADD uploads :one"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "UpdateExpression": "SET lastEvent = :id ADD uploads :one",
    /// "ConditionExpression": "attribute_not_exists(lastEvent) OR lastEvent < :id"
    /// ```
    pub(super) static RULE: "REL703", "repeated-write", Warning = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let Some(rule) = started_by(machine) else { return };
    let Some(task) = ServiceTask::of(state, machine).filter(|task| task.call.is("dynamodb", "updateItem")) else {
        return;
    };
    let Some(parameters) = task.parameters else { return };
    if Given::of(parameters, "ConditionExpression").is_there() {
        return;
    }
    let field = ExpressionKind::Update.parameter();
    let Some((node, text)) = Given::of(parameters, field).literal().and_then(|node| Some((node, node.as_str()?)))
    else {
        return;
    };
    let Ok(Expression::Update(update)) = parse(ExpressionKind::Update, text) else { return };
    let Some(what) = adds_up(&update, parameters) else { return };
    findings
        .add(
            machine.place(&below(&task.pointer, field), node),
            format!("{what} is done twice when `{rule}` delivers an event twice, as EventBridge may"),
        )
        .help("add a `ConditionExpression` that fails the second time, for example on the event's id or the object's sequencer");
}

/// What of an update has another result the second time.
fn adds_up(update: &UpdateExpression, parameters: &Node) -> Option<&'static str> {
    update.clauses.iter().find_map(|clause| match clause {
        // `ADD` to a set puts in what may be there already.
        Clause::Add(terms) => terms.iter().any(|(_, value)| is_number(parameters, &value.name)).then_some("this `ADD`"),
        Clause::Set(assignments) => assignments.iter().find_map(|assignment| {
            let own = |operand: &SetOperand| reads(operand, &assignment.path.elements);
            match &assignment.value {
                SetValue::Plus(left, right) | SetValue::Minus(left, right) => {
                    let either =
                        [left, right].into_iter().any(|side| matches!(side.as_ref(), SetValue::Operand(o) if own(o)));
                    either.then_some("this sum")
                }
                SetValue::Operand(SetOperand::ListAppend(left, right)) => {
                    (own(left) || own(right)).then_some("this `list_append`")
                }
                SetValue::Operand(_) => None,
            }
        }),
        _ => None,
    })
}

/// Whether an operand is what the attribute holds so far.
fn reads(operand: &SetOperand, elements: &[crate::dynamodb::grammar::Element]) -> bool {
    match operand {
        SetOperand::Path(path) | SetOperand::IfNotExists(path, _) => path.elements == elements,
        _ => false,
    }
}

fn is_number(parameters: &Node, name: &str) -> bool {
    let values = Given::of(parameters, "ExpressionAttributeValues").literal();
    let value = values.and_then(|values| Given::of(values, name).literal());
    matches!(value.map(Node::entries), Some([(key, _)]) if matches!(key.as_str(), Some("N" | "N.$")))
}
