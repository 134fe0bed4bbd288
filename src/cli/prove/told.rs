//! A scenario that is proved: what happens in it, and what has to come of that in every order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::prove::{Bounds, End, Question, Story, Written, story_of};
use crate::simulate::scenario::{ScenarioDocument, Status, check, check_results, play};
use crate::simulate::stack::RunnableStack;
use crate::source;

use super::super::failure::Failure;

/// A scenario that is proved.
pub(super) struct Told {
    pub(super) document: ScenarioDocument,
    /// What its file is called.
    path: String,
    /// The directory of its file.
    directory: PathBuf,
}

impl Told {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let document = ScenarioDocument::read_all(path).map_err(Failure::faults)?;
        let name = path.display().to_string();
        Ok(Self { document, path: name, directory: path.parent().unwrap_or(Path::new("")).to_owned() })
    }

    /// The stack that it names.
    pub(super) fn stack(&self) -> Option<PathBuf> {
        self.document.scenario.stack.as_ref().map(|named| self.directory.join(named))
    }

    /// What happens in it.
    pub(super) fn story(&self, stack: &RunnableStack) -> anyhow::Result<Story> {
        Ok(story_of(&self.document.scenario, stack, &self.directory).map_err(|message| self.refused(message))?)
    }

    /// What has to be so: all that `test` checks, in every order.
    pub(super) fn question<'a>(
        &'a self,
        stack: &'a Arc<RunnableStack>,
        story: &Story,
        bounds: &mut Bounds,
    ) -> anyhow::Result<(Question<'a>, Vec<&'static str>)> {
        let then = &self.document.scenario.then;
        let last = [("path", then.path.is_some()), ("output", then.output.is_some()), ("error", then.error.is_some())];
        let executions = story.executions(stack);
        if let Some((field, _)) = last.iter().find(|(_, said)| *said && executions > 1) {
            let message = format!(
                "`then.{field}` is about the execution that starts last, and this scenario starts {executions}"
            );
            let help = "the order decides which one that is: expect contents of the tables instead, or prove a scenario with one event";
            return Err(Failure::new(Diagnostic::error(message).help(help)).into());
        }
        let fails = then.status.is_some_and(|status| status != Status::Succeeded) || then.error.is_some();
        let any_status = bounds.failures && then.status.is_none();
        bounds.failures |= fails;
        let converges = then.items.is_none() && then.tables.is_empty();
        let watches = fails
            || then.executions.is_some()
            || then.path.is_some()
            || then.output.is_some()
            || !then.calls.is_empty();
        let mut checks = Vec::new();
        if converges {
            checks.push("the tables depend only on the events");
        }
        if watches || !converges {
            checks.push("`then`");
        }
        let scenario = &self.document.scenario;
        let judge = move |end: &End| {
            let check = if any_status { check_results } else { check };
            match check(scenario, &end.played, stack)?.first() {
                None => Ok(()),
                Some(found) => Err(format!("{}: not what `then` expects", found.what)),
            }
        };
        let judge: Option<Box<crate::prove::Judge<'a>>> = (watches || !converges).then(|| Box::new(judge) as _);
        self.fails_as_it_stands(stack)?;
        Ok((Question { converges, judge, watches, written: self.written()? }, checks))
    }

    /// What differs from `then` where it is played as `test` plays it, and why no order that was tried is that one.
    pub(super) fn fails_as_it_stands(&self, stack: &Arc<RunnableStack>) -> anyhow::Result<Option<String>> {
        let scenario = &self.document.scenario;
        let played = play(scenario, stack, &self.directory).map_err(|error| self.refused(error.to_string()))?;
        let found = check(scenario, &played, stack).map_err(|message| self.refused(message))?;
        Ok(found.first().map(|found| {
            let faults = scenario.schedule.iter().flatten().filter(|turn| turn.is_fault()).count();
            let why = match faults {
                0 => "no order that was tried fails".to_owned(),
                _ => {
                    format!("it has {faults} faults in its `schedule`; choose them with --faults and --faults-at-once")
                }
            };
            format!("as it stands, the scenario fails when `bucketbook test` plays it ({}); {why}", found.what)
        }))
    }

    /// What of it is kept in the schedules that break it.
    fn written(&self) -> anyhow::Result<Written> {
        let source = &self.document.source;
        let root = source::parse(source).map_err(|fault| Failure::spec((source.clone(), fault)))?;
        let value = |name| {
            let node = root.as_ref().and_then(|root| root.get(name));
            node.map(source::from_node).transpose().map_err(|fault| Failure::spec((source.clone(), fault)))
        };
        Ok(Written { given: value("given")?, then: value("then")?, ..Written::default() })
    }

    fn refused(&self, message: String) -> Failure {
        Failure::new(Diagnostic::error(format!("{}: {message}", self.path)))
    }
}
