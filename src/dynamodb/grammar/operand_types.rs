use super::ast::{Assignment, Clause, Comparator, Operand, Predicate, SetOperand, SetValue, Test, ValueRef};
use super::{Expression, ValueType};
use crate::source::Span;

/// A value of a type that its operator or function does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFault {
    /// The operator or function.
    pub operator: String,
    /// The type that it was given.
    pub given: ValueType,
    /// The types that it takes.
    pub takes: &'static str,
    /// Where the value stands.
    pub span: Span,
}

impl TypeFault {
    /// What DynamoDB says of it.
    pub fn error(&self) -> String {
        format!(
            "Incorrect operand type for operator or function; operator or function: {}, operand type: {}",
            self.operator, self.given
        )
    }
}

/// The `:values` of an expression whose types, as far as `type_of` knows them, their operators do not take.
pub fn operand_types(expression: &Expression, type_of: impl Fn(&str) -> Option<ValueType>) -> Vec<TypeFault> {
    let mut check = Check { type_of: &type_of, faults: Vec::new() };
    match expression {
        Expression::Condition(condition) => check.predicates(&condition.predicate),
        Expression::Update(update) => update.clauses.iter().for_each(|clause| check.clause(clause)),
        Expression::KeyCondition(condition) => {
            for term in &condition.terms {
                let operator = term.comparator.map_or("the key condition", Comparator::as_str);
                term.values.iter().for_each(|value| check.value(value, operator, &ValueType::is_key, "S, N or B"));
            }
        }
        Expression::Projection(..) => {}
    }
    check.faults
}

struct Check<'t> {
    type_of: &'t dyn Fn(&str) -> Option<ValueType>,
    faults: Vec<TypeFault>,
}

impl Check<'_> {
    fn value(&mut self, value: &ValueRef, operator: &str, takes: &dyn Fn(ValueType) -> bool, words: &'static str) {
        if let Some(given) = (self.type_of)(&value.name).filter(|given| !takes(*given)) {
            self.faults.push(TypeFault { operator: operator.to_owned(), given, takes: words, span: value.span });
        }
    }

    fn operand(&mut self, operand: &Operand, operator: &str, takes: &dyn Fn(ValueType) -> bool, words: &'static str) {
        match operand {
            Operand::Value(value) => self.value(value, operator, takes, words),
            Operand::Size(inner, _) => {
                let sized = |kind| !matches!(kind, ValueType::N | ValueType::Bool | ValueType::Null);
                self.operand(inner, "size", &sized, "S, B, a set, L or M");
            }
            Operand::Path(_) => {}
        }
    }

    /// Looks at every predicate in this one, without recursion over its connectives.
    fn predicates(&mut self, predicate: &Predicate) {
        let mut rest = vec![predicate];
        while let Some(predicate) = rest.pop() {
            match predicate {
                Predicate::And(left, right) | Predicate::Or(left, right) => rest.extend([&**right, &**left]),
                Predicate::Not(inner) => rest.push(inner),
                Predicate::Compare(left, comparator, right) => {
                    for operand in [left, right] {
                        let any = matches!(comparator, Comparator::Equal | Comparator::NotEqual);
                        self.operand(operand, comparator.as_str(), &|kind| any || kind.is_key(), "S, N or B");
                    }
                }
                Predicate::Between(value, low, high) => {
                    for operand in [value, low, high] {
                        self.operand(operand, "BETWEEN", &ValueType::is_key, "S, N or B");
                    }
                    self.bounds(low, high);
                }
                Predicate::In(left, others) => {
                    for operand in std::iter::once(left).chain(others) {
                        self.operand(operand, "IN", &|_| true, "any type");
                    }
                }
                Predicate::Test(test, operands, _) => self.test(*test, operands),
            }
        }
    }

    /// The bounds of a BETWEEN have one type.
    fn bounds(&mut self, low: &Operand, high: &Operand) {
        let (Operand::Value(low), Operand::Value(high)) = (low, high) else { return };
        let (Some(one), Some(two)) = ((self.type_of)(&low.name), (self.type_of)(&high.name)) else { return };
        if one != two && one.is_key() {
            self.value(high, "BETWEEN", &|kind| kind == one || !kind.is_key(), "bounds of one type");
        }
    }

    fn test(&mut self, test: Test, operands: &[Operand]) {
        let Some(second) = operands.get(1) else { return };
        match test {
            Test::BeginsWith => {
                let texts = |kind| matches!(kind, ValueType::S | ValueType::B);
                self.operand(second, test.as_str(), &texts, "S or B");
            }
            Test::AttributeType => self.operand(second, test.as_str(), &|kind| kind == ValueType::S, "S"),
            _ => {}
        }
    }

    fn clause(&mut self, clause: &Clause) {
        match clause {
            Clause::Set(assignments) => assignments.iter().for_each(|Assignment { value, .. }| self.sum(value, None)),
            Clause::Remove(_) => {}
            Clause::Add(actions) => {
                for (_, value) in actions {
                    self.value(value, "ADD", &|kind| kind == ValueType::N || kind.is_set(), "N or a set");
                }
            }
            Clause::Delete(actions) => {
                actions.iter().for_each(|(_, value)| self.value(value, "DELETE", &ValueType::is_set, "a set"));
            }
        }
    }

    /// Looks at a value of `SET`; `operator` is what it is an operand of. Parentheses nest it at most
    /// [`MAX_DEPTH`](super::MAX_DEPTH) deep.
    fn sum(&mut self, value: &SetValue, operator: Option<&'static str>) {
        match value {
            SetValue::Operand(operand) => self.set_operand(operand, operator),
            SetValue::Plus(left, right) => [left, right].into_iter().for_each(|side| self.sum(side, Some("+"))),
            SetValue::Minus(left, right) => [left, right].into_iter().for_each(|side| self.sum(side, Some("-"))),
        }
    }

    fn set_operand(&mut self, operand: &SetOperand, operator: Option<&'static str>) {
        match (operand, operator) {
            (SetOperand::Value(value), Some("list_append")) => {
                self.value(value, "list_append", &|kind| kind == ValueType::L, "L");
            }
            (SetOperand::Value(value), Some(sign)) => self.value(value, sign, &|kind| kind == ValueType::N, "N"),
            (SetOperand::IfNotExists(_, other), operator) => self.set_operand(other, operator),
            (SetOperand::ListAppend(left, right), _) => {
                self.set_operand(left, Some("list_append"));
                self.set_operand(right, Some("list_append"));
            }
            (SetOperand::Value(_), None) | (SetOperand::Path(_), _) => {}
        }
    }
}
