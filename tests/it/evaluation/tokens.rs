//! What a text costs a model, in tokens of `o200k`.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use tiktoken_rs::CoreBPE;

static TOKENIZER: LazyLock<CoreBPE> =
    LazyLock::new(|| tiktoken_rs::o200k_base().expect("a vocabulary that is built in"));

/// Counting is slow, and agents read the same texts again and again.
static COUNTED: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

/// The number of tokens in a text.
pub(crate) fn count(text: &str) -> usize {
    let known = COUNTED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(text)
        .copied();
    known.unwrap_or_else(|| {
        let number = TOKENIZER.encode_ordinary(text).len();
        let mut counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
        counted.insert(text.to_owned(), number);
        number
    })
}
