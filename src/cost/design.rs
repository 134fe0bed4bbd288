//! What a stack has that costs something, read from its template.

use serde_json::Value;

use crate::asl::program::{Mode, StateKind};
use crate::aws::ResourceType;
use crate::aws::integration::{Pattern, Resource};
use crate::loaded::{LoadedMachine, LoadedStack, LoadedTable, MachineType};

/// What of a stack costs something.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Design {
    /// Its state machines, in the order of [`LoadedStack::machines`].
    pub machines: Vec<MachineDesign>,
    /// Its tables.
    pub tables: Vec<TableDesign>,
    /// Its functions.
    pub functions: Vec<FunctionDesign>,
    /// The API that answers reads, if there is one.
    pub api: Option<ApiDesign>,
    /// Whether events of S3 are told to EventBridge for it.
    pub bucket_events: bool,
    /// How many alarms it has.
    pub alarms: u64,
    /// How many dashboards it has.
    pub dashboards: u64,
    /// How many keys of its own it has.
    pub keys: u64,
    /// How many of its tables, queues, topics, buckets and log groups are encrypted with such a key.
    pub encrypted: u64,
}

/// A state machine, as far as it costs something.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineDesign {
    /// What people call it: its logical id, or its name.
    pub label: String,
    /// Its ARN.
    pub arn: String,
    /// Which kind of workflow it is. Where nobody says, it counts as STANDARD.
    pub express: bool,
    /// What is logged.
    pub log: LogDesign,
    /// Whether X-Ray traces it.
    pub traced: bool,
    /// Why it cannot be an EXPRESS workflow, if it cannot.
    pub standard_only: Option<&'static str>,
}

/// Which events of executions are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// None.
    #[default]
    Off,
    /// Executions that failed, timed out or were aborted.
    Fatal,
    /// What failed, timed out or was aborted: states and executions.
    Error,
    /// All.
    All,
}

/// How a state machine or an API logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogDesign {
    /// Which events.
    pub level: LogLevel,
    /// Whether inputs and outputs are logged too.
    pub data: bool,
    /// For how many days logs are kept; `None` is without end.
    pub retention_days: Option<u64>,
}

/// A table, as far as it costs something.
#[derive(Debug, Clone, PartialEq)]
pub struct TableDesign {
    /// The table with its key and indexes.
    pub table: LoadedTable,
    /// Whether it can be set back in time.
    pub backup: bool,
    /// Whether its capacity is provisioned, so that requests are not what is paid for.
    pub provisioned: bool,
    /// Whether it has a stream.
    pub stream: bool,
}

/// A function, as far as it costs something.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionDesign {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its memory in MB.
    pub memory_mb: u64,
    /// Whether it runs on Arm.
    pub arm: bool,
}

/// An API, as far as it costs something.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiDesign {
    /// Whether it is a REST API; otherwise it is an HTTP API.
    pub rest: bool,
    /// The function that answers, if one does: its place in [`Design::functions`].
    pub function: Option<usize>,
    /// How many bytes a line of its access log has, if there is one, and for how many days it is kept.
    pub access_log: Option<(u64, Option<u64>)>,
    /// Whether X-Ray traces it.
    pub traced: bool,
}

/// What a value of `$context` is taken to have in an access log, in bytes.
const CONTEXT_VALUE: usize = 20;

