//! What the company sells, and the questions it asks at checkout.

use crate::sandbox::company::{
    Addon, Allowance, Company, Currency, CustomField, Cycle, Offer, Period, Plan, PriceModel,
    Product, Unit,
};
use crate::sandbox::id::UniqueId;
use crate::sandbox::random::Random;

pub(super) const MONTHLY: Period = Period {
    count: 1,
    unit: Unit::Monthly,
};
pub(super) const YEARLY: Period = Period {
    count: 1,
    unit: Unit::Yearly,
};
pub(super) const TRIAL: Period = Period {
    count: 14,
    unit: Unit::Daily,
};
/// A year costs as much as ten months.
const MONTHS_PAID_OF_A_YEAR: i64 = 10;

const FLAT_FEE: i64 = 1;
const PER_UNIT: i64 = 2;

/// Where everything in the catalogue is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalogue {
    pub(super) basic: Tariffs,
    pub(super) pro: Tariffs,
    /// Pro, each month, after a free trial.
    pub(super) pro_trial: Tariff,
    pub(super) enterprise: Tariffs,
    pub(super) starter: Tariffs,
    pub(super) team: Tariffs,
    pub(super) classic: Tariff,
    pub(super) priority_support: i64,
    pub(super) extra_seats: i64,
    pub(super) api_calls: i64,
    pub(super) api_call_counter: UniqueId,
    pub(super) company_size: i64,
    pub(super) heard_about_us: i64,
    pub(super) delivery_notes: i64,
}

/// The two cycles of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tariffs {
    pub(super) monthly: Tariff,
    pub(super) yearly: Tariff,
}

/// A cycle and where it belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tariff {
    pub(super) product_id: i64,
    pub(super) plan_id: i64,
    pub(super) cycle_id: i64,
    pub(super) period: Period,
}

/// A plan to be made.
struct Draft {
    name: &'static str,
    description: &'static str,
    pricing_model: i64,
    price: i64,
    tags: &'static [&'static str],
}

/// Fills the catalogue of an empty company.
pub(super) fn fill(company: &mut Company, random: &mut Random) -> Catalogue {
    let fields = custom_fields(company);
    let [company_size, heard_about_us, delivery_notes] = fields;
    let pounds = "GBP".parse().expect("a currency");

    let coffee = product(company, COFFEE_CLUB, Currency::USD, 0);
    let basic = two_cycles(company, coffee, &BASIC);
    let pro = two_cycles(company, coffee, &PRO);
    let pro_trial = cycle(
        company,
        pro.monthly.plan_id,
        MONTHLY,
        PRO.price,
        Some(TRIAL),
    );
    let enterprise = two_cycles(company, coffee, &ENTERPRISE);

    let desk = product(company, ROAST_DESK, Currency::USD, 0);
    let starter = two_cycles(company, desk, &STARTER);
    let team = two_cycles(company, desk, &TEAM);
    let addons = [
        addon(company, &PRIORITY_SUPPORT),
        addon(company, &EXTRA_SEATS),
    ];
    let api_call_counter = UniqueId::random(random);
    let api_calls = api_calls(company, api_call_counter);
    for plan in [starter, team].map(|tariffs| tariffs.monthly.plan_id) {
        let plan = &mut company.plans[&plan];
        plan.addons = addons.map(offer).to_vec();
        plan.allowances = vec![offer(api_calls)];
    }

    let legacy = product(company, LEGACY_BOX, pounds, 3);
    let classic_plan = plan(company, legacy, &CLASSIC);
    let classic = cycle(company, classic_plan, MONTHLY, CLASSIC.price, None);

    company.products[&coffee].ordered_custom_fields = vec![heard_about_us, delivery_notes];
    company.products[&desk].ordered_custom_fields = vec![company_size, heard_about_us];
    Catalogue {
        basic,
        pro,
        pro_trial,
        enterprise,
        starter,
        team,
        classic,
        priority_support: addons[0],
        extra_seats: addons[1],
        api_calls,
        api_call_counter,
        company_size,
        heard_about_us,
        delivery_notes,
    }
}

