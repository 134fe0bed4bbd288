use super::ast::{Comparator, Operand, Predicate, Test};
use super::cursor::Cursor;
use super::lexer::TokenKind;
use super::{ExpressionError, ExpressionFault, MAX_IN};

/// Reads a condition: `OR` of `AND` of `NOT`.
pub(super) fn predicate(cursor: &mut Cursor<'_>) -> Result<Predicate, ExpressionError> {
    let mut left = conjunction(cursor)?;
    while let Some(token) = cursor.peek().filter(|_| cursor.at_keyword("OR")) {
        cursor.count(token.span())?;
        cursor.advance();
        left = Predicate::Or(Box::new(left), Box::new(conjunction(cursor)?));
    }
    Ok(left)
}

fn conjunction(cursor: &mut Cursor<'_>) -> Result<Predicate, ExpressionError> {
    let mut left = negation(cursor)?;
    while let Some(token) = cursor.peek().filter(|_| cursor.at_keyword("AND")) {
        cursor.count(token.span())?;
        cursor.advance();
        left = Predicate::And(Box::new(left), Box::new(negation(cursor)?));
    }
    Ok(left)
}

fn negation(cursor: &mut Cursor<'_>) -> Result<Predicate, ExpressionError> {
    if let Some(token) = cursor.peek().filter(|_| cursor.at_keyword("NOT")) {
        cursor.count(token.span())?;
        cursor.advance();
        return Ok(Predicate::Not(Box::new(cursor.within(negation)?)));
    }
    if cursor.at_sign("(") {
        return parenthesized(cursor);
    }
    test_or_comparison(cursor)
}

/// A condition in parentheses.
fn parenthesized(cursor: &mut Cursor<'_>) -> Result<Predicate, ExpressionError> {
    let start = cursor.start();
    cursor.advance();
    let inner = cursor.start();
    let doubled = cursor.at_sign("(");
    let found = cursor.within(predicate)?;
    // `((a = b) AND c = d)` begins with two as well: only where both also end together is one pair too many.
    let whole = cursor.since(inner);
    cursor.expect(")", "`AND`, `OR` or `)`")?;
    if doubled && closes_at(cursor.text(), inner) == Some(whole.end) {
        return Err(cursor.fault(ExpressionFault::RedundantParentheses, cursor.since(start)));
    }
    Ok(found)
}