impl Design {
    /// Reads what a stack has. What a condition of the template leaves out is left out.
    pub fn of(stack: &LoadedStack) -> Self {
        let resources = Resources::of(stack);
        let machines = stack.machines.iter().map(|machine| {
            let properties = machine.logical_id.as_deref().map(|id| resources.properties(id)).unwrap_or_default();
            MachineDesign {
                label: machine.logical_id.clone().unwrap_or_else(|| machine.name.clone()),
                arn: machine.arn.clone(),
                express: machine.machine_type == MachineType::Express,
                log: resources.machine_log(&properties),
                traced: traced(&properties),
                standard_only: standard_only(machine),
            }
        });
        let tables = stack.tables.iter().filter(|table| resources.is_made(&table.logical_id)).map(|table| {
            let properties = resources.properties(&table.logical_id);
            let backup = &properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
            TableDesign {
                backup: truth(backup),
                provisioned: properties["BillingMode"] != "PAY_PER_REQUEST"
                    && !properties["ProvisionedThroughput"].is_null(),
                stream: !properties["StreamSpecification"].is_null(),
                table: table.clone(),
            }
        });
        let functions: Vec<FunctionDesign> =
            stack.functions.iter().map(|function| resources.function(&function.logical_id, &function.arn)).collect();
        Self {
            machines: machines.collect(),
            tables: tables.collect(),
            api: resources.api(&functions, stack),
            functions,
            bucket_events: bucket_events(stack),
            alarms: resources.count(&[ResourceType::CloudWatchAlarm]),
            dashboards: resources.count(&[ResourceType::CloudWatchDashboard]),
            keys: resources.count(&[ResourceType::KmsKey]),
            encrypted: resources.encrypted(),
        }
    }

    /// The same with another kind of workflow, where that can be: a machine that has to be STANDARD stays it.
    #[must_use]
    pub fn with_express(mut self, express: bool) -> Self {
        for machine in &mut self.machines {
            machine.express = express && machine.standard_only.is_none();
        }
        self
    }

    /// The same with another level of logs.
    #[must_use]
    pub fn with_log_level(mut self, level: LogLevel) -> Self {
        for machine in &mut self.machines {
            if machine.log.level == LogLevel::Off {
                machine.log.retention_days = Some(30);
            }
            machine.log.level = level;
        }
        self
    }
}

/// Whether S3 is asked for events: a bucket says so, or a rule waits for them.
fn bucket_events(stack: &LoadedStack) -> bool {
    let waits =
        |pattern: &Value| matches!(&pattern["source"], Value::Array(sources) if sources.contains(&"aws.s3".into()));
    stack.buckets.iter().any(|bucket| bucket.sends_to_event_bridge == Some(true))
        || stack.rules.iter().filter_map(|rule| rule.pattern.as_ref()).any(|(pattern, _)| waits(pattern))
}

/// What of a definition [EXPRESS workflows do not have](https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html).
fn standard_only(machine: &LoadedMachine) -> Option<&'static str> {
    let program = machine.program()?.ok()?;
    program.states().find_map(|(_, state)| match &state.kind {
        StateKind::Task(task) if matches!(task.resource, Resource::Activity { .. }) => Some("it waits for activities"),
        StateKind::Task(task) => match task.resource.pattern() {
            Pattern::RequestResponse => None,
            Pattern::WaitForTaskToken => Some("it waits for task tokens"),
            Pattern::Sync | Pattern::Sync2 => Some("it waits for jobs (.sync)"),
        },
        StateKind::Map(map) if map.mode != Mode::Inline => Some("it has a distributed Map"),
        _ => None,
    })
}

/// `true`, also as a text: parameters are texts.
fn truth(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str() == Some("true"))
}

fn traced(properties: &Value) -> bool {
    let tracing = ["Tracing", "TracingConfiguration"].map(|name| &properties[name]["Enabled"]);
    tracing.into_iter().any(truth) || properties["Tracing"] == "Active" || truth(&properties["TracingEnabled"])
}

/// The number in a value, also where it is a text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The resources of a template with their properties worked out.
struct Resources {
    /// Logical id, type, properties.
    resources: Vec<(String, String, Value)>,
}

impl Resources {
    fn of(stack: &LoadedStack) -> Self {
        let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else {
            return Self { resources: Vec::new() };
        };
        let made = template.resources.values().filter(|resource| {
            resource.condition.as_deref().is_none_or(|condition| resolver.condition_holds(condition))
        });
        let resources = made.map(|resource| {
            let properties = template.properties(&resource.logical_id).map(|node| resolver.value(node));
            (resource.logical_id.clone(), resource.resource_type.clone(), properties.unwrap_or_default())
        });
        Self { resources: resources.collect() }
    }

    fn is_made(&self, id: &str) -> bool {
        self.resources.iter().any(|(known, ..)| known == id)
    }

    fn properties(&self, id: &str) -> Value {
        self.resources
            .iter()
            .find(|(known, ..)| known == id)
            .map(|(.., properties)| properties.clone())
            .unwrap_or_default()
    }

