mod name;

use indexmap::IndexMap;

use crate::aws::ResourceType;
use crate::aws::resource_schema::{self, Kind, Schema};
use crate::diagnostic::Severity;
use crate::lint::near::nearest;
use crate::lint::rule::rule;
use crate::lint::{Finding, Findings};
use crate::loaded::{Call, LoadedStack, LoadedTemplate, below, has_placeholder, value};
use crate::source::{Kind as NodeKind, Node};

rule! {
    /// Invalid resource property
    ///
    /// # What it does
    /// Checks resource properties against the published schemas of their types: unknown and missing properties, types, allowed
    /// values, patterns, lengths, and the event types that SAM supports. It covers the resource types of a stack around a state
    /// machine, and the rules for names, which are in no schema. The values of functions and parameters are assumed to be valid. CloudFormation's schemas grow, so an unknown property or
    /// value is a warning, unless it is a misspelling of a known one. SAM's translator refuses every unknown property.
    ///
    /// Sources: CloudFormation's
    /// [registry schemas](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-type-schemas.html), and the checks of SAM's translator (`scripts/resource_schemas.py`).
    ///
    /// # Why is this bad
    /// The deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// FilesBucket:
    ///   Type: AWS::S3::Bucket
    ///   Properties:
    ///     NotificationConfiguration:
    ///       EventBridgeConfiguration: {}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// FilesBucket:
    ///   Type: AWS::S3::Bucket
    ///   Properties:
    ///     NotificationConfiguration:
    ///       EventBridgeConfiguration:
    ///         EventBridgeEnabled: true
    /// ```
    pub(super) static RULE: "CFN408", "resource-properties", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let Some(schema) = resource_schema::find(&resource.resource_type) else { continue };
        let serverless = ResourceType::of_sam(&resource.resource_type);
        let globals = serverless.is_some_and(|name| template.section("Globals", name).is_some());
        let mut judge = Judge { template, id, sam: serverless.is_some(), findings };
        match template.properties(id).filter(|node| node.kind != NodeKind::Null) {
            Some(properties) => {
                judge.value(properties, schema, "");
                name::check(template, id, properties, judge.findings);
            }
            // `Globals` may give what is missing.
            None if globals => {}
            None => {
                for name in &schema.required {
                    let message = format!("`{name}` is missing: the deployment fails");
                    judge.findings.add(resource.place.clone(), message);
                }
            }
        }
    }
}

/// Holds the properties of one resource against its schema.
struct Judge<'a, 'b, 'c> {
    template: &'a LoadedTemplate,
    id: &'a str,
    /// Whether it is one of SAM's.
    sam: bool,
    findings: &'b mut Findings<'c>,
}

