//! Lists of invoices and credit notes: filters, search, order, pages.

use std::collections::HashSet;

use serde_json::Value;

use crate::sandbox::shop::{Shop, number, text};

/// All rows of a paged list.
async fn all(shop: &Shop, path: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for page in 1.. {
        let found = shop.get(&format!("{path}page={page}&pageSize=100")).await;
        rows.extend(found["results"].as_array().unwrap().iter().cloned());
        if page >= number(&found["pageCount"]) {
            break;
        }
    }
    rows
}

#[tokio::test]
async fn flags_choose_statuses() {
    let shop = Shop::open().await;
    let list = "/companies/invoices?";
    let everything = all(&shop, list).await;
    let with = |statuses: &[&str]| {
        let is_wanted = |row: &&Value| statuses.contains(&row["status"].as_str().unwrap());
        everything.iter().filter(is_wanted).count()
    };
    for (flags, statuses) in [
        ("isPaid=true", &["Paid"][..]),
        ("isUnpaid=true", &["Unpaid"]),
        ("isPending=true", &["Pending"]),
        ("isPaidOffline=true", &["PaidOffline"]),
        ("isWrittenOff=true", &["WrittenOff"]),
        ("isUnpaid=true&isPending=true", &["Unpaid", "Pending"]),
        ("isUnpaid=true&isPending=false", &["Unpaid"]),
        (
            "isPaid=false&isUnpaid=false",
            &["Pending", "PaidOffline", "WrittenOff"],
        ),
    ] {
        let found = all(&shop, &format!("{list}{flags}&")).await;
        assert_eq!(found.len(), with(statuses), "{flags}");
        assert!(!found.is_empty(), "{flags}");
        let is_right = |row: &Value| statuses.contains(&row["status"].as_str().unwrap());
        assert!(found.iter().all(is_right), "{flags}");
    }
    let failed = all(&shop, "/companies/creditnotes?isFailed=true&").await;
    assert!(!failed.is_empty());
    assert!(failed.iter().all(|note| note["status"] == "Failed"));
}

#[tokio::test]
async fn text_is_searched_in_number_name_and_address() {
    let shop = Shop::open().await;
    let omar = shop.sandbox.customer("omar.haddad@example.com").await;
    let own = shop.invoices(&omar).await;
    let latest = text(&own.last().unwrap()["invoiceNumber"]);
    for (query, count) in [
        ("omar.haddad@example.com", own.len()),
        ("oMAR%20HADDad", own.len()),
        (latest.as_str(), 1),
        ("nobody%20at%20all", 0),
    ] {
        let found = all(&shop, &format!("/companies/invoices?query={query}&")).await;
        assert_eq!(found.len(), count, "{query}");
        assert!(
            found
                .iter()
                .all(|row| row["customerUniqueId"] == omar.as_str())
        );
    }
    let notes = all(&shop, "/companies/creditnotes?query=yuki%20tanaka&").await;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0]["customerFullName"], "Yuki Tanaka");
}

#[tokio::test]
async fn rows_are_sorted_by_any_property() {
    let shop = Shop::open().await;
    for list in ["/companies/invoices", "/companies/creditnotes"] {
        let everything = all(&shop, &format!("{list}?")).await;
        let properties: Vec<&String> = everything[0].as_object().unwrap().keys().collect();
        for property in properties {
            let up = all(&shop, &format!("{list}?orderBy={property}&")).await;
            let down = all(&shop, &format!("{list}?orderByDescending={property}&")).await;
            assert_eq!(up.len(), everything.len());
            assert_eq!(down.len(), everything.len());
            let ends = (&up[0][property], &down[0][property]);
            assert_eq!(ends.1, &up[up.len() - 1][property], "{list} {property}");
            assert_eq!(ends.0, &down[down.len() - 1][property], "{list} {property}");
        }
    }
    let up = all(&shop, "/companies/invoices?orderBy=amount&").await;
    assert!(up.is_sorted_by_key(|row| number(&row["amount"])));
    let down = all(&shop, "/companies/creditnotes?orderByDescending=amount&").await;
    assert!(
        down.iter()
            .rev()
            .is_sorted_by_key(|row| number(&row["amount"]))
    );
    let down = all(&shop, "/companies/invoices?orderByDescending=createdOn&").await;
    assert!(
        down.iter()
            .rev()
            .is_sorted_by_key(|row| text(&row["createdOn"]))
    );
}

#[tokio::test]
async fn an_order_by_nothing_or_by_two_things_is_refused() {
    let shop = Shop::open().await;
    for list in [
        "/companies/invoices",
        "/companies/creditnotes",
        "/subscriptions",
    ] {
        for (order, reason) in [
            (
                "orderBy=true",
                "orderBy names no property of a row; the properties are ",
            ),
            ("orderByDescending=CreatedOn", "createdOn"),
            (
                "orderBy=createdOn&orderByDescending=createdOn",
                "exclude each other",
            ),
        ] {
            let path = format!("{list}?page=1&pageSize=10&{order}");
            shop.refuses("GET", &path, &Value::Null, (400, reason))
                .await;
        }
    }
}

#[tokio::test]
async fn pages_hold_every_row_once() {
    let shop = Shop::open().await;
    let state = shop.state().await;
    for (list, kind) in [
        ("/companies/invoices", "invoices"),
        ("/companies/creditnotes", "credit_notes"),
        ("/subscriptions", "subscriptions"),
    ] {
        let rows = all(&shop, &format!("{list}?")).await;
        let distinct: HashSet<String> = rows.iter().map(Value::to_string).collect();
        assert_eq!(
            distinct.len(),
            state[kind].as_object().unwrap().len(),
            "{list}"
        );
        assert_eq!(rows.len(), distinct.len(), "{list}");
    }
    let beyond = shop
        .get("/companies/invoices?page=1000000&pageSize=100")
        .await;
    assert_eq!(beyond["rowCount"], 0);
    assert_eq!(beyond["currentPage"], 1_000_000);
}
