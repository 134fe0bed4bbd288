use std::fs;
use std::path::Path;

use super::compare::top_of;
use super::manifest::MANIFEST;
use crate::stack::is_of_environment;

/// The names of the folders in `directory` that hold the generated stacks of environments, in order.
pub fn environments(directory: &Path) -> Vec<String> {
    // A folder that cannot be read holds nothing that was generated here.
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut found: Vec<String> = entries
        .filter(|entry| entry.path().join(MANIFEST).is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            let top = top_of(&directory.join(name).join("template.yaml"));
            top.is_ok_and(|top| is_of_environment(&top, name))
        })
        .collect();
    found.sort_unstable();
    found
}
