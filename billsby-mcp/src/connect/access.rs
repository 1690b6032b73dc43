//! What a client shows for being let in, besides knowing the URL.

use super::Client;

/// What a server asks of a client. The variable is one of the client's environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access<'a> {
    /// Nothing: the URL opens the server, and holds the secret if there is one.
    Url,
    /// An API token.
    ApiToken {
        /// The variable that holds it.
        variable: &'a str,
    },
    /// An access token of an OAuth issuer. Most clients send people there to sign in, and the URL is no secret.
    OAuth {
        /// The variable that holds one, for clients that cannot do that.
        variable: &'a str,
    },
    /// An access token or an API token, whichever the client has.
    Either {
        /// The variable that holds one of them, for clients in which nobody signs in.
        variable: &'a str,
    },
}

impl<'a> Access<'a> {
    /// The variable whose value a client sends as `Authorization: Bearer …`, unless people sign in there.
    pub(super) fn sent_by(self, client: Client) -> Option<&'a str> {
        match self {
            Self::Url => None,
            Self::ApiToken { variable } => Some(variable),
            Self::OAuth { variable } | Self::Either { variable } => {
                (!client.signs_in()).then_some(variable)
            }
        }
    }

    /// What a client does for it, one configuration for each way, the easiest first.
    #[must_use]
    pub fn ways(self, client: Client) -> Vec<Self> {
        match self {
            Self::Either { variable } if client.signs_in() => {
                let by_hand = client.sends_tokens().then_some(Self::ApiToken { variable });
                [Self::OAuth { variable }]
                    .into_iter()
                    .chain(by_hand)
                    .collect()
            }
            access => vec![access],
        }
    }
}

impl Client {
    /// Whether it sends people to an OAuth issuer by itself.
    #[must_use]
    pub const fn signs_in(self) -> bool {
        matches!(
            self,
            Self::Chatgpt | Self::ClaudeWeb | Self::ClaudeCode | Self::Cursor | Self::Vscode
        )
    }

    /// Whether it can be told a token.
    #[must_use]
    pub const fn sends_tokens(self) -> bool {
        !matches!(self, Self::Chatgpt | Self::ClaudeWeb)
    }

    /// Whether it starts this program, which has to be installed where the client runs.
    #[must_use]
    pub const fn starts_program(self) -> bool {
        matches!(self, Self::ClaudeDesktop | Self::Bridge)
    }
}
