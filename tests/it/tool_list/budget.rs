//! What the list costs, in tokens of `o200k`: minified JSON of the tools.
//!
//! A model is shown names, descriptions and schemas of arguments. Titles, hints and schemas of results go to
//! the client, which seldom passes them on; they are counted beside.

use std::sync::LazyLock;

use billsby_mcp::tool::{CompanyDomainMode, Exposure, Listing, Names, OutputSchemas, Settings};
use serde_json::{Value, json};
use tiktoken_rs::CoreBPE;

use super::{listings, served};
use crate::support::all_tools;

static TOKENIZER: LazyLock<CoreBPE> =
    LazyLock::new(|| tiktoken_rs::o200k_base().expect("a vocabulary that is built in"));

fn tokens(tools: &[Value]) -> usize {
    let text = serde_json::to_string(tools).expect("JSON");
    TOKENIZER.encode_ordinary(&text).len()
}

/// What a model is shown of a tool.
fn shown(listing: &Listing) -> Value {
    json!({
        "name": listing.name,
        "description": listing.description,
        "inputSchema": listing.input_schema,
    })
}

#[derive(Clone, Copy, Debug)]
enum Tools {
    All,
    ReadOnly,
    Discovery,
}

/// What the lists may cost: for a model, and with everything that is served.
#[rustfmt::skip]
const BUDGETS: [(Tools, CompanyDomainMode, usize, usize); 6] = [
    (Tools::All,       CompanyDomainMode::Explicit, 10_950, 13_450),
    (Tools::All,       CompanyDomainMode::Bound,     9_800, 12_300),
    (Tools::ReadOnly,  CompanyDomainMode::Explicit,  3_200,  4_400),
    (Tools::ReadOnly,  CompanyDomainMode::Bound,     2_700,  3_850),
    (Tools::Discovery, CompanyDomainMode::Explicit,  1_500,  1_500),
    (Tools::Discovery, CompanyDomainMode::Bound,     1_500,  1_500),
];

fn settings(tools: Tools, company_domain: CompanyDomainMode) -> Settings {
    let settings = match tools {
        Tools::All => all_tools(),
        Tools::ReadOnly => Settings::default(),
        Tools::Discovery => Settings {
            exposure: Exposure::Discovery,
            ..all_tools()
        },
    };
    Settings {
        company_domain,
        ..settings
    }
}

fn count(settings: &Settings) -> (usize, usize) {
    let listings = listings(settings);
    let shown: Vec<Value> = listings.iter().map(shown).collect();
    let served: Vec<Value> = listings.iter().map(served).collect();
    (tokens(&shown), tokens(&served))
}

#[test]
fn the_lists_keep_to_their_budgets() {
    println!("tokens (o200k)                          model  budget  served  budget  short  full");
    for (tools, mode, most_shown, most_served) in BUDGETS {
        let settings = settings(tools, mode);
        let (shown, served) = count(&settings);
        let (short, _) = count(&Settings {
            names: Names::Short,
            ..settings.clone()
        });
        let (_, full) = count(&Settings {
            output_schemas: OutputSchemas::Full,
            ..settings.clone()
        });
        let name = format!("{tools:?}, companyDomain {mode:?}");
        println!(
            "{name:<38} {shown:>6} {most_shown:>7} {served:>7} {most_served:>7} {short:>6} {full:>5}"
        );
        assert!(shown <= most_shown, "{name}: {shown} > {most_shown}");
        assert!(served <= most_served, "{name}: {served} > {most_served}");
    }
}

/// Where the tokens go, the dearest tools first.
#[test]
fn no_tool_costs_more_than_its_kind_may() {
    let mut costs: Vec<(usize, &str)> = listings(&all_tools())
        .iter()
        .map(|listing| (tokens(&[shown(listing)]), listing.name))
        .collect();
    costs.sort_unstable_by(|a, b| b.cmp(a));
    for (cost, name) in &costs {
        println!("{cost:>5} {name}");
    }
    // Only calls with nested bodies are dear: half of the list is in nine tools.
    assert!(costs[0].0 < 1_000, "{:?}", costs[0]);
    assert!(costs[10].0 < 250, "{:?}", costs[10]);
}
