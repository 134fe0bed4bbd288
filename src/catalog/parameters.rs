//! Parameters of the template, what of the spec stands for them, and what other stacks find of this one.

use indexmap::IndexSet;
use serde_json::Value;

use super::extra::taken;
use super::nearest::did_you_mean;
use super::{CatalogError, parameter_values, refused};
use crate::name::LogicalId;
use crate::source::below;
use crate::spec::{ExtraSpec, OutputSpec, ParameterSpec, Scalar, Spec};
use crate::stack::{Intrinsic, Parameter, Template, TemplateBuilder};

/// How many parameters a template can have: a
/// [quota](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html) of CloudFormation.
const MOST_PARAMETERS: usize = 200;

/// Refuses parameters that CloudFormation would refuse, and references to unknown ones.
pub(super) fn check(spec: &Spec) -> Result<(), CatalogError> {
    faults(spec).into_iter().next().map_or(Ok(()), Err)
}

/// What is wrong with the parameters and what refers to them.
pub(super) fn faults(spec: &Spec) -> Vec<CatalogError> {
    let mut found = Vec::new();
    if spec.parameters.len() > MOST_PARAMETERS {
        let message =
            format!("a template has {MOST_PARAMETERS} parameters at most, and there are {}", spec.parameters.len());
        found.push(refused("/parameters", message, "leave some out"));
    }
    found.extend(spec.parameters.iter().flat_map(|(name, parameter)| misfits(name.as_str(), parameter)));
    match functions(spec) {
        Ok(functions) => {
            found.extend(functions.iter().filter_map(|(pointer, function)| unknown(spec, pointer, function)));
            found.extend(parameter_values::faults(spec, &functions));
        }
        Err(error) => found.push(error),
    }
    found
}

/// Adds the parameters to a template that has all its resources, with which they share their names.
pub(super) fn add(spec: &Spec, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
    taken_names(spec, template.so_far()).next().map_or(Ok(()), Err)?;
    for (name, parameter) in &spec.parameters {
        template.parameter(name.clone(), Parameter::from(parameter))?;
    }
    Ok(())
}

/// The parameters whose names something else of the stack has.
pub(super) fn taken_names(spec: &Spec, generated: &Template) -> impl Iterator<Item = CatalogError> {
    let why = spec.parameters.keys().filter_map(|name| Some((name, taken(generated, name.as_str())?)));
    why.map(|(name, why)| {
        refused(format!("/parameters/{name}"), format!("`{name}` is used already: {why}"), "choose another name")
    })
}

/// What is said about a parameter and does not go together.
fn misfits(name: &str, parameter: &ParameterSpec) -> Vec<CatalogError> {
    let wrong = |key: &str, message: String, help: &str| refused(format!("/parameters/{name}/{key}"), message, help);
    let mut found = Vec::new();
    let number = parameter.kind.is_number();
    let values = parameter.default.iter().map(|value| ("default".to_owned(), value));
    let values = values
        .chain(parameter.allowed_values.iter().enumerate().map(|(at, value)| (format!("allowed_values/{at}"), value)));
    for (key, value) in values.filter(|(_, value)| number && value.text().parse::<f64>().is_err()) {
        let message = format!("`{}` is not a number, and the parameter is a Number", value.text());
        found.push(wrong(&key, message, "write a number"));
    }
    if let Some(default) = &parameter.default {
        let allowed: Vec<String> = parameter.allowed_values.iter().map(Scalar::text).collect();
        if parameter.kind.is_plain() && !allowed.is_empty() && !allowed.contains(&default.text()) {
            let help =
                did_you_mean(&default.text(), allowed.iter().map(String::as_str), "choose one of `allowed_values`");
            let message = format!("the default `{}` is not among `allowed_values`", default.text());
            found.push(wrong("default", message, &help));
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
            let other = if number { "strings" } else { "numbers" };
            found.push(wrong(key, format!("`{key}` is for {other}"), "leave it out, or choose another `type`"));
        }
    }
    if let (Some(min), Some(max)) = (parameter.min_length, parameter.max_length)
        && min > max
    {
        let message = format!("no string has at least {min} and at most {max} characters");
        found.push(wrong("min_length", message, "swap them"));
    }
    if let (Some(min), Some(max)) = (parameter.min_value, parameter.max_value)
        && min > max
    {
        found.push(wrong("min_value", format!("no number is at least {min} and at most {max}"), "swap them"));
    }
    found
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
                collect(value, below(&pointer, key), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(item, format!("{pointer}/{at}"), found));
        }
        _ => {}
    }
}

/// The first name in a function that the spec does not declare. The generated resources are made from these values, so they are not
/// among those that can be named.
fn unknown(spec: &Spec, pointer: &str, function: &Intrinsic) -> Option<CatalogError> {
    let mut known: IndexSet<&str> = spec.parameters.keys().map(|name| name.as_str()).collect();
    if let Some(ExtraSpec::Sections(extra)) = &spec.extra {
        known.extend(extra.parameters.keys().chain(extra.resources.keys()).map(String::as_str));
    }
    let target = function.targets().into_iter().find(|target| !known.contains(target.as_str()))?;
    let help = did_you_mean(&target, known, "declare it: `parameters: {NAME: {type: String}}`");
    Some(refused(pointer, format!("there is no parameter `{target}`"), help))
}

/// Gives the outputs the names under which other stacks find them.
pub(super) fn export(spec: &Spec, template: &mut TemplateBuilder) -> Result<(), CatalogError> {
    wrong_exports(spec, template.so_far()).into_iter().next().map_or(Ok(()), Err)?;
    for (id, output) in &spec.outputs {
        if let Some(name) = &output.export {
            template.export(id, name.text());
        }
    }
    Ok(())
}

/// Exports of outputs that the stack does not have, or without a name.
pub(super) fn wrong_exports(spec: &Spec, generated: &Template) -> Vec<CatalogError> {
    let known: Vec<&str> = generated.outputs().keys().map(|id| id.as_str()).collect();
    let fault = |(id, output): (&LogicalId, &OutputSpec)| {
        let pointer = format!("/outputs/{id}");
        if !known.contains(&id.as_str()) {
            let all = format!("its outputs are {}; an output of `extra` has its own `Export`", known.join(", "));
            let help = did_you_mean(id.as_str(), known.iter().copied(), &all);
            return Some(refused(pointer, format!("the stack has no output `{id}`"), help));
        }
        let empty = output.export.as_ref()?.known().is_some_and(String::is_empty);
        empty.then(|| refused(format!("{pointer}/export"), "the name of an export is empty", "choose one"))
    };
    spec.outputs.iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use crate::catalog::tests::parsed;
    use crate::catalog::{CatalogError, stack};

    fn refusal(text: &str) -> Option<String> {
        let spec = parsed(text);
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
                "/parameters/FilesTable: `FilesTable` is used already: the stack has a resource of this name already; choose another name",
            ),
            (
                "parameters: {Stage: {default: test, allowed_values: [dev, prod]}}",
                "/parameters/Stage/default: the default `test` is not among `allowed_values`; choose one of `allowed_values`",
            ),
            (
                "parameters: {Days: {type: Number, default: many}}",
                "/parameters/Days/default: `many` is not a number, and the parameter is a Number; write a number",
            ),
            (
                "parameters: {Stage: {min_value: 1}}",
                "/parameters/Stage/min_value: `min_value` is for numbers; leave it out, or choose another `type`",
            ),
            (
                "outputs: {TableNam: {export: x}}",
                "/outputs/TableNam: the stack has no output `TableNam`; did you mean `TableName`?",
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