const COFFEE_CLUB: (&str, &str) = (
    "Coffee Club",
    "Fresh beans at your door, as often as you like.",
);
const ROAST_DESK: (&str, &str) = ("Roast Desk", "Software for roasters, paid by the seat.");
const LEGACY_BOX: (&str, &str) = ("Legacy Box", "The box we began with. No longer sold.");

const BASIC: Draft = Draft {
    name: "Basic",
    description: "One bag a month.",
    pricing_model: FLAT_FEE,
    price: 1900,
    tags: &["newsletter"],
};
const PRO: Draft = Draft {
    name: "Pro",
    description: "Three bags a month and a seat at every tasting.",
    pricing_model: FLAT_FEE,
    price: 4900,
    tags: &["newsletter", "tastings"],
};
const ENTERPRISE: Draft = Draft {
    name: "Enterprise",
    description: "Coffee for the whole office, looked after by one person.",
    pricing_model: FLAT_FEE,
    price: 19_900,
    tags: &["newsletter", "tastings", "concierge"],
};
const STARTER: Draft = Draft {
    name: "Starter",
    description: "For one roastery.",
    pricing_model: PER_UNIT,
    price: 900,
    tags: &["planner"],
};
const TEAM: Draft = Draft {
    name: "Team",
    description: "For roasteries with several sites.",
    pricing_model: PER_UNIT,
    price: 700,
    tags: &["planner", "reports"],
};
const CLASSIC: Draft = Draft {
    name: "Classic",
    description: "A box a month.",
    pricing_model: FLAT_FEE,
    price: 1500,
    tags: &[],
};

fn product(
    company: &mut Company,
    (name, description): (&str, &str),
    billing_currency: Currency,
    visibility: i64,
) -> i64 {
    let id = company.next_id();
    let product = Product {
        id,
        name: name.to_owned(),
        display_name: name.to_owned(),
        description: Some(description.to_owned()),
        billing_currency,
        visibility,
        alert_email: Some("billing@sandbox.example".to_owned()),
        is_additional_email_required: false,
        is_billing_address_validation_required: false,
        is_marketing_consent_required: false,
        is_phone_number_required: false,
        is_shipping_address_required: false,
        is_shipping_address_validation_required: false,
        type_of_product: 1,
        ordered_custom_fields: Vec::new(),
        country_limitation: None,
        plans: Vec::new(),
    };
    company.products.insert(id, product);
    id
}

/// Makes a plan without cycles.
fn plan(company: &mut Company, product_id: i64, draft: &Draft) -> i64 {
    let id = company.next_id();
    let plan = Plan {
        id,
        product_id,
        name: draft.name.to_owned(),
        display_name: draft.name.to_owned(),
        description: Some(draft.description.to_owned()),
        pricing_model: draft.pricing_model,
        visibility: company.products[&product_id].visibility,
        feature_tags: draft.tags.iter().map(|&tag| tag.to_owned()).collect(),
        redirect_url: None,
        alert_email: None,
        cycles: Vec::new(),
        addons: Vec::new(),
        allowances: Vec::new(),
    };
    company.plans.insert(id, plan);
    company.products[&product_id].plans.push(id);
    id
}

fn two_cycles(company: &mut Company, product_id: i64, draft: &Draft) -> Tariffs {
    let plan = plan(company, product_id, draft);
    Tariffs {
        monthly: cycle(company, plan, MONTHLY, draft.price, None),
        yearly: cycle(
            company,
            plan,
            YEARLY,
            draft.price * MONTHS_PAID_OF_A_YEAR,
            None,
        ),
    }
}

