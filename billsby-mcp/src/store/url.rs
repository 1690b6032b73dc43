//! Which store is meant.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::postgres::Address;

/// Which store is meant. Its password is never shown.
#[derive(Clone, PartialEq)]
pub enum StoreUrl {
    /// In memory, gone with the program.
    Memory,
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A database server.
    Postgres(Box<Address>),
}

/// Not the address of a store. Does not show the text, which may contain a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStoreUrl {
    /// It is of no known kind.
    #[error(
        "not a store: expected sqlite:PATH, postgres://user:password@host:port/database, or memory"
    )]
    Kind,
    /// It names no file.
    #[error(
        "not a SQLite store: expected sqlite:PATH, for example sqlite:/var/lib/billsby/store.db"
    )]
    Path,
    /// It cannot be read as the address of a PostgreSQL database.
    #[error(
        "not a PostgreSQL store: expected postgres://user:password@host:port/database, with special characters of the password percent-encoded, and perhaps ?sslmode=verify-full"
    )]
    Postgres,
    /// It asks for a protection that is none.
    #[error(
        "the store's sslmode is not one of disable, require, verify-ca and verify-full; the last three are one here: the connection is encrypted and the server's certificate checked"
    )]
    SslMode,
}

impl FromStr for StoreUrl {
    type Err = InvalidStoreUrl;

    fn from_str(text: &str) -> Result<Self, InvalidStoreUrl> {
        if text == "memory" {
            return Ok(Self::Memory);
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(text.parse()?)));
        }
        match text.strip_prefix("sqlite:") {
            // `sqlite://name` looks like a host, or like a path without its slash.
            Some(path) if path.starts_with("//") && !path.starts_with("///") => {
                Err(InvalidStoreUrl::Path)
            }
            Some("") => Err(InvalidStoreUrl::Path),
            Some(path) => Ok(Self::Sqlite(path.into())),
            None => Err(InvalidStoreUrl::Kind),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_and_shown() {
        for (text, shown) in [
            ("memory", "memory"),
            ("sqlite:store.db", "sqlite:store.db"),
            ("sqlite:/var/lib/a b.db", "sqlite:/var/lib/a b.db"),
            ("sqlite:///var/lib/store.db", "sqlite:///var/lib/store.db"),
            ("postgres://host/data", "postgres://host/data"),
            (
                "postgresql://me:hunter%202@[::1]:5433/data?sslmode=require",
                "postgres://me@[::1]:5433/data",
            ),
            (
                "postgres://me:hunter2?&&sslmode=none@host/data",
                "postgres://me@host/data",
            ),
            (
                "postgres://me@one,two/data?password=hunter2",
                "postgres://me@one,two/data",
            ),
        ] {
            let url: StoreUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), format!("StoreUrl({shown})"));
        }
    }

    #[test]
    fn anything_else_is_refused_without_being_shown() {
        for (text, expected) in [
            ("", InvalidStoreUrl::Kind),
            ("redis://hunter2", InvalidStoreUrl::Kind),
            ("sqlite:", InvalidStoreUrl::Path),
            ("sqlite://hunter2.db", InvalidStoreUrl::Path),
            (
                "postgres://me:hunter2@host:port/data",
                InvalidStoreUrl::Postgres,
            ),
            (
                "postgres://me:p@hunter2@host/data",
                InvalidStoreUrl::Postgres,
            ),
            (
                "postgres://me:p@s/hunter2@host/data",
                InvalidStoreUrl::Postgres,
            ),
            ("postgres://host/data?hunter2=1", InvalidStoreUrl::Postgres),
            (
                "postgres://host/data?sslmode=prefer",
                InvalidStoreUrl::SslMode,
            ),
            (
                "postgres://host/data?sslmode=hunter2",
                InvalidStoreUrl::SslMode,
            ),
        ] {
            let error = text.parse::<StoreUrl>().unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}
