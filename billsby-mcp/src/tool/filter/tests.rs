use super::*;
use crate::tool::{Answer, Class, Effect};

const TOOL: Tool = Tool {
    name: "list_all_billsby_invoices",
    short_name: "list_invoices",
    aliases: &["invoices"],
    title: "",
    description: "",
    operation: "invoices.list",
    tag: "invoices",
    class: Class::Read,
    effect: Effect::Read,
    reviewed: true,
    additive: false,
    idempotent: false,
    output_schema: r#"{"type": "object"}"#,
    paged: false,
    long_answer: false,
    renamed_keys: &[],
    input_schema: "",
    call: |_, _| Box::pin(async { Ok(Answer::from_body(b"")) }),
};
static LIST: Tool = TOOL;
static MAIL: Tool = Tool {
    name: "get_single_billsby_payment_details_request_by_id",
    short_name: "request_card_update",
    aliases: &[],
    operation: "payments.request_card_update",
    tag: "payments",
    effect: Effect::Message,
    ..TOOL
};
static CREATE: Tool = Tool {
    name: "create_a_billsby_customer",
    short_name: "create_customer",
    aliases: &[],
    operation: "customers.create",
    tag: "customers",
    class: Class::Write,
    effect: Effect::Write,
    ..TOOL
};
static REFUND: Tool = Tool {
    name: "billsby_invoices_refund_invoice",
    short_name: "refund_invoice",
    aliases: &[],
    operation: "invoices.refund",
    class: Class::Custom,
    effect: Effect::Money,
    ..TOOL
};
static CUSTOM_READ: Tool = Tool {
    name: "billsby_invoices_count",
    short_name: "count_invoices",
    aliases: &[],
    operation: "invoices.count",
    class: Class::Custom,
    ..TOOL
};
static TWICE: Tool = Tool {
    name: "list_all_billsby_customer_invoices",
    short_name: "customer_invoices",
    aliases: &["billsby_invoices_customer_invoices"],
    operation: "invoices.list_for_customer",
    ..TOOL
};
static NEW: Tool = Tool {
    name: "list_all_billsby_coupons",
    short_name: "list_coupons",
    aliases: &[],
    operation: "coupons.list",
    tag: "coupons",
    reviewed: false,
    additive: false,
    idempotent: false,
    output_schema: r#"{"type": "object"}"#,
    paged: false,
    long_answer: false,
    renamed_keys: &[],
    ..TOOL
};
static ALL: [&Tool; 7] = [&LIST, &MAIL, &CREATE, &REFUND, &CUSTOM_READ, &TWICE, &NEW];

fn list(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn filter(methods: &str) -> Filter {
    Filter {
        methods: list(methods),
        ..Filter::default()
    }
}

fn chosen(filter: &Filter) -> Vec<&'static str> {
    let (chosen, left_out) = split(filter, &ALL).unwrap();
    assert_eq!(chosen.len() + left_out.len(), ALL.len());
    chosen.iter().map(|tool| tool.short_name).collect()
}

fn problems(filter: &Filter) -> Vec<String> {
    let error = split(filter, &ALL).unwrap_err();
    let told = error
        .problems()
        .iter()
        .map(|FilterProblem { part, problem, .. }| {
            let part = part.map_or("", Part::as_str);
            format!("{part}: {problem}")
        });
    told.collect()
}

#[test]
fn groups_go_by_what_a_call_does() {
    let read = ["list_invoices", "count_invoices", "customer_invoices"];
    assert_eq!(chosen(&Filter::default()), read);
    assert_eq!(chosen(&filter("read")), read);
    assert_eq!(
        chosen(&filter("write")),
        ["request_card_update", "create_customer"]
    );
    assert_eq!(
        chosen(&filter("custom")),
        ["refund_invoice", "count_invoices", "customer_invoices"]
    );
    assert_eq!(chosen(&filter("read write custom")).len(), 6);
}

#[test]
fn methods_have_exact_names_too() {
    assert_eq!(chosen(&filter("refund")), ["refund_invoice"]);
    assert_eq!(
        chosen(&filter("invoices.list customers.create")),
        ["list_invoices", "create_customer"]
    );
}

#[test]
fn every_part_has_to_be_passed() {
    let both = Filter {
        tags: list("invoices"),
        ..filter("read custom")
    };
    assert_eq!(
        chosen(&both),
        [
            "list_invoices",
            "refund_invoice",
            "count_invoices",
            "customer_invoices"
        ]
    );
    // Any name of a tool will do.
    let three = Filter {
        tools: list("invoices billsby_invoices_refund_invoice create_customer"),
        ..both.clone()
    };
    assert_eq!(chosen(&three), ["list_invoices", "refund_invoice"]);
    let four = Filter {
        exclude_tools: list("refund_invoice request_card_update"),
        ..three
    };
    assert_eq!(chosen(&four), ["list_invoices"]);
}

#[test]
fn what_nobody_has_reviewed_is_served_on_request() {
    let mut coupons = Filter {
        tags: list("coupons"),
        tools: list("list_coupons"),
        exclude_tools: list("list_coupons"),
        ..filter("read coupons.list")
    };
    assert_eq!(problems(&coupons).len(), 3);
    assert!(problems(&coupons)[0].contains("include_unreviewed"));
    coupons.include_unreviewed = true;
    coupons.exclude_tools.clear();
    assert_eq!(chosen(&coupons), ["list_coupons"]);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let wrong = Filter {
        methods: list("raed invoices.refnud refund_invoice zzz"),
        tags: vec!["invoice".to_owned(), "colours".to_owned(), " ".to_owned()],
        tools: list("refund_invoices"),
        exclude_tools: vec!["x".repeat(1000)],
        include_unreviewed: false,
    };
    let told = problems(&wrong);
    for (told, start) in told.iter().zip([
        "methods: there is no method \"raed\"; did you mean read?",
        "methods: there is no method \"invoices.refnud\"; did you mean invoices.refund?",
        "methods: \"refund_invoice\" is a tool, no method; it belongs in tools",
        "methods: there is no method \"zzz\"; use read, write, custom, or the name of",
        "tags: there is no tag \"invoice\"; did you mean invoices?",
        "tags: there is no tag \"colours\"; the tags are invoices, payments, customers",
        "tags: a value is blank",
        "tools: there is no tool \"refund_invoices\"; did you mean refund_invoice?",
        "exclude_tools: there is no tool \"xxxx",
    ]) {
        assert!(told.starts_with(start) && told.len() < 200, "{told}");
    }
    assert_eq!(told.len(), 9);
    assert_eq!(problems(&filter("")).len(), 1);
}

#[test]
fn nothing_left_is_refused_and_explained() {
    let nothing = Filter {
        tags: list("customers"),
        ..Filter::default()
    };
    assert_eq!(
        problems(&nothing),
        [
            ": no tool is left: of 6 tools, methods read leaves 3, of these tags customers \
             leaves 0; with other methods there would be 1, with other tags there would be 3"
        ]
    );
    let none = Filter {
        exclude_tools: list("list_invoices count_invoices customer_invoices"),
        ..Filter::default()
    };
    let told = &problems(&none)[0];
    assert!(
        told.contains("count_invoices,customer_invoices leaves 0"),
        "{told}"
    );
}
