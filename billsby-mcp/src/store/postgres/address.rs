//! Where a database is, and how the way to it is protected.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::store::InvalidStoreUrl;

/// How long it may take to reach one host.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Where a database is. Its password is never shown.
#[derive(Clone, PartialEq)]
pub struct Address {
    pub(super) config: Config,
    /// The certificates that the server's is checked against; none: those that browsers trust.
    pub(super) roots: Option<PathBuf>,
}

impl FromStr for Address {
    type Err = InvalidStoreUrl;

    /// Reads what the library knows with the library. It knows neither the names of the checks, because it
    /// leaves those to the one who encrypts, nor files of certificates.
    fn from_str(text: &str) -> Result<Self, InvalidStoreUrl> {
        // The first `@` ends the password, as it does for the library. A second one is most likely part of
        // a password too, and what follows the first would then be shown as the name of a host.
        let host = text.find('@').map_or(0, |end| end + 1);
        let (rest, options) = text[host..].split_once('?').unwrap_or((&text[host..], ""));
        if rest.contains('@') {
            return Err(InvalidStoreUrl::Postgres);
        }
        let address = &text[..host + rest.len()];
        let mut mode = SslMode::Disable;
        let mut roots = None;
        let mut others = Vec::new();
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", "disable")) => mode = SslMode::Disable,
                Some(("sslmode", "require" | "verify-ca" | "verify-full")) => {
                    mode = SslMode::Require;
                }
                Some(("sslmode", _)) => return Err(InvalidStoreUrl::SslMode),
                Some(("sslrootcert", file)) => roots = Some(decoded(file)?),
                _ => others.push(option),
            }
        }
        let address = format!("{address}?{}", others.join("&"));
        let config = address.trim_end_matches('?').parse::<Config>();
        let mut config = config.map_err(|_| InvalidStoreUrl::Postgres)?;
        if config.get_hosts().is_empty() {
            return Err(InvalidStoreUrl::Postgres);
        }
        config.ssl_mode(mode);
        if config.get_application_name().is_none() {
            config.application_name("billsby-mcp");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        Ok(Self { config, roots })
    }
}

fn decoded(text: &str) -> Result<PathBuf, InvalidStoreUrl> {
    let text = percent_encoding::percent_decode_str(text).decode_utf8();
    text.map(|text| PathBuf::from(text.as_ref()))
        .map_err(|_| InvalidStoreUrl::Postgres)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) if name.contains(':') => write!(f, "[{name}]")?,
                Host::Tcp(name) => f.write_str(name)?,
                #[cfg(unix)]
                Host::Unix(folder) => write!(f, "{}", folder.display())?,
            }
            match ports.get(index).or(ports.first()) {
                None | Some(5432) => {}
                Some(port) => write!(f, ":{port}")?,
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_as_it_is_written() {
        for (text, password) in [
            ("postgres://me:a?b&&c=d@host/data", "a?b&&c=d"),
            ("postgres://me:a%40b%2Fc@host/data?sslmode=require", "a@b/c"),
            ("postgres://me@host/data?password=a", "a"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.config.get_password(), Some(password.as_bytes()));
        }
    }

    #[test]
    fn only_what_is_asked_for_is_encrypted() {
        for (options, mode, roots) in [
            ("", SslMode::Disable, None),
            ("?sslmode=disable", SslMode::Disable, None),
            (
                "?sslmode=require&sslrootcert=/a%20b.pem",
                SslMode::Require,
                Some("/a b.pem"),
            ),
            (
                "?connect_timeout=9&sslmode=verify-full",
                SslMode::Require,
                None,
            ),
        ] {
            let address: Address = format!("postgres://host/data{options}").parse().unwrap();
            assert_eq!(address.config.get_ssl_mode(), mode, "{options}");
            assert_eq!(address.roots, roots.map(PathBuf::from), "{options}");
        }
    }
}
