use anyhow::Context;
use clap::Command;
use clap_mangen::roff::{Roff, bold, roman};

use crate::diagnostic::Diagnostic;

use super::failure::Failure;
use super::outcome::Outcome;
use super::output;

/// Print the manual page of this program or of a command
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(args: &Args, mut root: Command) -> anyhow::Result<Outcome> {
    root.build();
    let page = match &args.command {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(command) => command.clone(),
            None => {
                let diagnostic = Diagnostic::error(format!("there is no command `{name}`"));
                return Err(Failure::new(diagnostic.help("`bucketbook help` lists the commands")).into());
            }
        },
    };
    let name = args.command.as_deref().unwrap_or_default();
    output::print(&rendered(page, name).context("cannot write the manual page")?)?;
    Ok(Outcome::Fine)
}

/// A page with the sections that manual pages have. What a command's help ends with is in those of its exit codes and notes.
fn rendered(page: Command, name: &str) -> std::io::Result<String> {
    let after = page.get_after_help().map(ToString::to_string).unwrap_or_default();
    let flat = after.split_whitespace().collect::<Vec<_>>().join(" ");
    let (notes, codes) = flat.split_once("Exit codes: ").unwrap_or((&flat, EXIT_CODES));
    let codes = codes.split_once(". ").map_or(codes, |(codes, _)| codes).trim_end_matches('.');
    let man = clap_mangen::Man::new(page.clone());
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if page.get_arguments().any(|argument| !argument.is_hide_set()) {
        man.render_options_section(&mut text)?;
    }
    if page.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in by_code(codes) {
        roff.control("TP", []).text([bold(code)]).text([roman(meaning)]);
    }
    if !notes.trim().is_empty() {
        roff.control("SH", ["NOTES"]).text([roman(notes.trim())]);
    }
    roff.control("SH", ["EXAMPLES"]);
    for (example, what) in EXAMPLES.iter().filter(|(of, ..)| name.is_empty() || *of == name).map(|(_, e, w)| (*e, *w)) {
        roff.control("TP", []).text([bold(example)]).text([roman(what)]);
    }
    roff.to_writer(&mut text)?;
    man.render_version_section(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The codes of a line such as `0 fine, 1 findings, 2 no work done: no files`, each with its meaning.
fn by_code(line: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for part in line.split(", ") {
        match (part.split_once(' '), found.last_mut()) {
            (Some((code, meaning)), _) if code.chars().all(|c| c.is_ascii_digit()) => {
                found.push((code.to_owned(), meaning.to_owned()));
            }
            (_, Some((_, meaning))) => meaning.push_str(&format!(", {part}")),
            _ => {}
        }
    }
    found
}

/// The exit codes of commands that say nothing else.
const EXIT_CODES: &str = "0 success, 2 the command could not run";

/// What people run, by command.
const EXAMPLES: [(&str, &str, &str); 17] = [
    ("init", "bucketbook init", "write a spec to start from"),
    ("init", "bucketbook init --template history catalogue", "write another starter into a folder"),
    ("generate", "bucketbook generate", "write the stack that the spec describes to out/"),
    ("check", "bucketbook check --format github", "compare the committed files with the spec, in CI"),
    ("simulate", "bucketbook simulate --put photos/cat.jpg --delete photos/cat.jpg", "run the stack locally"),
    ("test", "bucketbook test --format junit", "run the scenarios, in CI"),
    ("prove", "bucketbook prove template.yaml --save broken.yaml", "try every order of a few events"),
    ("lint", "bucketbook lint template.yaml", "find what will break in any template and its definitions"),
    ("lint", "bucketbook lint --explain-path m.asl.json:12:30", "say what the data at a place is"),
    ("lsp", "bucketbook lsp", "serve an editor, which starts it"),
    ("graph", "bucketbook graph -o workflow.svg", "draw the state machine"),
    ("report", "bucketbook report -o report.html", "write a page about the stack"),
    ("cost", "bucketbook cost --events 1M --region eu-west-1", "estimate the monthly cost"),
    ("explain", "bucketbook explain FLOW107", "explain a lint rule"),
    ("schema", "bucketbook schema", "print the JSON Schema of the spec"),
    ("completions", "bucketbook completions bash", "print completions for a shell"),
    ("man", "bucketbook man generate", "print the manual page of a command"),
];
