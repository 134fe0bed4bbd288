use crate::aws::quota;
use std::rc::Rc;

use super::arguments;
use super::choice::{self, Place};
use super::context;
use super::engine::{Engine, Exit};
use super::intrinsic::{self, Expectation};
use super::jsonata::States;
use super::log::{Log, Problem};
use super::question;
use super::scope::{Env, Scope};
use super::shape::{Field, Fields, Kinds, Object, Shape, Text};
use super::template::{query, template};
use super::writing;
use crate::asl::program::{
    CaughtData, Choice, ChoiceCondition, ChoiceRule, Dynamic, Map, Mode, Parallel, PathOrNull, ResultWriter, State,
    StateId, StateKind, Template, Transition, Wait,
};
use crate::asl::{JsonPath, Timestamp};
use crate::aws::integration::Call;
use crate::source::Pointer;

/// Enters a state on one way; gives every way out of it.
pub(super) fn state(engine: &mut Engine<'_>, id: StateId, env: &Env) -> Vec<Exit> {
    let program = engine.program;
    let state = &program[id];
    let run = Run { state, env };
    let states = state.is_jsonata().then(|| run.states(None));
    engine.log.enter(&state.pointer, &env.input, env, states);
    if run.has_unread_data() {
        run.enter_catcher("Catch", &mut engine.log);
        return run.unknown();
    }
    let effective = run.effective(&mut engine.log);
    match &state.kind {
        StateKind::Choice(choice) => run.choice(choice, &effective, engine),
        StateKind::Succeed => vec![Exit::End(run.output(&effective, engine))],
        StateKind::Unknown => run.unknown(),
        StateKind::Fail(fail) => {
            run.dynamic(fail.error.as_ref(), "ErrorPath", &effective, &mut engine.log);
            run.dynamic(fail.cause.as_ref(), "CausePath", &effective, &mut engine.log);
            Vec::new()
        }
        StateKind::Wait(wait) => {
            run.wait(wait, &effective, &mut engine.log);
            run.leave(&effective, None, engine)
        }
        StateKind::Pass(pass) => {
            let result = pass.result.as_ref().map(Shape::of).unwrap_or_else(|| run.arguments(&effective, engine));
            run.leave(&effective, Some(result), engine)
        }
        StateKind::Task(task) => {
            run.number(task.timeout_seconds.as_ref(), "TimeoutSecondsPath", &effective, &mut engine.log);
            run.number(task.heartbeat_seconds.as_ref(), "HeartbeatSecondsPath", &effective, &mut engine.log);
            let arguments = run.arguments(&effective, engine);
            if let Some(call) = engine.world.call(program, id) {
                run.judge(&call, &arguments, &mut engine.log);
            }
            let answer = engine.world.answer(program, id, &arguments);
            run.leave(&effective, Some(answer), engine)
        }
        StateKind::Parallel(parallel) => {
            let result = run.parallel(parallel, &effective, engine);
            run.leave(&effective, Some(result), engine)
        }
        StateKind::Map(map) => {
            let result = run.map(map, &effective, engine);
            run.leave(&effective, Some(result), engine)
        }
    }
}

/// Which numbers a field takes that is given by a path.
struct Bounds {
    words: &'static str,
    least: f64,
    most: f64,
    whole: bool,
    /// Whether a text of a number will do.
    text: bool,
}

impl Bounds {
    fn of(field: &str) -> Self {
        let seconds = Self {
            words: "a whole number from 0",
            least: 0.0,
            most: f64::from(quota::NUMBER),
            whole: true,
            text: false,
        };
        match field {
            "SecondsPath" => seconds,
            "TimeoutSecondsPath" | "HeartbeatSecondsPath" => {
                Self { words: "a whole number from 1", least: 1.0, ..seconds }
            }
            "ToleratedFailurePercentagePath" => {
                Self { words: "a number from 0 to 100", most: 100.0, whole: false, text: true, ..seconds }
            }
            _ => Self { most: f64::MAX, text: true, ..seconds },
        }
    }

