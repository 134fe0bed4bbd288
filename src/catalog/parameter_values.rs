//! Whether the values that parameters can have are right for what they are used for: a default that is no name of a table cannot be one.

use serde_json::Value;

use super::{CatalogError, refused};
use crate::source::in_plain_words;
use crate::spec::{ParameterSpec, Spec};
use crate::stack::Intrinsic;

/// The defaults and allowed values that the spec would refuse if they stood in the places of their parameters.
pub(super) fn faults(spec: &Spec, functions: &[(String, Intrinsic)]) -> Vec<CatalogError> {
    let read = |value: &Value| {
        serde_json::from_value::<Spec>(value.clone()).map(drop).map_err(|error| in_plain_words(&error.to_string()))
    };
    // What cannot be read back as it is says nothing of a value in it.
    let Some(written) = serde_json::to_value(spec).ok().filter(|written| read(written).is_ok()) else {
        return Vec::new();
    };
    let mut found: Vec<CatalogError> = Vec::new();
    for (pointer, function) in functions {
        for (name, parameter) in &spec.parameters {
            for (key, value) in values(parameter) {
                let Some(here) = put_in(spec, function, name.as_str(), &value) else { continue };
                let mut changed = written.clone();
                let Some(place) = changed.pointer_mut(pointer) else { continue };
                *place = here;
                if let Err(error) = read(&changed) {
                    let (message, help) = error.split_once('\n').unwrap_or((&error, "choose another value"));
                    let option = pointer.trim_start_matches('/').replace('/', ".");
                    let fault = refused(
                        format!("/parameters/{name}/{key}"),
                        format!("`{option}` cannot have this value: {message}"),
                        help,
                    );
                    found.push(fault);
                }
            }
        }
    }
    found.dedup();
    found
}

/// The values that are given for a parameter, each with its place.
fn values(parameter: &ParameterSpec) -> Vec<(String, Value)> {
    let plain = parameter.kind.is_plain();
    let number = parameter.kind.is_number();
    let value = |text: String| match text.parse::<i64>() {
        Ok(value) if number => Value::from(value),
        _ => Value::from(text),
    };
    let default = parameter.default.iter().map(|default| ("default".to_owned(), value(default.text())));
    let allowed = parameter.allowed_values.iter().enumerate();
    let allowed = allowed.map(|(at, allowed)| (format!("allowed_values/{at}"), value(allowed.text())));
    default.chain(allowed).filter(|_| plain).collect()
}

/// What a function gives if this parameter has this value and all others in it have their defaults; `None` if that is not known.
fn put_in(spec: &Spec, function: &Intrinsic, name: &str, value: &Value) -> Option<Value> {
    if !function.targets().iter().any(|target| target == name) {
        return None;
    }
    let function = serde_json::to_value(function).ok()?;
    if function.get("Ref").is_some() {
        return Some(value.clone());
    }
    let mut rest = function.get("Fn::Sub")?.as_str()?;
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once("${") {
        let (variable, after) = after.split_once('}')?;
        text.push_str(before);
        rest = after;
        if variable == name {
            text.push_str(&shown(value));
        } else {
            let other = spec.parameters.iter().find(|(known, _)| known.as_str() == variable)?.1;
            text.push_str(&other.default.as_ref().filter(|_| other.kind.is_plain())?.text());
        }
    }
    Some((text + rest).into())
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::catalog::tests::parsed;
    use crate::catalog::{CatalogError, faults};

    fn found(text: &str) -> Vec<String> {
        let spec = parsed(text);
        let told = faults(&spec).into_iter().map(|fault| match fault {
            CatalogError::Choice { pointer, message, .. } => format!("{pointer}: {message}"),
            other => other.to_string(),
        });
        told.collect()
    }

    #[test]
    fn a_default_is_right_for_what_it_names() {
        assert_eq!(
            found("{parameters: {T: {default: a b}}, table: {name: !Ref T}}"),
            [
                "/parameters/T/default: `table.name` cannot have this value: `a b` is not a table name: ` ` (character 2) is not allowed"
            ]
        );
        let stages =
            "{parameters: {Stage: {default: dev, allowed_values: [dev, Prod]}}, bucket: {name: !Sub 'files-${Stage}'}}";
        let of_stages = found(stages);
        assert_eq!(of_stages.len(), 1, "{of_stages:?}");
        assert!(
            of_stages[0].starts_with("/parameters/Stage/allowed_values/1: `bucket.name` cannot have this value"),
            "{of_stages:?}"
        );
        let days =
            found("{parameters: {D: {type: Number, default: 31}}, state_machine: {logging: {retention_days: !Ref D}}}");
        assert!(days[0].contains("CloudWatch Logs does not support a retention of 31 days"), "{days:?}");
        for fine in [
            "{parameters: {T: {default: files}}, table: {name: !Ref T}}",
            "{parameters: {T: {}}, table: {name: !Ref T}}",
            "{parameters: {A: {default: a}, B: {}}, table: {name: !Sub '${A}${B}'}}",
            "{parameters: {A: {default: a}}, table: {name: !Sub '${A}-${AWS::Region}'}}",
            "{parameters: {T: {type: 'AWS::SSM::Parameter::Value<String>', default: /a/b}}, table: {name: !Ref T}}",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }
}
