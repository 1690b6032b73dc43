//! What servers were used for.

mod entry;
mod keys;
mod queue;
mod recorder;
mod text;

pub use entry::{Entry, Usage};
pub(crate) use keys::keys;
pub use recorder::Recorder;
