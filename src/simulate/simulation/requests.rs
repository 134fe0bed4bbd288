//! Requests to APIs that start state machines.

use std::sync::Arc;

use super::{Delivery, Simulation};
use crate::simulate::api::{ApiRequest, Arrived, context};

impl Simulation {
    /// A request to an API arrives.
    ///
    /// # Errors
    /// No route takes it, or those of several APIs do.
    pub fn request(&mut self, request: &ApiRequest) -> Result<Delivery, String> {
        let stack = Arc::clone(&self.stack);
        let (endpoint, path) = stack.endpoint(request)?;
        let context = context(request, &endpoint.path, &endpoint.stage, (self.services.ids.uuid(), self.now));
        let arrived = Arrived { request, path: &path, context: &context, stage_variables: &endpoint.stage.variables };
        let mut delivery = Delivery { rules: vec![endpoint.api.clone()], ..Delivery::default() };
        match endpoint.asks(&arrived, stack.machines()) {
            Err(message) => delivery.undelivered.push(format!("{}: {message}", endpoint.api)),
            Ok(asked) if endpoint.waits && !stack.machines()[asked.machine].express => {
                delivery.undelivered.push(format!(
                    "{}: Step Functions answers StateMachineTypeNotSupported: `{}` is a Standard workflow, and `StartSyncExecution` starts Express workflows only",
                    endpoint.api,
                    stack.machines()[asked.machine].label()
                ));
            }
            Ok(asked) => delivery.executions.push(self.start_named(asked.machine, asked.input, asked.name)),
        }
        Ok(delivery)
    }
}
