//! A secret that is shown to whoever asked for it, once.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A secret, or a URL that holds one. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Shown(pub String);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown(…)")
    }
}
