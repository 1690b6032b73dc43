//! Names of operations, inputs, types and tools.

use insta::assert_snapshot;

use super::{answer, body, document, one, operation};

#[test]
fn names_that_cannot_be_written() {
    assert_snapshot!(one("name", &body("{type: object, properties: {'3dSecure': {type: string, description: A}}}")), @r"
    error[name]: `3dSecure` cannot be turned into a name
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/3dSecure
      help: set `x-billsby-name` to a name that starts with a letter
    ");
    assert_snapshot!(one("name", &body("{type: object, properties: {a: {type: string, description: A, x-billsby-name: 日本}}}")), @r"
    error[name]: `日本` cannot be turned into a name
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/a
      help: set `x-billsby-name` to a name that starts with a letter
    ");
    assert_snapshot!(one("name", &answer("{type: object, title: Option, properties: {a: {type: string, description: A}}}")), @r"
    error[name]: `Option` cannot be the name of a Rust type
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: set `title` to a name in UpperCamelCase that is not used by the language or the client
    ");
    assert_snapshot!(one("name", &body("{type: object, properties: {a: {type: string, description: A, enum: [1st, 2nd]}}}").replace("2nd", "second")), @r"
    error[name]: the value `1st` cannot be the name of a variant
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/a
      help: name it in `x-enum-varnames`
    ");
    assert_snapshot!(one("name", &operation("parameters: [{name: a, in: query, description: A, schema: {type: string}, x-billsby-name: '1'}]")), @r"
    error[name]: `1` cannot be turned into a name
      --> api.yaml#/paths/~1things/get/parameters/0
      help: set `x-billsby-name` to a name that starts with a letter
    ");
}

#[test]
fn operations_without_a_usable_name() {
    let text = operation("").replace("things.list", "things.1st");
    assert_snapshot!(one("name", &text), @r"
    error[name]: `things.1st` cannot be the name of a method
      --> api.yaml#/paths/~1things/get
      help: set `operationId` to resource.method in snake_case
    ");
}

#[test]
fn names_that_generated_code_needs() {
    assert_snapshot!(one("reserved-name", &body("{type: object, properties: {new: {type: boolean, description: A}}}")), @r"
    error[reserved-name]: the optional input `new` would hide a method of the call
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/new
      help: set `x-billsby-name` to another name
    ");
    assert_snapshot!(one("reserved-name", &operation("parameters: [{name: client, in: query, description: A, schema: {type: string}}]")), @r"
    error[reserved-name]: `client` is used for something else in generated code
      --> api.yaml#/paths/~1things/get/parameters/0
      help: set `x-billsby-name` to another name
    ");
    assert_snapshot!(one("reserved-name", &operation("").replace("things.list", "things.option")), @r"
    error[reserved-name]: `things.option`: `Option` is used for something else in generated code
      --> api.yaml#/paths/~1things/get
      help: set `operationId` to another resource.method
    ");
    assert_snapshot!(one("reserved-name", &operation("").replace("things.list", "mod.list")), @r"
    error[reserved-name]: `mod` is used for something else in generated code
      --> api.yaml#/paths/~1things/get
      help: set `operationId` to another resource.method
    ");
}

#[test]
fn an_answer_may_use_names_of_setters() {
    let generation = crate::support::run(
        &answer("{type: object, properties: {new: {type: boolean, description: A}}}"),
        &[],
    );
    assert_eq!(crate::support::printed(&generation), "");
}

#[test]
fn names_that_become_the_same() {
    assert_snapshot!(one("name-collision", &body("{type: object, properties: {addonId: {type: string, description: A}, addon_id: {type: string, description: A}}}")), @r"
    error[name-collision]: `addon_id` and `addonId` become the same name `addon_id`
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/addon_id
      help: set `x-billsby-name` on one of them
    ");
    assert_snapshot!(one("name-collision", &answer("{type: object, title: Thing, properties: {a: {type: object, title: Thing, description: A, properties: {b: {type: string, description: B}}}}}")), @r"
    error[name-collision]: two different types are called `Thing`: this one and #/paths/~1things/get/responses/200/content/application~1json/schema/properties/a
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: set `title` on one of them
    ");
    let texts = ["a", "b", "c", "d", "e"];
    let texts = texts.map(|name| format!("{name}: {{type: string, description: A}}"));
    let texts = texts.join(", ");
    let made = format!(
        "{{type: object, title: Made, required: [a, b, c, d, e], properties: {{{texts}, part: {{type: object, title: MadeRequired, description: A, properties: {{z: {{type: string, description: Z}}}}}}}}}}"
    );
    // What the constructor of `Made` takes has that name.
    assert_snapshot!(one("name-collision", &body(&made)), @r"
    error[name-collision]: two different types are called `MadeRequired`: this one and #/paths/~1things/post/requestBody/content/application~1json/schema/properties/part
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema
      help: set `title` on one of them
    ");
    let get = |id: &str| {
        format!(
            "{{get: {{operationId: {id}, summary: Get, responses: {{'200': {{description: OK}}}}}}}}"
        )
    };
    assert_snapshot!(one("name-collision", &document(&format!("paths:\n  /a: {}\n  /b: {}\n", get("things.a1"), get("things.a_1")))), @r"
    error[name-collision]: `things.a_1` and the operation at #/paths/~1a/get would both be called `A1`
      --> api.yaml#/paths/~1b/get
      help: set `operationId` to another resource.method
    ");
    assert_snapshot!(one("name-collision", &operation("").replace("things.list", "things.things")), @r"
    error[name-collision]: `things.things` and the resource `things` would both be called `Things`
      --> api.yaml#/paths/~1things/get
      help: set `operationId` to another resource.method
    ");
}

#[test]
fn inputs_that_are_called_the_same() {
    let text = body("{type: object, properties: {thingId: {type: string, description: A}}}");
    let text = text.replace("/things:", "/things/{thingId}:").replace("      requestBody", "      parameters: [{name: thingId, in: path, description: A, required: true, schema: {type: string}}]\n      requestBody");
    assert_snapshot!(one("argument-clash", &text), @r"
    error[argument-clash]: two inputs of this operation are called `thingId`
      --> api.yaml#/paths/~1things~1{thingId}/post
      help: set `x-billsby-name` on one of them
    ");
    // Reads have an argument of this name already: what to show of the answer.
    let fields = "parameters: [{name: fields, in: query, description: A, schema: {type: string}}]";
    assert_snapshot!(one("argument-clash", &operation(fields)), @r"
    error[argument-clash]: two inputs of this operation are called `fields`
      --> api.yaml#/paths/~1things/get
      help: set `x-billsby-name` on one of them
    ");
}

#[test]
fn parameters_listed_twice() {
    let parameter = "{name: page, in: query, description: A, schema: {type: integer}}";
    assert_snapshot!(one("parameter-twice", &operation(&format!("parameters: [{parameter}, {parameter}]"))), @r"
    error[parameter-twice]: the parameter `page` is listed twice
      --> api.yaml#/paths/~1things/get/parameters/1
      help: delete one of the two
    ");
}

#[test]
fn equal_shapes_with_different_titles() {
    let thing = |title: &str| {
        format!(
            "{{type: object, title: {title}, description: A, properties: {{a: {{type: string, description: A}}}}}}"
        )
    };
    assert_snapshot!(one("shape-titles", &answer(&format!("{{type: object, title: Both, properties: {{one: {}, two: {}}}}}", thing("Address"), thing("Place")))), @r"
    error[shape-titles]: this shape is titled `Place` here and `Address` at #/paths/~1things/get/responses/200/content/application~1json/schema/properties/one
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/properties/two
      help: equal shapes become one type: give them the same title
    ");
}

#[test]
fn resources_nobody_uses() {
    assert_snapshot!(one("resource", &format!("{}x-billsby-resources: {{thing: One thing.}}\n", operation(""))), @r"
    error[resource]: no operation belongs to `thing`
      --> api.yaml#/x-billsby-resources/thing
      help: delete the entry, or correct its name
    ");
    assert_snapshot!(one("resource", &format!("{}x-billsby-resources: {{things: [One, thing]}}\n", operation(""))), @r"
    error[resource]: the description of `things` is not text
      --> api.yaml#/x-billsby-resources/things
      help: write one line about what the resource is
    ");
}

#[test]
fn tools_that_are_not_well_described() {
    let tool = |members: &str| {
        operation(&format!(
            "x-billsby-tool: {{name: list_things, short: things, {members}}}"
        ))
    };
    assert_snapshot!(one("tool", &tool("class: read")), @r"
    error[tool]: `effect` is missing or not text
      --> api.yaml#/paths/~1things/get/x-billsby-tool
      help: x-billsby-tool has name, short, class, effect and, if there are any, aliases, hints and one_of
    ");
    assert_snapshot!(one("tool", &tool("class: reed, effect: read")), @r"
    error[tool]: `reed` is not a class
      --> api.yaml#/paths/~1things/get/x-billsby-tool/class
      help: use read, write or custom
    ");
    assert_snapshot!(one("tool", &tool("class: read, effect: red")), @r"
    error[tool]: `red` is not an effect
      --> api.yaml#/paths/~1things/get/x-billsby-tool/effect
      help: use read, write, money, message, irreversible or accumulates
    ");
    assert_snapshot!(one("tool", &tool("class: read, effect: read, alias: [a]")), @r"
    error[tool]: `alias` has no meaning here
      --> api.yaml#/paths/~1things/get/x-billsby-tool/alias
      help: x-billsby-tool has name, short, class, effect and, if there are any, aliases, hints and one_of
    ");
    assert_snapshot!(one("tool", &tool("class: read, effect: read, aliases: a")), @r"
    error[tool]: `aliases` is not a list of texts
      --> api.yaml#/paths/~1things/get/x-billsby-tool/aliases
      help: x-billsby-tool has name, short, class, effect and, if there are any, aliases, hints and one_of
    ");
}

#[test]
fn tools_that_need_one_of_what_is_not_there() {
    let tool = |one_of: &str| {
        operation(&format!(
            "x-billsby-tool: {{name: list_things, short: things, class: read, effect: read, one_of: {one_of}}}"
        ))
    };
    assert_snapshot!(one("tool", &tool("colour")), @r"
    error[tool]: `one_of` is not a list of texts
      --> api.yaml#/paths/~1things/get/x-billsby-tool/one_of
      help: x-billsby-tool has name, short, class, effect and, if there are any, aliases, hints and one_of
    ");
    assert_snapshot!(one("tool", &tool("[colour]")), @r"
    error[tool]: `colour` is not an optional parameter of the operation
      --> api.yaml#/paths/~1things/get/x-billsby-tool/one_of
      help: `one_of` lists optional parameters, of which a call needs at least one
    ");
}

#[test]
fn hints_that_tools_cannot_have() {
    let tool = |effect: &str, hints: &str| {
        operation(&format!(
            "x-billsby-tool: {{name: list_things, short: things, class: write, effect: {effect}, hints: {hints}}}"
        ))
    };
    assert_snapshot!(one("tool", &tool("write", "additive")), @r"
    error[tool]: `hints` is not a list of texts
      --> api.yaml#/paths/~1things/get/x-billsby-tool/hints
      help: `hints` is a list of additive and idempotent
    ");
    assert_snapshot!(one("tool", &tool("write", "[harmless]")), @r"
    error[tool]: `harmless` is not a hint
      --> api.yaml#/paths/~1things/get/x-billsby-tool/hints
      help: `hints` is a list of additive and idempotent
    ");
    assert_snapshot!(one("tool", &tool("money", "[additive]")), @r"
    error[tool]: a call with this effect does more than add something
      --> api.yaml#/paths/~1things/get/x-billsby-tool/hints
      help: leave `additive` out, or correct the effect
    ");
}

#[test]
fn markers_that_stand_for_no_tool() {
    assert_snapshot!(one("marker", &operation("description: Not {get_thing}, see {list_things}.")), @r"
    error[marker]: `{get_thing}` is not the short name of a tool
      --> api.yaml#/paths/~1things/get
      help: braces stand for another tool: write its short name between them
    ");
    assert_snapshot!(one("marker", &operation("parameters: [{name: a, in: query, description: A., x-billsby-brief: 'From {things}', schema: {type: string}}]")), @r"
    error[marker]: `{things}` is not the short name of a tool
      --> api.yaml#/paths/~1things/get
      help: braces stand for another tool: write its short name between them
    ");
    let schema = "{type: object, title: Made, properties: {a: {type: string, description: A., x-billsby-brief: 'From {things}'}}}";
    assert_snapshot!(one("marker", &body(schema)), @r"
    error[marker]: `{things}` is not the short name of a tool
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/a
      help: braces stand for another tool: write its short name between them
    ");
}

#[test]
fn tools_with_names_that_cannot_be_called() {
    let tool = |names: &str| {
        operation(&format!(
            "x-billsby-tool: {{class: read, effect: read, {names}}}"
        ))
    };
    assert_snapshot!(one("tool-name", &tool("name: list_things, short: list_all_of_the_things")), @r"
    error[tool-name]: `list_all_of_the_things` is not a short tool name
      --> api.yaml#/paths/~1things/get
      help: use at most 21 characters of a-z, 0-9 and _, a letter first
    ");
    assert_snapshot!(one("tool-name", &tool("name: List-Things, short: things")), @r"
    error[tool-name]: `List-Things` is not a tool name
      --> api.yaml#/paths/~1things/get
      help: use at most 64 characters of a-z, 0-9 and _, a letter first
    ");
    assert_snapshot!(one("tool-name", &tool("name: list_things, short: things, aliases: [things]")), @r"
    error[tool-name]: `things` is also a name of the tool of #/paths/~1things/get
      --> api.yaml#/paths/~1things/get
      help: give each tool names of its own in x-billsby-tool
    ");
}
