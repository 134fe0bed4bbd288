//! Everything in a stack that has a name and is referred to by it, and each place where that name stands.

use crate::aws::states::INNER;
use std::collections::HashSet;

use crate::lint::names_in_expression;
use crate::loaded::{LoadedMachine, LoadedStack, LoadedTemplate, placeholders, references};
use crate::outline::{Language, Outline, Scope, ScopeKind, StateView};
use crate::source::{Kind, Node, Span};

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Named {
    /// A state, of a scope of a definition.
    State {
        /// The definition: its document and pointer.
        definition: (usize, String),
        /// The scope, of the outline's.
        scope: usize,
        /// Its name.
        name: String,
    },
    /// A variable that `Assign` sets.
    Variable {
        /// The definition: its document and pointer.
        definition: (usize, String),
        /// The scope that sets it.
        scope: usize,
        /// Its name, without `$`.
        name: String,
    },
    /// A `${Name}` of a definition.
    Substitution {
        /// The definition: its document and pointer.
        definition: (usize, String),
        /// Its name.
        name: String,
    },
    /// A resource or a parameter of the template.
    Logical {
        /// Its logical id.
        name: String,
    },
}

/// A place where a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// What the name belongs to.
    pub named: Named,
    /// The index of the document among those of the stack.
    pub document: usize,
    /// Where: just the name.
    pub span: Span,
    /// The scalar that the name is all of, with its quotes; `None` where it is a part of a text.
    pub whole: Option<Span>,
    /// Whether it is declared there.
    pub declares: bool,
}

/// Every occurrence in a stack, and whether there may be others that cannot be told: names that are spelled with escapes.
pub fn occurrences(stack: &LoadedStack) -> (Vec<Occurrence>, HashSet<Named>) {
    let mut found = Found { stack, all: Vec::new(), unclear: HashSet::new() };
    let mut seen = HashSet::new();
    for machine in &stack.machines {
        let Some(outline) = Outline::new(stack, machine) else { continue };
        let id = (outline.definition.document, outline.definition.pointer.clone());
        // Machines may share a definition; what each puts in for a name is its own.
        found.given(machine, &id);
        if seen.insert(id.clone()) {
            found.states(&outline, &id);
            found.variables(&outline, &id);
            found.placeholders(&outline.definition.root, machine, &id);
        }
    }
    if let Some(template) = &stack.template {
        found.template(template);
    }
    (found.all, found.unclear)
}

struct Found<'a> {
    stack: &'a LoadedStack,
    all: Vec<Occurrence>,
    unclear: HashSet<Named>,
}

type DefinitionId = (usize, String);

