use std::collections::HashSet;

use super::access::Access;
use crate::aws::states::StateType;
use crate::lint::rule::rule;
use crate::lint::schema::choice_rules;
use crate::lint::task::ServiceTask;
use crate::lint::{Findings, MachineView, StateView};
use crate::source::{Node, Pointer};

rule! {
    /// Check that another execution can overtake
    ///
    /// # What it does
    /// Reports a read of an item (`getItem`, or a `query` by the partition key), followed by a Choice and a write to the same item
    /// of the same table without a `ConditionExpression`. Writes after a conditional write are not reported: that write acts as the
    /// lock.
    ///
    /// Source: [conditional writes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate).
    ///
    /// # Why is this bad
    /// Two concurrent executions read the same data, make the same decision, and both write: two uploads of one key both take the
    /// branch for a new file. The second write overwrites the first, and nothing fails.
    ///
    /// # Example
    /// ```text
    /// Query (fileName) -> Choice (Count > 0?) -> PutObject (fileName)
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "ConditionExpression": "attribute_not_exists(fileName)"
    /// ```
    /// on the write, and a `Catch` of `DynamoDB.ConditionalCheckFailedException` that goes where a known file goes.
    pub(super) static RULE: "REL705", "check-then-act", Warning = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let accesses = Access::all(machine);
    if !accesses.iter().any(|access| access.writes && !access.conditional) {
        return;
    }
    let mut reported = HashSet::new();
    for read in accesses.iter().filter(|access| !access.writes) {
        // Whoever writes on a condition first has the item for itself from there on.
        let claims = accesses.iter().filter(|access| access.writes && access.conditional && read.is_of_table(access));
        let until = claims.map(|access| access.state).chain(transactions(machine)).collect();
        let behind = behind_a_choice(machine, read.state, &until);
        for write in accesses.iter().filter(|access| access.writes && !access.conditional) {
            if read.meets(write) && behind.contains(&write.state) && reported.insert(write.state) {
                report(machine, &machine.states[read.state], &machine.states[write.state], findings);
            }
        }
    }
}

fn report(machine: &MachineView<'_>, read: &StateView<'_>, write: &StateView<'_>, findings: &mut Findings<'_>) {
    findings
        .add(
            machine.place(&write.pointer, write.key),
            format!(
                "`{}` writes based on what `{}` read earlier, which may have changed: concurrent executions overwrite each other's work",
                write.name, read.name
            ),
        )
        .help("add a `ConditionExpression` that checks what was read, and a `Catch` for the ConditionalCheckFailedException");
}

/// The states that write in a transaction, which is there for its conditions.
fn transactions<'m>(machine: &'m MachineView<'_>) -> impl Iterator<Item = usize> + 'm {
    let states = machine.states.iter().enumerate();
    let transaction =
        |state| ServiceTask::of(state, machine).is_some_and(|task| task.call.is("dynamodb", "transactWriteItems"));
    states.filter(move |(_, state)| transaction(state)).map(|(index, _)| index)
}

/// The states that are reached from a state by way of a Choice, within its scope, and not behind those of `until`.
fn behind_a_choice(machine: &MachineView<'_>, from: usize, until: &HashSet<usize>) -> HashSet<usize> {
    let scope = machine.scope_of(&machine.states[from]);
    let (mut before, mut behind) = (HashSet::new(), HashSet::new());
    let mut waiting = vec![(from, false)];
    while let Some((index, decided)) = waiting.pop() {
        if until.contains(&index) {
            continue;
        }
        let state = &machine.states[index];
        let decided = decided || state.is(StateType::Choice);
        for name in next(state) {
            let Some(next) = scope.names.get(name).copied() else { continue };
            let new = if decided { behind.insert(next) } else { before.insert(next) };
            if new {
                waiting.push((next, decided));
            }
        }
    }
    behind
}

/// The states that may come next. What a Catch leads to is not among them: there nothing was found.
fn next<'a>(state: &StateView<'a>) -> Vec<&'a str> {
    let mut names: Vec<&'a str> =
        ["Next", "Default"].into_iter().filter_map(|field| state.get(field)?.as_str()).collect();
    for rule in state.get("Choices").map_or(&[][..], Node::items) {
        choice_rules(rule, &Pointer::root(), 0, &mut |rule, _, _| {
            names.extend(rule.get("Next").and_then(Node::as_str))
        });
    }
    names
}
