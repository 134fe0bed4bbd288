//! `InputTemplate` of a target: [input transformation](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).

/// A template that makes a target's input of an event: text with `<variables>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputTemplate {
    pieces: Vec<Piece>,
    text: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable { name: String, quoted: bool },
}

/// A place of a template where a variable stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Outside of quotes: it takes any JSON.
    Value,
    /// Within a text that is a part of JSON.
    Quoted,
    /// Within a template that is nothing but text, where EventBridge takes the quotes out of objects and lists.
    Text,
}

/// The variables that EventBridge defines itself.
pub const PREDEFINED: [&str; 5] = [
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event",
    "aws.events.event.json",
    "aws.events.event.ingestion-time",
];

impl InputTemplate {
    /// Reads a template of a rule's target. Any text is one.
    pub fn parse(template: &str) -> Self {
        Self::read(template, |c| c.is_ascii_alphanumeric() || "._-".contains(c))
    }

    /// Reads a template of [a pipe](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html), whose variables may be paths.
    pub fn of_pipe(template: &str) -> Self {
        Self::read(template, |c| c.is_alphanumeric() || "._-$[]*'".contains(c))
    }

    fn read(template: &str, of_name: impl Fn(char) -> bool + Copy) -> Self {
        let (mut pieces, mut said) = (Vec::new(), String::new());
        let (mut quoted, mut rest) = (false, template);
        while let Some(next) = rest.chars().next() {
            let mut taken = next.len_utf8();
            match next {
                '\\' if quoted => taken = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at),
                '"' => quoted = !quoted,
                '<' => {
                    if let Some(name) = variable(&rest[1..], of_name) {
                        pieces.push(Piece::Text(std::mem::take(&mut said)));
                        pieces.push(Piece::Variable { name: name.to_owned(), quoted });
                        rest = &rest[name.len() + 2..];
                        continue;
                    }
                }
                _ => {}
            }
            said.push_str(&rest[..taken]);
            rest = &rest[taken..];
        }
        pieces.push(Piece::Text(said));
        Self { pieces, text: template.trim_start().starts_with('"') }
    }

    /// The names of its variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable { name, .. } => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The template with something in the place of each variable.
    pub fn fill(&self, mut value: impl FnMut(&str, Slot) -> String) -> String {
        let filled = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Variable { name, quoted: false } => value(name, Slot::Value),
            Piece::Variable { name, .. } if self.text => value(name, Slot::Text),
            Piece::Variable { name, .. } => value(name, Slot::Quoted),
        });
        filled.collect()
    }
}

/// The name of the variable that a text after `<` begins with.
fn variable(text: &str, of_name: impl Fn(char) -> bool) -> Option<&str> {
    let name = text.split_once('>').map(|(name, _)| name)?;
    (!name.is_empty() && name.chars().all(of_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_told_apart() {
        let shown = |template: &str| InputTemplate::parse(template).fill(|name, slot| format!("[{name} {slot:?}]"));
        assert_eq!(shown(r#"{"a": <x>, "b": "<y> \"<z>"}"#), r#"{"a": [x Value], "b": "[y Quoted] \"[z Quoted]"}"#);
        assert_eq!(shown(r#""of <x>""#), r#""of [x Text]""#);
        assert_eq!(shown("1 < 2 <a b> <>"), "1 < 2 <a b> <>");
        let of_pipe = InputTemplate::of_pipe("<$.body.a[0]> <aws.pipes.pipe-name> <a b>");
        assert_eq!(of_pipe.variables().collect::<Vec<_>>(), ["$.body.a[0]", "aws.pipes.pipe-name"]);
        assert_eq!(InputTemplate::parse("<a><b.c>").variables().collect::<Vec<_>>(), ["a", "b.c"]);
    }
}
