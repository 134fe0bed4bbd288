use super::{Sub, TableReference, Value};
use crate::aws::TableOperation;
use crate::aws::cloudformation::Pseudo;
use crate::name::IndexName;

/// An operation of DynamoDB on one table or one index of it, made by something other than a task of a workflow. The role that
/// makes it gets its permission from it: [`PolicyDocument::for_calls`](super::PolicyDocument::for_calls).
#[derive(Debug, Clone, PartialEq)]
pub struct TableCall {
    operation: TableOperation,
    resource: Value,
}

impl TableCall {
    /// [`GetItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html).
    pub fn get_item(table: &TableReference) -> Self {
        Self { operation: TableOperation::GetItem, resource: table.arn() }
    }

    /// [`Query`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html) of the table.
    pub fn query(table: &TableReference) -> Self {
        Self { operation: TableOperation::Query, resource: table.arn() }
    }

    /// The same, of an index.
    pub fn query_index(table: &TableReference, index: &IndexName) -> Self {
        Self { operation: TableOperation::Query, resource: table.index_arn(index) }
    }

    /// The action that a policy allows: `dynamodb:Query`.
    pub fn iam_action(&self) -> String {
        format!("dynamodb:{}", self.operation.name())
    }

    /// What it is done to, as an ARN.
    pub fn resource(&self) -> &Value {
        &self.resource
    }

    /// Where an [integration](https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html) of API Gateway sends it.
    pub fn integration_uri(&self) -> Value {
        let service = Sub::default().text("arn:").pseudo(Pseudo::Partition).text(":apigateway:").pseudo(Pseudo::Region);
        service.text(":dynamodb:action/").text(&self.operation.name()).into()
    }
}
