//! Event patterns: whether they are accepted, for which reason not, and which events they match.

use bucketbook::eventbridge::{CompiledPattern, PatternError};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::corpus;
use crate::table::Table;

#[derive(Deserialize)]
struct Row {
    id: String,
    cat: String,
    expect: Expect,
}

/// The texts of a row, kept as they are spelled. (Apart from [`Row`], as raw values can't be read through a buffer.)
#[derive(Deserialize)]
struct Texts {
    pattern: Option<Box<RawValue>>,
    pattern_raw: Option<String>,
    event: Option<Box<RawValue>>,
    event_raw: Option<String>,
}

#[derive(Deserialize)]
struct Expect {
    valid: bool,
    r#match: bool,
    error: Option<String>,
}

/// Judges all rows of `eventbridge/patterns.jsonl`.
pub(crate) fn patterns(text: &str) -> Result<Table, String> {
    let rows = corpus::rows::<Row>(text)?;
    let texts = corpus::rows::<Texts>(text)?;
    let mut table = Table::default();
    for (row, texts) in rows.iter().zip(texts) {
        let pattern = spelled(texts.pattern, texts.pattern_raw);
        judge(&mut table, row, &pattern, &spelled(texts.event, texts.event_raw));
    }
    Ok(table)
}

/// A text that is JSON, or one that need not be.
fn spelled(json: Option<Box<RawValue>>, raw: Option<String>) -> String {
    json.map(|json| json.get().to_owned()).or(raw).unwrap_or_default()
}

fn judge(table: &mut Table, row: &Row, pattern: &str, event: &str) {
    let compiled = CompiledPattern::parse(pattern);
    let verdict = match &compiled {
        Ok(_) if !row.expect.valid => Some(format!("accepted, not refused: {:?}", row.expect.error)),
        Err(error) if row.expect.valid => Some(format!("refused: {error}")),
        _ => None,
    };
    table.count(&row.cat, "verdict", &row.id, verdict);

    let matched = compiled.as_ref().is_ok_and(|pattern| pattern.matches(event) == Ok(true));
    let wrong = (matched != row.expect.r#match).then(|| format!("{matched}: {pattern} {event}"));
    table.count(&row.cat, "match", &row.id, wrong);

    if let (Some(expected), Err(error)) = (&row.expect.error, &compiled) {
        let wrong = (!same_reason(error, expected)).then(|| format!("`{error}`, not `{expected}`"));
        table.count(&row.cat, "reason", &row.id, wrong);
    }
}

/// Whether two reasons are the same. Of a text that is not JSON our own message is asked for, and where the original fails
/// rather than refuses there is nothing to compare with.
fn same_reason(error: &PatternError, expected: &str) -> bool {
    let starts = |words: &[&str]| words.iter().any(|word| expected.starts_with(word));
    match error {
        PatternError::Json(_) => starts(&[
            "Unexpected ",
            "Unrecognized token ",
            "Unrecognized character escape ",
            "Illegal ",
            "Invalid numeric value",
            "Non-standard token ",
        ]),
        PatternError::AnythingButNothing => starts(&["NullPointerException"]),
        _ => error.to_string() == expected,
    }
}
