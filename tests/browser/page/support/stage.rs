//! A site on which there is something of everything.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Agent, NOWHERE, PATIENCE, Site, text};

/// The key of an account, which no page may show.
pub(crate) const API_KEY: &str = "billsby-key-4f1e77a0c2";

/// The longest name that a server may have, without a place to break it.
const LONG_NAME: &str = "Nightly_reconciliation_of_invoices_and_payments_for_the_finance_team_in_a_single_word_\
     of_100_letters";

/// A tool that reads, and needs nothing but the account's `companyDomain`.
pub(crate) const LIST_CUSTOMERS: &str = "list_all_billsby_customers";
/// A tool that also needs a `customerUniqueId`.
pub(crate) const GET_CUSTOMER: &str = "get_single_billsby_customer_by_id";

/// A site with accounts, servers, API tokens and some activity.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) site: Site,
    /// A sandbox account.
    pub(crate) account: String,
    /// An account that leads nowhere.
    pub(crate) remote: String,
    /// A server of the sandbox account, as the API answered with it.
    pub(crate) server: Value,
    /// The id of an API token.
    pub(crate) api_token: String,
    /// What no page may show: keys, tokens, the secret of the URL.
    pub(crate) secrets: Vec<String>,
}

impl Stage {
    /// Starts a site and fills it.
    pub(crate) async fn set() -> Self {
        let site = Site::start().await;
        let account = site.account("Sandbox").await;
        let body = json!({
            "label": "Widgets Ltd", "company_domain": "widgets", "environment": "test",
            "api_key": API_KEY, "base_url": NOWHERE,
        });
        let remote = site.call(Method::POST, "/integrated-account", Some(&body));
        let remote = text(&remote.await, "id");
        let config = json!({"methods": ["read", "write"], "tags": ["customers", "products"]});
        let server = site.server(&account, "Support desk", &config).await;
        let body = json!({"name": "CI runner", "server_id": server["id"]});
        let api_token = site.call(Method::POST, "/api-token", Some(&body)).await;
        let long = json!({"methods": ["read"], "require_api_token_auth": true});
        let long = site.server(&account, LONG_NAME, &long).await;
        let old = site
            .server(&account, "Old desk", &json!({"methods": ["read"]}))
            .await;
        let path = format!("/integrated-account/{account}/mcp/{}", text(&old, "id"));
        site.call(Method::DELETE, &path, None).await;
        let secrets = vec![
            site.token.to_owned(),
            API_KEY.to_owned(),
            text(&server, "token"),
            text(&long, "token"),
            text(&old, "token"),
            text(&api_token, "token"),
        ];
        let stage = Self {
            account,
            remote,
            api_token: text(&api_token, "id"),
            server,
            secrets,
            site,
        };
        stage.act().await;
        stage
    }

    /// Calls two tools, one of them in vain.
    async fn act(&self) {
        let url = text(&self.server, "url");
        let agent = Agent::connect(&url, "desk-client", "1.0").await;
        let agent = agent.expect("a session");
        agent
            .call(LIST_CUSTOMERS, &json!({"companyDomain": "sandbox"}))
            .await
            .expect("a list");
        let nobody = json!({"companyDomain": "sandbox", "customerUniqueId": "CUS-NOBODY"});
        agent.call(GET_CUSTOMER, &nobody).await.expect("a result");
        agent.end().await;
        self.site.until_recorded(2).await;
    }

    /// The path of the server's screen.
    pub(crate) fn server_path(&self) -> String {
        format!("/ui/servers/{}/{}", self.account, text(&self.server, "id"))
    }

    /// Every screen that can be opened, with its name.
    pub(crate) fn screens(&self) -> Vec<(&'static str, String)> {
        let (account, server) = (&self.account, self.server_path());
        let new = format!("/ui/servers/new?account={account}");
        vec![
            ("accounts", "/ui/accounts".to_owned()),
            ("account", format!("/ui/accounts/{}", self.remote)),
            ("account-remove", format!("/ui/accounts/{account}/remove")),
            ("servers", "/ui/servers".to_owned()),
            ("server-new", "/ui/servers/new".to_owned()),
            ("server-new-of", new),
            ("server", server.clone()),
            ("server-edit", format!("{server}/edit")),
            ("server-rotate", format!("{server}/rotate")),
            ("server-revoke", format!("{server}/revoke")),
            ("activity", "/ui/activity?span=24h".to_owned()),
            ("try", format!("/ui/try?account={account}")),
            ("health", "/ui/health".to_owned()),
        ]
    }

    /// Every address that takes a form, with a form that would change something if it were taken.
    pub(crate) fn forms(&self) -> Vec<(String, Vec<(&'static str, &str)>)> {
        let (account, server) = (&self.account, self.server_path());
        let new = vec![
            ("account", account.as_str()),
            ("name", "Forged"),
            ("preset", "everything"),
            ("do", "create"),
            ("expires", "never"),
            ("key", "forged-1"),
        ];
        vec![
            (
                "/ui/accounts".to_owned(),
                vec![
                    ("label", "Forged"),
                    ("environment", "live"),
                    ("company_domain", "forged"),
                    ("api_key", "x"),
                ],
            ),
            ("/ui/accounts/sandbox".to_owned(), Vec::new()),
            (format!("/ui/accounts/{account}"), vec![("label", "Forged")]),
            (format!("/ui/accounts/{account}/check"), Vec::new()),
            (format!("/ui/accounts/{account}/remove"), Vec::new()),
            ("/ui/servers/new".to_owned(), new.clone()),
            ("/ui/servers/preview".to_owned(), new.clone()),
            (format!("{server}/edit"), new),
            (format!("{server}/expiry"), vec![("expires", "1h")]),
            (format!("{server}/rotate"), vec![("overlap", "0")]),
            (format!("{server}/revoke"), Vec::new()),
            (format!("{server}/tokens"), vec![("name", "Forged")]),
            (format!("/ui/tokens/{}/revoke", self.api_token), Vec::new()),
            (
                "/ui/try".to_owned(),
                vec![("account", account), ("tool", "list_customers")],
            ),
            ("/ui/health/check".to_owned(), Vec::new()),
            ("/ui/sign-out".to_owned(), Vec::new()),
        ]
    }

    /// Everything that a form could change.
    pub(crate) async fn state(&self) -> Value {
        let mut state = Vec::new();
        let servers =
            [&self.account, &self.remote].map(|id| format!("/integrated-account/{id}/mcp"));
        let rest = ["/integrated-account", "/api-token", "/activity"].map(str::to_owned);
        for path in servers.iter().chain(&rest) {
            state.push(self.site.call(Method::GET, path, None).await);
        }
        Value::from(state)
    }
}

impl Site {
    /// Waits until so many calls are in the activity: they are written behind them.
    pub(crate) async fn until_recorded(&self, calls: usize) {
        let began = std::time::Instant::now();
        loop {
            let recorded = self.list("/activity").await;
            if recorded.len() >= calls {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{recorded:?}");
            tokio::time::sleep(PATIENCE / 1000).await;
        }
    }
}
