//! What a spec adds in CloudFormation's own words: checked against the rest of the template, and then put behind it.

use indexmap::IndexSet;
use serde_json::{Map, Value};

use super::nearest::did_you_mean;
use super::{CatalogError, refused};
use crate::aws::ResourceType;
use crate::name::LogicalId;
use crate::source::below;
use crate::spec::{ExtraSpec, Spec};
use crate::stack::{Fragment, Section, Template, TemplateBuilder};

/// Adds the sections that the spec has in `extra`.
pub(super) fn add(spec: &Spec, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
    let extra = match &spec.extra {
        None => return Ok(()),
        Some(ExtraSpec::Sections(extra)) => extra,
        Some(ExtraSpec::File(path)) => {
            let message = format!("the sections of `{path}` were not read");
            return Err(refused("/extra", message, "`Document::with_extra_from` reads them"));
        }
    };
    faults(extra, template.so_far()).into_iter().next().map_or(Ok(()), Err)?;
    template.extra((**extra).clone());
    Ok(())
}

/// What of the sections does not go with the generated ones.
pub(super) fn faults(extra: &Fragment, generated: &Template) -> Vec<CatalogError> {
    let mut known = Known::of(extra, generated);
    for (name, section) in
        [("Conditions", &extra.conditions), ("Resources", &extra.resources), ("Outputs", &extra.outputs)]
    {
        for (id, value) in section {
            known.check(value, &below(&below("/extra", name), id));
        }
    }
    let others = names(extra).into_iter().chain(collisions(extra, generated)).chain(shapes(extra));
    others.chain(known.faults).collect()
}

/// Logical ids that are not valid.
fn names(extra: &Fragment) -> Vec<CatalogError> {
    let sections = extra.sections().filter(|(name, _)| *name != "Metadata");
    let ids = sections.flat_map(|(name, section)| section.keys().map(move |id| (name, id)));
    let fault = |(name, id): (&str, &String)| {
        let text = LogicalId::parse(id.as_str()).err()?.to_string();
        let (message, help) = text.split_once('\n').unwrap_or((&text, ""));
        Some(refused(below(&below("/extra", name), id), message, help))
    };
    ids.filter_map(fault).collect()
}

/// Names that exist already: parameters and resources share theirs, with each other and with what is generated.
fn collisions(extra: &Fragment, generated: &Template) -> Vec<CatalogError> {
    let named = |section: &str, id: &str, why: &str| {
        refused(below(&below("/extra", section), id), format!("`{id}` is used already: {why}"), "choose another name")
    };
    let mut found = Vec::new();
    for (section, entries) in [("Parameters", &extra.parameters), ("Resources", &extra.resources)] {
        found.extend(entries.keys().filter_map(|id| Some(named(section, id, taken(generated, id)?))));
    }
    let twice = extra.resources.keys().filter(|id| extra.parameters.contains_key(*id));
    found.extend(twice.map(|id| named("Resources", id, "a parameter has this name")));
    let shown = extra.outputs.keys().filter(|id| generated.outputs().keys().any(|own| own.as_str() == *id));
    found.extend(shown.map(|id| named("Outputs", id, "the stack has an output of this name already")));
    found
}

/// Why a parameter or a resource cannot have a name, if it cannot.
pub(super) fn taken(generated: &Template, id: &str) -> Option<&'static str> {
    let own = generated.resources().keys().any(|own| own.as_str() == id);
    let parameter = generated.parameters().keys().any(|own| own.as_str() == id);
    match (own, parameter) {
        (true, _) => Some("the stack has a resource of this name already"),
        (_, true) => Some("`parameters` has one of this name already"),
        _ => made_by_sam(generated).contains(id).then_some("SAM makes a resource of this name"),
    }
}

/// The resources that [SAM makes](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html)
/// of the generated ones, as far as their names are known before it does.
fn made_by_sam(template: &Template) -> IndexSet<String> {
    let mut made = IndexSet::new();
    for (id, machine) in template.state_machines() {
        made.extend(machine.role.is_none().then(|| format!("{id}Role")));
        made.extend(machine.events.keys().flat_map(|event| [format!("{id}{event}"), format!("{id}{event}Role")]));
    }
    for (id, function) in template.functions() {
        made.extend((!function.has_role()).then(|| format!("{id}Role")));
    }
    made
}

