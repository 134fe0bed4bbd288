//! The words of [Amazon States Language](https://states-language.net/spec.html) that more than one room reads or writes: types of states,
//! query languages, types of workflows, modes, jitter, and the [names of errors](error) that Step Functions reports.
//!
//! The interpreter, the checks, the pictures and what is generated ask here; a list of words in a message is made of
//! the same enum that reads them.

use serde::{Deserialize, Serialize};

use super::words::words;

words! {
    /// The [type](https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html) of a state.
    StateType {
        /// Calls a service.
        Task = "Task",
        /// Passes data on.
        Pass = "Pass",
        /// Chooses what follows.
        Choice = "Choice",
        /// Waits.
        Wait = "Wait",
        /// Ends well.
        Succeed = "Succeed",
        /// Ends with an error.
        Fail = "Fail",
        /// Does several things at once.
        Parallel = "Parallel",
        /// Does one thing for every item.
        Map = "Map",
    }
}

impl StateType {
    /// Whether a state of this type says by `Next` or `End` what follows: a Choice does so in its rules, and nothing follows an end.
    pub const fn has_next(self) -> bool {
        matches!(self, Self::Task | Self::Pass | Self::Wait | Self::Parallel | Self::Map)
    }

    /// Whether a state of this type ends what it stands in.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Succeed | Self::Fail)
    }
}

words! {
    /// The language in which a state reads its input:
    /// [`QueryLanguage`](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
    #[derive(Default, Serialize, Deserialize, schemars::JsonSchema)]
    #[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
    QueryLanguage {
        /// Paths and intrinsic functions, in fields whose name ends in `.$`.
        #[default]
        #[serde(rename = "JSONPath")]
        #[cfg_attr(feature = "cli", value(name = "JSONPath"))]
        JsonPath = "JSONPath",
        /// Expressions, in texts between `{%` and `%}`.
        #[serde(rename = "JSONata")]
        #[cfg_attr(feature = "cli", value(name = "JSONata"))]
        Jsonata = "JSONata",
    }
}

words! {
    /// The two [kinds of workflow](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html).
    #[derive(Default, Serialize, Deserialize, schemars::JsonSchema)]
    #[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
    #[serde(rename_all = "UPPERCASE")]
    #[cfg_attr(feature = "cli", value(rename_all = "UPPER"))]
    WorkflowType {
        /// Every execution is kept for 90 days, to be looked at; paid by state transition.
        #[default]
        Standard = "STANDARD",
        /// Executions are only seen in logs; paid by request and duration, a small part of the price.
        Express = "EXPRESS",
    }
}

words! {
    /// Where a Map [runs](https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html) what it does with each item.
    ProcessorMode {
        /// In the execution itself.
        Inline = "INLINE",
        /// In an execution of its own.
        Distributed = "DISTRIBUTED",
    }
}

words! {
    /// Whether the waits between tries are random.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    JitterStrategy {
        /// Each wait is a random part of its length, so executions that failed together do not come back together.
        Full = "FULL",
        /// Each wait is its whole length.
        None = "NONE",
    }
}

/// The fields of a state that hold the states inside it.
pub const INNER: [&str; 3] = ["Branches", "ItemProcessor", "Iterator"];

/// What [`$states`](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#transforming-reserved-states-variable)
/// has in JSONata.
pub const RESERVED_VARIABLE: [&str; 4] = ["input", "result", "errorOutput", "context"];

/// The names of the [errors](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation)
/// that Step Functions itself reports.
pub mod error {
    /// In a retrier or catcher: any error, but for two that nothing catches so.
    pub const ALL: &str = "States.ALL";
    /// A branch of a Parallel state failed.
    pub const BRANCH_FAILED: &str = "States.BranchFailed";
    /// Data is larger than 256 KiB.
    pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
    /// More items of a Map failed than may.
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
    /// A task was silent for longer than it may be.
    pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
    /// An HTTP task got no answer.
    pub const HTTP_SOCKET: &str = "States.Http.Socket";
    /// An HTTP task got an answer that is an error; what is reported has the status at its end.
    pub const HTTP_STATUS_CODE: &str = "States.Http.StatusCode";
    /// An intrinsic function failed.
    pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
    /// What a Map works on cannot be read.
    pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
    /// No rule of a Choice holds, and it has no `Default`.
    pub const NO_CHOICE_MATCHED: &str = "States.NoChoiceMatched";
    /// A path in `Parameters` leads to nothing.
    pub const PARAMETER_PATH_FAILURE: &str = "States.ParameterPathFailure";
    /// The role may not do what a task does.
    pub const PERMISSIONS: &str = "States.Permissions";
    /// A JSONata expression failed.
    pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
    /// `ResultPath` cannot be applied to the input.
    pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
    /// What a Map answers cannot be written.
    pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
    /// The definition asks for something that cannot be done with this data.
    pub const RUNTIME: &str = "States.Runtime";
    /// In a retrier or catcher: any error but a timeout.
    pub const TASK_FAILED: &str = "States.TaskFailed";
    /// A task took longer than it may.
    pub const TIMEOUT: &str = "States.Timeout";

