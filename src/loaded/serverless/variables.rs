//! The [variables](https://www.serverless.com/framework/docs/providers/aws/guide/variables) of a service (version 3 of the framework, its
//! documentation read 2026-11-29): what the service and the files beside it say themselves. Whatever else a variable asks for is unknown.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::loaded::definition::beside;
use crate::loaded::value::{text as text_of, value};
use crate::loaded::{Document, Overlay};
use crate::source::{Kind, Node, below};

/// The innermost variable of a text: `${self:custom.table}`, `${file(x.yml):a}`, `${opt:stage, 'dev'}`. CloudFormation's `${Name}`,
/// `${Name.Arn}` and `${AWS::Region}` are none.
static VARIABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\$\{\s*([A-Za-z]+(?:\([^{}]*\)(?::[^{}]*)?|:(?:[^:{}][^{}]*)?))\}").ok());
/// How often variables are looked for in what variables came to.
pub(super) const ROUNDS: usize = 8;
/// How many values the variables of a service may come to.
const MAX_VALUES: usize = 200_000;
/// The longest text that variables may make.
const MAX_TEXT: usize = 1 << 16;
/// How many files a service may be made of.
const MAX_FILES: usize = 200;

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The document: 0 is the service.
    pub(super) document: usize,
    /// Its place in the document.
    pub(super) pointer: String,
    pub(super) root: Arc<Node>,
}

impl Found {
    pub(super) fn node(&self) -> Option<&Node> {
        self.root.pointer(&self.pointer)
    }

    pub(super) fn get(&self, name: &str) -> Option<Self> {
        self.node()?.get(name)?;
        Some(Self { pointer: below(&self.pointer, name), ..self.clone() })
    }
}

