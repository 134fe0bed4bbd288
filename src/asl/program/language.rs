//! The fields that a state has in one of the two query languages only, so that no state mixes them.

use super::data::Template;
use super::path::PathOrNull;

/// What a state makes of its data: the fields of the language that it is in.
#[derive(Debug, Clone)]
pub enum DataFields {
    /// Paths and payload templates.
    JsonPath(Box<JsonPathFields>),
    /// Expressions.
    Jsonata(Box<JsonataFields>),
}

/// The fields of a state that reads with JSONPath
/// ([documentation](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html)).
#[derive(Debug, Clone)]
pub struct JsonPathFields {
    /// `InputPath`: which part of the input it works on.
    pub input_path: PathOrNull,
    /// `Parameters`: what it works on. A Map's is its `item_selector`.
    pub parameters: Option<Template>,
    /// `ResultSelector`: what is made of the result.
    pub result_selector: Option<Template>,
    /// `ResultPath`: where the result is put into the input.
    pub result_path: PathOrNull,
    /// `OutputPath`: which part of that is the output.
    pub output_path: PathOrNull,
}

/// The fields of a state that reads with JSONata
/// ([documentation](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html)).
#[derive(Debug, Clone)]
pub struct JsonataFields {
    /// `Arguments`: what it works on.
    pub arguments: Option<Template>,
    /// `Output`: its output.
    pub output: Option<Template>,
}

/// What the state behind a catcher gets, beside the variables.
#[derive(Debug, Clone)]
pub enum CaughtData {
    /// `ResultPath`: where the error is put into the input.
    JsonPath(PathOrNull),
    /// `Output`; the error itself where that is not there.
    Jsonata(Option<Template>),
}

/// What a path of the other language counts as.
const ABSENT: &PathOrNull = &PathOrNull::Absent;

impl DataFields {
    fn of_jsonpath(&self) -> Option<&JsonPathFields> {
        match self {
            Self::JsonPath(fields) => Some(fields),
            Self::Jsonata(_) => None,
        }
    }

    /// `InputPath`, which JSONata does not have.
    pub fn input_path(&self) -> &PathOrNull {
        self.of_jsonpath().map_or(ABSENT, |fields| &fields.input_path)
    }

    /// `ResultPath`, which JSONata does not have.
    pub fn result_path(&self) -> &PathOrNull {
        self.of_jsonpath().map_or(ABSENT, |fields| &fields.result_path)
    }

    /// `OutputPath`, which JSONata does not have.
    pub fn output_path(&self) -> &PathOrNull {
        self.of_jsonpath().map_or(ABSENT, |fields| &fields.output_path)
    }

    /// `ResultSelector`, which JSONata does not have.
    pub fn result_selector(&self) -> Option<&Template> {
        self.of_jsonpath()?.result_selector.as_ref()
    }

    /// The field that says what the state works on, and what is in it.
    pub fn arguments(&self) -> (&'static str, Option<&Template>) {
        match self {
            Self::JsonPath(fields) => ("Parameters", fields.parameters.as_ref()),
            Self::Jsonata(fields) => ("Arguments", fields.arguments.as_ref()),
        }
    }

    /// `Output`, which JSONPath does not have.
    pub fn output(&self) -> Option<&Template> {
        match self {
            Self::JsonPath(_) => None,
            Self::Jsonata(fields) => fields.output.as_ref(),
        }
    }
}
