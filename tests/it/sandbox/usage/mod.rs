//! What subscriptions of the sandbox have and use.

mod counters;
mod details;
mod tags;

const MARY: &str = "mary.quinn@example.com";
/// The id of nothing.
const NOTHING: &str = "0000000000";
const TAGS: &str = "/core/sandbox/subscriptions/tags";
