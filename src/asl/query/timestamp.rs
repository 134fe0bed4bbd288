/// A moment, as `Timestamp` fields and comparisons of a Choice have it.
///
/// ```
/// use bucketbook::asl::Timestamp;
/// let noon = Timestamp::parse("2024-02-29T12:00:00Z").unwrap();
/// assert_eq!(Timestamp::parse("2024-02-29T13:00:00+01:00"), Some(noon));
/// assert_eq!(Timestamp::parse("2024-02-29T12:00:00"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// Reads an ISO 8601 date and time with an offset, as by Java's `ISO_OFFSET_DATE_TIME`, which is what causes of
    /// failures name: seconds may be left out, up to nine digits of a fraction may follow them.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let year = number(bytes, 0, 4)?;
        let (month, day) = (number(bytes, 5, 2)?, number(bytes, 8, 2)?);
        let (hour, minute) = (number(bytes, 11, 2)?, number(bytes, 14, 2)?);
        let separated = bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T' && bytes[13] == b':';
        let mut rest = bytes.get(16..)?;
        let (mut second, mut nanoseconds) = (0, 0);
        if let Some(after) = rest.strip_prefix(b":") {
            second = number(after, 0, 2)?;
            rest = &after[2..];
            if let Some(fraction) = rest.strip_prefix(b".") {
                let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
                if digits > 9 {
                    return None;
                }
                nanoseconds = number(fraction, 0, digits)? * 10_i64.pow(9 - digits as u32);
                rest = &fraction[digits..];
            }
        }
        let valid = separated
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let offset = offset(rest)?;
        let seconds = days_from_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
        valid.then_some(Self { seconds, nanoseconds: nanoseconds as u32 })
    }
}

/// `digits` digits from a position.
fn number(bytes: &[u8], at: usize, digits: usize) -> Option<i64> {
    let slice = bytes.get(at..at + digits)?;
    let all_digits = digits > 0 && slice.iter().all(u8::is_ascii_digit);
    all_digits.then(|| slice.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// `Z`, or `+01:00`, in seconds.
fn offset(text: &[u8]) -> Option<i64> {
    if text == b"Z" {
        return Some(0);
    }
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (number(text, 1, 2)?, number(text, 4, 2)?);
    let valid = text.len() == 6 && text[3] == b':' && hours <= 18 && minutes < 60;
    valid.then_some(sign * (hours * 3600 + minutes * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01, in years that begin in March so that a leap day is a year's last.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_of_months = (153 * month + 2) / 5;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + days_of_months + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some((0, 0))),
            ("2001-09-09T01:46:40Z", Some((1_000_000_000, 0))),
            ("2024-02-29T23:59:59.25Z", Some((1_709_251_199, 250_000_000))),
            ("2016-03-14T01:59:00+01:00", Some((1_457_917_140, 0))),
            ("2016-03-14T01:59:00-05:30", Some((1_457_940_540, 0))),
            ("2016-03-14T01:59Z", Some((1_457_920_740, 0))),
            ("0000-01-01T00:00:00Z", Some((-62_167_219_200, 0))),
            ("2023-02-29T00:00:00Z", None),
            ("2016-13-05T21:29:29Z", None),
            ("2016-12-05T25:29:29Z", None),
            ("2016-12-05 21:29:29Z", None),
            ("2016-12-05T21:29:29", None),
            ("05-12-2016T21:29:29Z", None),
            ("2016-12-05", None),
            ("2016-12-05T21:29:29.Z", None),
            ("2016-12-05T21:29:29.1234567890Z", None),
            ("2016-12-05T21:29:29+1:00", None),
            ("2016-12-05T21:29:29+01:00x", None),
            ("2016-12-05T21:29:29é", None),
            ("", None),
        ] {
            let found = Timestamp::parse(text).map(|moment| (moment.seconds, moment.nanoseconds));
            assert_eq!(found, expected, "{text}");
        }
    }
}
