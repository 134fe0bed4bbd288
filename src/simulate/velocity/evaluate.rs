use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::ast::{Block, Expression, Operator, Reference, Step};
use super::{Template, VelocityFault, method, text};

/// How much work a template may be: about the number of bytes that it makes on the way to its text.
const MAX_WORK: usize = 64 << 20;
/// What one operation costs besides the bytes that it makes.
const OPERATION: usize = 64;
/// The longest range, such as `[1..1000]`.
const MAX_RANGE: i64 = 10_000;

type Evaluated<T> = Result<T, VelocityFault>;

/// The objects that a template finds beside its own variables: `$input`, `$util` and so on.
pub trait Host {
    /// Whether there is an object of this name.
    fn has(&self, object: &str) -> bool;

    /// The value of a property, such as `$input.body`; `None` where it has no value.
    ///
    /// # Errors
    /// The object has no such property, or its value is not known here.
    fn property(&self, object: &str, name: &str) -> Result<Option<Value>, String>;

    /// The result of a method, such as `$input.json('$')`.
    ///
    /// # Errors
    /// The object has no such method, or the method fails.
    fn call(&self, object: &str, method: &str, arguments: &[Value]) -> Result<Option<Value>, String>;
}

/// The text that a template makes.
///
/// # Errors
/// It uses something that is not supported here, something fails in it, or it takes too much work.
pub fn render(template: &Template, host: &dyn Host) -> Result<String, VelocityFault> {
    let mut run = Run { host, variables: HashMap::new(), loops: Vec::new(), work: 0 };
    let mut out = String::new();
    run.blocks(&template.0, &mut out)?;
    Ok(out)
}

/// Whether evaluation goes on after a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Stop,
}

struct Run<'h> {
    host: &'h dyn Host,
    variables: HashMap<String, Value>,
    /// Of each loop around: which round it is in, counted from 0, and how many there are.
    loops: Vec<(usize, usize)>,
    work: usize,
}

