//! The [context object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html): what an execution knows of
//! itself.

/// A field of one of its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextField {
    /// As AWS spells it.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it is there wherever its object is.
    pub always: bool,
}

/// What a field of the context object holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// The user's own data: any JSON, or a further object with data in it.
    Data,
}

const fn field(name: &'static str, holds: Holds) -> ContextField {
    ContextField { name, holds, always: true }
}

const fn perhaps(name: &'static str, holds: Holds) -> ContextField {
    ContextField { name, holds, always: false }
}

/// How often a state was tried again: a field of `State` in a state that can be tried again, and in no other, as recorded executions show.
pub const RETRY_COUNT: &str = "RetryCount";

/// Its objects, each with its fields. `Task` is there only in a task with `.waitForTaskToken`, `Map` only in and below a Map.
pub const OBJECTS: [(&str, &[ContextField]); 5] = [
    (
        "Execution",
        &[
            field("Id", Holds::Text),
            field("Input", Holds::Data),
            field("Name", Holds::Text),
            field("RoleArn", Holds::Text),
            field("StartTime", Holds::Text),
            field("RedriveCount", Holds::Number),
            perhaps("RedriveTime", Holds::Text),
        ],
    ),
    ("State", &[field("EnteredTime", Holds::Text), field("Name", Holds::Text), perhaps(RETRY_COUNT, Holds::Number)]),
    ("StateMachine", &[field("Id", Holds::Text), field("Name", Holds::Text)]),
    ("Task", &[field("Token", Holds::Text)]),
    ("Map", &[field("Item", Holds::Data)]),
];

/// The fields of `Map.Item`.
pub const ITEM: [ContextField; 4] = [
    field("Index", Holds::Number),
    field("Value", Holds::Data),
    perhaps("Key", Holds::Text),
    perhaps("Source", Holds::Text),
];
