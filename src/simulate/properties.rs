//! Laws of the interpreter, for definitions that nobody would write.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::services::{ServiceAnswer, ServiceCall, Services, TaskError};
use super::*;
use crate::asl::program::Program;

/// The names of the states of every machine, so that transitions mostly lead somewhere.
const NAMES: [&str; 3] = ["A", "B", "C"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

fn path() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![json!("$"), json!("$.a"), json!("$.a.b"), json!("$$"), json!("$v"), json!(null)])
}

fn template() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!({"a.$": "$"}),
        json!({"a": {"b.$": "$$.State"}, "x": [1]}),
        json!({"a.$": "States.Array($, 1)"}),
        json!({"a.$": "States.MathAdd($.a, 1)"}),
        json!({"v.$": "$v"}),
        json!(7),
    ])
}

fn plain_state() -> impl Strategy<Value = Value> {
    let next = || prop_oneof![3 => name().prop_map(|next| json!({"Next": next})), 1 => Just(json!({"End": true}))];
    let data = (path(), path(), path(), template());
    let pass = (next(), data, prop::bool::ANY).prop_map(|(next, (input, result, output, template), assign)| {
        let mut state =
            json!({"Type": "Pass", "InputPath": input, "ResultPath": reference(&result), "OutputPath": output});
        state[if assign { "Assign" } else { "Parameters" }] =
            if assign { json!({"v": 1, "w.$": "$"}) } else { template };
        merged(state, &next)
    });
    let task = (next(), template(), name(), 0..3_u32).prop_map(|(next, template, caught, attempts)| {
        let state = json!({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": template, "TimeoutSeconds": 9,
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": attempts, "JitterStrategy": "FULL"}],
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.e", "Next": caught}]
        });
        merged(state, &next)
    });
    let choice = (name(), name()).prop_map(|(then, otherwise)| {
        json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": then}], "Default": otherwise})
    });
    let jsonata = (next(), prop::sample::select(vec!["$states.input", "$states", "$v + 1", "$x(", "$uuid()"]))
        .prop_map(|(next, source)| {
            let output = format!("{{% {source} %}}");
            merged(json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": output}), &next)
        });
    let wait = next().prop_map(|next| merged(json!({"Type": "Wait", "Seconds": 100_000}), &next));
    let end = prop::sample::select(vec![json!({"Type": "Succeed"}), json!({"Type": "Fail", "ErrorPath": "$.a"})]);
    prop_oneof![4 => pass, 2 => task, 2 => choice, 2 => jsonata, 1 => wait, 1 => end]
}

/// A path that can be written to.
fn reference(path: &Value) -> Value {
    if path.as_str().is_some_and(|path| path.starts_with("$.")) { path.clone() } else { json!("$") }
}

fn merged(mut state: Value, more: &Value) -> Value {
    if let (Some(state), Some(more)) = (state.as_object_mut(), more.as_object()) {
        state.extend(more.clone());
    }
    state
}

fn machine(states: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    (states.clone(), states.clone(), states)
        .prop_map(|(a, b, c)| json!({"StartAt": "A", "States": {"A": a, "B": b, "C": c}}))
}

fn definition() -> impl Strategy<Value = Value> {
    let inner = machine(plain_state().boxed()).boxed();
    let parallel = (inner.clone(), inner.clone(), name())
        .prop_map(|(a, b, next)| json!({"Type": "Parallel", "Branches": [a, b], "Next": next}));
    let map = (inner, prop::bool::ANY, 0..3_u32, name()).prop_map(|(mut inner, distributed, concurrency, next)| {
        inner["ProcessorConfig"] = json!({"Mode": if distributed { "DISTRIBUTED" } else { "INLINE" }});
        json!({
            "Type": "Map", "ItemProcessor": inner, "MaxConcurrency": concurrency, "ToleratedFailurePercentage": 50,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": next}], "Next": next
        })
    });
    machine(prop_oneof![3 => plain_state(), 1 => parallel, 1 => map].boxed())
}

/// Answers by turns, as a number says.
struct Turns(u64);

impl Services for Turns {
    fn call(&mut self, _: &ServiceCall<'_>) -> ServiceAnswer {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        match self.0 >> 61 {
            0 => ServiceAnswer::never(),
            1 => ServiceAnswer::threw(TaskError::new("E", "C")),
            2 => ServiceAnswer::returned(json!({"a": 1})).after(std::time::Duration::from_secs(20)),
            _ => ServiceAnswer::returned(json!([1, {"a": {"b": [2]}}])).after(std::time::Duration::from_secs(1)),
        }
    }
}

fn run(definition: &Value, seed: u64) -> Option<(Outcome, Vec<HistoryEvent>)> {
    let program = Program::read(definition).ok()?;
    let options = ExecutionOptions {
        seed,
        max_events: 300,
        max_total_events: 2_000,
        history: true,
        inspections: true,
        ..Default::default()
    };
    let mut execution = Execution::new(Arc::new(program), json!([{"a": 1}, {"a": {"b": []}}, null]), options);
    let mut services = Turns(seed);
    for _ in 0..20_000 {
        if execution.step(&mut services) == Step::Ended {
            break;
        }
    }
    Some((execution.outcome()?.clone(), execution.history().to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_definition_ends_the_same_way_twice(definition in definition(), seed in 0_u64..1000) {
        if Program::read(&definition).is_ok() {
            let ran = run(&definition, seed);
            prop_assert!(ran.is_some(), "it goes on and on");
            prop_assert_eq!(&run(&definition, seed), &ran);
            let history = ran.map(|(_, history)| history).unwrap_or_default();
            for (at, event) in history.iter().enumerate() {
                prop_assert_eq!(event.id, at as u64 + 1);
                prop_assert!(event.previous_event_id < event.id);
            }
            prop_assert!(history.windows(2).all(|pair| pair[0].timestamp <= pair[1].timestamp));
        }
    }
}
