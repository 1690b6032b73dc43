//! Every tool as it is served by default, one snapshot each, under its short name.

use billsby_mcp::tool::Tool;

use super::{listings, served};
use crate::support::all_tools;

#[test]
fn each_tool_is_listed_as_in_its_snapshot() {
    for listing in listings(&all_tools()) {
        let is_listed = |tool: &&Tool| tool.name == listing.name;
        let tool = billsby_mcp::tools()
            .find(is_listed)
            .expect("a tool of the table");
        insta::assert_json_snapshot!(tool.short_name, served(&listing));
    }
}
