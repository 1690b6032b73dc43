//! Small documents, one for each feature, and everything generated from them.

use std::path::Path;

use insta::{Settings, assert_snapshot, glob};

use crate::support::{assert_readable, files, read, run};

/// Lists of modules look the same in every case; one of them shows them.
const WITH_MODULES: &str = "smallest.yaml";

#[test]
fn each_document_gives_the_files_in_its_snapshot() {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        glob!("../cases", "*.yaml", |path| {
            let shows_modules = path.ends_with(WITH_MODULES);
            assert_snapshot!("case", everything(&read(path), shows_modules));
        });
    });
}

/// Report, diagnostics and all generated Rust and JSON files as one text.
fn everything(document: &str, shows_modules: bool) -> String {
    let generation = run(document, &[]);
    let generated = files(&generation);
    assert_readable(generated);
    let skipped = generation.report.skipped.iter();
    let skipped = skipped.map(|(name, reason)| format!("skipped: {name}: {reason}"));
    let unreviewed = generation.report.unreviewed.iter();
    let unreviewed = unreviewed.map(|tool| format!("unreviewed: {tool}"));
    let mut parts: Vec<String> = skipped.chain(unreviewed).collect();
    parts.extend(generation.diagnostics.iter().map(ToString::to_string));
    for (path, content) in generated {
        let ending = Path::new(path)
            .extension()
            .and_then(|ending| ending.to_str());
        let is_code = matches!(ending, Some("rs" | "json"));
        if is_code && (shows_modules || !path.ends_with("/mod.rs")) {
            let content = content
                .lines()
                .skip_while(|line| line.starts_with("// @generated") || line.is_empty());
            let content: Vec<&str> = content.collect();
            parts.push(format!("\n======== {path}\n{}", content.join("\n")));
        }
    }
    parts.join("\n")
}
