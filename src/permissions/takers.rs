//! What the roles of APIs and functions have to allow, as far as the template says what these do.

use crate::aws::ResourceType;
use crate::aws::needs::{self, Needed, Weight};
use crate::aws::principal::{API_GATEWAY, LAMBDA};
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, Resolver, references};
use crate::source::{Kind, Node};

use super::delivery::role_of;
use super::granted::Granted;
use super::keys::Keys;
use super::role_lack::{Lacked, RoleLack, called};
use super::{starters, trust};

const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// What the roles of the APIs, functions, schedules and pipes of a stack lack.
pub fn role_lacks(stack: &LoadedStack) -> Vec<RoleLack> {
    let Some(template) = stack.template.as_ref() else { return Vec::new() };
    let resolver = Resolver::new(template);
    let mut finder = Finder { stack, template, resolver, keys: Keys::of(stack), found: Vec::new() };
    for resource in template.resources.values() {
        let Some(properties) = template.properties(&resource.logical_id) else { continue };
        match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::ServerlessApi) => finder.api(&resource.logical_id, properties, "DefinitionBody"),
            Some(ResourceType::ApiGatewayRestApi) => finder.api(&resource.logical_id, properties, "Body"),
            Some(known) if ResourceType::FUNCTIONS.contains(&known) => {
                finder.function(&resource.logical_id, properties)
            }
            _ => {}
        }
    }
    finder.found.extend(starters::lacks(template));
    finder.found
}

struct Finder<'a> {
    stack: &'a LoadedStack,
    template: &'a LoadedTemplate,
    resolver: Resolver<'a>,
    keys: Option<Keys>,
    found: Vec<RoleLack>,
}

impl Finder<'_> {
    fn push(&mut self, place: Place, role: &str, taker: &str, what: Lacked) {
        self.found.push(RoleLack { place, role: role.to_owned(), taker: taker.to_owned(), what });
    }

    /// The integrations of an API that call a service with a role.
    fn api(&mut self, id: &str, properties: &Node, property: &str) {
        let Some(body) = properties.get(property).filter(|body| Call::of(body).is_none()) else { return };
        for (pointer, integration) in integrations(body) {
            let role = integration.get("credentials").and_then(|node| role_of(self.template, node));
            let (Some(role), Some(uri)) = (role, integration.get("uri")) else { continue };
            let place = self.template.place(id, &format!("/{property}{pointer}/uri"), uri);
            if let Some(place) = trust::refuses(self.template, &role, API_GATEWAY) {
                self.push(place, &role, id, Lacked::Trust(API_GATEWAY));
                continue;
            }
            let Some(granted) = Granted::of_role(self.template, &role).filter(|granted| !granted.open) else {
                continue;
            };
            let Some(action) = called(&self.resolver.text(uri)) else { continue };
            let table = self.table(integration, properties);
            if !granted.allows(&action, table.as_deref()) {
                let what =
                    Lacked::Actions(vec![action.clone()], "the API answers with an error each time", Weight::Fails);
                self.push(place.clone(), &role, id, what);
            }
            let key = table.as_deref().and_then(|table| Some(self.keys.as_ref()?.of_resource(table)?.arn.clone()));
            if let Some(key) = key {
                let what = "DynamoDB cannot use the table's key for the API";
                self.role_allows(&granted, needs::of_key(&action), (Some(&key), what), (place, &role, id));
            }
        }
    }

    /// Adds what a role does not allow of what is needed.
    fn role_allows(
        &mut self,
        granted: &Granted,
        needed: &[Needed],
        (on, what): (Option<&str>, &'static str),
        (place, role, taker): (Place, &str, &str),
    ) {
        let missing: Vec<&Needed> = needed.iter().filter(|(action, _)| !granted.allows(action, on)).collect();
        if let Some(weight) = missing.iter().map(|(_, weight)| *weight).max() {
            let actions = missing.iter().map(|(action, _)| (*action).to_owned()).collect();
            self.push(place, role, taker, Lacked::Actions(actions, what, weight));
        }
    }

    /// The ARN of the table or index that the request template of an integration names.
    fn table(&self, integration: &Node, properties: &Node) -> Option<String> {
        let (_, template) = integration.get("requestTemplates")?.entries().first()?;
        let text = template.as_str().filter(|_| Call::of(template).is_none())?;
        let name = member(text, "TableName")?;
        let table = match name.strip_prefix("$stageVariables.") {
            Some(variable) => {
                let found = references(properties.get("Variables")?.get(variable)?);
                let id = &found.first()?.name;
                self.stack.tables.iter().find(|table| table.logical_id == *id)?
            }
            None => self.stack.tables.iter().find(|table| table.name == name)?,
        };
        let arn = self.resolver.arn(&table.logical_id);
        Some(match member(text, "IndexName") {
            Some(index) if !index.contains('$') => format!("{arn}/index/{index}"),
            Some(_) => format!("{arn}/index/*"),
            None => arn,
        })
    }

    /// The log and the traces of a function with a role of the template.
    fn function(&mut self, id: &str, properties: &Node) {
        let Some(node) = properties.get("Role") else { return };
        let Some(role) = role_of(self.template, node) else { return };
        if let Some(place) = trust::refuses(self.template, &role, LAMBDA) {
            return self.push(place, &role, id, Lacked::Trust(LAMBDA));
        }
        let Some(granted) = Granted::of_role(self.template, &role).filter(|granted| !granted.open) else { return };
        let place = self.template.place(id, "/Role", node);
        let group = properties.get("LoggingConfig").and_then(|config| config.get("LogGroup")).map(references);
        let group = group.and_then(|found| Some(found.first()?.name.clone()));
        let is_group = |id: &String| {
            self.template.resources.get(id).is_some_and(|g| g.resource_type == ResourceType::LogsLogGroup)
        };
        if let Some(group) = group.filter(is_group) {
            let arn = self.resolver.arn(&group);
            let what = "the function does not write its log";
            self.role_allows(&granted, &needs::LOG_OF_FUNCTION, (Some(&arn), what), (place.clone(), &role, id));
        }
        if is_traced(properties) {
            let what = "X-Ray does not get the function's traces";
            self.role_allows(&granted, &needs::TRACES_OF_FUNCTIONS, (None, what), (place, &role, id));
        }
    }
}

/// Whether a function sends traces: as SAM has it, or as Lambda does.
fn is_traced(properties: &Node) -> bool {
    let tracing = properties.get("Tracing").or_else(|| properties.get("TracingConfig")?.get("Mode"));
    tracing.filter(|node| Call::of(node).is_none()).and_then(Node::as_str) == Some("Active")
}

/// The integrations of a description of an API, each with its pointer.
fn integrations(body: &Node) -> Vec<(String, &Node)> {
    let mut found = Vec::new();
    for (path, methods) in body.get("paths").map_or(&[][..], Node::entries) {
        for (method, operation) in methods.entries() {
            let Some(integration) = operation.get(INTEGRATION) else { continue };
            if let (Some(path), Some(method), Kind::Mapping(_)) = (path.as_str(), method.as_str(), &integration.kind) {
                let pointer = ["paths", path, method, INTEGRATION]
                    .iter()
                    .fold(String::new(), |pointer, token| crate::loaded::below(&pointer, token));
                found.push((pointer, integration));
            }
        }
    }
    found
}

/// The text of a member, in a template of JSON.
fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("\"{name}\""))?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_table() {
        assert_eq!(member(r#"{ "TableName" : "$stageVariables.T", "x": 1}"#, "TableName"), Some("$stageVariables.T"));
        assert_eq!(member("{}", "IndexName"), None);
    }
}