/// Entries without what CloudFormation requires of every one of their kind.
fn shapes(extra: &Fragment) -> Vec<CatalogError> {
    let having = |name: &str, section: &Section, key: &str, example: &str| {
        let fault = |(id, value): (&String, &Value)| {
            let pointer = below(&below("/extra", name), id);
            match value.as_object() {
                Some(entry) if entry.contains_key(key) => None,
                Some(_) => {
                    Some(refused(pointer, format!("`{id}` has no `{key}`"), format!("for example `{key}: {example}`")))
                }
                None => {
                    Some(refused(pointer, format!("`{id}` is not a mapping"), format!("write a mapping with `{key}`")))
                }
            }
        };
        section.iter().filter_map(fault).collect::<Vec<_>>()
    };
    let mut found = having("Parameters", &extra.parameters, "Type", "String");
    found.extend(having("Resources", &extra.resources, "Type", ResourceType::SnsTopic.as_str()));
    found.extend(having("Outputs", &extra.outputs, "Value", "!Ref FilesTable"));
    found
}

/// The names that functions in `extra` can refer to.
struct Known<'a> {
    /// Parameters and resources.
    values: IndexSet<String>,
    conditions: &'a Section,
    mappings: &'a Section,
    /// Resources of which SAM makes others, whose names begin with theirs.
    serverless: Vec<String>,
    /// What was found wrong.
    faults: Vec<CatalogError>,
}

impl<'a> Known<'a> {
    fn of(extra: &'a Fragment, generated: &Template) -> Self {
        let resources = serde_json::to_value(generated.resources()).unwrap_or_default();
        let typed = resources.as_object().into_iter().flatten().chain(&extra.resources);
        let serverless = typed
            .filter(|(_, resource)| resource["Type"].as_str().is_some_and(|kind| ResourceType::of_sam(kind).is_some()));
        let own = generated.parameters().keys().chain(generated.resources().keys()).map(LogicalId::to_string);
        let added = extra.parameters.keys().chain(extra.resources.keys()).cloned();
        Self {
            serverless: serverless.map(|(id, _)| id.clone()).collect(),
            values: own.chain(added).chain(made_by_sam(generated)).collect(),
            conditions: &extra.conditions,
            mappings: &extra.mappings,
            faults: Vec::new(),
        }
    }

