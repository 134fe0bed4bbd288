//! How S3's errors are spelled.

use crate::simulate::services::TaskError;
use crate::simulate::services::answer::Ids;

/// The error of an S3 call: one like every SDK's, with a second id.
pub(in crate::simulate::services) fn error(exception: &str, message: &str, status: u16, ids: &mut Ids) -> TaskError {
    let (request, extended) = (ids.letters(16), ids.letters(76));
    TaskError::new(
        format!("S3.{exception}"),
        format!(
            "{message} (Service: S3, Status Code: {status}, Request ID: {request}, Extended Request ID: {extended})"
        ),
    )
}
