use std::borrow::Cow;

use serde_json::Value;

use super::super::Failure;
use super::super::flow::Flow;
use super::super::jsonata;
use super::super::scene::{Data, Scene};
use super::super::world::World;
use super::{Next, within_limit};
use crate::asl::program::{Choice, ChoiceCondition, Dynamic, State, Template, Transition};

pub(super) fn run(world: &mut World, flow: &mut Flow, state: &State, choice: &Choice) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    super::after_input_path(world, flow, state, &context)?;
    let scene = world.scene(flow, state, &context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    let mut chosen = None;
    for (at, rule) in choice.choices.iter().enumerate() {
        if holds(&scene, &rule.condition, at, &effective)? {
            chosen = Some(rule);
            break;
        }
    }
    let (next, assign, output) = match (chosen, choice.default) {
        (Some(rule), _) => (rule.next, rule.assign.as_ref(), rule.output.as_ref()),
        (None, Some(default)) => (default, state.assign.as_ref(), state.data.output()),
        (None, None) => {
            return Err(Failure::runtime(
                "Failed to transition out of the state. The state does not point to a next state.",
            ));
        }
    };
    let data = Data::input(&effective);
    let assigned = scene.assign(assign, data)?;
    let made = made_output(&scene, state, output, data)?;
    let effective = match effective {
        Cow::Borrowed(value) if std::ptr::eq(value, &raw const flow.input) => None,
        other => Some(other.into_owned()),
    };
    let output = made.or(effective).unwrap_or_else(|| std::mem::take(&mut flow.input));
    let output = world.scene(flow, state, &context).output_path(output)?;
    within_limit(&output, &state.name)?;
    Ok(Next::Left { output, assigned, to: Some(Transition::Next(next)) })
}

fn made_output(
    scene: &Scene<'_>,
    state: &State,
    output: Option<&Template>,
    data: Data<'_>,
) -> Result<Option<Value>, Failure> {
    match output {
        Some(output) if state.is_jsonata() => scene.template(output, "Output", data).map(Some),
        _ => Ok(None),
    }
}

fn holds(scene: &Scene<'_>, condition: &ChoiceCondition, at: usize, input: &Value) -> Result<bool, Failure> {
    match condition {
        ChoiceCondition::JsonPath(condition) => scene.holds(condition, input),
        ChoiceCondition::Jsonata(Dynamic::Expression(expression)) => {
            let field = format!("Choices[{at}]/Condition");
            match scene.sight(Data::input(input)).expression(expression, &field)? {
                Value::Bool(holds) => Ok(holds),
                other => Err(jsonata::wrong_type(expression.source(), &field, "boolean", &other)),
            }
        }
        ChoiceCondition::Jsonata(Dynamic::Literal(holds)) => Ok(*holds),
        ChoiceCondition::Jsonata(Dynamic::Path(_) | Dynamic::Unknown(_)) => Ok(false),
    }
}
