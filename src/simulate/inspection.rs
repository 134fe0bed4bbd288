use serde_json::{Map, Value};

/// What a state did with its data, step by step: the
/// [`InspectionData`](https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html) of TestState.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inspection {
    steps: Map<String, Value>,
}

/// The names of the steps.
pub(super) mod step {
    pub(in crate::simulate) const INPUT: &str = "input";
    pub(in crate::simulate) const AFTER_INPUT_PATH: &str = "afterInputPath";
    pub(in crate::simulate) const AFTER_PARAMETERS: &str = "afterParameters";
    pub(in crate::simulate) const AFTER_ARGUMENTS: &str = "afterArguments";
    pub(in crate::simulate) const RESULT: &str = "result";
    pub(in crate::simulate) const AFTER_RESULT_SELECTOR: &str = "afterResultSelector";
    pub(in crate::simulate) const AFTER_RESULT_PATH: &str = "afterResultPath";
    pub(in crate::simulate) const AFTER_ITEMS_PATH: &str = "afterItemsPath";
    pub(in crate::simulate) const AFTER_ITEMS_POINTER: &str = "afterItemsPointer";
    pub(in crate::simulate) const AFTER_ITEM_SELECTOR: &str = "afterItemSelector";
    pub(in crate::simulate) const AFTER_ITEM_BATCHER: &str = "afterItemBatcher";
    pub(in crate::simulate) const MAX_CONCURRENCY: &str = "maxConcurrency";
    pub(in crate::simulate) const TOLERATED_FAILURE_COUNT: &str = "toleratedFailureCount";
    pub(in crate::simulate) const TOLERATED_FAILURE_PERCENTAGE: &str = "toleratedFailurePercentage";
    pub(in crate::simulate) const ERROR_DETAILS: &str = "errorDetails";
    pub(in crate::simulate) const VARIABLES: &str = "variables";
}

impl Inspection {
    /// The value after a step, such as `afterInputPath`.
    pub fn get(&self, step: &str) -> Option<&Value> {
        self.steps.get(step)
    }

    /// Every step and the value after it, in order.
    pub fn steps(&self) -> &Map<String, Value> {
        &self.steps
    }

    /// As the API has it: data as JSON texts, counts as numbers.
    pub fn to_json(&self) -> Value {
        let plain = [
            step::MAX_CONCURRENCY,
            step::TOLERATED_FAILURE_COUNT,
            step::TOLERATED_FAILURE_PERCENTAGE,
            step::ERROR_DETAILS,
        ];
        let told = |(name, value): (&String, &Value)| match plain.contains(&name.as_str()) {
            true => (name.clone(), value.clone()),
            false => (name.clone(), Value::from(value.to_string())),
        };
        self.steps.iter().map(told).collect::<Map<_, _>>().into()
    }

    pub(super) fn set(&mut self, step: &str, value: Value) {
        self.steps.insert(step.to_owned(), value);
    }
}

/// One time that a state ran.
#[derive(Debug, Clone, PartialEq)]
pub struct StateRun {
    /// The state's name.
    pub state: String,
    /// The type of the state, as in the definition: `Task`.
    pub kind: &'static str,
    /// The index of the item, in the innermost Map state around it.
    pub item_index: Option<u64>,
    /// When it was entered.
    pub entered: super::Timestamp,
    /// When it was left.
    pub left: super::Timestamp,
    /// What it did with its data. (Of a state that was tried several times: the last time.)
    pub inspection: Inspection,
    /// How it ended.
    pub ended: StateEnd,
}

/// How a state ended.
#[derive(Debug, Clone, PartialEq)]
pub enum StateEnd {
    /// With an output, and the name of the state that follows, if any does.
    Succeeded {
        /// The output.
        output: Value,
        /// The state that follows.
        next: Option<String>,
    },
    /// With an error that it caught.
    Caught {
        /// The error.
        error: super::Failure,
        /// The output.
        output: Value,
        /// The state that follows.
        next: String,
    },
    /// With an error.
    Failed(super::Failure),
}
