//! Choices under which the promise would not hold: each is refused, with the reason and with what to choose instead.

use serde_json::{Map, Value};

use super::changes::Changes;
use super::{CatalogError, key, refused};
use crate::spec::{DeletedEffect, Layout, RawPattern, RouteSpec, Spec, WorkflowType};

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// Refuses a spec whose table would end up saying something else than the newest event of a file.
pub(super) fn check(spec: &Spec) -> Result<(), CatalogError> {
    faults(spec).next().map_or(Ok(()), Err)
}

/// All that such a spec would be refused for.
pub(super) fn faults(spec: &Spec) -> impl Iterator<Item = CatalogError> {
    let checks = [nothing_left, mark_outlives_events, answers_belong_to_the_upload, versions_go_one_way];
    checks.into_iter().filter_map(|check| check(spec).err())
}

/// Whether nothing is left of the record of an object that is gone: where records are removed, and where the last version of an object
/// was deleted for good.
///
/// Nothing then holds off the event of a creation that comes late, so whoever writes a record asks S3 afterwards whether the object is
/// still there. Where there are other writers (changes, a backfill), a mark stays instead.
pub(super) fn leaves_nothing(spec: &Spec) -> bool {
    match spec.events.deleted {
        DeletedEffect::Ignore => false,
        DeletedEffect::Remove => true,
        DeletedEffect::Mark => {
            let latest = spec.bucket.versioned && spec.table.layout == Layout::Latest;
            latest && spec.backfill.is_none() && !has_changes(spec)
        }
    }
}

/// What the table says, in a line: the description of the stack's output that names it.
pub(super) fn of_table(spec: &Spec) -> &'static str {
    match (spec.table.layout, spec.events.deleted) {
        (Layout::Latest, DeletedEffect::Ignore) => "The newest upload of every file, also after the file was deleted",
        (Layout::Latest, DeletedEffect::Mark) => "What is in the bucket: for every file, what its newest event says",
        (Layout::Latest, DeletedEffect::Remove) => "What is in the bucket: a deleted file has no record",
        (Layout::History, DeletedEffect::Ignore) => "All uploads of every file; deletions are not recorded",
        (Layout::History, DeletedEffect::Mark) => "All uploads and deletions of every file",
        (Layout::History, DeletedEffect::Remove) => "All uploads of every file",
    }
}

/// For how many days a failed execution of a STANDARD workflow can be
/// [redriven](https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html).
const REDRIVE_DAYS: u32 = 14;

/// What whoever runs the stack can do that would break the promise: a line for each.
pub fn notes(spec: &Spec) -> Vec<String> {
    let mut notes = Vec::new();
    let events = &spec.events;
    let marks = events.deleted == DeletedEffect::Mark && spec.table.layout == Layout::Latest;
    let standard = spec.state_machine.workflow_type == WorkflowType::Standard;
    if marks && !leaves_nothing(spec) && standard && events.mark_days <= REDRIVE_DAYS {
        notes.push(format!(
            "`events.mark_days` is {}, and failed executions can be redriven for {REDRIVE_DAYS} days: do not redrive an execution whose \
             event is older than the marks, or increase `events.mark_days`",
            events.mark_days
        ));
    }
    notes.extend(key::note_on_key(spec));
    if marks && spec.table.existing.is_some() {
        notes.push("the existing table has to expire items: enable its TTL with the attribute `expiresAt`".to_owned());
    }
    notes
}

/// A record that is removed leaves nothing for a late write to compare itself with.
fn nothing_left(spec: &Spec) -> Result<(), CatalogError> {
    if spec.events.deleted != DeletedEffect::Remove {
        return Ok(());
    }
    if spec.table.layout == Layout::History {
        return Err(CatalogError::RemoveFromHistory);
    }
    if has_changes(spec) {
        let message = "a record that is removed at once leaves nothing to compare a late change with";
        let help = "`mark` keeps late changes from bringing the record back";
        return Err(refused("/events/deleted", message, help));
    }
    if spec.backfill.is_some() {
        let message = "with `events.deleted: remove`, a backfill can record an object that was deleted after it was listed: \
                       nothing is left to reject it";
        return Err(refused("/backfill", message, "choose `events.deleted: mark`, or leave the backfill out"));
    }
    Ok(())
}

fn has_changes(spec: &Spec) -> bool {
    Changes::of(spec).is_ok_and(|changes| !changes.is_empty())
}

/// An event of a creation that waits in the queue for longer than the mark of the deletion stays brings the deleted file back.
fn mark_outlives_events(spec: &Spec) -> Result<(), CatalogError> {
    let marks = spec.events.deleted == DeletedEffect::Mark && spec.table.layout == Layout::Latest;
    let Some(queue) = spec.dead_letters.as_ref().filter(|_| marks) else { return Ok(()) };
    let kept = u64::from(queue.retention_days.get()) * SECONDS_OF_A_DAY + u64::from(queue.max_age_seconds.get());
    if u64::from(spec.events.mark_days) * SECONDS_OF_A_DAY >= kept {
        return Ok(());
    }
    let needed = kept.div_ceil(SECONDS_OF_A_DAY);
    let message = format!(
        "`mark_days` is {}, but a dead letter can be sent again {needed} days after its event (`dead_letters.max_age_seconds` and \
         `retention_days`): the event of an upload that arrives after the mark expired would bring the deleted file back",
        spec.events.mark_days
    );
    let help = format!("choose `mark_days: {needed}` or more, or a shorter `dead_letters.retention_days`");
    Err(refused("/events/mark_days", message, help))
}

