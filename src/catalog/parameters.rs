//! Parameters of the template, what of the spec stands for them, and what other stacks find of this one.

use indexmap::IndexSet;
use serde_json::Value;

use super::extra::taken;
use super::nearest::did_you_mean;
use super::{CatalogError, refused};
use crate::spec::{ExtraSpec, ParameterSpec, Scalar, Spec};
use crate::stack::{Intrinsic, Parameter, TemplateBuilder};

/// How many parameters a template can have: a
/// [quota](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html) of CloudFormation.
const MOST_PARAMETERS: usize = 200;

/// Refuses parameters that CloudFormation would, and values that name a parameter which is none.
pub(super) fn check(spec: &Spec) -> Result<(), CatalogError> {
    if spec.parameters.len() > MOST_PARAMETERS {
        let message =
            format!("a template has {MOST_PARAMETERS} parameters at most, and there are {}", spec.parameters.len());
        return Err(refused("/parameters", message, "leave some out"));
    }
    for (name, parameter) in &spec.parameters {
        fits(name.as_str(), parameter)?;
    }
    for (pointer, function) in functions(spec)? {
        refers_to_known(spec, &pointer, &function)?;
    }
    Ok(())
}

/// Adds the parameters to a template that has all its resources, with which they share their names.
pub(super) fn add(spec: &Spec, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
    for (name, parameter) in &spec.parameters {
        if let Some(why) = taken(template.so_far(), name.as_str()) {
            let message = format!("`{name}` is taken: {why}");
            return Err(refused(format!("/parameters/{name}"), message, "choose another name"));
        }
        template.parameter(name.clone(), Parameter::from(parameter))?;
    }
    Ok(())
}

/// What is said about a parameter goes together.
fn fits(name: &str, parameter: &ParameterSpec) -> Result<(), CatalogError> {
    let wrong =
        |key: &str, message: String, help: &str| Err(refused(format!("/parameters/{name}/{key}"), message, help));
    let number = parameter.kind.is_number();
    let values = parameter.default.iter().map(|value| ("default".to_owned(), value));
    let values = values
        .chain(parameter.allowed_values.iter().enumerate().map(|(at, value)| (format!("allowed_values/{at}"), value)));
    for (key, value) in values.filter(|_| number) {
        if value.text().parse::<f64>().is_err() {
            return wrong(
                &key,
                format!("`{}` is no number, and the parameter is a Number", value.text()),
                "write a number",
            );
        }
    }
    if let Some(default) = &parameter.default {
        let allowed: Vec<String> = parameter.allowed_values.iter().map(Scalar::text).collect();
        if parameter.kind.is_plain() && !allowed.is_empty() && !allowed.contains(&default.text()) {
            let help =
                did_you_mean(&default.text(), allowed.iter().map(String::as_str), "choose one of `allowed_values`");
            return wrong("default", format!("the default `{}` is not among `allowed_values`", default.text()), &help);
        }
    }
    for (key, set, fits) in [
        ("min_length", parameter.min_length.is_some(), !number),
        ("max_length", parameter.max_length.is_some(), !number),
        ("allowed_pattern", parameter.allowed_pattern.is_some(), !number),
        ("min_value", parameter.min_value.is_some(), number),
        ("max_value", parameter.max_value.is_some(), number),
    ] {
        if set && !fits && parameter.kind.is_plain() {
            let other = if number { "texts" } else { "numbers" };
            return wrong(key, format!("`{key}` is for {other}"), "leave it out, or choose another `type`");
        }
    }
    match (parameter.min_length, parameter.max_length) {
        (Some(min), Some(max)) if min > max => {
            return wrong(
                "min_length",
                format!("no text has at least {min} and at most {max} characters"),
                "swap them",
            );
        }
        _ => {}
    }
    match (parameter.min_value, parameter.max_value) {
        (Some(min), Some(max)) if min > max => {
            wrong("min_value", format!("no number is at least {min} and at most {max}"), "swap them")
        }
        _ => Ok(()),
    }
}

/// The functions that stand in the spec for a value, each with its place.
fn functions(spec: &Spec) -> Result<Vec<(String, Intrinsic)>, CatalogError> {
    let value = serde_json::to_value(spec).map_err(|error| CatalogError::Blueprint(error.to_string()))?;
    let mut found = Vec::new();
    collect(&value, String::new(), &mut found);
    Ok(found)
}

