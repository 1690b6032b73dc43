//! Whatever is done in whatever order, the books add up.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use serde_json::{Value, json};

use crate::sandbox::shop::{DECLINES, Member, PAYS, PENDS, Shop, number, text};

const STEPS: usize = 400;

#[tokio::test]
async fn what_was_paid_is_what_was_charged_less_what_was_paid_out() {
    for seed in [1, 2, 3] {
        let shop = Shop::open().await;
        let (_, monthly) = shop.cycle("Pro", "Monthly").await;
        let member = shop.join(monthly, PAYS).await;
        let plans = [
            shop.cycle("Basic", "Monthly").await,
            shop.cycle("Pro", "Monthly").await,
            shop.cycle("Enterprise", "Yearly").await,
        ];
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        for step in 0..STEPS {
            act(&shop, &member, &plans, &mut random).await;
            if step % 20 == 19 {
                check(&shop, &member).await;
            }
        }
        let kinds = shop.kinds(&member.customer).await;
        for kind in [
            "charged",
            "paid_out",
            "charge_declined",
            "plan_changed",
            "subscription_renewed",
        ] {
            assert!(
                kinds.iter().any(|known| known == kind),
                "seed {seed}: nothing was {kind}"
            );
        }
    }
}

/// Does something that may be refused.
async fn act(shop: &Shop, member: &Member, plans: &[(i64, i64)], random: &mut Pcg64Mcg) {
    let customer = &member.customer;
    match random.random_range(0..10) {
        0 => {
            shop.charge(customer, random.random_range(1..20_000)).await;
        }
        1..=3 => {
            let invoices = shop.invoices(customer).await;
            let invoice = &invoices[random.random_range(0..invoices.len())];
            let number = text(&invoice["invoiceNumber"]);
            let reply = match random.random_range(0..8) {
                0 => shop.put(&format!("/invoices/{number}/PaidOffline")).await,
                1 => shop.put(&format!("/invoices/{number}/WrittenOff")).await,
                2 | 3 => shop.put(&format!("/invoices/{number}/Payment")).await,
                _ => {
                    shop.refund(customer, &number, random.random_range(1..6_000))
                        .await
                }
            };
            assert!([200, 400].contains(&reply.status), "{}", reply.text);
        }
        4 => {
            let notes = shop.credit_notes(customer).await;
            if let Some(note) = notes.iter().find(|note| note["status"] == "Failed") {
                let number = text(&note["invoiceNumber"]);
                let reply = shop.put(&format!("/creditNotes/{number}/Payment")).await;
                assert!([200, 400].contains(&reply.status), "{}", reply.text);
            }
        }
        5 => {
            let card = [PAYS, PAYS, PAYS, DECLINES, PENDS][random.random_range(0..5)];
            shop.set_card(customer, card).await;
        }
        6 | 7 => {
            let to = plans[random.random_range(0..plans.len())];
            let more = json!({
                "planChangeType": random.random_range(1..=2),
                "issueRefund": random.random::<bool>(),
            });
            let reply = shop.change_plan(member, to, more).await;
            assert!([200, 400].contains(&reply.status), "{}", reply.text);
        }
        _ => {
            let days = random.random_range(1..25);
            shop.advance(&format!("P{days}D")).await;
        }
    }
}

async fn check(shop: &Shop, member: &Member) {
    let moved = |effects: &[Value], kind: &str| -> i64 {
        let effects = effects.iter().filter(|effect| effect["kind"] == kind);
        effects.map(|effect| number(&effect["amount"])).sum()
    };
    let effects = shop.effects(&member.customer).await;
    let received = moved(&effects, "charged") + moved(&effects, "invoice_paid_offline");
    let paid_out = moved(&effects, "paid_out");
    let customer = shop.get(&format!("/customers/{}", member.customer)).await;
    assert_eq!(number(&customer["totalAmountPaid"]), received - paid_out);

    let state = shop.state().await;
    let invoices = state["invoices"].as_object().unwrap().values();
    let own = invoices.filter(|invoice| text(&invoice["number"]).starts_with(&member.customer));
    let mut left = 0;
    for invoice in own {
        let (amount, refunded) = (number(&invoice["amount"]), number(&invoice["refunded"]));
        assert!((0..=amount).contains(&refunded), "{invoice}");
        let notes = invoice["credit_notes"].as_array().unwrap().iter();
        let credited = notes.map(|note| &state["credit_notes"][note.as_str().unwrap()]);
        let credited: i64 = credited.map(|note| number(&note["amount"])).sum();
        assert_eq!(credited, refunded, "{invoice}");
        let lines = invoice["lines"].as_array().unwrap().iter();
        assert_eq!(
            lines.map(|line| number(&line["amount"])).sum::<i64>(),
            amount
        );
        if invoice["status"] == "Paid" || invoice["status"] == "PaidOffline" {
            left += amount;
        }
    }
    assert_eq!(left, received, "what is paid is what was received");
}
