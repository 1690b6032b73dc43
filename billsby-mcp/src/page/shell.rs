//! The frame round every screen.

use std::str::FromStr;

use maud::{DOCTYPE, Markup, html};

use super::asset;
use super::part;
use super::visitor::Visitor;

/// What the page has, and where.
const SECTIONS: [(&str, &str); 5] = [
    ("/ui/servers", "Servers"),
    ("/ui/accounts", "Accounts"),
    ("/ui/activity", "Activity"),
    ("/ui/try", "Try a tool"),
    ("/ui/health", "Health"),
];

/// What is said of a change on the screen after it. An address can name these and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    AccountConnected,
    AccountChanged,
    AccountRemoved,
    ServerChanged,
    ServerRevoked,
    AccessChanged,
    ExpiryChanged,
    TokenRevoked,
}

impl Notice {
    const ALL: [Self; 8] = [
        Self::AccountConnected,
        Self::AccountChanged,
        Self::AccountRemoved,
        Self::ServerChanged,
        Self::ServerRevoked,
        Self::AccessChanged,
        Self::ExpiryChanged,
        Self::TokenRevoked,
    ];

    /// Its name in an address.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::AccountConnected => "account-connected",
            Self::AccountChanged => "account-changed",
            Self::AccountRemoved => "account-removed",
            Self::ServerChanged => "server-changed",
            Self::ServerRevoked => "server-revoked",
            Self::AccessChanged => "access-changed",
            Self::ExpiryChanged => "expiry-changed",
            Self::TokenRevoked => "token-revoked",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::AccountConnected => "The account is connected.",
            Self::AccountChanged => "The account is changed.",
            Self::AccountRemoved => {
                "The servers of a removed account have ended, and its API key is erased."
            }
            Self::ServerChanged => "The server is changed; its URL stays.",
            Self::ServerRevoked => "The server is revoked: its URL opens nothing any more.",
            Self::AccessChanged => {
                "The server is changed, and how clients reach it. Rotate it to see its URL now."
            }
            Self::ExpiryChanged => "The server's end is changed.",
            Self::TokenRevoked => "The API token is revoked.",
        }
    }

    /// Shows it, on top of a screen.
    pub(super) fn show(self) -> Markup {
        html! { p.notice.good role="status" { (self.text()) } }
    }
}

impl FromStr for Notice {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|notice| notice.as_str() == text).ok_or(())
    }
}

/// A screen: its title is its only heading of the first level. `path` is its address.
pub(super) fn screen(visitor: &Visitor, title: &str, path: &str, body: &Markup) -> Markup {
    document(
        title,
        &html! {
            a.skip href="#main" { "Skip to the content" }
            header.top {
                a.brand href="/" { "Billsby MCP" }
                nav aria-label="Screens" {
                    ul {
                        @for (section, name) in SECTIONS {
                            li { a href=(section) aria-current=[current(section, path)] { (name) } }
                        }
                    }
                }
                form method="post" action="/ui/sign-out" {
                    (part::csrf(visitor))
                    button.quiet type="submit" { "Sign out" }
                }
            }
            main #main tabindex="-1" {
                h1 { (part::text(title)) }
                (body)
            }
            footer {
                p { "Times in " span data-zone="" { (part::zone_name(visitor)) } ". Numbers with a point for decimals." }
                p { "billsby-mcp " (env!("CARGO_PKG_VERSION")) }
            }
        },
    )
}

/// Whether an address is that of a section, or below it.
fn current(section: &str, path: &str) -> Option<&'static str> {
    match path.strip_prefix(section)? {
        "" => Some("page"),
        below => below.starts_with('/').then_some("true"),
    }
}

/// A screen for somebody who is not signed in.
pub(super) fn bare(title: &str, body: &Markup) -> Markup {
    document(
        title,
        &html! {
            a.skip href="#main" { "Skip to the content" }
            header.top { a.brand href="/" { "Billsby MCP" } }
            main #main tabindex="-1" { h1 { (part::text(title)) } (body) }
        },
    )
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Billsby MCP" }
                link rel="icon" type="image/svg+xml" href=(asset::ICON.address());
                link rel="stylesheet" href=(asset::STYLE.address());
                script src=(asset::SCRIPT.address()) defer {}
            }
            body {
                (body)
                // What the script has done, for those who do not see it.
                p #said.hidden role="status" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_screen_itself_is_the_present_page() {
        assert_eq!(current("/ui/servers", "/ui/servers"), Some("page"));
        assert_eq!(current("/ui/servers", "/ui/servers/new"), Some("true"));
        assert_eq!(current("/ui/servers", "/ui/serversx"), None);
        assert_eq!(current("/ui/servers", "/ui/health"), None);
    }

    #[test]
    fn every_notice_is_known_by_its_name() {
        for notice in Notice::ALL {
            assert_eq!(notice.as_str().parse(), Ok(notice));
        }
    }
}
