//! What servers were used for.

mod entry;

pub use entry::{Entry, Usage};
