//! The fields of the [Amazon States Language](https://states-language.net/spec.html): which there are, in which language,
//! and what each takes. One table for every rule that asks.

use std::sync::LazyLock;

use crate::loaded::below;
use crate::source::{Kind as NodeKind, Node};

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
    /// A state of a type: its index in [`TYPES`].
    State(usize),
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

/// A field.
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

/// The types of states.
pub(crate) const TYPES: [&str; 8] = ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"];

const TASK: usize = 0;
const PASS: usize = 1;
const CHOICE: usize = 2;
const WAIT: usize = 3;
const SUCCEED: usize = 4;
const FAIL: usize = 5;
const PARALLEL: usize = 6;
const MAP: usize = 7;

const YEARS: i64 = 99_999_999;

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
const STATE: &[(Field, &[usize])] = &[
    (field("Type", Takes::Any), &[TASK, PASS, CHOICE, WAIT, SUCCEED, FAIL, PARALLEL, MAP]),
    (field("Comment", Takes::Any), &[TASK, PASS, CHOICE, WAIT, SUCCEED, FAIL, PARALLEL, MAP]),
    (field("QueryLanguage", Takes::Any), &[TASK, PASS, CHOICE, WAIT, SUCCEED, FAIL, PARALLEL, MAP]),
    (field("Next", Takes::Text), &[TASK, PASS, WAIT, PARALLEL, MAP]),
    (field("End", Takes::Boolean), &[TASK, PASS, WAIT, PARALLEL, MAP]),
    (field("InputPath", Takes::Path).path(), &[TASK, PASS, CHOICE, WAIT, SUCCEED, PARALLEL, MAP]),
    (field("OutputPath", Takes::Path).path(), &[TASK, PASS, CHOICE, WAIT, SUCCEED, PARALLEL, MAP]),
    (field("ResultPath", Takes::Path).path(), &[TASK, PASS, PARALLEL, MAP]),
    (field("Parameters", Takes::Any).path(), &[TASK, PASS, PARALLEL, MAP]),
    (field("ResultSelector", Takes::Object).path(), &[TASK, PARALLEL, MAP]),
    (field("Arguments", Takes::Any).jsonata(), &[TASK, PARALLEL]),
    (field("Output", Takes::Any).jsonata(), &[TASK, PASS, CHOICE, WAIT, SUCCEED, PARALLEL, MAP]),
    (field("Assign", Takes::Object).computed(), &[TASK, PASS, CHOICE, WAIT, PARALLEL, MAP]),
    (field("Retry", Takes::List), &[TASK, PARALLEL, MAP]),
    (field("Catch", Takes::List), &[TASK, PARALLEL, MAP]),
    (field("Resource", Takes::Text).required(), &[TASK]),
    (field("TimeoutSeconds", Takes::Integer(1, YEARS)).computed(), &[TASK]),
    (field("TimeoutSecondsPath", Takes::Path).path(), &[TASK]),
    (field("HeartbeatSeconds", Takes::Integer(1, YEARS)).computed(), &[TASK]),
    (field("HeartbeatSecondsPath", Takes::Path).path(), &[TASK]),
    (field("Credentials", Takes::Object).computed(), &[TASK]),
    (field("Result", Takes::Any).path(), &[PASS]),
    (field("Choices", Takes::SomeList).required(), &[CHOICE]),
    (field("Default", Takes::Text), &[CHOICE]),
    (field("Seconds", Takes::Integer(0, YEARS)).computed(), &[WAIT]),
    (field("SecondsPath", Takes::Path).path(), &[WAIT]),
    (field("Timestamp", Takes::Text), &[WAIT]),
    (field("TimestampPath", Takes::Path).path(), &[WAIT]),
    (field("Error", Takes::Text), &[FAIL]),
    (field("ErrorPath", Takes::Path).path(), &[FAIL]),
    (field("Cause", Takes::Text), &[FAIL]),
    (field("CausePath", Takes::Path).path(), &[FAIL]),
    (field("Branches", Takes::SomeList).required(), &[PARALLEL]),
    (field("ItemProcessor", Takes::Object), &[MAP]),
    (field("Iterator", Takes::Object), &[MAP]),
    (field("Items", Takes::List).jsonata().computed(), &[MAP]),
    (field("ItemsPath", Takes::Path).path(), &[MAP]),
    (field("ItemSelector", Takes::Any), &[MAP]),
    (field("ItemReader", Takes::Object), &[MAP]),
    (field("ItemBatcher", Takes::Object), &[MAP]),
    (field("ResultWriter", Takes::Object), &[MAP]),
    (field("MaxConcurrency", Takes::Integer(0, YEARS)).computed(), &[MAP]),
    (field("MaxConcurrencyPath", Takes::Path).path(), &[MAP]),
    (field("ToleratedFailureCount", Takes::Integer(0, i64::MAX)).computed(), &[MAP]),
    (field("ToleratedFailureCountPath", Takes::Path).path(), &[MAP]),
    (field("ToleratedFailurePercentage", Takes::Number(0.0, 100.0)).computed(), &[MAP]),
    (field("ToleratedFailurePercentagePath", Takes::Path).path(), &[MAP]),
    (field("Label", Takes::Text), &[MAP]),
];

