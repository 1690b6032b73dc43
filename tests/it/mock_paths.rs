//! The mock sees paths and queries as they are on the wire and refuses what a server might misread.

use crate::hostile;
use crate::mock::{BASE_PATH, Mock, percent};
use crate::support::{Case, Outgoing};

/// The status and the reason for a raw target.
async fn send(mock: &Mock, method: &str, target: &str) -> (u16, String) {
    let mut request = Outgoing::new(method, "");
    target.clone_into(&mut request.target);
    let reply = request.send(mock).await;
    assert_eq!(mock.take_all()[0].target, target, "recorded as it was sent");
    (reply.status, reply.reason().unwrap_or_default())
}

#[tokio::test]
async fn refuses_targets_that_are_not_exactly_a_path_of_the_api() {
    let mock = Mock::start().await;
    let id = "/core/widgets/customers/8WER0F4J1R";
    let targets = [
        "/".to_owned(),
        "*".to_owned(),
        "/core/widgets/customers/8WER0F4J1R".to_owned(),
        format!("http://127.0.0.1{BASE_PATH}{id}"),
        format!("{BASE_PATH}x{id}"),
        format!("{BASE_PATH}/"),
        format!("{BASE_PATH}/core"),
        format!("{BASE_PATH}/core/widgets"),
        format!("{BASE_PATH}/{id}"),
        format!("{BASE_PATH}{id}/"),
        format!("{BASE_PATH}{id}//subscriptions"),
        format!("{BASE_PATH}{id}/../6ZP37ULD4F"),
        format!("{BASE_PATH}/core/widgets/customers/.."),
        format!("{BASE_PATH}/core/widgets/customers/."),
        format!("{BASE_PATH}/core/widgets/customers/%2e%2E"),
        format!("{BASE_PATH}/core/widgets/customers/%2e"),
        format!("{BASE_PATH}/core/widgets/customers/"),
        format!("{BASE_PATH}{id}#top"),
        format!("{BASE_PATH}{id}%"),
        format!("{BASE_PATH}{id}%4"),
        format!("{BASE_PATH}{id}%zz"),
        format!("{BASE_PATH}{id}%ff"),
        format!("{BASE_PATH}{id};x=1"),
        format!("{BASE_PATH}{id}\\..\\x"),
        format!("{BASE_PATH}{id}é"),
        format!("{BASE_PATH}{id}\u{0}"),
        format!("{BASE_PATH}{id}?"),
        format!("{BASE_PATH}{id}?search=x"),
        format!("{BASE_PATH}/core/gadgets/customers/8WER0F4J1R"),
        format!("{BASE_PATH}/core/Widgets/customers/8WER0F4J1R"),
        format!("{BASE_PATH}/core/widgets/Customers/8WER0F4J1R"),
        format!("{BASE_PATH}/core/widgets/products/five"),
        format!("{BASE_PATH}/core/widgets/products/05"),
        format!("{BASE_PATH}/core/widgets/products/-5"),
        format!("{BASE_PATH}/core/widgets/products/99999999999999999999"),
        format!("{BASE_PATH}/core/widgets/invoices/8WER0F4J1R-1"),
    ];
    for target in targets {
        let (status, reason) = send(&mock, "GET", &target).await;
        assert!(status >= 400 && !reason.is_empty(), "{target}: {status}");
    }
}

#[tokio::test]
async fn keeps_the_spelling_of_the_segments() {
    let mock = Mock::start().await;
    let table = [
        ("PUT", "/core/widgets/creditnotes/8WER0F4J1R-3/Payment"),
        (
            "PUT",
            "/core/widgets%20/creditNotes%20/8WER0F4J1R-3%20/Payment",
        ),
        ("PUT", "/core/widgets/invoices/8WER0F4J1R-2/payment"),
        ("PUT", "/core/widgets/invoices/8WER0F4J1R-2/paidoffline"),
        ("PUT", "/core/widgets/invoices/8WER0F4J1R-2/writtenoff"),
        ("GET", "/core/widgets/customers/8WER0F4J1R/creditnotes"),
        (
            "GET",
            "/core/widgets/companies/creditNotes?page=1&pageSize=10",
        ),
        ("GET", "/core/widgets/customFields"),
        ("GET", "/core/widgets/customfieldresponses?productId=5"),
        (
            "GET",
            "/core/widgets/customers/8WER0F4J1R/subscriptions/featureTags",
        ),
        (
            "GET",
            "/core/widgets/subscriptions/T3KD95NW0B/shippingaddress",
        ),
    ];
    for (method, path) in table {
        let (status, reason) = send(&mock, method, &format!("{BASE_PATH}{path}")).await;
        assert_eq!(status, 404, "{path}: {reason}");
    }
}

#[tokio::test]
async fn a_literal_segment_is_no_id() {
    let mock = Mock::start().await;
    Outgoing::of(&Case::of("Product_updatePlanOrder"))
        .send(&mock)
        .await;
    let recorded = mock.take_one();
    assert_eq!(
        recorded.operation.as_deref(),
        Some("Product_updatePlanOrder")
    );
    assert_eq!(recorded.path_value("productId"), Some("5"));
    assert_eq!(recorded.path_value("planId"), None);
}