/// In a bucket without versions S3 tells of the newest upload only, and entity tags do not tell uploads apart: a copy of an object onto itself
/// keeps the tag. Nor does the time: `LastModified` has whole seconds, and of a multipart upload it is the time of its beginning
/// ([system metadata](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#SysMetadata)), while the event has that of its end. That does
/// no harm where the newer event replaces the record.
fn answers_belong_to_the_upload(spec: &Spec) -> Result<(), CatalogError> {
    if spec.enrich.is_empty() || spec.bucket.versioned {
        return Ok(());
    }
    let help = "set `bucket.versioned: true`, so that S3 is asked about the version in the event";
    if spec.table.layout == Layout::History {
        let message = "in a bucket without versions, S3 answers only about the newest upload of a key, so older records of a history would \
                       get the values of a newer upload. The answer does not say which upload it is about: a copy of an object onto \
                       itself keeps the entity tag, and `LastModified` is not the time of the event";
        return Err(refused("/enrich", message, help));
    }
    if let Some(route) = spec.routes.iter().find(|route| chooses_uploads(route)) {
        let message = format!(
            "in a bucket without versions, S3 answers only about the newest upload of a key, which the route `{}` may not match: \
             its records would then have the values of another upload",
            route.name
        );
        return Err(refused("/enrich", message, help));
    }
    Ok(())
}

/// Which version of an object is current after another was deleted is asked of S3, which does not tell how it was uploaded.
fn versions_go_one_way(spec: &Spec) -> Result<(), CatalogError> {
    if !spec.bucket.versioned || spec.events.deleted == DeletedEffect::Ignore {
        return Ok(());
    }
    match spec.routes.iter().position(chooses_uploads) {
        None => Ok(()),
        Some(index) => {
            let message = "after a version was deleted, an older one can be current again, and S3 does not say whether this route matched \
                           it";
            let help = "with `bucket.versioned` and `events.deleted`, filter the objects of a route only by their keys";
            Err(refused(format!("/routes/{index}"), message, help))
        }
    }
}

/// Whether a route lets some uploads of a key through and others not.
fn chooses_uploads(route: &RouteSpec) -> bool {
    let more = |pattern: &RawPattern| {
        let only = |fields: &Map<String, Value>, name: &str| {
            fields.get(name).and_then(Value::as_object).filter(|_| fields.len() == 1).cloned()
        };
        let object = only(pattern.fields(), "detail").and_then(|detail| only(&detail, "object"));
        !object.is_some_and(|object| object.len() == 1 && object.contains_key("key"))
    };
    !route.reasons.is_empty() || route.size.is_some() || route.pattern.as_ref().is_some_and(more)
}

#[cfg(test)]
mod tests {
    use crate::catalog::tests::parsed;
    use crate::catalog::{CatalogError, stack};

    fn refusal(text: &str) -> Option<String> {
        let spec = parsed(text);
        match stack(&spec) {
            Ok(_) => None,
            Err(CatalogError::Choice { pointer, .. }) => Some(pointer),
            Err(other) => Some(other.to_string()),
        }
    }

    #[test]
    fn what_would_bring_a_file_back_is_said() {
        let notes = |text: &str| {
            let spec = parsed(text);
            super::notes(&spec).join("; ")
        };
        assert_eq!(notes("{}"), "");
        assert_eq!(notes("events: {deleted: mark}"), "");
        assert!(notes("events: {deleted: mark, mark_days: 14}").contains("redriven for 14"));
        assert_eq!(notes("{events: {deleted: mark, mark_days: 14}, state_machine: {type: EXPRESS}}"), "");
    }

    #[test]
    fn what_would_break_the_promise_is_refused_where_it_was_chosen() {
        for (spec, pointer) in [
            ("{events: {deleted: remove}, backfill: {}}", Some("/backfill")),
            ("{events: {deleted: remove, tags: record}}", Some("/events/deleted")),
            ("{events: {deleted: mark, tags: record}, backfill: {}}", None),
            ("{events: {deleted: mark, mark_days: 14}, dead_letters: {}}", Some("/events/mark_days")),
            ("{events: {deleted: mark, mark_days: 15}, dead_letters: {}}", None),
            ("{events: {deleted: mark, mark_days: 2}, dead_letters: {retention_days: 1, max_age_seconds: 60}}", None),
            ("{events: {deleted: mark, mark_days: 1}, dead_letters: {}, table: {layout: history}}", None),
            ("{events: {mark_days: 1}, dead_letters: {}}", None),
            ("{table: {layout: history}, enrich: [tags]}", Some("/enrich")),
            ("{table: {layout: history}, enrich: [tags], bucket: {versioned: true}}", None),
            ("{enrich: [tags], routes: [{name: Copies, reasons: [CopyObject]}]}", Some("/enrich")),
            ("{enrich: [tags], routes: [{name: Photos, prefix: photos/}]}", None),
            ("{enrich: [tags], routes: [{name: Photos, pattern: {detail: {object: {key: [a]}}}}]}", None),
            (
                "{bucket: {versioned: true}, events: {deleted: mark}, routes: [{name: Large, size: {min: 5}}]}",
                Some("/routes/0"),
            ),
            ("{bucket: {versioned: true}, routes: [{name: Large, size: {min: 5}}]}", None),
        ] {
            assert_eq!(refusal(spec).as_deref(), pointer, "{spec}");
        }
    }
}
