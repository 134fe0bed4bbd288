//! The logs of the API, and its traces: what is kept of requests.

use crate::aws::cloudformation::Pseudo;
use crate::catalog::{CatalogError, Parts, id, tags};
use crate::spec::{AccessLogs, ApiLogsSpec, ApiSpec, ApiType, Encryption, LogRetention, Spec};
use crate::stack::{EncryptionKey, Handle, LogGroup, Sub, TemplateBuilder};

/// For how many days the access logs are kept where nothing is said.
const LOG_DAYS: u32 = 30;

/// How the logs are kept: as the API says, or else as the state machine does.
pub(super) fn kept(spec: &Spec, api: &ApiSpec) -> Option<ApiLogsSpec> {
    let as_machine = || {
        let logging = spec.state_machine.logging.as_ref()?;
        Some(ApiLogsSpec { retention_days: logging.retention_days.clone(), encryption: logging.encryption })
    };
    api.logs.clone().or_else(as_machine)
}

/// Whether requests are traced: as the API says, or else as executions are.
pub(super) fn traced(spec: &Spec, api: &ApiSpec) -> bool {
    api.tracing.unwrap_or(spec.state_machine.tracing)
}

/// Whether the API has a log at all.
pub(super) fn any(api: &ApiSpec) -> bool {
    api.access_logs == AccessLogs::Json || api.api_type == ApiType::Lambda
}

/// Whether the logs are encrypted with the stack's own key.
pub(in crate::catalog) fn by_key(spec: &Spec) -> bool {
    let Some(api) = &spec.api else { return false };
    any(api) && kept(spec, api).is_some_and(|logs| logs.encryption == Some(Encryption::Kms))
}

/// What the names of the API's log groups have in common, for the policy of the key.
pub(in crate::catalog) fn group_names() -> Sub {
    Sub::default().text("/aws/*/").pseudo(Pseudo::StackName).text("-files")
}

/// The log group of API Gateway's access logs.
pub(super) fn of_requests(
    parts: &Parts<'_>,
    api: &ApiSpec,
    template: &mut TemplateBuilder,
) -> Result<Handle<LogGroup>, CatalogError> {
    let logs = kept(parts.spec, api);
    Ok(template.add(id("FilesApiLogs")?, group(parts, "/aws/apigateway/", logs.as_ref()))?)
}

/// The log group of the function, if the stack keeps its log and Lambda does not.
pub(super) fn of_function(
    parts: &Parts<'_>,
    api: &ApiSpec,
    template: &mut TemplateBuilder,
) -> Result<Option<Handle<LogGroup>>, CatalogError> {
    let Some(logs) = kept(parts.spec, api) else { return Ok(None) };
    Ok(Some(template.add(id("FilesFunctionLogs")?, group(parts, "/aws/lambda/", Some(&logs)))?))
}

fn group(parts: &Parts<'_>, prefix: &str, logs: Option<&ApiLogsSpec>) -> LogGroup {
    let name = Sub::default().text(prefix).pseudo(Pseudo::StackName).text("-files");
    LogGroup {
        kms_key_id: parts.key.filter(|_| by_key(parts.spec)).map(EncryptionKey::arn),
        log_group_name: name.into(),
        retention_in_days: logs.map_or(LOG_DAYS.into(), |logs| logs.retention_days.clone().map(LogRetention::days)),
        tags: tags::listed(parts.spec),
    }
}
