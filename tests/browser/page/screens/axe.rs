//! axe-core, which knows what stands in the way of people who cannot see, hear or move like others.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Browser, can_run};

const MISSING: &str = "axe-core is not installed; run tests/browser/install";
/// What counts, of its four degrees.
const GRAVE: [&str; 2] = ["serious", "critical"];

/// The script, or nothing if the test is to be skipped.
pub(super) fn source(test: &str) -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../../target/ci/browser");
    let pinned = std::fs::read(here.join("package.json")).expect("what is installed");
    let installed = std::fs::read(folder.join("package.json.installed")).ok();
    let missing = (installed.as_deref() != Some(&pinned)).then_some(MISSING);
    if !can_run(test, missing) {
        return None;
    }
    let script = folder.join("node_modules/axe-core/axe.min.js");
    Some(std::fs::read_to_string(script).expect("axe-core"))
}

/// What is wrong with what is open.
pub(super) async fn problems(browser: &Browser, source: &str) -> Vec<String> {
    let is_there = browser.run("return 'axe' in window", &[]).await;
    if is_there != true {
        browser.run(source, &[]).await;
    }
    let options = json!({
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],
        "iframes": false,
    });
    let script = "const done = arguments[1];
        axe.run(document, arguments[0]).then(({ violations }) => done(violations.map(one => ({
            impact: one.impact,
            text: one.id + ' (' + one.impact + '): ' + one.help + ' ' + one.nodes.slice(0, 3)
                .map(node => node.target + ' ' + node.failureSummary).join('; '),
        }))), error => done([{ impact: 'critical', text: String(error) }]))";
    let found = browser.run_async(script, &[options]).await;
    let found = found.as_array().expect("a list").iter();
    let is_grave = |problem: &&Value| GRAVE.iter().any(|grave| problem["impact"] == *grave);
    let texts = found
        .filter(is_grave)
        .filter_map(|problem| problem["text"].as_str());
    texts.map(|text| text.replace('\n', " ")).collect()
}
