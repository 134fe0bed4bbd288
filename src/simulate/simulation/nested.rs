use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{SimulationOptions, execution_options, identity};
use crate::aws::states::error;
use crate::simulate::services::{Ended, StateMachines, TaskError};
use crate::simulate::stack::{Machine, RunnableStack};
use crate::simulate::{Asked, Execution, Outcome};

/// Executions that tasks start have seeds of their own, far from those that events start.
const FIRST: u64 = 1 << 40;

/// What runs the executions that tasks start: each to its end at once, on its own clock.
pub(super) fn machines(machines: Arc<[Machine]>, options: SimulationOptions) -> StateMachines {
    let started = AtomicU64::new(FIRST);
    let types = Arc::clone(&machines);
    let run = StateMachines::run_by(move |services, start| {
        let machine = &machines[RunnableStack::machine_of(&machines, &start.state_machine)?];
        let identity = identity(machine, start.name.clone());
        let number = started.fetch_add(1, Ordering::Relaxed);
        let options = SimulationOptions { history: false, inspections: false, path: false, ..options };
        let options = execution_options(&options, machine, identity, start.at, number);
        let mut execution = Execution::new(Arc::clone(&machine.program), start.input.clone(), options);
        let result = match execution.run(services) {
            Outcome::Succeeded(output) => Ok(output.clone()),
            Outcome::Failed(failure) => {
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                let is_unanswered = failure.is_unanswered();
                Err(TaskError { is_unanswered, ..TaskError::new(text(&failure.error), text(&failure.cause)) })
            }
            Outcome::Asks(asked) => {
                let machine = asked.machine.clone().or_else(|| Some(machine.name.clone()));
                services.machines.ask(Asked { machine, ..asked.clone() });
                Err(TaskError::new(error::RUNTIME, asked.to_string()))
            }
            Outcome::TimedOut => Err(TaskError::new(error::TIMEOUT, "")),
        };
        Some(Ended { result, duration: execution.now().since(start.at) })
    });
    run.of_types(move |name| RunnableStack::machine_of(&types, name).map(|at| types[at].express))
}
