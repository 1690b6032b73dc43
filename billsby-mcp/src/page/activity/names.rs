//! What the accounts and servers are called that calls belong to.

use std::collections::HashMap;

use crate::page::asked::Asked;
use crate::provision::{Account, Call, Paging, ProvisionError, ServerFilter};
use crate::record::{AccountId, ServerId};

/// The most servers that a list to choose from has.
const MOST_SERVERS: u32 = 100;

/// The names of accounts and servers.
#[derive(Debug, Default)]
pub(super) struct Names {
    accounts: Vec<Account>,
    /// The newest servers of all accounts, then whatever else was asked for.
    servers: Vec<(ServerId, AccountId, String)>,
    /// Where in the list.
    index: HashMap<ServerId, usize>,
}

impl Names {
    /// The accounts, and the newest servers.
    pub(super) async fn load(asked: &Asked) -> Result<Self, ProvisionError> {
        let mut names = Self {
            accounts: asked.accounts().await?,
            ..Self::default()
        };
        let filter = ServerFilter::default();
        let newest = Paging {
            limit: Some(MOST_SERVERS),
            cursor: None,
        };
        let servers = asked.provisioning().all_servers(None, &filter, &newest);
        for server in servers.await?.result {
            names.add(server.id, server.integrated_account_id, server.name);
        }
        Ok(names)
    }

    /// Those of the servers that a page of calls names as well.
    pub(super) async fn complete(
        &mut self,
        asked: &Asked,
        calls: &[Call],
    ) -> Result<(), ProvisionError> {
        for call in calls {
            let (Some(server), Some(account)) = (call.server_id, call.account_id) else {
                continue;
            };
            if self.index.contains_key(&server) {
                continue;
            }
            match asked.provisioning().server(account, server).await {
                Ok(found) => self.add(server, account, found.name),
                // It is gone, and its calls are still there.
                Err(ProvisionError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn add(&mut self, id: ServerId, account: AccountId, name: String) {
        self.index.insert(id, self.servers.len());
        self.servers.push((id, account, name));
    }

    pub(super) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// Servers with their accounts and names.
    pub(super) fn servers(&self) -> &[(ServerId, AccountId, String)] {
        &self.servers
    }

    pub(super) fn server(&self, id: ServerId) -> Option<&str> {
        let (_, _, name) = &self.servers[*self.index.get(&id)?];
        Some(name)
    }
}
