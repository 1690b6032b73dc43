//! Which tools a server has, under which names, and which it cannot be made to call.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::mock::{Answer, Mock};
use crate::support::{Case, Server};

/// The names that a server lists.
async fn listed(server: &mut Server) -> BTreeSet<String> {
    let tools = server.tools().await;
    let names: BTreeSet<String> = tools
        .iter()
        .map(|tool| tool["name"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(names.len(), tools.len(), "a name is listed twice");
    names
}

/// The tools of the table that pass, by what is known about the API.
fn expected(passes: impl Fn(&Case) -> bool) -> BTreeSet<String> {
    let cases = Case::all().into_iter().filter(passes);
    cases.map(|case| case.tool).collect()
}

fn is_read(case: &Case) -> bool {
    case.effect == "read"
}

/// Whether the inventory has it, or has it also, as a custom method.
fn is_custom(case: &Case) -> bool {
    case.class == "custom" || case.tool == "list_all_billsby_customer_invoices"
}

/// Every name that calls the tool of a case.
fn names(case: &Case) -> Vec<&'static str> {
    let tool = billsby_mcp::tools().find(|tool| tool.name == case.tool);
    tool.expect("the tool").names().collect()
}

#[tokio::test]
async fn a_server_that_is_told_nothing_only_reads() {
    let mock = Mock::start().await;
    let mut server = Server::start_with(&mock, &[]).await;
    assert_eq!(listed(&mut server).await, expected(is_read));
    for tool in server.tools().await {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["annotations"]["destructiveHint"], false, "{tool}");
    }
    server.close().await;
}

/// Whatever is called, by whichever of its names: nothing that has an effect leaves a server of reads,
/// not even as a GET.
#[tokio::test]
async fn a_server_of_reads_cannot_be_made_to_change_anything() {
    let mock = Mock::start().await;
    let mut server = Server::start_with(&mock, &["--methods", "read"]).await;
    for case in Case::all() {
        for name in names(&case) {
            let params = json!({"name": name, "arguments": case.arguments});
            let answer = server.request("tools/call", &params).await;
            if is_read(&case) {
                assert_eq!(answer["result"]["isError"], false, "{name}: {answer}");
                let sent = mock.take_one();
                assert_eq!(sent.method, "GET", "{name}");
                case.check(&sent);
            } else {
                assert_eq!(answer["error"]["code"], -32602, "{name}: {answer}");
                let message = answer["error"]["message"].as_str().expect("a message");
                assert!(message.contains(&case.tool), "{name}: {message}");
                mock.assert_untouched();
            }
        }
    }
    server.close().await;
}

/// One choice for each filter.
struct Choice {
    methods: Vec<&'static str>,
    tags: &'static str,
    tools: &'static str,
    exclude_tools: &'static str,
}

impl Choice {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for bits in 1..8 {
            let words = ["read", "write", "custom"].into_iter().enumerate();
            let chosen = words.filter(|(index, _)| bits & (1 << index) != 0);
            let methods: Vec<_> = chosen.map(|(_, word)| word).collect();
            for tags in ["", "invoices,payments"] {
                for tools in ["", "refund_invoice,get_customer,request_card_update"] {
                    for exclude_tools in ["", "refund_invoice,list_invoices"] {
                        all.push(Self {
                            methods: methods.clone(),
                            tags,
                            tools,
                            exclude_tools,
                        });
                    }
                }
            }
        }
        all
    }

    fn options(&self) -> Vec<String> {
        let methods = self.methods.join(",");
        [
            ("methods", methods.as_str()),
            ("tags", self.tags),
            ("tools", self.tools),
            ("exclude-tools", self.exclude_tools),
        ]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(option, values)| format!("--{option}={values}"))
        .collect()
    }

    fn passes(&self, case: &Case) -> bool {
        let has_name = |list: &str| list.split(',').any(|name| names(case).contains(&name));
        let method = self.methods.iter().any(|word| match *word {
            "read" => is_read(case),
            "write" => !is_read(case) && case.class != "custom",
            _ => is_custom(case),
        });
        method
            && (self.tags.is_empty() || self.tags.split(',').any(|tag| tag == case.tag))
            && (self.tools.is_empty() || has_name(self.tools))
            && !has_name(self.exclude_tools)
    }
}

#[tokio::test]
async fn filters_are_combined() {
    let mock = Mock::start().await;
    let mut empty = 0;
    for choice in Choice::all() {
        let options = choice.options();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let expected = expected(|case| choice.passes(case));
        if expected.is_empty() {
            let errors = Server::refused(&mock, &options).await;
            assert!(errors.contains("no tool is left"), "{options:?}: {errors}");
            empty += 1;
        } else {
            let mut server = Server::start_with(&mock, &options).await;
            assert_eq!(listed(&mut server).await, expected, "{options:?}");
            server.close().await;
        }
    }
    assert!(empty > 0, "no combination was empty");
}

#[tokio::test]
async fn methods_have_exact_names() {
    let mock = Mock::start().await;
    let methods = "--methods=refund,customers.create";
    let mut server = Server::start_with(&mock, &[methods]).await;
    let two = [
        "billsby_invoices_refund_invoice",
        "create_a_billsby_customer",
    ];
    assert_eq!(listed(&mut server).await, two.map(str::to_owned).into());
    server.close().await;
}

