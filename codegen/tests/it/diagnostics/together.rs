//! Several problems in one run.

use billsby_codegen::Severity;

use super::{document, operation};
use crate::support::{printed, run};

/// Codes and pointers of everything found.
fn found(document: &str, overlays: &[&str]) -> Vec<(String, String)> {
    let generation = run(document, overlays);
    let places = generation.diagnostics.iter();
    places
        .map(|found| (found.code.to_owned(), found.pointer.clone()))
        .collect()
}

fn pair(code: &str, pointer: &str) -> (String, String) {
    (code.to_owned(), pointer.to_owned())
}

const BROKEN: &str = "
paths:
  /things/{thingId}:
    get:
      operationId: things.get
      summary: Get a thing
      parameters:
      - {name: thingID, in: path, required: true, schema: {type: string}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thin'}}}}}
    put:
      operationId: things.get
      summary: Change a thing
      parameters:
      - {name: thingId, in: path, description: A, required: true, schema: {type: string}}
      responses: {'200': {description: OK}}
components:
  schemas:
    Thing:
      type: object
      requred: [name]
      properties:
        name: {type: strin}
        other: {type: string, nullable: 1}
";

#[test]
fn all_mistakes_of_the_outline_are_reported_in_one_run() {
    let first = [
        pair("operation-id", "/paths/~1things~1{thingId}/put/operationId"),
        pair("path-parameter-extra", "/paths/~1things~1{thingId}/get"),
        pair("path-parameter-missing", "/paths/~1things~1{thingId}/get"),
        pair(
            "reference",
            "/paths/~1things~1{thingId}/get/responses/200/content/application~1json/schema/$ref",
        ),
        pair(
            "schema-type",
            "/components/schemas/Thing/properties/name/type",
        ),
        pair(
            "structure",
            "/components/schemas/Thing/properties/other/nullable",
        ),
    ];
    assert_eq!(found(&document(BROKEN), &[]), first);
    let repaired = document(BROKEN).replace("nullable: 1", "nullable: true");
    let (last, rest) = first.split_last().expect("there are six");
    assert_eq!(last.0, "structure");
    let mut second = rest.to_vec();
    second.push(pair("unknown-keyword", "/components/schemas/Thing/requred"));
    assert_eq!(found(&repaired, &[]), second);
}

#[test]
fn all_mistakes_in_what_it_means_are_reported_in_one_run() {
    let text = document(
        "
paths:
  /things:
    get:
      operationId: things.things
      x-billsby-tool: {name: list_things}
      parameters:
      - {name: client, in: query, description: A, schema: {type: string}}
      - {name: kind, in: query, description: A, schema: {type: string, x-billsby-key: kindId}}
      responses: {'200': {description: OK, content: {application/json: {schema: {type: object, properties: {'1': {type: string}}}}}}}
",
    );
    let codes: Vec<String> = found(&text, &[])
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(
        codes,
        [
            "key",
            "name",
            "name-collision",
            "reserved-name",
            "tool",
            "tool",
            "tool",
            "undocumented",
            "undocumented"
        ]
    );
    let generation = run(&text, &[]);
    assert!(
        generation.files.is_none(),
        "warnings beside errors do not bring files"
    );
    let severities: Vec<Severity> = generation
        .diagnostics
        .iter()
        .map(|found| found.severity)
        .collect();
    assert!(
        severities.is_sorted(),
        "errors come first:\n{}",
        printed(&generation)
    );
}

#[test]
fn failed_actions_do_not_hide_each_other_or_the_document() {
    let overlay = "overlay: 1.0.0
actions:
- {target: $.nothing, update: {a: 1}}
- {target: $.info, update: {title: T}}
- {target: $.info, remove: 1}
";
    let text = operation("deprecatd: true");
    assert_eq!(
        found(&text, &[overlay]),
        [
            pair("overlay-action", "/actions/2"),
            pair("overlay-no-match", "/actions/0/target"),
            pair("overlay-obsolete", "/actions/1"),
            pair("unknown-keyword", "/paths/~1things/get/deprecatd"),
        ]
    );
}