    fn take(&self, kinds: &Kinds) -> bool {
        let fits = |text: &str| {
            let number: f64 = text.trim().parse().unwrap_or(f64::NAN);
            (self.least..=self.most).contains(&number) && (!self.whole || number.fract() == 0.0)
        };
        let of_text = self.text
            && kinds.text.as_ref().is_some_and(|text| match text {
                Text::OneOf(texts) => texts.iter().any(|text| fits(text)),
                Text::NoneOf(_) => true,
            });
        of_text || kinds.number && kinds.literal.as_deref().is_none_or(fits)
    }
}

/// The field that is given by a path or an expression, and what it is given.
fn given<'a, T>(of: &'a Dynamic<T>, field: &'static str) -> Option<(&'static str, &'a str)> {
    match of {
        Dynamic::Path(path) => Some((field, path.source())),
        Dynamic::Expression(expression) => Some((field.strip_suffix("Path")?, expression.source())),
        _ => None,
    }
}

/// Whether a value may be a text that says a time.
fn may_be_timestamp(kinds: &Kinds) -> bool {
    kinds.text.as_ref().is_some_and(|text| match text {
        Text::OneOf(texts) => texts.iter().any(|text| Timestamp::parse(text).is_some()),
        Text::NoneOf(_) => true,
    })
}

/// What a catcher is given.
fn error() -> Shape {
    Shape::record([("Error", Shape::text()), ("Cause", Shape::text())])
}

/// A state, entered on one way.
struct Run<'a> {
    state: &'a State,
    env: &'a Env,
}

