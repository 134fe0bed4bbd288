//! HTTP and WebSocket APIs.

use super::{Judge, given, is_map, lacks};
use crate::aws::sam::{DESCRIBED_HTTP_API, HTTP_CORS, IP_ADDRESS_TYPES, SPECIAL_ROUTES, WEB_SOCKET_AUTH};
use crate::loaded::{Call, below};
use crate::source::{Kind, Node};

impl Judge<'_, '_, '_> {
    pub(super) fn http(&mut self, properties: &Node) {
        if let Some(uri) = given(properties, "DefinitionUri") {
            self.location("DefinitionUri", uri);
            if given(properties, "DefinitionBody").is_some() {
                self.at("/DefinitionUri", uri, "an API has either `DefinitionUri` or `DefinitionBody`, not both");
            }
            for name in DESCRIBED_HTTP_API {
                if let Some(node) = given(properties, name) {
                    self.at(&below("", name), node, &format!("`{name}` needs a `DefinitionBody`"));
                }
            }
        }
        if let Some(cors) = given(properties, "CorsConfiguration").filter(|cors| Call::of(cors).is_none()) {
            self.known_keys(cors, "/CorsConfiguration", "CorsConfiguration", &HTTP_CORS);
        }
        if let Some(domain) = self.mapping(properties.get("Domain"), "/Domain", "Domain") {
            self.domain_parts(domain);
        }
        let authorizers = properties.get("Auth").and_then(|auth| auth.get("Authorizers"));
        let authorizers = authorizers.filter(|all| Call::of(all).is_none());
        for (key, authorizer) in authorizers.map_or(&[][..], Node::entries) {
            let Some(name) = key.as_str().filter(|_| Call::of(authorizer).is_none()) else { continue };
            // Without this it is a Lambda authorizer.
            if authorizer.get("JwtConfiguration").is_some() || !is_map(authorizer) {
                continue;
            }
            let needed = ["FunctionArn", "AuthorizerPayloadFormatVersion"];
            for lacking in needed.into_iter().filter(|lacking| lacks(authorizer, lacking)) {
                let pointer = format!("/Auth/Authorizers{}", below("", name));
                self.at(&pointer, authorizer, &format!("the Lambda authorizer `{name}` needs `{lacking}`"));
            }
        }
    }

    pub(super) fn web_socket(&mut self, properties: &Node) {
        let globals = self.template.section("Globals", "WebSocketApi");
        let global = |name: &str| globals.is_some_and(|globals| globals.get(name).is_some());
        for name in ["Routes", "RouteSelectionExpression"] {
            if lacks(properties, name) && !global(name) {
                let message = format!("SAM refuses the template: a WebSocket API needs `{name}`");
                self.findings.add(self.place.clone(), message);
            }
        }
        let routes = properties.get("Routes").filter(|routes| Call::of(routes).is_none());
        let routes = routes.map_or(&[][..], Node::entries);
        for (key, route) in routes {
            let Some(name) = key.as_str().filter(|name| !name.contains("::")) else { continue };
            let pointer = format!("/Routes{}", below("", name));
            if !SPECIAL_ROUTES.contains(&name) && !name.chars().all(char::is_alphanumeric) {
                let message = format!(
                    "the key of a route must consist of letters and digits, or be one of {}",
                    SPECIAL_ROUTES.join(", ")
                );
                self.at(&pointer, key, &message);
            }
            if Call::of(route).is_some() || !is_map(route) {
                continue;
            }
            if lacks(route, "FunctionArn") {
                self.at(&pointer, route, &format!("the route `{name}` needs a `FunctionArn`"));
            }
            if let Some(node) = given(route, "RequestParameters").filter(|_| name != "$connect") {
                self.at(&below(&pointer, "RequestParameters"), node, "only `$connect` has `RequestParameters`");
            }
        }
        let connects = routes.iter().any(|(key, _)| key.as_str().is_none_or(|name| name == "$connect"));
        self.web_socket_auth(properties, connects || routes.is_empty());
        let known = |name: &str, allowed: &dyn Fn(&str) -> bool| {
            let node = properties.get(name).filter(|node| Call::of(node).is_none())?;
            node.as_str().is_some_and(|text| !allowed(text) && !text.contains("${")).then_some(node)
        };
        if let Some(node) = known("IpAddressType", &|text| IP_ADDRESS_TYPES.contains(&text)) {
            self.at("/IpAddressType", node, &format!("`IpAddressType` must be {}", IP_ADDRESS_TYPES.join(" or ")));
        }
        if let Some(node) = known("StageName", &|text| text != "$default") {
            self.at("/StageName", node, "the stage of a WebSocket API cannot be `$default`");
        }
        self.mapping(properties.get("AccessLogSettings"), "/AccessLogSettings", "AccessLogSettings");
    }

    fn web_socket_auth(&mut self, properties: &Node, connects: bool) {
        let Some(auth) = given(properties, "Auth").filter(|auth| Call::of(auth).is_none() && is_map(auth)) else {
            return;
        };
        if !connects {
            self.at("/Auth", auth, "`Auth` needs a route `$connect`");
        }
        let Some(kind) = given(auth, "AuthType") else {
            return self.at("/Auth", auth, "`Auth` needs an `AuthType`");
        };
        let text = kind.as_str().filter(|text| Call::of(kind).is_none() && !text.contains("${"));
        let Some(text) = text.map(str::to_uppercase) else { return };
        if !WEB_SOCKET_AUTH.contains(&text.as_str()) {
            let message = format!("`AuthType` must be one of {}", WEB_SOCKET_AUTH.join(", "));
            self.at("/Auth/AuthType", kind, &message);
        } else if text == "CUSTOM" && lacks(auth, "AuthArn") {
            self.at("/Auth", auth, "the `AuthType` `CUSTOM` needs an `AuthArn`");
        } else if text != "CUSTOM" && auth.entries().len() > 1 {
            self.at("/Auth", auth, &format!("the `AuthType` `{text}` takes no other properties"));
        }
    }

    /// Where functions run that are on instances of one's own.
    pub(super) fn capacity_provider(&mut self, properties: &Node) {
        let globals = self.template.section("Globals", "CapacityProvider");
        let network = properties.get("VpcConfig").or_else(|| globals?.get("VpcConfig"));
        match network {
            None | Some(Node { kind: Kind::Null, .. }) => {
                let message = "SAM refuses the template: a capacity provider needs a `VpcConfig`";
                self.findings.add(self.place.clone(), message);
            }
            Some(network) if Call::of(network).is_none() && globals.is_none() && lacks(network, "SubnetIds") => {
                self.at("/VpcConfig", network, "`VpcConfig` needs `SubnetIds`");
            }
            Some(_) => {}
        }
        let instances = properties.get("InstanceRequirements").filter(|node| Call::of(node).is_none());
        if let Some(instances) = instances
            && let (Some(_), Some(excluded)) = (given(instances, "AllowedTypes"), given(instances, "ExcludedTypes"))
        {
            let message = "`InstanceRequirements` has either `AllowedTypes` or `ExcludedTypes`, not both";
            self.at("/InstanceRequirements/ExcludedTypes", excluded, message);
        }
    }

    /// A template of a file, or of the Serverless Application Repository.
    pub(super) fn application(&mut self, properties: &Node) {
        let location = properties.get("Location").filter(|location| Call::of(location).is_none());
        let Some(location) = location.filter(|location| is_map(location)) else { return };
        for name in ["ApplicationId", "SemanticVersion"] {
            if lacks(location, name) {
                self.at("/Location", location, &format!("the `Location` of an application needs `{name}`"));
            }
        }
        let id = location.get("ApplicationId").filter(|id| Call::of(id).is_none());
        if let Some(id) = id.filter(|id| id.as_str().is_some_and(|text| text.contains("{{resolve:"))) {
            self.at("/Location/ApplicationId", id, "`ApplicationId` takes no dynamic reference");
        }
    }
}
