//! The project's own document: same input, same bytes, and what the result promises.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use billsby_codegen::{CORRECTED_DOCUMENT, Generation, Source, generate, import};
use quote::ToTokens;
use serde_json::{Map, Value};

use crate::random::Random;
use crate::support::{assert_readable, files, printed, repository_file, value};

const UPSTREAM: &str = "openapi/upstream.yaml";
const OVERLAYS: [&str; 2] = [
    "openapi/corrections.overlay.yaml",
    "openapi/tools.overlay.yaml",
];

fn generate_from(upstream: &str, overlays: &[String]) -> Generation {
    let named = OVERLAYS.iter().zip(overlays);
    let overlays: Vec<Source<'_>> = named.map(|(name, text)| Source { name, text }).collect();
    generate(
        Source {
            name: UPSTREAM,
            text: upstream,
        },
        &overlays,
    )
}

fn overlays() -> Vec<String> {
    OVERLAYS.iter().map(|path| repository_file(path)).collect()
}

/// What the project's own document gives, made once for all tests.
static PROJECT: LazyLock<Generation> =
    LazyLock::new(|| generate_from(&repository_file(UPSTREAM), &overlays()));

fn imported(text: &str) -> String {
    import(Source {
        name: "a.yaml",
        text,
    })
    .expect("the document can be imported")
}

#[test]
fn every_operation_is_generated_and_reviewed_without_a_remark() {
    assert_eq!(printed(&PROJECT), "");
    assert_eq!(PROJECT.report.operations, 58);
    assert_eq!(PROJECT.report.skipped, []);
    assert_eq!(PROJECT.report.unreviewed, Vec::<String>::new());
    assert_readable(files(&PROJECT));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let upstream = repository_file(UPSTREAM);
    let second = generate_from(&upstream, &overlays());
    assert_same(&second, "a second run");
    for seed in 1..=3 {
        let mut random = Random::new(seed);
        let shuffled = json(&shuffle(value(&upstream), &mut random));
        let overlays: Vec<String> = overlays()
            .iter()
            .map(|text| json(&shuffle_updates(value(text), &mut random)))
            .collect();
        let generation = generate_from(&shuffled, &overlays);
        assert_same(&generation, &format!("seed {seed}"));
    }
}

fn assert_same(other: &Generation, what: &str) {
    let (a, b) = (files(&PROJECT), files(other));
    assert!(a.keys().eq(b.keys()), "{what}: other files");
    for (path, text) in a {
        assert!(*text == b[path], "{what}: {path} differs");
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).expect("a value can be written")
}

/// The same value with the members of each object in another order.
fn shuffle(value: Value, random: &mut Random) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            random.shuffle(&mut entries);
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key, shuffle(value, random)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| shuffle(item, random))
            .collect(),
        scalar => scalar,
    }
}

/// The same overlay with each `update` shuffled; actions keep their order, which means something.
fn shuffle_updates(mut overlay: Value, random: &mut Random) -> Value {
    let actions = overlay["actions"]
        .as_array_mut()
        .expect("an overlay has actions");
    for action in actions {
        if let Some(update) = action.get_mut("update") {
            *update = shuffle(update.take(), random);
        }
    }
    overlay
}

#[test]
fn import_is_idempotent_and_reproduces_what_is_committed() {
    let upstream = repository_file(UPSTREAM);
    assert!(
        imported(&upstream) == upstream,
        "importing {UPSTREAM} changes it"
    );
    let corrected = imported(&repository_file(CORRECTED_DOCUMENT));
    assert!(
        imported(&corrected) == corrected,
        "importing twice differs from importing once"
    );
    let shuffled = json(&shuffle(value(&upstream), &mut Random::new(7)));
    assert!(
        imported(&shuffled) == upstream,
        "the order of keys shows in the import"
    );
}

#[test]
fn no_two_structs_are_equal() {
    let mut seen: BTreeMap<BTreeSet<String>, String> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (path, text) in files(&PROJECT) {
        if !path.contains("/generated/model/") {
            continue;
        }
        let file = syn::parse_file(text).expect("generated code can be parsed");
        for item in file.items {
            let syn::Item::Struct(item) = item else {
                continue;
            };
            let name = item.ident.to_string();
            assert!(names.insert(name.clone()), "{name} exists twice");
            // The attributes that count are serde's: they name the property on the wire.
            let fields = item.fields.into_iter().map(|mut field| {
                field
                    .attrs
                    .retain(|attribute| !attribute.path().is_ident("doc"));
                field.to_token_stream().to_string()
            });
            if let Some(first) = seen.insert(fields.collect(), name.clone()) {
                panic!("{first} and {name} have the same fields");
            }
        }
    }
    assert!(names.len() > 40, "{} structs", names.len());
}

#[test]
fn generated_code_stays_small() {
    let mut sdk = 0;
    for (path, text) in files(&PROJECT) {
        let lines = text.lines().count();
        if path != CORRECTED_DOCUMENT {
            assert!(lines <= 1_500, "{path} has {lines} lines");
        }
        if path.starts_with("billsby-sdk/") {
            let code = text.lines().map(str::trim);
            sdk += code
                .filter(|line| !line.is_empty() && !line.starts_with("//"))
                .count();
        }
    }
    assert!(sdk <= 5_000, "the SDK has {sdk} generated lines of code");
}

#[test]
fn the_committed_document_is_the_generated_one() {
    let committed = repository_file(CORRECTED_DOCUMENT);
    assert!(
        files(&PROJECT)[CORRECTED_DOCUMENT] == committed,
        "{CORRECTED_DOCUMENT} is stale: run `cargo xtask regen`"
    );
}
