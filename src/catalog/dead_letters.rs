//! Where failures go: a queue for the events that started no execution, and for those whose execution failed.

use super::dynamodb_task::backing_off;
use super::{CatalogError, id, substitution};
use crate::asl::{
    Catcher, ErrorName, Fail, Field, Integration, PayloadTemplate, ReferencePath, RunTimeValue, State, StateMachine,
    SubstitutionName, Task,
};
use crate::name::StateName;
use crate::spec::DeadLettersSpec;
use crate::stack::{
    DeadLetterConfig, EventBridgeRule, Handle, Key, Pseudo, Queue, QueuePolicy, ResourcePolicy, ResourceStatement,
    RetryPolicy, Sub, Tag, TemplateBuilder, Value,
};

/// The substitution that stands for the queue's URL in the definition.
pub(super) const QUEUE_URL: &str = "DeadLetterQueueUrl";

/// The error that means all of them.
const ANY_ERROR: &str = "States.ALL";

/// What follows the stack's name in the name of the rule.
pub(super) const RULE_NAME_SUFFIX: &str = "-ObjectCreated";

const SECONDS_OF_A_DAY: u32 = 24 * 60 * 60;

/// The same workflow, whatever it is, where an error that a state does not catch itself sends the event to the queue, with
/// the error, and then fails the execution with that very error.
///
/// The event is the execution's input as it came: states may have changed theirs since.
pub(super) fn caught(machine: &StateMachine) -> Result<StateMachine, CatalogError> {
    let (send, failed) = (StateName::parse("SendDeadLetter")?, StateName::parse("ExecutionFailed")?);
    let error = ReferencePath::input().field("error");
    let any = ErrorName::new(ANY_ERROR);
    let mut states = machine.states().clone();
    for catchers in states.values_mut().filter_map(State::catchers_mut) {
        if !catchers.iter().any(|catcher| catcher.error_equals.contains(&any)) {
            catchers.push(Catcher { error_equals: vec![any.clone()], result_path: error.clone(), next: send.clone() });
        }
    }
    states.insert(send, State::Task(send_dead_letter(&substitution(QUEUE_URL)?, &error, &failed)));
    states.insert(failed, State::Fail(execution_failed(error)));
    Ok(machine.with_states(states)?)
}

fn send_dead_letter(queue: &SubstitutionName, error: &ReferencePath, next: &StateName) -> Task {
    let execution = ReferencePath::context().field("Execution");
    let body =
        [("event", execution.clone().field("Input")), ("error", error.clone()), ("execution", execution.field("Id"))];
    let body = PayloadTemplate::object(body.map(|(name, path)| (name, RunTimeValue::from(path))));
    Task {
        comment: Some("The event waits in the queue until somebody sends it again.".to_owned()),
        resource: Integration::optimized("sqs", "sendMessage"),
        parameters: PayloadTemplate::object::<_, Field>([
            ("QueueUrl", PayloadTemplate::Substitution(queue.clone()).into()),
            ("MessageBody", body.into()),
        ]),
        result_path: Some(ReferencePath::input().field("deadLetter")),
        retry: vec![backing_off(vec![ErrorName::new(ANY_ERROR)])],
        catch: Vec::new(),
        next: next.clone(),
    }
}

fn execution_failed(error: ReferencePath) -> Fail {
    Fail {
        comment: Some("The event is in the queue, and the execution is seen to have failed.".to_owned()),
        error_path: error.clone().field("Error"),
        cause_path: error.field("Cause"),
    }
}

/// Adds the queue.
pub(super) fn queue(
    spec: &DeadLettersSpec,
    template: &mut TemplateBuilder,
    key: Option<&Handle<Key>>,
    tags: Vec<Tag>,
) -> Result<Handle<Queue>, CatalogError> {
    let queue = Queue::encrypted(spec.retention_days.get() * SECONDS_OF_A_DAY, key, tags);
    let queue = template.add(id("DeadLetterQueue")?, queue)?;
    template.output(
        id("DeadLetterQueueUrl")?,
        "The queue of the events that could not be recorded",
        queue.reference(),
    )?;
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

/// The rule's name. It has one as soon as the queue's policy or an alarm has to know it: what CloudFormation would make up
/// cannot be referred to, because the rule is SAM's.
pub(super) fn rule_name(text: Sub) -> Sub {
    text.pseudo(Pseudo::StackName).text(RULE_NAME_SUFFIX)
}

fn rule_arn() -> Value {
    let arn = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":events:").pseudo(Pseudo::Region).text(":");
    rule_name(arn.pseudo(Pseudo::AccountId).text(":rule/")).into()
}

/// Adds who may send to the queue, and how: the state machine by its role, its rule by this policy, everybody by TLS only.
pub(super) fn queue_policy(template: &mut TemplateBuilder, queue: &Handle<Queue>) -> Result<(), CatalogError> {
    let rule = ResourceStatement::service("FromRule", "events.amazonaws.com", ["sqs:SendMessage"], queue.arn());
    let statements = vec![ResourceStatement::tls_only("sqs:*", [queue.arn()]), rule.where_source(rule_arn())];
    let policy = QueuePolicy { policy_document: ResourcePolicy::new(statements), queues: vec![queue.reference()] };
    template.add(id("DeadLetterQueuePolicy")?, policy)?;
    Ok(())
}
