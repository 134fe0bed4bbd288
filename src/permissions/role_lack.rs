//! What a role lacks for the API, the function, the schedule or the pipe that takes it on.

use crate::aws::needs::Weight;
use crate::loaded::Place;

/// Something that a role does not allow to the API or the function that takes it on.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleLack {
    /// Where it is asked for, or where the role says who may take it on.
    pub place: Place,
    /// The logical id of the role.
    pub role: String,
    /// The API or the function.
    pub taker: String,
    /// What it lacks.
    pub what: Lacked,
}

/// What a role lacks.
#[derive(Debug, Clone, PartialEq)]
pub enum Lacked {
    /// The service may not take it on.
    Trust(&'static str),
    /// It does not allow these actions; what for, and what happens otherwise.
    Actions(Vec<String>, &'static str, Weight),
}

/// Services whose actions in an integration are named as those of IAM are.
const CALLED: [&str; 6] = ["dynamodb", "events", "kinesis", "sns", "sqs", "states"];

/// The IAM action that an integration needs: `arn:aws:apigateway:REGION:dynamodb:action/Query`.
pub(super) fn called(uri: &str) -> Option<String> {
    let (start, action) = uri.split_once(":action/")?;
    let (_, service) = start.rsplit_once(':').filter(|(_, service)| CALLED.contains(service))?;
    Some(format!("{service}:{}", action.split('&').next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integration_names_its_action() {
        for (uri, action) in [
            ("arn:aws:apigateway:r:dynamodb:action/Query", Some("dynamodb:Query")),
            ("arn:aws:apigateway:r:states:action/StartExecution", Some("states:StartExecution")),
            ("arn:aws:apigateway:r:s3:path/x", None),
        ] {
            assert_eq!(called(uri).as_deref(), action);
        }
    }
}
