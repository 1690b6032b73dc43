//! The address of a server as its clients see it.

use std::fmt;
use std::str::FromStr;

use billsby_mcp::protocol::http::AllowedHost;

/// Scheme, host and perhaps a path, below which `/mcp/…` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    text: String,
    host: AllowedHost,
}

/// Not such an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address; expected for example https://mcp.example.com")]
pub(crate) struct InvalidUrl;

impl PublicUrl {
    /// The host that clients name in their requests.
    pub(crate) fn host(&self) -> AllowedHost {
        self.host.clone()
    }
}

impl FromStr for PublicUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        let text = text.trim_end_matches('/');
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or(InvalidUrl)?;
        if rest.contains(['?', '#', ' ']) {
            return Err(InvalidUrl);
        }
        let host = rest.split('/').next().unwrap_or_default();
        // A proxy may pass on the host without the port.
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
            _ => host,
        };
        Ok(Self {
            host: name.parse().map_err(|_| InvalidUrl)?,
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_and_host_are_needed() {
        for (text, shown, host) in [
            (
                "https://mcp.example.com",
                "https://mcp.example.com",
                "mcp.example.com",
            ),
            (
                "https://mcp.example.com/",
                "https://mcp.example.com",
                "mcp.example.com",
            ),
            (
                "http://10.0.0.7:8080/a",
                "http://10.0.0.7:8080/a",
                "10.0.0.7",
            ),
            (
                "http://[fd00::1]:8080",
                "http://[fd00::1]:8080",
                "[fd00::1]",
            ),
        ] {
            let url: PublicUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(url.host(), host.parse().unwrap(), "{text}");
        }
        for text in [
            "",
            "mcp.example.com",
            "ftp://a",
            "https://",
            "https://a?b",
            "https://me@a",
        ] {
            assert_eq!(text.parse::<PublicUrl>(), Err(InvalidUrl), "{text}");
        }
    }
}
