//! Charges, refunds, collection and payout.

mod conserved;
mod lists;

use serde_json::{Value, json};

use super::shop::{DECLINES, PAYS, PENDS, Shop, number, text};

const DANA: &str = "dana.whitfield@example.com";

#[tokio::test]
async fn a_charge_takes_the_money_at_once_and_sends_a_receipt() {
    let shop = Shop::open().await;
    let sofia = shop.sandbox.customer("sofia.rossi@example.com").await;
    let reply = shop.charge(&sofia, 50_000).await.expect(200);
    assert_eq!(reply.text, "true");
    assert!(
        reply
            .header("content-type")
            .unwrap()
            .starts_with("text/plain")
    );

    let kinds = shop.kinds(&sofia).await;
    assert_eq!(kinds, ["invoice_created", "charged", "email_sent"]);
    let effects = shop.effects(&sofia).await;
    assert_eq!(effects[1]["amount"], 50_000);
    assert_eq!(effects[1]["operation"], "invoices.charge");

    let invoice = shop.last_invoice(&sofia).await;
    assert_eq!(invoice["invoiceType"], "OneTimeCharge");
    assert_eq!(invoice["status"], "Paid");
    assert_eq!(invoice["amount"], "50000");
    assert_eq!(invoice["formattedAmount"], "$500");
    assert_eq!(invoice["refundableAmount"], "50000");
    assert_eq!(
        invoice["subscriptions"][0]["subscriptionItems"][0]["description"],
        "Mugs"
    );
    assert_eq!(invoice.as_object().unwrap().len(), 65);

    let path = format!(
        "/customers/{sofia}/invoices/{}/paymentlogs",
        text(&invoice["invoiceNumber"])
    );
    let logs = shop.get(&path).await;
    assert_eq!(logs.as_array().unwrap().len(), 1);
    assert_eq!(logs[0]["status"], "Paid");
    let customer = shop.get(&format!("/customers/{sofia}")).await;
    assert_eq!(customer["totalAmountPaid"], "50000");
}

#[tokio::test]
async fn a_charge_that_cannot_be_collected_leaves_no_invoice() {
    let shop = Shop::open().await;
    let carlos = shop.sandbox.customer("carlos.mendes@example.com").await;
    let lena = shop.sandbox.customer("lena.fischer@example.com").await;
    let charge = |currency: &str, amount: i64| json!({"amount": amount, "currencyCode": currency, "description": "Mugs"});
    let path = |customer: &str| format!("/customers/{customer}/invoices");
    for (customer, body, status, reason) in [
        (&carlos, charge("USD", 100), 400, "no card"),
        (&lena, charge("USD", 100), 400, "the card was declined"),
        (&lena, charge("CHF", 100), 400, "/currencyCode"),
        (&lena, charge("USD", 1_000_000_000_001), 400, "/amount"),
        (&lena, charge("USD", i64::MAX), 400, "/amount"),
        (
            &"8WER0F4J1R".to_owned(),
            charge("USD", 100),
            404,
            "customerUniqueId",
        ),
    ] {
        shop.refuses("POST", &path(customer), &body, (status, reason))
            .await;
    }
    assert_eq!(shop.kinds(&lena).await, ["charge_declined"]);
    assert!(shop.kinds(&carlos).await.is_empty());
}

#[tokio::test]
async fn refunds_shrink_what_can_be_refunded() {
    let shop = Shop::open().await;
    let dana = shop.sandbox.customer(DANA).await;
    let paid = number(&shop.get(&format!("/customers/{dana}")).await["totalAmountPaid"]);
    let invoice = shop.last_invoice(&dana).await;
    let latest = text(&invoice["invoiceNumber"]);
    assert_eq!(invoice["refundableAmount"], "4900");

    let refunds = format!("/customers/{dana}/refunds");
    let body = |number: &str, amount: i64| json!({"invoiceNumber": number, "amount": amount});
    let too_much = body(&latest, 4901);
    shop.refuses("POST", &refunds, &too_much, (400, "4900 minor units"))
        .await;
    for (amount, left) in [(1000, 3900), (900, 3000), (3000, 0)] {
        let reply = shop.refund(&dana, &latest, amount).await.expect(200);
        assert!(
            reply
                .header("content-type")
                .unwrap()
                .starts_with("text/plain")
        );
        assert_eq!(
            reply.json(),
            json!({"invoiceNumber": latest, "amount": left})
        );
        let known = shop.invoices(&dana).await.pop().unwrap();
        assert_eq!(known["refundableAmount"], left);
    }
    shop.refuses("POST", &refunds, &body(&latest, 1), (400, "0 minor units"))
        .await;

    let notes = shop.credit_notes(&dana).await;
    let amounts: Vec<i64> = notes.iter().map(|note| number(&note["amount"])).collect();
    assert_eq!(amounts, [1000, 900, 3000]);
    assert!(notes.iter().all(|note| note["status"] == "Paid"));
    let kinds = shop.kinds(&dana).await;
    assert_eq!(kinds, ["credit_note_created", "paid_out"].repeat(3));
    let after = number(&shop.get(&format!("/customers/{dana}")).await["totalAmountPaid"]);
    assert_eq!(after, paid - 4900);
}