static STATES: LazyLock<Vec<Vec<Field>>> = LazyLock::new(|| {
    let of = |index| STATE.iter().filter(move |(_, types)| types.contains(&index)).map(|(field, _)| *field);
    (0..TYPES.len()).map(|index| of(index).collect()).collect()
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
    field("JitterStrategy", Takes::OneOf(&["FULL", "NONE"])),
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
    field("MaxItems", Takes::Integer(1, 100_000_000)).computed(),
    field("MaxItemsPath", Takes::Path).path(),
    field("ManifestType", Takes::OneOf(&["ATHENA_DATA", "S3_INVENTORY"])).computed(),
    field("Transformation", Takes::OneOf(&["NONE", "LOAD_AND_FLATTEN"])).computed(),
    field("ItemsPointer", Takes::Text),
    field("Comment", Takes::Any),
];
const ITEM_BATCHER: &[Field] = &[
    field("MaxItemsPerBatch", Takes::Integer(1, i64::MAX)).computed(),
    field("MaxItemsPerBatchPath", Takes::Path).path(),
    field("MaxInputBytesPerBatch", Takes::Integer(1, 262_144)).computed(),
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
    field("Mode", Takes::OneOf(&["INLINE", "DISTRIBUTED"])),
    field("ExecutionType", Takes::OneOf(&["STANDARD", "EXPRESS"])),
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
            Self::State(index) => &STATES[index],
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
            Self::State(index) => format!("a {} state", TYPES[index]),
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

/// A type by its name.
pub(crate) fn type_index(state_type: &str) -> Option<usize> {
    TYPES.iter().position(|name| *name == state_type)
}

/// Everything with a fixed set of fields that belongs to a state: the state, its retriers, its choice rules.
/// What is no object, or only known when the definition is deployed, is left out.
pub(crate) fn shapes<'a>(state: &StateView<'a>, mut each: impl FnMut(Shape, &'a Node, &str)) {
    let Some(index) = state.state_type.and_then(type_index) else { return };
    each(Shape::State(index), state.node, &state.pointer);
    for (field, shape) in [("Retry", Shape::Retrier), ("Catch", Shape::Catcher)] {
        if let Some(list) = state.get(field) {
            for (at, node) in list.items().iter().enumerate().filter(|(_, node)| is_object(node)) {
                each(shape, node, &format!("{}/{at}", state.pointer_to(field)));
            }
        }
    }
    if index == CHOICE
        && let Some(choices) = state.get("Choices")
    {
        for (at, node) in choices.items().iter().enumerate() {
            choice_rules(node, &format!("{}/{at}", state.pointer_to("Choices")), 0, &mut |node, pointer, _| {
                each(Shape::ChoiceRule, node, pointer);
            });
        }
    }
    if index == MAP {
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
                let pointer = path.iter().fold(state.pointer.clone(), |pointer, name| below(&pointer, name));
                each(shape, node, &pointer);
            }
        }
    }
}

/// A choice rule and those that are combined in it, with their pointers and how deep they stand.
pub(crate) fn choice_rules<'a>(
    node: &'a Node,
    pointer: &str,
    depth: usize,
    each: &mut impl FnMut(&'a Node, &str, usize),
) {
    if !is_object(node) {
        return;
    }
    each(node, pointer, depth);
    for field in ["And", "Or"] {
        if let Some(list) = node.get(field) {
            for (at, inner) in list.items().iter().enumerate() {
                choice_rules(inner, &format!("{pointer}/{field}/{at}"), depth + 1, each);
            }
        }
    }
    if let Some(inner) = node.get("Not") {
        choice_rules(inner, &format!("{pointer}/Not"), depth + 1, each);
    }
}

pub(crate) fn is_object(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Mapping(_))
}
