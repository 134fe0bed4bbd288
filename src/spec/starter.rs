/// The name under which `init` writes the JSON Schema beside a spec, and under which the starters refer to it.
pub const SCHEMA_FILE: &str = "bucketbook.schema.json";

/// The name under which `init` writes the JSON Schema of scenarios beside them, and under which they refer to it.
pub const SCENARIO_SCHEMA_FILE: &str = "scenario.schema.json";

/// The directory of the scenarios, beside the spec.
pub const SCENARIOS: &str = "scenarios";

/// A spec to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starter {
    /// The name that `init --template` takes.
    pub name: &'static str,
    /// The text of its `bucketbook.yaml`.
    pub text: &'static str,
    /// Scenarios that hold for it: the names of their files, and their text.
    pub scenarios: &'static [(&'static str, &'static str)],
}

/// Every starter, the default first. Each is a folder in `templates/`.
pub const STARTERS: [Starter; 4] = [
    Starter {
        name: "article",
        text: include_str!("../../templates/article/bucketbook.yaml"),
        scenarios: &[
            ("one_record.yaml", include_str!("../../templates/article/scenarios/one_record.yaml")),
            ("throttled.yaml", include_str!("../../templates/article/scenarios/throttled.yaml")),
        ],
    },
    Starter {
        name: "history",
        text: include_str!("../../templates/history/bucketbook.yaml"),
        scenarios: &[("every_upload.yaml", include_str!("../../templates/history/scenarios/every_upload.yaml"))],
    },
    Starter {
        name: "production",
        text: include_str!("../../templates/production/bucketbook.yaml"),
        scenarios: &[
            ("one_record.yaml", include_str!("../../templates/production/scenarios/one_record.yaml")),
            ("throttled.yaml", include_str!("../../templates/production/scenarios/throttled.yaml")),
            ("deleted.yaml", include_str!("../../templates/production/scenarios/deleted.yaml")),
        ],
    },
    Starter {
        name: "existing-bucket",
        text: include_str!("../../templates/existing-bucket/bucketbook.yaml"),
        scenarios: &[(
            "kept_in_step.yaml",
            include_str!("../../templates/existing-bucket/scenarios/kept_in_step.yaml"),
        )],
    },
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
