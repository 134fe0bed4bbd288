//! The ways out of a state: behind its result, and through its catchers.

use std::rc::Rc;

use super::run::Run;
use crate::asl::program::{CaughtData, PathOrNull, StateKind, Transition};
use crate::lint::flow::engine::{Engine, Exit};
use crate::lint::flow::log::Log;
use crate::lint::flow::scope::{Env, Variables};
use crate::lint::flow::shape::Shape;

/// What a catcher is given.
fn error() -> Shape {
    Shape::record([("Error", Shape::text()), ("Cause", Shape::text())])
}

impl Run<'_> {
    /// Leaves the state, with what it made if it makes anything, and on every way that its catchers offer.
    pub(super) fn leave(&self, effective: &Shape, result: Option<Shape>, engine: &mut Engine<'_>) -> Vec<Exit> {
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
    pub(super) fn next_env(&self, output: Shape, variables: Rc<Variables>) -> Env {
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
        Env { input: output, variables, context: Rc::clone(self.around), decided: Rc::new(decided) }
    }

    /// The ways out through catchers.
    pub(super) fn caught(&self, engine: &mut Engine<'_>) -> Vec<Exit> {
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
            exits.push(Exit::To(
                catcher.next,
                Env { input, variables, context: Rc::clone(self.around), ..self.env.clone() },
            ));
        }
        exits
    }

    /// What a catcher's fields can read is known, even where they cannot be read themselves yet.
    pub(super) fn enter_catcher(&self, field: &str, log: &mut Log) {
        if log.records() {
            let error = error();
            let states = self.state.is_jsonata().then(|| self.states(Some(("errorOutput", error.clone()))));
            log.enter(&self.at(field), &error, self.env, states);
        }
    }
}
