//! The ways through a definition, counted where nothing can be run: the fewest transitions, the most, and how many there are
//! on average if every branch of a Choice is taken as often as the others and nothing fails.

use serde_json::Value;

use super::call::{Billed, Call, Context, add};
use super::graph::{Endless, Ways, shortest_and_longest, visits};
use super::{Basis, EventKind, KindUsage, LogBytes, MachineUsage, Stored, Usage, Walked, counted, listed};
use crate::asl::program::{Dynamic, MachineId, Mode, Need, Program, StateId, StateKind, Wait};
use crate::aws::states::WorkflowType;
use crate::cost::design::Design;
use crate::cost::{CostError, Decimal, Options};
use crate::loaded::LoadedStack;
use crate::simulate::stack::Machine;

/// What a state, and each of the three events more that a task has, is taken to leave in a log, in bytes.
const LOGGED: u64 = 350;

/// The size of a record that nobody knows.
const ITEM_BYTES: u64 = 500;

/// What one definition makes on average.
pub(super) struct Walk {
    pub(super) walked: Walked,
    pub(super) transitions: Decimal,
    tasks: f64,
    milliseconds: f64,
    calls: Vec<(Call, f64)>,
}

/// The usage of a stack whose machines each start once for every event.
pub(super) fn usage(stack: &LoadedStack, design: &Design, options: &Options, reason: &str) -> Result<Usage, CostError> {
    let mut kind = KindUsage { share: Decimal::one(), ..KindUsage::nothing(EventKind::Any) };
    let mut notes = vec![
        format!(
            "The stack could not be simulated ({reason}), so the paths through the definition are counted instead."
        ),
        "All branches of a Choice are assumed to be equally frequent, and nothing is caught or retried.".to_owned(),
    ];
    let (mut billed, mut calls, mut unknown) = (Billed::new(), Vec::new(), Vec::new());
    let (mut machines, mut mapped) = (0, false);
    for (at, machine) in stack.machines.iter().enumerate() {
        let Some((definition, program)) = machine.definition().zip(machine.program()) else { continue };
        let program = program.map_err(|faults| CostError::Program {
            machine: machine.name.clone(),
            fault: faults.first().map(ToString::to_string).unwrap_or_default(),
        })?;
        machines += 1;
        notes.extend(left_out(&program));
        mapped |= program.states().any(|(_, state)| matches!(state.kind, StateKind::Map(_)));
        let walk =
            walk(&program, &definition, options).map_err(|endless| no_bound(&program, &machine.name, &endless))?;
        bill(&walk, design, options, &mut billed, &mut unknown);
        kind.add_machine(machine_usage(at, design, options, &walk));
        calls.extend(walk.calls);
    }
    if machines == 0 {
        return Err(CostError::NoMachine);
    }
    if machines > 1 {
        notes.push(format!("An event starts each of the {machines} state machines once."));
    }
    if mapped {
        notes.push(format!("A Map has {} items (--map-items).", options.map_items));
    }
    if let Some(rounds) = options.loop_rounds {
        notes.push(format!("A loop that only an error ends runs {rounds} times (--loop-rounds)."));
    }
    unknown.sort();
    unknown.dedup();
    if !unknown.is_empty() {
        notes.push(format!("Not included, because its billing is not known here: {}.", unknown.join(", ")));
    }
    kind.calls =
        counted(calls.iter().map(|(call, times)| (call.service.as_str(), call.action.as_str(), rounded(*times))));
    kind.billed = listed(&billed);
    let item_bytes = options.item_bytes.unwrap_or(ITEM_BYTES);
    let table_bytes = if design.tables.is_empty() { 0 } else { item_bytes + super::capacity::STORED_BESIDE };
    let indexes = design.tables.iter().map(|table| table.table.indexes.len() as u64).sum::<u64>();
    let stored =
        Stored { item_bytes, measured: false, table_bytes, index_bytes: indexes * table_bytes, every_upload: false };
    Ok(Usage { basis: Basis::Walked, kinds: vec![kind], stored, backfill: None, notes })
}

