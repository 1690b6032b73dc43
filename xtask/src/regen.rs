//! `regen`: everything that is generated, written or checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use billsby_codegen::{Diagnostic, ROOTS, Report, Severity, Source};
use clap::Args;
use similar::TextDiff;

use crate::tree::{self, Difference, Text, UPSTREAM};

/// Facts first, then choices.
const OVERLAYS: [&str; 2] = [
    "openapi/corrections.overlay.yaml",
    "openapi/tools.overlay.yaml",
];

/// Schemas lie in folders of their own, because JSON has no comments to say that it is generated.
const SCHEMAS: [&str; 2] = [
    "billsby-mcp/src/generated/output/",
    "billsby-mcp/src/generated/schema/",
];

/// Lines of difference shown per stale file.
const SHOWN_LINES: usize = 40;

/// What to generate from, and where to.
#[derive(Args, Debug, Default)]
pub(crate) struct Options {
    /// Write nothing; exit 1 if a generated file is missing, stale or left over.
    #[arg(long, conflicts_with_all = ["upstream", "out"])]
    check: bool,
    /// Try another document: it is imported, not kept.
    #[arg(long, value_name = "FILE", requires = "out")]
    upstream: Option<PathBuf>,
    /// Overlay to apply to it, in this order; without any, the project's own.
    #[arg(long = "overlay", value_name = "FILE", requires = "upstream")]
    overlays: Vec<PathBuf>,
    /// Apply no overlay at all.
    #[arg(long, requires = "upstream", conflicts_with = "overlays")]
    no_overlays: bool,
    /// Folder for everything generated from another document; nothing else is touched.
    #[arg(long, value_name = "DIR", requires = "upstream")]
    out: Option<PathBuf>,
}

pub(crate) fn run(repository: &Path, options: &Options) -> Result<ExitCode> {
    if let Some(out) = &options.out {
        refuse_inside(repository, out)?;
    }
    let Some((files, report)) = generate(repository, options)? else {
        println!("nothing is written");
        return Ok(ExitCode::FAILURE);
    };
    if options.check {
        return check(repository, &files);
    }
    let directory = options.out.as_deref().unwrap_or(repository);
    write(directory, &files, &report)
}

/// The generated files, or nothing after the diagnostics that prevent them have been printed.
fn generate(
    repository: &Path,
    options: &Options,
) -> Result<Option<(BTreeMap<String, String>, Report)>> {
    let mut document = match &options.upstream {
        Some(file) => Text::read(file)?,
        None => Text::read_in(repository, UPSTREAM)?,
    };
    let overlays: Vec<Text> = if options.no_overlays {
        Vec::new()
    } else if options.overlays.is_empty() {
        let own = OVERLAYS.map(|overlay| Text::read_in(repository, overlay));
        own.into_iter().collect::<Result<_>>()?
    } else {
        let named = options.overlays.iter().map(|overlay| Text::read(overlay));
        named.collect::<Result<_>>()?
    };
    if options.upstream.is_some() {
        document.text = match billsby_codegen::import(document.source()) {
            Ok(imported) => imported,
            Err(diagnostics) => {
                print(&diagnostics);
                return Ok(None);
            }
        };
    }
    let overlays: Vec<Source<'_>> = overlays.iter().map(Text::source).collect();
    let generation = billsby_codegen::generate(document.source(), &overlays);
    print(&generation.diagnostics);
    Ok(generation.files.map(|files| (files, generation.report)))
}

/// Prints all diagnostics and their number.
pub(crate) fn print(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        eprintln!("{diagnostic}\n");
    }
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    let warnings = diagnostics.len() - errors;
    if !diagnostics.is_empty() {
        eprintln!(
            "{}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        );
    }
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// `--out` is for trying things: it must not touch what is committed.
fn refuse_inside(repository: &Path, out: &Path) -> Result<()> {
    let repository = real_path(repository)?;
    let real = real_path(out)?;
    if real.starts_with(&repository) && !real.starts_with(repository.join("target")) {
        bail!(
            "--out {} lies in the repository; name a folder outside of it, or in target",
            out.display()
        );
    }
    Ok(())
}

/// The path without links and dots, whether or not there is anything yet.
fn real_path(path: &Path) -> Result<PathBuf> {
    let absolute =
        std::path::absolute(path).with_context(|| format!("{} is not a path", path.display()))?;
    for ancestor in absolute.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            return Ok(real.join(absolute.strip_prefix(ancestor)?));
        }
    }
    Ok(absolute)
}

/// Whether a file may be overwritten and deleted.
fn is_generated(path: &str, text: &str) -> bool {
    let first_line = text.lines().next().unwrap_or_default();
    let is_schema = SCHEMAS.iter().any(|folder| path.starts_with(folder))
        && Path::new(path).extension() == Some("json".as_ref());
    first_line.contains("@generated") || is_schema
}

fn write(directory: &Path, files: &BTreeMap<String, String>, report: &Report) -> Result<ExitCode> {
    let differences = tree::compare(directory, ROOTS, files, is_generated)?;
    tree::apply(directory, files, &differences)?;
    for (method, reason) in &report.skipped {
        println!("skipped {method}: {reason}");
    }
    for tool in &report.unreviewed {
        println!(
            "unreviewed tool {tool}: decide its class and effect in openapi/tools.overlay.yaml"
        );
    }
    println!(
        "{}, {}, {} changed",
        counted(report.operations, "operation"),
        counted(files.len(), "generated file"),
        differences.len()
    );
    Ok(ExitCode::SUCCESS)
}

fn check(directory: &Path, files: &BTreeMap<String, String>) -> Result<ExitCode> {
    let differences = tree::compare(directory, ROOTS, files, is_generated)?;
    if differences.is_empty() {
        println!("{} generated files are up to date", files.len());
        return Ok(ExitCode::SUCCESS);
    }
    for (path, difference) in &differences {
        match difference {
            Difference::Missing => println!("missing: {path}"),
            Difference::Orphan => println!("orphan: {path}"),
            Difference::Foreign => println!("foreign: {path} (move or delete it by hand)"),
            Difference::Stale(present) => {
                println!("stale: {path}");
                print_difference(present, &files[path]);
            }
        }
    }
    println!("run: cargo xtask regen");
    Ok(ExitCode::FAILURE)
}

fn print_difference(present: &str, wanted: &str) {
    let difference = TextDiff::from_lines(present, wanted);
    let text = difference.unified_diff().context_radius(1).to_string();
    let mut lines = text.lines();
    for line in lines.by_ref().take(SHOWN_LINES) {
        println!("    {line}");
    }
    let rest = lines.count();
    if rest > 0 {
        println!("    … {rest} more lines");
    }
}
