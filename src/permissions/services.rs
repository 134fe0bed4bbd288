//! What the policies of queues, topics, buckets and keys have to allow to the services that use them without a role: EventBridge,
//! CloudWatch, CloudWatch Logs and S3's access logs.

use crate::aws::ResourceType;
use crate::aws::needs::{self, Weight};
use crate::aws::principal::{CLOUD_WATCH, CLOUD_WATCH_LOGS, EVENT_BRIDGE, S3_ACCESS_LOGS};
use crate::loaded::{Call, LoadedResource, LoadedStack, LoadedTemplate, Place, Resolver, RuleTarget, references};
use crate::outline::task::entry;
use crate::source::Node;

use super::granted::Granted;
use super::keys::{Key, Keys};
use super::policies::connectors;

/// Something that a policy does not allow to a service that needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lack {
    /// Where the policy stands; where the service is asked to do it, if there is no policy.
    pub place: Place,
    /// The resource whose policy has to allow it.
    pub resource: String,
    /// Who needs it: a service, or the account.
    pub service: &'static str,
    /// What it needs to do.
    pub actions: Vec<&'static str>,
    /// What happens otherwise.
    pub consequence: String,
    /// How bad that is.
    pub weight: Weight,
}

/// What the policies of a stack lack.
pub fn lacks(stack: &LoadedStack) -> Vec<Lack> {
    let (Some(template), Some(keys)) = (stack.template.as_ref(), Keys::of(stack)) else { return Vec::new() };
    let mut finder = Finder { stack, template, keys, resolver: Resolver::new(template), found: Vec::new() };
    finder.targets();
    finder.dead_letters();
    finder.alarms();
    finder.log_groups();
    finder.access_logs();
    finder.administrators();
    finder.found
}

/// A kind of policy resource, and its property that says whose it is.
type PolicyType = (ResourceType, &'static str);
const QUEUE: [PolicyType; 2] =
    [(ResourceType::SqsQueuePolicy, "Queues"), (ResourceType::SqsQueueInlinePolicy, "Queue")];
const TOPIC: [PolicyType; 2] =
    [(ResourceType::SnsTopicPolicy, "Topics"), (ResourceType::SnsTopicInlinePolicy, "TopicArn")];
const BUCKET: [PolicyType; 1] = [(ResourceType::S3BucketPolicy, "Bucket")];

/// The policies of a resource.
struct Policies {
    all: Vec<Granted>,
    place: Option<Place>,
    /// Whether there may be others.
    open: bool,
}

impl Policies {
    fn allow(&self, service: &str, action: &str, resource: Option<&str>, source: &str) -> bool {
        self.open || self.all.iter().any(|policy| policy.allows_service(service, action, resource, source))
    }
}

/// Whether a rule sends to a target with a role.
fn has_role(template: &LoadedTemplate, target: &RuleTarget) -> bool {
    let node = entry(&template.root, &target.place.pointer).map(|(_, node)| node);
    node.is_none_or(|node| Call::of(node).is_some() || node.get("RoleArn").is_some())
}

struct Finder<'a> {
    stack: &'a LoadedStack,
    template: &'a LoadedTemplate,
    keys: Keys,
    resolver: Resolver<'a>,
    found: Vec<Lack>,
}