/// The end of the parenthesis that opens at `start`.
fn closes_at(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Whether a function's call comes next: a word and a parenthesis.
fn at_call(cursor: &Cursor<'_>) -> bool {
    let word = cursor.peek().is_some_and(|token| token.kind == TokenKind::Word);
    word && cursor.peek_second().is_some_and(|token| token.text == "(")
}

fn test_or_comparison(cursor: &mut Cursor<'_>) -> Result<Predicate, ExpressionError> {
    let call = cursor.peek().filter(|token| at_call(cursor) && token.text != "size");
    let Some(token) = call else { return comparison(cursor) };
    let Some(test) = Test::ALL.into_iter().find(|test| test.as_str() == token.text) else {
        let function = token.text.to_owned();
        let fault = match token.text {
            "if_not_exists" | "list_append" => {
                ExpressionFault::FunctionNotAllowed { function, place: "a condition expression" }
            }
            _ => ExpressionFault::UnknownFunction(function),
        };
        return Err(cursor.fault(fault, token.span()));
    };
    cursor.count(token.span())?;
    let operands = arguments(cursor)?;
    let span = cursor.since(token.start);
    if operands.len() != test.operands() {
        let fault = ExpressionFault::OperandCount { function: test.as_str().to_owned(), given: operands.len() };
        return Err(cursor.fault(fault, span));
    }
    let needs_path = matches!(test, Test::AttributeExists | Test::AttributeNotExists | Test::AttributeType);
    if let Some(first) = operands.first().filter(|first| needs_path && !matches!(first, Operand::Path(_))) {
        return Err(cursor.fault(ExpressionFault::NeedsPath(test.as_str().to_owned()), first.span()));
    }
    if test == Test::Contains {
        same_path(cursor, test.as_str(), &operands)?;
    }
    Ok(Predicate::Test(test, operands, span))
}

/// The operands of a function whose name comes next.
fn arguments(cursor: &mut Cursor<'_>) -> Result<Vec<Operand>, ExpressionError> {
    cursor.advance();
    cursor.expect("(", "`(`")?;
    let mut operands = vec![cursor.within(operand)?];
    while cursor.take(",") {
        operands.push(cursor.within(operand)?);
    }
    cursor.expect(")", "`,` or `)`")?;
    Ok(operands)
}

fn comparison(cursor: &mut Cursor<'_>) -> Result<Predicate, ExpressionError> {
    let left = operand(cursor)?;
    let Some(token) = cursor.peek() else { return Err(cursor.unexpected("a comparator, BETWEEN or IN")) };
    if cursor.at_keyword("BETWEEN") {
        cursor.count(token.span())?;
        cursor.advance();
        let low = operand(cursor)?;
        if !cursor.take_keyword("AND") {
            return Err(cursor.unexpected("`AND` and the upper bound"));
        }
        return Ok(Predicate::Between(left, low, operand(cursor)?));
    }
    if cursor.at_keyword("IN") {
        cursor.count(token.span())?;
        let operands = arguments(cursor)?;
        if operands.len() > MAX_IN {
            let fault = ExpressionFault::OperandCount { function: "IN".to_owned(), given: operands.len() };
            return Err(cursor.fault(fault, cursor.since(token.start)));
        }
        return Ok(Predicate::In(left, operands));
    }
    let Some(comparator) = Comparator::parse(token.text) else {
        return Err(cursor.unexpected("a comparator (=, <>, <, <=, >, >=), BETWEEN or IN"));
    };
    cursor.count(token.span())?;
    cursor.advance();
    let operands = [left, operand(cursor)?];
    same_path(cursor, comparator.as_str(), &operands)?;
    let [left, right] = operands;
    Ok(Predicate::Compare(left, comparator, right))
}

/// Refuses an operator that is given one path twice.
fn same_path(cursor: &Cursor<'_>, operator: &str, operands: &[Operand]) -> Result<(), ExpressionError> {
    let [Operand::Path(left), Operand::Path(right)] = operands else { return Ok(()) };
    if left.elements != right.elements {
        return Ok(());
    }
    let fault = ExpressionFault::SameOperands { operator: operator.to_owned(), operand: left.to_string() };
    Err(cursor.fault(fault, right.span))
}

/// Reads an operand: a path, a value, or `size` of one.
pub(super) fn operand(cursor: &mut Cursor<'_>) -> Result<Operand, ExpressionError> {
    if at_call(cursor) {
        return size(cursor);
    }
    if cursor.at_path() {
        return Ok(Operand::Path(cursor.path()?));
    }
    if cursor.peek().is_some_and(|token| token.kind == TokenKind::Value) {
        return Ok(Operand::Value(cursor.value()?));
    }
    Err(cursor.unexpected("an attribute, a #name or a :value"))
}

fn size(cursor: &mut Cursor<'_>) -> Result<Operand, ExpressionError> {
    let Some(token) = cursor.peek() else { return Err(cursor.unexpected("an operand")) };
    if token.text != "size" {
        let function = token.text.to_owned();
        let known = Test::ALL.iter().any(|test| test.as_str() == function);
        let fault = if known {
            ExpressionFault::FunctionNotAllowed { function, place: "an operand" }
        } else {
            ExpressionFault::UnknownFunction(function)
        };
        return Err(cursor.fault(fault, token.span()));
    }
    cursor.count(token.span())?;
    let mut operands = arguments(cursor)?;
    let span = cursor.since(token.start);
    match (operands.pop(), operands.len()) {
        (Some(only), 0) => Ok(Operand::Size(Box::new(only), span)),
        (_, others) => {
            let fault = ExpressionFault::OperandCount { function: "size".to_owned(), given: others + 1 };
            Err(cursor.fault(fault, span))
        }
    }
}
