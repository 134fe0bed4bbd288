//! Where failures go: a queue for the events that started no execution, and for those whose execution failed.

use super::retry::backing_off;
use super::{CatalogError, Machines, Parts, dialect, id, substitution};
use crate::asl::{Catcher, ErrorName, Fail, QueryLanguage, State, StateMachine, Task, Transition};
use crate::aws::cloudformation::Pseudo;
use crate::aws::integration::Integration;
use crate::aws::needs;
use crate::aws::principal;
use crate::aws::states::error;
use crate::name::StateName;
use crate::spec::DeadLettersSpec;
use crate::stack::{
    DeadLetterConfig, EncryptionKey, EventBridgeRule, Handle, Queue, QueuePolicy, ResourcePolicy, ResourceStatement,
    RetryPolicy, Sub, Tag, TemplateBuilder, Value,
};

/// The substitution that stands for the queue's URL in the definition.
pub(super) const QUEUE_URL: &str = "DeadLetterQueueUrl";

/// The state in which an execution ends that failed with an error that a state caught.
pub(super) const EXECUTION_FAILED: &str = "ExecutionFailed";

/// The error that means all of them.
pub(super) const ANY_ERROR: &str = error::ALL;

const SECONDS_OF_A_DAY: u32 = 24 * 60 * 60;

/// The same workflow, whatever it is, where an error that a state does not catch itself sends the event to the queue, with
/// the error, and then fails the execution with that very error.
///
/// The event is the execution's input as it came: states may have changed theirs since.
pub(super) fn caught(machine: &StateMachine) -> Result<StateMachine, CatalogError> {
    let language = machine.language();
    let (send, failed) = (StateName::parse("SendDeadLetter")?, StateName::parse(EXECUTION_FAILED)?);
    let any = ErrorName::new(ANY_ERROR);
    let mut states = machine.states().clone();
    for (language, catchers) in states.values_mut().filter_map(State::catchers_mut) {
        if !catchers.iter().any(|catcher| catcher.error_equals.contains(&any)) {
            let data = dialect::caught_error(language);
            catchers.push(Catcher { error_equals: vec![any.clone()], data, next: send.clone() });
        }
    }
    // Where the workflow has such an end of its own, a Choice leads there; the event now goes to the queue first.
    for state in states.values_mut() {
        if let State::Choice(choice) = state
            && choice.default == failed
        {
            choice.default = send.clone();
        }
    }
    states.shift_remove(&failed);
    states.insert(send, State::Task(send_dead_letter(language, &failed)?));
    let comment = "The event is in the queue, and the execution fails visibly.";
    states.insert(failed, State::Fail(Fail { comment: Some(comment.to_owned()), data: dialect::failed(language) }));
    Ok(machine.with_states(states)?)
}

fn send_dead_letter(language: QueryLanguage, next: &StateName) -> Result<Task, CatalogError> {
    Ok(Task {
        comment: Some("The event waits in the queue until somebody sends it again.".to_owned()),
        resource: Integration::optimized("sqs", "sendMessage"),
        data: dialect::dead_letter(language, &substitution(QUEUE_URL)?),
        retry: vec![backing_off(vec![ErrorName::new(ANY_ERROR)])],
        catch: Vec::new(),
        next: Transition::to(next),
    })
}

/// Adds the queue.
pub(super) fn queue(
    spec: &DeadLettersSpec,
    template: &mut TemplateBuilder,
    key: Option<&EncryptionKey>,
    tags: Vec<Tag>,
) -> Result<Handle<Queue>, CatalogError> {
    let queue = Queue::encrypted(spec.retention_days.get() * SECONDS_OF_A_DAY, key, tags);
    let queue = template.add(id("DeadLetterQueue")?, queue)?;
    template.output(id("DeadLetterQueueUrl")?, "The queue of events that could not be recorded", queue.reference())?;
    Ok(queue)
}

/// Makes a rule send what it cannot deliver to the queue.
pub(super) fn rule(spec: &DeadLettersSpec, queue: &Handle<Queue>, rule: EventBridgeRule) -> EventBridgeRule {
    EventBridgeRule {
        dead_letter_config: Some(DeadLetterConfig { arn: queue.arn() }),
        retry_policy: Some(RetryPolicy {
            maximum_event_age_in_seconds: spec.max_age_seconds.get(),
            maximum_retry_attempts: spec.max_attempts.get(),
        }),
        ..rule
    }
}

/// The name of a route's rule. It has one as soon as the queue's policy or an alarm has to know it: what CloudFormation would make
/// up cannot be referred to, because the rule is SAM's.
pub(super) fn rule_name(text: Sub, route: &str) -> Sub {
    text.pseudo(Pseudo::StackName).text(&format!("-{route}"))
}

fn rule_arn(route: &str) -> Value {
    let arn = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":events:").pseudo(Pseudo::Region).text(":");
    rule_name(arn.pseudo(Pseudo::AccountId).text(":rule/"), route).into()
}

/// Adds who may send to the queue, and how: the state machines by their roles, their rules by this policy, everybody by TLS only.
pub(super) fn add_queue_policy(
    parts: &Parts<'_>,
    template: &mut TemplateBuilder,
    machines: &Machines,
) -> Result<(), CatalogError> {
    let Some(queue) = parts.dead_letters else { return Ok(()) };
    let mut statements = vec![ResourceStatement::tls_only("sqs:*", [queue.arn()])];
    for (route, _) in machines {
        let sid = format!("From{route}Rule");
        let rule = ResourceStatement::service(&sid, principal::EVENT_BRIDGE, [needs::TO_QUEUE], queue.arn());
        statements.push(rule.where_source(rule_arn(route)));
    }
    let policy = QueuePolicy { policy_document: ResourcePolicy::new(statements), queues: vec![queue.reference()] };
    template.add(id("DeadLetterQueuePolicy")?, policy)?;
    Ok(())
}