#[tokio::test]
async fn every_encoded_value_arrives_as_it_was() {
    let values = hostile::values();
    assert!(values.len() >= 300, "{}", values.len());
    let mock = Mock::start().await;
    for value in values {
        let label = hostile::label(&value);
        let encoded = percent::encode(&value);
        let path = format!("/core/widgets/subscriptions/tags/{encoded}?subsId={encoded}");
        let reply = Outgoing::new("DELETE", &path).send(&mock).await;
        let recorded = mock.take_all().remove(0);
        if hostile::cannot_be_sent(&value) {
            assert!(reply.status >= 400, "{label}");
        } else {
            assert_eq!(recorded.refusal, None, "{label}");
            assert_eq!(recorded.path_value("tagname"), Some(&*value), "{label}");
            assert_eq!(recorded.query(), [("subsId".to_owned(), value)], "{label}");
        }
    }
}

#[tokio::test]
async fn is_strict_about_queries() {
    let mock = Mock::start().await;
    let wrong = [
        ("customers", ""),
        ("customers", "?page=1"),
        ("customers", "?pageSize=10"),
        ("customers", "?page=0&pageSize=10"),
        ("customers", "?page=-1&pageSize=10"),
        ("customers", "?page=one&pageSize=10"),
        ("customers", "?page=1.0&pageSize=10"),
        ("customers", "?page=01&pageSize=10"),
        ("customers", "?page=&pageSize=10"),
        ("customers", "?page=1&pageSize=0"),
        ("customers", "?page=1&pageSize=101"),
        ("customers", "?page=1&page=2&pageSize=10"),
        ("customers", "?page=1&pagesize=10"),
        ("customers", "?Page=1&pageSize=10"),
        ("customers", "?page=1&pageSize=10&"),
        ("customers", "?page=1&pageSize=10&&search=x"),
        ("customers", "?page=1&pageSize=10&search"),
        ("customers", "?page=1&pageSize=10&search=a+b"),
        ("customers", "?page=1&pageSize=10&search=a;b"),
        ("customers", "?page=1&pageSize=10&search=a=b"),
        ("customers", "?page=1&pageSize=10&search=a#b"),
        ("customers", "?page=1&pageSize=10&search=%"),
        ("customers", "?page=1&pageSize=10&search=%ff"),
        ("customers", "?page=1&pageSize=10&query=x"),
        ("customers", "?page=1&pageSize=10&unheardOf=x"),
        ("customers", "?page=1&pageSize=10&companyDomain=widgets"),
        ("subscriptions", "?page=1&pageSize=10&isActive=1"),
        ("subscriptions", "?page=1&pageSize=10&isActive=True"),
        ("products", "?page=1&pageSize=10&visibilityType=4"),
        ("products", "?page=1&pageSize=10&visibilityType=public"),
        ("customfieldResponses", ""),
        ("customfieldResponses", "?productId=five"),
        ("companies/invoices", "?page=1&pageSize=10&isUnpaid=yes"),
    ];
    for (path, query) in wrong {
        let target = format!("{BASE_PATH}/core/widgets/{path}{query}");
        let (status, reason) = send(&mock, "GET", &target).await;
        assert!(
            status == 400 && reason.contains("query"),
            "{target}: {reason}"
        );
    }
    let right = [
        ("customers", "?pageSize=100&page=1"),
        ("customers", "?page=1&pageSize=1&search="),
        ("customers", "?page=1&pageSize=1&search=a%20b%2Bc@d.example"),
        ("subscriptions", "?page=1&pageSize=10&isActive=false"),
        ("customfieldResponses", "?productId=5"),
        ("customfieldResponses", "?customerUniqueId=8WER0F4J1R"),
    ];
    for (path, query) in right {
        let target = format!("{BASE_PATH}/core/widgets/{path}{query}");
        assert_eq!(send(&mock, "GET", &target).await.0, 200, "{target}");
    }
}

#[tokio::test]
async fn is_strict_about_counter_times_and_tag_scope() {
    let mock = Mock::start().await;
    let counter = "/counters/usage/widgets/subscriptions/T3KD95NW0B/counters/api-calls";
    let tag = "/core/widgets/subscriptions/tags/sso";
    let subscription = "/core/widgets/subscriptions/T3KD95NW0B";
    let table = [
        ("GET", counter, "?from=2026-10-01", 400),
        ("GET", counter, "?from=2026-10-01T00:00:00", 400),
        ("GET", counter, "?to=yesterday", 400),
        ("GET", counter, "?from=2026-10-01T00:00:00%2B00:00", 200),
        ("GET", counter, "", 200),
        ("DELETE", tag, "", 400),
        ("DELETE", tag, "?subscriptionUniqueId=T3KD95NW0B", 400),
        ("DELETE", tag, "?subsId=T3KD95NW0B&subsId=R8QX21LM7C", 400),
        ("DELETE", tag, "?subsId=T3KD95NW0B", 200),
        ("DELETE", subscription, "", 400),
        ("DELETE", subscription, "?customerUniqueId=8WER0F4J1R", 200),
    ];
    for (method, path, query, expected) in table {
        let target = format!("{BASE_PATH}{path}{query}");
        let (status, reason) = send(&mock, method, &target).await;
        assert_eq!(status, expected, "{target}: {reason}");
    }
}
