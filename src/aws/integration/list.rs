//! What there is to call, for whoever chooses.

use super::Pattern;
use super::optimized::OPTIMIZED;
use crate::aws::service_model::Service;

/// The services that `aws-sdk:` resources can name, in order.
pub fn sdk_services() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Service::names().collect();
    names.sort_unstable();
    names
}

/// The actions of a service that `aws-sdk:` resources can name, in order.
pub fn sdk_actions(service: &str) -> Vec<&'static str> {
    let Some(service) = Service::find(service) else { return Vec::new() };
    let mut names: Vec<&'static str> = service.block().actions.keys().copied().collect();
    names.sort_unstable();
    names
}

/// The optimized integrations: service, action, and how each can be called.
pub fn optimized_calls() -> impl Iterator<Item = (&'static str, &'static str, &'static [Pattern])> {
    OPTIMIZED.iter().map(|call| (call.service, call.action, call.patterns))
}
