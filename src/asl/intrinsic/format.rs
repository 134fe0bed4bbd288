use serde_json::Value;

/// The template of a `States.Format`: texts with gaps between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<String>,
}

impl Template {
    /// Reads `a {} b`, where a backslash escapes braces, quotes and itself. Nothing, where a brace stands alone.
    pub(super) fn parse(raw: &str) -> Option<Self> {
        let mut pieces = vec![String::new()];
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' => {
                    chars.next_if_eq(&'}')?;
                    pieces.push(String::new());
                    continue;
                }
                '}' => return None,
                _ => {}
            }
            let next = if c == '\\' { chars.next_if(|next| matches!(next, '\'' | '{' | '}' | '\\')) } else { None };
            pieces.last_mut()?.push(next.unwrap_or(c));
        }
        Some(Self { pieces })
    }

    /// How many values it takes.
    pub fn gaps(&self) -> usize {
        self.pieces.len() - 1
    }

    /// The text with values in the gaps; nothing, if there are not as many.
    pub(super) fn fill<'a>(&self, values: impl ExactSizeIterator<Item = &'a Value>) -> Option<String> {
        if values.len() != self.gaps() {
            return None;
        }
        let mut text = self.pieces.first().cloned().unwrap_or_default();
        for (value, piece) in values.zip(self.pieces.iter().skip(1)) {
            java_text(value, &mut text);
            text.push_str(piece);
        }
        Some(text)
    }
}

/// Appends a value's text as Java has it, which is what AWS puts into a `States.Format`: a text without quotes, an
/// object as `{name=value, name=value}`.
pub fn java_text(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => java_double(float, text),
            _ => text.push_str(&number.to_string()),
        },
        Value::String(own) => text.push_str(own),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                java_text(item, text);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                text.push_str(name);
                text.push('=');
                java_text(value, text);
            }
            text.push('}');
        }
    }
}

/// `Double.toString`: plain between a thousandth and ten million, in computerized scientific notation otherwise.
fn java_double(number: f64, text: &mut String) {
    let size = number.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        text.push_str(&format!("{number:?}"));
        return;
    }
    let scientific = format!("{number:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => text.push_str(&format!("{digits}E{exponent}")),
        Some((digits, exponent)) => text.push_str(&format!("{digits}.0E{exponent}")),
        None => text.push_str(&scientific),
    }
}
