use std::collections::HashMap;

use crate::lint::rule::rule;
use crate::lint::view::unknown;
use crate::lint::{Findings, MachineView};

rule! {
    /// State name too long or already used
    ///
    /// # What it does
    /// Checks that state names have at most 80 characters and are unique in the whole definition, also across branches.
    ///
    /// Source: [the Amazon States Language](https://states-language.net/spec.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Branches": [
    ///   { "StartAt": "Put", "States": { "Put": { "Type": "Pass", "End": true } } },
    ///   { "StartAt": "Put", "States": { "Put": { "Type": "Pass", "End": true } } }
    /// ]
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Branches": [
    ///   { "StartAt": "PutFile", "States": { "PutFile": { "Type": "Pass", "End": true } } },
    ///   { "StartAt": "PutFolder", "States": { "PutFolder": { "Type": "Pass", "End": true } } }
    /// ]
    /// ```
    pub(super) static RULE: "ASL014", "state-name", Error = Machine(check);
}

/// The most characters that a name may have.
const MOST: usize = 80;

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for state in machine.states.iter().filter(|state| !unknown(state.key)) {
        let length = state.name.chars().count();
        let place = || machine.place(&state.pointer, state.key);
        if length > MOST {
            findings.add(
                place(),
                format!(
                    "a state's name has at most {MOST} characters, and this has {length}: the definition is refused"
                ),
            );
        } else if length == 0 {
            findings.add(place(), "a state's name cannot be empty: the definition is refused");
        }
        let other = *first.entry(state.name).or_insert(state.scope);
        if other != state.scope {
            findings
                .add(place(), format!("there is another state `{}` in this definition: it is refused", state.name))
                .help("names are unique across all branches");
        }
    }
}
