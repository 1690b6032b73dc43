//! Names that become too long when a client puts the server's name in front.

use super::{Warning, some_of};
use crate::connect::short_name;
use crate::tool::Listing;

/// How a client names the tools of a server.
struct Naming {
    client: &'static str,
    /// What stands before the server's name.
    before: &'static str,
    /// What stands between that and the tool's.
    between: &'static str,
    /// How long all of it may be.
    longest: usize,
    /// What becomes of tools with longer names.
    otherwise: &'static str,
}

const NAMINGS: [Naming; 2] = [
    Naming {
        client: "Claude Code",
        before: "mcp__",
        between: "__",
        longest: 64,
        otherwise: "may refuse",
    },
    Naming {
        client: "Cursor",
        before: "",
        between: ":",
        longest: 60,
        otherwise: "hides",
    },
];

/// What clients make of the names of a server's tools, if they call the server as the configuration that this
/// program gives them does.
pub(super) fn too_long(server: &str, listings: &[Listing]) -> Vec<Warning> {
    let server = short_name(server);
    let warning = |naming: Naming| {
        let prefix = format!("{}{server}{}", naming.before, naming.between);
        let is_long = |name: &&str| prefix.len() + name.len() > naming.longest;
        let names = listings.iter().map(|listing| listing.name);
        let long: Vec<&str> = names.filter(is_long).collect();
        (!long.is_empty()).then(|| {
            let detail = format!(
                "{} tools whose names have more than {} characters with {prefix} in front ({}): set names to short",
                naming.otherwise,
                naming.longest,
                some_of(&long)
            );
            Warning::for_client(naming.client, detail)
        })
    };
    NAMINGS.into_iter().filter_map(warning).collect()
}
