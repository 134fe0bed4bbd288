//! The [Amazon States Language](https://states-language.net/spec.html): the parts of a state machine definition.
//!
//! The types for writing cannot be combined wrongly: the leaves of a payload template are literals or run-time values, and only
//! [`PayloadTemplate`]'s serializer writes the `.$` suffix that distinguishes them; a choice compares a path of the type that its
//! operator takes; a transition leads to a state that exists.

mod choice;
mod cursor;
mod fault;
mod intrinsic;
mod jsonata;
mod jsonata_functions;
mod jsonpath;
mod map;
mod pass;
mod path;
mod payload;
pub mod program;
pub mod query;
mod retry;
mod state;
mod state_machine;

pub use crate::aws::states::QueryLanguage;
pub use choice::{ChoiceRule, ChoiceTest, Comparison, List, Number, Text, TypedPath};
pub use fault::EvaluationFault;
pub use intrinsic::{Argument, Function, Intrinsic, IntrinsicError, IntrinsicFunction, Kind, Operand, java_text};
pub use jsonata::{Jsonata, JsonataExpression, JsonataTemplate};
pub use jsonata_functions::JsonataFunction;
pub(crate) use jsonpath::Step;
pub use jsonpath::{
    JsonPath, JsonPathError, NoVariables, PathFault, ResultPathFault, Root, Scope, Selected, Variables,
};
pub use map::{Distributed, ItemBatcher, ItemReader, Map, MapMode};
pub use pass::Pass;
pub use path::{PathError, ReferencePath, Segment};
pub use payload::{Field, Literal, LiteralError, PayloadTemplate, RunTimeValue, SubstitutionName};
pub use query::Timestamp;
pub use retry::{Catcher, CaughtData, ErrorName, Retrier};
pub use state::{Choice, Fail, FailData, State, Succeed, Task, TaskData, Transition};
pub use state_machine::{DefinitionError, StateMachine};
