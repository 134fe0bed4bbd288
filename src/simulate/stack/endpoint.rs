//! The routes of APIs that start state machines, as each way to declare them has them.

use serde_json::{Map, Value};

use super::is_made;
use super::machine::{Machine, named};
use crate::aws::ResourceType;
use crate::loaded::{LoadedStack, LoadedTemplate, Resolver, Resource, references};
use crate::simulate::api::{ApiRequest, Arrived, MappingTemplates, Passthrough, Stage, mapped};
use crate::simulate::velocity::Template;
use crate::source::Node;

/// Where OpenAPI has the integration of an operation.
const INTEGRATION: &str = "x-amazon-apigateway-integration";
/// How OpenAPI calls an operation for every method.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";
/// What SAM makes of an [`Api` event](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineapi.html)
/// of a state machine: the body is the input.
const SAM_INPUT: &str = "$util.escapeJavaScript($input.json('$'))";

/// A route of an API that starts a state machine.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The logical ID of the API.
    pub api: String,
    /// The method, or `ANY`.
    pub method: String,
    /// The path, with `{name}` for a parameter and `{name+}` for the rest.
    pub path: String,
    /// Whether the API waits for the end of the execution.
    pub waits: bool,
    /// The stage of the API.
    pub stage: Stage,
    /// The state machine that its declaration refers to, where it is only one.
    machine: Option<usize>,
    /// Nothing can be asked for where its templates cannot be read.
    request: Result<Mapping, String>,
}

/// How a request becomes a call of Step Functions.
#[derive(Debug, Clone)]
enum Mapping {
    /// A REST API's templates.
    Templates(MappingTemplates),
    /// An HTTP API's parameters.
    Parameters(Map<String, Value>),
}

/// What an API asks Step Functions for.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedExecution {
    /// The state machine, by its place.
    pub machine: usize,
    /// The input.
    pub input: Value,
    /// The name of the execution, where the API gives it one.
    pub name: Option<String>,
}

impl Endpoint {
    /// The parameters in a path that this route takes, and how exactly it fits: literal parts count most.
    pub fn fits(&self, method: &str, path: &str) -> Option<(Map<String, Value>, Vec<u8>)> {
        let own = match self.method.as_str() {
            "ANY" => 0,
            own if own == method => 1,
            _ => return None,
        };
        if self.path == "$default" {
            return Some((Map::new(), vec![0, own]));
        }
        let (mut parameters, mut exact) = (Map::new(), vec![1]);
        let mut parts = path.trim_matches('/').split('/');
        for part in self.path.trim_matches('/').split('/') {
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let next = parts.next();
            match (name, next) {
                (Some(name), Some(first)) if name.ends_with('+') => {
                    let rest = std::iter::once(first).chain(parts.by_ref()).collect::<Vec<_>>().join("/");
                    parameters.insert(name.trim_end_matches('+').to_owned(), rest.into());
                    exact.push(1);
                }
                (Some(name), Some(value)) if !value.is_empty() => {
                    parameters.insert(name.to_owned(), value.into());
                    exact.push(2);
                }
                (None, Some(literal)) if literal == part => exact.push(3),
                _ => return None,
            }
        }
        exact.push(own);
        parts.next().is_none().then_some((parameters, exact))
    }

    /// What it asks for when a request arrives.
    ///
    /// # Errors
    /// API Gateway or Step Functions refuses the request, or something is not supported here.
    pub fn asks(&self, arrived: &Arrived<'_>, machines: &[Machine]) -> Result<AskedExecution, String> {
        let call = match self.request.as_ref().map_err(Clone::clone)? {
            Mapping::Templates(templates) => {
                let made = templates.applied(arrived)?;
                serde_json::from_str(&made).map_err(|error| {
                    let shown: String =
                        made.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
                    format!("the mapping template does not give JSON for this request: {error}: {shown}")
                })?
            }
            Mapping::Parameters(parameters) => {
                let text = |name: &str| match parameters.get(name) {
                    Some(value) => mapped(value.as_str().unwrap_or_default(), arrived).map(Value::from),
                    None => Ok(Value::Null),
                };
                serde_json::json!({"stateMachineArn": text("StateMachineArn")?, "input": text("Input")?, "name": text("Name")?})
            }
        };
        let arn = call["stateMachineArn"].as_str().unwrap_or_default();
        let machine = named(machines, arn).or(self.machine);
        let machine = machine.ok_or_else(|| format!("Step Functions knows no state machine `{arn}`"))?;
        let input = match &call["input"] {
            Value::Null => Value::Object(Map::new()),
            Value::String(text) => serde_json::from_str(text).map_err(|error| {
                format!("Step Functions answers InvalidExecutionInput: `input` is not JSON: {error}")
            })?,
            _ => return Err("Step Functions refuses the request: `input` has to be a string".to_owned()),
        };
        Ok(AskedExecution { machine, input, name: call["name"].as_str().map(str::to_owned) })
    }
}

