//! The fields of the [Amazon States Language](https://states-language.net/spec.html): which there are, in which language,
//! and what each takes. One table for every rule that asks.

use crate::aws::quota;
use std::sync::LazyLock;

use crate::aws::states::StateType::{self, Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};
use crate::aws::states::{JitterStrategy, ProcessorMode, WorkflowType};
use crate::source::{Kind as NodeKind, Node, Pointer};

use super::view::{Language, Scope, ScopeKind, StateView};

/// What has a fixed set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The whole definition.
    Machine,
    /// A branch of a Parallel state.
    Branch,
    /// `ItemProcessor` or `Iterator`.
    Processor,
    /// A state of a type.
    State(StateType),
    Retrier,
    Catcher,
    ChoiceRule,
    ItemReader,
    ReaderConfig,
    ItemBatcher,
    ResultWriter,
    WriterConfig,
    ProcessorConfig,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Takes {
    /// Anything: a payload template, a result, or what another rule looks at.
    Any,
    Text,
    /// One of a few texts.
    OneOf(&'static [&'static str]),
    Boolean,
    /// A whole number within these bounds.
    Integer(i64, i64),
    /// A number within these bounds.
    Number(f64, f64),
    /// A text that is a path; `null` in some fields.
    Path,
    Object,
    List,
    /// A list that holds something.
    SomeList,
}

/// A field of a state, and what it takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// The only language that has it.
    pub(crate) language: Option<Language>,
    pub(crate) takes: Takes,
    pub(crate) required: bool,
    /// Whether in JSONata an expression may stand there.
    pub(crate) expression: bool,
}

const YEARS: i64 = quota::NUMBER as i64;

const fn field(name: &'static str, takes: Takes) -> Field {
    Field { name, language: None, takes, required: false, expression: false }
}

impl Field {
    const fn path(self) -> Self {
        Self { language: Some(Language::JsonPath), ..self }
    }

    const fn jsonata(self) -> Self {
        Self { language: Some(Language::Jsonata), ..self }
    }

    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// An expression may stand there.
    const fn computed(self) -> Self {
        Self { expression: true, ..self }
    }
}

/// The fields of states, and the types that have them.
const STATE: &[(Field, &[StateType])] = &[
    (field("Type", Takes::Any), StateType::ALL),
    (field("Comment", Takes::Any), StateType::ALL),
    (field("QueryLanguage", Takes::Any), StateType::ALL),
    (field("Next", Takes::Text), &[Task, Pass, Wait, Parallel, Map]),
    (field("End", Takes::Boolean), &[Task, Pass, Wait, Parallel, Map]),
    (field("InputPath", Takes::Path).path(), &[Task, Pass, Choice, Wait, Succeed, Parallel, Map]),
    (field("OutputPath", Takes::Path).path(), &[Task, Pass, Choice, Wait, Succeed, Parallel, Map]),
    (field("ResultPath", Takes::Path).path(), &[Task, Pass, Parallel, Map]),
    (field("Parameters", Takes::Any).path(), &[Task, Pass, Parallel, Map]),
    (field("ResultSelector", Takes::Object).path(), &[Task, Parallel, Map]),
    (field("Arguments", Takes::Any).jsonata(), &[Task, Parallel]),
    (field("Output", Takes::Any).jsonata(), &[Task, Pass, Choice, Wait, Succeed, Parallel, Map]),
    (field("Assign", Takes::Object).computed(), &[Task, Pass, Choice, Wait, Parallel, Map]),
    (field("Retry", Takes::List), &[Task, Parallel, Map]),
    (field("Catch", Takes::List), &[Task, Parallel, Map]),
    (field("Resource", Takes::Text).required(), &[Task]),
    (field("TimeoutSeconds", Takes::Integer(1, YEARS)).computed(), &[Task]),
    (field("TimeoutSecondsPath", Takes::Path).path(), &[Task]),
    (field("HeartbeatSeconds", Takes::Integer(1, YEARS)).computed(), &[Task]),
    (field("HeartbeatSecondsPath", Takes::Path).path(), &[Task]),
    (field("Credentials", Takes::Object).computed(), &[Task]),
    (field("Result", Takes::Any).path(), &[Pass]),
    (field("Choices", Takes::SomeList).required(), &[Choice]),
    (field("Default", Takes::Text), &[Choice]),
    (field("Seconds", Takes::Integer(0, YEARS)).computed(), &[Wait]),
    (field("SecondsPath", Takes::Path).path(), &[Wait]),
    (field("Timestamp", Takes::Text), &[Wait]),
    (field("TimestampPath", Takes::Path).path(), &[Wait]),
    (field("Error", Takes::Text), &[Fail]),
    (field("ErrorPath", Takes::Path).path(), &[Fail]),
    (field("Cause", Takes::Text), &[Fail]),
    (field("CausePath", Takes::Path).path(), &[Fail]),
    (field("Branches", Takes::SomeList).required(), &[Parallel]),
    (field("ItemProcessor", Takes::Object), &[Map]),
    (field("Iterator", Takes::Object), &[Map]),
    (field("Items", Takes::List).jsonata().computed(), &[Map]),
    (field("ItemsPath", Takes::Path).path(), &[Map]),
    (field("ItemSelector", Takes::Any), &[Map]),
    (field("ItemReader", Takes::Object), &[Map]),
    (field("ItemBatcher", Takes::Object), &[Map]),
    (field("ResultWriter", Takes::Object), &[Map]),
    (field("MaxConcurrency", Takes::Integer(0, YEARS)).computed(), &[Map]),
    (field("MaxConcurrencyPath", Takes::Path).path(), &[Map]),
    (field("ToleratedFailureCount", Takes::Integer(0, i64::MAX)).computed(), &[Map]),
    (field("ToleratedFailureCountPath", Takes::Path).path(), &[Map]),
    (field("ToleratedFailurePercentage", Takes::Number(0.0, 100.0)).computed(), &[Map]),
    (field("ToleratedFailurePercentagePath", Takes::Path).path(), &[Map]),
    (field("Label", Takes::Text), &[Map]),
];

