use std::time::Duration;

use super::super::flow::{Flow, Stage};
use super::super::scene::Data;
use super::super::world::World;
use super::super::{Failure, Timestamp};
use super::Next;
use crate::asl::program::{Dynamic, State, Wait};

/// The longest wait that can be asked for in seconds: about three years.
const MAX_SECONDS: f64 = 99_999_999.0;

pub(super) fn begin(world: &mut World, flow: &mut Flow, state: &State, wait: &Wait) -> Result<Next, Failure> {
    let context = world.context(flow, state);
    let scene = world.scene(flow, state, &context);
    let effective = scene.path(&state.input_path, &flow.input)?;
    let data = Data::input(&effective);
    let until = match wait {
        Wait::Seconds(seconds) => {
            let seconds = scene.number(seconds, "Seconds", data)?;
            if !(0.0..=MAX_SECONDS).contains(&seconds) {
                return Err(Failure::runtime(format!(
                    "The Seconds parameter has to be between 0 and 99999999, and is {seconds}"
                )));
            }
            world.now.after(Duration::from_secs_f64(seconds.trunc()))
        }
        Wait::Timestamp(timestamp) => {
            let value = scene.dynamic(timestamp, "Timestamp", data)?;
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
