//! REST APIs: what `Cors`, `Domain`, `GatewayResponses`, the usage plan and the authorizers are made of.

use super::{Judge, given, is_map};
use crate::aws::sam::{
    CORS, CUSTOM_DOMAIN_ENDPOINTS, DESCRIBED_REST_API, GATEWAY_RESPONSE, GATEWAY_RESPONSE_PARAMETERS, MUTUAL_TLS,
    USAGE_PLAN, USAGE_PLANS,
};
use crate::loaded::{Call, below};
use crate::source::{Kind, Node};

impl Judge<'_, '_, '_> {
    pub(super) fn rest(&mut self, properties: &Node) {
        if given(properties, "DefinitionUri").is_some() {
            for name in DESCRIBED_REST_API {
                if let Some(node) = given(properties, name).filter(|node| node.kind != Kind::Bool(false)) {
                    self.at(&below("", name), node, &format!("`{name}` needs a `DefinitionBody`"));
                }
            }
        }
        self.open_api_version(properties);
        if let Some(cors) = given(properties, "Cors").filter(|cors| Call::of(cors).is_none()) {
            self.known_keys(cors, "/Cors", "Cors", &CORS);
        }
        self.domain(properties);
        self.gateway_responses(properties);
        let auth = given(properties, "Auth").filter(|auth| Call::of(auth).is_none());
        if let Some(auth) = auth {
            self.usage_plan(auth);
            self.identities(auth);
            self.resource_policy(auth);
        }
        if let Some(endpoint) = given(properties, "EndpointConfiguration")
            && endpoint.get("Type").is_some()
            && endpoint.get("VPCEndpointIds").is_some()
            && let Some(node) = endpoint.get("VpcEndpointIds")
        {
            let message = "`EndpointConfiguration` has either `VPCEndpointIds` or `VpcEndpointIds`, not both";
            self.at("/EndpointConfiguration/VpcEndpointIds", node, message);
        }
    }

    /// Says which keys of a mapping are not known.
    pub(super) fn known_keys(&mut self, node: &Node, pointer: &str, what: &str, known: &[&str]) {
        for (key, _) in node.entries() {
            let Some(name) = key.as_str().filter(|name| !known.contains(name) && !name.contains("::")) else {
                continue;
            };
            let shown: String = name.chars().take(80).collect();
            self.at(&below(pointer, name), key, &format!("`{what}` takes no `{shown}`, only {}", known.join(", ")));
        }
    }

    /// A mapping that is not one, unless a function gives it.
    pub(super) fn mapping<'a>(&mut self, node: Option<&'a Node>, pointer: &str, what: &str) -> Option<&'a Node> {
        let node = node.filter(|node| Call::of(node).is_none() && node.kind != Kind::Null)?;
        if !is_map(node) {
            self.at(pointer, node, &format!("`{what}` must be a mapping"));
            return None;
        }
        Some(node)
    }

    fn open_api_version(&mut self, properties: &Node) {
        let Some(node) = given(properties, "OpenApiVersion").filter(|node| Call::of(node).is_none()) else { return };
        let known = match &node.kind {
            Kind::String(text) => is_version(text) || text.contains("${"),
            // SAM turns it into a string where the description is its own.
            Kind::Float(_) => true,
            _ => false,
        };
        if !known {
            self.at("/OpenApiVersion", node, "`OpenApiVersion` must be a string like `3.0.1`, or `2.0`");
        }
    }

    /// The domain of an API.
    fn domain(&mut self, properties: &Node) {
        let Some(domain) = self.mapping(properties.get("Domain"), "/Domain", "Domain") else { return };
        for name in ["DomainName", "CertificateArn"].into_iter().filter(|name| domain.get(name).is_none()) {
            self.at("/Domain", domain, &format!("`Domain` needs a `{name}`"));
        }
        let endpoint = domain.get("EndpointConfiguration").filter(|node| Call::of(node).is_none());
        if let Some(node) = endpoint
            && node.as_str().is_none_or(|text| !CUSTOM_DOMAIN_ENDPOINTS.contains(&text) && !text.contains("${"))
        {
            let message = format!(
                "the `EndpointConfiguration` of a domain must be one of {}",
                CUSTOM_DOMAIN_ENDPOINTS.join(", ")
            );
            self.at("/Domain/EndpointConfiguration", node, &message);
        }
        self.domain_parts(domain);
        let association = domain.get("AccessAssociation");
        self.mapping(association, "/Domain/AccessAssociation", "AccessAssociation");
    }

    /// What the domains of REST and HTTP APIs have in common.
    pub(super) fn domain_parts(&mut self, domain: &Node) {
        let tls = domain.get("MutualTlsAuthentication");
        if let Some(tls) = self.mapping(tls, "/Domain/MutualTlsAuthentication", "MutualTlsAuthentication") {
            self.known_keys(tls, "/Domain/MutualTlsAuthentication", "MutualTlsAuthentication", &MUTUAL_TLS);
        }
        let Some(route) = self.mapping(domain.get("Route53"), "/Domain/Route53", "Route53") else { return };
        if ["HostedZoneId", "HostedZoneName"].iter().all(|name| route.get(name).is_none()) {
            self.at("/Domain/Route53", route, "`Route53` needs `HostedZoneId` or `HostedZoneName`");
        }
    }

    fn gateway_responses(&mut self, properties: &Node) {
        let responses = given(properties, "GatewayResponses").filter(|node| Call::of(node).is_none());
        for (key, response) in responses.map_or(&[][..], Node::entries) {
            let Some(name) = key.as_str().filter(|name| !name.contains("::")) else { continue };
            let pointer = format!("/GatewayResponses{}", below("", name));
            if Call::of(response).is_some() || !is_map(response) {
                self.at(
                    &pointer,
                    response,
                    &format!("the gateway response `{name}` must be a mapping, not a function"),
                );
                continue;
            }
            self.known_keys(response, &pointer, name, &GATEWAY_RESPONSE);
            let status = response.get("StatusCode").filter(|node| Call::of(node).is_none());
            if let Some(node) = status
                && node.as_str().is_some_and(|text| text.parse::<u16>().is_err() && !text.contains("${"))
            {
                self.at(&format!("{pointer}/StatusCode"), node, "`StatusCode` must be a number");
            }
            let pointer = format!("{pointer}/ResponseParameters");
            let parameters = self.mapping(response.get("ResponseParameters"), &pointer, "ResponseParameters");
            if let Some(parameters) = parameters {
                self.known_keys(parameters, &pointer, "ResponseParameters", &GATEWAY_RESPONSE_PARAMETERS);
            }
        }
    }

    fn usage_plan(&mut self, auth: &Node) {
        let pointer = "/Auth/UsagePlan";
        let Some(plan) = self.mapping(auth.get("UsagePlan"), pointer, "UsagePlan") else { return };
        self.known_keys(plan, pointer, "UsagePlan", &USAGE_PLAN);
        let message = format!("`CreateUsagePlan` must be one of {}", USAGE_PLANS.join(", "));
        match plan.get("CreateUsagePlan").filter(|create| create.kind != Kind::Null) {
            None => self.at(pointer, plan, "`UsagePlan` needs `CreateUsagePlan`"),
            Some(create) => {
                let known = |text: &str| USAGE_PLANS.contains(&text) || text.contains("${");
                if Call::of(create).is_none() && create.as_str().is_none_or(|text| !known(text)) {
                    self.at(&below(pointer, "CreateUsagePlan"), create, &message);
                }
            }
        }
    }

    /// What a Lambda authorizer reads of a request.
    fn identities(&mut self, auth: &Node) {
        let authorizers = auth.get("Authorizers").filter(|all| Call::of(all).is_none());
        for (key, authorizer) in authorizers.map_or(&[][..], Node::entries) {
            let Some(name) = key.as_str().filter(|_| Call::of(authorizer).is_none()) else { continue };
            let pointer = format!("/Auth/Authorizers{}", below("", name));
            if let Some(scopes) = authorizer.get("AuthorizationScopes").filter(|node| node.as_str().is_some()) {
                self.at(&below(&pointer, "AuthorizationScopes"), scopes, "`AuthorizationScopes` must be a list");
            }
            let pointer = below(&pointer, "Identity");
            let Some(identity) = self.mapping(authorizer.get("Identity"), &pointer, "Identity") else { continue };
            for list in ["Headers", "QueryStrings", "StageVariables", "Context"] {
                let Some(node) = identity.get(list).filter(|node| Call::of(node).is_none()) else { continue };
                let pointer = below(&pointer, list);
                match &node.kind {
                    Kind::Sequence(items) => {
                        if let Some(item) = items.iter().find(|item| is_map(item) && Call::of(item).is_none()) {
                            self.at(&pointer, item, &format!("`{list}` must be a list of strings"));
                        }
                    }
                    Kind::Null => {}
                    _ => self.at(&pointer, node, &format!("`{list}` must be a list of strings")),
                }
            }
        }
    }

    fn resource_policy(&mut self, auth: &Node) {
        let pointer = "/Auth/ResourcePolicy";
        let Some(policy) = self.mapping(auth.get("ResourcePolicy"), pointer, "ResourcePolicy") else { return };
        for name in ["SourceVpcWhitelist", "SourceVpcBlacklist"] {
            let Some(node) = policy.get(name) else { continue };
            if let Some(item) = node.items().iter().find(|item| Call::of(item).is_some_and(|call| call.name != "Ref")) {
                let other = name.replace("SourceVpc", "IntrinsicVpc");
                self.at(&below(pointer, name), item, &format!("`{name}` takes no functions: `{other}` does"));
            }
        }
    }
}

/// A 2 or 3, and one or two digits after it, each behind a dot.
fn is_version(text: &str) -> bool {
    let digit = |part: &&str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('.');
    let first = parts.next();
    let others: Vec<&str> = parts.collect();
    matches!(first, Some("2" | "3")) && (1..=2).contains(&others.len()) && others.iter().all(digit)
}
