use crate::aws::ResourceType;
use crate::aws::integration::Call as ServiceCall;
use crate::aws::invocation::Subtype;
use crate::lint::Findings;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate, MachineType, Resolver, references};
use crate::source::Node;

rule! {
    /// API or pipe that cannot call its target
    ///
    /// # What it does
    /// Checks the integrations by which REST APIs and HTTP APIs call AWS services (`AWS::ApiGateway::Method`,
    /// `AWS::ApiGatewayV2::Integration`): the action exists, the method is `POST`, there is a role to call it with, and an HTTP API passes the
    /// parameters that the call takes. Also checks that only Express workflows are started by `StartSyncExecution`, or by a pipe that
    /// waits for the answer.
    ///
    /// Sources: [integrations of HTTP
    /// APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html),
    /// [StartSyncExecution](https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html) and the
    /// [target of a pipe](https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetStateMachineParameters.html).
    ///
    /// # Why is this bad
    /// The deployment fails, or every request is answered with an error.
    ///
    /// # Example
    /// ```yaml
    /// IntegrationSubtype: StepFunctions-StartExecution
    /// RequestParameters: { Input: $request.body }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// IntegrationSubtype: StepFunctions-StartExecution
    /// RequestParameters: { Input: $request.body, StateMachineArn: !Ref Workflow }
    /// ```
    pub(super) static RULE: "API210", "api-integration", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let Some(properties) = template.properties(id).filter(|node| Call::of(node).is_none()) else { continue };
        let mut judge = Judge { stack, template, id, findings };
        match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::ApiGatewayMethod) => judge.method(properties),
            Some(ResourceType::ApiGatewayV2Integration) => judge.integration(properties),
            Some(ResourceType::PipesPipe) => judge.pipe(properties),
            _ => {}
        }
    }
}

/// Services whose actions are called by `POST` and with the credentials of a role.
const POSTED: [&str; 4] = ["dynamodb", "events", "kinesis", "states"];

struct Judge<'a, 'b, 'c> {
    stack: &'a LoadedStack,
    template: &'a LoadedTemplate,
    id: &'a str,
    findings: &'b mut Findings<'c>,
}