fn cycle(
    company: &mut Company,
    plan_id: i64,
    period: Period,
    price: i64,
    free_trial: Option<Period>,
) -> Tariff {
    let cycle_id = company.next_id();
    let pricing_model_id = company.next_id();
    let plan = &mut company.plans[&plan_id];
    plan.cycles.push(Cycle {
        id: cycle_id,
        pricing_model_id,
        period,
        price,
        tiers: Vec::new(),
        free_quantity: 0,
        setup_fee: None,
        visibility: plan.visibility,
        free_trial,
        contract_term: None,
        billing_date_type: 1,
        fixed_day: None,
        fixed_month: None,
        pro_rate_option: 3,
    });
    Tariff {
        product_id: plan.product_id,
        plan_id,
        cycle_id,
        period,
    }
}

const fn offer(id: i64) -> Offer {
    Offer {
        id,
        is_forced: false,
    }
}

/// An add-on to be made.
struct AddonDraft {
    name: &'static str,
    description: &'static str,
    units: (&'static str, &'static str),
    pricing_model: i64,
    price: i64,
}

const PRIORITY_SUPPORT: AddonDraft = AddonDraft {
    name: "Priority support",
    description: "An answer within the hour.",
    units: ("contract", "contracts"),
    pricing_model: FLAT_FEE,
    price: 1500,
};
const EXTRA_SEATS: AddonDraft = AddonDraft {
    name: "Extra seats",
    description: "Seats for people who only look.",
    units: ("seat", "seats"),
    pricing_model: PER_UNIT,
    price: 500,
};

fn addon(company: &mut Company, draft: &AddonDraft) -> i64 {
    let id = company.next_id();
    let price = |period, price| PriceModel {
        currency: Currency::USD,
        period,
        flat_fee: if draft.pricing_model == FLAT_FEE {
            price
        } else {
            0
        },
        per_unit: if draft.pricing_model == PER_UNIT {
            price
        } else {
            0
        },
        included_units: 0,
        tiers: Vec::new(),
    };
    let addon = Addon {
        id,
        name: draft.name.to_owned(),
        display_name: draft.name.to_owned(),
        description: draft.description.to_owned(),
        feature_tags: Vec::new(),
        single_unit_name: draft.units.0.to_owned(),
        plural_unit_name: draft.units.1.to_owned(),
        pricing_model: draft.pricing_model,
        prices: vec![
            price(MONTHLY, draft.price),
            price(YEARLY, draft.price * MONTHS_PAID_OF_A_YEAR),
        ],
    };
    company.addons.insert(id, addon);
    id
}

fn api_calls(company: &mut Company, counter_id: UniqueId) -> i64 {
    let id = company.next_id();
    let price = |period| PriceModel {
        currency: Currency::USD,
        period,
        flat_fee: 0,
        per_unit: 1,
        included_units: 1000,
        tiers: Vec::new(),
    };
    let allowance = Allowance {
        id,
        name: "API calls".to_owned(),
        display_name: "API calls".to_owned(),
        description: "Calls of the roast planner's interface.".to_owned(),
        feature_tags: vec!["api".to_owned()],
        single_unit_name: "call".to_owned(),
        plural_unit_name: "calls".to_owned(),
        pricing_model: PER_UNIT,
        prices: vec![price(MONTHLY), price(YEARLY)],
        counter_id,
        counter_name: "api-calls".to_owned(),
    };
    company.allowances.insert(id, allowance);
    id
}

/// The ids of company size, how they heard about us, and delivery notes.
fn custom_fields(company: &mut Company) -> [i64; 3] {
    [
        (4, "Company size", "How many people work with you?", None),
        (
            5,
            "How did you hear about us",
            "So that we know whom to thank.",
            Some("Search engine,A friend,Advert,Conference"),
        ),
        (1, "Delivery notes", "Where should the parcel go?", None),
    ]
    .map(|(kind, label, description, options)| {
        let id = company.next_id();
        let field = CustomField {
            id,
            kind,
            label: label.to_owned(),
            description: description.to_owned(),
            compulsory: false,
            options: options.map(str::to_owned),
        };
        company.custom_fields.insert(id, field);
        id
    })
}