fn collect(value: &Value, pointer: String, found: &mut Vec<(String, Intrinsic)>) {
    // These hold other people's words, which are checked by themselves or not at all.
    let foreign = pointer == "/extra" || pointer == "/environments" || pointer.ends_with("/pattern");
    match value {
        Value::Object(fields) if !foreign => {
            if let Ok(function) = serde_json::from_value::<Intrinsic>(value.clone()) {
                found.push((pointer, function));
                return;
            }
            for (key, value) in fields {
                collect(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(item, format!("{pointer}/{at}"), found));
        }
        _ => {}
    }
}

/// A value of the spec can be a parameter, or a resource of `extra`; the generated ones are made from these values.
fn refers_to_known(spec: &Spec, pointer: &str, function: &Intrinsic) -> Result<(), CatalogError> {
    let mut known: IndexSet<&str> = spec.parameters.keys().map(|name| name.as_str()).collect();
    if let Some(ExtraSpec::Sections(extra)) = &spec.extra {
        known.extend(extra.parameters.keys().chain(extra.resources.keys()).map(String::as_str));
    }
    match function.targets().into_iter().find(|target| !known.contains(target.as_str())) {
        None => Ok(()),
        Some(target) => {
            let help = did_you_mean(&target, known, "declare it: `parameters: {NAME: {type: String}}`");
            Err(refused(pointer, format!("there is no parameter `{target}`"), help))
        }
    }
}

/// Gives the outputs the names under which other stacks find them.
pub(super) fn export(spec: &Spec, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
    for (id, output) in &spec.outputs {
        let pointer = format!("/outputs/{id}");
        if !template.so_far().outputs().contains_key(id) {
            let known: Vec<&str> = template.so_far().outputs().keys().map(|id| id.as_str()).collect();
            let all = format!("it shows {}; an output of `extra` says `Export` itself", known.join(", "));
            let help = did_you_mean(id.as_str(), known, &all);
            return Err(refused(pointer, format!("the stack shows no `{id}`"), help));
        }
        if let Some(name) = &output.export {
            if name.known().is_some_and(String::is_empty) {
                return Err(refused(format!("{pointer}/export"), "the name of an export is empty", "choose one"));
            }
            template.export(id, name.text());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::catalog::{CatalogError, stack};
    use crate::source::Source;
    use crate::spec::Document;

    fn refusal(text: &str) -> Option<String> {
        let spec = Document::parse(Source::new("spec", text)).map_err(|(_, fault)| fault).unwrap().spec;
        match stack(&spec) {
            Ok(_) => None,
            Err(CatalogError::Choice { pointer, message, help }) => Some(format!("{pointer}: {message}; {help}")),
            Err(other) => Some(other.to_string()),
        }
    }

    #[test]
    fn a_value_of_the_spec_can_be_a_parameter() {
        for spec in [
            "{parameters: {Stage: {}}, table: {name: !Sub '${Stage}-files'}}",
            "{parameters: {Days: {type: Number, default: 30}}, state_machine: {logging: {retention_days: !Ref Days}}}",
            "{parameters: {Bucket: {}}, bucket: {existing: !Ref Bucket}, backfill: {}}",
            "{bucket: {existing: !ImportValue shared-bucket}, enrich: [tags]}",
            "{tags: {region: !Ref 'AWS::Region'}}",
            "{extra: {Parameters: {Name: {Type: String}}}, state_machine: {name: {Ref: Name}}}",
        ] {
            assert_eq!(refusal(spec), None, "{spec}");
        }
    }

    #[test]
    fn what_no_parameter_can_be() {
        for (spec, says) in [
            (
                "{parameters: {Stage: {}}, table: {name: !Sub '${Stag}-files'}}",
                "/table/name: there is no parameter `Stag`; did you mean `Stage`?",
            ),
            (
                "tags: {bucket: !Ref FilesBucket}",
                "/tags/bucket: there is no parameter `FilesBucket`; declare it: `parameters: {NAME: {type: String}}`",
            ),
            (
                "parameters: {FilesTable: {}}",
                "/parameters/FilesTable: `FilesTable` is taken: the stack has a resource of this name already; choose another name",
            ),
            (
                "parameters: {Stage: {default: test, allowed_values: [dev, prod]}}",
                "/parameters/Stage/default: the default `test` is not among `allowed_values`; choose one of `allowed_values`",
            ),
            (
                "parameters: {Days: {type: Number, default: many}}",
                "/parameters/Days/default: `many` is no number, and the parameter is a Number; write a number",
            ),
            (
                "parameters: {Stage: {min_value: 1}}",
                "/parameters/Stage/min_value: `min_value` is for numbers; leave it out, or choose another `type`",
            ),
            (
                "outputs: {TableNam: {export: x}}",
                "/outputs/TableNam: the stack shows no `TableNam`; did you mean `TableName`?",
            ),
            (
                "outputs: {TableName: {export: ''}}",
                "/outputs/TableName/export: the name of an export is empty; choose one",
            ),
        ] {
            assert_eq!(refusal(spec).as_deref(), Some(says), "{spec}");
        }
    }
}
