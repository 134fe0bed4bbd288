//! What happens, one after the other.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, shown};
use crate::simulate::api::ApiRequest;
use crate::simulate::simulation::{Delivery, Simulation, SimulationError};
use crate::simulate::stack::Miss;
use crate::simulate::{Asked, bucket_listing};
use crate::source::{Fault, Source};

use super::super::failure::Failure;
use super::super::outcome::Outcome;
use super::super::template_of::template_of;
use super::super::{json, output};
use super::args::{Args, Format};
use super::events::{self, Lines};
use super::happenings::Happening;
use super::put::Put;
use super::report::{Happened, Reporter};
use crate::diagnostic::counted;

/// The largest listing that is read: a million objects have about so much.
const MAX_LISTING: usize = 1 << 30;

/// The largest body that API Gateway accepts ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const MAX_BODY: usize = 10 << 20;

/// What passes between two things that happen.
const BETWEEN: Duration = Duration::from_secs(1);

struct Runner<'a> {
    args: &'a Args,
    simulation: Simulation,
    reporter: Reporter,
    bucket: Option<(String, bool)>,
    happened: u64,
    malformed: u64,
}

/// Runs everything, and says how it went.
pub(super) fn run(args: &Args, simulation: Simulation, start: Option<(usize, Value)>) -> anyhow::Result<Outcome> {
    let bucket = bucket(args, &simulation)?;
    let reporter = Reporter::new(args.format, args.trace, &simulation.services.dynamodb)?;
    let mut runner = Runner { args, simulation, reporter, bucket, happened: 0, malformed: 0 };
    let went = runner.all(start);
    runner.reporter.end();
    runner.reporter.close(&runner.simulation.services.dynamodb)?;
    went?;
    if runner.malformed > 0 {
        let message = format!("{} could not be read as events", counted(runner.malformed as usize, "line"));
        return Err(Failure::new(Diagnostic::error(message)).into());
    }
    let nothing = runner.reporter.started_nothing() && !args.allow_none;
    Ok(if runner.reporter.failed() || nothing { Outcome::Findings } else { Outcome::Fine })
}

/// How many more values an error names.
const MOST_NAMED: usize = 6;

/// The failure of a run that needs a value that nobody gave. `template` is the one that gives the definition its values, if there is one.
pub(in crate::cli) fn unknown(machine: &str, asked: &Asked, template: Option<&Path>) -> anyhow::Error {
    let flag = |(name, parameter): (&str, bool)| {
        format!("--{} {name}=VALUE", if parameter { "parameter" } else { "substitute" })
    };
    let mut help = format!("set it with {}", flag((&asked.name, asked.parameter)));
    let more: Vec<_> = asked.also.iter().map(|(name, parameter)| flag((name, *parameter))).collect();
    if !more.is_empty() {
        help.push_str(&format!("; other states need {}", more[..more.len().min(MOST_NAMED)].join(" ")));
        if more.len() > MOST_NAMED {
            help.push_str(&format!(" and {} more", more.len() - MOST_NAMED));
        }
    }
    if let Some(template) = template {
        help.push_str(&format!(
            "; or simulate the template that gives them: {}",
            shown(&template.display().to_string())
        ));
    }
    Failure::new(Diagnostic::error(format!("{machine}: {asked}")).help(help)).into()
}

/// What a user can do where no bucket is meant without doubt.
fn other_ways(simulation: &Simulation) -> String {
    let stack = simulation.stack();
    let mut ways = Vec::new();
    if stack.has_buckets() {
        ways.push("choose a bucket with --bucket".to_owned());
    }
    if let Some(pipe) = stack.pipes().first() {
        ways.push(format!("give records to the pipe with --records, for example --pipe {}", pipe.logical_id));
    }
    if !stack.schedules().is_empty() {
        ways.push("run a schedule with --schedule".to_owned());
    }
    ways.push("start a state machine with --input JSON".to_owned());
    ways.join("; or ")
}

/// The bucket that things happen in, where any do, and whether EventBridge hears of it.
fn bucket(args: &Args, simulation: &Simulation) -> Result<Option<(String, bool)>, Failure> {
    let in_bucket =
        |happening: &Happening| matches!(happening, Happening::Put(_) | Happening::Delete(_) | Happening::Listing(_));
    if args.bucket_alias.is_none() && !args.happenings.0.iter().any(in_bucket) {
        return Ok(None);
    }
    let found = simulation
        .stack()
        .bucket(args.bucket.as_deref())
        .map_err(|message| Failure::new(Diagnostic::error(message).help(other_ways(simulation))))?;
    Ok(Some((found.name.clone(), found.sends_to_event_bridge)))
}

