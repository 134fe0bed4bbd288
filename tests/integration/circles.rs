//! Within a room, too, files know each other one way: none needs a file that needs it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// The rooms without circles. In most of the others the thing itself is recursive: a state has states in it, an expression expressions.
const HELD: [&str; 15] = [
    "catalog",
    "cli",
    "cost",
    "diagnostic",
    "files",
    "ide",
    "loaded",
    "name",
    "outline",
    "pages",
    "permissions",
    "report",
    "source",
    "spec",
    "stack",
];

/// A module, as the names that lead to it: `catalog`, `api`.
type Module = Vec<String>;

/// What a file says of others.
#[derive(Default)]
struct File {
    path: String,
    /// The text without comments, and without its unit tests.
    text: String,
    /// What stands at its top level.
    defined: BTreeSet<String>,
    /// The names that it imports, with the ways to them; `*` for all of a module.
    imported: Vec<(String, Vec<String>)>,
    /// Those of them that it hands on.
    handed_on: BTreeSet<String>,
}

static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = "(?:const )?(?:async )?(?:fn|struct|enum|trait|type|const|static|macro_rules!)";
    Regex::new(&format!(r"(?m)^(?:pub(?:\([^)]*\))? )?{kinds} ([A-Za-z_][A-Za-z0-9_]*)")).unwrap()
});
static IMPORT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^(pub(?:\([^)]*\))? )?use ([^;]+);").unwrap());
static SEEN_BY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"pub\(in [^)]*\)").unwrap());
static WAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^:A-Za-z0-9_])((?:[A-Za-z_][A-Za-z0-9_]*::)+[A-Za-z_][A-Za-z0-9_]*)").unwrap());

/// What the tree of an import names, each with its own way: `a::{b, c as d}` is `a::b` and `a::c`, the second called `d`.
fn imports(tree: &str) -> Vec<(String, Vec<String>)> {
    fn expand(tree: &str, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
        let tree = tree.trim();
        if let Some((head, rest)) = tree.split_once('{').filter(|(head, _)| !head.contains(',')) {
            let mut way = before.to_vec();
            way.extend(head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
            let inner = rest.trim_end().strip_suffix('}').unwrap_or(rest);
            let (mut depth, mut start) = (0, 0);
            for (at, c) in inner.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        expand(&inner[start..at], &way, found);
                        start = at + 1;
                    }
                    _ => {}
                }
            }
            expand(&inner[start..], &way, found);
        } else if !tree.is_empty() {
            let (path, alias) = tree.split_once(" as ").unwrap_or((tree, ""));
            let mut way = before.to_vec();
            way.extend(path.split("::").map(|part| part.trim().to_owned()));
            if way.last().is_some_and(|last| last == "self") {
                way.pop();
            }
            let name = if alias.is_empty() { way.last().cloned().unwrap_or_default() } else { alias.trim().to_owned() };
            found.push((name, way));
        }
    }
    let mut found = Vec::new();
    expand(tree, &[], &mut found);
    found
}

fn read(path: &str, text: &str) -> File {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let text = SEEN_BY.replace_all(&lines.collect::<Vec<_>>().join("\n"), "pub").into_owned();
    let mut file = File { path: path.to_owned(), ..File::default() };
    file.defined = DEFINITION.captures_iter(&text).map(|found| found[1].to_owned()).collect();
    for found in IMPORT.captures_iter(&text) {
        let named = imports(&found[2]);
        if found.get(1).is_some() {
            file.handed_on.extend(named.iter().map(|(name, _)| name.clone()));
        }
        file.imported.extend(named);
    }
    file.text = IMPORT.replace_all(&text, "").into_owned();
    file
}