/// The route that takes a request, and the parameters in its path.
///
/// # Errors
/// None does, or those of several APIs do. The text says which there are.
pub(super) fn chosen<'e>(
    endpoints: &'e [Endpoint],
    request: &ApiRequest,
) -> Result<(&'e Endpoint, Map<String, Value>), String> {
    let known = || {
        let routes: Vec<String> =
            endpoints.iter().map(|one| format!("{} {} ({})", one.method, one.path, one.api)).collect();
        routes.join(", ")
    };
    if endpoints.is_empty() {
        return Err("no API of the stack starts a state machine".to_owned());
    }
    let of_api = endpoints.iter().filter(|one| request.api.as_ref().is_none_or(|api| *api == one.api));
    let mut fitting: Vec<_> = of_api
        .filter_map(|one| one.fits(&request.method, &request.path).map(|(parameters, exact)| (one, parameters, exact)))
        .collect();
    fitting.sort_by(|(_, _, one), (_, _, other)| other.cmp(one));
    let several = fitting.iter().any(|(one, ..)| one.api != fitting[0].0.api);
    match fitting.into_iter().next() {
        None => Err(format!(
            "no API starts a state machine for `{} {}`; the routes are {}",
            request.method,
            request.path,
            known()
        )),
        Some(_) if several => {
            Err(format!("several APIs have this route: name one with `name`; the routes are {}", known()))
        }
        Some((endpoint, parameters, _)) => Ok((endpoint, parameters)),
    }
}

/// The routes that start state machines.
pub(super) fn endpoints(stack: &LoadedStack, machines: &[Machine]) -> Vec<Endpoint> {
    let (Some(template), Some(resolver)) = (&stack.template, stack.resolver()) else { return Vec::new() };
    let mut reader = Reader { stack, template, resolver, machines, found: Vec::new() };
    for resource in template.resources.values().filter(|resource| is_made(stack, &resource.logical_id)) {
        let Some(properties) = template.properties(&resource.logical_id) else { continue };
        match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::ApiGatewayMethod) => reader.method(properties),
            Some(ResourceType::ApiGatewayV2Integration) => reader.integration(resource, properties),
            Some(ResourceType::ServerlessApi | ResourceType::ServerlessHttpApi) => {
                reader.description(resource, properties.get("DefinitionBody"));
            }
            Some(ResourceType::ApiGatewayRestApi | ResourceType::ApiGatewayV2Api) => {
                reader.description(resource, properties.get("Body"));
            }
            Some(ResourceType::ServerlessStateMachine) => reader.events(resource, properties),
            _ => {}
        }
    }
    reader.found
}

struct Reader<'a> {
    stack: &'a LoadedStack,
    template: &'a LoadedTemplate,
    resolver: Resolver<'a>,
    machines: &'a [Machine],
    found: Vec<Endpoint>,
}

impl<'a> Reader<'a> {
    /// `AWS::ApiGateway::Method`.
    fn method(&mut self, properties: &'a Node) {
        let value = self.resolver.value(properties);
        let integration = &value["Integration"];
        let Some(waits) = action(integration["Uri"].as_str()) else { return };
        let api = self.referred(properties.get("RestApiId"));
        let path = properties.get("ResourceId").map(|node| self.path(node, 0)).unwrap_or_default();
        let templates = templates(&integration["RequestTemplates"], integration["PassthroughBehavior"].as_str());
        let method = value["HttpMethod"].as_str().unwrap_or("ANY");
        self.add((api, method, if path.is_empty() { "/" } else { &path }), waits, templates, properties);
    }

    /// The path of a resource of a REST API, by its parents.
    fn path(&self, node: &Node, depth: usize) -> String {
        // API Gateway has no such depth; a circle of parents does.
        const DEEPEST: usize = 64;
        let references = references(node);
        let found = references.iter().find_map(|reference| {
            let resource = self.template.resources.get(&reference.name)?;
            (resource.resource_type == ResourceType::ApiGatewayResource).then_some(&reference.name)
        });
        let Some(properties) = found.filter(|_| depth < DEEPEST).and_then(|id| self.template.properties(id)) else {
            return String::new();
        };
        let above = properties.get("ParentId").map(|parent| self.path(parent, depth + 1)).unwrap_or_default();
        format!("{above}/{}", properties.get("PathPart").map(|part| self.resolver.text(part)).unwrap_or_default())
    }

