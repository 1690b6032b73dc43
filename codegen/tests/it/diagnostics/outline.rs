//! Syntax, version, structure, references and paths.

use insta::assert_snapshot;

use super::{answer, body, document, one, operation};

#[test]
fn broken_yaml_and_broken_json() {
    assert_snapshot!(one("syntax", "openapi: 3.0.3\npaths: [\n"), @r"
    error[syntax]: not readable as YAML or JSON: did not find expected node content at line 3 column 1, while parsing a flow node
      --> api.yaml#
      help: repair the syntax at the line and column named in the message
    ");
    assert_snapshot!(one("syntax", "{\"openapi\": \"3.0.3\",}"), @r"
    error[syntax]: not readable as YAML or JSON: trailing comma at line 1 column 21
      --> api.yaml#
      help: repair the syntax at the line and column named in the message
    ");
    assert_snapshot!(one("syntax", "a: 1\nb: {c: 1, c: 2}\n"), @r"
    error[syntax]: not readable as YAML or JSON: b: the key `c` occurs twice at line 2 column 4
      --> api.yaml#
      help: repair the syntax at the line and column named in the message
    ");
}

#[test]
fn other_versions() {
    assert_snapshot!(one("version", "swagger: '2.0'\npaths: {}\n"), @r"
    error[version]: the document is written in version 2.0
      --> api.yaml#/swagger
      help: convert the document to OpenAPI 3.0.x and set `openapi: 3.0.3`
    ");
    assert_snapshot!(one("version", "openapi: 3.1.0\npaths: {}\n"), @r"
    error[version]: the document is written in version 3.1.0
      --> api.yaml#/openapi
      help: convert the document to OpenAPI 3.0.x and set `openapi: 3.0.3`
    ");
    assert_snapshot!(one("version", "openapi: 3.1\npaths: {}\n"), @r"
    error[version]: the version is not text
      --> api.yaml#/openapi
      help: convert the document to OpenAPI 3.0.x and set `openapi: 3.0.3`
    ");
    assert_snapshot!(one("version", "paths: {}\n"), @r"
    error[version]: the document does not say which OpenAPI version it is written in
      --> api.yaml#/openapi
      help: convert the document to OpenAPI 3.0.x and set `openapi: 3.0.3`
    ");
}

#[test]
fn more_levels_than_the_stack_can_hold() {
    let schema = (0..30).fold("{}".to_owned(), |schema, _| format!("{{not: {schema}}}"));
    assert_snapshot!(one("too-deep", &document(&format!("paths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}\n"))), @r"
    error[too-deep]: the document has 34 levels, 32 can be read
      --> api.yaml#/components/schemas/A/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not/not
      help: move what is inside here to a component and refer to it
    ");
}

#[test]
fn more_values_than_anybody_can_use() {
    let doubled = (0..20).map(|index| format!("    A{index}: {{properties: {{a: {{$ref: '#/components/schemas/A{0}'}}, b: {{$ref: '#/components/schemas/A{0}'}}}}}}\n", index + 1));
    let schemas: String = doubled.collect();
    assert_snapshot!(one("too-large", &document(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}    A20: {{}}\n"))), @r"
    error[too-large]: with all references replaced by what they point to, this has 28666 values in 37 levels
      --> api.yaml#/components/schemas/A8
      help: at most 20000 values in 128 levels can be generated: describe less of it
    ");
}

#[test]
fn keywords_with_the_wrong_type() {
    assert_snapshot!(one("structure", &answer("{type: string, nullable: 'yes'}")), @r#"
    error[structure]: invalid type: string "yes", expected a boolean
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/nullable
      help: compare this with the OpenAPI 3.0 specification: a keyword is missing or has the wrong type
    "#);
    assert_snapshot!(one("structure", &document("paths: {}\ncomponents: {schemas: 5}\n")), @r"
    error[structure]: invalid type: integer `5`, expected a map
      --> api.yaml#/components/schemas
      help: compare this with the OpenAPI 3.0 specification: a keyword is missing or has the wrong type
    ");
    assert_snapshot!(one("structure", "openapi: 3.0.3\npaths: {}\n"), @r"
    error[structure]: missing field `info`
      --> api.yaml#
      help: compare the document's outline with the OpenAPI 3.0 specification
    ");
    assert_snapshot!(one("structure", &document("paths: {/things: {parameters: [{name: id, in: body, schema: {type: string}}]}}\n")), @r"
    error[structure]: unknown variant `body`, expected one of `query`, `header`, `path`, `cookie`
      --> api.yaml#/paths/~1things/parameters/0
      help: compare this with the OpenAPI 3.0 specification: a keyword is missing or has the wrong type
    ");
    assert_snapshot!(one("structure", &operation("parameters: [{name: page, in: query}]")), @r"
    error[structure]: neither `schema` nor `content` says what the value is
      --> api.yaml#/paths/~1things/get/parameters/0
      help: add `schema` with the type of the value
    ");
}

#[test]
fn types_that_do_not_exist() {
    assert_snapshot!(one("schema-type", &answer("{type: object, properties: {name: {type: strin, description: Name}}}")), @r"
    error[schema-type]: `strin` is not a type
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/properties/name/type
      help: use one of string, integer, number, boolean, array, object
    ");
}

#[test]
fn misspelt_keywords() {
    assert_snapshot!(one("unknown-keyword", &body("{type: object, requred: [name], properties: {name: {type: string, description: Name}}}")), @r"
    error[unknown-keyword]: the keyword `requred` is not known here and would be ignored
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/requred
      help: did you mean `required`? Otherwise move it to where it belongs, or delete it
    ");
    assert_snapshot!(one("unknown-keyword", &body("{type: object, propertees: {name: {type: string}}}")), @r"
    error[unknown-keyword]: the keyword `propertees` is not known here and would be ignored
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/propertees
      help: did you mean `properties`? Otherwise move it to where it belongs, or delete it
    ");
    assert_snapshot!(one("unknown-keyword", &operation("deprecatd: true")), @r"
    error[unknown-keyword]: the keyword `deprecatd` is not known here and would be ignored
      --> api.yaml#/paths/~1things/get/deprecatd
      help: did you mean `deprecated`? Otherwise move it to where it belongs, or delete it
    ");
    assert_snapshot!(one("unknown-extension", &operation("x-billsby-tol: {name: list_things}")), @r"
    error[unknown-extension]: `x-billsby-tol` has no meaning here
      --> api.yaml#/paths/~1things/get/x-billsby-tol
      help: did you mean `x-billsby-tool`?
    ");
}

#[test]
fn references_to_nothing() {
    assert_snapshot!(one("reference", &answer("{$ref: '#/components/schemas/Thing'}")), @r"
    error[reference]: nothing is found at `#/components/schemas/Thing`
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/$ref
      help: only targets of this document, such as #/components/schemas/Name, can be used
    ");
    assert_snapshot!(one("reference", &answer("{$ref: 'other.yaml#/Thing'}")), @r"
    error[reference]: nothing is found at `other.yaml#/Thing`
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/$ref
      help: only targets of this document, such as #/components/schemas/Name, can be used
    ");
    assert_snapshot!(one("reference", &answer("{$ref: '#/info'}")), @r"
    error[reference]: `#/info` is not a schema of this document
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: refer to a schema below #/components/schemas
    ");
    assert_snapshot!(one("reference", &document("paths: {}\ncomponents: {schemas: {A: {nullable: true, not: {$ref: 5}}}}\n")), @r"
    error[reference]: a reference must be text, found 5
      --> api.yaml#/components/schemas/A/not/$ref
      help: only targets of this document, such as #/components/schemas/Name, can be used
    ");
}

#[test]
fn references_to_something_else() {
    let error = "components: {responses: {Error: {description: Error}}}\n";
    let to_error = "{$ref: '#/components/responses/Error'}";
    assert_snapshot!(one("reference", &format!("{}{error}", operation(&format!("parameters: [{to_error}]")))), @r"
    error[reference]: `#/components/responses/Error` is not what is needed here
      --> api.yaml#/paths/~1things/get/parameters/0/$ref
      help: refer to something below #/components/parameters/
    ");
    assert_snapshot!(one("reference", &format!("{}{error}", operation(&format!("requestBody: {to_error}")))), @r"
    error[reference]: `#/components/responses/Error` is not what is needed here
      --> api.yaml#/paths/~1things/get/requestBody/$ref
      help: refer to something below #/components/requestBodies/
    ");
    assert_snapshot!(one("reference", &operation("").replace("{description: OK}", "{$ref: '#/info'}")), @r"
    error[reference]: `#/info` is not what is needed here
      --> api.yaml#/paths/~1things/get/responses/200/$ref
      help: refer to something below #/components/responses/
    ");
}

#[test]
fn mistakes_in_components_are_shown_there() {
    let schema = "{type: string, x-billsby-type: money}";
    let components = format!(
        "components:\n  responses: {{Ok: {{description: OK, content: {{application/json: {{schema: {schema}}}}}}}}}\n"
    );
    assert_snapshot!(one("extension", &format!("{}{components}", operation("").replace("{description: OK}", "{$ref: '#/components/responses/Ok'}"))), @r"
    error[extension]: `money` is not a value of x-billsby-type
      --> api.yaml#/components/responses/Ok/content/application~1json/schema
      help: use amount or timestamp
    ");
    let components = format!(
        "components:\n  parameters: {{Kind: {{name: kind, in: query, description: A, schema: {schema}}}}}\n"
    );
    assert_snapshot!(one("extension", &format!("{}{components}", operation("parameters: [{$ref: '#/components/parameters/Kind'}]"))), @r"
    error[extension]: `money` is not a value of x-billsby-type
      --> api.yaml#/components/parameters/Kind/schema
      help: use amount or timestamp
    ");
}

#[test]
fn schemas_that_contain_themselves() {
    assert_snapshot!(one("reference-cycle", &document("paths: {}\ncomponents:\n  schemas:\n    Plan: {type: object, properties: {cycles: {type: array, items: {$ref: '#/components/schemas/Cycle'}}}}\n    Cycle: {type: object, properties: {plan: {$ref: '#/components/schemas/Plan'}}}\n    Product: {type: object, properties: {plan: {$ref: '#/components/schemas/Plan'}}}\n")), @r"
    error[reference-cycle]: Cycle contains itself: schemas/Cycle → schemas/Plan → schemas/Cycle
      --> api.yaml#/components/schemas/Cycle
      help: break the cycle: a value that contains itself cannot be typed or shown to a model
    ");
}

#[test]
fn path_items_elsewhere() {
    assert_snapshot!(one("path-item", &document("paths:\n  /things: {$ref: '#/components/x-items/things'}\ncomponents: {x-items: {things: {}}}\n")), @r"
    error[path-item]: a path item cannot be a reference here
      --> api.yaml#/paths/~1things
      help: write the path item out in place
    ");
}

#[test]
fn operation_ids_given_twice() {
    let get = "{operationId: things.get, summary: Get, responses: {'200': {description: OK}}}";
    assert_snapshot!(one("operation-id", &document(&format!("paths:\n  /things: {{get: {get}}}\n  /others: {{get: {get}}}\n"))), @r"
    error[operation-id]: the operation id `things.get` is already used at #/paths/~1others/get
      --> api.yaml#/paths/~1things/get/operationId
      help: give each operation an id of its own
    ");
}

#[test]
fn path_parameters_that_do_not_fit_the_path() {
    let path = |path: &str, names: &[&str]| {
        let parameters: Vec<String> = names
            .iter()
            .map(|name| {
                format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}")
            })
            .collect();
        let get = format!(
            "{{operationId: things.get, summary: Get, parameters: [{}], responses: {{'200': {{description: OK}}}}}}",
            parameters.join(", ")
        );
        document(&format!("paths: {{'{path}': {{get: {get}}}}}\n"))
    };
    assert_snapshot!(one("path-parameter-missing", &path("/things/{thingId}", &[])), @r"
    error[path-parameter-missing]: the path names {thingId}, but no path parameter `thingId` is declared
      --> api.yaml#/paths/~1things~1{thingId}/get
      help: declare it under `parameters` with `in: path`, or correct the spelling of one of the two
    ");
    assert_snapshot!(one("path-parameter-extra", &path("/things", &["thingId"])), @r"
    error[path-parameter-extra]: the path parameter `thingId` does not occur in the path `/things`
      --> api.yaml#/paths/~1things/get
      help: put {thingId} into the path, or delete the parameter
    ");
    assert_snapshot!(one("path-template", &path("/things/{thingId", &["thingId"])), @r"
    error[path-template]: the path template `/things/{thingId` has an unmatched brace or does not start with `/`
      --> api.yaml#/paths/~1things~1{thingId/get
      help: write each parameter as {name} in a segment of its own
    ");
    assert_snapshot!(one("path-template", &path("/{id}/things/{id}", &["id"])), @r"
    error[path-template]: the path names {id} twice
      --> api.yaml#/paths/~1{id}~1things~1{id}/get
      help: give the two parameters different names
    ");
    assert_snapshot!(one("path-segment", &path("/things/{id}.json", &["id"])), @r"
    error[path-segment]: the path segment `{id}.json` cannot be sent as it stands
      --> api.yaml#/paths/~1things~1{id}.json/get
      help: a segment is either one {parameter} or letters, digits, `-`, `.`, `_` and `~` only, and not `.` or `..`
    ");
    assert_snapshot!(one("path-segment", &path("/some things", &[])), @r"
    error[path-segment]: the path segment `some things` cannot be sent as it stands
      --> api.yaml#/paths/~1some things/get
      help: a segment is either one {parameter} or letters, digits, `-`, `.`, `_` and `~` only, and not `.` or `..`
    ");
}
