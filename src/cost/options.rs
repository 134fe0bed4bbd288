use super::{Decimal, Quantity, Share};

/// What a bill is for, and what is assumed where nobody can know.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The region whose prices hold.
    pub region: String,
    /// How many events S3 sends in a month.
    pub events: Quantity,
    /// How many objects the table has records of. Without it, as many as a month's events make.
    pub objects: Option<Quantity>,
    /// How many reads there are in a month.
    pub reads: Quantity,
    /// How often the streams of tables are read in a month by others than Lambda, whose reads are free.
    pub stream_reads: Quantity,
    /// Whether what every account has free each month is taken off.
    pub free_tier: bool,
    /// Which part of the events is about what.
    pub mix: Mix,
    /// The size of a record in bytes. Without it, that of the record that the simulator writes.
    pub item_bytes: Option<u64>,
    /// How many items a Map has, where the definition alone is looked at.
    pub map_items: u64,
    /// How often a loop that only an error leaves goes round, where the definition alone is looked at. Without it, nothing is
    /// counted of a definition that has one.
    pub loop_rounds: Option<u64>,
    /// How long a service takes to answer a task, in milliseconds.
    pub task_ms: u64,
    /// How long an execution takes, in milliseconds. Without it, its waits and `task_ms` for every call.
    pub duration_ms: Option<u64>,
    /// How long a function runs, in milliseconds.
    pub function_ms: u64,
    /// The memory that Step Functions counts for an execution of an EXPRESS workflow, in MB. It is billed in steps of 64.
    pub memory_mb: u64,
    /// Which part of executions and requests X-Ray records, where tracing is on.
    pub traced: Share,
}

/// Which part of the events is about what. What is left is about new files.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    /// Files that have a record already.
    pub updates: Share,
    /// Events that come twice, or late.
    pub late: Share,
    /// Deletions. Without it, 5 % where the stack takes them, and none where it does not.
    pub deletions: Option<Share>,
    /// Changes of tags, access control lists, storage classes and the like. Without it, the same.
    pub changes: Option<Share>,
    /// Events whose execution fails because DynamoDB throttles every attempt.
    pub failures: Share,
}

impl Mix {
    /// A mix in which every event is a new file.
    pub fn new_files() -> Self {
        let none = Share::none();
        Self {
            updates: none.clone(),
            late: none.clone(),
            deletions: Some(none.clone()),
            changes: Some(none.clone()),
            failures: none,
        }
    }

    /// What is left for new files, if deletions and changes have these shares; `None` if there is less than nothing.
    pub(crate) fn rest(&self, deletions: &Decimal, changes: &Decimal) -> Option<Decimal> {
        let others = [self.updates.decimal(), self.late.decimal(), self.failures.decimal()];
        let others = others.into_iter().chain([deletions.clone(), changes.clone()]).sum();
        (others <= Decimal::one()).then(|| Decimal::one() - others)
    }
}

impl Default for Mix {
    fn default() -> Self {
        let (updates, late) = (Share::percent(20), Share::percent(1));
        Self { updates, late, deletions: None, changes: None, failures: Share::none() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            region: "us-east-1".to_owned(),
            events: Quantity::new(1_000_000),
            objects: None,
            reads: Quantity::new(0),
            stream_reads: Quantity::new(0),
            free_tier: false,
            mix: Mix::default(),
            item_bytes: None,
            map_items: 10,
            loop_rounds: None,
            task_ms: 50,
            duration_ms: None,
            function_ms: 100,
            memory_mb: 64,
            traced: Share::percent(100),
        }
    }
}
