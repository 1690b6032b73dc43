//! The published document itself, which is not part of the repository.

use std::path::Path;

use billsby_codegen::{Source, import};

use crate::support::{read, repository_file};

/// Names the published document, for those who have it.
const VARIABLE: &str = "BILLSBY_PUBLISHED_DOCUMENT";

/// Skipped without the file, also where skipping is forbidden otherwise: nobody can be asked to have it.
#[test]
fn importing_the_published_document_gives_upstream_yaml() {
    let Some(path) = std::env::var_os(VARIABLE) else {
        println!(
            "skipped: {VARIABLE} does not name the published document, which is not in the repository"
        );
        return;
    };
    let text = read(Path::new(&path));
    let source = Source {
        name: "published document",
        text: &text,
    };
    let imported = import(source).expect("the published document can be read");
    assert!(
        imported == repository_file("openapi/upstream.yaml"),
        "the import of {} is not openapi/upstream.yaml",
        Path::new(&path).display()
    );
}
