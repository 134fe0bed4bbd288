//! What a state does with the shapes of its data.

mod choose;
mod leave;
mod nested;
mod number;
mod run;

use std::rc::Rc;

use super::context;
use super::engine::{Engine, Exit};
use super::log::Log;
use super::scope::Env;
use super::shape::Shape;
use crate::asl::program::{StateId, StateKind, Transition};
use crate::source::Pointer;
use run::Run;

/// Enters a state on one way; gives every way out of it.
pub(super) fn state(engine: &mut Engine<'_>, id: StateId, env: &Env) -> Vec<Exit> {
    let program = engine.program;
    let state = &program[id];
    // What no field looks at is not made, unless an editor asks what could be looked at.
    let counts = state.kind.can_be_retried() && (state.uses_context || engine.log.records());
    let inside = counts.then(|| Env { context: Rc::new(context::with_retries(&env.context)), ..env.clone() });
    let run = Run { state, env: inside.as_ref().unwrap_or(env), around: &env.context };
    let env = run.env;
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

impl Run<'_> {
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
            context: Rc::clone(self.around),
        };
        let ends = !matches!(self.state.kind, StateKind::Choice(_) | StateKind::Fail(_));
        let end =
            (ends && !matches!(self.state.transition, Some(Transition::Next(_)))).then(|| Exit::End(Shape::unknown()));
        self.state.successors().into_iter().map(|next| Exit::To(next, env.clone())).chain(end).collect()
    }
}
