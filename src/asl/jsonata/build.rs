//! Expressions put together piece by piece: a text is always quoted and escaped, a name that is no identifier stands in backquotes, and
//! parentheses stand wherever the order of [operators](https://docs.jsonata.org/other-operators) would be another one without them.

use std::fmt;

use super::{JsonataExpression, quoted};

/// A part of a JSONata expression, or all of it.
///
/// ```
/// use bucketbook::asl::{Jsonata, JsonataExpression};
/// let key = Jsonata::input().field("detail").field("object-key");
/// let folder = key.clone().call("$contains", [Jsonata::text("/")]).then(key, Jsonata::text("50% of ${it}'s"));
/// assert_eq!(JsonataExpression::from(folder).as_str(), "$contains($states.input.detail.`object-key`, '/') \
///     ? $states.input.detail.`object-key` : \"50\\u0025 of \\u0024{it}'s\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jsonata {
    text: String,
    binding: Binding,
}

/// How firmly the parts of an expression hold together, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Conditional,
    Or,
    And,
    Comparison,
    /// `&`, which has no order with `+` and `-` that readers could be expected to know.
    Concatenation,
    Sum,
    Product,
    /// A path, a call, a literal, or what stands in brackets.
    Whole,
}

impl Jsonata {
    /// The input of the state.
    pub fn input() -> Self {
        Self::states("input")
    }

    /// What the state's call answers.
    pub fn result() -> Self {
        Self::states("result")
    }

    /// What is known of the execution.
    pub fn context() -> Self {
        Self::states("context")
    }

    /// The error that a catcher is for.
    pub fn error_output() -> Self {
        Self::states("errorOutput")
    }

    fn states(part: &str) -> Self {
        Self::variable("states").field(part)
    }

    /// A variable, by its name without the `$`.
    pub fn variable(name: &str) -> Self {
        Self::whole(format!("${name}"))
    }

    /// A field of what a path goes through: of each element that an index or an object is asked about.
    pub fn of_element(name: &'static str) -> Self {
        Self::whole(step(name))
    }

    /// A text. It stands in single quotes, which a definition, being JSON, need not escape, wherever it can.
    pub fn text(text: &str) -> Self {
        let written = quoted(text);
        let inner = written[1..written.len() - 1].replace("\\\"", "\"");
        Self::whole(if inner.contains(['\'', '\\']) { written } else { format!("'{inner}'") })
    }

    /// A text in double quotes, whatever it holds.
    pub fn double_quoted(text: &str) -> Self {
        Self::whole(quoted(text))
    }

    /// A whole number, as a literal.
    pub fn number(number: i64) -> Self {
        Self::whole(number.to_string())
    }

