//! `diff`: what a change of the document means for people.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use billsby_codegen::{Audience, Change};

use crate::tree::Text;
use crate::{UNUSABLE, regen};

pub(crate) fn run(old: &Path, new: &Path) -> Result<ExitCode> {
    let (old, new) = (Text::read(old)?, Text::read(new)?);
    let changes = match billsby_codegen::diff(old.source(), new.source()) {
        Ok(changes) => changes,
        Err(diagnostics) => {
            regen::print(&diagnostics);
            return Ok(ExitCode::from(UNUSABLE));
        }
    };
    print!("{}", report(&changes));
    let breaks = changes.iter().any(|change| change.breaking);
    Ok(ExitCode::from(u8::from(breaks)))
}

/// The changes as they come, which is in order, with a heading for each group and their number at the end.
fn report(changes: &[Change]) -> String {
    let mut text = String::new();
    for group in changes.chunk_by(|a, b| heading(a) == heading(b)) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{}:", heading(&group[0]));
        for change in group {
            let _ = writeln!(text, "  {}: {}", change.subject, change.text);
        }
        text.push('\n');
    }
    let breaking = changes.iter().filter(|change| change.breaking).count();
    let _ = match changes.len() {
        0 => writeln!(text, "no changes"),
        1 => writeln!(text, "1 change, {breaking} breaking"),
        count => writeln!(text, "{count} changes, {breaking} breaking"),
    };
    text
}

fn heading(change: &Change) -> &'static str {
    match (change.breaking, change.audience) {
        (true, Audience::SdkUsers) => "BREAKING for SDK users",
        (true, Audience::ToolCallers) => "BREAKING for tool callers",
        (true, Audience::Everyone) => "BREAKING for everyone",
        (false, Audience::SdkUsers) => "for SDK users",
        (false, Audience::ToolCallers) => "for tool callers",
        (false, Audience::Everyone) => "for everyone",
    }
}
