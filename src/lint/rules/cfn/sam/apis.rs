//! What the events of different resources say of one API.

use std::collections::HashMap;

use crate::aws::ResourceType;
use crate::lint::Findings;
use crate::loaded::{Call, LoadedTemplate, below};
use crate::source::Node;

/// A path and a method are one event's in each API whose description SAM makes.
pub(super) fn check(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    let mut seen: HashMap<(String, String, String), String> = HashMap::new();
    let kinds = [ResourceType::ServerlessFunction, ResourceType::ServerlessStateMachine];
    let resources = template.resources.values().filter(|resource| resource.is_one_of(&kinds));
    for resource in resources.filter(|resource| resource.condition.is_none()) {
        let id = &resource.logical_id;
        let events =
            template.properties(id).and_then(|properties| properties.get("Events")).map_or(&[][..], Node::entries);
        for (key, event) in events {
            let (Some(name), Some(route)) = (key.as_str(), route(template, event)) else { continue };
            let (_, path, method) = &route;
            let message = format!("SAM refuses the template: the method `{method}` of `{path}` is another event's too");
            if let Some(other) = seen.get(&route) {
                let place = template.place(id, &below("/Events", name), key);
                findings.add(place, message).help(format!("it is that of `{other}`"));
            } else {
                seen.insert(route, format!("{id}.{name}"));
            }
        }
    }
}

/// The API, the path and the method of an event, if they are known and SAM makes the description of the API.
fn route(template: &LoadedTemplate, event: &Node) -> Option<(String, String, String)> {
    let empty = Node { kind: crate::source::Kind::Null, span: event.span, tag: None };
    let properties = event.get("Properties").unwrap_or(&empty);
    let (reference, any, nowhere) = match event.get("Type")?.as_str()? {
        "Api" => ("RestApiId", "any", None),
        "HttpApi" => ("ApiId", "x-amazon-apigateway-any-method", Some("$default")),
        _ => return None,
    };
    let text = |name: &str| match properties.get(name) {
        Some(node) if Call::of(node).is_some() => None,
        Some(node) => Some(node.as_str().map(str::to_owned)),
        None => Some(None),
    };
    let api = match properties.get(reference) {
        None => format!("the API of {reference}"),
        Some(node) => {
            let call = Call::of(node).filter(|call| call.name == "Ref")?;
            let api = call.text()?;
            let own = template.properties(api)?;
            if own.get("DefinitionBody").is_some() || own.get("DefinitionUri").is_some() {
                return None;
            }
            api.to_owned()
        }
    };
    let path = text("Path")?.or_else(|| nowhere.map(str::to_owned))?;
    let method = text("Method")?.or_else(|| nowhere.map(|_| any.to_owned()))?.to_lowercase();
    let method = if reference == "ApiId" && method == "any" { any.to_owned() } else { method };
    (!path.contains("${")).then_some((api, path, method))
}
