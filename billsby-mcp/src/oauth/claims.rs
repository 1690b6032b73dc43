//! What a token says, and whether that is so here and now.

use jiff::Timestamp;
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// How far the issuer's clock may be from this one's, in seconds.
const LEEWAY: f64 = 30.0;

/// What a token allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grant {
    /// Calls of tools that change nothing.
    pub read: bool,
    /// Calls of all tools.
    pub write: bool,
}

/// A token that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// What it allows.
    pub grant: Grant,
    /// From when on it is not accepted.
    pub until: Timestamp,
}

/// The claims that matter. Each has to be of the form that the standards give it.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    scope: Option<Words>,
    #[serde(default)]
    scp: Option<Words>,
}

/// The issuer alone.
#[derive(Deserialize)]
struct Name {
    iss: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Words in a list, or in one text with spaces between them.
#[derive(Debug)]
struct Words(Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = match Value::deserialize(deserializer)? {
            Value::String(text) => text.split(' ').map(str::to_owned).collect(),
            Value::Array(words) => {
                let words = words.iter().filter_map(Value::as_str);
                words.map(str::to_owned).collect()
            }
            // Nothing is granted by what cannot be understood.
            _ => Vec::new(),
        };
        Ok(Self(words))
    }
}

/// Who issued a token, in its own words, which nobody has checked.
pub(super) fn issuer(token: &str) -> Option<String> {
    let name: Name = insecure_decode_claims(token).ok()?;
    Some(name.iss)
}

impl Claims {
    /// What the token allows at a server; else what is wrong with it. `now` is in seconds.
    pub(super) fn grant(
        &self,
        issuer: &str,
        audience: &str,
        now: f64,
    ) -> Result<Grant, &'static str> {
        if self.iss != issuer {
            return Err("another issuer");
        }
        if !self.aud.contains(audience) {
            return Err("for another server");
        }
        if now >= self.exp + LEEWAY {
            return Err("its time is over");
        }
        if self.nbf.is_some_and(|begin| begin > now + LEEWAY) {
            return Err("its time has not come");
        }
        Ok(Grant {
            read: self.has("read"),
            write: self.has("write"),
        })
    }

    /// From when on the token is not accepted.
    pub(super) fn until(&self) -> Timestamp {
        // What is no time that can be written down is far away.
        #[expect(clippy::cast_possible_truncation, reason = "it stops at the ends")]
        let milliseconds = ((self.exp + LEEWAY) * 1_000.0) as i64;
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    }

    fn has(&self, scope: &str) -> bool {
        let claims = [&self.scope, &self.scp].into_iter().flatten();
        claims.flat_map(|words| &words.0).any(|word| word == scope)
    }
}

impl Audience {
    fn contains(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://issuer.example.com";
    const AUDIENCE: &str = "https://mcp.example.com/mcp/mcp_1";
    const NOW: f64 = 1_000_000.0;

    /// What a token allows that has these claims beside, or instead of, the usual ones.
    fn grant(claims: &Value) -> Result<Grant, &'static str> {
        let mut all = json!({"iss": ISSUER, "aud": AUDIENCE, "exp": NOW + 60.0, "scope": "read"});
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(all).map_err(|_| "unreadable")?;
        claims.grant(ISSUER, AUDIENCE, NOW)
    }

    #[test]
    fn scopes_are_read_in_all_their_forms() {
        for (claims, read, write) in [
            (json!({}), true, false),
            (json!({"scope": "read write"}), true, true),
            (json!({"scope": "openid  write"}), false, true),
            (json!({"scope": ["read", "write"]}), true, true),
            (json!({"scp": ["write"]}), true, true),
            (json!({"scope": null, "scp": "write read"}), true, true),
            (json!({"scope": "readwrite Read read:all"}), false, false),
            (json!({"scope": 5}), false, false),
            (json!({"scope": ["read write", 5]}), false, false),
            (json!({"scope": ""}), false, false),
        ] {
            assert_eq!(grant(&claims), Ok(Grant { read, write }), "{claims}");
        }
    }

    #[test]
    fn a_token_is_for_one_issuer_one_server_and_one_time() {
        let (over, other) = ("its time is over", "for another server");
        for (claims, expected) in [
            (
                json!({"iss": "https://issuer.example.com/"}),
                Err("another issuer"),
            ),
            (
                json!({"aud": "https://mcp.example.com/mcp/mcp_1/"}),
                Err(other),
            ),
            (json!({"aud": []}), Err(other)),
            (json!({"aud": ["https://a", AUDIENCE]}), Ok(())),
            (json!({"aud": null}), Err("unreadable")),
            (json!({"exp": NOW - 29.0}), Ok(())),
            (json!({"exp": NOW - 30.0}), Err(over)),
            (json!({"exp": -1}), Err(over)),
            (json!({"exp": "2000000"}), Err("unreadable")),
            (json!({"exp": null}), Err("unreadable")),
            (json!({"nbf": NOW + 30.0}), Ok(())),
            (json!({"nbf": NOW + 31.0}), Err("its time has not come")),
            (json!({"nbf": "0"}), Err("unreadable")),
        ] {
            assert_eq!(grant(&claims).map(|_| ()), expected, "{claims}");
        }
    }
}
