use super::ast::{Assignment, Clause, DocumentPath, SetOperand, SetValue, ValueRef};
use super::cursor::Cursor;
use super::lexer::TokenKind;
use super::{ExpressionError, ExpressionFault};

/// The keywords with which the clauses of an update expression begin.
const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

/// Reads the clauses of an update.
pub(super) fn clauses(cursor: &mut Cursor<'_>) -> Result<Vec<Clause>, ExpressionError> {
    let mut clauses = Vec::new();
    let mut seen = Vec::new();
    while let Some(token) = cursor.peek() {
        let section = SECTIONS.into_iter().find(|section| cursor.at_keyword(section));
        let Some(section) = section else {
            let expected = if seen.is_empty() {
                "SET, REMOVE, ADD or DELETE"
            } else {
                "`,` and the next action, or SET, REMOVE, ADD or DELETE"
            };
            return Err(cursor.unexpected(expected));
        };
        if seen.contains(&section) {
            return Err(cursor.fault(ExpressionFault::SectionTwice(section), token.span()));
        }
        seen.push(section);
        cursor.advance();
        clauses.push(match section {
            "SET" => Clause::Set(list(cursor, assignment)?),
            "REMOVE" => Clause::Remove(list(cursor, Cursor::path)?),
            "ADD" => Clause::Add(list(cursor, path_and_value)?),
            _ => Clause::Delete(list(cursor, path_and_value)?),
        });
    }
    Ok(clauses)
}

/// Reads one or more, with commas between them.
fn list<'t, T>(
    cursor: &mut Cursor<'t>,
    one: impl Fn(&mut Cursor<'t>) -> Result<T, ExpressionError>,
) -> Result<Vec<T>, ExpressionError> {
    let mut found = vec![one(cursor)?];
    while cursor.take(",") {
        found.push(one(cursor)?);
    }
    Ok(found)
}

/// The path and value of `ADD` or `DELETE`, with nothing between them.
fn path_and_value(cursor: &mut Cursor<'_>) -> Result<(DocumentPath, ValueRef), ExpressionError> {
    let path = cursor.path()?;
    Ok((path, cursor.value()?))
}

fn assignment(cursor: &mut Cursor<'_>) -> Result<Assignment, ExpressionError> {
    let path = cursor.path()?;
    cursor.expect("=", "`=` and the value")?;
    Ok(Assignment { path, value: value(cursor)? })
}

/// Reads an operand, or two with `+` or `-` between them.
fn value(cursor: &mut Cursor<'_>) -> Result<SetValue, ExpressionError> {
    let left = term(cursor)?;
    let Some(sign) = cursor.peek().filter(|_| cursor.at_sign("+") || cursor.at_sign("-")) else { return Ok(left) };
    cursor.count(sign.span())?;
    cursor.advance();
    let (left, right) = (Box::new(left), Box::new(term(cursor)?));
    Ok(if sign.text == "+" { SetValue::Plus(left, right) } else { SetValue::Minus(left, right) })
}

fn term(cursor: &mut Cursor<'_>) -> Result<SetValue, ExpressionError> {
    if cursor.at_sign("(") {
        cursor.advance();
        let inner = cursor.within(value)?;
        cursor.expect(")", "`)`")?;
        return Ok(inner);
    }
    Ok(SetValue::Operand(operand(cursor)?))
}

fn operand(cursor: &mut Cursor<'_>) -> Result<SetOperand, ExpressionError> {
    let Some(token) = cursor.peek() else {
        return Err(cursor.unexpected("a value: an attribute, a #name or a :value"));
    };
    let call = token.kind == TokenKind::Word && cursor.peek_second().is_some_and(|next| next.text == "(");
    if call {
        return function(cursor, token.text);
    }
    if token.kind == TokenKind::Value {
        return Ok(SetOperand::Value(cursor.value()?));
    }
    if cursor.at_path() {
        return Ok(SetOperand::Path(cursor.path()?));
    }
    Err(cursor.unexpected("a value: an attribute, a #name or a :value"))
}

fn function(cursor: &mut Cursor<'_>, name: &str) -> Result<SetOperand, ExpressionError> {
    let start = cursor.start();
    cursor.advance();
    let span = cursor.since(start);
    cursor.count(span)?;
    let (if_not_exists, list_append) = (name == "if_not_exists", name == "list_append");
    if !if_not_exists && !list_append {
        let function = name.to_owned();
        let known = name == "size" || super::Test::ALL.iter().any(|test| test.as_str() == name);
        let fault = if known {
            ExpressionFault::FunctionNotAllowed { function, place: "an update expression" }
        } else {
            ExpressionFault::UnknownFunction(function)
        };
        return Err(cursor.fault(fault, span));
    }
    cursor.expect("(", "`(`")?;
    let operands = list(cursor, |cursor| cursor.within(operand))?;
    cursor.expect(")", "`,` or `)`")?;
    let given = operands.len();
    let mut operands = operands.into_iter();
    match (operands.next(), operands.next(), operands.next()) {
        (Some(SetOperand::Path(path)), Some(other), None) if if_not_exists => {
            Ok(SetOperand::IfNotExists(path, Box::new(other)))
        }
        (Some(_), Some(_), None) if if_not_exists => {
            Err(cursor.fault(ExpressionFault::NeedsPath(name.to_owned()), cursor.since(start)))
        }
        (Some(left), Some(right), None) => Ok(SetOperand::ListAppend(Box::new(left), Box::new(right))),
        _ => {
            let fault = ExpressionFault::OperandCount { function: name.to_owned(), given };
            Err(cursor.fault(fault, cursor.since(start)))
        }
    }
}
