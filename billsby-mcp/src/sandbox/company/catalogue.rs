//! Products, plans, cycles, add-ons and allowances.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Currency;
use crate::sandbox::id::UniqueId;

/// The top level of the catalogue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "the fields are the API's own"
)]
pub(crate) struct Product {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) billing_currency: Currency,
    /// 0 public, 1 hidden, 2 internal, 3 off sale.
    pub(crate) visibility: i64,
    pub(crate) alert_email: Option<String>,
    pub(crate) is_additional_email_required: bool,
    pub(crate) is_billing_address_validation_required: bool,
    pub(crate) is_marketing_consent_required: bool,
    pub(crate) is_phone_number_required: bool,
    pub(crate) is_shipping_address_required: bool,
    pub(crate) is_shipping_address_validation_required: bool,
    pub(crate) type_of_product: i64,
    pub(crate) ordered_custom_fields: Vec<i64>,
    /// As it was given.
    pub(crate) country_limitation: Option<Value>,
    /// Ids of its plans, in their order.
    pub(crate) plans: Vec<i64>,
}

/// What a product is sold as.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) id: i64,
    pub(crate) product_id: i64,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    /// 1 flat fee, 2 per unit, 3 reserved, 4 tiered, 5 volume, 6 ranged.
    pub(crate) pricing_model: i64,
    pub(crate) visibility: i64,
    pub(crate) feature_tags: Vec<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) alert_email: Option<String>,
    pub(crate) cycles: Vec<Cycle>,
    pub(crate) addons: Vec<Offer>,
    pub(crate) allowances: Vec<Offer>,
}

/// An add-on or allowance that a plan offers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) id: i64,
    /// The plan always includes it.
    pub(crate) is_forced: bool,
}

/// How often a plan is billed, and at what price.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cycle {
    pub(crate) id: i64,
    pub(crate) pricing_model_id: i64,
    pub(crate) period: Period,
    /// Minor units, for a period or for a unit; the tiers decide if there are any.
    pub(crate) price: i64,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) free_quantity: i64,
    pub(crate) setup_fee: Option<i64>,
    pub(crate) visibility: i64,
    pub(crate) free_trial: Option<Period>,
    pub(crate) contract_term: Option<Period>,
    /// 1 anniversary, 2 fixed day each month, 3 fixed day of the week.
    pub(crate) billing_date_type: i64,
    pub(crate) fixed_day: Option<i64>,
    pub(crate) fixed_month: Option<i64>,
    /// 1 no proration, 2 nothing until the next cycle, 3 by remaining days.
    pub(crate) pro_rate_option: i64,
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Period {
    pub(crate) count: i64,
    pub(crate) unit: Unit,
}

/// Units of periods, in the words of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    Daily = 1,
    Weekly = 2,
    Monthly = 3,
    Yearly = 4,
}

/// The price of a range of units.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Tier {
    pub(crate) start: i64,
    pub(crate) finish: Option<i64>,
    /// Minor units.
    pub(crate) price: i64,
}

/// An extra that is sold on top of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Addon {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) feature_tags: Vec<String>,
    pub(crate) single_unit_name: String,
    pub(crate) plural_unit_name: String,
    pub(crate) pricing_model: i64,
    pub(crate) prices: Vec<PriceModel>,
}

/// Metered units that a plan includes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Allowance {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) feature_tags: Vec<String>,
    pub(crate) single_unit_name: String,
    pub(crate) plural_unit_name: String,
    pub(crate) pricing_model: i64,
    pub(crate) prices: Vec<PriceModel>,
    pub(crate) counter_id: UniqueId,
    pub(crate) counter_name: String,
}

/// The price of an add-on or allowance in one currency for one period.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PriceModel {
    pub(crate) currency: Currency,
    pub(crate) period: Period,
    pub(crate) flat_fee: i64,
    pub(crate) per_unit: i64,
    /// Of an allowance.
    pub(crate) included_units: i64,
    pub(crate) tiers: Vec<Tier>,
}

impl Period {
    /// About how many days it has.
    pub(crate) const fn days(self) -> i64 {
        let days = match self.unit {
            Unit::Daily => 1,
            Unit::Weekly => 7,
            Unit::Monthly => 30,
            Unit::Yearly => 365,
        };
        self.count.saturating_mul(days)
    }
}

impl Unit {
    /// The number of a unit on the wire.
    pub(crate) const fn number(self) -> i64 {
        self as i64
    }

    pub(crate) const fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::Daily,
            2 => Self::Weekly,
            3 => Self::Monthly,
            4 => Self::Yearly,
            _ => return None,
        })
    }
}
