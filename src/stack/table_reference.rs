use super::{Handle, Sub, Table, Value};
use crate::name::IndexName;

/// A table that a stack works with: one of its own, or one that was there before.
#[derive(Debug, Clone, PartialEq)]
pub struct TableReference {
    name: Value,
    arn: Value,
}

impl TableReference {
    /// A table that is there already.
    pub fn existing(name: Value, arn: Value) -> Self {
        Self { name, arn }
    }

    /// What the table is called in a request.
    pub fn reference(&self) -> Value {
        self.name.clone()
    }

    /// The table's ARN.
    pub fn arn(&self) -> Value {
        self.arn.clone()
    }

    /// The name under which CloudWatch has the table's metrics here. Those of a table that is known by its ARN are in its own account and region.
    pub fn metric_name(&self) -> Option<Value> {
        (self.name != self.arn).then(|| self.name.clone())
    }

    /// The ARN of an index of the table.
    pub fn index_arn(&self, index: &IndexName) -> Value {
        Sub::default().value(&self.arn).text("/index/").text(index.as_str()).into()
    }
}

impl From<&Handle<Table>> for TableReference {
    fn from(table: &Handle<Table>) -> Self {
        Self { name: table.reference(), arn: table.arn() }
    }
}
