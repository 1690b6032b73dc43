//! Customers who are there in every sandbox, with histories that are worth trying things on.

mod member;

use serde_json::json;

use super::address::address;
use super::books::{Bill, Bills, Books, Refund, Terms};
use super::calendar::{DAY, back};
use super::catalogue::MONTHLY;
use crate::sandbox::company::{
    CounterEntry, CounterOperation, CreditNoteStatus, InvoiceStatus, NextPlan, TakenAddon,
};
use crate::sandbox::id::UniqueId;
use member::{Member, Plastic};

use InvoiceStatus::{Paid, PaidOffline, Pending, Unpaid, WrittenOff};

/// Everybody, who came first first.
pub(super) fn by_age() -> Vec<Member> {
    let mut cast = CAST.to_vec();
    cast.sort_by_key(|member| std::cmp::Reverse(member.days));
    cast
}

/// Omar and Mary come late, so that a list's first page does not show them.
const CAST: &[Member] = &[
    Member {
        name: ("Dana", "Whitfield"),
        home: ["12 Harbour Street", "Portland", "OR", "97205", "USA"],
        days: 420,
        card: Some(Plastic::GOOD),
        history: dana,
    },
    Member {
        name: ("Omar", "Haddad"),
        home: ["48 Elm Drive", "Austin", "TX", "78704", "USA"],
        days: 150,
        card: Some(Plastic::GOOD),
        history: omar,
    },
    Member {
        name: ("Lena", "Fischer"),
        home: ["Lindenallee 7", "Hamburg", "Hamburg", "20095", "DEU"],
        days: 300,
        card: Some(Plastic::DECLINES),
        history: lena,
    },
    Member {
        name: ("Mary", "Quinn"),
        home: ["1 High Street", "Leeds", "West Yorkshire", "LS1 1AA", "GBR"],
        days: 140,
        card: Some(Plastic::GOOD),
        history: mary,
    },
    Member {
        name: ("Priya", "Natarajan"),
        home: ["22 MG Road", "Bengaluru", "Karnataka", "560001", "IND"],
        days: 5,
        card: Some(Plastic::GOOD),
        history: priya,
    },
    Member {
        name: ("Tom", "Okafor"),
        home: ["9 Mill Lane", "Bristol", "Bristol", "BS1 4TR", "GBR"],
        days: 510,
        card: Some(Plastic::EXPIRED),
        history: tom,
    },
    Member {
        name: ("Ines", "Webb"),
        home: [
            "5 rue Victor Hugo",
            "Lyon",
            "Auvergne-Rhône-Alpes",
            "69002",
            "FRA",
        ],
        days: 640,
        card: Some(Plastic::GOOD),
        history: ines,
    },
    Member {
        name: ("Ben", "Archer"),
        home: ["77 Lincoln Road", "Denver", "CO", "80203", "USA"],
        days: 200,
        card: Some(Plastic::PENDS),
        history: ben,
    },
    Member {
        name: ("Yuki", "Tanaka"),
        home: ["3 Sakura-dori", "Osaka", "Osaka", "530-0001", "JPN"],
        days: 350,
        card: Some(Plastic::DECLINES),
        history: yuki,
    },
    Member {
        name: ("Carlos", "Mendes"),
        home: ["Rua das Flores 31", "Curitiba", "PR", "80020-000", "BRA"],
        days: 60,
        card: None,
        history: |_, _| {},
    },
    Member {
        name: ("Sofia", "Rossi"),
        home: ["Via Dante 14", "Milano", "MI", "20121", "ITA"],
        days: 45,
        card: Some(Plastic::GOOD),
        history: |_, _| {},
    },
    Member {
        name: ("Nora", "Lind"),
        home: ["Storgatan 19", "Malmö", "Skåne län", "211 42", "SWE"],
        days: 720,
        card: Some(Plastic::GOOD),
        history: nora,
    },
    Member {
        name: ("Peter", "Novak"),
        home: ["Hauptstraße 3", "Berlin", "Berlin", "10115", "DEU"],
        days: 800,
        card: Some(Plastic::GOOD),
        history: erased,
    },
    Member {
        name: ("Grace", "Muller"),
        home: [
            "60 Station Road",
            "London",
            "Greater London",
            "E1 6AB",
            "GBR",
        ],
        days: 430,
        card: Some(Plastic::GOOD),
        history: grace,
    },
];

