use serde_json::Value;

use super::data::Template;
use super::fault::Faults;
use super::fields::Fields;
use super::language::CaughtData;
use super::{StateId, names::Names};
use crate::asl::QueryLanguage;
use crate::aws::states::JitterStrategy;

/// An entry of [`Retry`](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error),
/// with the documented defaults where a field is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrier {
    /// The names of the errors that it is for.
    pub error_equals: Vec<String>,
    /// Seconds before the first retry.
    pub interval_seconds: f64,
    /// How many retries, after the first try.
    pub max_attempts: u64,
    /// By how much each wait is longer than the one before.
    pub backoff_rate: f64,
    /// The longest wait, in seconds.
    pub max_delay_seconds: Option<f64>,
    /// Whether waits are random, up to their length.
    pub jitter_strategy: JitterStrategy,
}

/// An entry of [`Catch`](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-fallback-states).
#[derive(Debug, Clone)]
pub struct Catcher {
    /// The names of the errors that it is for.
    pub error_equals: Vec<String>,
    /// The state that follows.
    pub next: StateId,
    /// What that state gets.
    pub data: CaughtData,
    /// The variables that are set.
    pub assign: Option<Template>,
}

impl Retrier {
    fn read(fields: Fields<'_, '_>, faults: &mut Faults) -> Option<Self> {
        let error_equals = fields.required("ErrorEquals", fields.texts("ErrorEquals", faults), faults);
        let interval_seconds = fields.number("IntervalSeconds", faults).unwrap_or(1.0);
        let max_attempts = fields.number("MaxAttempts", faults).unwrap_or(3.0);
        let backoff_rate = fields.number("BackoffRate", faults).unwrap_or(2.0);
        let max_delay_seconds = fields.number("MaxDelaySeconds", faults);
        let jitter = fields.text("JitterStrategy", faults);
        let jitter_strategy = jitter.map_or(Some(JitterStrategy::None), |text| JitterStrategy::of(&text));
        let jitter_strategy = jitter_strategy.unwrap_or_else(|| {
            let known = JitterStrategy::WORDS.join(" or ");
            faults.add(fields.at("JitterStrategy"), format!("JitterStrategy has to be {known}"));
            JitterStrategy::None
        });
        if max_attempts < 0.0 || max_attempts.fract() != 0.0 {
            faults.add(fields.at("MaxAttempts"), "MaxAttempts has to be a whole number of 0 or more");
        }
        Some(Self {
            error_equals: error_equals?,
            interval_seconds,
            max_attempts: max_attempts as u64,
            backoff_rate,
            max_delay_seconds,
            jitter_strategy,
        })
    }
}

impl Catcher {
    fn read(fields: Fields<'_, '_>, names: &Names<'_>, faults: &mut Faults) -> Option<Self> {
        let error_equals = fields.required("ErrorEquals", fields.texts("ErrorEquals", faults), faults);
        let next = fields.required("Next", fields.text("Next", faults), faults);
        let next = next.and_then(|next| names.resolve(&next, fields.at("Next"), faults));
        let data = match fields.jsonata() {
            true => CaughtData::Jsonata(fields.template("Output", faults)),
            false => CaughtData::JsonPath(fields.path_or_null("ResultPath", faults)),
        };
        let assign = fields.template("Assign", faults);
        Some(Self { error_equals: error_equals?, next: next?, data, assign })
    }
}

/// The entries of a list of objects.
pub(super) fn entries<T>(
    fields: Fields<'_, '_>,
    name: &str,
    faults: &mut Faults,
    mut read: impl FnMut(Fields<'_, '_>, &mut Faults) -> Option<T>,
) -> Vec<T> {
    let mut found = Vec::new();
    for (at, entry) in fields.array(name, faults).into_iter().flatten().enumerate() {
        let pointer = fields.at(name).index(at);
        let Value::Object(object) = entry else {
            faults.add(pointer, "an object was expected");
            continue;
        };
        let language: QueryLanguage = fields.language;
        found.extend(read(Fields { object, pointer: &pointer, language }, faults));
    }
    found
}

pub(super) fn retriers(fields: Fields<'_, '_>, faults: &mut Faults) -> Vec<Retrier> {
    entries(fields, "Retry", faults, Retrier::read)
}

pub(super) fn catchers(fields: Fields<'_, '_>, names: &Names<'_>, faults: &mut Faults) -> Vec<Catcher> {
    entries(fields, "Catch", faults, |entry, faults| Catcher::read(entry, names, faults))
}
