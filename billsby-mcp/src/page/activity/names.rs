//! What the accounts and servers are called that calls belong to.

use std::collections::HashMap;

use crate::page::asked::Asked;
use crate::provision::{
    Account, ActivityFilter, Call, Paging, ProvisionError, Provisioning, ServerFilter,
};
use crate::record::{AccountId, ServerId};

/// The most servers that a list to choose from has.
const MOST_SERVERS: u32 = 100;
/// How many servers are remembered at most while a file is written.
const MOST_KEPT: usize = 10_000;
/// Among how many accounts a server is looked for.
const MOST_TRIED: usize = 20;

/// The names of accounts and servers.
#[derive(Debug, Default)]
pub(super) struct Names {
    accounts: Vec<Account>,
    /// The newest servers of all accounts, then whatever else was asked for.
    servers: Vec<(ServerId, AccountId, String)>,
    /// Where in the list; nowhere, if there is no such server any more.
    index: HashMap<ServerId, Option<usize>>,
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

    /// That of a server that was asked for by its id.
    pub(super) async fn find(&mut self, asked: &Asked, id: ServerId) -> Result<(), ProvisionError> {
        if self.index.contains_key(&id) {
            return Ok(());
        }
        let provisioning = asked.provisioning();
        // Its calls tell the account; one without calls is looked for.
        let filter = ActivityFilter {
            server_id: Some(id),
            ..ActivityFilter::default()
        };
        let newest = Paging {
            limit: Some(1),
            cursor: None,
        };
        let calls = provisioning.activity(&filter, &newest).await?.result;
        let known = calls.first().and_then(|call| call.account_id);
        let accounts = known.or_else(|| asked.form.read("account_id")).map_or_else(
            || {
                let accounts = self.accounts.iter().map(|account| account.id);
                accounts.take(MOST_TRIED).collect()
            },
            |account| vec![account],
        );
        for account in accounts {
            if let Some(name) = server_name(provisioning, account, id).await? {
                self.add(id, account, name);
                break;
            }
        }
        Ok(())
    }

    /// Those of the servers that a page of calls names as well.
    pub(super) async fn complete(
        &mut self,
        provisioning: &Provisioning,
        calls: &[Call],
    ) -> Result<(), ProvisionError> {
        if self.index.len() > MOST_KEPT {
            self.index.clear();
            self.servers.clear();
        }
        for call in calls {
            let (Some(server), Some(account)) = (call.server_id, call.account_id) else {
                continue;
            };
            if self.index.contains_key(&server) {
                continue;
            }
            match server_name(provisioning, account, server).await? {
                Some(name) => self.add(server, account, name),
                // It is gone, and its calls are still there.
                None => {
                    self.index.insert(server, None);
                }
            }
        }
        Ok(())
    }

    pub(super) fn add(&mut self, id: ServerId, account: AccountId, name: String) {
        self.index.insert(id, Some(self.servers.len()));
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
        let (_, _, name) = &self.servers[(*self.index.get(&id)?)?];
        Some(name)
    }
}

/// What a server of an account is called, if it is there.
async fn server_name(
    provisioning: &Provisioning,
    account: AccountId,
    id: ServerId,
) -> Result<Option<String>, ProvisionError> {
    match provisioning.server(account, id).await {
        Ok(server) => Ok(Some(server.name)),
        Err(ProvisionError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
