//! The keys of a store, and the admin token.

use billsby_mcp::provision::{AdminToken, AdminTokenError, UnlockError, rekey, unlock};
use billsby_mcp::secret::{Keyring, MasterKey};
use billsby_mcp::store::{Batch, Change, Commit};
use serde_json::json;

use super::World;
use super::world::memory;
use crate::mock::API_KEY;

#[tokio::test]
async fn two_that_start_at_once_use_the_same_keys() {
    let (store, master) = (memory().await, MasterKey::generate().expect("a key"));
    let (one, other) = tokio::join!(unlock(&*store, &master), unlock(&*store, &master));
    let (one, other) = (one.expect("keys"), other.expect("keys"));
    assert_eq!(one.hash("a"), other.hash("a"));
    let establish = || AdminToken::establish(&*store, &one, None);
    let (first, second) = tokio::join!(establish(), establish());
    let (first, second) = (first.expect("a token"), second.expect("a token"));
    let shown: Vec<_> = [first.1, second.1].into_iter().flatten().collect();
    assert_eq!(shown.len(), 1, "it is shown once");
    assert!(first.0.is(shown[0].reveal()) && second.0.is(shown[0].reveal()));
    assert!(establish().await.expect("a token").1.is_none());
    let wrong = MasterKey::generate().expect("a key");
    let refused = unlock(&*store, &wrong).await.err();
    assert!(
        matches!(refused, Some(UnlockError::WrongMasterKey(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_operators_own_token_counts_instead() {
    let (store, keyring) = (memory().await, Keyring::generate().expect("keys"));
    let (_, made) = AdminToken::establish(&*store, &keyring, None)
        .await
        .expect("a token");
    let made = made.expect("a new one");
    let own = "0123456789-abcdefghijklmnopqrstu";
    let establish = |token: &str| AdminToken::establish(&*store, &keyring, Some(token.to_owned()));
    let (token, shown) = establish(&format!(" {own}\n")).await.expect("a token");
    assert!(shown.is_none());
    assert!(token.is(own) && !token.is(made.reveal()) && !token.is("") && !token.is(&own[1..]));
    assert!(!format!("{token:?}").contains(own));
    assert_eq!(
        establish(&own[1..]).await.err(),
        Some(AdminTokenError::Short)
    );
    let spaced = own.replace('-', " ");
    assert_eq!(
        establish(&spaced).await.err(),
        Some(AdminTokenError::Character)
    );
}

#[tokio::test]
async fn new_keys_leave_every_url_as_it_is() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let gone = world.api.account(&world.mock).await;
    world.api.delete(&gone).await.is(204);
    world
        .api
        .post("/integrated-account", &json!({"environment": "sandbox"}))
        .await
        .is(201);
    let body = json!({"name": "a"});
    let server = world
        .api
        .post_once(&format!("{account}/mcp"), "k", &body)
        .await
        .is(201);
    let old = unlock(&*world.store, &world.master).await.expect("keys");
    let new = MasterKey::generate().expect("a key");
    let refused = rekey(&*world.store, &new, &world.master).await.err();
    assert!(
        matches!(refused, Some(UnlockError::WrongMasterKey(_))),
        "{refused:?}"
    );
    let count = rekey(&*world.store, &world.master, &new).await;
    assert_eq!(count.expect("new keys"), 1);
    let refused = unlock(&*world.store, &world.master).await.err();
    assert!(
        matches!(refused, Some(UnlockError::WrongMasterKey(_))),
        "{refused:?}"
    );

    let keyring = unlock(&*world.store, &new).await.expect("keys");
    let token = server["token"].as_str().expect("a token");
    assert_eq!(old.hash(token), keyring.hash(token));
    let id = account.rsplit('/').next().expect("an id");
    let record = world.store.account(id.parse().expect("an id")).await;
    let sealed = record.expect("a store").expect("an account").api_key;
    assert!(old.open(&sealed, id).is_err());
    assert_eq!(
        &keyring.open(&sealed, id).expect("a key")[..],
        API_KEY.as_bytes()
    );

    let mut world = world;
    world.master = new;
    let world = world.restart().await;
    // The URL has another port now, and the same secret.
    let url = format!("{}/mcp/{token}", world.api.base);
    assert_eq!(world.api.knock(&url).await, 200);
    // What was answered before cannot be read any more; it is not done again either.
    let again = world
        .api
        .post_once(&format!("{account}/mcp"), "k", &body)
        .await;
    again.is(409);
}

#[tokio::test]
async fn a_server_with_old_keys_seals_nothing_more() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, server) = world.api.server(&account, &json!({"name": "a"})).await;
    let new = MasterKey::generate().expect("a key");
    rekey(&*world.store, &world.master, &new)
        .await
        .expect("new keys");
    let servers = format!("{account}/mcp");
    let domain = json!({"company_domain": "acme", "api_key": "another"});
    for (path, body) in [
        ("/integrated-account", &domain),
        (servers.as_str(), &json!({"name": "b"})),
        ("/api-token", &json!({"name": "c"})),
    ] {
        let problem = world.api.post(path, body).await.is(409);
        let detail = problem["detail"].as_str().expect("a text");
        assert!(detail.contains("restart this server"), "{detail}");
    }
    // To end something needs no key.
    world.api.delete(&path).await.is(204);
    let url = server["url"].as_str().expect("a URL");
    assert_eq!(world.api.knock(url).await, 404);
}

#[tokio::test]
async fn a_key_that_was_moved_between_accounts_is_noticed() {
    let world = World::start().await;
    let (from, to) = (
        world.api.account(&world.mock).await,
        world.api.account(&world.mock).await,
    );
    let record = |path: &str| {
        let id = path
            .rsplit('/')
            .next()
            .expect("an id")
            .parse()
            .expect("an id");
        let store = world.store.clone();
        async move {
            store
                .account(id)
                .await
                .expect("a store")
                .expect("an account")
        }
    };
    let mut moved = record(&to).await;
    moved.api_key = record(&from).await.api_key;
    let id = moved.id;
    let batch = Batch {
        changes: vec![Change::Account(moved)],
        ..Batch::default()
    };
    let commit = world.store.commit(batch).await.expect("a store");
    assert!(matches!(commit, Commit::Done(_)));
    let new = MasterKey::generate().expect("a key");
    let refused = rekey(&*world.store, &world.master, &new).await.err();
    assert_eq!(refused, Some(UnlockError::Unreadable(id)));
    assert!(unlock(&*world.store, &world.master).await.is_ok());
}