    /// An array of the values of these expressions.
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self::whole(format!("[{}]", join(items, ", ")))
    }

    /// The whole numbers from one to another.
    pub fn range(from: &Self, to: &Self) -> Self {
        Self::whole(format!("[{from}..{to}]"))
    }

    /// An object, by the names of its fields.
    pub fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::entries(fields.into_iter().map(|(name, value)| (Self::text(name), value)))
    }

    /// An object whose names are expressions as well.
    pub fn entries(entries: impl IntoIterator<Item = (Self, Self)>) -> Self {
        let entries: Vec<String> = entries.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        Self::whole(format!("{{{}}}", entries.join(", ")))
    }

    /// A function of these variables.
    pub fn function<const N: usize>(variables: [&str; N], body: &Self) -> Self {
        let variables = variables.map(|name| format!("${name}")).join(", ");
        Self::whole(format!("function({variables}) {{ {body} }}"))
    }

    /// Expressions of which each variable is known to those that follow, and the last of which is the value.
    pub fn block<'a>(variables: impl IntoIterator<Item = (&'a str, Self)>, value: &Self) -> Self {
        let set = variables.into_iter().map(|(name, value)| format!("${name} := {value}; "));
        Self::whole(format!("({}{value})", set.collect::<String>()))
    }

    /// These texts, one after the other.
    pub fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::chain(parts, " & ", Binding::Concatenation, "''")
    }

    /// Whether all of these hold.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::chain(parts, " and ", Binding::And, "true")
    }

    /// Whether any of these holds.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::chain(parts, " or ", Binding::Or, "false")
    }

    /// What a function makes of this and of other arguments: `$contains(self, ...)`.
    #[must_use]
    pub fn call(self, function: &str, others: impl IntoIterator<Item = Self>) -> Self {
        Self::whole(format!("{function}({})", join(std::iter::once(self).chain(others), ", ")))
    }

    /// The object with the fields of all these objects.
    pub fn merge(objects: impl IntoIterator<Item = Self>) -> Self {
        Self::array(objects).call("$merge", [])
    }

    /// The field `name` of the object that this gives.
    #[must_use]
    pub fn field(self, name: &str) -> Self {
        if name.contains('`') {
            return self.call("$lookup", [Self::text(name)]);
        }
        let whole = self.within(Binding::Whole);
        Self::whole(format!("{whole}.{}", step(name)))
    }

    /// The field that a way of several names leads to.
    #[must_use]
    pub fn fields(self, names: &[&str]) -> Self {
        names.iter().fold(self, |found, name| found.field(name))
    }

    /// An element by its number, those of several numbers, or those for which something holds.
    #[must_use]
    pub fn at(self, which: &Self) -> Self {
        let whole = self.within(Binding::Whole);
        Self::whole(format!("{whole}[{which}]"))
    }

    /// The element with this number, from 0; from the end, where it is below.
    #[must_use]
    pub fn element(self, number: i64) -> Self {
        self.at(&Self::number(number))
    }

    /// What `part` says of each element.
    #[must_use]
    pub fn each(self, part: &Self) -> Self {
        let whole = self.within(Binding::Whole);
        Self::whole(format!("{whole}.{part}"))
    }

    /// Whether both are the same.
    #[must_use]
    pub fn equals(self, other: Self) -> Self {
        self.compared(" = ", other)
    }

    /// Whether this and another value differ.
    #[must_use]
    pub fn differs(self, other: Self) -> Self {
        self.compared(" != ", other)
    }

    /// Whether this is more.
    #[must_use]
    pub fn is_more_than(self, other: Self) -> Self {
        self.compared(" > ", other)
    }

    fn compared(self, operator: &str, other: Self) -> Self {
        let sides = [self, other].map(|side| side.within(Binding::Concatenation));
        Self { text: sides.join(operator), binding: Binding::Comparison }
    }

    /// The sum of this and a number.
    #[must_use]
    pub fn plus(self, number: i64) -> Self {
        Self { text: format!("{} + {number}", self.within(Binding::Sum)), binding: Binding::Sum }
    }

    /// This less a number.
    #[must_use]
    pub fn minus(self, number: i64) -> Self {
        Self { text: format!("{} - {number}", self.within(Binding::Sum)), binding: Binding::Sum }
    }

    /// This number, multiplied.
    #[must_use]
    pub fn times(self, number: i64) -> Self {
        Self { text: format!("{number} * {}", self.within(Binding::Whole)), binding: Binding::Product }
    }

    /// A part of it.
    #[must_use]
    pub fn over(self, number: i64) -> Self {
        Self { text: format!("{} / {number}", self.within(Binding::Product)), binding: Binding::Product }
    }

    /// This value where the condition holds, which `self` is, and another where it does not.
    #[must_use]
    pub fn then(self, value: Self, otherwise: Self) -> Self {
        let (condition, value) = (self.within(Binding::Or), value.within(Binding::Or));
        Self { text: format!("{condition} ? {value} : {otherwise}"), binding: Binding::Conditional }
    }

    /// This value where the condition holds, which `self` is, and nothing where it does not.
    #[must_use]
    pub fn then_only(self, value: Self) -> Self {
        let (condition, value) = (self.within(Binding::Or), value.within(Binding::Or));
        Self { text: format!("{condition} ? {value}"), binding: Binding::Conditional }
    }

    /// The same in parentheses, where they help whoever reads it.
    #[must_use]
    pub fn grouped(self) -> Self {
        Self::block([], &self)
    }

    fn whole(text: String) -> Self {
        Self { text, binding: Binding::Whole }
    }

    fn chain(parts: impl IntoIterator<Item = Self>, operator: &str, binding: Binding, nothing: &str) -> Self {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        match parts.len() {
            0 => return Self::whole(nothing.to_owned()),
            1 => return parts.remove(0),
            _ => {}
        }
        // `&` is made of texts alone, so a sum in it is set apart.
        let least = |part: &Self| {
            if binding == Binding::Concatenation && part.binding == Binding::Sum { Binding::Product } else { binding }
        };
        let parts = parts.into_iter().map(|part| {
            let least = least(&part);
            part.within(least)
        });
        Self { text: parts.collect::<Vec<_>>().join(operator), binding }
    }

    /// The text of this, where only what holds together as firmly may stand.
    fn within(self, least: Binding) -> String {
        if self.binding < least { format!("({})", self.text) } else { self.text }
    }
}