impl Judge<'_, '_, '_> {
    fn say(&mut self, pointer: &str, node: &Node, message: String) -> &mut Finding {
        let place = self.template.place(self.id, pointer, node);
        self.findings.add(place, format!("{message}: the deployment fails"))
    }

    /// Says that a schema does not have a name or a value: an error if it surely is none, a warning if AWS may have added it.
    fn unlisted(&mut self, pointer: &str, node: &Node, refused: bool, message: String) -> &mut Finding {
        let place = self.template.place(self.id, pointer, node);
        if refused {
            return self.findings.add(place, format!("{message}: the deployment fails"));
        }
        let message = format!("{message}: the deployment fails, unless that is newer than the schemas here");
        self.findings.add(place, message).severity(Severity::Warning)
    }

    fn value(&mut self, node: &Node, schema: &Schema, pointer: &str) {
        if let Some(call) = Call::of(node) {
            // SAM evaluates references to parameters first.
            if schema.plain && !matches!(call.name, "Ref" | "FindInMap" | "Transform") {
                self.say(pointer, node, format!("`{}` takes no function but `Ref`", last(pointer)));
            }
            return;
        }
        if is_unknown(node) {
            return;
        }
        if !schema.kinds.is_empty() && !schema.kinds.iter().any(|kind| is_of(node, *kind, schema.strict)) {
            let kinds: Vec<&str> = schema.kinds.iter().map(|kind| words(*kind)).collect();
            let message = format!("`{}` takes {}, not {}", last(pointer), kinds.join(" or "), node.describe());
            self.say(pointer, node, message);
            return;
        }
        match &node.kind {
            NodeKind::Mapping(entries) => self.mapping(node, entries, schema, pointer),
            NodeKind::Sequence(items) => self.list(node, items, schema, pointer),
            _ => self.scalar(node, schema, pointer),
        }
    }

    fn mapping(&mut self, node: &Node, entries: &[(Node, Node)], schema: &Schema, pointer: &str) {
        if !schema.by_type.is_empty() {
            return self.by_type(node, &schema.by_type, pointer);
        }
        // A key that a macro or a loop replaces.
        let computed = entries.iter().any(|(key, _)| key.as_str().is_none_or(|key| key.contains("::") || key == "<<"));
        for (key, value) in entries {
            let Some(name) = key.as_str() else { continue };
            let inner = schema.properties.get(name).or(schema.each.as_deref());
            match inner {
                Some(inner) => self.value(value, inner, &below(pointer, name)),
                None if schema.closed && !computed && !has_placeholder(name) => {
                    self.unknown_property(key, name, schema, pointer)
                }
                None => {}
            }
        }
        for name in schema.required.iter().filter(|name| !computed && node.get(name).is_none()) {
            let near =
                entries.iter().filter_map(|(key, _)| key.as_str()).filter(|key| !schema.properties.contains_key(*key));
            let near = nearest(name, near).map(|near| format!("rename `{near}`"));
            let finding = self.say(pointer, node, format!("`{name}` is missing{}", within(pointer)));
            if let Some(near) = near {
                finding.help(near);
            }
        }
    }

    fn unknown_property(&mut self, key: &Node, name: &str, schema: &Schema, pointer: &str) {
        let known = schema.properties.keys().map(String::as_str);
        let help = match nearest(name, known.clone()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if schema.properties.len() <= 12 => Some(format!("it has {}", listed(known.clone()))),
            None => None,
        };
        let shown: String = name.chars().take(80).collect();
        let message = format!("unknown property `{shown}`{}", within(pointer));
        // What SAM hands through is for CloudFormation to refuse.
        let of_sam = self.sam && (pointer.is_empty() || pointer.ends_with("/Properties"));
        let refused = of_sam || known.clone().any(|known| same_word(known, name));
        let finding = self.unlisted(&below(pointer, name), key, refused, message);
        if let Some(help) = help {
            finding.help(help);
        }
    }

    /// Something whose `Properties` are those of its `Type`: an event of SAM.
    fn by_type(&mut self, node: &Node, types: &IndexMap<String, Schema>, pointer: &str) {
        let Some(given) = node.get("Type") else {
            self.say(pointer, node, format!("`{}` has no `Type`", last(pointer)));
            return;
        };
        let Some(name) = given.as_str().filter(|_| Call::of(given).is_none() && !is_unknown(given)) else { return };
        let names = types.keys().map(String::as_str);
        let Some(schema) = types.get(name) else {
            let help = match nearest(name, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is one of {}", listed(names)),
            };
            self.say(&below(pointer, "Type"), given, format!("unknown event type `{name}`")).help(help);
            return;
        };
        match node.get("Properties").filter(|node| node.kind != NodeKind::Null) {
            Some(properties) => self.value(properties, schema, &below(pointer, "Properties")),
            None if schema.required.is_empty() => {}
            None => _ = self.say(pointer, node, format!("`{}` has no `Properties`", last(pointer))),
        }
    }

    fn list(&mut self, node: &Node, items: &[Node], schema: &Schema, pointer: &str) {
        let name = last(pointer);
        if let Some(most) = schema.max_items.filter(|most| items.len() > *most) {
            self.say(pointer, node, format!("`{name}` takes at most {most} items"));
        }
        if let Some(fewest) = schema.min_items.filter(|fewest| items.len() < *fewest) {
            self.say(pointer, node, format!("`{name}` needs at least {fewest} items"));
        }
        if let Some(inner) = &schema.items {
            for (at, item) in items.iter().enumerate() {
                self.value(item, inner, &format!("{pointer}/{at}"));
            }
        }
    }

    fn scalar(&mut self, node: &Node, schema: &Schema, pointer: &str) {
        let (name, given) = (last(pointer), text(&value(node)));
        let allowed = |value: &serde_json::Value| text(value) == given;
        if !schema.values.is_empty() && !schema.values.iter().any(allowed) {
            let values: Vec<String> = schema.values.iter().map(text).collect();
            let known = values.iter().map(String::as_str);
            let message = format!("`{name}` is one of {}, not `{given}`", listed(known.clone()));
            let refused = known.into_iter().any(|known| same_word(known, &given));
            let finding = self.unlisted(pointer, node, refused, message);
            if let Some(near) = nearest(&given, values.iter().map(String::as_str)) {
                finding.help(format!("did you mean `{near}`?"));
            }
            return;
        }
        if let Ok(number) = given.parse::<f64>()
            && (schema.minimum.is_some_and(|least| number < least) || schema.maximum.is_some_and(|most| number > most))
        {
            let limit = |limit: Option<f64>| limit.map_or_else(|| "any".to_owned(), |limit| limit.to_string());
            let (least, most) = (limit(schema.minimum), limit(schema.maximum));
            self.say(pointer, node, format!("`{name}` is from {least} to {most}, not {given}"));
        }
        let length = given.chars().count();
        if let Some(most) = schema.max_length.filter(|most| length > *most) {
            self.say(pointer, node, format!("`{name}` has at most {most} characters, not {length}"));
        }
        if let Some(fewest) = schema.min_length.filter(|fewest| length < *fewest) {
            self.say(pointer, node, format!("`{name}` has at least {fewest} characters, not {length}"));
        } else if let Some(pattern) = &schema.pattern
            && resource_schema::pattern_of(pattern).is_some_and(|regex| !regex.is_match(&given))
        {
            self.say(pointer, node, format!("`{name}` does not match its pattern"))
                .help(format!("it matches {pattern}"));
        }
    }
}

