//! Schemas that cannot be modelled as they stand, and operations that cannot be generated.

use insta::assert_snapshot;

use super::{answer, body, document, one, operation};

#[test]
fn amounts_of_another_type() {
    assert_snapshot!(one("amount", &answer("{type: number, x-billsby-type: amount}")), @r"
    error[amount]: an amount must be an integer, or a choice between an integer and text
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: use `type: integer, format: int64`, in minor units
    ");
}

#[test]
fn limits_between_whole_numbers() {
    assert_snapshot!(one("limit", &body("{type: object, title: Made, properties: {a: {type: number, minimum: 0.5, description: A}}}")), @r"
    warning[limit]: the limit 0.5 is widened to 0
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/properties/a
      help: use a whole number as limit
    ");
}

#[test]
fn numbers_without_names() {
    assert_snapshot!(one("enum-names", &answer("{type: integer, enum: [1, 2]}")), @r"
    warning[enum-names]: the numbers have no names, so any number is accepted
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: name each value in `x-enum-varnames`, in the same order
    ");
    assert_snapshot!(one("enum-names", &answer("{type: integer, enum: [1, 2], x-enum-varnames: [One]}")), @r"
    error[enum-names]: 2 values have 1 names
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: name each value in `x-enum-varnames`, in the same order
    ");
    assert_snapshot!(one("enum-names", &answer("{type: string, enum: [one], x-enum-varnames: [One, Two]}")), @r"
    error[enum-names]: 1 values have 2 names
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: name each value in `x-enum-varnames`, in the same order
    ");
}

#[test]
fn values_that_cannot_be_told_apart() {
    assert_snapshot!(one("enum-values", &answer("{type: string, enum: [active, Active]}")), @r"
    error[enum-values]: the value `Active` cannot be told from an earlier one
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: list each value once, and name them apart in `x-enum-varnames`
    ");
    assert_snapshot!(one("enum-values", &answer("{type: integer, enum: [1, 1], x-enum-varnames: [One, Two]}")), @r"
    error[enum-values]: the value `Two` cannot be told from an earlier one
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: list each value once, and name them apart in `x-enum-varnames`
    ");
}

#[test]
fn schemas_that_are_not_modelled() {
    assert_snapshot!(one("free-form", &answer("{oneOf: [{type: integer}, {type: boolean}]}")), @r"
    warning[free-form]: a choice between schemas is not modelled: the value is passed on as free-form JSON
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: describe the value by a single type in a correction if callers should get more help
    ");
    assert_snapshot!(one("free-form", &answer("{allOf: [{type: object}, {type: object}]}")), @r"
    warning[free-form]: a combination of schemas is not modelled: the value is passed on as free-form JSON
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: describe the value by a single type in a correction if callers should get more help
    ");
    assert_snapshot!(one("free-form", &answer("{not: {type: object}}")), @r"
    warning[free-form]: `not` is not modelled: the value is passed on as free-form JSON
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: describe the value by a single type in a correction if callers should get more help
    ");
    assert_snapshot!(one("free-form", &answer("{type: integer, minimum: 1.5}")), @r"
    warning[free-form]: a mixture of keywords that no single type has is not modelled: the value is passed on as free-form JSON
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema
      help: describe the value by a single type in a correction if callers should get more help
    ");
}

#[test]
fn required_lists_that_do_not_fit() {
    assert_snapshot!(one("required", &body("{type: object, required: [name], properties: {nam: {type: string, description: A}}}")), @r"
    error[required]: `name` is required but not described
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/required
      help: make `required` a list of different names from `properties`
    ");
    assert_snapshot!(one("required", &body("{type: object, required: [a, a], properties: {a: {type: string, description: A}}}")), @r"
    error[required]: `a` is listed twice as required
      --> api.yaml#/paths/~1things/post/requestBody/content/application~1json/schema/required
      help: make `required` a list of different names from `properties`
    ");
}

#[test]
fn things_without_a_description() {
    assert_snapshot!(one("undocumented", &operation("").replace("      summary: List things\n", "")), @r"
    warning[undocumented]: `things.list` has no summary
      --> api.yaml#/paths/~1things/get
      help: describe it in the tools overlay
    ");
    assert_snapshot!(one("undocumented", &answer("{type: object, title: Thing, properties: {name: {type: string}}}")), @r"
    warning[undocumented]: `name` of Thing has no description
      --> api.yaml#/paths/~1things/get/responses/200/content/application~1json/schema/properties/name
      help: describe it in the tools overlay
    ");
}

#[test]
fn operations_that_are_left_out() {
    let content = |media_type: &str| {
        document(&format!(
            "paths:\n  /files:\n    post:\n      operationId: files.add\n      summary: Add a file\n      requestBody: {{content: {{{media_type}: {{schema: {{type: object}}}}}}}}\n      responses: {{'200': {{description: OK}}}}\n"
        ))
    };
    assert_snapshot!(one("skipped", &content("multipart/form-data")), @r"
    warning[skipped]: this operation is left out: its body is not JSON
      --> api.yaml#/paths/~1files/post
      help: describe it in a way that can be generated, or remove it by an overlay action
    ");
    assert_snapshot!(one("skipped", &operation("parameters: [{name: X-Token, in: header, required: true, schema: {type: string}}]")), @r"
    warning[skipped]: this operation is left out: it needs the header or cookie `X-Token`
      --> api.yaml#/paths/~1things/get
      help: describe it in a way that can be generated, or remove it by an overlay action
    ");
    assert_snapshot!(one("skipped", &operation("parameters: [{name: ids, in: query, schema: {type: array, items: {type: string}}}]")), @r"
    warning[skipped]: this operation is left out: the parameter `ids` is not a single value
      --> api.yaml#/paths/~1things/get
      help: describe it in a way that can be generated, or remove it by an overlay action
    ");
    assert_snapshot!(one("skipped", &operation("").replace("'200'", "'302'")), @r"
    warning[skipped]: this operation is left out: it describes no successful answer
      --> api.yaml#/paths/~1things/get
      help: describe it in a way that can be generated, or remove it by an overlay action
    ");
}

#[test]
fn parameters_that_are_left_out() {
    assert_snapshot!(one("skipped-parameter", &operation("parameters: [{name: X-Trace, in: header, schema: {type: string}}]")), @r"
    warning[skipped-parameter]: the optional header or cookie `X-Trace` is not offered
      --> api.yaml#/paths/~1things/get/parameters/0
      help: remove the parameter by an overlay action if nobody needs it
    ");
}