    /// All of them. Names that begin with `States.` are reserved, so that there is no other.
    pub const RESERVED: [&str; 18] = [
        ALL,
        BRANCH_FAILED,
        DATA_LIMIT_EXCEEDED,
        EXCEED_TOLERATED_FAILURE_THRESHOLD,
        HEARTBEAT_TIMEOUT,
        HTTP_SOCKET,
        HTTP_STATUS_CODE,
        INTRINSIC_FAILURE,
        ITEM_READER_FAILED,
        NO_CHOICE_MATCHED,
        PARAMETER_PATH_FAILURE,
        PERMISSIONS,
        QUERY_EVALUATION_ERROR,
        RESULT_PATH_MATCH_FAILURE,
        RESULT_WRITER_FAILED,
        RUNTIME,
        TASK_FAILED,
        TIMEOUT,
    ];

    /// When each is reported, in words.
    pub const MEANINGS: [(&str, &str); 18] = [
        (ALL, "any error, but `States.DataLimitExceeded` and `States.Runtime` in a Retry or Catch"),
        (BRANCH_FAILED, "a branch of a Parallel state failed"),
        (DATA_LIMIT_EXCEEDED, "an input or output is larger than 256 KiB"),
        (EXCEED_TOLERATED_FAILURE_THRESHOLD, "more items of a Map failed than it tolerates"),
        (HEARTBEAT_TIMEOUT, "a task was silent for longer than `HeartbeatSeconds`"),
        (HTTP_SOCKET, "an HTTP task could not connect, or the answer took too long"),
        (HTTP_STATUS_CODE, "an HTTP task was answered with a status that is no success"),
        (INTRINSIC_FAILURE, "an intrinsic function failed"),
        (ITEM_READER_FAILED, "a Map could not read the items of its `ItemReader`"),
        (NO_CHOICE_MATCHED, "no rule of a Choice held, and it has no `Default`"),
        (PARAMETER_PATH_FAILURE, "a path of `Parameters` or another template leads nowhere"),
        (PERMISSIONS, "a task lacks a permission"),
        (QUERY_EVALUATION_ERROR, "a JSONata expression failed, or gave nothing or the wrong type"),
        (RESULT_PATH_MATCH_FAILURE, "a `ResultPath` cannot be applied to the input"),
        (RESULT_WRITER_FAILED, "a Map could not write its results to its `ResultWriter`"),
        (RUNTIME, "the execution failed for something that it cannot handle, such as a path that leads nowhere"),
        (TASK_FAILED, "a task failed with any error, but `States.Timeout`"),
        (TIMEOUT, "a task ran for longer than `TimeoutSeconds`, or was silent for longer than `HeartbeatSeconds`"),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for known in StateType::ALL {
            assert_eq!(StateType::of(known.as_str()), Some(*known));
        }
        for known in WorkflowType::ALL {
            assert_eq!(serde_json::to_value(known).unwrap(), known.as_str());
        }
        for known in QueryLanguage::ALL {
            assert_eq!(serde_json::to_value(known).unwrap(), known.as_str());
        }
        for known in JitterStrategy::ALL {
            assert_eq!(serde_json::to_value(known).unwrap(), known.as_str());
        }
        assert_eq!((StateType::of("task"), ProcessorMode::of("Inline")), (None, None));
    }

    #[test]
    fn reserved_names_say_so() {
        assert!(error::RESERVED.iter().all(|name| name.starts_with("States.")));
        assert!(error::RESERVED.is_sorted());
    }
}