    /// Everything that a value refers to is there.
    fn check(&mut self, value: &Value, pointer: &str) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.check(item, &format!("{pointer}/{at}")));
            }
            Value::Object(fields) => self.mapping(fields, pointer),
            _ => {}
        }
    }

    fn mapping(&mut self, fields: &Map<String, Value>, pointer: &str) {
        for (key, value) in fields {
            let place = below(pointer, key);
            match (key.as_str(), value) {
                ("Ref", Value::String(name)) if fields.len() == 1 => self.value(name, &place),
                ("Fn::GetAtt", Value::String(name)) => self.value(name, &place),
                ("Fn::GetAtt", Value::Array(parts)) => match parts.first() {
                    Some(Value::String(name)) => self.value(name, &place),
                    _ => self.check(value, &place),
                },
                ("Fn::Sub", Value::String(text)) => self.text(text, None, &place),
                ("Fn::Sub", Value::Array(parts)) => {
                    if let [Value::String(text), Value::Object(variables)] = parts.as_slice() {
                        self.text(text, Some(variables), &place);
                    }
                    self.check(value, &place);
                }
                ("Condition", Value::String(name)) => self.named(name, self.conditions, "condition", &place),
                ("Fn::If", Value::Array(parts)) => {
                    if let Some(Value::String(name)) = parts.first() {
                        self.named(name, self.conditions, "condition", &place);
                    }
                    self.check(value, &place);
                }
                ("Fn::FindInMap", Value::Array(parts)) => {
                    if let Some(Value::String(name)) = parts.first() {
                        self.named(name, self.mappings, "mapping", &place);
                    }
                    self.check(value, &place);
                }
                // In the body of a resource, and nowhere else, this names resources.
                ("DependsOn", names) if fields.contains_key("Type") => self.each(names, &place),
                _ => self.check(value, &place),
            }
        }
    }

    fn each(&mut self, names: &Value, pointer: &str) {
        match names {
            Value::String(name) => self.value(name, pointer),
            Value::Array(names) => {
                for (at, name) in names.iter().enumerate() {
                    name.as_str().into_iter().for_each(|name| self.value(name, &format!("{pointer}/{at}")));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, variables: Option<&Map<String, Value>>, pointer: &str) {
        let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.trim());
        let own = |name: &&str| variables.is_some_and(|variables| variables.contains_key(*name));
        names.filter(|name| !name.starts_with('!') && !own(name)).for_each(|name| self.value(name, pointer));
    }

    /// A parameter, a pseudo parameter, a resource, or one that SAM makes.
    fn value(&mut self, reference: &str, pointer: &str) {
        let name = reference.split('.').next().unwrap_or(reference);
        let of_sam = name.starts_with("Serverless") || self.serverless.iter().any(|id| name.starts_with(id.as_str()));
        if name.starts_with("AWS::") || of_sam || self.values.contains(name) {
            return;
        }
        let help =
            did_you_mean(name, self.values.iter().map(String::as_str), "name a parameter or a resource of the stack");
        self.faults.push(refused(pointer, format!("the stack has no `{name}`"), help));
    }

    fn named(&mut self, name: &str, section: &Section, what: &str, pointer: &str) {
        if section.contains_key(name) {
            return;
        }
        let help =
            did_you_mean(name, section.keys().map(String::as_str), &format!("`extra` has no {what} of this name"));
        self.faults.push(refused(pointer, format!("there is no {what} `{name}`"), help));
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::tests::parsed;
    use crate::catalog::{CatalogError, stack};

    fn refusal(extra: &str) -> Option<String> {
        let text = format!("{{dead_letters: {{}}, parameters: {{Stage: {{}}}}, extra: {extra}}}");
        let spec = parsed(&text);
        match stack(&spec) {
            Ok(_) => None,
            Err(CatalogError::Choice { pointer, message, help }) => Some(format!("{pointer}: {message}; {help}")),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_fragment_can_refer_to_all_that_is_in_the_template() {
        for extra in [
            "",
            "{Resources: {Topic: {Type: 'AWS::SNS::Topic', DependsOn: [FilesTable], Properties: {TopicName: !Sub '${Stage}-${!x}'}}}}",
            "{Outputs: {Role: {Value: !GetAtt ObjectCreatedStateMachineRole.Arn}, Queue: {Value: {'Fn::GetAtt': DeadLetterQueue.Arn}}}}",
            "{Conditions: {Is: !Equals [!Ref Stage, prod], Both: !And [!Condition Is, !Condition Is]}, Resources: {T: {Type: X, Condition: Both}}}",
            "{Mappings: {M: {a: {b: c}}}, Outputs: {O: {Value: !FindInMap [M, a, b]}}}",
            "{Resources: {Api: {Type: 'AWS::Serverless::Api'}}, Outputs: {O: {Value: !Ref ApiprodStage}}}",
            "{Resources: {P: {Type: X, Properties: {Policy: {Condition: {StringEquals: {a: b}}}}}}}",
        ] {
            assert_eq!(refusal(extra), None, "{extra}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_in_its_place() {
        for (extra, says) in [
            (
                "{Resources: {FilesTable: {Type: X}}}",
                "/extra/Resources/FilesTable: `FilesTable` is used already: the stack has a resource of this name already; choose another name",
            ),
            (
                "{Resources: {ObjectCreatedStateMachineEBPutRule: {Type: X}}}",
                "/extra/Resources/ObjectCreatedStateMachineEBPutRule: `ObjectCreatedStateMachineEBPutRule` is used already: SAM makes a resource \
                 of this name; choose another name",
            ),
            (
                "{Parameters: {Stage: {Type: String}}}",
                "/extra/Parameters/Stage: `Stage` is used already: `parameters` has one of this name already; choose another name",
            ),
            (
                "{Outputs: {TableName: {Value: x}}}",
                "/extra/Outputs/TableName: `TableName` is used already: the stack has an output of this name already; choose another name",
            ),
            (
                "{Resources: {My-Topic: {Type: X}}}",
                "/extra/Resources/My-Topic: `My-Topic` is not a logical id: `-` (character 3) is not allowed; a logical id has 1 to 255 \
                 letters and digits; see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html",
            ),
            (
                "{Resources: {Topic: {Properties: {}}}}",
                "/extra/Resources/Topic: `Topic` has no `Type`; for example `Type: AWS::SNS::Topic`",
            ),
            (
                "{Outputs: {O: {Value: !Ref FileTable}}}",
                "/extra/Outputs/O/Value/Ref: the stack has no `FileTable`; did you mean `FilesTable`?",
            ),
            (
                "{Resources: {T: {Type: X, Properties: {A: [!Sub 'x-${Stag}']}}}}",
                "/extra/Resources/T/Properties/A/0/Fn::Sub: the stack has no `Stag`; did you mean `Stage`?",
            ),
            (
                "{Resources: {T: {Type: X, DependsOn: Nothing}}}",
                "/extra/Resources/T/DependsOn: the stack has no `Nothing`; name a parameter or a resource of the stack",
            ),
            (
                "{Conditions: {IsProd: true}, Resources: {T: {Type: X, Condition: IsPrd}}}",
                "/extra/Resources/T/Condition: there is no condition `IsPrd`; did you mean `IsProd`?",
            ),
        ] {
            assert_eq!(refusal(extra).as_deref(), Some(says), "{extra}");
        }
    }
}
