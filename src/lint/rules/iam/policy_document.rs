use crate::aws::ResourceType;
use crate::aws::policy::{EFFECTS, ELEMENTS, VERSIONS, is_operator, operators};
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Finding, Findings};
use crate::loaded::{Call, LoadedStack, LoadedTemplate, below};
use crate::source::{Kind, Node};

rule! {
    /// Policy that IAM cannot read
    ///
    /// # What it does
    /// Checks the policies in a template against the grammar of IAM: the version, and in each statement the effect, the action, the
    /// resource, the principal and the operators of its condition. It looks at the inline, managed and trust policies of IAM, at the
    /// policies of queues, topics, buckets and keys, and at the statements of `Policies` in SAM. Values of functions and parameters
    /// are assumed to be valid.
    ///
    /// Source: [the grammar of IAM's policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
    ///
    /// # Why is this bad
    /// AWS refuses the policy (`MalformedPolicyDocument`), and the deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// Statement:
    ///   - { Effect: allow, Actions: dynamodb:PutItem, Resource: !GetAtt FilesTable.Arn }
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Statement:
    ///   - { Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt FilesTable.Arn }
    /// ```
    pub(super) static RULE: "IAM608", "policy-document", Error = Stack(check);
}

/// What the policy belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// A user's, a group's or a role's: what it may do.
    Identity,
    /// A role's: who may assume it.
    Trust,
    /// A resource's.
    Resource,
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let Some(properties) = template.properties(id).filter(|node| Call::of(node).is_none()) else { continue };
        let mut judge = Judge { template, id, findings };
        let document = |name: &str| properties.get(name);
        let Some(kind) = ResourceType::of(&resource.resource_type) else { continue };
        match kind {
            ResourceType::IamRole | ResourceType::IamUser | ResourceType::IamGroup => {
                if let Some(trust) = document("AssumeRolePolicyDocument") {
                    judge.document(trust, Of::Trust, "/AssumeRolePolicyDocument");
                }
                judge.list(document("Policies"), "PolicyDocument");
            }
            ResourceType::IamPolicy
            | ResourceType::IamManagedPolicy
            | ResourceType::IamRolePolicy
            | ResourceType::IamUserPolicy
            | ResourceType::IamGroupPolicy => {
                if let Some(policy) = document("PolicyDocument") {
                    judge.document(policy, Of::Identity, "/PolicyDocument");
                }
            }
            ResourceType::SqsQueuePolicy
            | ResourceType::SqsQueueInlinePolicy
            | ResourceType::SnsTopicPolicy
            | ResourceType::SnsTopicInlinePolicy
            | ResourceType::S3BucketPolicy => {
                if let Some(policy) = document("PolicyDocument") {
                    judge.document(policy, Of::Resource, "/PolicyDocument");
                }
            }
            ResourceType::KmsKey => {
                if let Some(policy) = document("KeyPolicy") {
                    judge.document(policy, Of::Resource, "/KeyPolicy");
                }
            }
            ResourceType::ServerlessStateMachine | ResourceType::ServerlessFunction => {
                judge.serverless(document("Policies"))
            }
            _ => {}
        }
    }
}

/// Holds the policies of one resource against the grammar.
struct Judge<'a, 'b, 'c> {
    template: &'a LoadedTemplate,
    id: &'a str,
    findings: &'b mut Findings<'c>,
}

