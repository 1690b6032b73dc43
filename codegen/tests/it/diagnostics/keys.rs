//! Identity keys, servers and keywords of our own.

use insta::assert_snapshot;

use super::{answer, answer_to, one, operation};

const THING: &str = "{type: object, title: Thing, properties: {thingId: {type: string, description: A, x-billsby-key: thingId}}}";

fn with_key(document: &str, members: &str) -> String {
    format!("{document}x-billsby-keys: {{thingId: {{{members}}}}}\n")
}

#[test]
fn keys_that_are_not_well_declared() {
    let document = operation("");
    let key = |members: &str| one("key", &with_key(&document, members));
    assert_snapshot!(key("type: text, description: A thing"), @r"
    error[key]: the type of `thingId` is not string or integer
      --> api.yaml#/x-billsby-keys/thingId
      help: a key has type (string or integer), description, brief, example and from: [{operation, property}]
    ");
    assert_snapshot!(key("type: string"), @r"
    error[key]: `thingId` has no description
      --> api.yaml#/x-billsby-keys/thingId
      help: a key has type (string or integer), description, brief, example and from: [{operation, property}]
    ");
    assert_snapshot!(key("type: string, description: A thing, form: string"), @r"
    error[key]: `form` has no meaning here
      --> api.yaml#/x-billsby-keys/thingId/form
      help: a key has type (string or integer), description, brief, example and from: [{operation, property}]
    ");
    assert_snapshot!(key("type: string, description: A thing, from: [things.list]"), @r"
    error[key]: `from` is not a list of {operation, property}
      --> api.yaml#/x-billsby-keys/thingId
      help: a key has type (string or integer), description, brief, example and from: [{operation, property}]
    ");
    assert_snapshot!(one("key", &format!("{document}x-billsby-keys: {{client: {{type: string, description: A}}}}\n")), @r"
    error[key]: `client` cannot be the name of a Rust type
      --> api.yaml#/x-billsby-keys/client
      help: a key has type (string or integer), description, brief, example and from: [{operation, property}]
    ");
    assert_snapshot!(one("key", &answer(THING)), @r"
    error[key]: `thingId` is not declared in x-billsby-keys
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/properties/thingId/x-billsby-key
      help: declare it at the root of the document, or correct the spelling
    ");
}

#[test]
fn keys_of_another_type_than_declared() {
    assert_snapshot!(one("key-type", &with_key(&answer(THING), "type: integer, description: A thing")), @r"
    error[key-type]: `thingId` is declared with another type than it has here
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/properties/thingId
      help: give the schema the type that x-billsby-keys states for this kind
    ");
}

#[test]
fn keys_that_are_not_where_they_should_be() {
    let from = |operation: &str, property: &str| {
        format!(
            "type: string, description: A thing, from: [{{operation: {operation}, property: {property}}}]"
        )
    };
    let source = |document: &str, operation: &str, property: &str| {
        one(
            "key-source",
            &with_key(document, &from(operation, property)),
        )
    };
    assert_snapshot!(source(&answer(THING), "things.list", "thingId"), @r"
    error[key-source]: there is no operation `things.list`
      --> api.yaml#/x-billsby-keys/thingId/from
      help: name an operation that returns the key
    ");
    assert_snapshot!(source(&answer(THING), "things.get", "id"), @r"
    error[key-source]: the answer of `things.get` has no property `id` that is marked as thingId
      --> api.yaml#/x-billsby-keys/thingId/from
      help: correct the property, or mark it with x-billsby-key
    ");
    assert_snapshot!(source(&operation(""), "things.list", "thingId"), @r"
    error[key-source]: `things.list` returns no data
      --> api.yaml#/x-billsby-keys/thingId/from
      help: name an operation that returns the key
    ");
}

#[test]
fn keywords_of_our_own_with_other_values() {
    assert_snapshot!(one("extension", &answer("{type: string, x-billsby-type: money}")), @r"
    error[extension]: `money` is not a value of x-billsby-type
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: use amount or timestamp
    ");
    assert_snapshot!(one("extension", &answer("{type: string, x-billsby-type: [amount]}")), @r#"
    error[extension]: `x-billsby-type` must be text, found ["amount"]
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/x-billsby-type
      help: openapi/README.md lists the keywords and their values
    "#);
    assert_snapshot!(one("extension", &answer("{type: string, x-extensible-enum: Active}")), @r#"
    error[extension]: `x-extensible-enum` must be a list of texts, found "Active"
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/x-extensible-enum
      help: openapi/README.md lists the keywords and their values
    "#);
    assert_snapshot!(one("extension", &answer_to("{x-billsby-pagination: cursor}", "{type: string}")), @r"
    error[extension]: `cursor` is not a kind of pagination
      --> api.yaml#/paths/~1things/get
      help: use `x-billsby-pagination: page`
    ");
    assert_snapshot!(one("extension", &format!("{}x-billsby-keys: [thingId]\n", operation(""))), @r#"
    error[extension]: `x-billsby-keys` must be an object, found ["thingId"]
      --> api.yaml#/x-billsby-keys
      help: openapi/README.md lists the keywords and their values
    "#);
}

#[test]
fn pages_that_do_not_look_like_pages() {
    let page = "{type: object, properties: {results: {type: array, items: {type: string}}}}";
    assert_snapshot!(one("page", &answer_to("{x-billsby-pagination: page}", page)), @r"
    error[page]: the answer is marked as a page, but does not look like one
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: a page has currentPage, pageCount, pageSize, rowCount and a list called results, and nothing else
    ");
}

#[test]
fn servers_elsewhere() {
    assert_snapshot!(one("server", &format!("{}servers: [{{url: 'https://example.com/rest/core'}}]\nx-billsby-base-url: https://example.com/api\n", operation(""))), @r"
    error[server]: the server https://example.com/rest/core is not below the base URL https://example.com/api
      --> api.yaml#/paths/~1things/get
      help: correct the server, or x-billsby-base-url at the root of the document
    ");
}