    fn of_type<'a>(&'a self, types: &'a [ResourceType]) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let of_type = self.resources.iter().filter(|(_, kind, _)| types.iter().any(|known| kind == known));
        of_type.map(|(id, _, properties)| (id.as_str(), properties))
    }

    fn count(&self, types: &[ResourceType]) -> u64 {
        self.of_type(types).count() as u64
    }

    /// For how many days the log group of an ARN keeps what it holds.
    fn retention(&self, arn: &str) -> Option<u64> {
        let groups: Vec<_> = self.of_type(&[ResourceType::LogsLogGroup]).collect();
        let named = groups.iter().find(|(id, properties)| {
            let name = properties["LogGroupName"].as_str().unwrap_or(id);
            arn.contains(&format!("log-group:{name}")) || arn.contains(*id)
        });
        named.or(groups.first().filter(|_| groups.len() == 1)).and_then(|(_, group)| number(&group["RetentionInDays"]))
    }

    fn machine_log(&self, properties: &Value) -> LogDesign {
        let logging =
            ["Logging", "LoggingConfiguration"].into_iter().map(|name| &properties[name]).find(|l| l.is_object());
        let Some(logging) = logging else { return LogDesign::default() };
        let level = match logging["Level"].as_str() {
            Some("ALL") => LogLevel::All,
            Some("ERROR") => LogLevel::Error,
            Some("FATAL") => LogLevel::Fatal,
            _ => LogLevel::Off,
        };
        let arn = &logging["Destinations"][0]["CloudWatchLogsLogGroup"]["LogGroupArn"];
        let retention_days = self.retention(arn.as_str().unwrap_or_default());
        LogDesign { level, data: truth(&logging["IncludeExecutionData"]), retention_days }
    }

    fn function(&self, id: &str, arn: &str) -> FunctionDesign {
        let properties = self.properties(id);
        FunctionDesign {
            arn: arn.to_owned(),
            name: arn.rsplit(':').next().unwrap_or(id).to_owned(),
            memory_mb: number(&properties["MemorySize"]).unwrap_or(128),
            arm: properties["Architectures"][0] == "arm64",
        }
    }

    fn api(&self, functions: &[FunctionDesign], stack: &LoadedStack) -> Option<ApiDesign> {
        let rest = self.of_type(&ResourceType::REST_APIS).next();
        let (_, properties) = rest.or_else(|| self.of_type(&ResourceType::HTTP_APIS).next())?;
        let settings = ["AccessLogSetting", "AccessLogSettings"].into_iter().map(|name| &properties[name]);
        let settings = settings.into_iter().find(|settings| settings.is_object());
        let access_log = settings.map(|settings| {
            let format = settings["Format"].as_str().unwrap_or_default();
            let values = format.matches("$context.").count();
            let bytes = format.len() + values * CONTEXT_VALUE;
            (bytes as u64, self.retention(settings["DestinationArn"].as_str().unwrap_or_default()))
        });
        // The function that has an event of the API.
        let serves = |id: &str| {
            let events = self.properties(id)["Events"].clone();
            let events = events.as_object().into_iter().flat_map(|events| events.values());
            events.into_iter().any(|event| event["Type"] == "Api" || event["Type"] == "HttpApi")
        };
        let function = stack.functions.iter().position(|function| serves(&function.logical_id));
        Some(ApiDesign {
            rest: rest.is_some(),
            function: function.filter(|at| *at < functions.len()),
            access_log,
            traced: traced(properties),
        })
    }

    /// How many resources name a key.
    fn encrypted(&self) -> u64 {
        const KEY_PROPERTIES: [&str; 3] = ["/KmsMasterKeyId", "/KmsKeyId", "/SSESpecification/KMSMasterKeyId"];
        const BUCKET: &str =
            "/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID";
        let by_key = |properties: &Value| {
            let key = KEY_PROPERTIES.iter().chain([&BUCKET]).find_map(|pointer| properties.pointer(pointer));
            key.and_then(Value::as_str).is_some_and(|key| !key.starts_with("alias/aws/"))
        };
        self.resources.iter().filter(|(_, _, properties)| by_key(properties)).count() as u64
    }
}
