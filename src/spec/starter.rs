/// The name under which `init` writes the JSON Schema beside a spec, and under which the starters refer to it.
pub const SCHEMA_FILE: &str = "bucketbook.schema.json";

/// A spec to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starter {
    /// The name that `init --template` takes.
    pub name: &'static str,
    /// The text of its `bucketbook.yaml`.
    pub text: &'static str,
}

/// Every starter, the default first. Each is a folder in `templates/`.
pub const STARTERS: [Starter; 3] = [
    Starter { name: "article", text: include_str!("../../templates/article/bucketbook.yaml") },
    Starter { name: "history", text: include_str!("../../templates/history/bucketbook.yaml") },
    Starter { name: "production", text: include_str!("../../templates/production/bucketbook.yaml") },
];

impl Starter {
    /// The starter that a name means.
    pub fn named(name: &str) -> Option<Self> {
        STARTERS.into_iter().find(|starter| starter.name == name)
    }

    /// What it is for: the first line of its text that is a comment for people.
    pub fn summary(&self) -> &'static str {
        let mut comments = self.text.lines().filter_map(|line| line.strip_prefix("# "));
        comments.find(|line| !line.starts_with("yaml-language-server:")).unwrap_or_default()
    }
}
