//! Texts made to do harm, or no document at all: each gives a diagnostic, quickly and without exhausting the stack.

use std::fmt::Write;

use billsby_codegen::{Generation, Severity, Source, import};
use serde_json::{Value, json};

use crate::support::{printed, run};

/// Fails unless the text is refused with this code, as a document.
fn assert_refused(text: &str, code: &str) {
    let shown: String = text.chars().take(60).collect();
    assert_code(&run(text, &[]), code, &shown);
}

fn assert_code(generation: &Generation, code: &str, shown: &str) {
    assert!(generation.files.is_none(), "{shown:?} is accepted");
    let errors = generation
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error);
    let codes: Vec<&str> = errors.map(|found| found.code).collect();
    assert!(
        codes.contains(&code),
        "{shown:?}: {codes:?}\n{}",
        start(&printed(generation))
    );
}

fn start(text: &str) -> String {
    text.chars().take(2_000).collect()
}

#[test]
fn what_is_no_document_is_refused() {
    for text in [
        "",
        "\n",
        "# nothing",
        "null",
        "~",
        "[]",
        "{}",
        "5",
        "\"openapi\"",
        "--- {}",
        "true",
        "-",
    ] {
        assert_refused(text, "version");
    }
    let broken = [
        "{",
        "[",
        "{]",
        "\0",
        "\u{1}\u{2}",
        "a: b: c",
        "\ta: 1",
        "%YAML 9.9\n---\na: 1",
        "--- a\n--- b",
        "&a [*b]",
        "*a",
        "{\"a\": 1e999}",
        "{\"a\": NaN}",
        "a: .inf",
        "? [a]\n: b",
        "{} {}",
        "PNG\u{fffd}\u{fffd}\r\n\u{1a}",
        "a: !!binary x:y: z",
    ];
    for text in broken {
        assert_refused(text, "syntax");
    }
}

#[test]
fn what_is_no_document_is_no_overlay_either() {
    let document =
        json!({"openapi": "3.0.3", "info": {"title": "", "version": ""}, "paths": {}}).to_string();
    for text in ["", "null", "[]", "{}", "5"] {
        assert_code(&run(&document, &[text]), "overlay-version", text);
    }
    assert_code(&run(&document, &["{"]), "syntax", "{");
    let overlay = |actions: &str| {
        format!("overlay: 1.0.0\ninfo: {{title: '', version: ''}}\nactions: {actions}")
    };
    for actions in ["null", "[]", "{}", "5"] {
        let text = overlay(actions);
        assert_code(&run(&document, &[&text]), "overlay-actions", &text);
    }
    for action in [
        "null",
        "5",
        "{}",
        "{target: ''}",
        "{target: '$['}",
        "{target: $, update: 1, x: 2}",
        "{target: 5}",
    ] {
        let text = overlay(&format!("[{action}]"));
        assert_code(&run(&document, &[&text]), "overlay-action", &text);
    }
}

#[test]
fn deep_nesting_is_refused() {
    const LEVELS: usize = 10_000;
    let texts = [
        "[".repeat(LEVELS),
        "[".repeat(LEVELS) + &"]".repeat(LEVELS),
        "{\"a\":".repeat(LEVELS),
        "{\"a\":".repeat(LEVELS) + "1" + &"}".repeat(LEVELS),
        "- ".repeat(LEVELS) + "a",
        format!("a: {}{}", "[".repeat(LEVELS), "]".repeat(LEVELS)),
        format!("a: {}", "{a: ".repeat(LEVELS)),
    ];
    for text in texts {
        assert_refused(&text, "syntax");
        let source = Source {
            name: "a.yaml",
            text: &text,
        };
        assert!(import(source).is_err());
    }
}

fn document(schemas: &Value) -> String {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "", "version": "1"},
        "paths": {"/a": {"post": {
            "summary": "Send",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A0"}}}},
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A0"}}}}},
        }}},
        "components": {"schemas": schemas},
    })
    .to_string()
}

/// A schema that holds itself in a keyword, so many times, with something at the end.
fn nested(levels: usize, inside: impl Fn(Value) -> Value, end: Value) -> Value {
    (0..levels).fold(end, |schema, _| inside(schema))
}

#[test]
fn a_mistake_at_the_bottom_of_a_deep_schema_is_found_at_once() {
    let list = |items| json!({"type": "array", "items": items});
    let object = |inner| json!({"type": "object", "properties": {"a": inner}});
    let choice = |inner| json!({"oneOf": [inner, {"type": "string"}]});
    for end in [
        json!({"type": 5}),
        json!({"type": "string", "nullable": "yes"}),
        json!(5),
    ] {
        for schema in [
            nested(20, list, end.clone()),
            nested(12, object, end.clone()),
            nested(8, choice, end.clone()),
        ] {
            assert_refused(&document(&json!({"A0": schema})), "structure");
        }
        let headers = json!({"A": {"schema": nested(20, list, end.clone())}});
        let components = json!({"headers": headers, "responses": {"B": {"description": "", "headers": headers}}});
        assert_refused(&outline("components", &components), "structure");
        let callback =
            |inner| json!({"get": {"callbacks": {"on": {"url": inner}}, "responses": {}}});
        assert_refused(
            &outline(
                "paths",
                &json!({"/a": nested(6, callback, json!({"get": end}))}),
            ),
            "structure",
        );
    }
}