/// What only a deployment says, and is therefore in no count and no duration.
fn left_out(program: &Program) -> Option<String> {
    let states = program.states().flat_map(|(_, state)| &state.unknown);
    let mut names: Vec<String> =
        states.filter(|(_, need)| *need != Need::Never).map(|(unknown, _)| format!("${{{}}}", unknown.name)).collect();
    names.sort();
    names.dedup();
    (!names.is_empty())
        .then(|| format!("Not included, because it is known only after the deployment: {}.", names.join(", ")))
}

fn bill(walk: &Walk, design: &Design, options: &Options, billed: &mut Billed, unknown: &mut Vec<String>) {
    let nothing = |_: &str, _: &Value| None;
    let item_bytes = Some(options.item_bytes.unwrap_or(ITEM_BYTES));
    let context =
        Context { items: &nothing, item_bytes, functions: &design.functions, function_ms: options.function_ms };
    for (call, times) in &walk.calls {
        match call.billed(&context) {
            Some(units) => {
                let times = rounded(*times);
                add(billed, units.into_iter().map(|(id, units)| (id, &units * &times)).collect());
            }
            None => unknown.push(format!("{}:{}", call.service, call.action)),
        }
    }
}

fn machine_usage(at: usize, design: &Design, options: &Options, walk: &Walk) -> MachineUsage {
    let milliseconds = options.duration_ms.map_or(walk.milliseconds, |given| given as f64);
    // Two events for each state, three more for each task, and the beginning and the end.
    let events = 2.0 + 2.0 * walk.transitions.to_string().parse::<f64>().unwrap_or(0.0) + 3.0 * walk.tasks;
    MachineUsage {
        at,
        machine: design.machines.get(at).map(|machine| machine.label.clone()).unwrap_or_default(),
        executions: Decimal::one(),
        transitions: walk.transitions.clone(),
        milliseconds: rounded(milliseconds.max(1.0)).up_to(100),
        log_bytes: LogBytes { all: rounded(events * LOGGED as f64), ..LogBytes::none() },
        walked: Some(walk.walked.clone()),
    }
}

/// A number of times, to the sixth place.
fn rounded(times: f64) -> Decimal {
    format!("{times:.6}").parse().unwrap_or_else(|_| Decimal::zero())
}

/// The transitions for each item of a processor that has so many.
///
/// # Errors
/// How often a loop goes round is not known.
pub(super) fn walked_states(
    machine: &Machine,
    processor: MachineId,
    items: u64,
    options: &Options,
) -> Result<Decimal, CostError> {
    let program = &*machine.program;
    let options = Options { map_items: items, ..options.clone() };
    let ways = ways(program, &options).map_err(|endless| no_bound(program, &machine.name, &endless))?;
    let position = program.machines().position(|(id, _)| id == processor);
    let expected = position.and_then(|at| ways.get(at)).map_or(0.0, |ways| ways.expected);
    Ok(rounded(expected).over(&Decimal::from(items.max(1))))
}

fn no_bound(program: &Program, machine: &str, endless: &Endless) -> CostError {
    let states = endless.states.iter().map(|state| program[*state].name.clone()).collect();
    CostError::NoBound { machine: machine.to_owned(), states }
}

