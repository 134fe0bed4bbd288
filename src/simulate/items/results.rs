use serde_json::{Map, Value, json};

/// How results are [written](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html):
/// `Transformation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transformation {
    /// `NONE`: each with what is known of its execution.
    #[default]
    None,
    /// `COMPACT`: the outputs only.
    Compact,
    /// `FLATTEN`: the outputs only, with the elements of those that are arrays.
    Flatten,
}

/// The `OutputType` of a `ResultWriter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputType {
    /// `JSON`: an array.
    #[default]
    Json,
    /// `JSONL`: one a line.
    JsonLines,
}

impl Transformation {
    /// The one of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "NONE" => Some(Self::None),
            "COMPACT" => Some(Self::Compact),
            "FLATTEN" => Some(Self::Flatten),
            _ => None,
        }
    }
}

impl OutputType {
    /// The one of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "JSON" => Some(Self::Json),
            "JSONL" => Some(Self::JsonLines),
            _ => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "jsonl",
        }
    }
}

/// What became of one item or batch.
#[derive(Debug, Clone, PartialEq)]
pub struct ChildExecution {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The ARN of its state machine.
    pub state_machine_arn: String,
    /// When it was started, in ISO 8601; none while it is pending.
    pub start: Option<String>,
    /// When it ended.
    pub stop: Option<String>,
    /// What it was given.
    pub input: Value,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a child execution ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It did not begin, because too many others failed.
    Pending,
    /// It gave this.
    Succeeded(Value),
    /// It failed.
    Failed {
        /// The error's name.
        error: Option<String>,
        /// Its cause.
        cause: Option<String>,
    },
}

/// The files of a `ResultWriter`.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFiles {
    /// Key and text of each; the manifest is last.
    pub files: Vec<(String, String)>,
    /// What the Map state gives instead of its results.
    pub output: Value,
}

/// The files that a `ResultWriter` puts below a prefix in a bucket, and what the state gives.
pub fn result_files(
    (bucket, prefix): (&str, &str),
    map_run_arn: &str,
    executions: &[ChildExecution],
    transformation: Transformation,
    output_type: OutputType,
) -> ResultFiles {
    let run = map_run_arn.rsplit(':').next().unwrap_or_default();
    let folder = match prefix.trim_end_matches('/') {
        "" => run.to_owned(),
        prefix => format!("{prefix}/{run}"),
    };
    let mut files = Vec::new();
    let mut listed = Map::new();
    for status in ["FAILED", "PENDING", "SUCCEEDED"] {
        let those = executions.iter().filter(|execution| execution.status() == status);
        let entries: Vec<Value> = match (status, transformation) {
            ("SUCCEEDED", Transformation::Compact | Transformation::Flatten) => {
                transformed(those.filter_map(ChildExecution::output).cloned().collect(), transformation)
            }
            _ => those.map(ChildExecution::record).collect(),
        };
        if entries.is_empty() {
            listed.insert(status.to_owned(), json!([]));
            continue;
        }
        let key = format!("{folder}/{status}_0.{}", output_type.extension());
        let text = text(entries, output_type);
        listed.insert(status.to_owned(), json!([{"Key": key, "Size": text.len()}]));
        files.push((key, text));
    }
    let manifest = json!({"DestinationBucket": bucket, "MapRunArn": map_run_arn, "ResultFiles": listed});
    let key = format!("{folder}/manifest.json");
    let output = json!({"MapRunArn": map_run_arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}});
    files.push((key, manifest.to_string()));
    ResultFiles { files, output }
}

/// Outputs, with the elements of those that are arrays where they are to be flattened.
pub fn transformed(outputs: Vec<Value>, transformation: Transformation) -> Vec<Value> {
    if transformation != Transformation::Flatten {
        return outputs;
    }
    let mut flat = Vec::with_capacity(outputs.len());
    for output in outputs {
        match output {
            Value::Array(items) => flat.extend(items),
            other => flat.push(other),
        }
    }
    flat
}

fn text(entries: Vec<Value>, output_type: OutputType) -> String {
    match output_type {
        OutputType::Json => Value::Array(entries).to_string(),
        OutputType::JsonLines => entries.iter().map(|entry| format!("{entry}\n")).collect(),
    }
}

impl ChildExecution {
    fn status(&self) -> &'static str {
        match self.outcome {
            Outcome::Pending => "PENDING",
            Outcome::Succeeded(_) => "SUCCEEDED",
            Outcome::Failed { .. } => "FAILED",
        }
    }

    fn output(&self) -> Option<&Value> {
        match &self.outcome {
            Outcome::Succeeded(output) => Some(output),
            _ => None,
        }
    }

    /// What a file says of it.
    fn record(&self) -> Value {
        let status = self.status();
        let included = json!({"Included": true});
        let mut fields = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(name.to_owned(), value);
            }
        };
        if let Outcome::Failed { error, cause } = &self.outcome {
            put("Cause", cause.as_deref().map(Value::from));
            put("Error", error.as_deref().map(Value::from));
        }
        put("ExecutionArn", Some(self.arn.as_str().into()));
        put("Input", Some(self.input.to_string().into()));
        put("InputDetails", Some(included.clone()));
        put("Name", Some(self.name.as_str().into()));
        put("Output", self.output().map(|output| output.to_string().into()));
        put("OutputDetails", self.output().map(|_| included));
        put("RedriveCount", Some(0.into()));
        let (redrive, reason) = match status {
            "FAILED" => ("REDRIVABLE_BY_MAP_RUN", None),
            _ => ("NOT_REDRIVABLE", Some(format!("Execution is {status} and cannot be redriven"))),
        };
        put("RedriveStatus", Some(redrive.into()));
        put("RedriveStatusReason", reason.map(Value::from));
        put("StartDate", self.start.as_deref().map(Value::from));
        put("StateMachineArn", Some(self.state_machine_arn.as_str().into()));
        put("Status", Some(status.into()));
        put("StopDate", self.stop.as_deref().map(Value::from));
        Value::Object(fields)
    }
}
