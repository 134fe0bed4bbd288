use std::rc::Rc;

use indexmap::IndexMap;

use super::log::{Log, Problem};
use super::reading::{self, Reading};
use super::shape::Shape;
use crate::asl::{JsonPath, Root};

/// The variables that are set, and what they hold. One that was set on some ways only holds [`None`].
pub(super) type Variables = IndexMap<String, Option<Shape>>;

/// What is known at the moment when a state is entered, on one way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Env {
    /// The state's input.
    pub input: Shape,
    /// The variables that `Assign` has set on the way here.
    pub variables: Rc<Variables>,
    /// The shape of the context object (`$$` in JSONPath, `$states.context` in JSONata).
    pub context: Rc<Shape>,
    /// How Choices on the way decided what was not understood, so that the same question gets the same answer.
    pub decided: Rc<Vec<Decision>>,
}

/// How a Choice decided what the shapes leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    /// The path of the value that was asked about.
    pub path: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub holds: bool,
}

impl Env {
    /// The start of a machine.
    pub(super) fn start(input: Shape, context: Shape) -> Self {
        Self { input, variables: Rc::default(), context: Rc::new(context), decided: Rc::default() }
    }

    /// The same, with this input.
    pub(super) fn with_input(&self, input: Shape) -> Self {
        Self { input, ..self.clone() }
    }

    /// What is known where either is true.
    pub(super) fn join(&self, other: &Self) -> Self {
        let variables = match Rc::ptr_eq(&self.variables, &other.variables) {
            true => Rc::clone(&self.variables),
            false => Rc::new(joined(&self.variables, &other.variables)),
        };
        let context = match Rc::ptr_eq(&self.context, &other.context) {
            true => None,
            false => self.context.widened(&other.context),
        };
        Self {
            input: self.input.join(&other.input),
            variables,
            context: context.map_or_else(|| Rc::clone(&self.context), Rc::new),
            decided: Rc::default(),
        }
    }
}

fn joined(left: &Variables, right: &Variables) -> Variables {
    let mut variables = Variables::new();
    for name in left.keys().chain(right.keys()) {
        let joined = match (left.get(name), right.get(name)) {
            (Some(Some(left)), Some(Some(right))) => Some(left.join(right)),
            _ => None,
        };
        variables.insert(name.clone(), joined);
    }
    variables
}

/// What a field of a state reads from: `$` is `data`, the rest is the state's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    /// What `$` is.
    pub data: &'a Shape,
    /// What else there is.
    pub env: &'a Env,
}

impl Scope<'_> {
    /// The shape of what a path leads to.
    pub(super) fn read(&self, path: &JsonPath, pointer: &str, log: &mut Log) -> Shape {
        match self.look(path) {
            // A path of several values gives an empty list where it leads nowhere.
            Ok(Reading::Never(_)) if !path.is_definite() => Shape::array(Shape::unknown()),
            Ok(reading) => log.read(pointer, path.source(), reading),
            Err(name) => {
                log.note(pointer, path.source(), Some(Problem::NoVariable { name }));
                Shape::unknown()
            }
        }
    }

    /// What a path leads to, without a note of it; the name of its variable where no state has set it.
    pub(super) fn look(&self, path: &JsonPath) -> Result<Reading, String> {
        Ok(match path.root() {
            Root::Input => reading::read("$", self.data, path),
            Root::Context => reading::read("$$", &self.env.context, path),
            Root::Variable(name) => match self.env.variables.get(name) {
                Some(Some(shape)) => reading::read(&format!("${name}"), shape, path),
                Some(None) => reading::read(&format!("${name}"), &Shape::unknown(), path),
                None => return Err(name.clone()),
            },
        })
    }
}
