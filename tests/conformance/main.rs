//! What others recorded of AWS's behaviour, held against ours: a table by category, and the id of every miss.
//!
//! The corpora are not part of this repository. They are looked for in `../shared/corpus`, or where the environment variable
//! `BUCKETBOOK_CORPUS` says; a suite whose corpus is not there counts as ignored, never as passed.
//!
//! A suite is a module with a function from the rows of a corpus to a [`Table`]; the list is in [`main`].

mod article;
mod asl_executions;
mod asl_test_state;
#[path = "../common/pictures.rs"]
mod common_pictures;
mod corpus;
mod eventbridge;
mod flow;
mod lint;
mod pictures;
mod replay;
mod service_types;
mod services;
mod table;

use libtest_mimic::{Arguments, Trial};

use table::Table;

/// A corpus and what judges it.
struct Suite {
    name: &'static str,
    /// The corpus, from the folder of all.
    file: &'static str,
    /// Is given the corpus's text, or, if it is a folder, the path of that.
    judge: fn(&str) -> Result<Table, String>,
    /// How many misses each category may have; those not listed may have none. A figure only ever goes down.
    allowed_misses: &'static [(&'static str, usize)],
}

fn main() {
    if std::env::var_os("BUCKETBOOK_THOROUGH").is_none_or(|value| value.is_empty()) {
        eprintln!(
            "SAMPLED: the longest tests of `integration` try a part of their cases: an eighth of the arbitrary inputs, one planted"
        );
        eprintln!("         fault of each kind. Set BUCKETBOOK_THOROUGH=1, as CI does, to try everything");
    }
    let suites = [
        Suite {
            name: "flow_executions",
            file: "asl/exec.jsonl",
            judge: flow::executions,
            // What depends on a value, not on its kind: a negative number, a text that is no time.
            allowed_misses: &[("JSONPath", 9), ("JSONata", 1)],
        },
        Suite {
            name: "eventbridge_patterns",
            file: "eventbridge/patterns.jsonl",
            judge: eventbridge::patterns,
            allowed_misses: &[],
        },
        Suite { name: "asl_verdicts", file: "asl/verdict.jsonl", judge: lint::verdicts, allowed_misses: &[] },
        Suite { name: "article", file: "article", judge: article::printed, allowed_misses: &[] },
        Suite {
            name: "article_substituted",
            file: "article-substituted",
            judge: article::substituted,
            allowed_misses: &[],
        },
        Suite { name: "service_types", file: "asl/exec.jsonl", judge: service_types::answers, allowed_misses: &[] },
        // Six fail on AWS. One template is not YAML: a value in it has two tags, `!GetAZs !Ref AWS::Region`, which no reader of YAML
        // takes. One bucket's name has capital letters. One update uses `#CsvUrl`, and declares `#errorCsvUrl`: DynamoDB refuses it. One
        // workflow publishes to the topic ARN "topic". One calls states:ListExecutions with a role that may only invoke functions, and one
        // reads the table of another deployment with a role for its own table.
        Suite {
            name: "samples",
            file: "samples",
            judge: lint::samples,
            allowed_misses: &[("definition", 5), ("template", 1)],
        },
        Suite { name: "pictures", file: "samples", judge: pictures::drawn, allowed_misses: &[] },
        Suite {
            name: "asl_executions",
            file: "asl/exec.jsonl",
            judge: asl_executions::executions,
            allowed_misses: asl_executions::ALLOWED_MISSES,
        },
        Suite {
            name: "asl_test_state",
            file: "asl/test_state.jsonl",
            judge: asl_test_state::states,
            allowed_misses: asl_test_state::ALLOWED_MISSES,
        },
        Suite { name: "service_answers", file: "asl/exec.jsonl", judge: services::answers, allowed_misses: &[] },
    ];
    libtest_mimic::run(&Arguments::from_args(), suites.into_iter().map(trial).collect()).exit();
}

fn trial(suite: Suite) -> Trial {
    let path = corpus::folder().join(suite.file);
    let missing = !path.exists();
    if missing {
        eprintln!("NOT RUN: {}: there is no corpus at {}", suite.name, path.display());
        eprintln!("         set BUCKETBOOK_CORPUS to the folder that holds `{}`", suite.file);
    }
    let run = move || {
        let text = match path.is_dir() {
            true => path.display().to_string(),
            false => std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?,
        };
        let table = (suite.judge)(&text)?;
        println!("\n{}\n{table}", suite.name);
        let worse = table.categories_with_more_misses_than(suite.allowed_misses);
        if worse.is_empty() { Ok(()) } else { Err(format!("more misses than before in {}", worse.join(", ")).into()) }
    };
    Trial::test(suite.name, run).with_ignored_flag(missing)
}
