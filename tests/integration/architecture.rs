//! Imports go one way: what ARCHITECTURE.md says that each room may know is all that it knows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms, and what each may know; `None`: everything.
fn law(text: &str) -> BTreeMap<String, Option<BTreeSet<String>>> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `src/"));
    rows.filter_map(|row| {
        let (room, rest) = row.split_once("/` |")?;
        let known = rest.trim_end_matches('|').rsplit_once('|')?.1.trim();
        let words = || known.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Some((room.to_owned(), (known != "everything").then(words)))
    })
    .collect()
}

/// The Rust files below a folder, those that hold nothing but tests aside.
pub(super) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            true if name != "tests" => found.extend(sources(&path)),
            false if name.ends_with(".rs") && name != "tests.rs" => found.push(path),
            _ => {}
        }
    }
    found
}

/// The lines of a text that are code: no comments, and no unit tests at its end.
pub(super) fn code(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line })
}

/// The rooms that a text refers to, with the lines. A unit test may look wherever it likes.
fn referred(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in code(text).enumerate() {
        for (start, _) in line.match_indices("crate::") {
            let rest = &line[start + "crate::".len()..];
            let room: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !room.is_empty() {
                found.push((at + 1, room));
            }
        }
    }
    found
}

/// The references of a room that break the law.
fn breaches(room: &str, allowed: &BTreeSet<String>, rooms: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources(&Path::new("src").join(room)) {
        for (line, other) in referred(&std::fs::read_to_string(&path).unwrap()) {
            if other != room && rooms.contains(&other) && !allowed.contains(&other) {
                found.push(format!("{}:{line}: `{room}` may not know `{other}`", path.display()));
            }
        }
    }
    found
}

fn rooms() -> BTreeSet<String> {
    let folders = std::fs::read_dir("src").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn imports_go_one_way() {
    let law = law(&std::fs::read_to_string("ARCHITECTURE.md").unwrap());
    let rooms = rooms();
    let listed: BTreeSet<String> = law.keys().cloned().collect();
    assert_eq!(listed, rooms, "the table of ARCHITECTURE.md lists every folder of src, and no other");
    let found: Vec<String> = law
        .iter()
        .filter_map(|(room, allowed)| Some((room, allowed.as_ref()?)))
        .flat_map(|(room, allowed)| breaches(room, allowed, &rooms))
        .collect();
    assert!(found.is_empty(), "against the table of ARCHITECTURE.md:\n{}", found.join("\n"));
}

/// What the table allows has no circles, so that there is an order from the ground up.
#[test]
fn the_table_has_no_circles() {
    let law = law(&std::fs::read_to_string("ARCHITECTURE.md").unwrap());
    let mut left: BTreeMap<&String, BTreeSet<&String>> = law
        .iter()
        .map(|(room, allowed)| (room, allowed.iter().flatten().filter(|other| law.contains_key(*other)).collect()))
        .collect();
    loop {
        let done: Vec<&String> = left.iter().filter(|(_, knows)| knows.is_empty()).map(|(room, _)| *room).collect();
        if done.is_empty() {
            break;
        }
        for room in done {
            left.remove(room);
            left.values_mut().for_each(|knows| _ = knows.remove(room));
        }
    }
    assert!(left.is_empty(), "these rooms wait for each other: {:?}", left.keys().collect::<Vec<_>>());
}

/// Whoever reads the documentation of the library finds every room from its first page.
#[test]
fn the_library_introduces_its_rooms() {
    let text = std::fs::read_to_string("src/lib.rs").unwrap();
    let said: String = text.lines().filter(|line| line.starts_with("//!")).collect();
    let missing: Vec<String> = rooms().into_iter().filter(|room| !said.contains(&format!("[`{room}`]"))).collect();
    assert!(missing.is_empty(), "src/lib.rs does not name {missing:?}");
}

#[test]
fn a_breach_is_seen() {
    let text = "use crate::lint::Rule;\nfn f() { crate::cli::main() }\n// crate::spec\n#[cfg(test)]\nmod tests {\n use crate::cost;\n}";
    assert_eq!(referred(text), [(1, "lint".to_owned()), (2, "cli".to_owned())]);
    let table = law(
        "| `src/a/` | says `x` | `b`, and `c` for this |\n| `src/cli/` | all | everything |\n| `src/d/` | d | nothing |",
    );
    assert_eq!(table["a"].as_ref().unwrap().iter().collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!((table["cli"].as_ref(), table["d"].as_ref().map(BTreeSet::len)), (None, Some(0)));
}
