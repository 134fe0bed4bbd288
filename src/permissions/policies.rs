//! The policies of roles and resources, read into what they grant.

use crate::aws::ResourceType;
use crate::loaded::{Call, LoadedTemplate, Place, Resolver, below, references, stand_in};
use crate::outline::Outline;
use crate::source::{Kind, Node};

use super::allowed::{Allowed, Origin, Principal};
use super::granted::Granted;
use super::{managed, sam, settings};

impl Granted {
    /// What the role of a machine may do; `None` if the template does not have the role.
    pub(crate) fn of(machine: &Outline<'_>) -> Option<Self> {
        let template = machine.stack.template.as_ref()?;
        let id = machine.machine.logical_id.as_deref()?;
        let properties = template.properties(id)?;
        let role = properties.get("Role").or_else(|| properties.get("RoleArn"));
        let role_id = machine.machine.role.as_deref()?;
        if let Some(node) = role {
            if Call::of(node).is_some_and(|call| !call.is_reference()) {
                return None;
            }
            return Self::of_role(template, role_id);
        }
        let mut reader = Reader::new(template);
        reader.sam(id, properties);
        if let Some(place) = settings::traces(machine.stack, machine.machine) {
            reader.named(managed::OF_TRACES, &place);
        }
        reader.attached(role_id);
        reader.granted.open |= connected(template, id);
        Some(reader.granted)
    }

    /// What a role of the template may do; `None` if it is none.
    pub(crate) fn of_role(template: &LoadedTemplate, role: &str) -> Option<Self> {
        template.resources.get(role).filter(|role| role.resource_type == ResourceType::IamRole)?;
        let mut reader = Reader::new(template);
        reader.role(role);
        reader.attached(role);
        reader.granted.alone = users(template, role) <= 1;
        reader.granted.open |= connectors(template);
        Some(reader.granted)
    }

    /// What a policy that stands at `pointer` in a resource allows.
    pub(crate) fn of_document(template: &LoadedTemplate, id: &str, document: &Node, pointer: &str) -> Self {
        let mut reader = Reader::new(template);
        reader.document(id, document, pointer);
        reader.granted
    }
}

/// How many resources of a template, policies aside, refer to a role.
fn users(template: &LoadedTemplate, role: &str) -> usize {
    let others = template.resources.values().filter(|resource| !resource.resource_type.starts_with("AWS::IAM::"));
    let bodies = others.filter_map(|resource| template.section("Resources", &resource.logical_id));
    bodies.filter(|body| references(body).iter().any(|reference| reference.name == role)).count()
}

/// Whether SAM's connectors may add policies to the role of a resource.
fn connected(template: &LoadedTemplate, id: &str) -> bool {
    let own = template.section("Resources", id).is_some_and(|body| body.get("Connectors").is_some());
    own || template.of_type(ResourceType::ServerlessConnector).next().is_some()
}

/// Whether there are SAM's connectors, which add policies to roles, queues and topics.
pub(super) fn connectors(template: &LoadedTemplate) -> bool {
    let embedded = |id: &String| template.section("Resources", id).is_some_and(|body| body.get("Connectors").is_some());
    template.of_type(ResourceType::ServerlessConnector).next().is_some() || template.resources.keys().any(embedded)
}

struct Reader<'a> {
    template: &'a LoadedTemplate,
    resolver: Resolver<'a>,
    granted: Granted,
}

/// A value or the values of a list.
fn many(node: &Node) -> Vec<(Option<usize>, &Node)> {
    match &node.kind {
        Kind::Sequence(items) if Call::of(node).is_none() => {
            items.iter().enumerate().map(|(at, n)| (Some(at), n)).collect()
        }
        _ => vec![(None, node)],
    }
}

fn at(pointer: &str, index: Option<usize>) -> String {
    index.map_or_else(|| pointer.to_owned(), |index| format!("{pointer}/{index}"))
}

impl<'a> Reader<'a> {
    fn new(template: &'a LoadedTemplate) -> Self {
        let granted =
            Granted { statements: Vec::new(), denied: Vec::new(), open: template.other_transforms, alone: true };
        Self { template, resolver: Resolver::new(template), granted }
    }

    fn place(&self, id: &str, pointer: &str, node: &Node) -> Place {
        self.template.place(id, pointer, node)
    }