impl<'a> Run<'a> {
    fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.state.pointer)
    }

    /// The input after `InputPath`.
    fn effective(&self, log: &mut Log) -> Shape {
        match self.state.data.input_path() {
            PathOrNull::Absent => self.env.input.clone(),
            PathOrNull::Null => Shape::record::<String>([]),
            PathOrNull::Path(path) => self.scope(&self.env.input).read(path, &self.at("InputPath"), log),
        }
    }

    fn scope<'b>(&'b self, data: &'b Shape) -> Scope<'b> {
        Scope { data, env: self.env }
    }

    /// `$states`, in a state of the JSONata language.
    fn states(&self, more: Option<(&str, Shape)>) -> Shape {
        let known = [("input", self.env.input.clone()), ("context", (*self.env.context).clone())];
        Shape::record(known.into_iter().chain(more))
    }

    /// What a template gives, whose `$` is `data`, and whose `$states` has this beside the input.
    fn evaluate(
        &self,
        of: &Template,
        field: &str,
        data: &Shape,
        more: Option<(&str, Shape)>,
        env: &Env,
        log: &mut Log,
    ) -> Shape {
        let pointer = self.at(field);
        match of {
            Template::JsonPath(of) => {
                log.enter(&pointer, data, env, None);
                template(of, Scope { data, env }, &pointer, log)
            }
            Template::Jsonata(of) => {
                let states = self.states(more);
                log.enter(&pointer, data, env, Some(states.clone()));
                States { states: &states, env }.template(of, &pointer, log)
            }
        }
    }

    /// What the state works on: `Parameters` or `Arguments`.
    fn arguments(&self, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        let (field, of) = self.state.data.arguments();
        let Some(of) = of else { return effective.clone() };
        // A task that waits for its token finds it in the context object.
        let env = if matches!(self.state.kind, StateKind::Task(_)) { &self.with_token() } else { self.env };
        self.evaluate(of, field, effective, None, env, &mut engine.log)
    }

    /// Holds what a call is given against what it takes.
    fn judge(&self, call: &Call, given: &Shape, log: &mut Log) {
        let (field, of) = self.state.data.arguments();
        match of {
            Some(of) => arguments::judge(call, of, given, &self.at(field), log),
            None => arguments::missing(call, given, &self.at("Resource"), log),
        }
    }

    fn with_token(&self) -> Env {
        let Shape::Known(Kinds { object: Some(object), .. }) = &*self.env.context else { return self.env.clone() };
        let token = Object {
            fields: Fields::from_iter([(Rc::from("Token"), Field::perhaps(Shape::text()))]),
            open: true,
            grows: false,
        };
        Env { context: Rc::new(Shape::object(object.with("Task", Shape::object(token)))), ..self.env.clone() }
    }

    /// A field that is given by a path.
    fn dynamic<T>(&self, of: Option<&Dynamic<T>>, field: &str, effective: &Shape, log: &mut Log) -> Shape {
        match of {
            Some(Dynamic::Path(of)) => {
                log.enter(&self.at(field), effective, self.env, None);
                query(of, self.scope(effective), &self.at(field), log)
            }
            Some(Dynamic::Expression(expression)) => {
                let field = field.strip_suffix("Path").unwrap_or(field);
                let states = self.states(None);
                States { states: &states, env: self.env }.expression(expression, &self.at(field), log)
            }
            _ => Shape::unknown(),
        }
    }

    /// A field of a number that is given by a path.
    fn number(&self, of: Option<&Dynamic<f64>>, field: &'static str, effective: &Shape, log: &mut Log) {
        let Some((field_of, given)) = of.and_then(|of| given(of, field)) else { return };
        let shape = self.dynamic(of, field, effective, log);
        let bounds = Bounds::of(field);
        let expectation = Expectation { taker: field_of, given, expected: bounds.words };
        intrinsic::expect(&shape, |kinds| bounds.take(kinds), expectation, &self.at(field_of), log);
    }

    fn wait(&self, wait: &Wait, effective: &Shape, log: &mut Log) {
        let found = match wait {
            Wait::Seconds(of) => {
                given(of, "SecondsPath").map(|found| (found, self.dynamic(Some(of), "SecondsPath", effective, log)))
            }
            Wait::Timestamp(of) => {
                given(of, "TimestampPath").map(|found| (found, self.dynamic(Some(of), "TimestampPath", effective, log)))
            }
        };
        let Some(((field, given), shape)) = found else { return };
        let (expected, takes): (_, fn(&Kinds) -> bool) = match wait {
            Wait::Seconds(_) => (Bounds::of("SecondsPath").words, |kinds| Bounds::of("SecondsPath").take(kinds)),
            Wait::Timestamp(_) => ("a timestamp", may_be_timestamp),
        };
        let expectation = Expectation { taker: field, given, expected };
        intrinsic::expect(&shape, takes, expectation, &self.at(field), log);
    }

    /// Whether a field that decides where data goes could not be read. Others are unknown by themselves.
    fn has_unread_data(&self) -> bool {
        const DECIDE: [&str; 9] = [
            "InputPath",
            "OutputPath",
            "ResultPath",
            "ItemsPath",
            "Items",
            "ItemReader",
            "ItemBatcher",
            "ResultWriter",
            "Catch",
        ];
        let field =
            |pointer: &Pointer| pointer.strip_prefix(self.state.pointer.as_str())?.split('/').nth(1).map(str::to_owned);
        self.state.unread.iter().filter_map(field).any(|field| DECIDE.contains(&field.as_str()))
    }

    /// The ways out of a state of which too little is known to say what it does with its data.
    fn unknown(&self) -> Vec<Exit> {
        let log = &mut Log::default();
        let env = Env {
            input: Shape::unknown(),
            variables: self.assigned(self.state.assign.as_ref(), "Assign", &Shape::unknown(), None, log),
            decided: Rc::default(),
            context: Rc::clone(&self.env.context),
        };
        let ends = !matches!(self.state.kind, StateKind::Choice(_) | StateKind::Fail(_));
        let end =
            (ends && !matches!(self.state.transition, Some(Transition::Next(_)))).then(|| Exit::End(Shape::unknown()));
        self.state.successors().into_iter().map(|next| Exit::To(next, env.clone())).chain(end).collect()
    }

    fn choice(&self, choice: &Choice, effective: &Shape, engine: &mut Engine<'_>) -> Vec<Exit> {
        let mut exits = Vec::new();
        let mut open = vec![self.env.clone()];
        for (at, rule) in choice.choices.iter().enumerate() {
            let mut next = Vec::new();
            for env in &open {
                let branches = self.ask(rule, at, env, effective, &mut engine.log);
                for env in branches.holds {
                    exits.push(self.branch(rule, at, &env, effective, engine));
                }
                next.extend(branches.fails);
            }
            open = next;
        }
        if let Some(default) = choice.default {
            for env in open {
                let run = Run { env: &env, ..*self };
                let variables = run.assigned(self.state.assign.as_ref(), "Assign", effective, None, &mut engine.log);
                let output = run.output(&run.effective(&mut Log::default()), engine);
                exits.push(Exit::To(default, Env { input: output, variables, ..env.clone() }));
            }
        }
        exits
    }

    fn ask(&self, rule: &ChoiceRule, at: usize, env: &Env, effective: &Shape, log: &mut Log) -> choice::Branches {
        let pointer = self.at(&format!("Choices/{at}"));
        match &rule.condition {
            ChoiceCondition::JsonPath(condition) => {
                log.enter(&pointer, effective, env, None);
                let is_input = matches!(self.state.data.input_path(), PathOrNull::Absent);
                let place = Place { pointer: &pointer, data: (!is_input).then_some(effective) };
                choice::ask(condition.node(), env, place, log)
            }
            ChoiceCondition::Jsonata(Dynamic::Expression(expression)) => {
                let states = Run { env, ..*self }.states(None);
                let pointer = format!("{pointer}/Condition");
                let gives = States { states: &states, env }.expression(expression, &pointer, log);
                let problem = gives.is_no_boolean().then(|| Problem::Kind {
                    given: expression.source().to_owned(),
                    taker: "Condition".to_owned(),
                    expected: "true or false",
                    found: gives.describe(),
                });
                log.note(&pointer, "a boolean", problem);
                question::ask(expression.tree(), env)
            }
            ChoiceCondition::Jsonata(_) => choice::Branches { holds: vec![env.clone()], fails: vec![env.clone()] },
        }
    }

    fn branch(&self, rule: &ChoiceRule, at: usize, env: &Env, effective: &Shape, engine: &mut Engine<'_>) -> Exit {
        let run = Run { env, ..*self };
        let field = format!("Choices/{at}/Assign");
        let variables = run.assigned(rule.assign.as_ref(), &field, effective, None, &mut engine.log);
        let input = match &rule.output {
            Some(of) => run.evaluate(of, &format!("Choices/{at}/Output"), effective, None, env, &mut engine.log),
            None => run.output(&run.effective(&mut Log::default()), engine),
        };
        engine.log.leave(&self.state.pointer, &input);
        Exit::To(rule.next, Env { input, variables, ..env.clone() })
    }

    /// The output of a state without a result of its own.
    fn output(&self, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        if let Some(of) = self.state.data.output() {
            return self.evaluate(of, "Output", effective, None, self.env, &mut engine.log);
        }
        self.through_output_path(effective, &mut engine.log)
    }

    fn through_output_path(&self, shape: &Shape, log: &mut Log) -> Shape {
        match self.state.data.output_path() {
            PathOrNull::Absent => shape.clone(),
            PathOrNull::Null => Shape::record::<String>([]),
            PathOrNull::Path(path) => {
                log.enter(&self.at("OutputPath"), shape, self.env, None);
                self.scope(shape).read(path, &self.at("OutputPath"), log)
            }
        }
    }

    /// Leaves the state, with what it made if it makes anything, and on every way that its catchers offer.
    fn leave(&self, effective: &Shape, result: Option<Shape>, engine: &mut Engine<'_>) -> Vec<Exit> {
        let mut exits = self.caught(engine);
        let log = &mut engine.log;
        let selected = match (self.state.data.result_selector(), &result) {
            (Some(of), Some(result)) => Some(self.evaluate(of, "ResultSelector", result, None, self.env, log)),
            _ => result.clone(),
        };
        let more = result.clone().map(|result| ("result", result));
        let data = match (self.state.data.result_selector(), &result) {
            (None, Some(result)) => result.clone(),
            (Some(_), _) => Shape::unknown(),
            (None, None) => effective.clone(),
        };
        if log.records() && self.state.is_jsonata() {
            let states = self.states(more.clone());
            ["Assign", "Output"]
                .iter()
                .for_each(|field| log.enter(&self.at(field), &data, self.env, Some(states.clone())));
        }
        let variables = self.assigned(self.state.assign.as_ref(), "Assign", &data, more.clone(), log);
        let output = match (self.state.data.output(), selected) {
            (Some(of), _) => self.evaluate(of, "Output", &data, more, self.env, log),
            (None, Some(selected)) if !self.state.is_jsonata() => {
                let placed = self.placed(self.state.data.result_path(), selected, "ResultPath", log);
                self.through_output_path(&placed, log)
            }
            // A Pass without a result hands on its input.
            (None, Some(selected)) => match self.state.kind {
                StateKind::Pass(_) => self.env.input.clone(),
                _ => selected,
            },
            (None, None) => self.through_output_path(effective, log),
        };
        engine.log.leave(&self.state.pointer, &output);
        match self.state.transition {
            Some(Transition::Next(next)) => exits.push(Exit::To(next, self.next_env(output, variables))),
            _ => exits.push(Exit::End(output)),
        }
        exits
    }

    /// What is known behind the state. Decisions about what it changed are forgotten.
    fn next_env(&self, output: Shape, variables: Rc<super::scope::Variables>) -> Env {
        let written = match self.state.data.result_path() {
            PathOrNull::Path(path) if self.state.data.output().is_none() && !path.is_root() => Some(path.source()),
            _ => None,
        };
        let unchanged = output == self.env.input && Rc::ptr_eq(&variables, &self.env.variables);
        let is_kept = |path: &str| match written {
            _ if unchanged && !matches!(self.state.kind, StateKind::Task(_)) => true,
            Some(written) => !path.starts_with(written) && !written.starts_with(path) && path.starts_with("$."),
            None => false,
        };
        let decided = self.env.decided.iter().filter(|decision| is_kept(&decision.path)).cloned().collect();
        Env { input: output, variables, context: Rc::clone(&self.env.context), decided: Rc::new(decided) }
    }

    /// The state's input with a result in its place.
    fn placed(&self, place: &PathOrNull, result: Shape, field: &str, log: &mut Log) -> Shape {
        match place {
            PathOrNull::Absent => result,
            PathOrNull::Null => self.env.input.clone(),
            PathOrNull::Path(path) => self.written(path, result, &self.at(field), log),
        }
    }

    fn written(&self, path: &JsonPath, result: Shape, pointer: &str, log: &mut Log) -> Shape {
        let written = writing::write(&self.env.input, path, result);
        let problem = written
            .is_none()
            .then(|| Problem::Unwritable { path: path.source().to_owned(), into: self.env.input.describe() });
        log.note(pointer, path.source(), problem);
        written.unwrap_or_else(Shape::unknown)
    }

    /// The variables behind the state.
    fn assigned(
        &self,
        of: Option<&Template>,
        field: &str,
        data: &Shape,
        more: Option<(&str, Shape)>,
        log: &mut Log,
    ) -> Rc<super::scope::Variables> {
        let Some(of) = of else { return Rc::clone(&self.env.variables) };
        let Shape::Known(Kinds { object: Some(object), .. }) = self.evaluate(of, field, data, more, self.env, log)
        else {
            return Rc::clone(&self.env.variables);
        };
        let mut variables = (*self.env.variables).clone();
        for (name, field) in &object.fields {
            variables.insert(name.to_string(), Some(field.shape.clone()));
        }
        Rc::new(variables)
    }

    /// The ways out through catchers.
    fn caught(&self, engine: &mut Engine<'_>) -> Vec<Exit> {
        let error = error();
        let mut exits = Vec::new();
        for (at, catcher) in self.state.catch.iter().enumerate() {
            let log = &mut engine.log;
            let more = Some(("errorOutput", error.clone()));
            let field = format!("Catch/{at}/Assign");
            self.enter_catcher(&format!("Catch/{at}"), log);
            let variables = self.assigned(catcher.assign.as_ref(), &field, &error, more.clone(), log);
            let input = match &catcher.data {
                CaughtData::Jsonata(Some(of)) => {
                    self.evaluate(of, &format!("Catch/{at}/Output"), &error, more, self.env, log)
                }
                CaughtData::Jsonata(None) => error.clone(),
                CaughtData::JsonPath(path) => self.placed(path, error.clone(), &format!("Catch/{at}/ResultPath"), log),
            };
            exits.push(Exit::To(catcher.next, Env { input, variables, ..self.env.clone() }));
        }
        exits
    }

    /// What a catcher's fields can read is known, even where they cannot be read themselves yet.
    fn enter_catcher(&self, field: &str, log: &mut Log) {
        if log.records() {
            let error = error();
            let states = self.state.is_jsonata().then(|| self.states(Some(("errorOutput", error.clone()))));
            log.enter(&self.at(field), &error, self.env, states);
        }
    }

    fn parallel(&self, parallel: &Parallel, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        let start = self.env.with_input(self.arguments(effective, engine));
        let mut results = Vec::new();
        for branch in &parallel.branches {
            let outputs = engine.machine(&engine.program[*branch], vec![start.clone()]);
            results.push(joined(outputs));
        }
        Shape::tuple(results)
    }

    fn map(&self, map: &Map, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        let items = self.items(map, effective, engine);
        for (of, field) in [
            (&map.max_concurrency, "MaxConcurrencyPath"),
            (&map.tolerated_failure_count, "ToleratedFailureCountPath"),
            (&map.tolerated_failure_percentage, "ToleratedFailurePercentagePath"),
        ] {
            self.number(of.as_ref(), field, effective, &mut engine.log);
        }
        let mut start = self.env.with_input(items.clone());
        start.context = Rc::new(context::with_item(&self.env.context, items));
        if let Some(of) = &map.item_selector {
            start.input = self.evaluate(of, "ItemSelector", effective, None, &start, &mut engine.log);
        }
        if let Some(batcher) = &map.item_batcher {
            start.input = batch(start.input, batcher.batch_input.is_some());
        }
        if matches!(map.mode, Mode::Distributed(_)) {
            // An execution of its own: it has no variables of its parent's, and a context object of its own.
            start.variables = Rc::default();
            start.context = Rc::new(Shape::unknown());
        }
        start.decided = Rc::default();
        let outputs = engine.machine(&engine.program[map.item_processor], vec![start]);
        if let Some(writer) = &map.result_writer {
            return written_results(writer);
        }
        let tolerant = map.tolerated_failure_count.is_some() || map.tolerated_failure_percentage.is_some();
        Shape::array(if tolerant { Shape::unknown() } else { joined(outputs) })
    }

    /// What each item of a Map is.
    fn items(&self, map: &Map, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        if map.item_reader.is_some() {
            return Shape::unknown();
        }
        let (shape, given, field) = match (&map.items_path, &map.items) {
            (Some(path), _) => {
                engine.log.enter(&self.at("ItemsPath"), effective, self.env, None);
                let shape = self.scope(effective).read(path, &self.at("ItemsPath"), &mut engine.log);
                (shape, path.source().to_owned(), "ItemsPath")
            }
            (None, Some(of)) => {
                let shape = self.evaluate(of, "Items", effective, None, self.env, &mut engine.log);
                (shape, "Items".to_owned(), "Items")
            }
            (None, None) => (effective.clone(), "$".to_owned(), "ItemsPath"),
        };
        // An object's fields are items too, where the Map is a distributed one.
        let objects = matches!(map.mode, Mode::Distributed(_));
        let takes = |kinds: &Kinds| kinds.array.is_some() || (objects && kinds.object.is_some());
        let expectation = Expectation { taker: field, given: &given, expected: "an array" };
        let pointer = match map.items_path.is_some() || map.items.is_some() {
            true => self.at(field),
            false => self.state.pointer.to_string(),
        };
        intrinsic::expect(&shape, takes, expectation, &pointer, &mut engine.log);
        match shape {
            Shape::Known(Kinds { array: Some(array), object: None, .. }) => array.element.clone(),
            _ => Shape::unknown(),
        }
    }
}

/// What an execution of a batch is started with: the [items, and what they have in
/// common](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html).
fn batch(item: Shape, with_input: bool) -> Shape {
    let mut batch = Object::default();
    batch.fields.insert("Items".into(), Field::always(Shape::array(item)));
    if with_input {
        batch.fields.insert("BatchInput".into(), Field::always(Shape::unknown()));
    }
    Shape::object(batch)
}

/// What a Map gives whose results are [written to a bucket](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html).
fn written_results(writer: &ResultWriter) -> Shape {
    if writer.resource.is_none() {
        return Shape::unknown();
    }
    let details = Shape::record([("Bucket", Shape::text()), ("Key", Shape::text())]);
    Shape::record([("MapRunArn", Shape::text()), ("ResultWriterDetails", details)])
}

/// What any of these is.
fn joined(shapes: Vec<Shape>) -> Shape {
    shapes.into_iter().reduce(|left, right| left.join(&right)).unwrap_or_else(Shape::unknown)
}