    /// `AWS::ApiGatewayV2::Integration`, with the routes that lead to it.
    fn integration(&mut self, resource: &Resource, properties: &'a Node) {
        let value = self.resolver.value(properties);
        let Some(waits) = subtype(value["IntegrationSubtype"].as_str()) else { return };
        let api = self.referred(properties.get("ApiId"));
        let template = self.template;
        for route in template.of_type(ResourceType::ApiGatewayV2Route) {
            let Some(route) = template.properties(&route.logical_id) else { continue };
            let targets = route.get("Target").map(references).unwrap_or_default();
            if !targets.iter().any(|target| target.name == resource.logical_id) {
                continue;
            }
            let key = route.get("RouteKey").map(|key| self.resolver.text(key)).unwrap_or_default();
            let (method, path) = key.split_once(' ').unwrap_or(("ANY", "$default"));
            let parameters = value["RequestParameters"].as_object().cloned().unwrap_or_default();
            self.add((api.clone(), method, path), waits, Ok(Mapping::Parameters(parameters)), properties);
        }
    }

    /// The description of an API in OpenAPI.
    fn description(&mut self, resource: &Resource, body: Option<&'a Node>) {
        let paths = body.and_then(|body| body.get("paths")).map(Node::entries).unwrap_or_default();
        for (path, operations) in paths {
            for (method, operation) in operations.entries() {
                let Some(node) = operation.get(INTEGRATION) else { continue };
                let (Some(path), Some(method)) = (path.as_str(), method.as_str()) else { continue };
                let value = self.resolver.value(node);
                let method = if method == ANY_METHOD { "ANY".to_owned() } else { method.to_ascii_uppercase() };
                let (waits, mapping) =
                    match (subtype(value["integrationSubtype"].as_str()), action(value["uri"].as_str())) {
                        (Some(waits), _) => {
                            let parameters = value["requestParameters"].as_object().cloned().unwrap_or_default();
                            (waits, Ok(Mapping::Parameters(parameters)))
                        }
                        (None, Some(waits)) => {
                            (waits, templates(&value["requestTemplates"], value["passthroughBehavior"].as_str()))
                        }
                        (None, None) => continue,
                    };
                self.add((resource.logical_id.clone(), &method, path), waits, mapping, node);
            }
        }
    }

