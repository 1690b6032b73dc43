//! The servers that can be used now.

use super::Place;
use crate::provision::{Paging, ProvisionError, Provisioning, Server, ServerFilter};
use crate::record::{AccountId, State};

/// How many questions to the store this may take, of 100 servers each.
const MOST_PAGES: usize = 10;

/// The active servers of an account or of all, newest first.
pub(super) struct Active {
    pub(super) servers: Vec<Server>,
    /// Whether there are no more than these.
    pub(super) is_all: bool,
}

impl Active {
    pub(super) async fn of(
        provisioning: &Provisioning,
        account: Option<AccountId>,
    ) -> Result<Self, ProvisionError> {
        let filter = ServerFilter {
            state: Some(State::Active),
            ..ServerFilter::default()
        };
        let (mut servers, mut cursor) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let limit = Some(100);
            let paging = Paging { limit, cursor };
            let list = provisioning.all_servers(account, &filter, &paging).await?;
            servers.extend(list.result);
            cursor = list.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let is_all = cursor.is_none();
        Ok(Self { servers, is_all })
    }
}

/// Where the active servers of an account are listed.
pub(super) fn address(place: Place) -> String {
    format!("/ui/servers?account={}&state=active", place.0)
}