/// A name in a path.
fn step(name: &str) -> String {
    let is_plain =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    if is_plain { name.to_owned() } else { format!("`{name}`") }
}

fn join(parts: impl IntoIterator<Item = Jsonata>, between: &str) -> String {
    parts.into_iter().map(|part| part.text).collect::<Vec<_>>().join(between)
}

impl fmt::Display for Jsonata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Jsonata> for JsonataExpression {
    fn from(expression: Jsonata) -> Self {
        Self::new(expression.text)
    }
}

#[cfg(test)]
mod tests {
    use jsonata_core::evaluator::{Context, Evaluator};
    use jsonata_core::{parser, value::JValue};
    use serde_json::{Value, json};

    use super::*;

    fn run(expression: &Jsonata, input: &Value) -> Value {
        let tree = parser::parse(&expression.to_string()).unwrap_or_else(|error| panic!("{expression}: {error:?}"));
        let mut context = Context::new();
        let states = json!({ "input": input }).to_string();
        context.bind("states".to_owned(), JValue::from_json_str(&states).unwrap());
        let answer = Evaluator::with_context(context).evaluate(&tree, &JValue::from_json_str("{}").unwrap()).unwrap();
        serde_json::from_str(&answer.to_json_string().unwrap()).unwrap()
    }

    #[test]
    fn texts_and_names_are_whatever_they_are() {
        for text in
            ["a", "it's", "\"quoted\"", "both ' and \"", "back\\slash", "${x} 5% %}", "line\nline", "ü", "", "`"]
        {
            for expression in [Jsonata::text(text), Jsonata::double_quoted(text)] {
                assert_eq!(run(&expression, &json!({})), json!(text), "{expression}");
                let written = expression.to_string();
                assert!(!written.contains('%') && !written.contains("${"), "{written}");
            }
            let input = json!({ text: 1 });
            if !text.is_empty() {
                assert_eq!(run(&Jsonata::input().field(text), &input), json!(1), "{text}");
            }
        }
    }

    #[test]
    fn parentheses_stand_where_the_order_needs_them() {
        let [a, b, c] = ["a", "b", "c"].map(|name| Jsonata::input().field(name));
        let input = json!({"a": 1, "b": 2, "c": "x"});
        let either = Jsonata::any([a.clone().equals(Jsonata::number(7)), b.clone().is_more_than(Jsonata::number(1))]);
        let cases = [
            (
                Jsonata::all([either.clone(), either]),
                "($states.input.a = 7 or $states.input.b > 1) and ($states.input.a = 7 or $states.input.b > 1)",
                json!(true),
            ),
            (a.clone().plus(2).times(3), "3 * ($states.input.a + 2)", json!(9)),
            (b.clone().minus(4).over(2), "($states.input.b - 4) / 2", json!(-1)),
            (Jsonata::concat([c.clone(), a.clone().plus(1)]), "$states.input.c & ($states.input.a + 1)", json!("x2")),
            (
                Jsonata::concat([c.clone(), Jsonata::concat([c.clone(), c.clone()])]),
                "$states.input.c & $states.input.c & $states.input.c",
                json!("xxx"),
            ),
            (
                Jsonata::concat([c.clone(), a.clone().equals(b.clone()).then(c.clone(), Jsonata::text("y"))]),
                "$states.input.c & ($states.input.a = $states.input.b ? $states.input.c : 'y')",
                json!("xy"),
            ),
            (a.clone().plus(1).field("none").call("$exists", []), "$exists(($states.input.a + 1).none)", json!(false)),
            (Jsonata::concat([c]), "$states.input.c", json!("x")),
        ];
        for (expression, written, expected) in cases {
            assert_eq!(expression.to_string(), written);
            assert_eq!(run(&expression, &input), expected, "{expression}");
        }
    }
}
