//! The lines of the program that made each construct, as the CDK notes them: `aws:cdk:creationStack`, or the trace of
//! `aws:cdk:logicalId` in older versions.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::loaded::joined::Frame;

use super::manifest::Stack;

/// The lines of the program, by the paths of constructs.
pub(super) fn frames(directory: &Path, stack: &Stack) -> HashMap<String, Vec<Frame>> {
    // Paths that are not absolute are those of the app, which writes its assembly into its own directory.
    let app = directory.ancestors().skip(1).find(|above| above.join("cdk.json").is_file());
    let app = app.or(directory.parent()).unwrap_or(Path::new(""));
    let mut frames: HashMap<String, Vec<Frame>> = HashMap::new();
    let entries = stack.metadata.iter().filter_map(Value::as_object).flatten();
    for (path, entries) in entries {
        for entry in entries.as_array().into_iter().flatten() {
            let lines = match entry["type"].as_str() {
                Some("aws:cdk:creationStack") => &entry["data"],
                Some("aws:cdk:logicalId") => &entry["trace"],
                _ => continue,
            };
            let lines = lines.as_array().into_iter().flatten().filter_map(Value::as_str);
            let found: Vec<Frame> = lines.filter_map(|line| frame(line, app)).collect();
            let path = path.strip_prefix('/').unwrap_or(path);
            if !found.is_empty() {
                frames.insert(path.to_owned(), found);
            }
        }
    }
    frames
}

/// A line of the user's own program: `new Data (/app/lib/data.ts:12:5)`, or the place alone.
fn frame(text: &str, app: &Path) -> Option<Frame> {
    let text = text.trim().strip_prefix("at ").unwrap_or(text.trim());
    let place = match text.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((_, place)) => place,
        None => text,
    };
    let (rest, column) = place.rsplit_once(':')?;
    let (path, line) = rest.rsplit_once(':')?;
    let (line, column) = (line.parse().ok().filter(|line| *line > 0)?, column.parse().ok()?);
    let path = path.strip_prefix("file://").unwrap_or(path);
    if path.is_empty() || path.starts_with("node:") || path.contains("node_modules") || path.starts_with("...") {
        return None;
    }
    Some(Frame { path: here(Path::new(path), app), line, column: std::cmp::max(column, 1) })
}

/// A path as it is found from here.
fn here(path: &Path, app: &Path) -> PathBuf {
    if !path.is_absolute() {
        return app.join(path);
    }
    let current = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&current).map_or_else(|_| path.to_owned(), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_program_are_told_from_those_of_others() {
        let at = |text: &str| frame(text, Path::new("app")).map(|f| (f.path, f.line, f.column));
        let own = Some((PathBuf::from("app/lib/data.ts"), 12, 5));
        assert_eq!(at("new Data (lib/data.ts:12:5)"), own);
        assert_eq!(at("lib/data.ts:12:5"), own);
        assert_eq!(at("at new Data (lib/data.ts:12:5)"), own);
        for other in [
            "...aws-cdk-lib...",
            "(no user code in 10 frames, use --stack-trace-limit to capture more)",
            "new Table (/app/node_modules/aws-cdk-lib/aws-dynamodb/lib/table.js:1:2)",
            "node:internal/modules/cjs/loader:1554:14",
            "",
        ] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