fn outline(member: &str, value: &Value) -> String {
    let mut document =
        json!({"openapi": "3.0.3", "info": {"title": "", "version": "1"}, "paths": {}});
    document[member] = value.clone();
    document.to_string()
}

#[test]
fn nesting_that_could_exhaust_the_stack_is_refused() {
    let list = |items| json!({"type": "array", "items": items});
    let text = document(&json!({"A0": nested(20, list, json!({"type": "string"}))}));
    assert_eq!(printed(&run(&text, &[])), "");
    let forms: [fn(Value) -> Value; 6] = [
        |inner| json!({"type": "array", "items": inner}),
        |inner| json!({"type": "object", "properties": {"a": inner}}),
        |inner| json!({"additionalProperties": inner}),
        |inner| json!({"allOf": [inner]}),
        |inner| json!({"not": inner}),
        |inner| json!({"default": inner}),
    ];
    for form in forms {
        for levels in [30, 40, 50] {
            assert_refused(
                &document(&json!({"A0": nested(levels, form, json!({"type": "string"}))})),
                "too-deep",
            );
        }
    }
}

#[test]
fn overlays_that_would_exhaust_the_stack_or_the_clock_are_refused() {
    let document = outline("x-here", &json!({}));
    let refuse = |actions: &[Value]| {
        let overlay = json!({"overlay": "1.0.0", "actions": actions}).to_string();
        assert_code(
            &run(&document, &[&overlay]),
            "overlay-action",
            &start(&overlay),
        );
    };
    for levels in [20, 10_000] {
        for (open, close) in [("(", ")"), ("@[?", "]"), ("!(", ")")] {
            let target = format!("$[?{}@.a{}]", open.repeat(levels), close.repeat(levels));
            refuse(&[json!({"target": target, "remove": true})]);
        }
    }
    let deeper = |levels| nested(levels, |inner| json!({"a": inner}), json!({"x-here": {}}));
    let action = json!({"target": "$..x-here", "update": deeper(60)});
    refuse(&[action.clone(), action.clone(), action]);
}

#[test]
fn aliases_do_not_multiply() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let item = format!("*a{}", level - 1);
        _ = writeln!(
            bomb,
            "a{level}: &a{level} [{}]",
            [item.as_str(); 9].join(", ")
        );
    }
    assert_refused(&bomb, "syntax");
    let wide = format!(
        "a: &a [{}]\nb: [{}]\n",
        "x, ".repeat(5_000),
        "*a, ".repeat(5_000)
    );
    assert_refused(&wide, "syntax");
}

#[test]
fn references_do_not_multiply() {
    let name = |index: usize| format!("#/components/schemas/A{index}");
    let both = |index: usize| json!({"type": "object", "properties": {"x": {"$ref": name(index)}, "y": {"$ref": name(index)}}});
    let mut doubling: serde_json::Map<String, Value> = (0..60)
        .map(|index| (format!("A{index}"), both(index + 1)))
        .collect();
    doubling.insert("A60".to_owned(), json!({"type": "string"}));
    assert_refused(&document(&doubling.into()), "too-large");
    let next = |index: usize| json!({"$ref": name(index)});
    let mut chain: serde_json::Map<String, Value> = (0..10_000)
        .map(|index| (format!("A{index}"), next(index + 1)))
        .collect();
    chain.insert("A10000".to_owned(), json!({"type": "string"}));
    assert_refused(&document(&chain.clone().into()), "too-large");
    chain.insert("A10000".to_owned(), next(0));
    assert_refused(&document(&chain.into()), "reference-cycle");
}

#[test]
fn references_that_look_like_others_end() {
    for (name, reference, other) in [
        ("A~0", "A~0", "A~"),
        ("B/not", "B/not", "B"),
        ("C~1D", "C~1D", "C/D"),
    ] {
        let reference = json!({"$ref": format!("#/components/schemas/{reference}")});
        let schemas = json!({
            name: reference,
            other: {"type": "array", "items": {"type": "string"}, "not": {"type": "string"}},
            "A0": {"type": "array", "items": reference},
        });
        let generation = run(&document(&schemas), &[]);
        assert_eq!(
            generation.files.is_some(),
            other != "B",
            "{}",
            printed(&generation)
        );
    }
}

#[test]
fn large_lists_are_read_in_a_moment() {
    let choice = |count: usize| {
        let values: Vec<String> = (0..count).map(|index| format!("Value{index}")).collect();
        json!({"type": "object", "properties": {"a": {"type": "string", "description": "A", "enum": values}}})
    };
    assert_eq!(
        printed(&run(&document(&json!({"A0": choice(5_000)})), &[])),
        ""
    );
    assert_refused(&document(&json!({"A0": choice(50_000)})), "too-large");
    let unknown = (0..20_000).map(|index| (format!("wrong{index}"), json!(1)));
    let generation = run(
        &document(&json!({"B": Value::Object(unknown.collect())})),
        &[],
    );
    assert!(generation.diagnostics.len() >= 20_000);
    let properties = (0..3_000).map(|index| {
        (
            format!("property{index}"),
            json!({"type": "string", "description": "A"}),
        )
    });
    let object = json!({"type": "object", "properties": Value::Object(properties.collect())});
    assert_eq!(printed(&run(&document(&json!({"A0": object})), &[])), "");
}