static STATES: LazyLock<Vec<Vec<Field>>> = LazyLock::new(|| {
    let of = |known| STATE.iter().filter(move |(_, types)| types.contains(known)).map(|(field, _)| *field);
    StateType::ALL.iter().map(|known| of(known).collect()).collect()
});

const MACHINE: &[Field] = &[
    field("StartAt", Takes::Text).required(),
    field("States", Takes::Object).required(),
    field("Comment", Takes::Any),
    field("QueryLanguage", Takes::Any),
    field("TimeoutSeconds", Takes::Integer(1, YEARS)),
    field("Version", Takes::Any),
];
const BRANCH: &[Field] = &[
    field("StartAt", Takes::Text).required(),
    field("States", Takes::Object).required(),
    field("Comment", Takes::Any),
];
const PROCESSOR: &[Field] = &[
    field("StartAt", Takes::Text).required(),
    field("States", Takes::Object).required(),
    field("Comment", Takes::Any),
    field("ProcessorConfig", Takes::Object),
];
const RETRIER: &[Field] = &[
    field("ErrorEquals", Takes::SomeList).required(),
    field("IntervalSeconds", Takes::Integer(1, YEARS)),
    field("MaxAttempts", Takes::Integer(0, YEARS)),
    field("BackoffRate", Takes::Number(1.0, f64::MAX)),
    field("MaxDelaySeconds", Takes::Integer(1, 31_622_400)),
    field("JitterStrategy", Takes::OneOf(JitterStrategy::WORDS)),
    field("Comment", Takes::Any),
];
const CATCHER: &[Field] = &[
    field("ErrorEquals", Takes::SomeList).required(),
    field("Next", Takes::Text).required(),
    field("ResultPath", Takes::Path).path(),
    field("Output", Takes::Any).jsonata(),
    field("Assign", Takes::Object).computed(),
    field("Comment", Takes::Any),
];
const ITEM_READER: &[Field] = &[
    field("Resource", Takes::Text).required(),
    field("ReaderConfig", Takes::Object),
    field("Parameters", Takes::Any).path(),
    field("Arguments", Takes::Any).jsonata(),
    field("Comment", Takes::Any),
];
const READER_CONFIG: &[Field] = &[
    field("InputType", Takes::OneOf(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"])).computed(),
    field("CSVHeaderLocation", Takes::OneOf(&["FIRST_ROW", "GIVEN"])).computed(),
    field("CSVHeaders", Takes::List).computed(),
    field("CSVDelimiter", Takes::OneOf(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"])).computed(),
    // AWS's own samples have 0, which sets no limit.
    field("MaxItems", Takes::Integer(0, 100_000_000)).computed(),
    field("MaxItemsPath", Takes::Path).path(),
    field("ManifestType", Takes::OneOf(&["ATHENA_DATA", "S3_INVENTORY"])).computed(),
    field("Transformation", Takes::OneOf(&["NONE", "LOAD_AND_FLATTEN"])).computed(),
    field("ItemsPointer", Takes::Text),
    field("Comment", Takes::Any),
];
const ITEM_BATCHER: &[Field] = &[
    field("MaxItemsPerBatch", Takes::Integer(1, i64::MAX)).computed(),
    field("MaxItemsPerBatchPath", Takes::Path).path(),
    field("MaxInputBytesPerBatch", Takes::Integer(1, quota::PAYLOAD_BYTES as i64)).computed(),
    field("MaxInputBytesPerBatchPath", Takes::Path).path(),
    field("BatchInput", Takes::Any),
    field("Comment", Takes::Any),
];
const RESULT_WRITER: &[Field] = &[
    field("Resource", Takes::Text),
    field("Parameters", Takes::Any).path(),
    field("Arguments", Takes::Any).jsonata(),
    field("WriterConfig", Takes::Object),
    field("Comment", Takes::Any),
];
const WRITER_CONFIG: &[Field] = &[
    field("Transformation", Takes::OneOf(&["NONE", "COMPACT", "FLATTEN"])).computed(),
    field("OutputType", Takes::OneOf(&["JSON", "JSONL"])).computed(),
    field("Comment", Takes::Any),
];
const PROCESSOR_CONFIG: &[Field] = &[
    field("Mode", Takes::OneOf(ProcessorMode::WORDS)),
    field("ExecutionType", Takes::OneOf(WorkflowType::WORDS)),
    field("Comment", Takes::Any),
];
/// What a choice rule has beside its operator.
const CHOICE_RULE: &[Field] = &[
    field("Next", Takes::Text),
    field("Variable", Takes::Path).path(),
    field("Condition", Takes::Any).jsonata(),
    field("Output", Takes::Any).jsonata(),
    field("Assign", Takes::Object).computed(),
    field("Comment", Takes::Any),
];

impl Shape {
    /// The fields that it may have.
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::Machine => MACHINE,
            Self::Branch => BRANCH,
            Self::Processor => PROCESSOR,
            Self::State(known) => &STATES[known as usize],
            Self::Retrier => RETRIER,
            Self::Catcher => CATCHER,
            Self::ChoiceRule => CHOICE_RULE,
            Self::ItemReader => ITEM_READER,
            Self::ReaderConfig => READER_CONFIG,
            Self::ItemBatcher => ITEM_BATCHER,
            Self::ResultWriter => RESULT_WRITER,
            Self::WriterConfig => WRITER_CONFIG,
            Self::ProcessorConfig => PROCESSOR_CONFIG,
        }
    }

    /// What has a fixed set of fields within this, by the way there: `Retry`, `0`.
    pub(crate) fn within(self, path: &[&str]) -> Option<Self> {
        Some(match path {
            [] => self,
            ["Retry", _] => Self::Retrier,
            ["Catch", _] => Self::Catcher,
            ["Choices", ..] => Self::ChoiceRule,
            ["ItemReader"] => Self::ItemReader,
            ["ItemReader", "ReaderConfig"] => Self::ReaderConfig,
            ["ItemBatcher"] => Self::ItemBatcher,
            ["ResultWriter"] => Self::ResultWriter,
            ["ResultWriter", "WriterConfig"] => Self::WriterConfig,
            ["ItemProcessor" | "Iterator", "ProcessorConfig"] => Self::ProcessorConfig,
            ["ItemProcessor" | "Iterator"] => Self::Processor,
            ["Branches", _] => Self::Branch,
            _ => return None,
        })
    }

    /// A field by its name.
    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// What it is, for messages: `a Task state`, `a retrier`.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Machine => "a state machine".to_owned(),
            Self::Branch => "a branch".to_owned(),
            Self::Processor => "an ItemProcessor".to_owned(),
            Self::State(known) => format!("a {} state", known.as_str()),
            Self::Retrier => "a retrier".to_owned(),
            Self::Catcher => "a catcher".to_owned(),
            Self::ChoiceRule => "a choice rule".to_owned(),
            Self::ItemReader => "an ItemReader".to_owned(),
            Self::ReaderConfig => "a ReaderConfig".to_owned(),
            Self::ItemBatcher => "an ItemBatcher".to_owned(),
            Self::ResultWriter => "a ResultWriter".to_owned(),
            Self::WriterConfig => "a WriterConfig".to_owned(),
            Self::ProcessorConfig => "a ProcessorConfig".to_owned(),
        }
    }

    /// Whether AWS extends it often, so that a field that is not known here may well be new.
    pub(crate) fn grows(self) -> bool {
        matches!(
            self,
            Self::ItemReader
                | Self::ReaderConfig
                | Self::ItemBatcher
                | Self::ResultWriter
                | Self::WriterConfig
                | Self::ProcessorConfig
        )
    }
}

