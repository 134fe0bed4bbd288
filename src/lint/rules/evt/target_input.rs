use crate::asl::JsonPath;
use crate::diagnostic::Severity;
use crate::eventbridge::{InputTemplate, PREDEFINED, Slot};
use crate::lint::Findings;
use crate::lint::flow::never_in_events;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedRule, LoadedStack, Place, RuleTarget, below, replace};
use crate::source::{Node, why_not_json};

rule! {
    /// Invalid input of a target
    ///
    /// # What it does
    /// Checks `Input`, `InputPath` and `InputTransformer` of a rule's targets: a target sets at most one of them, paths are valid
    /// and lead to something in the events that the rule lets through, `Input` is valid JSON, and an `InputTemplate` produces JSON and uses only variables that exist.
    ///
    /// Sources: EventBridge's [Target](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html) and [input
    /// transformation](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
    ///
    /// # Why is this bad
    /// EventBridge refuses the target, and the deployment fails; or the template produces invalid JSON, and no execution starts.
    ///
    /// # Example
    /// ```yaml
    /// InputTransformer:
    ///   InputPathsMap: {key: $.detail.object.key}
    ///   InputTemplate: '{"fileName": <fileName>}'
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// InputTransformer:
    ///   InputPathsMap: {fileName: $.detail.object.key}
    ///   InputTemplate: '{"fileName": <fileName>}'
    /// ```
    pub(super) static RULE: "EVT505", "target-input", Error = Stack(check);
}

const FIELDS: [&str; 3] = ["Input", "InputPath", "InputTransformer"];

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    if stack.template.as_ref().is_none_or(|template| template.other_transforms) {
        return;
    }
    for rule in &stack.rules {
        for target in &rule.targets {
            let root = stack.documents.get(target.place.document).and_then(|document| document.root.as_ref());
            let Some(node) = root.and_then(|root| root.pointer(&target.place.pointer)) else { continue };
            // An event of SAM has its fields in its properties.
            let (node, pointer) = match node.get("Properties") {
                Some(properties) => (properties, format!("{}/Properties", target.place.pointer)),
                None => (node, target.place.pointer.clone()),
            };
            if Call::of(node).is_none() {
                Judge { stack, rule, target, node, pointer: &pointer, findings }.all();
            }
        }
    }
}

/// Holds the input of one target against EventBridge's rules.
struct Judge<'a, 'b, 'c> {
    stack: &'a LoadedStack,
    rule: &'a LoadedRule,
    target: &'a RuleTarget,
    node: &'a Node,
    pointer: &'a str,
    findings: &'b mut Findings<'c>,
}

