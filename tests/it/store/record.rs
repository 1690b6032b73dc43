//! Records for the tests.

use billsby_mcp::activity::Entry;
use billsby_mcp::record::{
    AccountId, AccountRecord, ActivityId, ApiTokenId, ApiTokenRecord, Environment, OldToken,
    ServerConfig, ServerId, ServerRecord, UrlToken,
};
use billsby_mcp::secret::TokenHash;
use billsby_mcp::store::{Batch, Change, Commit, Page, Store};
use billsby_sdk::Outcome;
use jiff::Timestamp;

/// Some time, so many seconds later.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("a time")
}

/// A hash that no other record has.
pub(crate) fn hash() -> TokenHash {
    TokenHash::from(rand::random::<[u8; 32]>())
}

pub(crate) fn account() -> AccountRecord {
    AccountRecord {
        id: AccountId::new(at(0)).expect("random numbers"),
        label: "Größe & Söhne".to_owned(),
        company_domain: "acme".to_owned(),
        environment: Environment::Test,
        base_url: Some("https://example.org".to_owned()),
        api_key: vec![0, 1, 255],
        created_at: at(0),
        updated_at: at(1),
        deleted_at: None,
        generation: 0,
    }
}

pub(crate) fn server(account: AccountId) -> ServerRecord {
    ServerRecord {
        id: ServerId::new(at(0)).expect("random numbers"),
        account,
        name: "Support".to_owned(),
        config: ServerConfig {
            tags: vec!["invoices".to_owned()],
            require_oauth: true,
            ..ServerConfig::default()
        },
        token: Some(UrlToken {
            hash: hash(),
            hint: "wxyz".to_owned(),
        }),
        old_token: Some(OldToken {
            hash: hash(),
            valid_until: at(60),
        }),
        created_at: at(0),
        updated_at: at(1),
        expires_at: Some(at(3_600)),
        revoked_at: None,
        generation: 0,
    }
}

pub(crate) fn api_token(server: Option<ServerId>) -> ApiTokenRecord {
    ApiTokenRecord {
        id: ApiTokenId::new(at(0)).expect("random numbers"),
        name: "CI".to_owned(),
        hash: Some(hash()),
        hint: "abcd".to_owned(),
        server,
        created_at: at(0),
        expires_at: Some(at(3_600)),
        revoked_at: None,
        generation: 0,
    }
}

/// A call at a time.
pub(crate) fn entry(server: Option<ServerId>, second: i64) -> Entry {
    Entry {
        id: ActivityId::new(at(second)).expect("random numbers"),
        at: at(second),
        server,
        account: None,
        client_name: Some("inspector".to_owned()),
        client_version: None,
        tool: "customers.get".to_owned(),
        is_write: false,
        is_error: false,
        outcome: Outcome::Done,
        status: None,
        milliseconds: 12,
        keys: [("customerUniqueId".to_owned(), "CUS1".to_owned())].into(),
    }
}

pub(crate) fn batch(changes: impl IntoIterator<Item = Change>) -> Batch {
    Batch {
        changes: changes.into_iter().collect(),
        ..Batch::default()
    }
}

/// Writes changes, which must succeed, and gives the generation.
pub(crate) async fn write(store: &dyn Store, changes: impl IntoIterator<Item = Change>) -> u64 {
    match store.commit(batch(changes)).await.expect("a commit") {
        Commit::Done(generation) => generation,
        other => panic!("{other:?}"),
    }
}

/// A new account in a store.
pub(crate) async fn new_account(store: &dyn Store) -> AccountRecord {
    let mut account = account();
    account.generation = write(store, [Change::Account(account.clone())]).await;
    account
}

/// A new server in a store.
pub(crate) async fn new_server(store: &dyn Store, mut server: ServerRecord) -> ServerRecord {
    server.generation = write(store, [server_change(&server)]).await;
    server
}

pub(crate) fn server_change(server: &ServerRecord) -> Change {
    Change::Server(Box::new(server.clone()))
}

/// The first page, with room for everything that a test makes.
pub(crate) fn everything<I>() -> Page<I> {
    Page {
        after: None,
        limit: 100,
    }
}
