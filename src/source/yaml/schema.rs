//! What a scalar without quotes is: a number, a boolean, nothing, or a text.

use crate::source::Kind;

/// What the tags of YAML itself begin with.
pub(super) const CORE: &str = "tag:yaml.org,2002:";

/// By which rules scalars without quotes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The [core schema of YAML 1.2](https://yaml.org/spec/1.2.2/#103-core-schema), by which people write specs and scenarios.
    /// Step Functions reads a definition in S3 much alike (with Jackson: `yes` and `No` are texts).
    Core,
    /// [YAML 1.1](https://yaml.org/type/), as SAM and CloudFormation read templates: `yes`, `No` and `on` are booleans, `010` is octal,
    /// `1:30` is sexagesimal, `<<` merges. Dates are texts, since CloudFormation
    /// [supports no timestamps](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html) (read 2026-11-28).
    Yaml11,
}

impl Schema {
    /// What a scalar without quotes and tag is.
    pub(super) fn plain(self, text: &str) -> Kind {
        match self {
            Self::Core => core(text),
            Self::Yaml11 => yaml_1_1(text),
        }
    }
}

/// What a scalar with one of YAML's own tags is, however it is quoted.
pub(super) fn tagged(schema: Schema, suffix: &str, text: &str) -> Kind {
    let kind = match suffix {
        "int" | "float" | "bool" | "null" => schema.plain(text),
        _ => return Kind::String(text.to_owned()),
    };
    match (suffix, kind) {
        ("float", Kind::Integer(number)) => Kind::Float(number as f64),
        (_, kind) => kind,
    }
}

/// Whether some reader of YAML 1.1 takes a bare word for a boolean or for nothing, in any case: one that is meant as a text has quotes.
pub fn is_ambiguous(word: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    WORDS.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether a bare word is a boolean in YAML 1.1, which CloudFormation and SAM read.
pub fn is_old_boolean(word: &str) -> bool {
    matches!(yaml_1_1(word), Kind::Bool(_))
}

fn core(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        _ => {}
    }
    let integer = match text.as_bytes() {
        [b'0', b'x', ..] => digits(&text[2..], 16),
        [b'0', b'o', ..] => digits(&text[2..], 8),
        _ => digits(text.strip_prefix(['-', '+']).unwrap_or(text), 10).and_then(|_| text.parse().ok()),
    };
    if let Some(integer) = integer {
        return Kind::Integer(integer);
    }
    float(text, |unsigned| is_float(unsigned, false)).map_or_else(|| Kind::String(text.to_owned()), Kind::Float)
}

fn yaml_1_1(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Kind::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Kind::Bool(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = unsigned.replace('_', "");
    if unsigned.starts_with(|first: char| first.is_ascii_digit()) {
        let integer = match plain.as_bytes() {
            [b'0', b'b', ..] => digits(&plain[2..], 2),
            [b'0', b'x', ..] => digits(&plain[2..], 16),
            [b'0', _, ..] => digits(&plain, 8),
            _ => digits(&plain, 10).or_else(|| sexagesimal(&plain)),
        };
        if let Some(integer) = integer {
            return Kind::Integer(if text.starts_with('-') { -integer } else { integer });
        }
    }
    let number = float(text, |unsigned| is_float(unsigned, true));
    number.map_or_else(|| Kind::String(text.to_owned()), Kind::Float)
}

/// A whole number; `None` if other characters are among its digits, or it is too large.
fn digits(text: &str, radix: u32) -> Option<i64> {
    let fits = !text.is_empty() && text.chars().all(|digit| digit.is_digit(radix));
    fits.then(|| i64::from_str_radix(text, radix).ok())?
}

/// A number of base 60, as YAML 1.1 has them: `1:30` is ninety.
fn sexagesimal(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let first = digits(parts.next().filter(|first| !first.starts_with('0'))?, 10)?;
    let mut rest = parts.peekable();
    rest.peek()?;
    rest.try_fold(first, |sum, part| {
        let part = digits(part, 10).filter(|value| part.len() <= 2 && *value < 60)?;
        sum.checked_mul(60)?.checked_add(part)
    })
}

fn float(text: &str, fits: impl Fn(&str) -> bool) -> Option<f64> {
    let (sign, unsigned) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned == text => return Some(f64::NAN),
        _ => {}
    }
    if !fits(unsigned) {
        return None;
    }
    unsigned.replace('_', "").parse::<f64>().ok().map(|number| sign * number)
}

/// Whether a text without its sign is a number with a fraction or an exponent. YAML 1.1 wants a point, and a sign in the exponent.
fn is_float(text: &str, old: bool) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['-', '+']);
        let digits = unsigned.unwrap_or(exponent);
        (!old || unsigned.is_some()) && !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
    });
    let digit = |byte: u8| byte.is_ascii_digit() || old && byte == b'_';
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let starts = whole.is_empty() || whole.as_bytes()[0].is_ascii_digit();
    let some = if old { fraction.is_some() } else { fraction.is_some() || exponent.is_some() };
    let numbered = !whole.is_empty() || fraction.is_some_and(|f| f.as_bytes().first().is_some_and(u8::is_ascii_digit));
    exponent_fits
        && some
        && starts
        && numbered
        && whole.bytes().all(digit)
        && fraction.unwrap_or_default().bytes().all(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_schema_has_its_words() {
        let text = |text: &str| Kind::String(text.to_owned());
        for (written, core, old) in [
            ("yes", text("yes"), Kind::Bool(true)),
            ("Off", text("Off"), Kind::Bool(false)),
            ("y", text("y"), text("y")),
            ("True", Kind::Bool(true), Kind::Bool(true)),
            ("~", Kind::Null, Kind::Null),
            ("12", Kind::Integer(12), Kind::Integer(12)),
            ("-12", Kind::Integer(-12), Kind::Integer(-12)),
            ("010", Kind::Integer(10), Kind::Integer(8)),
            ("0123456789", Kind::Integer(123_456_789), text("0123456789")),
            ("0o10", Kind::Integer(8), text("0o10")),
            ("0x1F", Kind::Integer(31), Kind::Integer(31)),
            ("0b11", text("0b11"), Kind::Integer(3)),
            ("1_000", text("1_000"), Kind::Integer(1000)),
            ("1:30", text("1:30"), Kind::Integer(90)),
            ("01:30", text("01:30"), text("01:30")),
            ("1.5", Kind::Float(1.5), Kind::Float(1.5)),
            ("1.", Kind::Float(1.0), Kind::Float(1.0)),
            (".5", Kind::Float(0.5), Kind::Float(0.5)),
            ("1e3", Kind::Float(1000.0), text("1e3")),
            ("1.0e+3", Kind::Float(1000.0), Kind::Float(1000.0)),
            ("-.inf", Kind::Float(f64::NEG_INFINITY), Kind::Float(f64::NEG_INFINITY)),
            ("2010-09-09", text("2010-09-09"), text("2010-09-09")),
            (".", text("."), text(".")),
            ("-", text("-"), text("-")),
            ("=", text("="), text("=")),
            ("123456789012", Kind::Integer(123_456_789_012), Kind::Integer(123_456_789_012)),
        ] {
            assert_eq!(Schema::Core.plain(written), core, "{written} in YAML 1.2");
            assert_eq!(Schema::Yaml11.plain(written), old, "{written} in YAML 1.1");
        }
    }
}
