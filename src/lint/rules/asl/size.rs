use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::DefinitionSource;

rule! {
    /// Definition too large
    ///
    /// # What it does
    /// Checks that a definition is at most 1,048,576 characters long.
    ///
    /// Source: [quotas](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses a longer definition.
    ///
    /// # Example
    /// ```yaml
    /// DefinitionUri: definitions/all_in_one.asl.json   # 1.2 MB
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// DefinitionUri: definitions/first_half.asl.json   # starts the second half with states:startExecution
    /// ```
    pub(super) static RULE: "ASL032", "definition-size", Error = Machine(check);
}

const MOST: usize = 1 << 20;

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let definition = machine.definition;
    // A definition within a template is as long as it is when all is put in, which cannot be known.
    if definition.source != DefinitionSource::File || machine.text().len() <= MOST {
        return;
    }
    let length = machine.text().chars().count();
    if length > MOST {
        let mut place = machine.place("", &definition.root);
        place.span.end = place.span.start;
        findings
            .add(place, format!("the definition has {length} characters, and Step Functions takes {MOST} at most"))
            .help("move a part of it to a state machine of its own");
    }
}