impl Found<'_> {
    fn text(&self, document: usize, span: Span) -> &str {
        let text = self.stack.documents.get(document).map_or("", |document| document.source.text.as_str());
        text.get(span.start..span.end).unwrap_or_default()
    }

    /// A scalar that is all name.
    fn whole(&mut self, document: usize, node: &Node, name: &str, named: Named, declares: bool) {
        let spelled = self.text(document, node.span);
        // Quotes, and within a text the escapes before them.
        let found = spelled.find(name).filter(|_| spelled.len() <= name.len() + 4);
        match found {
            Some(at) => {
                let start = node.span.start + at;
                let span = Span { start, end: start + name.len() };
                self.all.push(Occurrence { named, document, span, whole: Some(node.span), declares });
            }
            None => drop(self.unclear.insert(named)),
        }
    }

    fn part(&mut self, document: usize, start: usize, name: &str, named: Named) {
        let span = Span { start, end: start + name.len() };
        self.all.push(Occurrence { named, document, span, whole: None, declares: false });
    }

    fn states(&mut self, outline: &Outline<'_>, id: &DefinitionId) {
        for (index, scope) in outline.scopes.iter().enumerate() {
            let named = |name: &str| Named::State { definition: id.clone(), scope: index, name: name.to_owned() };
            let mut refer = |node: Option<&Node>| {
                if let Some((node, name)) = node.and_then(|node| Some((node, node.as_str()?)))
                    && scope.names.contains_key(name)
                {
                    self.whole(id.0, node, name, named(name), false);
                }
            };
            refer(scope.node.get("StartAt"));
            for state in scope.states.iter().map(|at| &outline.states[*at]) {
                refer(state.get("Next"));
                refer(state.get("Default"));
                for list in ["Choices", "Catch"] {
                    state.get(list).map_or(&[][..], Node::items).iter().for_each(|one| refer(one.get("Next")));
                }
            }
            for state in scope.states.iter().map(|at| &outline.states[*at]) {
                self.whole(id.0, state.key, state.name, named(state.name), true);
            }
        }
    }

    fn variables(&mut self, outline: &Outline<'_>, id: &DefinitionId) {
        let mut set: HashSet<(usize, &str)> = HashSet::new();
        for state in &outline.states {
            for assign in assigns(state) {
                let keys = assign.entries().iter().map(|(key, _)| key);
                set.extend(keys.filter_map(|key| Some((state.scope, variable_of(key.as_str()?)))));
            }
        }
        let resolve = |scope: usize, name: &str| {
            let scopes = std::iter::successors(Some(scope), |at| outer(&outline.scopes[*at], outline));
            let of = scopes.filter(|scope| set.contains(&(*scope, name))).last()?;
            Some(Named::Variable { definition: id.clone(), scope: of, name: name.to_owned() })
        };
        for state in &outline.states {
            for assign in assigns(state) {
                for (key, _) in assign.entries() {
                    let Some(name) = key.as_str().map(variable_of) else { continue };
                    let Some(named) = resolve(state.scope, name) else { continue };
                    let spelled = self.text(id.0, key.span);
                    match spelled.find(name) {
                        Some(at) => {
                            let start = key.span.start + at;
                            let span = Span { start, end: start + name.len() };
                            let one = Occurrence { named, document: id.0, span, whole: None, declares: true };
                            self.all.push(one);
                        }
                        None => drop(self.unclear.insert(named)),
                    }
                }
            }
            let mut texts = Vec::new();
            readers(state.node, None, state.language, &mut texts);
            for (node, jsonata) in texts {
                let spelled = self.text(id.0, node.span);
                let uses: Vec<(usize, String)> = if jsonata { in_expression(spelled) } else { in_path(spelled) };
                for (at, name) in uses {
                    if let Some(named) = resolve(state.scope, &name) {
                        self.part(id.0, node.span.start + at, &name, named);
                    }
                }
            }
        }
    }

    fn given(&mut self, machine: &LoadedMachine, id: &DefinitionId) {
        for (name, place) in machine.substitutions.iter().filter_map(|(name, one)| Some((name, one.given.as_ref()?))) {
            let named = Named::Substitution { definition: id.clone(), name: name.clone() };
            let spelled = self.text(place.document, place.span);
            match spelled.find(name.as_str()) {
                Some(at) => {
                    let start = place.span.start + at;
                    let span = Span { start, end: start + name.len() };
                    let (document, whole) = (place.document, Some(place.span));
                    self.all.push(Occurrence { named, document, span, whole, declares: true });
                }
                None => drop(self.unclear.insert(named)),
            }
        }
    }

    /// The `${Name}` of a definition that are the template's to give.
    fn placeholders(&mut self, root: &Node, machine: &LoadedMachine, id: &DefinitionId) {
        root.visit("", |visit| {
            for text in visit.key.into_iter().chain([visit.node]) {
                self.placeholders_of(text, machine, id);
            }
            true
        });
    }

    fn placeholders_of(&mut self, node: &Node, machine: &LoadedMachine, id: &DefinitionId) {
        if !node.as_str().is_some_and(|text| text.contains("${")) {
            return;
        }
        let spelled = self.text(id.0, node.span).to_owned();
        for placeholder in placeholders(&spelled) {
            let known = machine.substitutions.get(placeholder.name);
            if known.is_some_and(|known| known.given.is_none()) {
                continue;
            }
            let inside = &spelled[placeholder.range.clone()];
            let Some(at) = inside.find(placeholder.name) else { continue };
            let name = placeholder.name.to_owned();
            let named = Named::Substitution { definition: id.clone(), name: name.clone() };
            self.part(id.0, node.span.start + placeholder.range.start + at, &name, named);
        }
    }

    fn template(&mut self, template: &LoadedTemplate) {
        let document = template.document;
        let named = |name: &str| Named::Logical { name: name.to_owned() };
        for section in ["Parameters", "Resources"] {
            for (key, value) in template.root.get(section).map_or(&[][..], Node::entries) {
                let Some(name) = key.as_str() else { continue };
                self.whole(document, key, name, named(name), true);
                let depends = value.get("DependsOn").filter(|_| section == "Resources");
                let several = depends.map_or(&[][..], Node::items).iter();
                for node in depends.into_iter().filter(|one| one.as_str().is_some()).chain(several) {
                    let Some(name) = node.as_str() else { continue };
                    self.whole(document, node, name, named(name), false);
                }
            }
        }
        for reference in references(&template.root) {
            let spelled = self.text(document, reference.span).to_owned();
            let mut at: Vec<usize> = Vec::new();
            if reference.function == "Sub" {
                for placeholder in placeholders(&spelled) {
                    if placeholder.name.split('.').next() == Some(reference.name.as_str()) {
                        let inside = &spelled[placeholder.range.clone()];
                        at.extend(inside.find(&reference.name).map(|found| placeholder.range.start + found));
                    }
                }
            } else {
                // The function's own name may hold the same letters: the argument comes last.
                at.extend(spelled.rfind(&reference.name));
            }
            for at in at {
                let start = reference.span.start + at;
                let span = Span { start, end: start + reference.name.len() };
                let one = Occurrence { named: named(&reference.name), document, span, whole: None, declares: false };
                if !self.all.contains(&one) {
                    self.all.push(one);
                }
            }
        }
    }
}

