//! `regen`: everything that is generated, written or checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use billsby_codegen::{Diagnostic, ROOTS, Report, Severity, Source};
use clap::Args;
use similar::TextDiff;

use crate::import::UPSTREAM;
use crate::tree::{self, Difference};

/// Facts first, then choices.
const OVERLAYS: [&str; 2] = [
    "openapi/corrections.overlay.yaml",
    "openapi/tools.overlay.yaml",
];

/// Lines of difference shown per stale file.
const SHOWN_LINES: usize = 40;

/// What to generate from, and where to.
#[derive(Args, Debug, Default)]
pub(crate) struct Options {
    /// Write nothing; exit 1 if a generated file is missing, stale or left over.
    #[arg(long, conflicts_with = "upstream")]
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

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let repository = tree::repository();
    let Some((files, report)) = generate(&repository, options)? else {
        println!("nothing is written");
        return Ok(ExitCode::FAILURE);
    };
    if let Some(out) = &options.out {
        refuse_inside(&repository, out)?;
        return write(out, &files, &report);
    }
    if options.check {
        return check(&repository, &files);
    }
    write(&repository, &files, &report)
}

/// The generated files, or nothing after the diagnostics that prevent them have been printed.
fn generate(
    repository: &Path,
    options: &Options,
) -> Result<Option<(BTreeMap<String, String>, Report)>> {
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut failed = false;
    if let Some(upstream) = &options.upstream {
        let name = upstream.display().to_string();
        let text = tree::read(upstream)?;
        match billsby_codegen::import(Source {
            name: &name,
            text: &text,
        }) {
            Ok(imported) => texts.push((name, imported)),
            Err(diagnostics) => {
                print(&diagnostics);
                failed = true;
            }
        }
    } else {
        texts.push((UPSTREAM.to_owned(), tree::read(&repository.join(UPSTREAM))?));
    }
    if failed {
        return Ok(None);
    }
    if options.overlays.is_empty() && !options.no_overlays {
        for overlay in OVERLAYS {
            texts.push((overlay.to_owned(), tree::read(&repository.join(overlay))?));
        }
    }
    for overlay in &options.overlays {
        texts.push((overlay.display().to_string(), tree::read(overlay)?));
    }
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(name, text)| Source { name, text })
        .collect();
    let generation = billsby_codegen::generate(sources[0], &sources[1..]);
    print(&generation.diagnostics);
    Ok(generation.files.map(|files| (files, generation.report)))
}

/// Prints all diagnostics and their number.
pub(crate) fn print(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        eprintln!("{diagnostic}\n");
    }
    let errors = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .count();
    let warnings = diagnostics.len() - errors;
    if !diagnostics.is_empty() {
        eprintln!("{errors} errors, {warnings} warnings");
    }
}

/// `--out` is for trying things: it must not overwrite what is committed.
fn refuse_inside(repository: &Path, out: &Path) -> Result<()> {
    let absolute = std::path::absolute(out)?;
    if absolute == repository {
        bail!(
            "--out {} is the repository itself; name another folder",
            out.display()
        );
    }
    Ok(())
}

fn write(directory: &Path, files: &BTreeMap<String, String>, report: &Report) -> Result<ExitCode> {
    let differences = tree::compare(directory, ROOTS, files)?;
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
        "{} operations, {} generated files, {} changed",
        report.operations,
        files.len(),
        differences.len()
    );
    Ok(ExitCode::SUCCESS)
}

fn check(directory: &Path, files: &BTreeMap<String, String>) -> Result<ExitCode> {
    let differences = tree::compare(directory, ROOTS, files)?;
    if differences.is_empty() {
        println!("{} generated files are up to date", files.len());
        return Ok(ExitCode::SUCCESS);
    }
    for (path, difference) in &differences {
        match difference {
            Difference::Missing => println!("missing: {path}"),
            Difference::Orphan => println!("orphan: {path}"),
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
