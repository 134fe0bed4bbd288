use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity, shown};
use crate::files;
use crate::lint::report::{self, Format, Summary};
use crate::lint::{self, Baseline, Config, Linted, Selection};
use crate::loaded::{Found, GivenInput, LoadedStack, Overlay, Skipped, find, find_over, is_assembly};
use crate::source::Source;

use super::app_args::{self, App, AppArgs};
use super::explain_path::PlaceArg;
use super::failure::Failure;
use super::outcome::Outcome;
use super::spec_args::{self, SpecArgs};
use super::{explain_path, made_with, output};

/// Find what will break in any SAM template and ASL definition, before it is deployed
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 no errors (and with --deny-warnings no warnings), 1 findings, 2 no file could be read or parsed."
)]
pub(super) struct Args {
    /// Templates, definitions, directories, cloud assemblies (cdk.out), or a spec; `-` is the standard input [default: this
    /// directory]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The output format: for people, programs, code scanning (SARIF), or annotations on a pull request
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Use only these rules, by id or family: `ASL012,CFN`; `ALL` is every rule
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not use these rules, by id or family
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Also fail on warnings
    #[arg(long)]
    deny_warnings: bool,
    /// Fix what has exactly one right answer, in the given folders, and report the rest
    #[arg(long)]
    fix: bool,
    /// List the files that were read and those that were skipped
    #[arg(long, short)]
    verbose: bool,
    /// An example input of the state machines, as a JSON file; may be given several times
    #[arg(long, value_name = "FILE")]
    input_example: Vec<PathBuf>,
    /// A JSON Schema of the input of the state machines; may be given several times
    #[arg(long, value_name = "FILE")]
    input_schema: Vec<PathBuf>,
    /// Print what is known about a position: the shape of the data at a path, a state, a call; columns count characters
    #[arg(long, value_name = "FILE:LINE:COL", conflicts_with_all = ["fix", "baseline", "write_baseline"])]
    explain_path: Option<PlaceArg>,
    /// Leave out the findings in this baseline file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings to this baseline file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix"])]
    write_baseline: Option<PathBuf>,
    /// With --write-baseline: overwrite a file that is not a baseline
    #[arg(long, requires = "write_baseline")]
    force: bool,
    #[command(flatten)]
    app: AppArgs,
    #[command(flatten)]
    spec: SpecArgs,
}

/// What is linted.
enum Subject {
    /// What these files and directories hold.
    Files(Vec<PathBuf>),
    /// The stack of a spec, rendered and not read from where it was generated; and the files of the spec.
    Rendered(Box<LoadedStack>, Vec<String>),
}

/// How often files are read again after mending: one edit may uncover another fault.
const ROUNDS: usize = 8;

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    if let Some(place) = &args.explain_path {
        return explain_path::run(place, &args.paths, inputs(&args)?);
    }
    let config = Config::read(Path::new("."))?;
    let selection = selection(&args, &config)?;
    let subject = subject(&args)?;
    let (mut linted, mut skipped) = read(&args, &subject, &config, &selection)?;
    if let Some(path) = &args.write_baseline {
        let baseline = Baseline::of(&linted);
        files::write_output(path, &baseline.text(), Baseline::is_one, args.force).map_err(Failure::from)?;
        output::tell(&format!("written  {}\n", output::named(path)))?;
        return Ok(Outcome::Fine);
    }
    let mut mended = 0;
    let folders = Folders::of(match &subject {
        Subject::Files(paths) => paths,
        Subject::Rendered(..) => &[],
    });
    if args.fix {
        for _ in 0..ROUNDS {
            let (texts, count) = lint::apply(&linted, |path| folders.hold(path) && !is_synthesized(path));
            if count == 0 {
                break;
            }
            mended += count;
            for (path, text) in &texts {
                files::replace(path, text).map_err(Failure::from)?;
            }
            (linted, skipped) = read(&args, &subject, &config, &selection)?;
        }
    }
    let summary = Summary::of(&linted);
    let made_from: &[String] = match &subject {
        Subject::Files(_) => &[],
        Subject::Rendered(_, spec) => spec,
    };
    let files = report::Files { skipped: &skipped, named: args.verbose, made_from };
    let mut text = report::render_with(&linted, files, args.format, std::io::stdout().is_terminal());
    if args.fix && args.format == Format::Human {
        if mended > 0 {
            text.push_str(&format!("fixed {mended}\n"));
        }
        text.push_str(&folders.left_alone(&linted));
    }
    match args.format {
        Format::Human if linted.iter().all(|one| one.findings.is_empty()) => output::tell(&text)?,
        Format::Human => output::show(&text)?,
        _ => output::print(&text)?,
    }
    if linted.iter().all(|one| one.stack.documents.iter().all(|document| document.root.is_none())) {
        return Ok(Outcome::Unable);
    }
    let denied = summary.warnings > 0 && (args.deny_warnings || config.deny_warnings);
    Ok(if summary.errors > 0 || denied { Outcome::Findings } else { Outcome::Fine })
}