/// The variables of a service.
pub(super) struct Variables<'a> {
    path: &'a Path,
    overlay: &'a Overlay,
    root: Arc<Node>,
    /// The files that variables name, each with its place among the documents.
    files: RefCell<Vec<(String, Document)>>,
    left: Cell<usize>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(path: &'a Path, root: Arc<Node>, overlay: &'a Overlay) -> Self {
        Self { path, overlay, root, files: RefCell::default(), left: Cell::new(MAX_VALUES) }
    }

    /// The files that were read, with their variables put in.
    pub(super) fn into_files(self) -> Vec<Document> {
        let roots: Vec<_> = self.files.borrow().iter().map(|(_, file)| file.root.clone()).collect();
        let made = roots
            .iter()
            .enumerate()
            .map(|(at, root)| root.as_ref().map(|root| Arc::new(self.put(root, at + 1, ROUNDS))));
        let made: Vec<_> = made.collect();
        let files = self.files.into_inner();
        // Files that were named only by what was put in last are of no account.
        files.into_iter().zip(made).map(|((_, file), root)| Document { root, ..file }).collect()
    }

    /// How the service names a file.
    pub(super) fn uri(&self, document: usize) -> Option<String> {
        Some(self.files.borrow().get(document.checked_sub(1)?)?.0.clone())
    }

    /// The service, as a value that paths start from.
    pub(super) fn service(&self) -> Found {
        Found { document: 0, pointer: String::new(), root: Arc::clone(&self.root) }
    }

    /// A value, or what its variable leads to if it is one.
    pub(super) fn follow(&self, found: Found) -> Found {
        let mut found = found;
        for _ in 0..ROUNDS {
            let said = found.node().and_then(Node::as_str).filter(|said| said.contains("${")).map(str::to_owned);
            match said.and_then(|said| self.whole(&said, ROUNDS)) {
                Some(next) => found = next,
                None => break,
            }
        }
        found
    }

    /// What is below a value, whatever variables are on the way.
    fn walk(&self, from: Found, path: &str) -> Option<Found> {
        let names = path.trim().split('.').filter(|name| !name.is_empty());
        names.into_iter().try_fold(from, |found, name| {
            let found = self.follow(found);
            found.get(name).or_else(|| {
                let at: usize = name.parse().ok()?;
                found.node()?.items().get(at)?;
                Some(Found { pointer: below(&found.pointer, name), ..found.clone() })
            })
        })
    }

    /// A value of the service, or below it.
    pub(super) fn own(&self, path: &str) -> Option<Found> {
        self.walk(self.service(), path).map(|found| self.follow(found))
    }

    /// A value of a document with its variables put in. The others become `${Name}`. What comes from another document stands where it is
    /// asked for.
    pub(super) fn put(&self, node: &Node, document: usize, rounds: usize) -> Node {
        let Some(left) = self.left.get().checked_sub(1) else { return node.clone() };
        self.left.set(left);
        let kind = match &node.kind {
            Kind::String(said) if said.contains("${") => match self.whole(said, rounds) {
                Some(found) if rounds > 0 => return self.found(&found, node, document, rounds - 1),
                _ => Kind::String(self.text(said, rounds)),
            },
            Kind::Sequence(items) => {
                Kind::Sequence(items.iter().map(|item| self.put(item, document, rounds)).collect())
            }
            Kind::Mapping(entries) => {
                let put = |(key, value): &(Node, Node)| (key.clone(), self.put(value, document, rounds));
                Kind::Mapping(entries.iter().map(put).collect())
            }
            other => other.clone(),
        };
        Node { kind, span: node.span, tag: node.tag.clone() }
    }

    fn found(&self, found: &Found, at: &Node, document: usize, rounds: usize) -> Node {
        let Some(node) = found.node() else { return at.clone() };
        let value = self.put(node, found.document, rounds);
        let value = if found.document == document { value } else { value.moved(at.span) };
        Node { span: at.span, ..value }
    }

    /// What a text is that is one variable, and nothing else.
    fn whole(&self, said: &str, rounds: usize) -> Option<Found> {
        let pattern = VARIABLE.as_ref()?;
        let mut said = said.trim().to_owned();
        for _ in 0..rounds {
            let found = pattern.captures(&said)?;
            let all = found.get(0)?;
            if all.range() == (0..said.len()) {
                let found = split(&found[1]).into_iter().find_map(|source| self.source(source))?;
                // The whole file would hold itself.
                return Some(found).filter(|found| found.document > 0 || !found.pointer.is_empty());
            }
            // A variable within a variable is a text.
            if !said.starts_with("${") || !said.ends_with('}') {
                return None;
            }
            let inner = self.variable(&found[1]);
            if inner.starts_with("${") {
                return None;
            }
            said.replace_range(all.range(), &inner);
        }
        None
    }

    /// A text with its variables put in.
    pub(super) fn text(&self, said: &str, rounds: usize) -> String {
        let Some(pattern) = VARIABLE.as_ref() else { return said.to_owned() };
        let mut made = said.to_owned();
        for _ in 0..rounds {
            if !pattern.is_match(&made) || made.len() > MAX_TEXT {
                break;
            }
            made = pattern.replace_all(&made, |found: &regex::Captures<'_>| self.variable(&found[1])).into_owned();
        }
        made
    }

    fn variable(&self, said: &str) -> String {
        let known = |source: &str| match self.source(source) {
            Some(found) => Some(text_of(&value(found.node()?))),
            None => literal(source).or_else(|| (source.trim() == "sls:stage").then(|| self.stage())),
        };
        match split(said).into_iter().find_map(known) {
            Some(text) => text,
            None => format!("${{{}}}", said.chars().filter(char::is_ascii_alphanumeric).collect::<String>()),
        }
    }

    /// What a source gives, if the service or its files say it.
    fn source(&self, source: &str) -> Option<Found> {
        let source = source.trim();
        if let Some(path) = source.strip_prefix("self:") {
            return self.walk(self.service(), path);
        }
        if let Some(rest) = source.strip_prefix("file(") {
            let (path, address) = rest.split_once(')')?;
            let file = self.file(path.trim().trim_matches(['\'', '"']))?;
            return self.walk(file, address.trim().trim_start_matches(':'));
        }
        if let Some(name) = source.strip_prefix("param:") {
            let stage = self.stage();
            return [stage.as_str(), "default"].into_iter().find_map(|of| {
                let params = self.walk(self.service(), &format!("params.{of}"))?;
                self.walk(params, name)
            });
        }
        None
    }

    /// The stage, as long as no option says another: that of the provider, or `dev`.
    fn stage(&self) -> String {
        let said = self.root.get("provider").and_then(|provider| provider.get("stage")).and_then(Node::as_str);
        match said {
            // A stage that is asked for by itself is not there.
            Some(said) if said.contains("param:") || said.contains("sls:stage") => "dev".to_owned(),
            Some(said) => {
                Some(self.text(said, 2)).filter(|stage| !stage.contains("${")).unwrap_or_else(|| "dev".to_owned())
            }
            None => "dev".to_owned(),
        }
    }

    /// A file beside the service: YAML or JSON. What a program makes is unknown.
    fn file(&self, uri: &str) -> Option<Found> {
        if !uri.ends_with(".yml") && !uri.ends_with(".yaml") && !uri.ends_with(".json") {
            return None;
        }
        let path = beside(self.path, uri);
        let known = self.files.borrow().iter().position(|(_, file)| file.path == path);
        let at = match known {
            Some(at) => at,
            None => {
                let at = self.files.borrow().len();
                if at >= MAX_FILES {
                    return None;
                }
                // What is wrong in a file that cannot be read is told where a definition is asked of it.
                let file = Document::read(&path, at + 1, &mut Vec::new(), self.overlay).ok()?;
                file.root.as_ref()?;
                self.files.borrow_mut().push((uri.to_owned(), file));
                at
            }
        };
        let root = self.files.borrow().get(at)?.1.root.clone()?;
        Some(Found { document: at + 1, pointer: String::new(), root })
    }
}

/// The sources of a variable, each in place of those before it: `opt:stage, self:provider.stage, 'dev'`.
fn split(said: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote, mut depth) = (Vec::new(), 0, None, 0_usize);
    for (at, letter) in said.char_indices() {
        match (quote, letter) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(said[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(said[start..].trim());
    parts
}

/// What a source says that is a value itself: `'dev'`, `5`, `true`.
fn literal(source: &str) -> Option<String> {
    let inner = |quote: char| source.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let plain = matches!(source, "true" | "false" | "null") || source.parse::<f64>().is_ok();
    inner('\'').or_else(|| inner('"')).map(str::to_owned).or_else(|| plain.then(|| source.to_owned()))
}
