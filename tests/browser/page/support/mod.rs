//! What the tests share.

mod browser;
mod html;
mod kept;
mod mcp;
#[path = "../../../it/support/program.rs"]
mod program;
#[path = "../../../it/support/require.rs"]
mod require;
mod site;
mod stage;
mod visitor;

pub(crate) use browser::Browser;
pub(crate) use html::attribute;
pub(crate) use mcp::Agent;
pub(crate) use require::can_run;
pub(crate) use site::{ADMIN_TOKEN, NOWHERE, Site, text};
pub(crate) use stage::{GET_CUSTOMER, LIST_CUSTOMERS, Stage};
pub(crate) use visitor::{Reply, Visitor};

use std::time::Duration;

/// How long something may take that usually takes no time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