impl Runner<'_> {
    fn all(&mut self, start: Option<(usize, Value)>) -> anyhow::Result<()> {
        if let Some((machine, input)) = start {
            self.between();
            self.simulation.start(machine, input);
            self.settle(false)?;
        }
        for happening in &self.args.happenings.0 {
            match happening {
                Happening::Put(put) => self.put(put)?,
                Happening::Delete(key) => self.delete(key)?,
                Happening::Event(path) => self.event_file(path)?,
                Happening::Events(path) => self.stream(path)?,
                Happening::Listing(path) => self.listing(path)?,
                Happening::Records(text) => self.records(text)?,
                Happening::Schedule(name) => self.schedule(name)?,
                Happening::Api(text) => self.request(text)?,
            }
        }
        Ok(())
    }

    /// Lets time pass, but before the first thing that happens.
    fn between(&mut self) {
        if self.happened > 0 {
            self.simulation.pass(BETWEEN);
        }
        self.happened += 1;
    }

    fn put(&mut self, put: &Put) -> anyhow::Result<()> {
        self.between();
        let (bucket, _) = self.bucket.clone().unwrap_or_default();
        let Put { key, mut object } = put.clone();
        let key = key.unwrap_or_else(|| {
            let stack = self.simulation.stack();
            let (key, size) = stack.bucket(Some(&bucket)).map(|bucket| stack.usual_upload(bucket)).unwrap_or_default();
            object.size = object.size.or(size);
            key
        });
        let event = self.simulation.upload(&bucket, &key, &object);
        self.changed(&format!("put {key}"), event, false)
    }

    fn delete(&mut self, key: &str) -> anyhow::Result<()> {
        self.between();
        let (bucket, _) = self.bucket.clone().unwrap_or_default();
        match self.simulation.delete(&bucket, key) {
            Some(event) => self.changed(&format!("delete {key}"), event, false),
            None => self.reporter.note(&format!("delete {key}: the object does not exist, so S3 sends no event")),
        }
    }

    /// Delivers the event of a change in the bucket, if EventBridge hears of it.
    fn changed(&mut self, label: &str, event: Value, streamed: bool) -> anyhow::Result<()> {
        match &self.bucket {
            Some((bucket, false)) => {
                let reason = format!("the bucket `{bucket}` does not send its events to EventBridge");
                let happened = Happened { label, event: &event, streamed };
                self.reporter.delivered(&happened, &Default::default(), &[reason])
            }
            _ => self.deliver(label, event, streamed),
        }
    }

    fn deliver(&mut self, label: &str, event: Value, streamed: bool) -> anyhow::Result<()> {
        let event = &Arc::new(event);
        let shown = self.reporter.shows_all(streamed);
        let told = shown && self.args.format == Format::Human;
        (self.simulation.options.inspections, self.simulation.options.calls) = (told, told);
        let delivery = self.simulation.deliver_shared(event)?;
        let mut reasons = Vec::new();
        if delivery.rules.is_empty() && shown {
            let misses = self.simulation.misses(event);
            reasons.extend(misses.iter().map(ToString::to_string));
            reasons.extend(self.hint(&misses));
            if reasons.is_empty() {
                reasons.push("the stack has no rule with a pattern".to_owned());
            }
        }
        self.reporter.delivered(&Happened { label, event, streamed }, &delivery, &reasons)?;
        self.settle(streamed && !shown)
    }

    /// What to do about an event of a bucket that the stack does not know.
    fn hint(&self, misses: &[Miss]) -> Option<String> {
        let of_bucket = |miss: &Miss| {
            let field = miss.field.as_ref().filter(|field| field.path == "detail.bucket.name")?;
            Some(format!(
                "--bucket-alias {} treats its events as events of the stack's bucket",
                field.found.as_ref()?.as_str()?
            ))
        };
        misses.iter().find_map(of_bucket).filter(|_| self.args.bucket_alias.is_none())
    }

    /// Runs what was started, to its end.
    fn settle(&mut self, brief: bool) -> anyhow::Result<()> {
        let (reporter, mut said) = (&mut self.reporter, Ok(()));
        let definition = &self.args.stack;
        self.simulation.settle(&mut |finished| {
            if said.is_ok() {
                said = reporter.finished(&finished, !brief);
            }
            if let (true, Some(asked)) = (said.is_ok(), finished.outcome.asked()) {
                let template = definition.as_deref().and_then(template_of);
                said = Err(unknown(&finished.machine, asked, template.as_deref()));
            }
        })?;
        said?;
        self.simulation.take_notes().iter().try_for_each(|note| self.reporter.note(note))
    }

    /// Records for the source of a pipe.
    fn records(&mut self, text: &str) -> anyhow::Result<()> {
        let refused = |message: String, help: &str| Failure::new(Diagnostic::error(message).help(help));
        let records = match json::argument("--records", text)? {
            Value::Array(records) => records,
            one => vec![one],
        };
        self.between();
        let pipe = self.simulation.stack().pipe(self.args.pipe.as_deref());
        let pipe = pipe.map_err(|message| refused(message, "--pipe names one"))?;
        let name = self.simulation.stack().pipes()[pipe].logical_id.clone();
        let delivery = self.simulation.feed(pipe, &records, None);
        let delivery =
            delivery.map_err(|message| refused(message, "a record is what the pipe reads, or a part of it"))?;
        let what = counted(records.len(), "record");
        self.began(&format!("{name}: {what}"), &delivery)
    }

    /// A schedule fires.
    fn schedule(&mut self, name: &str) -> anyhow::Result<()> {
        let found = self.simulation.stack().schedule(Some(name).filter(|name| !name.is_empty()));
        let schedule =
            found.map_err(|message| Failure::new(Diagnostic::error(message).help("--schedule NAME names one")))?;
        self.between();
        let name = self.simulation.stack().schedules()[schedule].written.clone();
        let delivery = self.simulation.fire(schedule);
        self.began(&format!("{name} fires"), &delivery)
    }

    /// A request to an API arrives.
    fn request(&mut self, text: &str) -> anyhow::Result<()> {
        let refused = |message: String| {
            let (message, help) =
                message.split_once('\n').unwrap_or((&message, "a route is a method and a path: `POST /orders`"));
            Failure::new(Diagnostic::error(format!("--api {}: {message}", shown(text))).help(help))
        };
        let mut request: ApiRequest = text.parse().map_err(refused)?;
        if let Some(path) = request.body.strip_prefix('@') {
            request.body = Source::read_up_to(Path::new(path), MAX_BODY).map_err(Failure::spec)?.text.to_string();
        }
        self.between();
        let delivery = self.simulation.request(&request).map_err(refused)?;
        self.began(&format!("{} {}", request.method, request.path), &delivery)
    }

    /// What began without an event on a bus.
    fn began(&mut self, label: &str, delivery: &Delivery) -> anyhow::Result<()> {
        self.reporter.began(label, delivery)?;
        self.simulation.take_notes().iter().try_for_each(|note| self.reporter.note(&format!("  {note}")))?;
        self.settle(false)
    }

    fn event_file(&mut self, path: &Path) -> anyhow::Result<()> {
        let events = events::file(path)?;
        let several = events.len() > 1;
        for (number, event) in (1..).zip(events) {
            self.between();
            let name = path.display();
            let label = if several { format!("{name}#{number}") } else { name.to_string() };
            self.deliver(&label, self.aliased(event), false)?;
        }
        Ok(())
    }

    /// An event of the bucket that counts as the stack's, as an event of that.
    fn aliased(&self, mut event: Value) -> Value {
        if let (Some(alias), Some((bucket, _))) = (&self.args.bucket_alias, &self.bucket)
            && let Some(name) = event.pointer_mut("/detail/bucket/name")
            && *name == alias.as_str()
        {
            *name = bucket.as_str().into();
        }
        event
    }

    fn stream(&mut self, path: &Path) -> anyhow::Result<()> {
        let (mut lines, length) = Lines::open(path)?;
        let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() };
        self.reporter.begin(length);
        while let Some(line) = lines.next().map_err(|error| events::unreadable(path, &error))? {
            self.reporter.read(line.read);
            let label = format!("{name}:{}", line.number);
            match line.event {
                Ok(event) => {
                    self.between();
                    if let Err(error) = self.deliver(&label, self.aliased(event), true) {
                        match error.downcast_ref::<SimulationError>() {
                            Some(SimulationError::Event(reason)) => self.malformed(&label, &reason.to_string())?,
                            _ => return Err(error),
                        }
                    }
                }
                Err(reason) => self.malformed(&label, &reason)?,
            }
        }
        self.reporter.end();
        Ok(())
    }

    fn malformed(&mut self, label: &str, reason: &str) -> anyhow::Result<()> {
        let diagnostic = Diagnostic::error(format!("{label}: {reason}"));
        if !self.args.keep_going {
            return Err(Failure::new(diagnostic.help("--keep-going continues with the next line")).into());
        }
        self.malformed += 1;
        output::complain(&diagnostic.render(crate::diagnostic::Format::Human, false));
        Ok(())
    }

    fn listing(&mut self, path: &Path) -> anyhow::Result<()> {
        let source = Source::read_up_to(path, MAX_LISTING).map_err(Failure::spec)?;
        let listed = bucket_listing::read(&source.text).map_err(|error| {
            Failure::new(Diagnostic::error(format!("`{}` is not a listing: {error}", path.display())))
        })?;
        let fault = |message: String| Failure::spec((source.clone(), Fault::new(message)));
        let (bucket, _) =
            self.bucket.clone().ok_or_else(|| fault("the stack has no bucket to put it into".to_owned()))?;
        for one in listed {
            self.between();
            let event = self.simulation.put_object(&bucket, &one.key, one.object(self.simulation.now()));
            self.changed(&format!("put {}", one.key), event, true)?;
        }
        Ok(())
    }
}