/// The folders that were given, or that hold the files that were given: `--fix` writes nowhere else, whatever a template names and
/// wherever a link leads.
struct Folders(Vec<PathBuf>);

impl Folders {
    fn of(paths: &[PathBuf]) -> Self {
        let folder = |path: &PathBuf| {
            let real = std::fs::canonicalize(path).ok()?;
            if real.is_dir() { Some(real) } else { std::fs::canonicalize(path.parent()?.join(".")).ok() }
        };
        Self(paths.iter().filter(|path| path.as_os_str() != "-").filter_map(folder).collect())
    }

    fn hold(&self, path: &Path) -> bool {
        std::fs::canonicalize(path).is_ok_and(|real| self.0.iter().any(|folder| real.starts_with(folder)))
    }

    /// Names the files that could be mended and lie elsewhere.
    fn left_alone(&self, linted: &[Linted]) -> String {
        let mut files = std::collections::BTreeSet::new();
        for Linted { stack, findings } in linted {
            let edits = findings.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits);
            let documents = edits.filter_map(|edit| stack.documents.get(edit.document));
            files.extend(documents.map(|document| &document.path).filter(|path| !self.hold(path)));
        }
        let line = |path: &PathBuf| {
            let path = shown(&path.display().to_string()).into_owned();
            format!("left alone  {path}: it is outside the given folders\n")
        };
        files.into_iter().filter(|path| path.as_os_str() != "-").map(line).collect()
    }
}

fn selection(args: &Args, config: &Config) -> anyhow::Result<Selection> {
    let select = if args.select.is_empty() { &config.select } else { &args.select };
    let ignore: Vec<String> = config.ignore.iter().chain(&args.ignore).cloned().collect();
    Selection::new(select, &config.extend_select, &ignore).map_err(|error| {
        let help = "`bucketbook explain` lists the rules";
        Failure::new(Diagnostic { severity: Severity::Error, ..Diagnostic::error(error.to_string()) }.help(help)).into()
    })
}

/// What the arguments name: paths, the folder of a generated stack, or a spec.
fn subject(args: &Args) -> anyhow::Result<Subject> {
    let refused = |message: &str, help: &str| Err(Failure::new(Diagnostic::error(message).help(help)).into());
    let environment = args.spec.environment.as_ref();
    let spec = match (args.paths.as_slice(), args.spec.asks_for_spec() || environment.is_some(), &args.spec.out) {
        ([path], _, None) if spec_args::is_spec(path) && !args.spec.asks_for_spec() => {
            SpecArgs::at(path).within(environment)
        }
        ([_, ..], true, _) | ([_, ..], _, Some(_)) | (_, true, Some(_)) => {
            let help = "give either paths, or --out, or a spec (--spec, --starter and their flags)";
            return refused("several stacks are given", help);
        }
        ([], false, Some(out)) => return Ok(Subject::Files(vec![out.clone()])),
        ([], false, None) => return Ok(Subject::Files(vec![PathBuf::from(".")])),
        ([], true, None) => args.spec.clone(),
        (paths, ..) => return Ok(Subject::Files(paths.to_vec())),
    };
    if args.fix {
        return refused("--fix changes files, and the stack of a spec is generated anew each time", "change the spec");
    }
    let chosen = spec.choose(Path::new(""))?;
    Ok(Subject::Rendered(Box::new(chosen.loaded()?), chosen.read_from()))
}

