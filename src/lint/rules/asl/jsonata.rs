use super::templates::{expression, texts};
use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView, StateView};
use crate::loaded::replace;

rule! {
    /// Invalid JSONata expression
    ///
    /// # What it does
    /// Parses every expression between `{%` and `%}`, and reports strings that begin with `{%` and do not end with `%}`.
    ///
    /// Source: [JSONata in Step Functions](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
    ///
    /// # Why is this bad
    /// Step Functions refuses the definition.
    ///
    /// # Example
    /// ```json
    /// "Output": "{% $states.input.detail.object.size > %}"
    /// ```
    ///
    /// # Use instead
    /// ```json
    /// "Output": "{% $states.input.detail.object.size > 0 %}"
    /// ```
    pub(super) static RULE: "ASL029", "jsonata", Error = State(check);
}

fn check(state: &StateView<'_>, machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    texts(state, &mut |_, node, pointer| {
        let Some(text) = node.as_str() else { return };
        let place = || machine.place(pointer, node);
        let Some(expression) = expression(text) else {
            if text.starts_with("{%") {
                findings.add(place(), "this expression has no `%}` at its end: the definition is refused");
            } else if text.ends_with("%}") && text.contains("{%") {
                findings
                    .add(
                        place(),
                        "an expression must start with `{%` at the first character: the definition is refused",
                    )
                    .help("write the text inside the expression: `{% 'text ' & value %}`");
            }
            return;
        };
        // What is put in for a name may be a number, a word, a part of a text: a word is right in all these places.
        let expression = replace(expression, text.len() * 2 + 64, |_| Some("x".to_owned()));
        if expression.trim().is_empty() {
            findings.add(place(), "the expression is empty: the definition is refused");
        } else if let Err(error) = jsonata_core::parser::parse(&expression) {
            let said: String = error.display_message().chars().take(160).collect();
            findings.add(place(), format!("invalid JSONata expression: {said}"));
        }
    });
}