/// What one definition makes on average.
///
/// # Errors
/// How often a loop goes round is not known.
fn walk(program: &Program, definition: &Value, options: &Options) -> Result<Walk, Endless> {
    let ways = ways(program, options)?;
    let top = ways.first().cloned().unwrap_or(Ways { fewest: 0.0, most: Some(0.0), expected: 0.0 });
    let mut walk = Walk {
        walked: Walked { fewest: rounded(top.fewest), most: top.most.map(rounded) },
        transitions: rounded(top.expected),
        tasks: 0.0,
        milliseconds: 0.0,
        calls: Vec::new(),
    };
    // Each machine before those inside it, so that it is known how often those run.
    let mut times = vec![0.0; ways.len()];
    times[0] = 1.0;
    let ids: Vec<MachineId> = program.machines().map(|(id, _)| id).collect();
    for (at, (id, _)) in program.machines().enumerate() {
        for (state_id, visits) in visits(program, id, options.loop_rounds)? {
            let state = &program[state_id];
            let visits = visits * times[at];
            for inner in state.machines() {
                if let Some(inner) = ids.iter().position(|known| known == inner) {
                    times[inner] += visits * repeated(&state.kind, options);
                }
            }
            match &state.kind {
                StateKind::Task(task) => {
                    let mut given = ["Parameters", "Arguments"].into_iter();
                    let given = given.find_map(|name| definition.pointer(&format!("{}/{name}", state.pointer)));
                    let call = Call::of(&task.resource, given.cloned().unwrap_or_default());
                    walk.tasks += visits;
                    walk.milliseconds += visits * call.milliseconds(options) as f64;
                    walk.calls.push((call, visits));
                }
                StateKind::Wait(Wait::Seconds(Dynamic::Literal(seconds))) => {
                    walk.milliseconds += visits * seconds * 1000.0
                }
                _ => {}
            }
        }
    }
    Ok(walk)
}

/// How often what is inside a state runs for each time that the state does.
fn repeated(kind: &StateKind, options: &Options) -> f64 {
    match kind {
        StateKind::Map(_) => options.map_items as f64,
        _ => 1.0,
    }
}

/// The counts of every machine, in order.
fn ways(program: &Program, options: &Options) -> Result<Vec<Ways>, Endless> {
    let machines: Vec<MachineId> = program.machines().map(|(id, _)| id).collect();
    let mut found: Vec<Option<Ways>> = vec![None; machines.len()];
    // Those inside come after those around them.
    for (at, id) in machines.iter().enumerate().rev() {
        let weights = |state: StateId| -> Ways {
            let inner = program[state].machines().iter();
            let inner = inner.filter_map(|inner| found[machines.iter().position(|known| known == inner)?].clone());
            weight(&program[state].kind, inner.collect(), options)
        };
        let states = visits(program, *id, options.loop_rounds)?;
        let weighted: Vec<(StateId, f64, Ways)> =
            states.into_iter().map(|(state, visits)| (state, visits, weights(state))).collect();
        let expected = weighted.iter().map(|(_, visits, ways)| visits * ways.expected).sum();
        let (fewest, most) = shortest_and_longest(program, *id, &weighted);
        found[at] = Some(Ways { fewest, most, expected });
    }
    Ok(found.into_iter().flatten().collect())
}