/// Whether two names are one in two spellings: `Express` for `EXPRESS`, `bucket_name` for `BucketName`.
fn same_word(left: &str, right: &str) -> bool {
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    letters(left) == letters(right)
}

/// What only a deployment, a framework or a script knows: also what another tool puts in (`Rain::Embed`).
fn is_unknown(node: &Node) -> bool {
    let by_tool =
        |node: &Node| matches!(node.entries(), [(key, _)] if key.as_str().is_some_and(|key| key.contains("::")));
    node.kind == NodeKind::Null
        || node.tag.is_some()
        || by_tool(node)
        || node.as_str().is_some_and(|text| text.contains("${") || text.contains("{{") || text.contains('<'))
}

fn is_of(node: &Node, kind: Kind, strict: bool) -> bool {
    let converts = |test: fn(&str) -> bool| !strict && node.as_str().is_some_and(test);
    match kind {
        Kind::String if strict => matches!(node.kind, NodeKind::String(_)),
        Kind::String => !matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_)),
        Kind::Integer => match node.kind {
            NodeKind::Integer(_) => true,
            NodeKind::Float(number) => number.fract() == 0.0,
            _ => converts(|text| text.trim().parse::<i64>().is_ok()),
        },
        Kind::Number => {
            matches!(node.kind, NodeKind::Integer(_) | NodeKind::Float(_))
                || converts(|text| text.trim().parse::<f64>().is_ok())
        }
        // Older YAML reads `yes` and `on` as true.
        Kind::Boolean => {
            let words = ["true", "false", "yes", "no", "on", "off"];
            let word = node
                .as_str()
                .is_some_and(|text| words[if strict { 2 } else { 0 }..].contains(&text.to_lowercase().as_str()));
            matches!(node.kind, NodeKind::Bool(_)) || word
        }
        Kind::Object => matches!(node.kind, NodeKind::Mapping(_)),
        Kind::Array => matches!(node.kind, NodeKind::Sequence(_)),
    }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "a string",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Object => "a mapping",
        Kind::Array => "a list",
    }
}

/// The name that a pointer ends with; that of the list, for an item.
fn last(pointer: &str) -> &str {
    pointer.rsplit('/').find(|token| !token.is_empty() && token.parse::<usize>().is_err()).unwrap_or("Properties")
}

fn within(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!(" in `{}`", last(pointer)) }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
