use crate::aws::quota;
use std::time::Duration;

use serde_json::Value;

use super::super::flow::{Flow, Stage};
use super::super::scene::Data;
use super::super::world::World;
use super::super::{Failure, Timestamp};
use super::Next;
use crate::asl::program::{Dynamic, State, Wait};
use crate::asl::query::Query;

pub(super) fn begin(world: &mut World, flow: &mut Flow, state: &State, wait: &Wait) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    super::after_input_path(world, flow, state, &context)?;
    let scene = world.scene(flow, state, &context);
    let effective = scene.path(state.data.input_path(), &flow.input)?;
    let data = Data::input(&effective);
    let until = match wait {
        Wait::Seconds(seconds) => {
            let value = found(seconds, "Seconds", scene.dynamic(seconds, "Seconds", data))?;
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let number = value
                .as_f64()
                .filter(|number| number.fract() == 0.0 && (0.0..=f64::from(quota::NUMBER)).contains(number));
            let number = number.ok_or_else(|| match seconds {
                Dynamic::Path(path) => {
                    let problem = if value.as_i64().is_some_and(|number| number < 0) {
                        "references a negative value"
                    } else {
                        "cannot be parsed as a long value"
                    };
                    Failure::runtime(format!("The SecondsPath parameter {problem}: {} == {shown}", path.source()))
                }
                Dynamic::Expression(_) if !value.is_number() => {
                    scene.wrong_type(seconds, "Seconds", "number", "integer", &value)
                }
                _ => {
                    Failure::evaluation(format!("Seconds has to be a whole number from 0 to 99999999, and is {value}"))
                }
            })?;
            world.now.after(Duration::from_secs_f64(number))
        }
        Wait::Timestamp(timestamp) => {
            let value = found(timestamp, "Timestamp", scene.dynamic(timestamp, "Timestamp", data))?;
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            value.as_str().and_then(Timestamp::parse).ok_or_else(|| match timestamp {
                Dynamic::Path(path) => Failure::runtime(format!(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format \
                     string: {} == {shown}",
                    path.source()
                )),
                Dynamic::Expression(_) if !value.is_string() => {
                    scene.wrong_type(timestamp, "Timestamp", "string", "string", &value)
                }
                _ => Failure::evaluation(format!(
                    "The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: {shown}"
                )),
            })?
        }
    };
    Ok(Next::Sleep(until.max(world.now), Stage::Waited))
}

/// The value of a field; the words for a path that leads nowhere are those of a Wait.
fn found<T>(dynamic: &Dynamic<T>, field: &str, value: Result<Value, Failure>) -> Result<Value, Failure> {
    match dynamic {
        Dynamic::Path(Query::Path(path)) => value.map_err(|_| {
            Failure::runtime(format!("The {field}Path parameter does not reference an input value: {path}"))
        }),
        _ => value,
    }
}
