use super::archive::Service;
use super::call::{Call, How, Pattern};
use super::closest;
use super::fault::CallFault;
use super::optimized::{OPTIMIZED, Optimized, Parameters};

/// What a resource calls, and whether the resource names no region and account, as the documentation has it. `None` for the ARN of a
/// function or an activity, and for what is only known when it is deployed.
pub(super) fn target(resource: &str) -> Option<(&str, bool)> {
    let (_, rest) = segment(resource.strip_prefix("arn:")?)?;
    let (region, rest) = segment(rest.strip_prefix("states:")?)?;
    let (account, target) = segment(rest)?;
    let open = target.contains("${") || target.contains("{%");
    (!open).then_some((target, region.is_empty() && account.is_empty()))
}

/// Divides an ARN at its next colon. A substitution may hold colons: `${AWS::Partition}`.
fn segment(text: &str) -> Option<(&str, &str)> {
    let behind = if text.starts_with("${") { text.find('}')? + 1 } else { 0 };
    let at = behind + text.get(behind..)?.find(':')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The call that a resource names.
pub(super) fn find(resource: &str) -> Result<Option<Call>, CallFault> {
    let Some((target, plain)) = target(resource) else { return Ok(None) };
    match target.strip_prefix("aws-sdk:") {
        Some(call) => sdk(call),
        // With a region and an account, what is no call may be an activity or another resource.
        None if !plain => Ok(optimized(target).ok()),
        None => optimized(target).map(Some),
    }
}

/// The action and what follows it: `startExecution`, `.sync:2`.
fn divide(action: &str) -> (&str, &str) {
    action.find('.').map_or((action, ""), |at| action.split_at(at))
}

fn sdk(call: &str) -> Result<Option<Call>, CallFault> {
    let Some((name, action)) = call.split_once(':').filter(|(name, action)| !name.is_empty() && !action.is_empty())
    else {
        return Err(CallFault::Malformed(format!("aws-sdk:{call}")));
    };
    let (action, suffix) = divide(action);
    let Some(service) = Service::find(name) else {
        let folded = name.replace(['-', '_'], "").to_ascii_lowercase();
        let alias = Some(Optimized::sdk_name(name)).filter(|alias| Service::find(alias).is_some());
        let alias = alias.or_else(|| Service::find(&folded).map(|service| service.name));
        // A service that is not in the published models may be gone from them, or have come after them.
        let Some(meant) = alias.or_else(|| closest(name, Service::names())) else { return Ok(None) };
        let meant = Some(format!("aws-sdk:{meant}:{action}{suffix}"));
        return Err(CallFault::Service { name: name.to_owned(), meant });
    };
    let block = service.block();
    let Some((action, known)) = block.actions.get_key_value(action) else {
        let meant = closest(action, block.actions.keys().copied());
        let meant = meant.map(|action| format!("aws-sdk:{name}:{action}{suffix}"));
        return Err(CallFault::Action { service: name.to_owned(), action: action.to_owned(), meant });
    };
    let pattern = match suffix {
        "" => Pattern::Request,
        ".waitForTaskToken" => Pattern::Callback,
        _ => {
            let call = format!("aws-sdk:{name}:{action}");
            let waits = OPTIMIZED
                .iter()
                .find(|found| matches!(found.parameters, Parameters::Of(s, a) if s == name && a == *action));
            let meant = waits.filter(|found| found.patterns.iter().any(|pattern| pattern.suffix() == suffix));
            let meant = meant.map(|found| format!("{}:{}{suffix}", found.service, found.action));
            return Err(CallFault::Pattern { call, suffix: suffix.to_owned(), meant });
        }
    };
    Ok(Some(Call { service: service.name, action, pattern, how: How::Sdk(service, *known) }))
}

fn optimized(target: &str) -> Result<Call, CallFault> {
    let Some((name, rest)) = target.split_once(':').filter(|(name, rest)| !name.is_empty() && !rest.is_empty()) else {
        return Err(CallFault::Malformed(target.to_owned()));
    };
    let (action, suffix) = divide(rest);
    let Some(found) = Optimized::find(name, action) else { return Err(not_optimized(name, action, suffix)) };
    let Some(pattern) = found.patterns.iter().copied().find(|pattern| pattern.suffix() == suffix) else {
        let call = format!("{name}:{action}");
        let others = found.patterns.iter().map(|pattern| pattern.suffix()).filter(|other| !other.is_empty());
        let meant = closest(suffix, others).map(|suffix| format!("{call}{suffix}"));
        return Err(CallFault::Pattern { call, suffix: suffix.to_owned(), meant });
    };
    Ok(Call { service: found.service, action: found.action, pattern, how: How::Optimized(found) })
}

/// Why there is no such optimized integration, and what was meant: another of the service, or the `aws-sdk:` call.
fn not_optimized(name: &str, action: &str, suffix: &str) -> CallFault {
    let (service, action) = (name.to_owned(), action.to_owned());
    if let Some(meant) = closest(&action, Optimized::actions(name)) {
        return CallFault::Action { service, meant: Some(format!("{name}:{meant}{suffix}")), action };
    }
    if let Some(sdk) = Service::find(Optimized::sdk_name(name)) {
        let known = closest(&action, sdk.block().actions.keys().copied());
        let meant = known.map(|action| format!("aws-sdk:{}:{action}", sdk.name));
        return match meant {
            Some(_) => CallFault::NotOptimized { service, action, meant },
            None => CallFault::Action { service, action, meant },
        };
    }
    let near = closest(name, OPTIMIZED.iter().map(|found| found.service));
    let meant = near.and_then(|near| Some((near, closest(&action, Optimized::actions(near))?)));
    let meant = meant.map(|(near, action)| format!("{near}:{action}{suffix}"));
    CallFault::Service { name: service, meant }
}