impl Finder<'_> {
    /// The policies of a resource. One whose owner cannot be read may be its, and allow anything.
    fn policies(&self, types: &[PolicyType], id: &str) -> Policies {
        let mut found = Policies { all: Vec::new(), place: None, open: connectors(self.template) };
        for (resource_type, property) in types {
            for policy in self.template.of_type(*resource_type) {
                let policy_id = &policy.logical_id;
                let Some(properties) = self.template.properties(policy_id) else { continue };
                let owners = properties.get(property).map(references).unwrap_or_default();
                let elsewhere = owners.iter().any(|owner| !self.template.resources.contains_key(&owner.name));
                if !owners.is_empty() && !elsewhere && !owners.iter().any(|owner| owner.name == id) {
                    continue;
                }
                let Some(document) = properties.get("PolicyDocument") else { continue };
                let mut granted = Granted::of_document(self.template, policy_id, document, "/PolicyDocument");
                granted.open |= owners.is_empty() || elsewhere;
                found.place.get_or_insert(self.template.place(policy_id, "/PolicyDocument", document));
                found.all.push(granted);
            }
        }
        found
    }

    /// The policy of a key of the template, and where it stands.
    fn key_policy(&self, key: &Key) -> Option<(Granted, Place)> {
        let document = self.template.properties(&key.logical_id)?.get("KeyPolicy")?;
        let policy = Granted::of_document(self.template, &key.logical_id, document, "/KeyPolicy");
        Some((policy, self.template.place(&key.logical_id, "/KeyPolicy", document)))
    }

    /// A service that uses the key of a resource without a role, for what has the ARN `source`.
    fn uses_key(
        &mut self,
        resource: &str,
        service: &'static str,
        actions: &[&'static str],
        source: &str,
        what: (String, Weight),
    ) {
        let Some(key) = self.keys.of_resource(resource).cloned() else { return };
        let Some((policy, place)) = self.key_policy(&key) else { return };
        let missing = |action: &&&str| !policy.allows_service(service, action, None, source);
        let actions: Vec<&'static str> = actions.iter().filter(missing).copied().collect();
        if !actions.is_empty() {
            let (consequence, weight) = what;
            self.found.push(Lack { place, resource: key.logical_id, service, actions, consequence, weight });
        }
    }

    /// The queues and topics that rules send to, which they do without a role.
    fn targets(&mut self) {
        let stack = self.stack;
        for rule in &stack.rules {
            for target in rule.targets.iter().filter(|target| !has_role(self.template, target)) {
                let named = |one: &&LoadedResource| Some(&one.logical_id) == target.logical_id.as_ref();
                let queue = stack.queues.iter().find(named).map(|queue| (queue, &QUEUE, needs::TO_QUEUE));
                let topic = stack.topics.iter().find(named).map(|topic| (topic, &TOPIC, needs::TO_TOPIC));
                let Some((to, types, action)) = queue.or(topic) else { continue };
                let source = self.rule_arn(&rule.name);
                let policies = self.policies(types, &to.logical_id);
                let consequence = format!("the rule `{}` never reaches `{}`", rule.logical_id, to.logical_id);
                if !policies.allow(EVENT_BRIDGE, action, Some(&to.arn), &source) {
                    self.found.push(Lack {
                        place: policies.place.unwrap_or_else(|| target.place.clone()),
                        resource: to.logical_id.clone(),
                        service: EVENT_BRIDGE,
                        actions: vec![action],
                        consequence: consequence.clone(),
                        weight: Weight::Fails,
                    });
                }
                self.uses_key(&to.arn, EVENT_BRIDGE, &needs::SENDER_OF_KEY, &source, (consequence, Weight::Fails));
            }
        }
    }

    /// The queues for what rules cannot deliver.
    fn dead_letters(&mut self) {
        let stack = self.stack;
        for rule in &stack.rules {
            for target in &rule.targets {
                let queue = stack.queues.iter().find(|queue| Some(&queue.arn) == target.dead_letters.as_ref());
                let Some(queue) = queue else { continue };
                let source = self.rule_arn(&rule.name);
                let policies = self.policies(&QUEUE, &queue.logical_id);
                let consequence = format!(
                    "what the rule `{}` cannot deliver is lost, and does not get to `{}`",
                    rule.logical_id, queue.logical_id
                );
                if !policies.allow(EVENT_BRIDGE, needs::TO_QUEUE, Some(&queue.arn), &source) {
                    self.found.push(Lack {
                        place: policies.place.unwrap_or_else(|| target.place.clone()),
                        resource: queue.logical_id.clone(),
                        service: EVENT_BRIDGE,
                        actions: vec![needs::TO_QUEUE],
                        consequence: consequence.clone(),
                        weight: Weight::Degrades,
                    });
                }
                let what = (consequence, Weight::Degrades);
                self.uses_key(&queue.arn, EVENT_BRIDGE, &needs::SENDER_OF_KEY, &source, what);
            }
        }
    }

    fn rule_arn(&self, name: &str) -> String {
        use crate::loaded::stand_in::{ACCOUNT, REGION};
        format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}")
    }

    /// The topics that alarms tell. Without a policy of the template a topic has one that lets its own account publish.
    fn alarms(&mut self) {
        let stack = self.stack;
        for topic in &stack.topics {
            let mut alarms = self.template.of_type(ResourceType::CloudWatchAlarm).filter(|alarm| {
                let properties = self.template.properties(&alarm.logical_id);
                let actions = ["AlarmActions", "OKActions", "InsufficientDataActions"];
                let actions = actions.iter().filter_map(|name| properties?.get(name));
                actions.flat_map(references).any(|reference| reference.name == topic.logical_id)
            });
            let Some(alarm) = alarms.next() else { continue };
            let source = self.resolver.arn(&alarm.logical_id);
            let consequence = format!("alarms do not reach `{}`", topic.logical_id);
            let policies = self.policies(&TOPIC, &topic.logical_id);
            let allowed = policies.allow(CLOUD_WATCH, needs::TO_TOPIC, Some(&topic.arn), &source);
            if let Some(place) = policies.place.filter(|_| !allowed) {
                self.found.push(Lack {
                    place,
                    resource: topic.logical_id.clone(),
                    service: CLOUD_WATCH,
                    actions: vec![needs::TO_TOPIC],
                    consequence: consequence.clone(),
                    weight: Weight::Degrades,
                });
            }
            let what = (consequence, Weight::Degrades);
            self.uses_key(&topic.arn, CLOUD_WATCH, &needs::SENDER_OF_KEY, &source, what);
        }
    }

    /// The log groups that are encrypted.
    fn log_groups(&mut self) {
        let groups: Vec<String> =
            self.template.of_type(ResourceType::LogsLogGroup).map(|group| group.logical_id.clone()).collect();
        for id in groups {
            let arn = self.resolver.arn(&id);
            let named = self.template.properties(&id).is_some_and(|group| group.get("LogGroupName").is_some());
            // The key sees the group's ARN without the `:*` behind it; a name that CloudFormation makes up may be any.
            let source = if named { arn.trim_end_matches(":*") } else { "*" };
            let before = self.found.len();
            let consequence = format!("CloudWatch Logs refuses to encrypt the log group `{id}` with it");
            self.uses_key(&arn, CLOUD_WATCH_LOGS, &needs::LOGS_OF_KEY, source, (consequence, Weight::Refused));
            for lack in &mut self.found[before..] {
                // Which of them it really uses is not documented.
                if lack.actions.len() < needs::LOGS_OF_KEY.len() {
                    lack.weight = Weight::Degrades;
                }
            }
        }
    }

    /// The buckets that access logs are written to.
    fn access_logs(&mut self) {
        let stack = self.stack;
        for bucket in &stack.buckets {
            let id = &bucket.resource.logical_id;
            let Some(properties) = self.template.properties(id) else { continue };
            let logging = properties.get("LoggingConfiguration").filter(|node| Call::of(node).is_none());
            let Some(name) = logging.and_then(|logging| logging.get("DestinationBucketName")) else { continue };
            let Some(to) = self.bucket(name) else { continue };
            let by_list = self.template.properties(&to).is_some_and(|to| to.get("AccessControl").is_some());
            let policies = self.policies(&BUCKET, &to);
            let objects = format!("{}/*", self.resolver.arn(&to));
            if by_list || policies.allow(S3_ACCESS_LOGS, needs::TO_BUCKET, Some(&objects), &bucket.resource.arn) {
                continue;
            }
            let place = || self.template.place(id, "/LoggingConfiguration/DestinationBucketName", name);
            self.found.push(Lack {
                place: policies.place.unwrap_or_else(place),
                resource: to,
                service: S3_ACCESS_LOGS,
                actions: vec![needs::TO_BUCKET],
                consequence: format!("the access logs of `{id}` are not written"),
                weight: Weight::Degrades,
            });
        }
    }

    fn bucket(&self, name: &Node) -> Option<String> {
        let found = references(name);
        let [reference] = found.as_slice() else { return None };
        let bucket = self.template.resources.get(&reference.name)?;
        (bucket.resource_type == ResourceType::S3Bucket).then(|| bucket.logical_id.clone())
    }

    /// Whether somebody may change the policy of a key later: AWS refuses a key that locks everybody out.
    fn administrators(&mut self) {
        for key in self.template.of_type(ResourceType::KmsKey) {
            let id = &key.logical_id;
            let Some(properties) = self.template.properties(id) else { continue };
            let bypassed = properties.get("BypassPolicyLockoutSafetyCheck").is_some();
            let Some(document) = properties.get("KeyPolicy").filter(|_| !bypassed) else { continue };
            let policy = Granted::of_document(self.template, id, document, "/KeyPolicy");
            if !policy.allows_somebody("kms:PutKeyPolicy") {
                self.found.push(Lack {
                    place: self.template.place(id, "/KeyPolicy", document),
                    resource: id.clone(),
                    service: "the account",
                    actions: vec!["kms:PutKeyPolicy"],
                    consequence: "AWS refuses a key that nobody can manage".to_owned(),
                    weight: Weight::Refused,
                });
            }
        }
    }
}