#[tokio::test]
async fn only_own_paid_invoices_are_refunded() {
    let shop = Shop::open().await;
    let dana = shop.sandbox.customer(DANA).await;
    let omar = shop.sandbox.customer("omar.haddad@example.com").await;
    let nora = shop.sandbox.customer("nora.lind@example.com").await;
    let unpaid = text(&shop.last_invoice(&omar).await["invoiceNumber"]);
    let body = |number: &str| json!({"invoiceNumber": number, "amount": 1});
    let refunds = |customer: &str| format!("/customers/{customer}/refunds");
    shop.refuses("POST", &refunds(&dana), &body(&unpaid), (404, "no invoice"))
        .await;
    shop.refuses(
        "POST",
        &refunds(&dana),
        &body("nonsense"),
        (404, "no invoice"),
    )
    .await;
    shop.refuses("POST", &refunds(&omar), &body(&unpaid), (400, "Unpaid"))
        .await;
    for invoice in shop.invoices(&nora).await {
        if invoice["status"] != "Paid" {
            let number = text(&invoice["invoiceNumber"]);
            shop.refuses(
                "POST",
                &refunds(&nora),
                &body(&number),
                (400, "only an invoice that is Paid"),
            )
            .await;
        }
    }
}

#[tokio::test]
async fn a_failed_payout_can_be_attempted_again() {
    let shop = Shop::open().await;
    let yuki = shop.sandbox.customer("yuki.tanaka@example.com").await;
    let note = shop.credit_notes(&yuki).await.pop().unwrap();
    assert_eq!(note["status"], "Failed");
    let path = format!("/creditNotes/{}/Payment", text(&note["invoiceNumber"]));
    let before = number(&shop.get(&format!("/customers/{yuki}")).await["totalAmountPaid"]);

    shop.refuses("PUT", &path, &Value::Null, (400, "the card was declined"))
        .await;
    shop.set_card(&yuki, PAYS).await;
    assert_eq!(shop.put(&path).await.expect(200).text, "success");
    assert_eq!(
        shop.credit_notes(&yuki).await.pop().unwrap()["status"],
        "Paid"
    );
    shop.refuses("PUT", &path, &Value::Null, (400, "this one is Paid"))
        .await;
    shop.refuses(
        "PUT",
        "/creditNotes/8WER0F4J1R-1/Payment",
        &Value::Null,
        (404, "no credit note"),
    )
    .await;

    let kinds = shop.kinds(&yuki).await;
    assert_eq!(kinds, ["payout_declined", "card_changed", "paid_out"]);
    let after = number(&shop.get(&format!("/customers/{yuki}")).await["totalAmountPaid"]);
    assert_eq!(before - after, number(&note["amount"]));
}

#[tokio::test]
async fn a_payout_follows_the_card() {
    let shop = Shop::open().await;
    for (last4, status) in [(PAYS, "Paid"), (PENDS, "Pending"), (DECLINES, "Failed")] {
        let dana = shop.sandbox.customer(DANA).await;
        shop.set_card(&dana, last4).await;
        let latest = text(&shop.last_invoice(&dana).await["invoiceNumber"]);
        shop.refund(&dana, &latest, 100).await.expect(200);
        assert_eq!(
            shop.credit_notes(&dana).await.pop().unwrap()["status"],
            status
        );
    }
}

