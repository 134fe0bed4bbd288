//! Virtual time: nothing here looks at a real clock.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use crate::asl;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z, which is as fine as Step Functions tells time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// As EventBridge tells time: `2026-01-01T00:00:00Z`.
    pub(crate) fn to_the_second(self) -> String {
        let text = self.to_string();
        text.split_once('.').map_or(text.clone(), |(seconds, _)| format!("{seconds}Z"))
    }

    /// A moment, from milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// A moment as the language spells it, such as `2016-03-14T01:59:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let moment = asl::Timestamp::parse(text)?;
        Some(Self(moment.seconds * 1000 + i64::from(moment.nanoseconds / 1_000_000)))
    }

    /// The moment after a while; the end of time, if that comes first.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; nothing, if it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// As the context object spells moments: `2026-01-31T12:00:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_the_language_spells_them() {
        let cases = [
            ("2016-03-14T01:59:00Z", Some("2016-03-14T01:59:00.000Z")),
            ("2016-03-14T01:59:00.123456Z", Some("2016-03-14T01:59:00.123Z")),
            ("2016-03-14T01:59:00+02:00", Some("2016-03-13T23:59:00.000Z")),
            ("2016-12-05 21:29:29Z", None),
            ("2016-12-05T21:29:29", None),
            ("2016-13-05T21:29:29Z", None),
            ("2016-12-05T25:29:29Z", None),
            ("05-12-2016T21:29:29Z", None),
            ("2016-12-05t21:29:29z", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let read = Timestamp::parse(text).map(|time| time.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn time_ends_rather_than_turns_over() {
        let end = Timestamp::from_millis(1).after(Duration::MAX);
        assert_eq!(end.millis(), i64::MAX);
        assert!(!end.to_string().is_empty());
        assert_eq!(Timestamp::from_millis(5).since(Timestamp::from_millis(9)), Duration::ZERO);
    }
}
