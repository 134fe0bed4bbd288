//! The schedule that breaks something, as a file: what of the command line belongs into it, and how it is played.

use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::shell::{quoted, quoted_path};
use super::args::Args;
use super::told::Told;

/// A schedule that is saved.
pub(super) struct Saved {
    /// What is written into it beside the schedule: which stack, and the values of parameters.
    pub(super) head: Map<String, Value>,
    /// The command that plays it.
    pub(super) command: String,
}

impl Saved {
    pub(super) fn of(args: &Args, told: Option<&Told>) -> Self {
        let file = args.save.clone().unwrap_or_else(|| PathBuf::from("FILE"));
        let mut head = Map::new();
        let mut command = format!("bucketbook test {}", quoted_path(&file));
        let named = args.stack.clone().or(told.and_then(Told::stack));
        let chosen = args.spec.said();
        if let (Some(stack), Some(name)) = (&named, &args.app.name) {
            // Of an app with several stacks, a scenario cannot say which.
            command.push_str(&format!(" {} --stack {}", quoted_path(stack), quoted(name)));
            return Self { head: values(args, told), command };
        }
        match (named.as_deref(), args.spec.named()) {
            // What flags say cannot stand in a scenario.
            (Some(stack), _) if !chosen.is_empty() => {
                command.push_str(&format!(" --stack {}", quoted_path(stack)));
            }
            (Some(stack), _) | (None, Some(stack)) if chosen.is_empty() => {
                head.insert("stack".to_owned(), from(&file, stack).into());
            }
            (None, Some(spec)) => command.push_str(&format!(" --spec {}", quoted_path(spec))),
            (Some(_), _) | (None, None) => {}
        }
        for flag in &chosen {
            command.push(' ');
            command.push_str(&quoted(flag));
        }
        head.extend(values(args, told));
        Self { head, command }
    }
}

/// The values of parameters and substitutions.
fn values(args: &Args, told: Option<&Told>) -> Map<String, Value> {
    let values = told.map_or_else(|| args.values.clone(), |told| args.values.over(&told.document.scenario));
    let both = [("parameters", values.parameters()), ("substitutions", values.substitutions())];
    both.into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name.to_owned(), json!(values)))
        .collect()
}

/// A path as it is said from the directory of a file.
fn from(file: &Path, path: &Path) -> String {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (here, there) = (whole(file), whole(path));
    let here: Vec<Component<'_>> = here.parent().unwrap_or(Path::new("")).components().collect();
    let there: Vec<Component<'_>> = there.components().collect();
    let same = here.iter().zip(&there).take_while(|(one, other)| one == other).count();
    // On another drive there is no way but the whole one.
    let way: PathBuf = if same == 0 {
        there.iter().collect()
    } else {
        here[same..].iter().map(|_| Component::ParentDir).chain(there[same..].iter().copied()).collect()
    };
    match way.to_string_lossy().replace('\\', "/") {
        way if way.is_empty() => ".".to_owned(),
        way => way,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_named_from_where_the_scenario_is() {
        let from = |file: &str, path: &str| from(Path::new(file), Path::new(path));
        assert_eq!(from("broken.yaml", "template.yaml"), "template.yaml");
        assert_eq!(from("scenarios/broken.yaml", "out/template.yaml"), "../out/template.yaml");
        assert_eq!(from("/x/a/broken.yaml", "/x/b.yaml"), "../b.yaml");
        assert_eq!(from("broken.yaml", "."), ".");
    }
}