/// Renewed yesterday for the fourth time; nothing has been paid back.
fn dana(books: &mut Books<'_>, customer: UniqueId) {
    let yesterday = books.ago(DAY);
    let terms = Terms::one(books.catalogue.pro.monthly);
    let mut bills = Bills::default();
    books.subscribe(customer, terms, yesterday, &[Paid; 4], &mut bills);
    books.post(customer, &bills);
}

/// Two renewals were declined; since then there is a good card.
fn omar(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 11);
    let terms = Terms::one(books.catalogue.pro.monthly);
    let statuses = [Paid, Paid, Paid, Unpaid, Unpaid];
    let mut bills = Bills::default();
    books.subscribe(customer, terms, latest, &statuses, &mut bills);
    books.post(customer, &bills);
}

/// Suspended, because the card declines.
fn lena(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 6);
    let terms = Terms::one(books.catalogue.basic.monthly);
    let mut bills = Bills::default();
    let id = books.subscribe(customer, terms, latest, &[Paid, Paid, Unpaid], &mut bills);
    books.post(customer, &bills);
    books.suspend(id, latest, "the card was declined");
}

/// Subscribed three times: runs coffee and desk, has left Pro.
fn mary(books: &mut Books<'_>, customer: UniqueId) {
    let catalogue = books.catalogue;
    let mut bills = Bills::default();

    let left = books.ago(DAY * 95);
    let first = back(left, MONTHLY, 1);
    let pro = books.subscribe(
        customer,
        Terms::one(catalogue.pro.monthly),
        first,
        &[Paid],
        &mut bills,
    );

    let latest = books.ago(DAY * 9);
    let terms = Terms::one(catalogue.basic.monthly);
    let basic = books.subscribe(customer, terms, latest, &[Paid; 3], &mut bills);

    let latest = books.ago(DAY * 16);
    let terms = Terms {
        tariff: catalogue.team.monthly,
        units: 4,
        addons: vec![
            TakenAddon {
                addon_id: catalogue.priority_support,
                quantity: 1,
            },
            TakenAddon {
                addon_id: catalogue.extra_seats,
                quantity: 3,
            },
        ],
        allowances: vec![catalogue.api_calls],
    };
    let team = books.subscribe(customer, terms, latest, &[Paid; 2], &mut bills);

    books.post(customer, &bills);
    books.cancel(pro, left);
    for (days, value) in [(14, 310), (8, 250), (2, 80)] {
        count_api_calls(books, team, days, value);
    }
    books.subscription_mut(basic).feature_tags = vec!["early-access".to_owned()];
    let work = address([
        "Unit 4, Canal Wharf",
        "Leeds",
        "West Yorkshire",
        "LS11 5PS",
        "GBR",
    ]);
    books.subscription_mut(basic).shipping_address = Some(work);

    let (coffee, desk) = (
        catalogue.basic.monthly.product_id,
        catalogue.team.monthly.product_id,
    );
    books.answer(customer, coffee, catalogue.heard_about_us, "A friend");
    books.answer(
        customer,
        coffee,
        catalogue.delivery_notes,
        "Leave it with the neighbour at no. 3.",
    );
    books.answer(customer, desk, catalogue.company_size, "12");
}

fn count_api_calls(books: &mut Books<'_>, subscription: UniqueId, days: i32, value: i64) {
    let at = books.ago(DAY * days);
    let entry = CounterEntry {
        counter_id: books.catalogue.api_call_counter,
        at,
        counted_at: at,
        operation: CounterOperation::Increment,
        value,
    };
    books.subscription_mut(subscription).counters.push(entry);
}

