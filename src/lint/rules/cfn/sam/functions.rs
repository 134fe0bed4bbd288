//! Functions: their code, their aliases, where they send what came of them.

use super::{Judge, given, is_map, lacks};
use crate::aws::sam::{DESTINATIONS, TENANT_EVENTS, URL_CORS, UrlCors};
use crate::loaded::{Call, below};
use crate::source::{Kind, Node};

impl Judge<'_, '_, '_> {
    pub(super) fn function(&mut self, properties: &Node) {
        let globals = self.template.section("Globals", "Function");
        let either = |name: &str| given(properties, name).or_else(|| given(globals?, name));
        let package = either("PackageType");
        let is_zip = package.is_none_or(|kind| Call::of(kind).is_none() && kind.as_str() == Some("Zip"));
        let lacking = ["Runtime", "Handler"].into_iter().find(|name| either(name).is_none());
        if let Some(name) = lacking.filter(|_| is_zip && either("ImageUri").is_none()) {
            let message = format!("SAM refuses the template: the function has no `{name}`");
            self.findings.add(self.place.clone(), message);
        }
        if either("AutoPublishAlias").is_none() {
            let disabled = |node: &Node| node.get("Enabled").is_some();
            let preference = given(properties, "DeploymentPreference").filter(|node| !disabled(node));
            let needing = [("DeploymentPreference", preference)]
                .into_iter()
                .chain([("ProvisionedConcurrencyConfig", given(properties, "ProvisionedConcurrencyConfig"))]);
            for (name, node) in needing {
                if let Some(node) = node.filter(|node| Call::of(node).is_none_or(|call| call.name == "If")) {
                    self.at(&below("", name), node, &format!("`{name}` needs `AutoPublishAlias`"));
                }
            }
        }
        if let Some(uri) = given(properties, "CodeUri") {
            self.location("CodeUri", uri);
        }
        if properties.get("Role").is_none() {
            self.generated(&format!("{}Role", self.id), "its role");
        }
        let alias = given(properties, "AutoPublishAlias").filter(|alias| Call::of(alias).is_none());
        let text = alias.and_then(Node::as_str).filter(|text| !text.contains("${"));
        if let (Some(alias), Some(text)) = (alias, text)
            && !text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        {
            self.at("/AutoPublishAlias", alias, "an alias has letters, digits, `-` and `_` only");
        }
        let url = given(properties, "FunctionUrlConfig").filter(|url| Call::of(url).is_none() && is_map(url));
        let of_all = globals.and_then(|globals| globals.get("FunctionUrlConfig"));
        if let Some(url) = url.filter(|url| url.get("AuthType").is_none() && of_all.is_none()) {
            self.at("/FunctionUrlConfig", url, "`FunctionUrlConfig` needs an `AuthType`: `AWS_IAM` or `NONE`");
        }
        if let Some(url) = url {
            self.url_cors(url);
        }
        if given(properties, "TenancyConfig").is_some() {
            self.tenants(properties);
        }
        let alarms = given(properties, "DeploymentPreference").and_then(|preference| preference.get("Alarms"));
        if let Some(alarms) = alarms.filter(|alarms| Call::of(alarms).is_none() && alarms.as_str().is_some()) {
            self.at("/DeploymentPreference/Alarms", alarms, "`Alarms` must be a list");
        }
        let tag = given(properties, "Tags").and_then(|tags| tags.get("lambda:createdBy"));
        if let Some(tag) = tag {
            self.at("/Tags/lambda:createdBy", tag, "the tag `lambda:createdBy` is SAM's own");
        }
        self.destinations(properties);
    }

    /// Cross-origin requests to the URL of a function.
    fn url_cors(&mut self, url: &Node) {
        let pointer = "/FunctionUrlConfig/Cors";
        let Some(cors) = self.mapping(url.get("Cors"), pointer, "Cors") else { return };
        for (key, value) in cors.entries() {
            let Some(name) = key.as_str().filter(|name| !name.contains("::")) else { continue };
            let Some((_, takes)) = URL_CORS.iter().find(|(known, _)| *known == name) else {
                let known: Vec<&str> = URL_CORS.iter().map(|(name, _)| *name).collect();
                let shown: String = name.chars().take(80).collect();
                let message = format!("`Cors` takes no `{shown}`, only {}", known.join(", "));
                self.at(&below(pointer, name), key, &message);
                continue;
            };
            let is_right = match takes {
                UrlCors::List => matches!(value.kind, Kind::Sequence(_)),
                UrlCors::Boolean => matches!(value.kind, Kind::Bool(_)),
                UrlCors::Number => matches!(value.kind, Kind::Integer(_)),
            };
            if Call::of(value).is_none() && !is_right {
                self.at(&below(pointer, name), value, &format!("`{name}` takes {}", takes.as_str()));
            }
        }
    }

    /// What a function that isolates tenants cannot have.
    fn tenants(&mut self, properties: &Node) {
        for name in ["ProvisionedConcurrencyConfig", "FunctionUrlConfig", "SnapStart"] {
            if let Some(node) = properties.get(name).filter(|_| !lacks(properties, name)) {
                self.at(&below("", name), node, &format!("a function with `TenancyConfig` has no `{name}`"));
            }
        }
        let events = properties.get("Events").filter(|events| Call::of(events).is_none());
        for (key, event) in events.map_or(&[][..], Node::entries) {
            let kind = event.get("Type").and_then(Node::as_str);
            if let (Some(name), Some(kind)) = (key.as_str(), kind.filter(|kind| !TENANT_EVENTS.contains(kind))) {
                let message = format!("a function with `TenancyConfig` has no event of type `{kind}`");
                self.at(&below("/Events", name), event, &message);
            }
        }
    }

    fn destinations(&mut self, properties: &Node) {
        let config = properties.get("EventInvokeConfig").and_then(|config| config.get("DestinationConfig"));
        let Some(config) = config.filter(|config| Call::of(config).is_none()) else { return };
        let pointer = "/EventInvokeConfig/DestinationConfig";
        if !is_map(config) {
            return self.at(pointer, config, "`DestinationConfig` must be a mapping");
        }
        for name in ["OnSuccess", "OnFailure"] {
            let Some(to) = given(config, name).filter(|to| Call::of(to).is_none()) else { continue };
            let pointer = format!("{pointer}/{name}");
            if !is_map(to) {
                self.at(&pointer, to, &format!("`{name}` must be a mapping"));
                continue;
            }
            let Some(kind) = to.get("Type").filter(|kind| Call::of(kind).is_none()) else { continue };
            let Some(kind) = kind.as_str().filter(|kind| !kind.contains("${")) else { continue };
            let message = if !DESTINATIONS.contains(&kind) {
                format!("the `Type` of `{name}` is one of {}", DESTINATIONS.join(", "))
            } else if given(to, "Destination").is_none() && !DESTINATIONS[..2].contains(&kind) {
                format!("`{name}` needs a `Destination`, because SAM generates only queues and topics")
            } else {
                continue;
            };
            self.at(&pointer, to, &message);
        }
    }
}
