//! Whole numbers on the command line, with messages that say which are allowed.

/// A number that is at least `min`.
pub(super) fn from(min: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| number(text, min, u64::MAX).ok_or_else(|| format!("expected a whole number from {min}"))
}

/// A number from `min` to `max`.
pub(super) fn between(min: u64, max: u64) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| number(text, min, max).ok_or_else(|| format!("expected a whole number from {min} to {max}"))
}

fn number(text: &str, min: u64, max: u64) -> Option<u64> {
    text.parse().ok().filter(|number| (min..=max).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_what_is_allowed() {
        assert_eq!(from(0)("0"), Ok(0));
        assert_eq!(between(1, 8)("8"), Ok(8));
        for wrong in ["", "x", "-1", "1.5", "99999999999999999999999"] {
            assert_eq!(from(0)(wrong).unwrap_err(), "expected a whole number from 0");
        }
        assert_eq!(between(1, 8)("9").unwrap_err(), "expected a whole number from 1 to 8");
    }
}