/// Tries Pro for free.
fn priya(books: &mut Books<'_>, customer: UniqueId) {
    let began = books.ago(DAY * 4);
    books.try_out(customer, began);
}

/// Suspended: the card expired, so the renewal was never tried.
fn tom(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 17);
    let terms = Terms::one(books.catalogue.pro.monthly);
    let mut bills = Bills::default();
    let id = books.subscribe(customer, terms, latest, &[Paid, Unpaid], &mut bills);
    if let Some(bill) = bills.last() {
        bill.decline(0);
    }
    books.post(customer, &bills);
    books.suspend(id, latest, "the card has expired");
}

/// Paused for another three weeks.
fn ines(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 20);
    let paused = books.ago(DAY * 12);
    let resumes = books.now + DAY * 21;
    let terms = Terms::one(books.catalogue.basic.monthly);
    let mut bills = Bills::default();
    let id = books.subscribe(customer, terms, latest, &[Paid; 3], &mut bills);
    books.post(customer, &bills);
    books.pause(id, paused, resumes);
}

/// The last payment is under way.
fn ben(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 2);
    let terms = Terms::one(books.catalogue.basic.monthly);
    let mut bills = Bills::default();
    books.subscribe(customer, terms, latest, &[Paid, Paid, Pending], &mut bills);
    books.post(customer, &bills);
}

/// Part of a one-time charge was to go back, but the card declined it.
fn yuki(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 100);
    let (charged, refunded) = (books.ago(DAY * 30), books.ago(DAY * 10));
    let terms = Terms::one(books.catalogue.basic.yearly);
    let mut bills = Bills::default();
    books.subscribe(customer, terms, latest, &[Paid], &mut bills);
    let mut charge = Bill::charge(charged, "Espresso machine service", 25_000, Paid);
    charge.refund(Refund {
        at: refunded,
        percent: 20,
        status: CreditNoteStatus::Failed,
    });
    bills.add(charge);
    books.post(customer, &bills);
}

/// Left, after one invoice was paid by bank transfer and another one given up.
fn nora(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 240);
    let left = books.ago(DAY * 230);
    let terms = Terms::one(books.catalogue.basic.monthly);
    let mut bills = Bills::default();
    let id = books.subscribe(
        customer,
        terms,
        latest,
        &[PaidOffline, WrittenOff],
        &mut bills,
    );
    books.post(customer, &bills);
    books.cancel(id, left);
}

/// Asked to be forgotten.
fn erased(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 400);
    let left = books.ago(DAY * 380);
    let terms = Terms::one(books.catalogue.pro.monthly);
    let mut bills = Bills::default();
    let id = books.subscribe(customer, terms, latest, &[Paid; 3], &mut bills);
    books.post(customer, &bills);
    books.cancel(id, left);
    books.company.erase(customer);
}

/// Goes from Enterprise to Pro at the next renewal.
fn grace(books: &mut Books<'_>, customer: UniqueId) {
    let latest = books.ago(DAY * 40);
    let (refunded, planned) = (books.ago(DAY * 33), books.ago(DAY * 3));
    let terms = Terms::one(books.catalogue.enterprise.yearly);
    let mut bills = Bills::default();
    let id = books.subscribe(customer, terms, latest, &[Paid, Paid], &mut bills);
    if let Some(bill) = bills.last() {
        bill.refund(Refund {
            at: refunded,
            percent: 10,
            status: CreditNoteStatus::Paid,
        });
    }
    books.post(customer, &bills);
    let pro = books.catalogue.pro.yearly;
    books.subscription_mut(id).next = Some(NextPlan {
        plan_id: pro.plan_id,
        cycle_id: pro.cycle_id,
        units: 1,
        addons: Vec::new(),
        allowances: Vec::new(),
    });
    let data = json!({"planId": pro.plan_id, "cycleId": pro.cycle_id, "units": 1});
    books.event(id, planned, "PlanChangeScheduled", data);
}
