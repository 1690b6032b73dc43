//! A request that has been checked.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sandbox::company::{Company, Customer, Subscription};
use crate::sandbox::id::UniqueId;
use crate::sandbox::wire::Refusal;

/// The values of a request. Every value has the type that the document asks for, and what the document
/// requires is there.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// Decoded values of the path, by the names of the template.
    pub(crate) path: Vec<(&'a str, String)>,
    /// Decoded values of the query.
    pub(crate) query: Vec<(String, String)>,
    /// Null if the operation takes no body.
    pub(crate) body: Value,
}

impl Call<'_> {
    /// A value of the path. It is `None` if it does not have the form of such an id; then it is the id of
    /// nothing.
    pub(crate) fn path<T: FromStr>(&self, name: &str) -> Option<T> {
        let (_, value) = self.path.iter().find(|(known, _)| *known == name)?;
        value.parse().ok()
    }

    /// The customer whose id is in the path.
    pub(super) fn customer<'c>(&self, company: &'c Company) -> Result<&'c Customer, Refusal> {
        let id: Option<UniqueId> = self.path("customerUniqueId");
        let found = id.and_then(|id| company.customers.get(&id));
        found.ok_or_else(|| Refusal::not_found("no customer has this customerUniqueId"))
    }

    /// The subscription whose id is in the path.
    pub(super) fn subscription<'c>(
        &self,
        company: &'c Company,
    ) -> Result<&'c Subscription, Refusal> {
        let id: Option<UniqueId> = self.path("subscriptionUniqueId");
        let found = id.and_then(|id| company.subscriptions.get(&id));
        found.ok_or_else(|| Refusal::not_found("no subscription has this subscriptionUniqueId"))
    }

    /// A value of the query; `None` if it was not given.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let (_, value) = self.query.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// A query value that is true or false; `None` if it was not given.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.query(name).map(|value| value == "true")
    }

    /// The body as a type of the sandbox's own.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone())
            .expect("the body has been checked against the document")
    }
}