impl Judge<'_, '_, '_> {
    fn say(&mut self, pointer: &str, node: &Node, message: String) -> &mut crate::lint::Finding {
        self.findings.add(self.template.place(self.id, pointer, node), message)
    }

    fn method(&mut self, properties: &Node) {
        let Some(integration) = properties.get("Integration").filter(|node| Call::of(node).is_none()) else { return };
        let Some(uri) = integration.get("Uri") else { return };
        let text = Resolver::new(self.template).text(uri);
        let Some((service, action)) = called(&text).filter(|(service, _)| POSTED.contains(service)) else { return };
        if service == "states" {
            self.action(action, uri);
        }
        if let Some(method) = integration.get("IntegrationHttpMethod")
            && let Some(given) = literal(method).filter(|given| *given != "POST")
        {
            let message = format!("`{service}` takes `POST`, not `{given}`: the API answers with an error each time");
            self.say("/Integration/IntegrationHttpMethod", method, message);
        }
        if integration.get("Credentials").is_none() {
            let message = format!(
                "the integration has no `Credentials`, so API Gateway has no role to call `{service}` with: the deployment fails, or each request does"
            );
            self.say("/Integration", integration, message).help("`Credentials: !GetAtt ApiRole.Arn`");
        }
        if action == "StartSyncExecution"
            && let Some(templates) = integration.get("RequestTemplates")
        {
            self.synchronous("/Integration/RequestTemplates", templates);
        }
    }

    /// Whether Step Functions has such an action.
    fn action(&mut self, action: &str, uri: &Node) {
        let (first, rest) = action.split_at(action.chars().next().map_or(0, char::len_utf8));
        let call = format!("arn:aws:states:::aws-sdk:sfn:{}{rest}", first.to_lowercase());
        let Err(fault) = ServiceCall::find(&call) else { return };
        let message = format!("Step Functions has no action `{action}`: the API answers with an error each time");
        let meant = fault.meant().and_then(|meant| meant.rsplit(':').next().map(str::to_owned));
        let finding = self.say("/Integration/Uri", uri, message);
        if let Some(meant) = meant {
            let (first, rest) = meant.split_at(1);
            finding.help(format!("did you mean `{}{rest}`?", first.to_uppercase()));
        }
    }

    fn integration(&mut self, properties: &Node) {
        let Some(node) = properties.get("IntegrationSubtype") else { return };
        let Some(name) = literal(node) else { return };
        let Some(subtype) = Subtype::find(name) else {
            let near = nearest(name, Subtype::ALL.iter().map(|subtype| subtype.name));
            let message = format!("API Gateway has no integration `{name}`: the deployment fails");
            let finding = self.say("/IntegrationSubtype", node, message);
            match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.severity(crate::diagnostic::Severity::Warning),
            };
            return;
        };
        if properties.get("CredentialsArn").is_none() {
            let message = format!("`{name}` needs a `CredentialsArn`, the role to call it with: the deployment fails");
            self.say("/IntegrationSubtype", node, message).help("`CredentialsArn: !GetAtt ApiRole.Arn`");
        }
        let Some(parameters) = properties.get("RequestParameters").filter(|node| Call::of(node).is_none()) else {
            return;
        };
        self.parameters(subtype, parameters);
        if name == "StepFunctions-StartSyncExecution"
            && let Some(arn) = parameters.get("StateMachineArn")
        {
            self.synchronous("/RequestParameters/StateMachineArn", arn);
        }
    }

    fn parameters(&mut self, subtype: &Subtype, parameters: &Node) {
        for name in subtype.required.iter().filter(|name| parameters.get(name).is_none()) {
            let message = format!("`{}` needs the parameter `{name}`: the deployment fails", subtype.name);
            self.say("/RequestParameters", parameters, message);
        }
        for (key, _) in parameters.entries() {
            let Some(name) = key.as_str() else { continue };
            if subtype.required.contains(&name) || subtype.optional.contains(&name) || name.contains("::") {
                continue;
            }
            let near = nearest(name, subtype.required.iter().chain(subtype.optional).copied());
            let message = format!("`{}` has no parameter `{name}`: the deployment fails", subtype.name);
            let finding = self.say("/RequestParameters", key, message);
            if let Some(near) = near {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }

    /// A pipe that waits for the executions that it starts.
    fn pipe(&mut self, properties: &Node) {
        let waits = properties
            .get("TargetParameters")
            .and_then(|node| node.get("StepFunctionStateMachineParameters"))
            .and_then(|node| node.get("InvocationType"))
            .and_then(literal);
        if let (Some("REQUEST_RESPONSE"), Some(target)) = (waits, properties.get("Target")) {
            self.synchronous("/Target", target);
        }
    }

    /// Whether what is waited for is an Express workflow.
    fn synchronous(&mut self, pointer: &str, node: &Node) {
        let is_named = |id: Option<&String>| references(node).iter().any(|found| Some(&found.name) == id);
        let Some(machine) = self.stack.machines.iter().find(|machine| is_named(machine.logical_id.as_ref())) else {
            return;
        };
        if machine.machine_type == MachineType::Standard {
            let id = machine.logical_id.as_deref().unwrap_or_default();
            let message = format!(
                "`{id}` is a Standard workflow, and only an Express workflow can be waited for: it is refused each time"
            );
            self.say(pointer, node, message).help("start it without waiting, or make its type `EXPRESS`");
        }
    }
}

fn literal(node: &Node) -> Option<&str> {
    node.as_str().filter(|text| Call::of(node).is_none() && !text.contains("${"))
}

/// The service and the action of an integration: `arn:aws:apigateway:REGION:states:action/StartExecution`.
fn called(uri: &str) -> Option<(&str, &str)> {
    let (start, action) = uri.split_once(":action/")?;
    Some((start.rsplit(':').next()?, action.split('&').next()?)).filter(|(_, action)| !action.contains('$'))
}
