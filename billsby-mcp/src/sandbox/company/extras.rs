//! Custom fields and the answers to them.

use serde::{Deserialize, Serialize};

use crate::sandbox::id::UniqueId;

/// A question asked at checkout.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CustomField {
    pub(crate) id: i64,
    /// 0 line of text, 1 text, 2 checkbox, 3 date, 4 number, 5 choice.
    pub(crate) kind: i64,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) compulsory: bool,
    /// Of a choice, separated by commas.
    pub(crate) options: Option<String>,
}

/// A customer's answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CustomFieldResponse {
    pub(crate) id: i64,
    pub(crate) field_id: i64,
    pub(crate) customer: UniqueId,
    /// The product at whose checkout it was given.
    pub(crate) product_id: Option<i64>,
    pub(crate) value: String,
}
