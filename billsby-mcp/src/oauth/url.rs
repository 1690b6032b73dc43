//! Addresses of issuers.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// The address of an issuer, exactly as its tokens name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerUrl {
    text: String,
    url: Url,
}

/// Not the address of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the address of an issuer: expected https://…, without a query, as the issuer writes it in its tokens; \
     http:// only on this machine"
)]
pub struct InvalidIssuer;

impl IssuerUrl {
    /// The address as tokens name it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the issuer runs on this machine.
    pub(super) fn is_local(&self) -> bool {
        is_local(&self.url)
    }

    /// Whether this issuer may say that something of it is at this address: the way there must be as safe as
    /// the way to the issuer.
    pub(super) fn may_name(&self, url: &Url) -> bool {
        url.scheme() == "https" || (url.scheme() == "http" && self.is_local() && is_local(url))
    }

    /// Where its metadata may be, in the order in which clients of the protocol look: RFC 8414 with the path behind the
    /// well-known part, then `OpenID` with the path behind and before it.
    pub(super) fn metadata(&self) -> Vec<Url> {
        let path = self.url.path().trim_end_matches('/');
        let mut paths = vec![
            format!("/.well-known/oauth-authorization-server{path}"),
            format!("/.well-known/openid-configuration{path}"),
        ];
        if !path.is_empty() {
            paths.push(format!("{path}/.well-known/openid-configuration"));
        }
        let place = |path: &String| {
            let mut url = self.url.clone();
            url.set_path(path);
            url
        };
        paths.iter().map(place).collect()
    }
}

impl FromStr for IssuerUrl {
    type Err = InvalidIssuer;

    fn from_str(text: &str) -> Result<Self, InvalidIssuer> {
        let url = Url::parse(text).map_err(|_| InvalidIssuer)?;
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_local(&url));
        let has_more = url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some();
        if !is_safe || has_more || text.trim() != text {
            return Err(InvalidIssuer);
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_an_issuer_is_safe() {
        for text in [
            "https://issuer.example.com",
            "https://issuer.example.com/tenant/",
            "http://127.0.0.1:9000",
            "http://localhost:9000/realms/a",
            "http://[::1]:9000",
        ] {
            assert_eq!(text.parse::<IssuerUrl>().unwrap().as_str(), text);
        }
        for text in [
            "",
            "issuer.example.com",
            "http://issuer.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "https://me@issuer.example.com",
            "https://issuer.example.com?a=b",
            "https://issuer.example.com#a",
            " https://issuer.example.com",
            "ftp://127.0.0.1",
        ] {
            assert_eq!(text.parse::<IssuerUrl>(), Err(InvalidIssuer), "{text}");
        }
    }

    #[test]
    fn keys_are_not_fetched_on_a_worse_way() {
        for (issuer, keys, expected) in [
            ("https://a.example.com", "https://b.example.com/keys", true),
            ("https://a.example.com", "http://a.example.com/keys", false),
            ("https://a.example.com", "http://127.0.0.1/keys", false),
            ("https://a.example.com", "file:///etc/passwd", false),
            ("http://127.0.0.1:9000", "http://localhost:9001/keys", true),
            ("http://127.0.0.1:9000", "http://a.example.com/keys", false),
        ] {
            let issuer: IssuerUrl = issuer.parse().unwrap();
            let keys = Url::parse(keys).unwrap();
            assert_eq!(issuer.may_name(&keys), expected, "{issuer} {keys}");
        }
    }

    #[test]
    fn metadata_is_looked_for_where_the_protocol_says() {
        let places = |issuer: &str| {
            let issuer: IssuerUrl = issuer.parse().unwrap();
            let places = issuer.metadata().into_iter().map(|url| url.to_string());
            places.collect::<Vec<_>>()
        };
        assert_eq!(
            places("https://a.example.com"),
            [
                "https://a.example.com/.well-known/oauth-authorization-server",
                "https://a.example.com/.well-known/openid-configuration",
            ]
        );
        assert_eq!(
            places("https://a.example.com:8443/tenant/"),
            [
                "https://a.example.com:8443/.well-known/oauth-authorization-server/tenant",
                "https://a.example.com:8443/.well-known/openid-configuration/tenant",
                "https://a.example.com:8443/tenant/.well-known/openid-configuration",
            ]
        );
    }
}