#[tokio::test]
async fn every_reattempt_uses_the_card_and_leaves_a_log() {
    let shop = Shop::open().await;
    let lena = shop.sandbox.customer("lena.fischer@example.com").await;
    let invoice = shop.last_invoice(&lena).await;
    let number = text(&invoice["invoiceNumber"]);
    let subscription = text(&invoice["subscriptions"][0]["subscriptionUniqueId"]);
    let (pay, logs) = (
        format!("/invoices/{number}/Payment"),
        format!("/customers/{lena}/invoices/{number}/paymentlogs"),
    );
    let known = shop.get(&logs).await.as_array().unwrap().len();

    let reply = shop.put(&pay).await.expect(400);
    assert!(reply.reason().contains("the card was declined"));
    let after = shop.get(&logs).await;
    assert_eq!(after.as_array().unwrap().len(), known + 1);
    assert_eq!(after[known]["status"], "Failed");
    assert_eq!(
        shop.subscription(&subscription).await["status"],
        "Suspended"
    );

    shop.set_card(&lena, PAYS).await;
    assert_eq!(shop.put(&pay).await.expect(200).text, "success");
    assert_eq!(shop.invoice(&number).await["status"], "Paid");
    let active = shop.subscription(&subscription).await;
    assert_eq!(active["status"], "Active");
    assert!(active["nextBillingDate"].is_string());
    shop.refuses("PUT", &pay, &Value::Null, (400, "this one is Paid"))
        .await;
    shop.refuses(
        "PUT",
        "/invoices/8WER0F4J1R-1/Payment",
        &Value::Null,
        (404, "no invoice"),
    )
    .await;
    let kinds = shop.kinds(&lena).await;
    assert_eq!(kinds, ["charge_declined", "card_changed", "charged"]);
}

#[tokio::test]
async fn a_pending_payment_is_not_started_again() {
    let shop = Shop::open().await;
    let ben = shop.sandbox.customer("ben.archer@example.com").await;
    let invoices = shop.invoices(&ben).await;
    let pending = invoices
        .iter()
        .find(|invoice| invoice["status"] == "Pending")
        .unwrap();
    let pending = text(&pending["invoiceNumber"]);
    let path = |action: &str| format!("/invoices/{pending}/{action}");
    shop.refuses(
        "PUT",
        &path("Payment"),
        &Value::Null,
        (400, "this one is Pending"),
    )
    .await;
    shop.refuses(
        "PUT",
        &path("WrittenOff"),
        &Value::Null,
        (400, "this one is Pending"),
    )
    .await;
    assert_eq!(
        shop.put(&path("PaidOffline")).await.expect(200).text,
        "success"
    );
    assert_eq!(shop.invoice(&pending).await["status"], "PaidOffline");
}

#[tokio::test]
async fn an_invoice_is_closed_once() {
    let shop = Shop::open().await;
    let omar = shop.sandbox.customer("omar.haddad@example.com").await;
    let mut unpaid = shop.invoices(&omar).await;
    unpaid.retain(|invoice| invoice["status"] == "Unpaid");
    let [first, second] = unpaid.as_slice() else {
        panic!("two are unpaid: {unpaid:?}");
    };
    let path = |invoice: &Value, action: &str| {
        format!("/invoices/{}/{action}", text(&invoice["invoiceNumber"]))
    };
    assert_eq!(
        shop.put(&path(first, "PaidOffline")).await.expect(200).text,
        "success"
    );
    assert_eq!(
        shop.put(&path(second, "WrittenOff")).await.expect(200).text,
        "success"
    );
    for invoice in [first, second] {
        for action in ["Payment", "PaidOffline", "WrittenOff"] {
            let path = path(invoice, action);
            shop.refuses("PUT", &path, &Value::Null, (400, "this one is"))
                .await;
        }
    }
    let kinds = shop.kinds(&omar).await;
    assert_eq!(kinds, ["invoice_paid_offline", "invoice_written_off"]);
}

#[tokio::test]
async fn payment_logs_are_found_by_their_own_customer_only() {
    let shop = Shop::open().await;
    let dana = shop.sandbox.customer(DANA).await;
    let omar = shop.sandbox.customer("omar.haddad@example.com").await;
    let latest = text(&shop.last_invoice(&omar).await["invoiceNumber"]);
    let path = |customer: &str| format!("/customers/{customer}/invoices/{latest}/paymentlogs");
    assert_eq!(shop.get(&path(&omar)).await[0]["status"], "Failed");
    shop.refuses("GET", &path(&dana), &Value::Null, (404, "no invoice"))
        .await;
}
