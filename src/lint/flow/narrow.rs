use std::rc::Rc;

use super::scope::Env;
use super::shape::{Kinds, Object, Presence, Shape};
use crate::asl::{JsonPath, Root, Step};

/// What is known when the value at a path is this, or for `None` is not there. Only paths of names are followed.
pub(super) fn at(env: &Env, path: &JsonPath, to: impl Fn(&Shape) -> Option<Shape>) -> Env {
    let names = path.steps().iter().map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        _ => None,
    });
    let Some(names) = names.collect::<Option<Vec<&str>>>() else { return env.clone() };
    match path.root() {
        Root::Input => match within(&env.input, &names, &to) {
            Some(input) => env.with_input(input),
            None => env.clone(),
        },
        Root::Context => env.clone(),
        Root::Variable(name) => {
            let Some(Some(shape)) = env.variables.get(name) else { return env.clone() };
            let Some(shape) = within(shape, &names, &to) else { return env.clone() };
            let mut variables = (*env.variables).clone();
            variables.insert(name.clone(), Some(shape));
            Env { variables: Rc::new(variables), ..env.clone() }
        }
    }
}

/// The narrowed shape: `None` where nothing can be said.
fn within(shape: &Shape, names: &[&str], to: &dyn Fn(&Shape) -> Option<Shape>) -> Option<Shape> {
    let Some((name, rest)) = names.split_first() else { return to(shape) };
    let object = match shape {
        Shape::Unknown { .. } => Object { open: true, ..Object::default() },
        Shape::Known(Kinds { object: Some(object), .. }) => (**object).clone(),
        Shape::Known(_) => return None,
    };
    let field = object.field(name);
    let below = field.as_ref().map_or_else(Shape::unknown, |field| field.shape.clone());
    if let Some(narrowed) = within(&below, rest, to) {
        // What is absent further down is absent here too, so the way there is proved only by a value at its end.
        let is_sure = to(&Shape::unknown()).is_some() || field.is_some_and(|field| field.presence == Presence::Always);
        return is_sure.then(|| Shape::object(object.with(name, narrowed)));
    }
    let absent = rest.is_empty() && to(&below).is_none();
    absent.then(|| match shape {
        // A list, a text and `null` do not have the member either.
        Shape::Unknown { .. } => Shape::any_kind(object.without(name)),
        _ => Shape::object(object.without(name)),
    })
}
