//! What arguments go through before a step that could take any amount of memory, and functions that JSONata has otherwise than the evaluator.

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::functions::string;
use jsonata_core::value::JValue;

use super::bounds::{MAX_BYTES, MAX_SEQUENCE, Made, is_too_large, memory};

type Answer = Result<JValue, EvaluatorError>;

/// `a & b`.
pub(super) const CONCATENATE: &str = "a & b";
/// The end of a range, after its beginning.
pub(super) const SPAN: &str = "end of range";
/// How wide a text is to be.
pub(super) const WIDTH: &str = "width of text";
/// A place in a text.
pub(super) const INDEX: &str = "place in text";
/// A value that has to be small enough to be written out.
pub(super) const SMALL: &str = "small value";
/// A list that is nothing if it is empty.
pub(super) const FILLED: &str = "filled list";
/// Texts that are joined, before the separator.
pub(super) const JOINED: &str = "texts to join";
/// A text that is split, before the separator.
pub(super) const SPLIT: &str = "text to split";
/// A text in which something is replaced, before what and by what.
pub(super) const REPLACED: &str = "text to change";
/// A number that is written, before how.
pub(super) const WRITTEN: &str = "number to write";

/// How many arguments the functions take whose arguments are checked, in the reference implementation.
pub(super) fn arity(name: &str) -> Option<usize> {
    Some(match name {
        "string" | "distinct" => 1,
        "join" | "formatInteger" => 2,
        "pad" | "split" | "substring" => 3,
        "replace" => 4,
        _ => return None,
    })
}

/// Makes the functions known.
pub(super) fn register(evaluator: &mut Evaluator, made: &Made) -> Result<(), EvaluatorError> {
    let with = |check: fn(&Made, &[JValue]) -> Answer| {
        let made = made.clone();
        move |arguments: &[JValue]| check(&made, arguments)
    };
    for (name, check) in [
        (CONCATENATE, concatenate as fn(&Made, &[JValue]) -> Answer),
        (SPAN, span),
        (WIDTH, width),
        (INDEX, index),
        (SMALL, small),
        (FILLED, filled),
        (JOINED, joined),
        (SPLIT, split),
        (REPLACED, replaced),
        (WRITTEN, written),
    ] {
        evaluator.register_fn(name, with(check))?;
    }
    Ok(())
}

fn first(arguments: &[JValue]) -> JValue {
    arguments.first().cloned().unwrap_or(JValue::Undefined)
}

fn concatenate(made: &Made, arguments: &[JValue]) -> Answer {
    let mut text = String::new();
    for argument in arguments {
        match argument {
            JValue::Undefined => {}
            JValue::String(part) => {
                made.add(text.len() + part.len())?;
                text.push_str(part);
            }
            other => {
                small(made, std::slice::from_ref(other))?;
                let written = string::string(other, None)?;
                text.push_str(written.as_str().unwrap_or_default());
            }
        }
    }
    made.add(text.len())?;
    Ok(JValue::string(text))
}

fn span(made: &Made, arguments: &[JValue]) -> Answer {
    if let [JValue::Number(start), JValue::Number(end)] = arguments {
        let count = end - start + 1.0;
        if count > MAX_SEQUENCE as f64 {
            return Err(memory());
        }
        made.add(count.max(0.0) as usize * 8)?;
    }
    Ok(arguments.get(1).cloned().unwrap_or(JValue::Undefined))
}

fn width(made: &Made, arguments: &[JValue]) -> Answer {
    if let Some(width) = arguments.first().and_then(JValue::as_f64) {
        made.add(width.abs().min(1e12) as usize)?;
    }
    Ok(first(arguments))
}

/// Beyond any text one place is as good as another.
fn index(_: &Made, arguments: &[JValue]) -> Answer {
    let place = |number: f64| number.clamp(-1e9, 1e9);
    Ok(arguments.first().and_then(JValue::as_f64).map_or_else(|| first(arguments), |at| JValue::Number(place(at))))
}

fn small(_: &Made, arguments: &[JValue]) -> Answer {
    let value = first(arguments);
    if is_too_large(&value) { Err(memory()) } else { Ok(value) }
}

fn filled(_: &Made, arguments: &[JValue]) -> Answer {
    let values = first(arguments);
    Ok(if values.as_array().is_some_and(|values| values.is_empty()) { JValue::Undefined } else { values })
}

fn joined(made: &Made, arguments: &[JValue]) -> Answer {
    let values = first(arguments);
    if let Some(parts) = values.as_array() {
        let separator = arguments.get(1).and_then(JValue::as_str).map_or(0, str::len);
        let length = |part: &JValue| part.as_str().map_or(0, str::len);
        made.add(parts.iter().map(|part| length(part) + separator).sum())?;
    }
    Ok(values)
}

fn split(made: &Made, arguments: &[JValue]) -> Answer {
    let text = first(arguments);
    if let (Some(subject), Some(separator)) = (text.as_str(), arguments.get(1)) {
        if count(subject, separator) > MAX_SEQUENCE {
            return Err(memory());
        }
        made.add(subject.len())?;
    }
    Ok(text)
}

