//! What CloudFormation and SAM take as the properties of the resource types that this tool is about.
//!
//! The schemas are the published ones, reduced by `scripts/resource_schemas.py` to one embedded file that says where they come
//! from and of which day they are. Of a type that is not among them nothing is known.

mod archive;
mod schema;

pub use archive::{attributes, find, pattern_of, sources, types};
pub use schema::{Kind, Schema};
