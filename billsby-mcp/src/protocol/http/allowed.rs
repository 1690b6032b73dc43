//! Who may be addressed and who may ask: without these checks a web page could reach a server on its
//! reader's machine.

use std::str::FromStr;

use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{HeaderValue, Uri};

const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// A host that clients may address the server by: a name or address, any port unless it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost(String);

/// A web origin that may use the server from a browser: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigin(String);

/// Not a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a host; expected a name or address such as mcp.example.com, with :port if only that is allowed"
)]
pub struct InvalidHost;

/// Not a web origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a web origin; expected scheme and host such as https://app.example.com, with :port if it has one"
)]
pub struct InvalidOrigin;

impl FromStr for AllowedHost {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let authority: Authority = text.parse().map_err(|_| InvalidHost)?;
        // The host of an authority has everything but the port: no user and no wildcard.
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
        let unusual = authority.as_str().contains('@') || !authority.host().chars().all(fits);
        let bad_port = authority.port().is_none() && text.ends_with(':');
        if unusual || bad_port || authority.host().is_empty() {
            return Err(InvalidHost);
        }
        Ok(Self(text.to_owned()))
    }
}

impl FromStr for AllowedOrigin {
    type Err = InvalidOrigin;

    /// Browsers leave the port out where it is the scheme's own; it is added here, so that another
    /// port of the host does not pass. They write hosts in small letters; people need not.
    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let uri: Uri = text.parse().map_err(|_| InvalidOrigin)?;
        let own_port = match uri.scheme_str() {
            Some("https") => 443,
            Some("http") => 80,
            _ => return Err(InvalidOrigin),
        };
        let path = uri.path_and_query().map_or("", PathAndQuery::as_str);
        let authority = uri.authority().ok_or(InvalidOrigin)?;
        let host = AllowedHost::from_str(authority.as_str());
        if host.is_err() || !matches!(path, "" | "/") || text.ends_with('/') {
            return Err(InvalidOrigin);
        }
        let scheme = uri.scheme_str().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(own_port);
        let host = authority.host().to_ascii_lowercase();
        Ok(Self(format!("{scheme}://{host}:{port}")))
    }
}

/// The same as [`is_allowed`], for what a request says.
pub(super) fn allows(origin: &HeaderValue, others: &[AllowedOrigin]) -> bool {
    let origin = origin.to_str();
    origin.is_ok_and(|origin| is_allowed(origin, others))
}

/// Whether a server that allows these hosts, besides this machine's own names, may be addressed by this one.
pub(crate) fn is_host_allowed(host: &str, others: &[AllowedHost]) -> bool {
    let Ok(host) = host.parse::<Authority>() else {
        return false;
    };
    let is = |allowed: &str| {
        let allowed: Option<Authority> = allowed.parse().ok();
        allowed.is_some_and(|allowed| {
            let same_port = allowed
                .port_u16()
                .is_none_or(|port| host.port_u16() == Some(port));
            same_port && allowed.host().eq_ignore_ascii_case(host.host())
        })
    };
    THIS_MACHINE.into_iter().any(is) || others.iter().any(|other| is(&other.0))
}

/// Whether pages of an origin, as the browser names it, may use a server that allows these.
fn is_allowed(origin: &str, others: &[AllowedOrigin]) -> bool {
    let Ok(AllowedOrigin(origin)) = origin.parse() else {
        return false;
    };
    let is_own = THIS_MACHINE.into_iter().any(|host| {
        let (_, rest) = origin.split_once("://").unwrap_or_default();
        rest.rsplit_once(':').is_some_and(|(name, _)| name == host)
    });
    is_own || others.iter().any(|other| other.0 == origin)
}

/// The hosts the MCP library is to allow: those of the settings and this machine's own.
pub(super) fn hosts(others: &[AllowedHost]) -> impl Iterator<Item = String> {
    let own = THIS_MACHINE.into_iter().map(str::to_owned);
    own.chain(others.iter().map(|host| host.0.clone()))
}

/// The same for web origins.
pub(super) fn origins(others: &[AllowedOrigin]) -> impl Iterator<Item = String> {
    let own = THIS_MACHINE
        .into_iter()
        .flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:*")));
    own.chain(others.iter().map(|origin| origin.0.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for text in [
            "mcp.example.com",
            "mcp.example.com:8443",
            "10.0.0.7",
            "[fd00::1]:80",
        ] {
            assert!(text.parse::<AllowedHost>().is_ok(), "{text}");
        }
        for text in [
            "",
            "*",
            "*.example.com",
            "https://a.example",
            "a.example/",
            "me@a.example",
            "a.example:",
        ] {
            assert!(text.parse::<AllowedHost>().is_err(), "{text}");
        }
    }

    #[test]
    fn origins_are_compared_whole() {
        let others = ["https://a.example", "https://App.Example.com"];
        let others = others.map(|origin| origin.parse().unwrap());
        for origin in [
            "https://a.example",
            "https://A.example",
            "https://app.example.com",
            "http://localhost:6274",
            "https://127.0.0.1",
            "http://[::1]:1",
        ] {
            assert!(is_allowed(origin, &others), "{origin}");
        }
        for origin in [
            "http://a.example",
            "https://a.example:8443",
            "https://b.a.example",
            "http://localhost.a.example",
            "null",
            "",
        ] {
            assert!(!is_allowed(origin, &others), "{origin}");
        }
    }

    #[test]
    fn an_origin_has_a_port() {
        for (text, expected) in [
            ("https://a.example", "https://a.example:443"),
            ("http://a.example", "http://a.example:80"),
            ("https://a.example:8443", "https://a.example:8443"),
            ("HTTPS://App.Example.com", "https://app.example.com:443"),
        ] {
            assert_eq!(text.parse::<AllowedOrigin>().unwrap().0, expected);
        }
        for text in [
            "",
            "*",
            "null",
            "a.example",
            "ftp://a.example",
            "https://a.example/",
            "https://a.example/b",
            "https://*",
            "https://*:443",
        ] {
            assert!(text.parse::<AllowedOrigin>().is_err(), "{text}");
        }
    }
}