    /// The `Policies` of a state machine of SAM's.
    fn sam(&mut self, id: &str, properties: &Node) {
        let Some(policies) = properties.get("Policies") else { return };
        for (index, policy) in many(policies) {
            let pointer = at("/Policies", index);
            match &policy.kind {
                _ if Call::of(policy).is_some() => self.managed(id, policy, &pointer),
                Kind::String(_) => self.managed(id, policy, &pointer),
                Kind::Mapping(_) if policy.get("Statement").is_some() => self.document(id, policy, &pointer),
                Kind::Mapping(entries) => {
                    for (key, value) in entries {
                        self.sam_template(id, key, value, &pointer);
                    }
                }
                _ => self.granted.open = true,
            }
        }
    }

    fn sam_template(&mut self, id: &str, key: &Node, parameters: &Node, pointer: &str) {
        let Some(name) = key.as_str().filter(|_| Call::of(parameters).is_none()) else {
            self.granted.open = true;
            return;
        };
        let expanded = sam::expand(name, |parameter| self.known(parameters.get(parameter)?));
        let Some(statements) = expanded else {
            self.granted.open = true;
            return;
        };
        let place = self.place(id, &below(pointer, name), key);
        for (actions, resources) in statements {
            self.granted.statements.push(Allowed {
                origin: Origin::Sam(name.to_owned()),
                actions: actions.into_iter().map(|action| (action.to_owned(), place.clone())).collect(),
                resources: resources.into_iter().map(|resource| (resource, place.clone())).collect(),
                always: true,
                principals: Vec::new(),
                sources: Vec::new(),
            });
        }
    }

    /// A policy that is named: one of AWS's, or a resource of the template.
    fn managed(&mut self, id: &str, node: &Node, pointer: &str) {
        let refers = Call::of(node).filter(|call| call.name == "Ref").and_then(|call| call.text());
        if let Some(policy) = refers.filter(|policy| self.is(policy, ResourceType::IamManagedPolicy)) {
            return self.policy_resource(policy);
        }
        match self.known(node) {
            Some(text) => self.named(&text, &self.place(id, pointer, node)),
            None => self.granted.open = true,
        }
    }

    /// One of AWS's policies, by its name or ARN.
    fn named(&mut self, policy: &str, place: &Place) {
        let Some((name, actions)) = managed::actions(policy) else {
            self.granted.open = true;
            return;
        };
        self.granted.statements.push(Allowed {
            origin: Origin::Managed(name),
            actions: actions.iter().map(|action| ((*action).to_owned(), place.clone())).collect(),
            resources: vec![(None, place.clone())],
            always: true,
            principals: Vec::new(),
            sources: Vec::new(),
        });
    }

    fn is(&self, id: &str, resource_type: ResourceType) -> bool {
        self.template.resources.get(id).is_some_and(|resource| resource.resource_type == resource_type)
    }

    /// A role of the template.
    fn role(&mut self, id: &str) {
        let template = self.template;
        let Some(properties) = template.properties(id) else { return };
        if Call::of(properties).is_some() {
            self.granted.open = true;
            return;
        }
        if let Some(policies) = properties.get("Policies") {
            for (index, policy) in many(policies) {
                let pointer = format!("{}/PolicyDocument", at("/Policies", index));
                match policy.get("PolicyDocument") {
                    Some(document) if Call::of(policy).is_none() => self.document(id, document, &pointer),
                    _ => self.granted.open = true,
                }
            }
        }
        if let Some(arns) = properties.get("ManagedPolicyArns") {
            for (index, arn) in many(arns) {
                self.managed(id, arn, &at("/ManagedPolicyArns", index));
            }
        }
    }

    /// The policies of the template that name the role.
    fn attached(&mut self, role: &str) {
        let types = [ResourceType::IamPolicy, ResourceType::IamRolePolicy, ResourceType::IamManagedPolicy];
        let template = self.template;
        for resource in template.resources.values().filter(|r| r.is_one_of(&types)) {
            let Some(properties) = template.properties(&resource.logical_id) else { continue };
            let names = ["Roles", "RoleName"].into_iter().filter_map(|field| properties.get(field));
            if names.flat_map(references).any(|reference| reference.name == role) {
                self.policy_resource(&resource.logical_id);
            }
        }
    }

    fn policy_resource(&mut self, id: &str) {
        let template = self.template;
        match template.properties(id).and_then(|properties| properties.get("PolicyDocument")) {
            Some(document) => self.document(id, document, "/PolicyDocument"),
            None => self.granted.open = true,
        }
    }