/// The files of a folder, by their modules.
fn house(folder: &Path, module: &Module, files: &mut BTreeMap<Module, File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut inner = module.clone();
        if name == "tests" {
            continue;
        }
        if path.is_dir() {
            inner.push(name);
            house(&path, &inner, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            if !["mod", "lib", "main"].contains(&name.as_str()) {
                inner.push(name);
            }
            files.insert(inner, read(path.to_str().unwrap(), &std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The file in which a thing is defined that a module can see as `way`.
fn defines(files: &BTreeMap<Module, File>, from: &Module, way: &[String], depth: usize) -> Option<Module> {
    let mut at: Module = match way.first()?.as_str() {
        "crate" => Vec::new(),
        "super" => from[..from.len().checked_sub(1)?].to_vec(),
        "self" => from.clone(),
        first => {
            let child: Module = from.iter().cloned().chain([first.to_owned()]).collect();
            match files.contains_key(&child) {
                true => child,
                false => return seen(files, from, first, depth).and_then(|at| within(files, at, &way[1..], depth)),
            }
        }
    };
    let mut rest = &way[1..];
    while let Some((first, others)) = rest.split_first().filter(|(first, _)| *first == "super") {
        at.pop();
        (_, rest) = (first, others);
    }
    within(files, at, rest, depth)
}

/// What a name means in a module that does not have it as a child: a thing of its own, or one that it imports.
fn seen(files: &BTreeMap<Module, File>, module: &Module, name: &str, depth: usize) -> Option<Module> {
    let file = files.get(module).filter(|_| depth < 16)?;
    if file.defined.contains(name) {
        return Some(module.clone());
    }
    let named = file.imported.iter().filter(|(known, _)| known == name);
    if let Some(found) = named.filter_map(|(_, way)| defines(files, module, way, depth + 1)).next() {
        return Some(found);
    }
    let all = file.imported.iter().filter(|(known, _)| known == "*");
    all.filter_map(|(_, way)| defines(files, module, &[&way[..way.len() - 1], &[name.to_owned()]].concat(), depth + 1))
        .next()
}

fn within(files: &BTreeMap<Module, File>, mut at: Module, way: &[String], depth: usize) -> Option<Module> {
    for (index, name) in way.iter().enumerate() {
        let child: Module = at.iter().cloned().chain([name.clone()]).collect();
        if files.contains_key(&child) {
            at = child;
            continue;
        }
        let found = seen(files, &at, name, depth)?;
        // A module that is handed on under a name, with something in it.
        let is_module = files.keys().any(|known| *known == found) && !files[&found].defined.contains(name);
        return if is_module && index + 1 < way.len() {
            within(files, found, &way[index + 1..], depth + 1)
        } else {
            Some(found)
        };
    }
    Some(at)
}

/// The files that each file needs, of its own room. What is only handed on is not needed.
fn needs(files: &BTreeMap<Module, File>) -> BTreeMap<&Module, BTreeSet<Module>> {
    let mut found = BTreeMap::new();
    for (module, file) in files {
        let mut needed = BTreeSet::new();
        let is_module = |way: &Vec<String>| {
            defines(files, module, way, 0)
                .is_some_and(|at| at.last() == way.last() && !files[&at].defined.contains(&at[at.len() - 1]))
        };
        let own = file.imported.iter().filter(|(name, way)| !file.handed_on.contains(name) && !is_module(way));
        let written =
            WAY.captures_iter(&file.text).map(|found| found[1].split("::").map(str::to_owned).collect::<Vec<_>>());
        for way in own.map(|(_, way)| way.clone()).chain(written) {
            needed.extend(defines(files, module, &way, 0));
        }
        needed.remove(module);
        needed.retain(|other| other.first() == module.first());
        found.insert(module, needed);
    }
    found
}

/// The groups of files that need each other.
fn circles(files: &BTreeMap<Module, File>) -> Vec<BTreeSet<String>> {
    let needs = needs(files);
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = needs
        .keys()
        .map(|start| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![*start]);
            while let Some(at) = open.pop() {
                open.extend(needs[at].iter().filter(|next| seen.insert(*next)));
            }
            (*start, seen)
        })
        .collect();
    let mut found: Vec<BTreeSet<String>> = Vec::new();
    for module in needs.keys().filter(|module| reached[**module].contains(**module)) {
        let circle = reached[*module].iter().filter(|other| reached[**other].contains(*module));
        let circle: BTreeSet<String> = circle.map(|other| files[*other].path.clone()).collect();
        if !found.contains(&circle) {
            found.push(circle);
        }
    }
    found
}

/// The circles of some files, each file with what it needs of the others.
fn told(files: &BTreeMap<Module, File>) -> String {
    let (needs, mut told) = (needs(files), String::new());
    for circle in circles(files) {
        told += &format!("{} files need each other:\n", circle.len());
        for (module, needed) in needs.iter().filter(|(module, _)| circle.contains(&files[**module].path)) {
            let others = needed.iter().map(|other| files[other].path.as_str()).filter(|path| circle.contains(*path));
            told += &format!("  {} needs {}\n", files[*module].path, others.collect::<Vec<_>>().join(", "));
        }
    }
    told
}

#[test]
fn no_file_needs_one_that_needs_it() {
    let mut files = BTreeMap::new();
    for room in HELD {
        house(&Path::new("src").join(room), &vec![room.to_owned()], &mut files);
    }
    let told = told(&files);
    assert!(told.is_empty(), "{told}");
}

#[test]
fn a_circle_is_seen() {
    let file = |(module, text): (&str, &str)| {
        let way: Module = module.split("::").map(str::to_owned).collect();
        (way, read(&format!("{module}.rs"), text))
    };
    let files = [
        ("room", "mod a;\nmod b;\nmod c;\npub use a::{Thing, make};\nuse c::LIMIT as MOST;\nfn all() { c::run() }"),
        ("room::a", "use super::b::{self, Other};\npub struct Thing;\nfn make() { b::other() }"),
        ("room::b", "// super::c::run\npub struct Other(Box<crate::room::Thing>);\npub(in crate::room) fn other() {}"),
        (
            "room::c",
            "use super::{MOST, Thing};\npub const LIMIT: u8 = 1;\npub fn run() {}\n#[cfg(test)]\nmod tests { use super::super::all; }",
        ),
    ];
    let found = circles(&files.map(file).into());
    assert_eq!(found, [BTreeSet::from(["room::a.rs".to_owned(), "room::b.rs".to_owned()])]);
}
