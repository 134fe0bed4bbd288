use crate::lint::rule::rule;
use crate::lint::{Findings, MachineView};
use crate::loaded::{Call, MachineType};
use crate::source::Node;

rule! {
    /// Express workflow without logs
    ///
    /// # What it does
    /// Reports Express state machines without logging, or with the log level `OFF`. Off by default.
    ///
    /// Source: [workflow types](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html).
    ///
    /// # Why is this bad
    /// Step Functions keeps no history of Express executions. Without logs, a failed execution shows only in a metric: its input
    /// and its error are lost.
    ///
    /// # Example
    /// ```yaml
    /// Type: AWS::Serverless::StateMachine
    /// Properties: { Type: EXPRESS, DefinitionUri: definition.asl.json }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Type: AWS::Serverless::StateMachine
    /// Properties:
    ///   Type: EXPRESS
    ///   DefinitionUri: definition.asl.json
    ///   Logging: { Level: ERROR, Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: !GetAtt Logs.Arn } }] }
    /// ```
    pub(super) static RULE: "REL708", "express-without-logs", Info, off = Machine(check);
}

fn check(machine: &MachineView<'_>, findings: &mut Findings<'_>) {
    let loaded = machine.machine;
    let (Some(id), Some(place)) = (loaded.logical_id.as_deref(), &loaded.place) else { return };
    let properties = machine.stack.template.as_ref().and_then(|template| template.properties(id));
    let Some(properties) = properties.filter(|_| loaded.machine_type == MachineType::Express) else { return };
    let logging = ["Logging", "LoggingConfiguration"].into_iter().find_map(|field| properties.get(field));
    let logs = logging.is_some_and(|logging| {
        let level = logging.get("Level");
        Call::of(logging).is_some()
            || level.is_some_and(|level| Call::of(level).is_some() || level.as_str() != Some("OFF"))
    });
    if Call::of(properties).is_some() || logs || globals(machine).is_some() {
        return;
    }
    findings
        .add(place.clone(), format!("failed executions of `{id}` leave no record of their input and error"))
        .help("add `Logging` with the level `ERROR` or `ALL`");
}

/// What `Globals` gives every state machine.
fn globals<'a>(machine: &MachineView<'a>) -> Option<&'a Node> {
    let document = machine.stack.template.as_ref()?.document;
    machine.stack.documents.get(document)?.root.as_ref()?.get("Globals")?.get("StateMachine")
}
