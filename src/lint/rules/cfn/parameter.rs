use crate::aws::cloudformation::{OF_PARAMETERS, PARAMETER_TYPES, is_parameter_type};
use crate::diagnostic::Severity;
use crate::lint::near::{nearest, only_near};
use crate::lint::rule::rule;
use crate::lint::{Finding, Findings};
use crate::loaded::{Call, LoadedStack, LoadedTemplate, Place, below, value};
use crate::source::{Kind, Node};

rule! {
    /// Invalid parameter
    ///
    /// # What it does
    /// Checks the `Parameters` of a template: each has a type that exists, and a default, if it has one, that its own type and
    /// `AllowedValues` allow.
    ///
    /// Source: [parameters](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
    ///
    /// # Why is this bad
    /// CloudFormation refuses the template. With a default that is not allowed, it does so unless another value is given.
    ///
    /// # Example
    /// ```yaml
    /// Stage: {Type: string, Default: dev}
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// Stage: {Type: String, Default: dev}
    /// ```
    pub(super) static RULE: "CFN415", "template-parameter", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    for written in stack.written().iter().filter(|written| !written.other_transforms) {
        template(written, findings);
    }
}

fn template(template: &LoadedTemplate, findings: &mut Findings<'_>) {
    for (key, parameter) in template.root.get("Parameters").map_or(&[][..], Node::entries) {
        let Some(name) = key.as_str().filter(|name| !name.starts_with("Fn::") && *name != "<<") else { continue };
        let is_mapping = matches!(parameter.kind, Kind::Mapping(_)) && Call::of(parameter).is_none();
        let whole = parameter.entries().iter().all(|(key, _)| key.as_str().is_some_and(|key| key != "<<"));
        if is_mapping && whole {
            Judge { template, name, parameter, findings }.all(key);
        }
    }
}

struct Judge<'a, 'b, 'c> {
    template: &'a LoadedTemplate,
    name: &'a str,
    parameter: &'a Node,
    findings: &'b mut Findings<'c>,
}

impl Judge<'_, '_, '_> {
    fn say(&mut self, field: &str, node: &Node, message: String) -> &mut Finding {
        let pointer = format!("{}{field}", below("/Parameters", self.name));
        self.findings.add(Place { document: self.template.document, pointer, span: node.span }, message)
    }

    fn all(&mut self, key: &Node) {
        let shown: String = self.name.chars().take(80).collect();
        for (field, _) in self.parameter.entries() {
            let Some(name) = field.as_str().filter(|name| !OF_PARAMETERS.contains(name)) else { continue };
            let Some(near) = only_near(name, OF_PARAMETERS) else { continue };
            let message = format!("a parameter has no `{name}`: the template is refused");
            self.say(&below("", name), field, message).help(format!("did you mean `{near}`?"));
        }
        let Some(node) = self.parameter.get("Type") else {
            self.say("", key, format!("the parameter `{shown}` has no `Type`: the template is refused"));
            return;
        };
        let Some(of_type) = node.as_str() else { return };
        if !is_parameter_type(of_type) {
            let message = format!("there is no parameter type `{of_type}`: the template is refused");
            let near = nearest(of_type, PARAMETER_TYPES);
            let finding = self.say("/Type", node, message);
            match near {
                Some(near) => _ = finding.help(format!("did you mean `{near}`?")),
                None => {
                    // A tool may have types of its own.
                    _ = finding
                        .severity(Severity::Warning)
                        .help(format!("it is `{}`, or a type that begins with `AWS::`", PARAMETER_TYPES.join("`, `")))
                }
            }
            return;
        }
        self.default(of_type);
    }

    /// A default is judged by what the parameter says of its values. Another value may be given, so this is a warning.
    fn default(&mut self, of_type: &str) {
        let Some(node) = self.parameter.get("Default") else { return };
        let text = |node: &Node| {
            let value = value(node);
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        };
        if Call::of(node).is_some() || matches!(node.kind, Kind::Sequence(_) | Kind::Mapping(_)) {
            let message = "the default of a parameter is a text: the template is refused".to_owned();
            let finding = self.say("/Default", node, message);
            if matches!(node.kind, Kind::Sequence(_)) && Call::of(node).is_none() {
                finding.help("a list is written as a text with commas: `a,b`");
            }
            return;
        }
        let given = text(node);
        if given.contains(['{', '<']) {
            return;
        }
        let refused = "the deployment fails unless another value is given";
        if of_type == "Number" && given.trim().parse::<f64>().is_err() {
            let message = format!("the default of a `Number` is a number, not `{given}`: {refused}");
            self.say("/Default", node, message).severity(Severity::Warning);
        }
        let allowed = self.parameter.get("AllowedValues").map_or(&[][..], Node::items);
        let lists = of_type == "CommaDelimitedList" || of_type.starts_with("List<");
        if allowed.is_empty() || lists {
            return;
        }
        let values: Vec<String> = allowed.iter().map(text).collect();
        if !values.contains(&given) {
            let message = format!("the default `{given}` is not one of `AllowedValues`: {refused}");
            self.say("/Default", node, message).severity(Severity::Warning);
        }
    }
}
