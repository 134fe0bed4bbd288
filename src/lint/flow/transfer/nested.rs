//! Parallel and Map: the states within a state.

use std::rc::Rc;

use super::run::Run;
use crate::asl::program::{Map, Mode, Parallel, ResultWriter};
use crate::lint::flow::context;
use crate::lint::flow::engine::Engine;
use crate::lint::flow::intrinsic::{self, Expectation};
use crate::lint::flow::scope::Env;
use crate::lint::flow::shape::{Field, Kinds, Object, Shape};

impl Run<'_> {
    pub(super) fn parallel(&self, parallel: &Parallel, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        let input = self.arguments(effective, engine);
        let start = Env { input, context: Rc::clone(self.around), ..self.env.clone() };
        let mut results = Vec::new();
        for branch in &parallel.branches {
            let outputs = engine.machine(&engine.program[*branch], vec![start.clone()]);
            results.push(joined(outputs));
        }
        Shape::tuple(results)
    }

    pub(super) fn map(&self, map: &Map, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        let items = self.items(map, effective, engine);
        for (of, field) in [
            (&map.max_concurrency, "MaxConcurrencyPath"),
            (&map.tolerated_failure_count, "ToleratedFailureCountPath"),
            (&map.tolerated_failure_percentage, "ToleratedFailurePercentagePath"),
        ] {
            self.number(of.as_ref(), field, effective, &mut engine.log);
        }
        let mut start = self.env.with_input(items.clone());
        start.context = Rc::new(context::with_item(self.around, items.clone()));
        if let Some(of) = &map.item_selector {
            let here = Env { context: Rc::new(context::with_item(&self.env.context, items)), ..start.clone() };
            start.input = self.evaluate(of, "ItemSelector", effective, None, &here, &mut engine.log);
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
    pub(super) fn items(&self, map: &Map, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
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