#[tokio::test]
async fn a_wrong_filter_is_explained() {
    let mock = Mock::start().await;
    let errors = Server::refused(
        &mock,
        &[
            "--methods=raed",
            "--tags=invoice",
            "--tools=refund_invoices",
            "--exclude-tools=list_custmers",
        ],
    )
    .await;
    for told in [
        "--methods: there is no method \"raed\"; did you mean read?",
        "--tags: there is no tag \"invoice\"; did you mean invoices?",
        "--tools: there is no tool \"refund_invoices\"; did you mean refund_invoice?",
        "--exclude-tools: there is no tool \"list_custmers\"; did you mean list_customers?",
    ] {
        assert!(errors.contains(told), "{told}: {errors}");
    }

    let nothing = Server::refused(&mock, &["--tags=cycles"]).await;
    assert!(
        nothing.contains("tags cycles leaves 0") && nothing.contains("with other methods"),
        "{nothing}"
    );
    Server::refused(&mock, &["--methods="]).await;
    Server::refused(&mock, &["--names=long"]).await;
}

#[tokio::test]
async fn the_environment_says_the_same_and_options_go_first() {
    let mock = Mock::start().await;
    let environment = [
        ("BILLSBY_MCP_METHODS", "custom"),
        ("BILLSBY_MCP_TAGS", "invoices"),
        ("BILLSBY_MCP_NAMES", "short"),
    ];
    let mut server = Server::start_in(&mock, &environment).await;
    let names = listed(&mut server).await;
    assert!(names.contains("refund_invoice"), "{names:?}");
    let invoices = expected(|case| is_custom(case) && case.tag == "invoices");
    assert_eq!(names.len(), invoices.len());
    server.close().await;
}

#[tokio::test]
async fn short_names_are_listed_and_every_name_is_called() {
    let mock = Mock::start().await;
    let options = ["--methods=read,write,custom", "--names=short"];
    let mut server = Server::start_with(&mock, &options).await;
    let tools = listed(&mut server).await;
    assert_eq!(tools.len(), 58);
    for case in Case::all() {
        let names = names(&case);
        assert!(tools.contains(names[1]), "{} is not listed", names[1]);
        for name in names {
            let result = server.call(name, &case.arguments).await;
            assert!(!result.is_error, "{name}: {}", result.structured);
            case.check(&mock.take_one());
        }
    }
    server.close().await;
}

#[tokio::test]
async fn a_bound_company_domain_is_not_asked_for() {
    let mock = Mock::start().await;
    let options = ["--methods=read,write,custom", "--company-domain=bound"];
    let mut server = Server::start_with(&mock, &options).await;
    for tool in server.tools().await {
        assert!(!tool.to_string().contains("companyDomain"), "{tool}");
    }
    for mut case in Case::all() {
        let domain = case.arguments.shift_remove("companyDomain");
        let result = server.call(&case.tool, &case.arguments).await;
        assert!(!result.is_error, "{}: {}", case.tool, result.structured);
        case.check(&mock.take_one());
        // Who names it all the same has not read the schema, and may mean another company.
        if let Some(domain) = domain {
            case.arguments.insert("companyDomain".to_owned(), domain);
            let result = server.call(&case.tool, &case.arguments).await;
            assert_eq!(result.wrong_fields(), ["companyDomain"], "{}", case.tool);
        }
    }
    server.close().await;
    mock.assert_untouched();
}

#[tokio::test]
async fn a_wrong_argument_is_told_where_its_value_comes_from() {
    let mock = Mock::start().await;
    let options = ["--methods=read,custom", "--names=short"];
    let mut server = Server::start_with(&mock, &options).await;
    let wrong = json!({"companyDomain": "widgets", "customerUniqueID": "C1", "invoiceNumber": 7});
    let arguments = wrong.as_object().expect("an object");
    let result = server.call("refund_invoice", arguments).await;
    let told: BTreeSet<String> = result.structured["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|line| format!("{}: {}", line["field"], line["problem"]))
        .collect();
    let told = told.into_iter().collect::<Vec<_>>().join("\n");
    for part in [
        "\"customerUniqueId\": \"missing; expected text",
        "; list_customers supplies it\"",
        "unknown field; did you mean customerUniqueId?",
        ", got a number; customer_invoices supplies it\"",
        "\"amount\": \"missing; expected a whole number",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    server.close().await;
    mock.assert_untouched();
}

#[tokio::test]
async fn a_call_is_given_up_in_time() {
    let mock = Mock::start().await;
    let case = Case::of("Customer_getDetails");
    let late = Answer::json(200, &Value::Null).after(Duration::from_secs(25));
    mock.answer_with(&case.operation, late);
    let mut server = Server::start_with(&mock, &["--timeout=1"]).await;
    let result = server.call(&case.tool, &case.arguments).await;
    assert!(result.is_error, "{}", result.structured);
    assert_eq!(result.text("outcome"), "unknown");
    assert_eq!(result.structured["retryable"], true);
    server.close().await;
}
