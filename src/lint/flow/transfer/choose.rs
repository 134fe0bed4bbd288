//! The ways out of a Choice.

use super::run::Run;
use crate::asl::program::{Choice, ChoiceCondition, ChoiceRule, Dynamic, PathOrNull};
use crate::lint::flow::choice::{self, Place};
use crate::lint::flow::engine::{Engine, Exit};
use crate::lint::flow::jsonata::States;
use crate::lint::flow::log::{Log, Problem};
use crate::lint::flow::question;
use crate::lint::flow::scope::Env;
use crate::lint::flow::shape::Shape;

impl Run<'_> {
    pub(super) fn choice(&self, choice: &Choice, effective: &Shape, engine: &mut Engine<'_>) -> Vec<Exit> {
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

    pub(super) fn ask(
        &self,
        rule: &ChoiceRule,
        at: usize,
        env: &Env,
        effective: &Shape,
        log: &mut Log,
    ) -> choice::Branches {
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

    pub(super) fn branch(
        &self,
        rule: &ChoiceRule,
        at: usize,
        env: &Env,
        effective: &Shape,
        engine: &mut Engine<'_>,
    ) -> Exit {
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
}