impl Run<'_> {
    fn charge(&mut self, bytes: usize, line: usize) -> Evaluated<()> {
        self.work = self.work.saturating_add(bytes.saturating_add(OPERATION));
        match self.work > MAX_WORK {
            true => {
                Err(VelocityFault::at(line, "the template takes too much work: is there a loop that grows a text?"))
            }
            false => Ok(()),
        }
    }

    fn blocks(&mut self, blocks: &[Block], out: &mut String) -> Evaluated<Flow> {
        for block in blocks {
            match self.block(block, out)? {
                Flow::On => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::On)
    }

    fn block(&mut self, block: &Block, out: &mut String) -> Evaluated<Flow> {
        match block {
            Block::Text(text) => out.push_str(text),
            Block::Reference(reference) => self.written(reference, out)?,
            Block::Set { target, value } => self.set(target, value)?,
            Block::If { branches, otherwise } => {
                for (condition, body) in branches {
                    if self.holds(condition)? {
                        return self.blocks(body, out);
                    }
                }
                return self.blocks(otherwise, out);
            }
            Block::Foreach { name, list, body, line } => return self.each((name, *line), list, body, out),
            Block::Break => return Ok(Flow::Break),
            Block::Stop => return Ok(Flow::Stop),
        }
        Ok(Flow::On)
    }

    /// A reference in text. Where it has no value, the text has the reference itself; a variable of API Gateway leaves nothing.
    fn written(&mut self, reference: &Reference, out: &mut String) -> Evaluated<()> {
        match self.reference(reference)? {
            Some(value) => {
                let text = text(&value);
                self.charge(text.len(), reference.line)?;
                out.push_str(&text);
            }
            None if reference.quiet || self.is_of_host(reference) => {}
            None => out.push_str(&reference.source),
        }
        Ok(())
    }

    fn is_of_host(&self, reference: &Reference) -> bool {
        !self.variables.contains_key(&reference.name) && self.host.has(&reference.name)
    }

    fn set(&mut self, target: &Reference, value: &Expression) -> Evaluated<()> {
        let value = self.expression(value)?;
        // What a template sets in `$context` overrides the response, not the request to the service.
        if self.is_of_host(target) {
            return Ok(());
        }
        match (target.steps.as_slice(), value) {
            ([], Some(value)) => _ = self.variables.insert(target.name.clone(), value),
            // Velocity keeps the old value where the new one is null.
            ([], None) => {}
            ([before @ .., last], value) => {
                let key = self.key(last, target)?;
                let place = self.place(target, before)?;
                match place.and_then(Value::as_object_mut) {
                    Some(fields) => _ = fields.insert(key, value.unwrap_or_default()),
                    None => {
                        return Err(VelocityFault::at(
                            target.line,
                            format!("`{}` cannot be set: it is not in a map", target.source),
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    /// The name by which a step goes into a map.
    fn key(&mut self, step: &Step, reference: &Reference) -> Evaluated<String> {
        match step {
            Step::Property(name) => Ok(name.clone()),
            Step::Index(index) => Ok(self.expression(index)?.as_ref().map(text).unwrap_or_default()),
            Step::Method(..) => Err(VelocityFault::at(reference.line, format!("`{}` cannot be set", reference.source))),
        }
    }

    /// The value of a variable, or within it, to be changed.
    fn place(&mut self, reference: &Reference, steps: &[Step]) -> Evaluated<Option<&mut Value>> {
        let mut keys = Vec::new();
        for step in steps {
            keys.push(self.key(step, reference)?);
        }
        let mut at = self.variables.get_mut(&reference.name);
        for key in keys {
            at = at.and_then(|value| match value {
                Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
                other => other.get_mut(key.as_str()),
            });
        }
        Ok(at)
    }

    fn each(
        &mut self,
        (name, line): (&str, usize),
        list: &Expression,
        body: &[Block],
        out: &mut String,
    ) -> Evaluated<Flow> {
        let items = match self.expression(list)? {
            Some(Value::Array(items)) => items,
            // A map gives its values.
            Some(Value::Object(fields)) => fields.into_iter().map(|(_, value)| value).collect(),
            None | Some(Value::Null) => Vec::new(),
            Some(other) => {
                return Err(VelocityFault::at(
                    line,
                    format!("`#foreach` needs a list or a map, not `{}`", text(&other)),
                ));
            }
        };
        let (before, count) = (self.variables.remove(name), items.len());
        let mut flow = Flow::On;
        for (at, item) in items.into_iter().enumerate() {
            self.charge(0, line)?;
            self.variables.insert(name.to_owned(), item);
            self.loops.push((at, count));
            flow = self.blocks(body, out)?;
            self.loops.pop();
            if flow != Flow::On {
                break;
            }
        }
        match before {
            Some(before) => self.variables.insert(name.to_owned(), before),
            None => self.variables.remove(name),
        };
        Ok(if flow == Flow::Stop { Flow::Stop } else { Flow::On })
    }

    fn holds(&mut self, condition: &Expression) -> Evaluated<bool> {
        Ok(is_true(self.expression(condition)?.as_ref()))
    }

    fn expression(&mut self, expression: &Expression) -> Evaluated<Option<Value>> {
        Ok(match expression {
            Expression::Literal(value) => Some(value.clone()),
            Expression::Interpolated(blocks) => {
                let mut out = String::new();
                self.blocks(blocks, &mut out)?;
                self.charge(out.len(), 0)?;
                Some(out.into())
            }
            Expression::Reference(reference) => self.reference(reference)?,
            Expression::List(items) => {
                let items = items.iter().map(|item| Ok(self.expression(item)?.unwrap_or_default()));
                Some(items.collect::<Evaluated<Vec<_>>>()?.into())
            }
            Expression::Map(entries) => {
                let mut fields = Map::new();
                for (key, value) in entries {
                    let key = self.expression(key)?.as_ref().map(text).unwrap_or_default();
                    fields.insert(key, self.expression(value)?.unwrap_or_default());
                }
                Some(Value::Object(fields))
            }
            Expression::Range(first, last) => self.range(first, last)?,
            Expression::Not(inner) => Some((!self.holds(inner)?).into()),
            Expression::Binary { operator: Operator::And, left, right, .. } => {
                Some((self.holds(left)? && self.holds(right)?).into())
            }
            Expression::Binary { operator: Operator::Or, left, right, .. } => {
                Some((self.holds(left)? || self.holds(right)?).into())
            }
            Expression::Binary { operator, left, right, line } => {
                let (left, right) = (self.expression(left)?, self.expression(right)?);
                binary(*operator, left.as_ref(), right.as_ref()).map_err(|message| VelocityFault::at(*line, message))?
            }
        })
    }

    fn range(&mut self, first: &Expression, last: &Expression) -> Evaluated<Option<Value>> {
        let (first, last) = (self.expression(first)?, self.expression(last)?);
        let number = |value: &Option<Value>| value.as_ref().and_then(Value::as_i64);
        let (Some(first), Some(last)) = (number(&first), number(&last)) else { return Ok(None) };
        if first.abs_diff(last) > MAX_RANGE.unsigned_abs() {
            return Err(VelocityFault::at(0, format!("the range has more than {MAX_RANGE} numbers")));
        }
        let numbers: Vec<i64> = if first <= last { (first..=last).collect() } else { (last..=first).rev().collect() };
        Ok(Some(json!(numbers)))
    }

    fn reference(&mut self, reference: &Reference) -> Evaluated<Option<Value>> {
        let of_host = self.is_of_host(reference);
        let mut steps = reference.steps.iter().enumerate();
        let mut value = match (reference.name.as_str(), self.loops.last()) {
            _ if of_host => match steps.next() {
                Some((_, step)) => self.of_host(reference, step)?,
                None => return Ok(None),
            },
            ("foreach", Some((at, count))) => Some(json!({
                "index": at, "count": at + 1, "hasNext": at + 1 < *count, "first": *at == 0, "last": at + 1 == *count,
            })),
            ("velocityCount", Some((at, _))) => Some((at + 1).into()),
            (name, _) => self.variables.get(name).cloned(),
        };
        for (at, step) in steps {
            let Some(found) = value else { return Ok(None) };
            self.charge(size(&found), reference.line)?;
            value = match step {
                Step::Property(name) => method::property(&found, name),
                Step::Index(index) => match self.expression(index)? {
                    Some(index) => method::element(&found, &index),
                    None => None,
                },
                Step::Method(name, arguments) => {
                    let arguments = self.arguments(arguments)?;
                    let changed = if of_host { None } else { method::changed(&found, name, &arguments) };
                    match changed {
                        Some((new, result)) => {
                            if let Some(place) = self.place(reference, &reference.steps[..at])? {
                                *place = new;
                            }
                            result
                        }
                        None => method::call(&found, name, &arguments)
                            .map_err(|message| VelocityFault::at(reference.line, message))?,
                    }
                }
            };
        }
        if let Some(found) = &value {
            self.charge(size(found), reference.line)?;
        }
        Ok(value)
    }

    fn of_host(&mut self, reference: &Reference, step: &Step) -> Evaluated<Option<Value>> {
        let name = &reference.name;
        let found = match step {
            Step::Property(property) => self.host.property(name, property),
            Step::Method(method, arguments) => {
                let arguments = self.arguments(arguments)?;
                self.host.call(name, method, &arguments)
            }
            Step::Index(index) => {
                let index = self.expression(index)?.as_ref().map(text).unwrap_or_default();
                self.host.property(name, &index)
            }
        };
        found.map_err(|message| VelocityFault::at(reference.line, message))
    }

    /// The arguments of a method; what has no value is null.
    fn arguments(&mut self, arguments: &[Expression]) -> Evaluated<Vec<Value>> {
        arguments.iter().map(|argument| Ok(self.expression(argument)?.unwrap_or_default())).collect()
    }
}

/// What copying a value costs.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.len() * OPERATION,
        Value::Object(fields) => fields.len() * OPERATION,
        _ => 0,
    }
}

/// Everything is true but `false` and what has no value.
fn is_true(value: Option<&Value>) -> bool {
    !matches!(value, None | Some(Value::Null | Value::Bool(false)))
}

fn binary(operator: Operator, left: Option<&Value>, right: Option<&Value>) -> Result<Option<Value>, String> {
    let numbers = left.and_then(Value::as_f64).zip(right.and_then(Value::as_f64));
    let equal = || match (left, right, numbers) {
        (_, _, Some((left, right))) => left == right,
        (Some(left), Some(right), None) => text(left) == text(right),
        (left, right, None) => left.is_none() && right.is_none(),
    };
    let compared = |holds: fn(f64, f64) -> bool| match numbers {
        Some((left, right)) => Ok(Some(holds(left, right).into())),
        None => Err("`<`, `<=`, `>` and `>=` compare numbers only".to_owned()),
    };
    match operator {
        Operator::Equal => Ok(Some(equal().into())),
        Operator::Unequal => Ok(Some((!equal()).into())),
        Operator::Less => compared(|left, right| left < right),
        Operator::AtMost => compared(|left, right| left <= right),
        Operator::Greater => compared(|left, right| left > right),
        Operator::AtLeast => compared(|left, right| left >= right),
        Operator::Add if numbers.is_none() => match (left, right) {
            (Some(left), Some(right)) => Ok(Some((text(left) + &text(right)).into())),
            _ => Ok(None),
        },
        _ => Ok(calculated(operator, left, right)),
    }
}

/// The result of arithmetic: of whole numbers a whole number, nothing where it has none.
fn calculated(operator: Operator, left: Option<&Value>, right: Option<&Value>) -> Option<Value> {
    if let (Some(left), Some(right)) = (left?.as_i64(), right?.as_i64()) {
        let result = match operator {
            Operator::Add => left.checked_add(right),
            Operator::Subtract => left.checked_sub(right),
            Operator::Multiply => left.checked_mul(right),
            Operator::Divide => left.checked_div(right),
            _ => left.checked_rem(right),
        };
        return result.map(Value::from);
    }
    let (left, right) = (left?.as_f64()?, right?.as_f64()?);
    Some(Value::from(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        _ => left % right,
    }))
}
