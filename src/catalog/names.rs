//! The names that several parts of the blueprint share.

use super::error::CatalogError;
use crate::asl::SubstitutionName;
use crate::name::LogicalId;

/// The substitution that stands for the table's name in the definitions.
pub(super) const TABLE_NAME: &str = "TableName";

/// The substitution that stands for the bucket's name in the definitions that ask S3.
pub(super) const BUCKET_NAME: &str = "BucketName";

/// The route of what was created, the article's. It is always there.
pub(super) const OBJECT_CREATED: &str = "ObjectCreated";

/// The logical id of a resource of the blueprint.
pub(super) fn id(text: &str) -> Result<LogicalId, CatalogError> {
    Ok(LogicalId::parse(text)?)
}

/// A substitution of its definitions.
pub(super) fn substitution(text: &str) -> Result<SubstitutionName, CatalogError> {
    SubstitutionName::parse(text)
        .ok_or_else(|| CatalogError::Blueprint(format!("`{text}` is not a valid name of a substitution")))
}