/// Reads and lints, and leaves out what is to be left out.
fn read(
    args: &Args,
    subject: &Subject,
    config: &Config,
    selection: &Selection,
) -> anyhow::Result<(Vec<Linted>, Vec<Skipped>)> {
    let inputs = inputs(args)?;
    let Found { mut stacks, skipped } = match subject {
        Subject::Files(paths) => {
            let found = found(args, paths)?;
            if found.stacks.is_empty() {
                return Err(nothing_to_lint(paths).into());
            }
            found
        }
        Subject::Rendered(stack, _) => Found { stacks: vec![(**stack).clone()], skipped: Vec::new() },
    };
    stacks.iter_mut().for_each(|stack| stack.inputs.clone_from(&inputs));
    let mut linted = lint::lint(stacks, selection);
    config.leave_out(&mut linted)?;
    if let Some(path) = &args.baseline {
        let source = Source::read_up_to(path, 16 << 20).map_err(|(source, fault)| Failure::spec((source, fault)))?;
        let baseline = Baseline::parse(&source).map_err(|fault| Failure::spec((source, fault)))?;
        baseline.subtract(&mut linted);
    }
    Ok((linted, skipped))
}

/// What there is at some paths, with the apps among them.
fn found(args: &Args, paths: &[PathBuf]) -> anyhow::Result<Found> {
    let mut others = Vec::new();
    let mut apps = Vec::new();
    for path in paths {
        match App::at(path) {
            Some(app) => apps.push((path, app)),
            None => others.push(path.clone()),
        }
    }
    if let (Some(path), true) = (others.first(), apps.is_empty()) {
        app_args::refuse(&args.app, path)?;
    }
    let mut found = Found::default();
    for (path, app) in apps {
        let stacks = app.stacks(&args.app)?;
        // The app's own directory may have other stacks, and files that its stacks are made of.
        if path.is_dir() && *path != app.directory {
            let known: Vec<PathBuf> = stacks.iter().flat_map(documents).collect();
            let beside = find(std::slice::from_ref(path)).map_err(Failure::from)?;
            found
                .stacks
                .extend(beside.stacks.into_iter().filter(|one| !documents(one).all(|file| known.contains(&file))));
            found.skipped.extend(beside.skipped);
        }
        found.stacks.extend(stacks);
    }
    // Edits are about one file, so each is read by itself to be mended.
    let rest = if args.fix { find_over(&others, &Overlay::default()) } else { find(&others) };
    let rest = rest.map_err(Failure::from)?;
    found.stacks.extend(rest.stacks);
    found.skipped.extend(rest.skipped);
    Ok(found)
}

/// The files of a stack, as the machine knows them.
fn documents(stack: &LoadedStack) -> impl Iterator<Item = PathBuf> + '_ {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    stack.documents.iter().map(move |document| real(&document.path))
}

/// Whether a file is what a framework wrote, and writes again.
fn is_synthesized(path: &Path) -> bool {
    std::fs::canonicalize(path).is_ok_and(|real| real.ancestors().skip(1).any(is_assembly))
}

/// A path mistyped in CI must not pass for files without findings.
fn nothing_to_lint(paths: &[PathBuf]) -> Failure {
    let advice = paths.iter().find_map(|path| made_with::advice(path));
    let paths: Vec<_> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    let help = "a template has `Resources`, a definition has `StartAt` and `States`; files that .gitignore excludes are not searched";
    let message = format!("there is no template or definition in {}", paths.join(" or "));
    Failure::new(Diagnostic::error(message).help(advice.unwrap_or(help)))
}

/// What the machines are started with, as the arguments say.
fn inputs(args: &Args) -> anyhow::Result<Vec<GivenInput>> {
    let examples = args.input_example.iter().map(|path| Ok(GivenInput::Example(json(path)?)));
    let schemas = args.input_schema.iter().map(|path| Ok(GivenInput::Schema(json(path)?)));
    examples.chain(schemas).collect()
}

fn json(path: &Path) -> anyhow::Result<serde_json::Value> {
    let source = Source::read(path).map_err(Failure::spec)?;
    Ok(super::json::value(&source)?)
}
