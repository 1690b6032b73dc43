//! What holds for every backend.

pub(super) mod activity;
pub(super) mod changes;
pub(super) mod claim;
pub(super) mod commit;
pub(super) mod list;
pub(super) mod open;
pub(super) mod sweep;
pub(super) mod timeline;
