//! Facts about AWS, and AWS's spelling of names, for all other rooms.
//!
//! Each fact is here once, with its source. [`integration`] knows what a task can call, [`TableOperation`] what DynamoDB does to items,
//! [`states`] the keywords of the Amazon States Language, [`needs`] the permissions that AWS requires of roles, [`policy`] the keywords of IAM
//! policies, [`principal`] the names of services in them, [`quota`] the limits of services. [`service_model`] contains the published API models
//! of the services, [`resource_schema`] the schemas of CloudFormation's resources. This room knows nothing about stacks, definitions or events.

mod arn;
pub mod cloudformation;
pub mod context;
pub mod grants;
pub mod integration;
pub mod invocation;
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