    /// The `Api` events of a state machine of SAM.
    fn events(&mut self, resource: &Resource, properties: &'a Node) {
        for (_, event) in properties.get("Events").map(Node::entries).unwrap_or_default() {
            if event.get("Type").and_then(Node::as_str) != Some("Api") {
                continue;
            }
            let Some(settings) = event.get("Properties") else { continue };
            let value = self.resolver.value(settings);
            let api = settings.get("RestApiId").map(|api| self.referred(Some(api)));
            let api = api.unwrap_or_else(|| "ServerlessRestApi".to_owned());
            let method = value["Method"].as_str().unwrap_or_default().to_ascii_uppercase();
            let path = value["Path"].as_str().unwrap_or_default().to_owned();
            let machine = named(self.machines, &resource.logical_id);
            let arn = machine.map(|machine| self.machines[machine].arn.as_str()).unwrap_or_default();
            let unescape = if value["UnescapeMappingTemplate"] == true { r#".replaceAll("\\'", "'")"# } else { "" };
            let text = format!(r#"{{"input": "{SAM_INPUT}{unescape}", "stateMachineArn": "{arn}"}}"#);
            let mapping = templates(&serde_json::json!({"application/json": text}), None);
            self.add((api, &method, &path), false, mapping, event);
        }
    }

    fn referred(&self, node: Option<&Node>) -> String {
        let found = node.map(references).unwrap_or_default().into_iter().next().map(|reference| reference.name);
        found.or_else(|| node.map(|node| self.resolver.text(node))).unwrap_or_default()
    }

    fn add(
        &mut self,
        (api, method, path): (String, &str, &str),
        waits: bool,
        request: Result<Mapping, String>,
        node: &Node,
    ) {
        let mut machines = references(node).into_iter().filter_map(|reference| named(self.machines, &reference.name));
        let machine = machines.next().filter(|first| machines.all(|other| other == *first));
        let stage = self.stage(&api);
        let (method, path) = (method.to_owned(), path.to_owned());
        self.found.push(Endpoint { api, method, path, waits, stage, machine, request });
    }

    /// The stage of an API, where it has one.
    fn stage(&self, api: &str) -> Stage {
        let own = self.template.properties(api).map(|node| self.resolver.value(node)).unwrap_or_default();
        let of_api = |resource: &&Resource| {
            let properties = self.template.properties(&resource.logical_id);
            let api_id = properties.and_then(|node| node.get("RestApiId").or_else(|| node.get("ApiId")));
            is_made(self.stack, &resource.logical_id)
                && api_id.is_some_and(|id| references(id).iter().any(|reference| reference.name == api))
        };
        let stages = self.template.resources.values().filter(|resource| {
            matches!(
                ResourceType::of(&resource.resource_type),
                Some(ResourceType::ApiGatewayStage | ResourceType::ApiGatewayV2Stage)
            )
        });
        let declared = stages.filter(of_api).find_map(|stage| self.template.properties(&stage.logical_id));
        let value = declared.map_or(own, |node| self.resolver.value(node));
        let variables = value.get("Variables").or_else(|| value.get("StageVariables"));
        Stage {
            name: value["StageName"].as_str().map(str::to_owned),
            variables: variables.and_then(Value::as_object).cloned().unwrap_or_default(),
        }
    }
}

/// Whether the action of an integration waits for the execution that it starts; `None` for other actions.
fn action(uri: Option<&str>) -> Option<bool> {
    match uri?.split_once(":states:action/")?.1 {
        "StartExecution" => Some(false),
        "StartSyncExecution" => Some(true),
        _ => None,
    }
}

/// The same of the `IntegrationSubtype` of an HTTP API.
fn subtype(name: Option<&str>) -> Option<bool> {
    match name? {
        "StepFunctions-StartExecution" => Some(false),
        "StepFunctions-StartSyncExecution" => Some(true),
        _ => None,
    }
}

fn templates(given: &Value, passthrough: Option<&str>) -> Result<Mapping, String> {
    let given = given.as_object().into_iter().flatten();
    let by_type = given.filter_map(|(kind, text)| Some((kind, text.as_str()?)));
    let by_type = by_type.map(|(kind, text)| {
        let template =
            Template::parse(text).map_err(|fault| format!("invalid mapping template for `{kind}`, {fault}"))?;
        Ok((kind.clone(), template))
    });
    let passthrough = match passthrough.map(str::to_ascii_uppercase).as_deref() {
        Some("NEVER") => Passthrough::Never,
        Some("WHEN_NO_TEMPLATES") => Passthrough::WhenNoTemplates,
        _ => Passthrough::WhenNoMatch,
    };
    Ok(Mapping::Templates(MappingTemplates { by_type: by_type.collect::<Result<_, String>>()?, passthrough }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(method: &str, path: &str) -> Endpoint {
        Endpoint {
            api: "Api".to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
            waits: false,
            stage: Stage::default(),
            machine: Some(0),
            request: Ok(Mapping::Parameters(Map::new())),
        }
    }

    #[test]
    fn the_most_exact_route_takes_a_request() {
        let routes = [
            endpoint("ANY", "$default"),
            endpoint("ANY", "/{proxy+}"),
            endpoint("POST", "/orders/{id}"),
            endpoint("ANY", "/orders/new"),
            endpoint("POST", "/orders/new"),
            endpoint("GET", "/"),
        ];
        let chosen = |line: &str| {
            let (route, parameters) = chosen(&routes, &line.parse().unwrap()).unwrap();
            format!("{} {} {}", route.method, route.path, Value::Object(parameters))
        };
        assert_eq!(chosen("POST /orders/new"), "POST /orders/new {}");
        assert_eq!(chosen("PUT /orders/new"), "ANY /orders/new {}");
        assert_eq!(chosen("POST /orders/7"), r#"POST /orders/{id} {"id":"7"}"#);
        assert_eq!(chosen("POST /a/b/c"), r#"ANY /{proxy+} {"proxy":"a/b/c"}"#);
        assert_eq!(chosen("GET /"), "GET / {}");
        assert!(
            super::chosen(&routes[2..3], &"GET /orders/7".parse().unwrap())
                .unwrap_err()
                .contains("POST /orders/{id} (Api)")
        );
    }
}