    fn document(&mut self, id: &str, document: &Node, pointer: &str) {
        let statements = document.get("Statement").filter(|_| Call::of(document).is_none());
        let Some(statements) = statements.filter(|node| Call::of(node).is_none()) else {
            self.granted.open = true;
            return;
        };
        for (index, statement) in many(statements) {
            self.statement(id, statement, &at(&format!("{pointer}/Statement"), index));
        }
    }

    fn statement(&mut self, id: &str, node: &Node, pointer: &str) {
        let effect = node.get("Effect").filter(|effect| Call::of(effect).is_none()).and_then(Node::as_str);
        let denies = effect == Some("Deny");
        let Some(actions) = node.get("Action").filter(|_| denies || effect == Some("Allow")) else {
            self.granted.open |= !denies;
            return;
        };
        let mut allowed = Allowed {
            origin: Origin::Statement,
            actions: Vec::new(),
            resources: Vec::new(),
            always: node.get("Condition").is_none(),
            principals: self.principals(node),
            sources: node.get("Condition").map(|condition| self.sources(condition)).unwrap_or_default(),
        };
        for (index, action) in many(actions) {
            match self.known(action) {
                Some(text) => {
                    let place = self.place(id, &at(&format!("{pointer}/Action"), index), action);
                    allowed.actions.push((text, place));
                }
                None => self.granted.open |= !denies,
            }
        }
        match node.get("Resource") {
            // `NotResource`: all but some.
            None => allowed.resources.push((None, self.place(id, pointer, node))),
            Some(resources) => {
                for (index, resource) in many(resources) {
                    let place = self.place(id, &at(&format!("{pointer}/Resource"), index), resource);
                    allowed.resources.push((self.known(resource), place));
                }
            }
        }
        if denies {
            self.granted.denied.push(allowed);
        } else {
            self.granted.statements.push(allowed);
        }
    }

    /// Whom a statement is about.
    fn principals(&self, statement: &Node) -> Vec<Principal> {
        let Some(principal) = statement.get("Principal") else {
            let but = statement.get("NotPrincipal").is_some();
            return if but { vec![Principal::Anybody] } else { Vec::new() };
        };
        if Call::of(principal).is_some() || principal.as_str().is_some() {
            return vec![Principal::Anybody];
        }
        let of_kind = |(kind, names): &(Node, Node)| {
            let is_service = kind.as_str() == Some("Service");
            many(names).into_iter().map(|(_, name)| self.principal(is_service, name)).collect::<Vec<_>>()
        };
        principal.entries().iter().flat_map(of_kind).collect()
    }

    fn principal(&self, is_service: bool, name: &Node) -> Principal {
        match self.known(name) {
            None => Principal::Anybody,
            Some(name) if name == "*" => Principal::Anybody,
            Some(name) if is_service => Principal::Service(name),
            Some(name) if name == stand_in::ACCOUNT || name.ends_with(&format!(":{}:root", stand_in::ACCOUNT)) => {
                Principal::Account
            }
            Some(_) => Principal::Somebody,
        }
    }

    /// The ARNs that the conditions of a statement name, by their keys.
    fn sources(&self, condition: &Node) -> Vec<(String, Vec<Option<String>>)> {
        if Call::of(condition).is_some() {
            return Vec::new();
        }
        let positive = |operator: &Node| operator.as_str().is_some_and(|name| !name.contains("Not"));
        let keys = condition.entries().iter().filter(|(operator, _)| positive(operator));
        let keys = keys.flat_map(|(_, keys)| keys.entries()).filter_map(|(key, values)| {
            let key = key.as_str()?.to_ascii_lowercase();
            let names_arn = key == "aws:sourcearn" || key == "kms:encryptioncontext:aws:logs:arn";
            names_arn.then(|| (key, many(values).into_iter().map(|(_, value)| self.known(value)).collect()))
        });
        keys.collect()
    }

    /// A text as it will be, if nothing that decides on it comes from outside the template.
    fn known(&self, node: &Node) -> Option<String> {
        let simple = Call::of(node).is_none_or(|call| call.is_reference() || call.name == "Join");
        let outside = |name: &str| self.template.section("Parameters", name).is_some();
        // Functions within a `Join` or a `Sub` are looked at by what they refer to; others make the text unknown.
        if !simple || has_other_calls(node) || references(node).iter().any(|reference| outside(&reference.name)) {
            return None;
        }
        let value = self.resolver.value(node);
        value.as_str().map(str::to_owned)
    }
}

fn has_other_calls(node: &Node) -> bool {
    node.walk().filter_map(Call::of).any(|call| !(call.is_reference() || call.name == "Join"))
}
