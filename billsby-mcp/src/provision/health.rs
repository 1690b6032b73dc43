//! Whether accounts work now.

use std::time::Instant;

use billsby_sdk::RateLimit;
use futures_util::future::join_all;
use serde::Serialize;

use super::{Account, ProvisionError, Provisioning, Verification};
use crate::store::Page;
use crate::tool::whole_seconds;

/// The most accounts that are asked about at once: the newest ones.
const MOST: u32 = 20;

/// Whether an account works now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountHealth {
    /// The account.
    pub account: Account,
    /// What Billsby answered.
    pub verification: Verification,
    /// How long that took.
    pub milliseconds: u32,
    /// How many more calls Billsby takes, if it said so.
    pub rate_limit: Option<RateLimitView>,
}

/// How many calls may be made, as far as an answer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RateLimitView {
    /// How many one window of time allows.
    pub limit: Option<u64>,
    /// How many more are allowed in it.
    pub remaining: Option<u64>,
    /// In how many seconds it ends.
    pub resets_in_seconds: Option<u64>,
}

impl Provisioning {
    /// Asks Billsby, by one read for each of the newest 20 accounts, whether they work.
    ///
    /// # Errors
    ///
    /// The store does not answer. That Billsby refuses is an answer.
    pub async fn check_accounts(&self) -> Result<Vec<AccountHealth>, ProvisionError> {
        let page = Page {
            after: None,
            limit: MOST,
        };
        let records = self.store().accounts(page).await?;
        let accounts = records.iter().map(Account::from);
        Ok(join_all(accounts.map(|account| self.health(account))).await)
    }

    async fn health(&self, account: Account) -> AccountHealth {
        let start = Instant::now();
        let (verification, rate_limit) = self.verification(account.id).await;
        AccountHealth {
            account,
            verification,
            milliseconds: u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX),
            rate_limit: rate_limit.map(RateLimitView::from),
        }
    }
}

impl From<RateLimit> for RateLimitView {
    fn from(limit: RateLimit) -> Self {
        Self {
            limit: limit.limit,
            remaining: limit.remaining,
            resets_in_seconds: limit.reset.map(whole_seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::provision::scene::Scene;

    #[tokio::test]
    async fn every_account_is_asked_about() {
        let scene = Scene::start().await;
        let good = scene.sandbox().await;
        scene.clock.set(scene.clock.now() + Duration::from_secs(1));
        let unreachable = scene
            .account(
                json!({"company_domain": "acme", "api_key": "k", "base_url": "http://127.0.0.1:1"}),
            )
            .await;
        scene.clock.set(scene.clock.now() + Duration::from_secs(1));
        let wrong = scene
            .account(
                json!({"company_domain": "sandbox", "api_key": "k", "base_url": scene.base_url}),
            )
            .await;
        let health = scene.provisioning.check_accounts().await.unwrap();
        let found: Vec<_> = health
            .iter()
            .map(|health| {
                (
                    health.account.id,
                    health.verification.ok,
                    health.verification.status,
                )
            })
            .collect();
        let expected = [
            (wrong, false, Some(401)),
            (unreachable, false, None),
            (good, true, None),
        ];
        assert_eq!(found, expected);
        assert!(health[1].verification.detail.contains("cannot be reached"));
        assert!(health.iter().all(|health| health.rate_limit.is_none()));
    }

    #[tokio::test]
    async fn no_more_than_twenty_are_asked_about() {
        let scene = Scene::start().await;
        for _ in 0..21 {
            scene.sandbox().await;
        }
        assert_eq!(scene.provisioning.check_accounts().await.unwrap().len(), 20);
    }

    #[test]
    fn nobody_waits_too_short() {
        let mut limit = RateLimit::default();
        limit.limit = Some(60);
        limit.remaining = Some(0);
        limit.reset = Some(Duration::from_millis(1_500));
        let expected = RateLimitView {
            limit: Some(60),
            remaining: Some(0),
            resets_in_seconds: Some(2),
        };
        assert_eq!(RateLimitView::from(limit), expected);
    }
}
