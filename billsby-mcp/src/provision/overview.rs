//! Servers of all accounts, or of one.

use std::collections::HashMap;

use super::fields::Problems;
use super::{List, Paging, ProvisionError, Provisioning, Server, ServerFilter};
use crate::activity::Usage;
use crate::record::{AccountId, ServerId, ServerRecord};
use crate::store::ServerQuery;

impl Provisioning {
    /// Servers of one account, or of all, newest first, also those that have ended.
    ///
    /// # Errors
    ///
    /// There is no such account, the page cannot be had, or the store does not answer.
    pub async fn all_servers(
        &self,
        account: Option<AccountId>,
        filter: &ServerFilter,
        paging: &Paging,
    ) -> Result<List<Server>, ProvisionError> {
        let mut problems = Problems::default();
        let (page, limit) = paging.page(&mut problems);
        problems.finish()?;
        if let Some(account) = account {
            self.account_record(account).await?;
        }
        let query = ServerQuery {
            account,
            state: filter.state.map(|state| (state, self.now())),
            name: filter.name.clone(),
            page,
        };
        let records = self.store().servers(query).await?;
        let ids: Vec<ServerId> = records.iter().map(|record| record.id).collect();
        let usage: HashMap<ServerId, Usage> = self.store().usage(&ids).await?.into_iter().collect();
        let id = |record: &ServerRecord| record.id.to_string();
        Ok(List::of(records, limit, id, |record| {
            let usage = usage.get(&record.id).copied().unwrap_or_default();
            self.server_view(&record, usage.into(), None)
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provision::scene::Scene;
    use crate::record::State;

    #[tokio::test]
    async fn servers_of_all_accounts_come_newest_first() {
        let scene = Scene::start().await;
        let provisioning = &scene.provisioning;
        let accounts = [scene.sandbox().await, scene.sandbox().await];
        let mut made = Vec::new();
        for (second, name) in ["a", "b", "c"].into_iter().enumerate() {
            scene
                .clock
                .set(scene.clock.now() + std::time::Duration::from_secs(1));
            let body = json!({"name": name});
            let server = provisioning
                .create_server(accounts[second % 2], &body, None)
                .await;
            made.insert(0, server.unwrap().answer.id);
        }
        let all = ServerFilter::default();
        let ids = async |account, filter: &ServerFilter, paging: &Paging| {
            let list = provisioning
                .all_servers(account, filter, paging)
                .await
                .unwrap();
            let ids: Vec<ServerId> = list.result.iter().map(|server| server.id).collect();
            (ids, list.next_cursor)
        };
        let first = Paging {
            limit: Some(2),
            ..Paging::default()
        };
        let (page, cursor) = ids(None, &all, &first).await;
        assert_eq!(page, made[..2]);
        let rest = Paging {
            cursor,
            ..Paging::default()
        };
        assert_eq!(ids(None, &all, &rest).await, (vec![made[2]], None));
        let one = ids(Some(accounts[1]), &all, &Paging::default()).await;
        assert_eq!(one.0, [made[1]]);
        provisioning
            .revoke_server(accounts[1], made[1])
            .await
            .unwrap();
        let active = ServerFilter {
            state: Some(State::Active),
            ..all
        };
        let (active, _) = ids(None, &active, &Paging::default()).await;
        assert_eq!(active, [made[0], made[2]]);
        let unknown = AccountId::new(scene.clock.now()).unwrap();
        let refused = provisioning
            .all_servers(Some(unknown), &ServerFilter::default(), &first)
            .await;
        assert!(matches!(refused, Err(ProvisionError::NotFound(_))));
    }
}
