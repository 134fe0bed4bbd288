//! The rules of a Choice.

use serde_json::Value;

use super::dynamic::Dynamic;
use super::fault::Faults;
use super::fields::Fields;
use super::names::Names;
use super::retry::entries;
use super::state::{Choice, ChoiceCondition, ChoiceRule};
use crate::asl::query;

pub(super) fn choice(fields: Fields<'_, '_>, names: &Names<'_>, faults: &mut Faults) -> Choice {
    fields.required("Choices", fields.get("Choices"), faults);
    let choices = entries(fields, "Choices", faults, |rule, faults| choice_rule(rule, names, faults));
    let default = fields.text("Default", faults);
    let default = default.and_then(|name| names.resolve(&name, fields.at("Default"), faults));
    Choice { choices, default }
}

fn choice_rule(fields: Fields<'_, '_>, names: &Names<'_>, faults: &mut Faults) -> Option<ChoiceRule> {
    let condition = if fields.jsonata() {
        fields.required("Condition", fields.dynamic("Condition", faults), faults).map(ChoiceCondition::Jsonata)
    } else {
        let rule = Value::Object(fields.object.clone());
        let mut report = |pointer, message| faults.add(pointer, message);
        query::ChoiceExpression::read(&rule, fields.pointer, &mut report).map(ChoiceCondition::JsonPath)
    };
    let condition = condition.or_else(|| {
        let unknown = faults.unknowns.within(fields.pointer).next()?;
        Some(ChoiceCondition::Jsonata(Dynamic::Unknown(format!("${{{}}}", unknown.name))))
    });
    let next = fields.required("Next", fields.text("Next", faults), faults);
    let next = next.and_then(|name| names.resolve(&name, fields.at("Next"), faults));
    let assign = fields.template("Assign", faults);
    let output = if fields.jsonata() { fields.template("Output", faults) } else { None };
    Some(ChoiceRule { condition: condition?, next: next?, assign, output })
}
