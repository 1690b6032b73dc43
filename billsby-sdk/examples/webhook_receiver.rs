//! Receives webhooks: checks the secret, answers at once, and does the work afterwards, once for
//! each event.
//!
//! ```sh
//! BILLSBY_WEBHOOK_SECRET=... cargo run -p billsby-sdk --features webhooks --example webhook_receiver
//! curl -i -H 'secret: ...' http://127.0.0.1:8080/webhooks/billsby \
//!     -d '{"Type": "InvoiceCreated", "Id": "1", "InvoiceNumber": "8WER0F4J1R-3"}'
//! ```
//!
//! Put it behind something that speaks HTTPS: the secret travels in clear.

use std::collections::{HashSet, VecDeque};
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use billsby_sdk::webhook::{Delivery, Event, Secret};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Billsby's bodies are far smaller than this.
const LARGEST_BODY: usize = 64 * 1024;
const QUEUE: usize = 1000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = Secret::new(std::env::var("BILLSBY_WEBHOOK_SECRET")?)?;
    let address = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());

    let (queue, mut deliveries) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        while let Some(delivery) = deliveries.recv().await {
            work(&delivery);
        }
    });

    let listener = TcpListener::bind(&address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, routes(secret, queue)).await?;
    Ok(())
}

/// What a program of your own does with an event: read the object back through the client, since
/// the event says little and may be old. Neither names nor addresses are printed here.
fn work(delivery: &Delivery) {
    // Both are quoted when printed, since they may be any text.
    let (kind, id) = (delivery.event.kind(), delivery.id.as_deref());
    match &delivery.event {
        Event::Test => println!("the Test button was pressed"),
        Event::CustomerCreated(_) | Event::CustomerUpdated(_) | Event::CustomerDeleted(_) => {
            println!("a customer: {kind:?} {id:?}");
        }
        Event::SubscriptionCreated(_) | Event::SubscriptionUpdated(_) => {
            println!("a subscription: {kind:?} {id:?}");
        }
        Event::InvoiceCreated(_) | Event::CreditNoteCreated(_) | Event::CreditNoteUpdated(_) => {
            println!("money: {kind:?} {id:?}");
        }
        _ => println!("something new: {kind:?} {id:?}"),
    }
}

fn routes(secret: Secret, queue: mpsc::Sender<Delivery>) -> Router {
    let receiver = Receiver {
        secret,
        queue,
        seen: Mutex::default(),
    };
    Router::new()
        .route("/webhooks/billsby", post(receive))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::new(receiver))
}

struct Receiver {
    secret: Secret,
    queue: mpsc::Sender<Delivery>,
    seen: Mutex<Seen>,
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let header = headers.get(receiver.secret.header_name());
    if !receiver.secret.matches(header) {
        return StatusCode::UNAUTHORIZED;
    }
    match Delivery::parse(&body) {
        Ok(delivery) => receiver.accept(delivery),
        Err(error) => {
            eprintln!("{error}");
            StatusCode::BAD_REQUEST
        }
    }
}

impl Receiver {
    /// Hands a delivery over to be worked on, unless its event came before. An event counts as
    /// seen only when it has been handed over.
    fn accept(&self, delivery: Delivery) -> StatusCode {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let id = delivery.id.clone();
        if id.as_ref().is_some_and(|id| seen.contains(id)) {
            return StatusCode::OK;
        }
        if self.queue.try_send(delivery).is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        if let Some(id) = id {
            seen.insert(id);
        }
        StatusCode::OK
    }
}

/// The ids of the latest events. They are lost when the program ends; where an event must not be
/// worked on twice, keep its id in the database, in the same transaction as the work.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    oldest_first: VecDeque<String>,
}

impl Seen {
    const MOST: usize = 10_000;

    fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    fn insert(&mut self, id: String) {
        if self.oldest_first.len() == Self::MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.ids.remove(&oldest);
        }
        self.oldest_first.push_back(id.clone());
        self.ids.insert(id);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{Delivery, QUEUE, Secret, TcpListener, mpsc, routes};

    const INVOICE: &str = r#"{"Type": "InvoiceCreated", "Id": "1", "InvoiceAmount": 1450}"#;

    struct Server {
        address: String,
        deliveries: mpsc::Receiver<Delivery>,
    }

    async fn server(queue: usize) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (queue, deliveries) = mpsc::channel(queue);
        let routes = routes(Secret::new("s3cret").unwrap(), queue);
        tokio::spawn(async { axum::serve(listener, routes).await });
        Server {
            address,
            deliveries,
        }
    }

    impl Server {
        /// Sends a call and gives the status of the answer.
        async fn post(&self, secret: &str, body: &str) -> u16 {
            let mut stream = TcpStream::connect(&self.address).await.unwrap();
            let length = body.len();
            let request = format!(
                "POST /webhooks/billsby HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                 {secret}content-length: {length}\r\n\r\n{body}"
            );
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer.split(' ').nth(1).unwrap().parse().unwrap()
        }

        /// The types of the events that were handed over.
        fn handed_over(&mut self) -> Vec<String> {
            std::iter::from_fn(|| self.deliveries.try_recv().ok())
                .map(|delivery| delivery.event.kind().to_owned())
                .collect()
        }
    }

    const RIGHT: &str = "Secret: s3cret\r\n";

    #[tokio::test]
    async fn only_calls_with_the_secret_come_in() {
        let mut server = server(QUEUE).await;
        assert_eq!(server.post("", INVOICE).await, 401);
        assert_eq!(server.post("secret: S3CRET\r\n", INVOICE).await, 401);
        assert_eq!(server.post("secret:\r\n", INVOICE).await, 401);
        assert_eq!(server.post("secret: \u{e9}\r\n", INVOICE).await, 401);
        assert!(server.handed_over().is_empty());
        assert_eq!(server.post(RIGHT, INVOICE).await, 200);
        assert_eq!(server.post(RIGHT, "").await, 200);
        assert_eq!(server.handed_over(), ["InvoiceCreated", "Test"]);
    }

    #[tokio::test]
    async fn an_event_that_comes_twice_is_handed_over_once() {
        let mut server = server(QUEUE).await;
        for _ in 0..3 {
            assert_eq!(server.post(RIGHT, INVOICE).await, 200);
        }
        assert_eq!(server.handed_over(), ["InvoiceCreated"]);
    }

    #[tokio::test]
    async fn bodies_that_are_no_event_are_refused() {
        let mut server = server(QUEUE).await;
        assert_eq!(server.post(RIGHT, "<xml>").await, 400);
        let long = " ".repeat(super::LARGEST_BODY + 1);
        assert_eq!(server.post(RIGHT, &long).await, 413);
        assert!(server.handed_over().is_empty());
    }

    #[tokio::test]
    async fn an_event_that_found_the_queue_full_can_come_again() {
        let mut server = server(1).await;
        assert_eq!(server.post(RIGHT, "").await, 200);
        assert_eq!(server.post(RIGHT, INVOICE).await, 503);
        assert_eq!(server.handed_over(), ["Test"]);
        assert_eq!(server.post(RIGHT, INVOICE).await, 200);
        assert_eq!(server.handed_over(), ["InvoiceCreated"]);
    }
}