impl Judge<'_, '_, '_> {
    fn say(&mut self, pointer: &str, node: &Node, message: &str) -> &mut Finding {
        let place = self.template.place(self.id, pointer, node);
        self.findings.add(place, format!("{message}: IAM refuses the policy"))
    }

    /// A list of policies, each of which has its document in a field.
    fn list(&mut self, policies: Option<&Node>, field: &str) {
        for (at, policy) in plain(policies).map_or(&[][..], Node::items).iter().enumerate() {
            if let Some(document) = plain(Some(policy)).and_then(|policy| policy.get(field)) {
                self.document(document, Of::Identity, &format!("/Policies/{at}/{field}"));
            }
        }
    }

    /// The `Policies` of SAM: names and templates of policies, and documents.
    fn serverless(&mut self, policies: Option<&Node>) {
        let Some(policies) = plain(policies) else { return };
        if policies.get("Statement").is_some() {
            self.document(policies, Of::Identity, "/Policies");
        }
        for (at, policy) in policies.items().iter().enumerate().filter(|(_, policy)| policy.get("Statement").is_some())
        {
            self.document(policy, Of::Identity, &format!("/Policies/{at}"));
        }
    }

    fn document(&mut self, document: &Node, of: Of, pointer: &str) {
        let Some(document) = plain(Some(document)).filter(|node| matches!(node.kind, Kind::Mapping(_))) else { return };
        if let Some(version) = document.get("Version").and_then(known).filter(|version| !VERSIONS.contains(version)) {
            let message = format!("there is no version `{}` of the policy language", shown(version));
            if let Some(node) = document.get("Version") {
                self.say(&format!("{pointer}/Version"), node, &message).help(format!("it is `{}`", VERSIONS[0]));
            }
        }
        let Some(statements) = document.get("Statement") else {
            if document.entries().iter().all(|(key, _)| key.as_str().is_some_and(|key| !key.contains("::"))) {
                self.say(pointer, document, "the policy has no `Statement`");
            }
            return;
        };
        let Some(statements) = plain(Some(statements)) else { return };
        let pointer = format!("{pointer}/Statement");
        match &statements.kind {
            Kind::Mapping(_) => self.statement(statements, of, &pointer),
            _ => {
                let mut sids: Vec<&str> = Vec::new();
                for (at, statement) in statements.items().iter().enumerate() {
                    let pointer = format!("{pointer}/{at}");
                    self.statement(statement, of, &pointer);
                    let Some(node) = statement.get("Sid").filter(|_| of == Of::Identity) else { continue };
                    let Some(sid) = known(node).filter(|sid| !sid.is_empty()) else { continue };
                    if sids.contains(&sid) {
                        let message = format!("another statement has the `Sid` `{}`", shown(sid));
                        self.say(&format!("{pointer}/Sid"), node, &message);
                    }
                    sids.push(sid);
                }
            }
        }
    }

    fn statement(&mut self, statement: &Node, of: Of, pointer: &str) {
        let Some(statement) = plain(Some(statement)).filter(|node| matches!(node.kind, Kind::Mapping(_))) else {
            return;
        };
        // A macro, or another tool, may add what is missing.
        let whole = statement.entries().iter().all(|(key, _)| key.as_str().is_some_and(|key| !key.contains("::")));
        for (key, _) in statement.entries() {
            let Some(name) = key.as_str().filter(|name| !ELEMENTS.contains(name) && whole && !name.contains('{'))
            else {
                continue;
            };
            let finding = self.say(&below(pointer, name), key, &format!("a statement has no `{}`", shown(name)));
            if let Some(near) = nearest(name, ELEMENTS) {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
        match statement.get("Effect") {
            None if whole => _ = self.say(pointer, statement, "the statement has no `Effect`"),
            Some(node) => {
                if let Some(effect) = known(node).filter(|effect| !EFFECTS.contains(effect)) {
                    let message = format!("`Effect` is `Allow` or `Deny`, not `{}`", shown(effect));
                    self.say(&format!("{pointer}/Effect"), node, &message);
                }
            }
            None => {}
        }
        let there = |name: &str| statement.get(name).is_some();
        for (one, other) in [("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")] {
            if there(one) && there(other) {
                self.say(pointer, statement, &format!("a statement has `{one}` or `{other}`, not both"));
            }
        }
        if whole && !there("Action") && !there("NotAction") {
            self.say(pointer, statement, "the statement has no `Action`");
        }
        self.parts(statement, of, pointer, whole);
        self.values(statement, of, pointer);
    }

    /// Which elements a kind of policy has.
    fn parts(&mut self, statement: &Node, of: Of, pointer: &str, whole: bool) {
        let given = |names: [&'static str; 2]| names.into_iter().find(|name| statement.get(name).is_some());
        let principal = given(["Principal", "NotPrincipal"]);
        let resource = given(["Resource", "NotResource"]);
        match (of, principal) {
            (Of::Identity, Some(name)) => {
                let message = format!("a policy that belongs to a role has no `{name}`");
                self.say(&below(pointer, name), statement, &message);
            }
            (Of::Trust | Of::Resource, None) if whole => {
                self.say(pointer, statement, "the statement has no `Principal`");
            }
            _ => {}
        }
        match (of, resource) {
            (Of::Trust, Some(name)) => {
                let message = format!("a policy that says who may assume a role has no `{name}`");
                self.say(&below(pointer, name), statement, &message);
            }
            (Of::Identity, None) if whole => _ = self.say(pointer, statement, "the statement has no `Resource`"),
            _ => {}
        }
    }

    /// What the elements say.
    fn values(&mut self, statement: &Node, of: Of, pointer: &str) {
        for name in ["Action", "NotAction"] {
            for (node, pointer) in each(statement, name, pointer) {
                let Some(action) = known(node) else { continue };
                if action != "*" && !action.contains(':') && of != Of::Resource {
                    let message = format!("the action `{}` names no service", shown(action));
                    self.say(&pointer, node, &message).help("write `SERVICE:ACTION`: `dynamodb:PutItem`");
                } else if of == Of::Trust && action != "*" && !action.to_ascii_lowercase().starts_with("sts:") {
                    let message = format!("a policy that says who may assume a role has no action `{}`", shown(action));
                    self.say(&pointer, node, &message).help("`sts:AssumeRole`");
                }
            }
        }
        for name in ["Resource", "NotResource"] {
            for (node, pointer) in each(statement, name, pointer) {
                self.resource(node, of, &pointer);
            }
        }
        let sid = statement.get("Sid").filter(|_| of == Of::Identity);
        if let Some((node, sid)) = sid.and_then(|node| Some((node, known(node)?)))
            && !sid.chars().all(|c| c.is_ascii_alphanumeric())
        {
            self.say(&format!("{pointer}/Sid"), node, "a `Sid` has letters and digits only");
        }
        let condition = plain(statement.get("Condition")).map_or(&[][..], Node::entries);
        for (key, _) in condition {
            let Some(name) = key.as_str().filter(|name| !is_operator(name) && !name.contains(['{', '<'])) else {
                continue;
            };
            if name.starts_with("Fn::") {
                continue;
            }
            let message = format!("there is no condition operator `{}`", shown(name));
            let finding = self.say(&below(&format!("{pointer}/Condition"), name), key, &message);
            if let Some(near) = nearest(name, operators()) {
                finding.help(format!("did you mean `{near}`?"));
            }
        }
    }

    /// A role's policy names what it is about by an ARN.
    fn resource(&mut self, node: &Node, of: Of, pointer: &str) {
        if of != Of::Identity {
            return;
        }
        if let Some(text) = known(node) {
            if text != "*" && !text.starts_with("arn:") {
                let message = format!("`{}` is not an ARN", shown(text));
                self.say(pointer, node, &message).help("a resource is an ARN, or `*`");
            }
            return;
        }
        let id = Call::of(node).filter(|call| call.name == "Ref").and_then(|call| call.text());
        let Some(resource) = id.and_then(|id| self.template.resources.get(id)) else { return };
        if ResourceType::of(&resource.resource_type).is_some_and(|known| known.ref_is_no_arn()) {
            let message = format!("`Ref` of `{}` is not an ARN", resource.logical_id);
            let help = format!("`!GetAtt {}.Arn`", resource.logical_id);
            self.say(pointer, node, &message).help(help);
        }
    }
}

/// A value that no function makes.
fn plain(node: Option<&Node>) -> Option<&Node> {
    node.filter(|node| Call::of(node).is_none() && node.tag.is_none() && node.kind != Kind::Null)
}

/// A text that is known.
fn known(node: &Node) -> Option<&str> {
    plain(Some(node))?.as_str().filter(|text| !text.contains(['{', '<']))
}

/// The values of an element, and where each stands.
fn each<'a>(statement: &'a Node, name: &str, pointer: &str) -> Vec<(&'a Node, String)> {
    let pointer = below(pointer, name);
    match statement.get(name) {
        None => Vec::new(),
        Some(node) if Call::of(node).is_none() && matches!(node.kind, Kind::Sequence(_)) => {
            node.items().iter().enumerate().map(|(at, item)| (item, format!("{pointer}/{at}"))).collect()
        }
        Some(node) => vec![(node, pointer)],
    }
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
