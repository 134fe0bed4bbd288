//! A state that is entered, and what its fields give.

use std::rc::Rc;

use crate::asl::JsonPath;
use crate::asl::program::{Dynamic, PathOrNull, State, StateKind, Template};
use crate::aws::integration::Call;
use crate::lint::flow::arguments;
use crate::lint::flow::jsonata::States;
use crate::lint::flow::log::{Log, Problem};
use crate::lint::flow::scope::{Env, Scope, Variables};
use crate::lint::flow::shape::{Field, Fields, Kinds, Object, Shape};
use crate::lint::flow::template::{query, template};
use crate::lint::flow::{engine::Engine, writing};

/// A state, entered on one way.
pub(super) struct Run<'a> {
    pub(super) state: &'a State,
    pub(super) env: &'a Env,
    /// The context object without what only this state has.
    pub(super) around: &'a Rc<Shape>,
}

impl<'a> Run<'a> {
    pub(super) fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.state.pointer)
    }

    /// The input after `InputPath`.
    pub(super) fn effective(&self, log: &mut Log) -> Shape {
        match self.state.data.input_path() {
            PathOrNull::Absent => self.env.input.clone(),
            PathOrNull::Null => Shape::record::<String>([]),
            PathOrNull::Path(path) => self.scope(&self.env.input).read(path, &self.at("InputPath"), log),
        }
    }

    pub(super) fn scope<'b>(&'b self, data: &'b Shape) -> Scope<'b> {
        Scope { data, env: self.env }
    }

    /// `$states`, in a state of the JSONata language.
    pub(super) fn states(&self, more: Option<(&str, Shape)>) -> Shape {
        let known = [("input", self.env.input.clone()), ("context", (*self.env.context).clone())];
        Shape::record(known.into_iter().chain(more))
    }

    /// What a template gives, whose `$` is `data`, and whose `$states` has this beside the input.
    pub(super) fn evaluate(
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
    pub(super) fn arguments(&self, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        let (field, of) = self.state.data.arguments();
        let Some(of) = of else { return effective.clone() };
        // A task that waits for its token finds it in the context object.
        let env = if matches!(self.state.kind, StateKind::Task(_)) { &self.with_token() } else { self.env };
        self.evaluate(of, field, effective, None, env, &mut engine.log)
    }

    /// Holds what a call is given against what it takes.
    pub(super) fn judge(&self, call: &Call, given: &Shape, log: &mut Log) {
        let (field, of) = self.state.data.arguments();
        match of {
            Some(of) => arguments::judge(call, of, given, &self.at(field), log),
            None => arguments::missing(call, given, &self.at("Resource"), log),
        }
    }

    pub(super) fn with_token(&self) -> Env {
        let Shape::Known(Kinds { object: Some(object), .. }) = &*self.env.context else { return self.env.clone() };
        let token = Object {
            fields: Fields::from_iter([(Rc::from("Token"), Field::perhaps(Shape::text()))]),
            open: true,
            grows: false,
        };
        Env { context: Rc::new(Shape::object(object.with("Task", Shape::object(token)))), ..self.env.clone() }
    }

    /// A field that is given by a path.
    pub(super) fn dynamic<T>(&self, of: Option<&Dynamic<T>>, field: &str, effective: &Shape, log: &mut Log) -> Shape {
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

    /// The output of a state without a result of its own.
    pub(super) fn output(&self, effective: &Shape, engine: &mut Engine<'_>) -> Shape {
        if let Some(of) = self.state.data.output() {
            return self.evaluate(of, "Output", effective, None, self.env, &mut engine.log);
        }
        self.through_output_path(effective, &mut engine.log)
    }

    pub(super) fn through_output_path(&self, shape: &Shape, log: &mut Log) -> Shape {
        match self.state.data.output_path() {
            PathOrNull::Absent => shape.clone(),
            PathOrNull::Null => Shape::record::<String>([]),
            PathOrNull::Path(path) => {
                log.enter(&self.at("OutputPath"), shape, self.env, None);
                self.scope(shape).read(path, &self.at("OutputPath"), log)
            }
        }
    }

    /// The state's input with a result in its place.
    pub(super) fn placed(&self, place: &PathOrNull, result: Shape, field: &str, log: &mut Log) -> Shape {
        match place {
            PathOrNull::Absent => result,
            PathOrNull::Null => self.env.input.clone(),
            PathOrNull::Path(path) => self.written(path, result, &self.at(field), log),
        }
    }

    pub(super) fn written(&self, path: &JsonPath, result: Shape, pointer: &str, log: &mut Log) -> Shape {
        let written = writing::write(&self.env.input, path, result);
        let problem = written
            .is_none()
            .then(|| Problem::Unwritable { path: path.source().to_owned(), into: self.env.input.describe() });
        log.note(pointer, path.source(), problem);
        written.unwrap_or_else(Shape::unknown)
    }

    /// The variables behind the state.
    pub(super) fn assigned(
        &self,
        of: Option<&Template>,
        field: &str,
        data: &Shape,
        more: Option<(&str, Shape)>,
        log: &mut Log,
    ) -> Rc<Variables> {
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
}
