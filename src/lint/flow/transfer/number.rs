//! Numbers and times that are given by paths and expressions.

use super::run::Run;
use crate::asl::Timestamp;
use crate::asl::program::{Dynamic, Wait};
use crate::aws::quota;
use crate::lint::flow::intrinsic::{self, Expectation};
use crate::lint::flow::log::Log;
use crate::lint::flow::shape::{Kinds, Shape, Text};

/// Which numbers a field takes that is given by a path.
struct Bounds {
    words: &'static str,
    least: f64,
    most: f64,
    whole: bool,
    /// Whether a text of a number will do.
    text: bool,
}

impl Bounds {
    fn of(field: &str) -> Self {
        let seconds = Self {
            words: "a whole number from 0",
            least: 0.0,
            most: f64::from(quota::NUMBER),
            whole: true,
            text: false,
        };
        match field {
            "SecondsPath" => seconds,
            "TimeoutSecondsPath" | "HeartbeatSecondsPath" => {
                Self { words: "a whole number from 1", least: 1.0, ..seconds }
            }
            "ToleratedFailurePercentagePath" => {
                Self { words: "a number from 0 to 100", most: 100.0, whole: false, text: true, ..seconds }
            }
            _ => Self { most: f64::MAX, text: true, ..seconds },
        }
    }

    fn take(&self, kinds: &Kinds) -> bool {
        let fits = |text: &str| {
            let number: f64 = text.trim().parse().unwrap_or(f64::NAN);
            (self.least..=self.most).contains(&number) && (!self.whole || number.fract() == 0.0)
        };
        let of_text = self.text
            && kinds.text.as_ref().is_some_and(|text| match text {
                Text::OneOf(texts) => texts.iter().any(|text| fits(text)),
                Text::NoneOf(_) => true,
            });
        of_text || kinds.number && kinds.literal.as_deref().is_none_or(fits)
    }
}

/// The field that is given by a path or an expression, and what it is given.
fn given<'a, T>(of: &'a Dynamic<T>, field: &'static str) -> Option<(&'static str, &'a str)> {
    match of {
        Dynamic::Path(path) => Some((field, path.source())),
        Dynamic::Expression(expression) => Some((field.strip_suffix("Path")?, expression.source())),
        _ => None,
    }
}

/// Whether a value may be a text that says a time.
fn may_be_timestamp(kinds: &Kinds) -> bool {
    kinds.text.as_ref().is_some_and(|text| match text {
        Text::OneOf(texts) => texts.iter().any(|text| Timestamp::parse(text).is_some()),
        Text::NoneOf(_) => true,
    })
}

impl Run<'_> {
    /// A field of a number that is given by a path.
    pub(super) fn number(&self, of: Option<&Dynamic<f64>>, field: &'static str, effective: &Shape, log: &mut Log) {
        let Some((field_of, given)) = of.and_then(|of| given(of, field)) else { return };
        let shape = self.dynamic(of, field, effective, log);
        let bounds = Bounds::of(field);
        let expectation = Expectation { taker: field_of, given, expected: bounds.words };
        intrinsic::expect(&shape, |kinds| bounds.take(kinds), expectation, &self.at(field_of), log);
    }

    pub(super) fn wait(&self, wait: &Wait, effective: &Shape, log: &mut Log) {
        let found = match wait {
            Wait::Seconds(of) => {
                given(of, "SecondsPath").map(|found| (found, self.dynamic(Some(of), "SecondsPath", effective, log)))
            }
            Wait::Timestamp(of) => {
                given(of, "TimestampPath").map(|found| (found, self.dynamic(Some(of), "TimestampPath", effective, log)))
            }
        };
        let Some(((field, given), shape)) = found else { return };
        let (expected, takes): (_, fn(&Kinds) -> bool) = match wait {
            Wait::Seconds(_) => (Bounds::of("SecondsPath").words, |kinds| Bounds::of("SecondsPath").take(kinds)),
            Wait::Timestamp(_) => ("a timestamp", may_be_timestamp),
        };
        let expectation = Expectation { taker: field, given, expected };
        intrinsic::expect(&shape, takes, expectation, &self.at(field), log);
    }
}
