use super::call::{Call, How};
use super::fault::CallFault;
use super::optimized::{OPTIMIZED, Optimized, Parameters};
use super::{Integration, Pattern, SDK, Style};
use crate::aws::Arn;
use crate::aws::service_model::{Service, closest};

/// What stands behind the account in the ARN of a call, and whether the ARN names no region and account, as the documentation has it.
/// `None` for the ARN of anything else, and for what is only known when it is deployed.
pub(super) fn target(resource: &str) -> Option<(&str, bool)> {
    let arn = Arn::read(resource).filter(|arn| arn.service == "states")?;
    let open = arn.resource.contains("${") || arn.resource.contains("{%");
    (!open).then_some((arn.resource, arn.region.is_empty() && arn.account.is_empty()))
}

/// A call as an ARN spells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'t> {
    pub(super) style: Style,
    pub(super) service: &'t str,
    pub(super) action: &'t str,
    /// What follows the action, whether it is a pattern or not: `.sync:2`.
    pub(super) suffix: &'t str,
}

impl<'t> Parts<'t> {
    /// Reads `SERVICE:ACTION` or `aws-sdk:SERVICE:ACTION`.
    pub(super) fn read(target: &'t str) -> Option<Self> {
        let (style, call) = match target.strip_prefix(SDK) {
            Some(call) => (Style::Sdk, call),
            None => (Style::Optimized, target),
        };
        let (service, action) = call.split_once(':')?;
        let (action, suffix) = action.find('.').map_or((action, ""), |at| action.split_at(at));
        (!service.is_empty() && !action.is_empty()).then_some(Self { style, service, action, suffix })
    }

    pub(super) fn of(call: &'t Integration) -> Self {
        Self { style: call.style, service: &call.service, action: &call.action, suffix: call.pattern.suffix() }
    }

    /// Whether it is in the table of optimized integrations.
    pub(super) fn is_optimized(&self) -> bool {
        self.style == Style::Optimized && Optimized::find(self.service, self.action).is_some()
    }
}

/// The call that a resource names.
pub(super) fn find(resource: &str) -> Result<Option<Call>, CallFault> {
    let Some((target, plain)) = target(resource) else { return Ok(None) };
    match Parts::read(target) {
        Some(parts) if plain || parts.style == Style::Sdk => named(&parts),
        // With a region and an account, what is no call may be an activity or another resource.
        Some(parts) => Ok(named(&parts).ok().flatten()),
        None if plain || target.starts_with(SDK) => Err(CallFault::Malformed(target.to_owned())),
        None => Ok(None),
    }
}

/// The call that an ARN spells so. `Ok(None)` if it may exist, and the published models do not have its service.
pub(super) fn named(parts: &Parts<'_>) -> Result<Option<Call>, CallFault> {
    match parts.style {
        Style::Sdk => sdk(parts),
        Style::Optimized => optimized(parts).map(Some),
    }
}

fn sdk(&Parts { service: name, action, suffix, .. }: &Parts<'_>) -> Result<Option<Call>, CallFault> {
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
    let pattern = match Pattern::with_suffix(suffix) {
        Some(pattern @ (Pattern::RequestResponse | Pattern::WaitForTaskToken)) => pattern,
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

fn optimized(&Parts { service: name, action, suffix, .. }: &Parts<'_>) -> Result<Call, CallFault> {
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
