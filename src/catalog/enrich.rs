//! What no event tells of an object: S3 is asked for it before the record is written.
//!
//! The answers only add to the record. Which events write, and under which condition, is as it is without them: where S3 refuses to
//! answer, the record is written without. What an answer may not do is tell of another object than the event does: where the bucket has
//! versions, the event's own is asked for, and where it has none, an answer counts only if it has the event's entity tag. Of two
//! uploads with one entity tag, the newer event's record replaces that of the older; where it would not,
//! [`promise`](super::promise) asks for a bucket with versions.

use super::attributes::Described;
use super::event_value::{EventValue, OptionalValue, Place, text_if_any};
use super::record_states::Setting;
use super::retry::retry_s3;
use super::{BUCKET_NAME, CatalogError, Parts, dead_letters, dialect, substitution};
use crate::asl::{
    Catcher, CaughtData, ErrorName, Jsonata, JsonataExpression, JsonataTemplate, Literal, PayloadTemplate, State,
    StateMachine, Task, TaskData, Transition,
};
use crate::aws::integration::Integration;
use crate::dynamodb::AttributeValue;
use crate::eventbridge::field;
use crate::name::StateName;
use crate::spec::{DeletedEffect, Enrichment, Layout, Spec};
use crate::stack::Value;

/// The fields of a state's input that hold S3's answers.
const HEAD: &str = "headObject";
const TAGGING: &str = "objectTagging";

const CONTENT_TYPE: Place = &[HEAD, "ContentType"];
const METADATA: Place = &[HEAD, "Metadata"];
const STORAGE_CLASS: Place = &[HEAD, "StorageClass"];
const ENCRYPTION: Place = &[HEAD, "ServerSideEncryption"];
const TAGS: Place = &[TAGGING, "TagSet"];

/// What S3 is asked about an object.
#[derive(Debug, Clone)]
pub(super) struct Questions {
    wanted: Vec<Enrichment>,
    /// Whether the event names the version to ask about.
    by_version: bool,
    /// Whether an execution has nothing to write where the object is gone.
    ends_when_gone: bool,
    /// Whether a newer event's record replaces what is written for this one. Otherwise only an answer counts that is the very upload's.
    replaced: bool,
}

impl Questions {
    /// What is asked when an event tells of an object.
    ///
    /// An object that is gone was deleted after the event. Where deletions have a rule of their own, in the layout `latest`, an
    /// event that is newer has come or will come, and the execution ends. Elsewhere nothing else will tell of this
    /// event, so its record is written, with what the event says. A version can be deleted without such an event.
    pub(super) fn by_event(spec: &Spec) -> Option<Self> {
        let followed = spec.events.deleted != DeletedEffect::Ignore && !spec.bucket.versioned;
        Self::of(spec, spec.bucket.versioned, followed && spec.table.layout == Layout::Latest)
    }

    /// What is asked when a listing tells of one. It names no version, and of an object that is gone it has nothing to say.
    pub(super) fn by_listing(spec: &Spec) -> Option<Self> {
        Self::of(spec, false, true)
    }

    fn of(spec: &Spec, by_version: bool, ends_when_gone: bool) -> Option<Self> {
        let replaced = spec.table.layout == Layout::Latest;
        (!spec.enrich.is_empty()).then(|| Self { wanted: spec.enrich.clone(), by_version, ends_when_gone, replaced })
    }

    /// The fields of a state's input that say that the tags which may be in it do not count.
    fn no_tags(&self) -> Jsonata {
        Jsonata::object(self.has(Enrichment::Tags).then(|| (TAGGING, Jsonata::object([]))))
    }

    fn has(&self, wanted: Enrichment) -> bool {
        self.wanted.contains(&wanted)
    }

    /// Whether the object's own facts are asked for. Besides, they say which upload the tags were of, which counts where a record
    /// stays as it is.
    fn has_head(&self) -> bool {
        let of_object = self.wanted.iter().any(|wanted| *wanted != Enrichment::Tags);
        of_object || !(self.by_version || self.replaced)
    }
}

/// Every attribute that S3 is asked for, in the order in which a record lists them.
pub(super) fn attributes(spec: &Spec) -> Vec<Described> {
    let map = |value| AttributeValue::M(EventValue::Optional(value));
    let checksum = AttributeValue::S(EventValue::Optional(OptionalValue::Checksum(&[HEAD])));
    let all = [
        (Enrichment::ContentType, "contentType", "the object's media type", text_if_any(CONTENT_TYPE)),
        (Enrichment::Metadata, "metadata", "the object's metadata", map(OptionalValue::Texts(METADATA))),
        (Enrichment::StorageClass, "storageClass", "the object's storage class", text_if_any(STORAGE_CLASS)),
        (Enrichment::Checksum, "checksum", "the object's checksum", checksum),
        (Enrichment::Encryption, "encryption", "how the object is encrypted", text_if_any(ENCRYPTION)),
        (Enrichment::Tags, "tags", "the object's tags", map(OptionalValue::Pairs(TAGS))),
    ];
    let chosen = all.into_iter().filter(|(wanted, ..)| spec.enrich.contains(wanted));
    chosen.map(|(_, name, holds, value)| Described { name, holds, value }).collect()
}

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
        HEAD => "What S3 knows of the object, and the event does not tell.",
        _ => "The object's tags, which no event tells.",
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
    let input = |place| PayloadTemplate::from(JsonataExpression::from(dialect::input(place)));
    let bucket = PayloadTemplate::Substitution(substitution(BUCKET_NAME)?);
    let mut fields = vec![("Bucket", bucket), ("Key", input(&field::KEY))];
    if questions.by_version {
        // While versioning is suspended, events name no version, and S3 calls the one it writes `null`.
        let version = dialect::input(&field::VERSION_ID);
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
    let key = PayloadTemplate::from(JsonataExpression::from(dialect::input(&field::KEY)));
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
        tag.equals(dialect::input(&field::ETAG))
    };
    let named = || dialect::input(&field::VERSION_ID).call("$exists", []);
    let counts = match (result, questions.by_version, questions.replaced) {
        (HEAD, false, true) => same_tag(),
        // Only a listing's records are neither asked about by version nor replaced, and it says when the object was written.
        (HEAD, false, false) => {
            let written = Jsonata::result().field("LastModified").call("$toMillis", []);
            Jsonata::all([same_tag(), written.equals(dialect::input(&field::TIME).call("$toMillis", []))])
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
