//! Nothing of what is sent and received is kept but the ids.

use billsby_mcp::store::{self, Lock};
use serde_json::{Value, json};

use super::{call, entries};
use crate::mock::{Answer, Mock};
use crate::support::{Case, Setup};

/// What must not be found again.
const CANARY: &str = "canary-6f1d";

/// The same arguments with every text that is not an id replaced.
fn marked(arguments: &mut Value) {
    match arguments {
        Value::Object(members) => {
            for (name, member) in members {
                let is_key = billsby_mcp::KEYS.iter().any(|key| key.name == name);
                match member {
                    Value::String(text) if !is_key && *text != "GBP" => {
                        *text = format!("{CANARY}-{text}");
                    }
                    _ => marked(member),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(marked),
        _ => {}
    }
}

#[tokio::test]
async fn nothing_but_ids_reaches_the_store() {
    let mock = Mock::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let store = store::open(&url.parse().expect("an address"), Lock::Shared).await;
    let site = Setup::with(&mock, store.expect("a store")).start().await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let cases = Case::all();
    for case in &cases {
        let mut arguments = json!(case.arguments);
        // Whether they are refused or sent, and whatever comes back.
        for round in 0..2 {
            let answer = json!({"message": CANARY, "email": CANARY, "name": CANARY});
            let status = if round == 0 { 200 } else { 422 };
            mock.answer_with(&case.operation, Answer::json(status, &answer));
            call(&site, &client, &case.tool, &arguments).await;
            marked(&mut arguments);
        }
    }
    call(&site, &client, CANARY, &json!({})).await;
    let entries = entries(&site).await.len();
    assert!(entries > cases.len(), "{entries} entries");
    site.stop().await;
    let mut read = 0;
    for file in std::fs::read_dir(folder.path()).expect("files") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("bytes");
        let found = bytes
            .windows(CANARY.len())
            .any(|part| part == CANARY.as_bytes());
        assert!(!found, "it is in the store");
        read += bytes.len();
    }
    assert!(read > 0);
}