fn replaced(made: &Made, arguments: &[JValue]) -> Answer {
    let text = first(arguments);
    if let (Some(subject), Some(pattern)) = (text.as_str(), arguments.get(1)) {
        let by = arguments.get(2).and_then(JValue::as_str).map_or(0, str::len);
        // A replacement can hold what was found, as `$0`, several times.
        let longest = by.saturating_mul(if by > 1 { subject.len().min(64) } else { 1 });
        if count(subject, pattern).saturating_mul(by) > MAX_BYTES {
            return Err(memory());
        }
        made.add(subject.len().saturating_add(longest).min(MAX_BYTES))?;
    }
    Ok(text)
}

/// How often a pattern is found in a text.
fn count(text: &str, pattern: &JValue) -> usize {
    if let Some(pattern) = pattern.as_str() {
        return text.matches(pattern).count();
    }
    let Some((pattern, flags)) = string::extract_regex(pattern) else { return 0 };
    let found = string::build_regex(&pattern, &flags).and_then(|regex| string::match_regex(&regex, text, None));
    found.ok().and_then(|found| Some(found.as_array()?.len())).unwrap_or(0)
}

/// Roman numerals write a thousand as one letter, so their length grows with the number itself.
fn written(made: &Made, arguments: &[JValue]) -> Answer {
    let roman = arguments.get(1).and_then(JValue::as_str).is_some_and(|picture| picture.contains(['i', 'I']));
    if let Some(number) = arguments.first().and_then(JValue::as_f64).filter(|_| roman) {
        made.add((number.abs() / 1000.0).min(1e12) as usize)?;
    }
    Ok(first(arguments))
}

/// What `encodeURIComponent` leaves as it is, besides letters and digits.
const COMPONENT: &str = "-_.!~*'()";

/// The same for `encodeURI`.
const ADDRESS: &str = "-_.!~*'();,/?:@&=+$#";

/// What `decodeURI` does not decode.
const RESERVED: &str = ";/?:@&=+$,#";

/// `$encodeUrl`, `$encodeUrlComponent`, `$decodeUrl` and `$decodeUrlComponent`, as ECMAScript has them. Nothing for any other name.
pub(super) fn url_function(name: &str) -> Option<fn(&[JValue]) -> Answer> {
    Some(match name {
        "encodeUrl" => |arguments| encoded("encodeUrl", ADDRESS, arguments),
        "encodeUrlComponent" => |arguments| encoded("encodeUrlComponent", COMPONENT, arguments),
        "decodeUrl" => |arguments| decoded("decodeUrl", RESERVED, arguments),
        "decodeUrlComponent" => |arguments| decoded("decodeUrlComponent", "", arguments),
        _ => return None,
    })
}

/// The only argument of a function of a text; nothing, where it is undefined.
fn text_argument<'a>(name: &str, arguments: &'a [JValue]) -> Result<Option<&'a str>, EvaluatorError> {
    match arguments {
        [JValue::Undefined] | [] => Ok(None),
        [JValue::String(text)] => Ok(Some(text)),
        _ => Err(EvaluatorError::EvaluationError(format!(
            "T0410: Argument 1 of function \"{name}\" does not match function signature"
        ))),
    }
}

fn encoded(name: &str, kept: &str, arguments: &[JValue]) -> Answer {
    let Some(text) = text_argument(name, arguments)? else { return Ok(JValue::Undefined) };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(JValue::string(encoded))
}

fn decoded(name: &str, reserved: &str, arguments: &[JValue]) -> Answer {
    let Some(text) = text_argument(name, arguments)? else { return Ok(JValue::Undefined) };
    let malformed = || EvaluatorError::EvaluationError(format!("D3140: Malformed URL passed to ${name}(): \"{text}\""));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if *byte != b'%' {
            bytes.push(*byte);
            rest = after;
            continue;
        }
        let (escape, after) = after.split_at_checked(2).ok_or_else(malformed)?;
        let digits = std::str::from_utf8(escape).ok().filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()));
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(malformed)?;
        if reserved.as_bytes().contains(&decoded) {
            bytes.push(b'%');
            bytes.extend(escape);
        } else {
            bytes.push(decoded);
        }
        rest = after;
    }
    String::from_utf8(bytes).map(JValue::string).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_ecmascript_does() {
        let answer = |name: &str, text: &str| {
            let function = url_function(name).unwrap();
            function(&[JValue::string(text)]).ok().and_then(|value| value.as_str().map(str::to_owned))
        };
        let cases = [
            ("encodeUrl", "https://x.y/a-b c?d=é#1", Some("https://x.y/a-b%20c?d=%C3%A9#1")),
            ("encodeUrlComponent", "2024-01-31/é.txt", Some("2024-01-31%2F%C3%A9.txt")),
            ("decodeUrl", "a%20b%2Fc", Some("a b%2Fc")),
            ("decodeUrlComponent", "a%20b%2Fc", Some("a b/c")),
            ("decodeUrlComponent", "%ZZ", None),
            ("decodeUrl", "%C3", None),
            ("decodeUrl", "%4", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(answer(name, text).as_deref(), expected, "{name} {text}");
        }
    }
}
