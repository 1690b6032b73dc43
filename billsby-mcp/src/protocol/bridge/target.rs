//! The address of the remote server. It holds a secret, so nothing here shows it.

use std::fmt;

use reqwest::Url;

/// An address that may be used.
#[derive(Clone)]
pub struct Target {
    pub(super) url: Url,
    /// Whether it is on this machine.
    pub(super) is_local: bool,
}

/// An address that may not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTarget {
    /// It is no address, or not one of HTTP.
    #[error("the URL is not an address; expected https://HOST/mcp/TOKEN")]
    NoAddress,
    /// It holds a user name or a password.
    #[error("the URL must not hold a user name or a password; use --header")]
    Credentials,
    /// Everybody on the way could read the secret.
    #[error(
        "the URL begins with http://, so that everybody on the way can read its secret; use https://, or --allow-http if you know the way"
    )]
    Insecure,
}

impl Target {
    /// Checks an address. Without TLS it must be on this machine, unless `allow_http`.
    ///
    /// # Errors
    ///
    /// The address may not be used.
    pub fn new(text: &str, allow_http: bool) -> Result<Self, InvalidTarget> {
        let mut url: Url = text.trim().parse().map_err(|_| InvalidTarget::NoAddress)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidTarget::Credentials);
        }
        url.set_fragment(None);
        let is_local = is_local(&url);
        match url.scheme() {
            "https" => {}
            "http" if is_local || allow_http => {}
            "http" => return Err(InvalidTarget::Insecure),
            _ => return Err(InvalidTarget::NoAddress),
        }
        Ok(Self { url, is_local })
    }
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Target(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for text in [
            "https://mcp.example.com/mcp/bmcp_1",
            "http://localhost:8080/mcp/bmcp_1",
            "http://127.0.0.1/mcp/bmcp_1",
            "http://[::1]:1/mcp/bmcp_1",
        ] {
            let target = Target::new(text, false).unwrap();
            assert!(!format!("{target:?}").contains("bmcp_1"));
        }
        for (text, expected) in [
            ("", InvalidTarget::NoAddress),
            ("/mcp/bmcp_1", InvalidTarget::NoAddress),
            ("ftp://a/mcp/bmcp_1", InvalidTarget::NoAddress),
            ("https://me:pass@a/mcp/bmcp_1", InvalidTarget::Credentials),
            ("http://a.example/mcp/bmcp_1", InvalidTarget::Insecure),
            (
                "http://localhost.a.example/mcp/bmcp_1",
                InvalidTarget::Insecure,
            ),
        ] {
            let error = Target::new(text, false).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("bmcp_1"));
        }
        assert!(Target::new("http://a.example/mcp/bmcp_1", true).is_ok());
    }
}
