//! What no event tells of an object: S3 is asked for it before the record is written.
//!
//! The answers only add to the record. Which events write, and under which condition, is as it is without them: where S3 refuses to
//! answer, the record is written without. What an answer may not do is tell of another object than the event does: where the bucket has
//! versions, the event's own is asked for, and where it has none, an answer counts only if it has the event's entity tag. Of two
//! uploads with one entity tag, the newer event's record replaces that of the older; where it would not,
//! [`promise`](super::promise) asks for a bucket with versions.

use super::expression::input;
use super::questions::{HEAD, Questions, TAGGING};
use super::record_states::Setting;
use super::retry::retry_s3;
use super::{BUCKET_NAME, CatalogError, Parts, dead_letters, substitution};
use crate::asl::{
    Catcher, CaughtData, ErrorName, Jsonata, JsonataExpression, JsonataTemplate, Literal, PayloadTemplate, State,
    StateMachine, Task, TaskData, Transition,
};
use crate::aws::integration::Integration;
use crate::eventbridge::field;
use crate::name::StateName;
use crate::spec::Enrichment;
use crate::stack::Value;

/// The states that ask, and where the workflow then begins.
pub(super) struct Asking {
    /// The first of them.
    pub(super) start: StateName,
    /// What there is of them, in order.
    pub(super) states: Vec<(StateName, State)>,
}

/// The states that ask S3 before `next`, of a workflow that has `gone`, an end for an object that is gone.
///
/// They are JSONata in a state machine of either language: an answer has to be compared with the event.
pub(super) fn asking(
    setting: &Setting<'_>,
    questions: &Questions,
    next: &StateName,
    gone: (StateName, State),
) -> Result<Asking, CatalogError> {
    let [head, tagging] = ["HeadObject", "GetObjectTagging"].map(StateName::parse);
    let (head, tagging) = (head?, tagging?);
    let when_gone = if questions.ends_when_gone { &gone.0 } else { next };
    let ask = |call: &str, result: &str, next: &StateName| task(setting, questions, call, result, [next, when_gone]);

    // The tags come first: if the object then still is the event's, they were of that object.
    let mut states = Vec::new();
    if questions.has(Enrichment::Tags) {
        let then = if questions.has_head() { &head } else { next };
        states.push((tagging.clone(), ask("getObjectTagging", TAGGING, then)?));
    }
    if questions.has_head() {
        states.push((head.clone(), ask("headObject", HEAD, next)?));
    }
    let start = if questions.has(Enrichment::Tags) { tagging } else { head };
    if questions.ends_when_gone {
        states.push(gone);
    }
    Ok(Asking { start, states })
}

/// A task that asks S3 about the object, and goes on with its answer in the input. Where S3 refuses (an object whose uploader keeps its key, a
/// bucket policy that denies it), or does not answer, it goes on without.
///
/// An object that is missing is
/// [`NoSuchKey`](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html#API_HeadObject_Errors), which Step Functions
/// reports as `S3.NoSuchKeyException`. A version that is missing has no exception of its own in the SDK, and comes under the general one.
fn task(
    setting: &Setting<'_>,
    questions: &Questions,
    call: &str,
    result: &str,
    [next, gone]: [&StateName; 2],
) -> Result<State, CatalogError> {
    let call = Integration::sdk("s3", call);
    let (arguments, output) = (arguments(questions, result)?, output(questions, result));
    let data = TaskData::jsonata(arguments).giving(output).within(setting.language);
    let comment = match result {
        HEAD => "What S3 knows about the object, and the event does not contain.",
        _ => "The object's tags, which no event contains.",
    };
    let input = match result {
        HEAD if questions.has(Enrichment::Tags) && !questions.by_version => {
            Jsonata::merge([Jsonata::input(), questions.no_tags()]).into()
        }
        _ => JsonataExpression::input(),
    };
    let input = CaughtData::Jsonata { output: input.into() };
    let catch = |error: ErrorName, next: &StateName| Catcher {
        error_equals: vec![error],
        data: input.clone(),
        next: next.clone(),
    };
    Ok(State::Task(Task {
        comment: Some(comment.to_owned()),
        data,
        retry: retry_s3(&call),
        catch: vec![
            catch(ErrorName::of(&call, "NoSuchKeyException"), gone),
            catch(ErrorName::new(dead_letters::ANY_ERROR), next),
        ],
        resource: call,
        next: Transition::to(next),
    }))
}

fn arguments(questions: &Questions, result: &str) -> Result<JsonataTemplate, CatalogError> {
    let of_event = |place| PayloadTemplate::from(JsonataExpression::from(input(place)));
    let bucket = PayloadTemplate::Substitution(substitution(BUCKET_NAME)?);
    let mut fields = vec![("Bucket", bucket), ("Key", of_event(&field::KEY))];
    if questions.by_version {
        // While versioning is suspended, events name no version, and S3 calls the one it writes `null`.
        let version = input(&field::VERSION_ID);
        let version = version.clone().call("$exists", []).then(version, Jsonata::text("null"));
        fields.push(("VersionId", JsonataExpression::from(version).into()));
    }
    if result == HEAD && questions.has(Enrichment::Checksum) {
        fields.push(("ChecksumMode", Literal::text("ENABLED")?.into()));
    }
    Ok(JsonataTemplate::new(PayloadTemplate::object(fields)))
}

/// What names the object that an event is about, as it is now, to S3.
pub(super) fn about_object() -> Result<JsonataTemplate, CatalogError> {
    let key = PayloadTemplate::from(JsonataExpression::from(input(&field::KEY)));
    let bucket = PayloadTemplate::Substitution(substitution(BUCKET_NAME)?);
    Ok(JsonataTemplate::new(PayloadTemplate::object([("Bucket", bucket), ("Key", key)])))
}

/// The input, and S3's answer in it, if that is about the upload that is recorded. Where the answer may be about one that came after it,
/// neither the answer nor the tags that were read before it are of any use.
fn output(questions: &Questions, result: &str) -> JsonataExpression {
    let answer = Jsonata::object([(result, Jsonata::result())]);
    let merged = |with| Jsonata::merge([Jsonata::input(), with]).into();
    let same_tag = || {
        let tag = Jsonata::result().field("ETag").call("$replace", [Jsonata::text("\""), Jsonata::text("")]);
        tag.equals(input(&field::ETAG))
    };
    let named = || input(&field::VERSION_ID).call("$exists", []);
    let counts = match (result, questions.by_version, questions.replaced) {
        (HEAD, false, true) => same_tag(),
        // Only a listing's records are neither asked about by version nor replaced, and it says when the object was written.
        (HEAD, false, false) => {
            let written = Jsonata::result().field("LastModified").call("$toMillis", []);
            Jsonata::all([same_tag(), written.equals(input(&field::TIME).call("$toMillis", []))])
        }
        (HEAD, true, true) => Jsonata::any([named(), same_tag()]).grouped(),
        (_, true, false) => named(),
        _ => return merged(answer),
    };
    let otherwise = if result == HEAD { questions.no_tags() } else { Jsonata::object([]) };
    merged(counts.then(answer, otherwise))
}

/// What the substitution for the bucket stands for, if a definition asks S3.
pub(super) fn target(parts: &Parts<'_>, definition: &StateMachine) -> Option<(&'static str, Value, Value)> {
    let asks = definition.substitutions().into_iter().any(|name| name.as_str() == BUCKET_NAME);
    asks.then(|| (BUCKET_NAME, parts.bucket.reference(), parts.bucket.arn()))
}
