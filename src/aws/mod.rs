//! Facts about AWS, and AWS's spelling of names, for all other rooms.
//!
//! A fact of AWS stands here once, with its source. [`integration`] says what a task can call, [`TableOperation`] what DynamoDB does to
//! items, [`states`] has the words of Amazon States Language, [`needs`] what AWS asks of roles, [`policy`] the words of IAM's policies, [`principal`] what they call the services, [`quota`] how much AWS takes. [`service_model`] holds the published models
//! of the services, [`resource_schema`] those of CloudFormation's resources; nothing here knows of stacks, definitions or events.

mod arn;
pub mod cloudformation;
pub mod context;
pub mod grants;
pub mod integration;
mod key_type;
pub mod needs;
pub mod pipes;
pub mod policy;
pub mod principal;
pub mod quota;
pub mod resource_schema;
mod resource_type;
pub mod s3;
pub mod sam;
pub mod schedule;
pub mod service_model;
pub mod states;
mod table_operation;
mod words;

pub use arn::Arn;
pub use key_type::KeyType;
pub use resource_type::{CDK_SETTINGS, ResourceType};
pub use table_operation::{Finds, ItemRequest, TableOperation, table_name};
