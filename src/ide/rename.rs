//! A name, changed wherever it stands.

use crate::lint::Edit;
use crate::loaded::LoadedStack;
use crate::outline::Outline;
use crate::source::{Span, is_ambiguous};

use super::occurrences::{Named, Occurrence, occurrences};

/// The longest name of a state, and of a variable.
const LONGEST: usize = 80;

/// What stands at a byte and has a name, with every place of that name.
pub fn named_at(stack: &LoadedStack, document: usize, offset: usize) -> Option<(Occurrence, Vec<Occurrence>)> {
    let (all, _) = occurrences(stack);
    let touches = |one: &&Occurrence| one.document == document && one.span.start <= offset && offset <= one.span.end;
    let here = all.iter().find(touches)?.clone();
    let same = all.into_iter().filter(|one| one.named == here.named).collect();
    Some((here, same))
}

/// The edits that give what stands at a byte another name.
///
/// # Errors
/// Nothing there has a name that can be changed, or the new name will not do: why.
pub fn rename(stack: &LoadedStack, document: usize, offset: usize, new: &str) -> Result<Vec<Edit>, String> {
    let (here, all) = named_at(stack, document, offset)
        .ok_or("a state, a variable or a substitution can be renamed, and none stands here")?;
    check(stack, &here.named, new)?;
    let (_, unclear) = occurrences(stack);
    if unclear.contains(&here.named) {
        return Err("the name is spelled with escapes somewhere, so it cannot be changed everywhere".to_owned());
    }
    Ok(all.into_iter().map(|one| edit(stack, one, new)).collect())
}

fn edit(stack: &LoadedStack, one: Occurrence, new: &str) -> Edit {
    let text = stack.documents.get(one.document).map_or("", |document| document.source.text.as_str());
    let text = respelled(text, one.span, one.whole == Some(one.span), new);
    Edit { document: one.document, span: one.span, text }
}

/// A name in the place of another one: in quotes where it is a whole scalar that had none, and needs them now.
pub fn respelled(text: &str, span: Span, bare: bool, new: &str) -> String {
    let json = text.get(span.end..).is_some_and(|rest| rest.starts_with('"'));
    if bare && !json && !is_plain(new) { format!("\"{new}\"") } else { new.to_owned() }
}

/// Whether a name needs no quotes in YAML.
fn is_plain(name: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '/' | '(' | ')');
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(safe)
        && !name.ends_with(' ')
        && !is_ambiguous(name)
}

fn check(stack: &LoadedStack, named: &Named, new: &str) -> Result<(), String> {
    let outlines = || stack.machines.iter().filter_map(|machine| Outline::new(stack, machine));
    let of = |outline: &Outline<'_>, id: &(usize, String)| {
        (outline.definition.document, outline.definition.pointer.as_str()) == (id.0, id.1.as_str())
    };
    let refused = new.chars().find(|c| c.is_control() || matches!(c, '"' | '\'' | '\\'));
    match named {
        _ if new.is_empty() => Err("a name has at least one character".to_owned()),
        _ if new.chars().count() > LONGEST => Err(format!("a name has {LONGEST} characters at most")),
        Named::State { definition, name, .. } => {
            let taken = outlines()
                .filter(|outline| of(outline, definition))
                .any(|outline| outline.states.iter().any(|state| state.name == new && state.name != name));
            match refused {
                Some(c) => Err(format!("a state's name without `{}` is expected", c.escape_default())),
                None if new.contains("${") => Err("a state's name without `${` is expected".to_owned()),
                None if taken => Err(format!("there is a state `{new}` in the definition already")),
                None => Ok(()),
            }
        }
        Named::Variable { definition, name, .. } => {
            let word =
                new.chars().all(|c| c.is_alphanumeric() || c == '_') && !new.starts_with(|c: char| c.is_numeric());
            let taken = outlines().filter(|outline| of(outline, definition)).any(|outline| {
                let assigned = outline.states.iter().flat_map(super::occurrences::assigns);
                let mut keys = assigned.flat_map(|assign| assign.entries().iter().filter_map(|(key, _)| key.as_str()));
                keys.any(|key| super::occurrences::variable_of(key) == new && new != name)
            });
            match (word, taken) {
                (false, _) => Err("a variable's name has letters, digits and `_`, and no digit first".to_owned()),
                _ if new == "states" => Err("`$states` is Step Functions' own".to_owned()),
                (_, true) => Err(format!("there is a variable `${new}` in the definition already")),
                _ => Ok(()),
            }
        }
        Named::Substitution { definition, name } => {
            let word = new.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let taken = outlines()
                .filter(|outline| of(outline, definition))
                .any(|outline| outline.machine.substitutions.contains_key(new) && new != name);
            match (word, taken) {
                (false, _) => Err("a substitution's name has letters, digits and `_`".to_owned()),
                (_, true) => Err(format!("`{new}` is given already")),
                _ => Ok(()),
            }
        }
        Named::Logical { .. } => {
            Err("a state, a variable or a substitution can be renamed; a new logical id would be a new resource"
                .to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = "StartAt: First\nStates:\n  First: {Type: Pass, Assign: {n: 1}, Next: Two}\n  Two:\n    Type: Choice\n    Choices: [{Variable: $n, NumericEquals: 1, Next: First}]\n    Default: \"First\"\n";

    fn renamed(mark: &str, new: &str) -> Result<String, String> {
        let stack = LoadedStack::from_text("m.asl.yaml", DEFINITION).unwrap();
        let mut edits = rename(&stack, 0, DEFINITION.find(mark).unwrap(), new)?;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        let mut text = DEFINITION.to_owned();
        edits.iter().for_each(|edit| text.replace_range(edit.span.start..edit.span.end, &edit.text));
        Ok(text)
    }

    #[test]
    fn a_state_is_renamed_wherever_it_is_named() {
        let text = renamed("First:", "One").unwrap();
        assert_eq!(text, DEFINITION.replace("First", "One"));
        let quoted = renamed("First:", "1: a").unwrap();
        assert!(quoted.contains("StartAt: \"1: a\"") && quoted.contains("Default: \"1: a\""), "{quoted}");
    }

    #[test]
    fn a_variable_is_renamed_where_it_is_set_and_read() {
        assert_eq!(renamed("n: 1", "count").unwrap(), DEFINITION.replace("n: 1", "count: 1").replace("$n", "$count"));
    }

    #[test]
    fn names_that_will_not_do_are_refused() {
        for (mark, new, part) in [
            ("First:", "Two", "already"),
            ("First:", "", "at least one"),
            ("First:", "a\"b", "without"),
            ("n: 1", "2x", "no digit first"),
            ("Type", "x", "can be renamed"),
        ] {
            assert!(renamed(mark, new).unwrap_err().contains(part), "{mark} {new}");
        }
    }
}
