//! The address of a token store, which may contain a password.

use std::fmt;
use std::str::FromStr;

use ::redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};

/// The address of a Redis or Valkey. Shown without its user and password.
#[derive(Clone)]
pub struct TokenStoreUrl(ConnectionInfo);

/// Not the address of a token store. Does not show the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the address of a token store: expected redis://[[user]:password@]host[:port][/database], or rediss:// for TLS"
)]
pub struct InvalidTokenStoreUrl;

impl TokenStoreUrl {
    pub(super) fn info(&self) -> ConnectionInfo {
        self.0.clone()
    }
}

impl FromStr for TokenStoreUrl {
    type Err = InvalidTokenStoreUrl;

    fn from_str(text: &str) -> Result<Self, InvalidTokenStoreUrl> {
        let info = text.into_connection_info();
        info.map(Self).map_err(|_| InvalidTokenStoreUrl)
    }
}

impl fmt::Display for TokenStoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.addr() {
            ConnectionAddr::Tcp(host, port) => write!(f, "redis://{host}:{port}")?,
            ConnectionAddr::TcpTls { host, port, .. } => write!(f, "rediss://{host}:{port}")?,
            ConnectionAddr::Unix(path) => return write!(f, "redis+unix://{}", path.display()),
            _ => return f.write_str("redis://…"),
        }
        write!(f, "/{}", self.0.redis_settings().db())
    }
}

impl fmt::Debug for TokenStoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenStoreUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("redis://:hidden@cache:7000/2", "redis://cache:7000/2"),
            ("rediss://user:hidden@cache", "rediss://cache:6379/0"),
            ("valkey://:hidden@127.0.0.1", "redis://127.0.0.1:6379/0"),
            (
                "redis+unix:///run/redis?pass=hidden",
                "redis+unix:///run/redis",
            ),
        ] {
            let url: TokenStoreUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("TokenStoreUrl({shown})"));
        }
    }

    #[test]
    fn anything_else_is_refused_without_showing_it() {
        for text in [
            "",
            "cache",
            "https://user:hidden@cache",
            "redis://:hidden@",
            "redis://:hidden@cache/x",
        ] {
            let error = text.parse::<TokenStoreUrl>().expect_err(text).to_string();
            assert!(
                !error.contains("hidden") && !error.contains("cache"),
                "{error}"
            );
        }
    }
}
