//! Texts that an expression of JSONata puts together from texts that it spells out.

use std::collections::HashMap;

use jsonata_core::ast::{AstNode, BinaryOp};

use crate::asl::program::Expression;

/// How many conditions may decide on a text; each doubles the number of texts.
const MOST_CONDITIONS: usize = 5;
/// How deep an expression is looked into.
const DEEPEST: usize = 64;

/// The texts that an expression can give, first that for which every condition holds. `None` where anything but its conditions is
/// known at run time only.
///
/// Conditions are taken to be independent, unless they are alike to the letter, so not every text must really come about.
pub(super) fn texts(expression: &str) -> Option<Vec<String>> {
    let expression = Expression::parse(expression).ok()?;
    let mut conditions = Vec::new();
    collect(expression.tree(), &mut conditions, DEEPEST)?;
    if conditions.len() > MOST_CONDITIONS {
        return None;
    }
    let mut found: Vec<String> = Vec::new();
    for choice in 0..1_usize << conditions.len() {
        let holds =
            conditions.iter().enumerate().map(|(at, condition)| (condition.clone(), choice >> at & 1 == 0)).collect();
        let mut reader = Reader { holds, variables: HashMap::new() };
        // What a substitution puts in is not known.
        let text = reader.text(expression.tree(), DEEPEST).filter(|text| !text.contains("${"))?;
        if !found.contains(&text) {
            found.push(text);
        }
    }
    Some(found)
}

/// The conditions on which a text depends, as they are written. One that compares texts is decided by these.
fn collect(node: &AstNode, conditions: &mut Vec<String>, depth: usize) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match node {
        AstNode::Binary { op: BinaryOp::Concatenate | BinaryOp::ColonEqual, lhs, rhs } => {
            collect(lhs, conditions, depth)?;
            collect(rhs, conditions, depth)
        }
        AstNode::Block(parts) => parts.iter().try_for_each(|part| collect(part, conditions, depth)),
        AstNode::Function { args, .. } => args.iter().try_for_each(|argument| collect(argument, conditions, depth)),
        AstNode::Conditional { condition, then_branch, else_branch } => {
            let name = written(condition);
            if compared(condition).is_none() && !conditions.contains(&name) {
                conditions.push(name);
            }
            collect(then_branch, conditions, depth)?;
            else_branch.as_ref().map_or(Some(()), |other| collect(other, conditions, depth))
        }
        _ => Some(()),
    }
}

fn written(condition: &AstNode) -> String {
    format!("{condition:?}")
}

/// The variable and the text of `$name = 'text'`.
fn compared(condition: &AstNode) -> Option<(&str, &str)> {
    let AstNode::Binary { op: BinaryOp::Equal, lhs, rhs } = condition else { return None };
    match (lhs.as_ref(), rhs.as_ref()) {
        (AstNode::Variable(name), AstNode::String(text)) => Some((name, text)),
        _ => None,
    }
}

struct Reader {
    holds: HashMap<String, bool>,
    variables: HashMap<String, String>,
}

impl Reader {
    fn text(&mut self, node: &AstNode, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match node {
            AstNode::String(text) => Some(text.clone()),
            AstNode::Variable(name) => self.variables.get(name).cloned(),
            AstNode::Binary { op: BinaryOp::Concatenate, lhs, rhs } => {
                Some(self.text(lhs, depth)? + &self.text(rhs, depth)?)
            }
            AstNode::Binary { op: BinaryOp::ColonEqual, lhs, rhs } => {
                let AstNode::Variable(name) = lhs.as_ref() else { return None };
                let text = self.text(rhs, depth)?;
                self.variables.insert(name.clone(), text.clone());
                Some(text)
            }
            AstNode::Block(parts) => {
                let (last, before) = parts.split_last()?;
                for part in before {
                    self.text(part, depth)?;
                }
                self.text(last, depth)
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                let holds = match compared(condition) {
                    Some((name, text)) => self.variables.get(name)? == text,
                    None => *self.holds.get(&written(condition))?,
                };
                if holds { self.text(then_branch, depth) } else { self.text(else_branch.as_ref()?, depth) }
            }
            AstNode::Function { name, args, .. } if name == "substring" => {
                let [of, AstNode::Number(from)] = args.as_slice() else { return None };
                let text = self.text(of, depth)?;
                (*from >= 0.0).then(|| text.chars().skip(*from as usize).collect())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_texts_is_known_but_for_its_conditions() {
        for (expression, expected) in [
            ("{% 'SET a = :a' %}", vec!["SET a = :a"]),
            ("{% 'SET a = :a' & ($states.input.b ? ', b = :b' : '') %}", vec!["SET a = :a, b = :b", "SET a = :a"]),
            (
                "{% 'SET a = :a' & ($states.input.b ? ', b = :b' : '') & ($states.input.b ? '' : ' REMOVE b') %}",
                vec!["SET a = :a, b = :b", "SET a = :a REMOVE b"],
            ),
            (
                "{% 'SET a' & ($x := ($states.input.b ? '' : ', b'); $x = '' ? '' : ' REMOVE ' & $substring($x, 2)) %}",
                vec!["SET a", "SET a REMOVE b"],
            ),
        ] {
            let found = texts(expression).unwrap();
            assert_eq!(found[0], expected[0], "{expression}");
            assert!(expected.iter().all(|text| found.iter().any(|one| one == text)), "{expression}: {found:?}");
        }
        for expression in ["{% $states.input.expression %}", "{% 'SET ' & $states.input.name %}", "{% 'a' & %}"] {
            assert_eq!(texts(expression), None, "{expression}");
        }
    }
}
