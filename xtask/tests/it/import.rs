//! `import`: structure stays, everything else goes.

use std::fs;

use crate::checkout::{Checkout, UPSTREAM};
use crate::text;

const PUBLISHED: &str = r##"{
  "_id": "6a",
  "openapi": "3.0.1",
  "x-readme": {"explorer": true},
  "paths": {
    "/pets": {
      "post": {
        "responses": {"200": {"description": "Created", "content": {"application/json": {"examples": {"Result": {"value": "{}"}}, "schema": {"$ref": "#/components/schemas/Pet"}}}}},
        "deprecated": false,
        "summary": "Create a pet",
        "description": "Long prose.",
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
        "operationId": "Pet_create"
      }
    }
  },
  "info": {"version": "2.1", "title": "Pets", "description": "All about pets."},
  "components": {
    "schemas": {
      "Pet": {
        "properties": {
          "summary": {"type": "string", "description": "A property, not prose", "example": "x"},
          "default": {"type": "integer", "default": 3},
          "name": {"type": "string", "enum": ["example", "x-ray"]}
        },
        "required": ["name"],
        "type": "object"
      }
    }
  }
}"##;

const IMPORTED: &str = "\
openapi: 3.0.1
info:
  title: Pets
  version: '2.1'
paths:
  /pets:
    post:
      operationId: Pet_create
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Pet'
      responses:
        '200':
          description: ''
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Pet'
components:
  schemas:
    Pet:
      type: object
      required:
      - name
      properties:
        name:
          type: string
          enum:
          - example
          - x-ray
        default:
          type: integer
        summary:
          type: string
";

#[test]
fn import_keeps_the_structure_and_drops_the_rest() {
    let checkout = Checkout::new();
    let published = checkout.path("published.json");
    fs::write(&published, PUBLISHED).expect("a document");
    let before = checkout.snapshot();

    let outcome = checkout.run(&["import", text(&published)]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("cargo xtask regen"),
        "what to do next"
    );
    assert_eq!(checkout.read(UPSTREAM), IMPORTED);
    for (path, state) in checkout.snapshot() {
        assert_eq!(before[&path] == state, path != UPSTREAM, "{path}");
    }

    // Importing the result changes nothing.
    checkout.age();
    let before = checkout.snapshot();
    for again in [&published, &checkout.path(UPSTREAM)] {
        let outcome = checkout.run(&["import", text(again)]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "openapi/upstream.yaml is unchanged\n");
        assert_eq!(checkout.snapshot(), before);
    }
}

#[test]
fn the_committed_document_is_an_imported_one() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    let outcome = checkout.run(&["import", text(&checkout.path(UPSTREAM))]);
    assert_eq!(outcome.stdout, "openapi/upstream.yaml is unchanged\n");
    assert_eq!(checkout.snapshot(), before);
}

#[test]
fn what_is_no_usable_document_is_not_kept() {
    let checkout = Checkout::new();
    let file = checkout.path("bad.yaml");
    for (document, code) in [
        ("a: [", "syntax"),
        ("a: 1\na: 2\n", "syntax"),
        ("just text", "version"),
        ("swagger: '2.0'\npaths: {}\n", "version"),
        ("openapi: 3.1.0\npaths: {}\n", "version"),
    ] {
        fs::write(&file, document).expect("a document");
        let before = checkout.snapshot();
        let outcome = checkout.run(&["import", text(&file)]);
        assert_eq!(outcome.code, 1, "{document}");
        let error = format!("error[{code}]");
        assert!(
            outcome.stderr.contains(&error),
            "{document}: {}",
            outcome.stderr
        );
        assert_eq!(checkout.snapshot(), before, "{document}");
    }
}
