//! What is printed of the admin API and the store when a server begins.

use std::fmt;

use billsby_mcp::store::StoreUrl;

use super::provisioned::{Admin, Announcement};
use crate::command::master_key::Kept;

impl Announcement {
    /// Where everything is. It holds the admin token, if that is new.
    pub(super) fn text(&self, base: &str) -> String {
        let admin_token = match &self.admin {
            Admin::New(token) => format!(
                "\nAdmin token  {}\n             (shown once, so keep it; commands read it from BILLSBY_MCP_ADMIN_TOKEN)",
                token.reveal()
            ),
            Admin::Known => "\nAdmin token  the one that was shown at the first start".to_owned(),
            Admin::Given => "\nAdmin token  the one in BILLSBY_MCP_ADMIN_TOKEN".to_owned(),
        };
        let data = match &self.url {
            StoreUrl::Memory => "in memory, gone when the server ends".to_owned(),
            url => url.to_string(),
        };
        let master_key = match &self.kept {
            Kept::Nowhere => String::new(),
            kept => format!(
                "\nMaster key   {kept}\n             (keep a copy elsewhere: without it the API keys in the data cannot be read)"
            ),
        };
        // All its addresses begin at the root.
        let page = if has_path(base) {
            "\nWeb page     at / of the address it listens on: it cannot be below the path of --public-url".to_owned()
        } else {
            format!("\nWeb page     {base}/   (sign in with the admin token)")
        };
        format!(
            "{page}\nAdmin API    {base}   (described at {base}/api/openapi.json){admin_token}\nData         {data}{master_key}\n\n\
             Add an account:  billsby-mcp account create --help"
        )
    }
}

/// Whether an address has more than a host.
fn has_path(base: &str) -> bool {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.trim_end_matches('/').contains('/')
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("the one in BILLSBY_MCP_MASTER_KEY"),
            Self::Nowhere => f.write_str("one in memory"),
        }
    }
}
