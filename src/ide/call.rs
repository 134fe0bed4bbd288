//! The service calls of states: what they take, and which there are.

use crate::asl::Function;
use crate::aws::integration::{Call, Pattern, optimized_calls, sdk_actions, sdk_services};
use crate::aws::service_model::{Kind, Type};
use crate::outline::{Outline, StateView, task};

use super::proposals::{CompletionKind, Proposals};

/// What a `Resource` may name. Actions are proposed once the service is typed.
pub(super) fn resources(field: Option<&str>, typed: &str, found: &mut Proposals) {
    const ARN: &str = "arn:aws:states:::";
    if let Some(reader @ ("ItemReader" | "ResultWriter")) = field {
        let actions: &[&str] = if reader == "ItemReader" { &["getObject", "listObjectsV2"] } else { &["putObject"] };
        actions.iter().for_each(|action| found.text(&format!("{ARN}s3:{action}"), CompletionKind::Call, ""));
        return;
    }
    let target = typed.strip_prefix(ARN).unwrap_or_default();
    if let Some((service, _)) = target.strip_prefix("aws-sdk:").and_then(|call| call.split_once(':')) {
        for action in sdk_actions(service) {
            let call = format!("{ARN}aws-sdk:{service}:{action}");
            found.text(&call, CompletionKind::Call, "");
            found.text(&format!("{call}{}", Pattern::WaitForTaskToken), CompletionKind::Call, "waits for the token");
        }
        return;
    }
    for (service, action, patterns) in optimized_calls() {
        for pattern in patterns {
            found.text(&format!("{ARN}{service}:{action}{pattern}"), CompletionKind::Call, "optimized");
        }
    }
    for service in sdk_services() {
        found.text(&format!("{ARN}aws-sdk:{service}:"), CompletionKind::Call, "AWS SDK");
    }
}

/// The type of a member that a way of keys leads to. `.$` and indices are looked through.
pub(super) fn member_type(of: Type, path: &[&str]) -> Option<Type> {
    let mut at = of;
    for token in path {
        at = match at.kind() {
            Kind::List(of) => of,
            Kind::Map(of) => of,
            _ => at.member(token.strip_suffix(".$").unwrap_or(token))?.of,
        };
    }
    Some(at)
}

/// A type in a word.
pub(super) fn kind(of: Type) -> String {
    match of.kind() {
        Kind::Text => "string".to_owned(),
        Kind::Enum(values) if values.len() <= 6 => values.join(" | "),
        Kind::Enum(values) => format!("one of {} values", values.len()),
        Kind::Integer => "whole number".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Time => "time".to_owned(),
        Kind::Bytes => "bytes".to_owned(),
        Kind::Document => "any JSON".to_owned(),
        Kind::List(_) => "list".to_owned(),
        Kind::Map(_) => "map".to_owned(),
        Kind::Structure(_) | Kind::Union(_) => "object".to_owned(),
    }
}

/// The call of a state, if it is known.
pub(super) fn call_of(state: &StateView<'_>, outline: &Outline<'_>) -> Option<Call> {
    task::resource(state, outline)?.1.ok()?
}

/// How a function is called: `States.MathAdd(number, number) -> number`.
pub(super) fn signature(function: Function) -> String {
    use crate::asl::Kind as Of;
    let word = |kind: &Of| match kind {
        Of::Any => "any",
        Of::Text => "string",
        Of::Number => "number",
        Of::Array => "array",
        Of::Object => "object",
        Of::Boolean => "boolean",
    };
    let mut parameters: Vec<&str> = function.parameters().iter().map(word).collect();
    if *function.arity().end() == usize::MAX {
        parameters.push("...");
    }
    format!("{}({}) -> {}", function.name(), parameters.join(", "), word(&function.result()))
}

/// A service call, for a hover.
pub(super) fn call_text(call: &Call) -> String {
    let style = if call.is_sdk() { "AWS SDK integration" } else { "optimized integration" };
    let mut text = format!("**{}{}** · {style}", call.name(), call.pattern());
    if let Some(Kind::Structure(members) | Kind::Union(members)) = call.parameters().map(|of| of.kind()) {
        let (required, others): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.required);
        for member in required {
            text.push_str(&format!("\n- `{}`: {}, required", member.name, kind(member.of)));
        }
        let names: Vec<String> = others.iter().take(30).map(|member| format!("`{}`", member.name)).collect();
        let more = if others.len() > 30 { ", ..." } else { "" };
        if !names.is_empty() {
            text.push_str(&format!("\n- may have {}{more}", names.join(", ")));
        }
    } else if let Some(custom) = call.custom() {
        custom.required.iter().for_each(|name| text.push_str(&format!("\n- `{name}`, required")));
        text.push_str(&format!("\n- may have `{}`", custom.optional.join("`, `")));
    }
    let (actions, _) = call.iam_actions();
    if !actions.is_empty() {
        text.push_str(&format!("\n\nIts role needs `{}`.", actions.join("`, `")));
    }
    let page = if call.is_sdk() { "supported-services-awssdk.html" } else { "integrate-optimized.html" };
    text.push_str(&format!("\n\n[Documentation](https://docs.aws.amazon.com/step-functions/latest/dg/{page})"));
    text
}