/// The scope around a scope, whose variables can be read in it. A distributed Map's executions have none but their own.
fn outer(scope: &Scope<'_>, outline: &Outline<'_>) -> Option<usize> {
    let mode = scope.node.get("ProcessorConfig").and_then(|config| config.get("Mode")).and_then(Node::as_str);
    if scope.kind == ScopeKind::Processor && mode.is_some_and(|mode| mode != "INLINE") {
        return None;
    }
    Some(outline.states[scope.owner?].scope)
}

/// The `Assign` fields of a state: its own, and those of its catchers and choices.
pub(super) fn assigns<'a>(state: &StateView<'a>) -> impl Iterator<Item = &'a Node> {
    let node = state.node;
    let lists = ["Catch", "Choices"].into_iter().flat_map(move |list| node.get(list).map_or(&[][..], Node::items));
    node.get("Assign").into_iter().chain(lists.filter_map(|one| one.get("Assign")))
}

/// The name of a variable, as a key of `Assign` spells it.
pub(super) fn variable_of(key: &str) -> &str {
    key.strip_suffix(".$").unwrap_or(key)
}

/// The texts of a state that read data, and whether they are JSONata. Those of the states inside it are not its own.
fn readers<'a>(node: &'a Node, key: Option<&str>, language: Language, found: &mut Vec<(&'a Node, bool)>) {
    match &node.kind {
        Kind::String(text) => {
            let trimmed = text.trim();
            let expression = language != Language::JsonPath && trimmed.starts_with("{%") && trimmed.ends_with("%}");
            let path =
                |key: &str| key.ends_with(".$") || key == "Variable" || (key.ends_with("Path") && key != "ResultPath");
            if expression || (language != Language::Jsonata && key.is_some_and(path)) {
                found.push((node, expression));
            }
        }
        Kind::Sequence(items) => items.iter().for_each(|item| readers(item, key, language, found)),
        Kind::Mapping(entries) => {
            for (key, value) in entries {
                let key = key.as_str().unwrap_or_default();
                let inner = INNER.contains(&key);
                if !inner {
                    readers(value, Some(key), language, found);
                }
            }
        }
        _ => {}
    }
}

/// The variables of a path or an intrinsic function, and where they stand. What is in quotes is a text.
fn in_path(text: &str) -> Vec<(usize, String)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut quoted = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\'' => quoted = !quoted,
            b'$' if !quoted => {
                let rest = &text[at + 1..];
                let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                if length > 0 {
                    found.push((at + 1, rest[..length].to_owned()));
                }
                at += length;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The variables of an expression, and where they stand. A name that the expression binds itself is another one.
fn in_expression(text: &str) -> Vec<(usize, String)> {
    let (Some(start), Some(end)) = (text.find("{%"), text.rfind("%}")) else { return Vec::new() };
    let Some(inside) = text.get(start + 2..end) else { return Vec::new() };
    let names = names_in_expression(inside);
    let bound: HashSet<&str> = names.iter().filter(|(_, _, set)| *set).map(|(_, name, _)| *name).collect();
    let parameter = |name: &str| {
        inside.match_indices("function").chain(inside.match_indices('λ')).any(|(at, _)| {
            let rest = &inside[at..];
            let list = rest.find('(').and_then(|open| rest.get(open..rest.find(')')?)).unwrap_or_default();
            list.split(',').any(|one| one.trim_matches(|c: char| c == '(' || c.is_whitespace()) == format!("${name}"))
        })
    };
    let free = names.iter().filter(|(_, name, _)| !name.is_empty() && !bound.contains(name) && !parameter(name));
    free.map(|(at, name, _)| (start + 2 + at, (*name).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_paths_and_expressions_are_found() {
        let names = |found: Vec<(usize, String)>| found.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names(in_path("States.Format('$x {}', $y.a, $.z, $$.Execution.Id)")), ["y"]);
        assert_eq!(names(in_expression("{% $a & \"$b\" & $c.d %}")), ["a", "c"]);
        assert_eq!(names(in_expression("{% ($t := $a; $map($l, function($v) { $v + $t })) %}")), ["a", "map", "l"]);
    }
}
