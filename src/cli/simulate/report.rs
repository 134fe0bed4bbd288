//! What is said of a simulation as it goes on, and at its end.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::diagnostic::shown;
use crate::simulate::Outcome;
use crate::simulate::services::dynamodb::{DynamoDb, TableError};
use crate::simulate::simulation::{Delivery, Finished};

use super::super::{output, width};
use super::args::Format;
use super::human::{self, Keys};
use super::rows;
use crate::diagnostic::counted;

/// How many events of a stream are shown in full; after them, only those that went wrong.
const SHOWN: u64 = 20;

/// Of the events that no rule matches, so many are kept for JSON's list of them.
const KEPT: usize = 1_000;

/// Says what happens.
pub(super) struct Reporter {
    format: Format,
    trace: bool,
    keys: Keys,
    counts: Counts,
    shown: u64,
    unmatched: Vec<Value>,
    undelivered: Vec<Value>,
    bar: ProgressBar,
}

/// What a user has to know who sees what a function answered.
const ABOUT_FUNCTIONS: &str =
    "Lambda functions do not run here: each returns its input. Use --mock-config FILE for other responses.\n";

/// What is counted.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    events: usize,
    unmatched: usize,
    executions: usize,
    failed: usize,
    undelivered: usize,
    others: usize,
    /// Calls of functions, which only returned their input.
    echoes: usize,
}

/// An event that happened.
pub(super) struct Happened<'a> {
    /// What people call it: `put photos/cat.jpg`.
    pub(super) label: &'a str,
    /// The event.
    pub(super) event: &'a Value,
    /// Whether it is one of a stream.
    pub(super) streamed: bool,
}

impl Reporter {
    pub(super) fn new(format: Format, trace: bool, dynamodb: &DynamoDb) -> anyhow::Result<Self> {
        let mut keys = Keys::new();
        for table in dynamodb.tables()? {
            let schema = dynamodb.key_schema(&table).unwrap_or_default();
            let names = schema.as_array().into_iter().flatten().filter_map(|key| key["AttributeName"].as_str());
            keys.insert(table.clone(), names.map(str::to_owned).collect());
        }
        let (counts, bar) = (Counts::default(), ProgressBar::hidden());
        let reporter =
            Self { format, trace, keys, counts, shown: 0, unmatched: Vec::new(), undelivered: Vec::new(), bar };
        if format == Format::Json {
            output::print("{\"executions\": [")?;
        }
        Ok(reporter)
    }

    /// Shows on a terminal how far a file is read.
    pub(super) fn begin(&mut self, length: Option<u64>) {
        let Some(length) = length else { return };
        let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left");
        self.bar = ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    }

