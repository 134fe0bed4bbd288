use crate::diagnostic::Severity;
use crate::loaded::LoadedStack;
use crate::source::each;

use super::config::Selection;
use super::finding::{Finding, Findings};
use super::ignore::Ignores;
use super::rule::Check;
use super::view::MachineView;

/// A stack and what is wrong with it.
#[derive(Debug)]
pub struct Linted {
    /// The stack that was judged.
    pub stack: LoadedStack,
    /// What is wrong, in the order of its documents and of their text.
    pub findings: Vec<Finding>,
}

/// Holds the selected rules against stacks, in parallel. The order of the stacks is kept.
pub fn lint(stacks: Vec<LoadedStack>, selection: &Selection) -> Vec<Linted> {
    let bytes = |stack: &LoadedStack| stack.documents.iter().map(|document| document.source.text.len() as u64).sum();
    each(stacks, bytes, |stack| {
        let findings = check(&stack, selection);
        Linted { stack, findings }
    })
}

/// Holds the selected rules against a stack. What the files' comments say to ignore is left out.
pub fn check(stack: &LoadedStack, selection: &Selection) -> Vec<Finding> {
    let mut found = Vec::new();
    let machines: Vec<MachineView<'_>> =
        stack.machines.iter().filter_map(|machine| MachineView::new(stack, machine)).collect();
    for rule in selection.rules() {
        let mut findings = Findings { rule, found: &mut found };
        match rule.check {
            Check::Stack(check) => check(stack, &mut findings),
            Check::Machine(check) => machines.iter().for_each(|machine| check(machine, &mut findings)),
            Check::State(check) => {
                for machine in &machines {
                    machine.states.iter().for_each(|state| check(state, machine, &mut findings));
                }
            }
        }
    }
    soften(stack, &mut found);
    without_edits(stack, &mut found);
    let ignores = Ignores::of(stack);
    found.retain(|finding| !ignores.cover(finding));
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found.dedup_by(|a, b| order(a) == order(b) && a.message == b.message);
    found
}

/// Of a definition on its own nobody knows what it is started with and whether it is to fail: AWS takes it, so what its data comes to
/// is a warning.
fn soften(stack: &LoadedStack, found: &mut [Finding]) {
    if stack.template.is_none() && stack.inputs.is_empty() {
        for finding in found.iter_mut().filter(|finding| finding.rule.id.family() == "FLOW") {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
}

/// What a framework wrote is not mended where it stands, and in templates that were joined an edit may be about a value of another one.
fn without_edits(stack: &LoadedStack, found: &mut [Finding]) {
    let Some(joined) = &stack.joined else { return };
    let stays = |finding: &Finding| joined.synthesized || stack.is_template(finding.place.document);
    found.iter_mut().filter(|finding| stays(finding)).for_each(|finding| finding.fix = None);
}

fn order(finding: &Finding) -> (usize, usize, usize, &'static str, &str) {
    let place = &finding.place;
    (place.document, place.span.start, place.span.end, finding.rule.id.0, &finding.message)
}
