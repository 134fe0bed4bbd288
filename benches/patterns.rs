//! Event patterns: reading one, holding an event against one, and finding the one rule out of many that an event matches.
//!
//! In `one_of_many_rules` only the number of rules that do not match differs, so the ratio of the first time to the last is
//! what those rules cost. `one_by_one` asks each rule instead.

use bucketbook::eventbridge::{CompiledPattern, RuleIndex};
use divan::Bencher;

const EVENT: &str = r#"{
    "version": "0", "id": "17793124-05d4-b198-2fde-7ededc63b103", "detail-type": "Object Created",
    "source": "aws.s3", "account": "111122223333", "time": "2021-11-12T00:00:00Z", "region": "ca-central-1",
    "resources": ["arn:aws:s3:::bucket-0"],
    "detail": {
        "version": "0", "bucket": {"name": "bucket-0"},
        "object": {"key": "photos/2021/a.jpg", "size": 5, "etag": "b1946ac9", "sequencer": "00617F08299329D189"},
        "request-id": "N4N7GDK58NMKJ12R", "requester": "123456789012", "source-ip-address": "1.2.3.4",
        "reason": "PutObject"
    }
}"#;

fn main() {
    divan::main();
}

fn compiled(text: &str) -> CompiledPattern {
    match CompiledPattern::parse(text) {
        Ok(pattern) => pattern,
        Err(_) => std::process::abort(),
    }
}

/// Rules of six kinds, of which only the first one matches.
fn rules(count: usize) -> Vec<CompiledPattern> {
    let condition = |at: usize| match at % 6 {
        0 => format!(r#""bucket": {{"name": ["bucket-{at}"]}}"#),
        1 => format!(r#""object": {{"key": [{{"prefix": "documents/{at}/"}}]}}"#),
        2 => format!(r#""object": {{"key": [{{"suffix": ".{at}"}}]}}"#),
        3 => format!(r#""object": {{"size": [{{"numeric": [">", {at}, "<=", {}]}}]}}"#, at + 6),
        4 => format!(r#""object": {{"key": [{{"wildcard": "*/{at}/*"}}]}}"#),
        _ => format!(
            r#""bucket": {{"name": [{{"equals-ignore-case": "Bucket-{at}"}}]}}, "reason": [{{"anything-but": "x"}}]"#
        ),
    };
    let text =
        |at| format!(r#"{{"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {{{}}}}}"#, condition(at));
    (0..count).map(|at| compiled(&text(if at == 3 { 9 } else { at }))).collect()
}

#[divan::bench]
fn read_a_pattern() -> CompiledPattern {
    compiled(
        r#"{"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": ["bucket-0"]}}}"#,
    )
}

#[divan::bench]
fn one_rule(bencher: Bencher) {
    let rules = rules(1);
    bencher.bench_local(|| rules[0].matches(EVENT));
}

#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn one_of_many_rules(bencher: Bencher, count: usize) {
    let index: RuleIndex<usize> = rules(count).into_iter().zip(0..).collect();
    if index.matching(EVENT) != Ok(vec![&0]) {
        std::process::abort();
    }
    bencher.bench_local(|| index.matching(EVENT).map(|rules| rules.len()));
}

/// Wildcards that differ in one piece only, which is not their longest.
#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn wildcards_of_one_shape(bencher: Bencher, count: usize) {
    let pattern = |at| format!(r#"{{"detail": {{"object": {{"key": [{{"wildcard": "documents/*/{at}/*.jpg"}}]}}}}}}"#);
    let index: RuleIndex<usize> = (0..count).map(|at| (compiled(&pattern(at)), at)).collect();
    let event = EVENT.replace("photos/2021/a.jpg", "documents/2021/7/a.jpg");
    if index.matching(&event) != Ok(vec![&7]) {
        std::process::abort();
    }
    bencher.bench_local(|| index.matching(&event).map(|rules| rules.len()));
}

#[divan::bench(args = [10, 1_000])]
fn one_by_one(bencher: Bencher, count: usize) {
    let rules = rules(count);
    bencher.bench_local(|| rules.iter().filter(|rule| rule.matches(EVENT) == Ok(true)).count());
}