/// The shape of what holds states.
pub(crate) fn scope_shape(scope: &Scope<'_>) -> Shape {
    match scope.kind {
        ScopeKind::Machine => Shape::Machine,
        ScopeKind::Branch => Shape::Branch,
        ScopeKind::Processor => Shape::Processor,
    }
}

/// Everything with a fixed set of fields that belongs to a state: the state, its retriers, its choice rules.
/// What is no object, or only known when the definition is deployed, is left out.
pub(crate) fn shapes<'a>(state: &StateView<'a>, mut each: impl FnMut(Shape, &'a Node, &Pointer)) {
    let Some(known) = state.known_type() else { return };
    each(Shape::State(known), state.node, &state.pointer);
    for (field, shape) in [("Retry", Shape::Retrier), ("Catch", Shape::Catcher)] {
        if let Some(list) = state.get(field) {
            for (at, node) in list.items().iter().enumerate().filter(|(_, node)| is_object(node)) {
                each(shape, node, &state.pointer_to(field).index(at));
            }
        }
    }
    if known == Choice
        && let Some(choices) = state.get("Choices")
    {
        for (at, node) in choices.items().iter().enumerate() {
            choice_rules(node, &state.pointer_to("Choices").index(at), 0, &mut |node, pointer, _| {
                each(Shape::ChoiceRule, node, pointer);
            });
        }
    }
    if known == Map {
        let nested = [
            (&["ItemReader"][..], Shape::ItemReader),
            (&["ItemReader", "ReaderConfig"], Shape::ReaderConfig),
            (&["ItemBatcher"], Shape::ItemBatcher),
            (&["ResultWriter"], Shape::ResultWriter),
            (&["ResultWriter", "WriterConfig"], Shape::WriterConfig),
            (&["ItemProcessor", "ProcessorConfig"], Shape::ProcessorConfig),
            (&["Iterator", "ProcessorConfig"], Shape::ProcessorConfig),
        ];
        for (path, shape) in nested {
            let found = path.iter().try_fold(state.node, |node, name| node.get(name));
            if let Some(node) = found.filter(|node| is_object(node)) {
                let pointer = path.iter().fold(state.pointer.clone(), |pointer, name| pointer.child(name));
                each(shape, node, &pointer);
            }
        }
    }
}

/// A choice rule and those that are combined in it, with their pointers and how deep they stand.
pub(crate) fn choice_rules<'a>(
    node: &'a Node,
    pointer: &Pointer,
    depth: usize,
    each: &mut impl FnMut(&'a Node, &Pointer, usize),
) {
    if !is_object(node) {
        return;
    }
    each(node, pointer, depth);
    for field in ["And", "Or"] {
        if let Some(list) = node.get(field) {
            for (at, inner) in list.items().iter().enumerate() {
                choice_rules(inner, &pointer.child(field).index(at), depth + 1, each);
            }
        }
    }
    if let Some(inner) = node.get("Not") {
        choice_rules(inner, &pointer.child("Not"), depth + 1, each);
    }
}

pub(crate) fn is_object(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Mapping(_))
}
