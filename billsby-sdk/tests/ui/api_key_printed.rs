//! The API key cannot be shown.

use billsby_sdk::ApiKey;

fn main() {
    let key = ApiKey::new("key");
    println!("{key}");
}
