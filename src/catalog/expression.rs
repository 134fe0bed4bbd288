//! The values of a record as JSONata expressions.

use super::event_value::{EventValue, OptionalValue, Place};
use super::folder;
use crate::asl::Jsonata;
use crate::aws::s3::checksum_algorithms;

/// The value as an expression.
pub(super) fn of(value: &EventValue) -> Jsonata {
    match value {
        EventValue::Text(field) => input(field),
        EventValue::Number(field) => input(field).call("$string", []),
        EventValue::Joined(first, between, last) => {
            Jsonata::concat([input(first), Jsonata::text(between), input(last)])
        }
        EventValue::Followed(first, behind) => Jsonata::concat([input(first), Jsonata::text(behind)]),
        EventValue::Constant(text) => Jsonata::text(text),
        EventValue::Formatted(first, rest) => {
            let text = |text: &str| (!text.is_empty()).then(|| Jsonata::text(text));
            let rest = rest.iter().flat_map(|(field, piece)| [Some(input(field)), text(piece)]);
            Jsonata::concat([text(first)].into_iter().chain(rest).flatten())
        }
        EventValue::Folder(key) => folder::jsonata(&input(key)),
        EventValue::EpochAfter { time, days } => {
            let seconds = input(time).call("$toMillis", []).over(1000).call("$floor", []);
            seconds.plus(i64::from(*days) * 24 * 60 * 60).call("$string", [])
        }
        EventValue::Optional(value) => optional(*value),
    }
}

/// The way to a field of the input in JSONata.
pub(super) fn input(fields: Place) -> Jsonata {
    Jsonata::input().fields(fields)
}

/// An expression that is true, or something that counts as true, where the value is there.
pub(super) fn is_there(value: OptionalValue) -> Jsonata {
    match value {
        OptionalValue::Text(place) | OptionalValue::Texts(place) => input(place),
        OptionalValue::Prefix(place) => input(place).call("$contains", [Jsonata::text("/")]),
        OptionalValue::Extension(place) => {
            let parts = last_part(input(place)).call("$split", [Jsonata::text(".")]);
            Jsonata::block([("dots", parts)], &is_extension(&Jsonata::variable("dots")))
        }
        OptionalValue::Checksum(place) => {
            Jsonata::any(checksums(&input(place)).map(|(_, checksum)| checksum)).grouped()
        }
        OptionalValue::Pairs(place) => input(place).field("Key").call("$exists", []),
    }
}

/// The value, where it is there.
fn optional(value: OptionalValue) -> Jsonata {
    match value {
        OptionalValue::Text(place) => input(place),
        OptionalValue::Prefix(place) => {
            let slash = || Jsonata::text("/");
            let parts = || Jsonata::variable("parts");
            let but_last = Jsonata::range(&Jsonata::number(0), &parts().call("$count", []).minus(2));
            let joined = parts().at(&but_last).call("$join", [slash()]);
            let split = input(place).call("$split", [slash()]);
            Jsonata::block([("parts", split)], &Jsonata::concat([joined, slash()]))
        }
        OptionalValue::Extension(place) => last_part(input(place)).call("$split", [Jsonata::text(".")]).element(-1),
        OptionalValue::Checksum(place) => {
            let answer = input(place);
            let named = |(name, checksum): (&String, Jsonata)| {
                let written = Jsonata::concat([Jsonata::text(&format!("{name}:")), checksum.clone()]);
                (checksum, written)
            };
            let each: Vec<_> = checksums(&answer).map(named).collect();
            let chain = each.into_iter().rev().fold(None, |otherwise, (there, written)| {
                Some(match otherwise {
                    None => there.then_only(written),
                    Some(otherwise) => there.then(written, otherwise),
                })
            });
            chain.unwrap_or_else(|| Jsonata::text(""))
        }
        OptionalValue::Texts(place) => {
            let [name, text] = ["name", "text"].map(Jsonata::variable);
            let pair = Jsonata::entries([(name, Jsonata::object([("S", text)]))]);
            let each = input(place).call("$each", [Jsonata::function(["text", "name"], &pair)]);
            each.call("$merge", [])
        }
        OptionalValue::Pairs(place) => {
            let [key, value] = ["Key", "Value"].map(Jsonata::of_element);
            let pair = Jsonata::entries([(key, Jsonata::object([("S", value)]))]);
            input(place).each(&pair).call("$merge", [])
        }
    }
}

/// The checksums that S3's answer may have, by the name of the algorithm.
fn checksums(answer: &Jsonata) -> impl Iterator<Item = (&'static String, Jsonata)> {
    checksum_algorithms().iter().map(|name| (name, answer.clone().field(&format!("Checksum{name}"))))
}

/// A name has an extension if something follows its last dot, and something stands before it: `.profile` is a name, and
/// what follows its dot no extension.
fn is_extension(dots: &Jsonata) -> Jsonata {
    let count = || dots.clone().call("$count", []);
    let is_text = |at| dots.clone().element(at).differs(Jsonata::text(""));
    let named = Jsonata::any([count().is_more_than(Jsonata::number(2)), is_text(0)]);
    Jsonata::all([count().is_more_than(Jsonata::number(1)), is_text(-1), named])
}

fn last_part(key: Jsonata) -> Jsonata {
    key.call("$split", [Jsonata::text("/")]).element(-1)
}