/// The transitions of a state itself and of what is inside it.
fn weight(kind: &StateKind, inner: Vec<Ways>, options: &Options) -> Ways {
    let (sum, times) = match kind {
        // Children of a distributed Map are charged one transition for each, and their own where they are STANDARD:
        // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html
        StateKind::Map(map) => match map.mode {
            Mode::Inline => (true, options.map_items as f64),
            Mode::Distributed(WorkflowType::Express) => {
                let children = options.map_items as f64;
                return Ways { fewest: 1.0 + children, most: Some(1.0 + children), expected: 1.0 + children };
            }
            Mode::Distributed(WorkflowType::Standard) => {
                let items = options.map_items as f64;
                let all = inner.into_iter().fold(Ways { fewest: 1.0, most: Some(1.0), expected: 1.0 }, Ways::plus);
                let times = |count: f64| 1.0 + items * count;
                return Ways { fewest: times(all.fewest), most: all.most.map(times), expected: times(all.expected) };
            }
        },
        StateKind::Parallel(_) => (true, 1.0),
        _ => (false, 0.0),
    };
    if !sum {
        return Ways { fewest: 1.0, most: Some(1.0), expected: 1.0 };
    }
    let none = Ways { fewest: 0.0, most: Some(0.0), expected: 0.0 };
    let all = inner.into_iter().fold(none, Ways::plus);
    Ways {
        fewest: 1.0 + times * all.fewest,
        most: all.most.map(|most| 1.0 + times * most),
        expected: 1.0 + times * all.expected,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn counts(definition: &Value, items: u64) -> (String, Option<String>, String) {
        let program = Program::read(definition).unwrap();
        let walk = walk(&program, definition, &Options { map_items: items, ..Options::default() }).unwrap();
        let Walked { fewest, most } = walk.walked;
        (fewest.to_string(), most.map(|most| most.to_string()), walk.transitions.to_string())
    }

    fn choice(to: &[&str]) -> Value {
        let choices: Vec<Value> =
            to.iter().map(|next| json!({"Variable": "$.a", "IsPresent": true, "Next": next})).collect();
        json!({"Type": "Choice", "Choices": choices})
    }

    #[test]
    fn ways_are_counted() {
        let pass = |next: &str| json!({"Type": "Pass", "Next": next});
        let end = json!({"Type": "Succeed"});
        let inner =
            json!({"StartAt": "X", "States": {"X": {"Type": "Pass", "Next": "Y"}, "Y": {"Type": "Pass", "End": true}}});
        let map = |mode: Value| {
            let mut processor = inner.clone();
            processor["ProcessorConfig"] = mode;
            json!({"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": processor, "End": true}}})
        };
        let cases = [
            (json!({"StartAt": "A", "States": {"A": pass("B"), "B": end}}), "2", Some("2"), "2"),
            // Half of them go by way of B.
            (
                json!({"StartAt": "A", "States": {"A": choice(&["B", "C"]), "B": pass("C"), "C": end}}),
                "2",
                Some("3"),
                "2.5",
            ),
            // A loop that is left every other time: twice round on average.
            (json!({"StartAt": "A", "States": {"A": choice(&["A", "C"]), "C": end}}), "2", None, "3"),
            // A branch that is caught is not counted.
            (
                json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "Next": "C"}, "B": pass("C"), "C": end}}),
                "2",
                Some("2"),
                "2",
            ),
            (
                json!({"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [inner, inner], "End": true}}}),
                "5",
                Some("5"),
                "5",
            ),
            (map(json!({"Mode": "INLINE"})), "21", Some("21"), "21"),
            (map(json!({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"})), "11", Some("11"), "11"),
            (map(json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"})), "31", Some("31"), "31"),
        ];
        for (definition, fewest, most, expected) in cases {
            let counted = counts(&definition, 10);
            let wanted = (fewest.to_owned(), most.map(str::to_owned), expected.to_owned());
            assert_eq!(counted, wanted, "{definition}");
        }
    }

    /// A poll that only its Catch ends, and a loop that a Choice leaves one time in fifty: both are solved, not cut off.
    #[test]
    fn loops_have_the_count_that_is_asked_for_or_none() {
        let poll = json!({"StartAt": "Look", "States": {
            "Look": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Rest",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Over"}]},
            "Rest": {"Type": "Wait", "Seconds": 1, "Next": "Look"},
            "Over": {"Type": "Succeed"}
        }});
        let program = Program::read(&poll).unwrap();
        let count = |rounds| walk(&program, &poll, &Options { loop_rounds: rounds, ..Options::default() });
        let endless = count(None).err().unwrap();
        assert_eq!(endless.states.iter().map(|id| program[*id].name.as_str()).collect::<Vec<_>>(), ["Look", "Rest"]);
        assert_eq!(count(Some(1)).unwrap().transitions.to_string(), "2");
        // 100,000 times Look, one Rest fewer, and the end.
        assert_eq!(count(Some(100_000)).unwrap().transitions.to_string(), "200000");
        let mut to = vec!["A"; 49];
        to.push("End");
        let rare = json!({"StartAt": "A", "States": {"A": choice(&to), "End": {"Type": "Succeed"}}});
        assert_eq!(counts(&rare, 1).2, "51");
    }
}
