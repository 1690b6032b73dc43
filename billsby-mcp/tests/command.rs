//! The program as the person who starts it sees it: its help, and what it says of wrong options.

use std::process::{Command, Output, Stdio};

const KEY: &str = "acme_0123456789abcdef0123456789abcdef";

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_billsby-mcp"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

const ACCOUNT: [(&str, &str); 2] = [("BILLSBY_API_KEY", KEY), ("BILLSBY_COMPANY_DOMAIN", "acme")];

/// What the program writes when it must not start.
#[track_caller]
fn refused(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = run(arguments, environment);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert_eq!(output.stdout, b"", "{arguments:?}");
    assert!(!errors.contains(KEY), "{errors}");
    errors
}

fn told(arguments: &[&str]) -> String {
    let output = run(arguments, &[]);
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_and_version_need_no_account() {
    assert_eq!(
        told(&["--version"]).trim(),
        concat!("billsby-mcp ", env!("CARGO_PKG_VERSION"))
    );
    assert!(told(&["--help"]).contains("stdio"));
    let help = told(&["stdio", "--help"]);
    for option in [
        "--methods",
        "--tags",
        "--tools",
        "--exclude-tools",
        "--include-unreviewed",
        "--names",
        "--expose",
        "--company-domain",
        "--profile",
        "--output-schemas",
        "--result-tokens",
        "--timeout",
    ] {
        assert!(help.contains(option), "{option}: {help}");
        let variable = option.trim_start_matches("--").to_uppercase();
        let variable = format!("BILLSBY_MCP_{}", variable.replace('-', "_"));
        assert!(help.contains(&variable), "{variable}: {help}");
    }
    assert!(help.contains("BILLSBY_API_KEY"), "{help}");
}

#[test]
fn wrong_options_are_named() {
    for (arguments, word) in [
        (&["sdtio"][..], "stdio"),
        (&["stdio", "--method=read"], "--methods"),
        (&["stdio", "--names=long"], "inventory"),
        (&["stdio", "--expose=some"], "discovery"),
        (&["stdio", "--timeout=0"], "--timeout"),
        (&["stdio", "--result-tokens=many"], "--result-tokens"),
    ] {
        let errors = refused(arguments, &ACCOUNT);
        assert!(errors.contains(word), "{arguments:?}: {errors}");
    }
}

#[test]
fn a_missing_account_is_named() {
    let errors = refused(&["stdio"], &ACCOUNT[1..]);
    assert!(errors.contains("BILLSBY_API_KEY is missing"), "{errors}");
    let errors = refused(&["stdio"], &ACCOUNT[..1]);
    assert!(
        errors.contains("BILLSBY_COMPANY_DOMAIN is missing"),
        "{errors}"
    );
}

#[test]
fn everything_wrong_with_the_filters_is_told_at_once() {
    let errors = refused(
        &["stdio", "--methods=raed,write", "--tags=invoice, plan"],
        &ACCOUNT,
    );
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(
        lines,
        [
            "billsby-mcp: --methods: there is no method \"raed\"; did you mean read?",
            "billsby-mcp: --tags: there is no tag \"invoice\"; did you mean invoices?",
            "billsby-mcp: --tags: there is no tag \"plan\"; did you mean plans?",
        ]
    );
}

#[test]
fn filters_that_leave_no_tool_are_explained() {
    let errors = refused(&["stdio", "--tools=refund_invoice"], &ACCOUNT);
    assert!(
        errors.contains("no tool is left") && errors.contains("with other methods"),
        "{errors}"
    );
}

#[test]
fn a_wrong_word_in_the_environment_is_named() {
    let environment = [ACCOUNT[0], ACCOUNT[1], ("BILLSBY_MCP_NAMES", "long")];
    let errors = refused(&["stdio"], &environment);
    assert!(errors.contains("--names"), "{errors}");
}

/// With nothing to read the server ends at once, and well.
#[test]
fn a_variable_without_a_value_is_not_set() {
    for variable in [
        "BILLSBY_MCP_METHODS",
        "BILLSBY_MCP_TAGS",
        "BILLSBY_MCP_TOOLS",
        "BILLSBY_MCP_EXCLUDE_TOOLS",
        "BILLSBY_MCP_NAMES",
        "BILLSBY_MCP_TIMEOUT",
    ] {
        for blank in ["", " "] {
            let output = run(&["stdio"], &[ACCOUNT[0], ACCOUNT[1], (variable, blank)]);
            let errors = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{variable}: {errors}");
        }
    }
    // On the command line an empty list is a mistake.
    let errors = refused(&["stdio", "--tags="], &ACCOUNT);
    assert!(errors.contains("--tags"), "{errors}");
}

#[test]
fn a_url_in_the_wrong_place_is_not_shown() {
    let url = "https://mcp.example.com/mcp/bmcp_secret";
    let with_value = format!("--allow-http={url}");
    for arguments in [
        &["bridge", "https://mcp.example.com/mcp/a", url][..],
        &[url],
        &["bridge", &with_value, "https://mcp.example.com/mcp/a"],
        &["serve", "--listen", "127.0.0.1:0", url],
    ] {
        let errors = refused(arguments, &[]);
        assert!(!errors.contains("bmcp_secret"), "{errors}");
        assert!(errors.contains("(a URL)"), "{errors}");
    }
}

#[test]
fn only_a_clear_word_lets_unreviewed_tools_in() {
    let variables = [
        ACCOUNT[0],
        ACCOUNT[1],
        ("BILLSBY_MCP_INCLUDE_UNREVIEWED", "flase"),
    ];
    assert!(refused(&["stdio"], &variables).contains("flase"));
}
