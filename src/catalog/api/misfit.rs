use thiserror::Error;

/// Why the choices about an API do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApiMisfit {
    /// A REST API has no authorizer for the tokens of any issuer.
    #[error(
        "an API of the type `direct` does not support `jwt`: it is a REST API, which accepts only tokens of a Cognito user pool"
    )]
    JwtForDirect,
    /// The authorizer of a REST API takes every token of the pool.
    #[error(
        "an API of the type `direct` does not support `clients`: it is a REST API, which accepts every client of a user pool"
    )]
    ClientsForDirect,
    /// The authorizer of an HTTP API has to be told for whom tokens are.
    #[error("an API of the type `lambda` needs `clients`: it compares the audience of a token with this list")]
    NoClientsForLambda,
    /// Nothing of the API writes a log.
    #[error("this API writes no logs: it has no function, and `access_logs` is `none`")]
    NoLogs,
}

impl ApiMisfit {
    /// Where in the spec the choice is, as a JSON Pointer.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::JwtForDirect => "/api/auth/jwt",
            Self::ClientsForDirect => "/api/auth/cognito/clients",
            Self::NoClientsForLambda => "/api/auth/cognito",
            Self::NoLogs => "/api/logs",
        }
    }

    /// What to choose instead.
    pub fn help(self) -> &'static str {
        match self {
            Self::JwtForDirect => {
                "add `type: lambda`, whose HTTP API takes them; or write `cognito: {user_pool: ARN}` if the issuer is a user pool"
            }
            Self::ClientsForDirect => "leave it out, or add `type: lambda`, whose HTTP API tells clients apart",
            Self::NoClientsForLambda => "name the user pool's app clients: `clients: [ID]`",
            Self::NoLogs => "leave out `logs`, or write `access_logs: json`",
        }
    }
}