    pub(super) fn read(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    pub(super) fn end(&mut self) {
        self.bar.finish_and_clear();
        self.bar = ProgressBar::hidden();
    }

    fn print(&self, text: &str) -> anyhow::Result<()> {
        let human = self.format == Format::Human;
        self.bar.suspend(|| if human { output::show(text) } else { output::print(text) })
    }

    /// Whether executions are still shown in full.
    pub(super) fn shows_all(&self, streamed: bool) -> bool {
        !streamed || self.trace || self.shown < SHOWN || self.format != Format::Human
    }

    /// Says something that is no event.
    pub(super) fn note(&self, text: &str) -> anyhow::Result<()> {
        if self.format == Format::Human { self.print(&format!("{}\n", shown(text))) } else { Ok(()) }
    }

    /// Says which rules took an event, or why none did.
    pub(super) fn delivered(
        &mut self,
        happened: &Happened<'_>,
        delivery: &Delivery,
        reasons: &[String],
    ) -> anyhow::Result<()> {
        self.counts.events += 1;
        self.counts.undelivered += delivery.undelivered.len();
        self.counts.others += delivery.others.len();
        let unmatched = delivery.rules.is_empty();
        self.counts.unmatched += usize::from(unmatched);
        let shown = self.shows_all(happened.streamed);
        self.shown += u64::from(happened.streamed);
        match self.format {
            Format::Human if shown || !delivery.undelivered.is_empty() => {
                self.print(&delivered(happened, delivery, reasons))
            }
            Format::Jsonl if unmatched => {
                let line = json!({"type": "unmatched", "event": happened.event, "reasons": reasons});
                self.print(&format!("{line}\n"))
            }
            Format::Json if unmatched && self.unmatched.len() < KEPT => {
                self.unmatched.push(json!({"event": happened.event, "reasons": reasons}));
                Ok(())
            }
            Format::Jsonl if !delivery.undelivered.is_empty() => {
                let line = json!({"type": "undelivered", "event": happened.event, "reasons": delivery.undelivered});
                self.print(&format!("{line}\n"))
            }
            Format::Json if !delivery.undelivered.is_empty() && self.undelivered.len() < KEPT => {
                self.undelivered.push(json!({"event": happened.event, "reasons": delivery.undelivered}));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Says what a pipe or a schedule begins.
    pub(super) fn began(&mut self, label: &str, delivery: &Delivery) -> anyhow::Result<()> {
        self.counts.events += 1;
        self.counts.undelivered += delivery.undelivered.len();
        self.counts.others += delivery.others.len();
        match self.format {
            Format::Human => {
                let bold = Style::new().bold();
                self.print(&format!("{bold}{}{bold:#}\n{}", shown(label), fates(delivery)))
            }
            Format::Json if !delivery.undelivered.is_empty() && self.undelivered.len() < KEPT => {
                self.undelivered.push(json!({"start": label, "reasons": delivery.undelivered}));
                Ok(())
            }
            Format::Jsonl if !delivery.undelivered.is_empty() => {
                let line = json!({"type": "undelivered", "start": label, "reasons": delivery.undelivered});
                self.print(&format!("{line}\n"))
            }
            _ => Ok(()),
        }
    }

    /// Says how an execution ended.
    pub(super) fn finished(&mut self, finished: &Finished, shown: bool) -> anyhow::Result<()> {
        let failed = !matches!(finished.outcome, Outcome::Succeeded(_));
        self.counts.executions += 1;
        self.counts.failed += usize::from(failed);
        self.counts.echoes += finished.calls.iter().filter(|call| call.is_echo()).count();
        match self.format {
            Format::Human if shown || failed => self.print(&human::execution(finished, &self.keys, self.trace)),
            Format::Human => Ok(()),
            Format::Jsonl => {
                let mut line = json!({"type": "execution"});
                if let (Some(line), Value::Object(told)) = (line.as_object_mut(), finished.to_json()) {
                    line.extend(told);
                }
                self.print(&format!("{line}\n"))
            }
            Format::Json => {
                let comma = if self.counts.executions > 1 { "," } else { "" };
                self.print(&format!("{comma}\n{:#}", finished.to_json()))
            }
        }
    }

    /// Shows the tables, and sums up.
    pub(super) fn close(&mut self, dynamodb: &DynamoDb) -> anyhow::Result<()> {
        let names = dynamodb.tables()?;
        let text = match self.format {
            Format::Human => {
                let shown = names.into_iter().map(|name| Ok((dynamodb.first_items(&name, rows::MAX_ROWS)?, name)));
                self.summary(&shown.collect::<Result<Vec<_>, TableError>>()?)
            }
            Format::Jsonl => {
                let line = |name: &String| {
                    Ok(format!("{}\n", json!({"type": "table", "name": name, "items": dynamodb.items(name)?})))
                };
                names.iter().map(line).collect::<Result<String, TableError>>()?
            }
            Format::Json => {
                let tables = names.into_iter().map(|name| Ok((name.clone(), Value::Array(dynamodb.items(&name)?))));
                let tables = tables.collect::<Result<serde_json::Map<_, _>, TableError>>()?;
                let unmatched = std::mem::take(&mut self.unmatched);
                let undelivered = match std::mem::take(&mut self.undelivered) {
                    none if none.is_empty() => String::new(),
                    some => format!("\"undelivered\": {:#},\n", json!(some)),
                };
                format!("],\n\"unmatched\": {:#},\n{undelivered}\"tables\": {:#}}}\n", json!(unmatched), json!(tables))
            }
        };
        self.print(&text)
    }

    fn summary(&self, tables: &[((Vec<Value>, usize), String)]) -> String {
        let mut text = String::new();
        let width = width::of_output();
        for ((items, count), name) in tables {
            let key = self.keys.get(name).map(Vec::as_slice).unwrap_or_default();
            let _ = write!(text, "\n{}", rows::table(name, key, (items, *count), width));
        }
        let Counts { events, unmatched, executions, failed, undelivered, .. } = self.counts;
        let mut parts = Vec::new();
        if events > 0 {
            parts.push(counted(events, "event"));
        }
        parts.push(counted(executions, "execution"));
        let red = Style::new().fg_color(Some(AnsiColor::Red.into()));
        if failed > 0 {
            parts.push(format!("{red}{failed} failed{red:#}"));
        }
        if unmatched > 0 {
            parts.push(format!("{unmatched} that no rule matched"));
        }
        if undelivered > 0 {
            parts.push(format!("{red}{undelivered} not delivered{red:#}"));
        }
        let gap = if tables.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}{}", parts.join(", "));
        if self.counts.echoes > 0 {
            text.push_str(ABOUT_FUNCTIONS);
        }
        text
    }

    /// Whether events happened, and none of them started anything.
    pub(super) fn started_nothing(&self) -> bool {
        let Counts { events, executions, others, .. } = self.counts;
        events > 0 && executions == 0 && others == 0
    }

    /// Whether anything went wrong.
    pub(super) fn failed(&self) -> bool {
        self.counts.failed > 0 || self.counts.undelivered > 0
    }
}

fn delivered(happened: &Happened<'_>, delivery: &Delivery, reasons: &[String]) -> String {
    let bold = Style::new().bold();
    let kind = happened.event["detail-type"].as_str().unwrap_or("an event");
    let taken = match delivery.rules.as_slice() {
        [] => "no rule matches it".to_owned(),
        rules => format!("matched by {}", shown(&rules.join(", "))),
    };
    let mut text = format!("{bold}{}{bold:#}: {}, {taken}\n", shown(happened.label), shown(kind));
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
    for reason in reasons {
        let _ = writeln!(text, "  {yellow}{}{yellow:#}", shown(reason));
    }
    text + &fates(delivery)
}

/// What was not run here, and what could not be delivered.
fn fates(delivery: &Delivery) -> String {
    let mut text = String::new();
    for arn in &delivery.others {
        let _ = writeln!(text, "  {} is a target too, but is not run here", shown(arn));
    }
    let red = Style::new().fg_color(Some(AnsiColor::Red.into()));
    for fault in &delivery.undelivered {
        let _ = writeln!(text, "  {red}{}{red:#}", shown(&fault.to_string()));
    }
    text
}