impl Judge<'_, '_, '_> {
    fn say(&mut self, field: &str, node: &Node, message: &str) -> &mut crate::lint::Finding {
        let pointer = format!("{}{field}", self.pointer);
        let place = Place { document: self.target.place.document, pointer, span: node.span };
        self.findings.add(place, format!("EventBridge refuses the target of `{}`: {message}", self.rule.logical_id))
    }

    fn all(&mut self) {
        let given: Vec<&str> = FIELDS.into_iter().filter(|field| self.node.get(field).is_some_and(is_given)).collect();
        if let [first, second, ..] = given.as_slice()
            && let Some(node) = self.node.get(second)
        {
            self.say(&below("", second), node, &format!("a target sets `{first}` or `{second}`, not both"));
        }
        if let Some(node) = self.node.get("Input")
            && let Some(text) = spelled(node)
            && let Err(error) = serde_json::from_str::<serde_json::Value>(&text)
        {
            self.say("/Input", node, &format!("`Input` is not JSON: {}", why_not_json(&text, &error)));
        }
        if let Some(node) = self.node.get("InputPath") {
            self.path("/InputPath", node);
        }
        if let Some(transformer) = self.node.get("InputTransformer").filter(|node| Call::of(node).is_none()) {
            let paths = transformer.get("InputPathsMap");
            for (key, path) in paths.map_or(&[][..], Node::entries) {
                let name = key.as_str().unwrap_or_default();
                self.path(&format!("/InputTransformer/InputPathsMap{}", below("", name)), path);
            }
            if let Some(template) = transformer.get("InputTemplate") {
                self.template(template, paths);
            }
        }
    }

    fn path(&mut self, field: &str, node: &Node) {
        let Some(text) = node.as_str().filter(|text| Call::of(node).is_none() && !text.contains("${")) else { return };
        match text.parse::<JsonPath>() {
            Err(error) => _ = self.say(field, node, &format!("`{text}` is not a path: {error}")),
            Ok(path) => self.leads_nowhere(field, node, (text, &path)),
        }
    }

    /// A path into an event that has nothing there.
    fn leads_nowhere(&mut self, field: &str, node: &Node, (text, path): (&str, &JsonPath)) {
        let Some(miss) = never_in_events(self.stack, self.rule, path) else { return };
        let pointer = format!("{}{field}", self.pointer);
        let place = Place { document: self.target.place.document, pointer, span: node.span };
        let message = format!(
            "no event that `{}` lets through has `{text}`, so the target gets nothing for it: `{}` has no `{}`",
            self.rule.logical_id, miss.parent, miss.wanted
        );
        let near = nearest(&miss.wanted, miss.fields.iter().map(String::as_str));
        let finding = self.findings.add(place, message).severity(Severity::Warning);
        if let Some(near) = near {
            finding.help(format!("did you mean `{near}`?"));
        }
    }

    fn template(&mut self, node: &Node, paths: Option<&Node>) {
        let Some(text) = spelled(node) else { return };
        let template = InputTemplate::parse(&text);
        let mapped: Option<Vec<&str>> = match paths {
            Some(paths) if Call::of(paths).is_some() => None,
            Some(paths) => Some(paths.entries().iter().filter_map(|(key, _)| key.as_str()).collect()),
            None => Some(Vec::new()),
        };
        if let Some(mapped) = mapped {
            let known = |name: &str| mapped.contains(&name) || PREDEFINED.contains(&name);
            let mut unknown: Vec<&str> = template.variables().filter(|name| !known(name)).collect();
            unknown.dedup();
            for name in unknown {
                let near = nearest(name, mapped.iter().copied().chain(PREDEFINED))
                    .map(|near| format!("did you mean `<{near}>`?"));
                let finding = self.say("/InputTransformer/InputTemplate", node, &format!("nothing defines `<{name}>`"));
                finding.help(near.unwrap_or_else(|| format!("add `{name}: $.detail...` to `InputPathsMap`")));
            }
        }
        let filled = template.fill(|_, slot| if slot == Slot::Value { "\"x\"".to_owned() } else { "x".to_owned() });
        let Err(error) = serde_json::from_str::<serde_json::Value>(&filled) else { return };
        let machine = self
            .stack
            .machines
            .iter()
            .any(|machine| machine.logical_id.is_some() && machine.logical_id == self.target.logical_id);
        // Other targets take several texts, one a line.
        if machine || !text.trim_start().starts_with('"') {
            self.say(
                "/InputTransformer/InputTemplate",
                node,
                &format!("the template does not produce JSON: {}", why_not_json(&filled, &error)),
            )
            .help("put a variable outside quotes, or inside a longer string");
        }
    }
}

/// Whether a field is there whatever is deployed.
fn is_given(node: &Node) -> bool {
    node.kind != crate::source::Kind::Null && Call::of(node).is_none_or(|call| !matches!(call.name, "If" | "Ref"))
}

/// A text as far as it is known: what `Fn::Sub` puts in is a 0, which is JSON within quotes and outside of them.
fn spelled(node: &Node) -> Option<String> {
    const MOST: usize = 1 << 16;
    match Call::of(node) {
        None => node
            .as_str()
            .filter(|text| node.tag.is_none() && !text.contains("${") && !text.contains("{{"))
            .map(str::to_owned),
        Some(call) if call.name == "Sub" => {
            let (text, _) = call.sub()?;
            Some(replace(text.as_str()?, MOST, |_| Some("0".to_owned())))
        }
        Some(_) => None,
    }
}
