//! A Billsby that knows one customer, and a client that asks it without any server in between.

use std::io;
use std::thread;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::load::Caller;

pub(crate) const COMPANY_DOMAIN: &str = "acme";
pub(crate) const CUSTOMER: &str = "8WER0F4J1R";

const ANSWER: &str = r#"{"customerUniqueId":"8WER0F4J1R","firstName":"Mary","lastName":"Quinn","email":"mary.quinn@example.com","createdOn":"2026-01-02T03:04:05","status":"Active","billingAddress":{"addressLine1":"1 High Street","city":"Leeds","state":"West Yorkshire","postCode":"LS1 1AA","country":"GBR"},"phoneNumber":"7700900000","phoneNumberDialCode":"44","companyCurrency":"GBP","totalAmountPaid":120000,"averageAmountPerMonth":10000,"isMarketingConsentGiven":false}"#;

/// Answers every request with the same customer, on a thread of its own.
pub(crate) struct Upstream {
    url: String,
}

impl Upstream {
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_io()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a socket");
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer_all(stream));
                }
            });
        });
        Self { url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client that calls the upstream as a program without a server would.
    pub(crate) fn direct(&self) -> Direct {
        Direct {
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            url: format!("{}/core/{COMPANY_DOMAIN}/customers/{CUSTOMER}", self.url),
        }
    }
}

/// Answers the requests of a connection until the client closes it.
async fn answer_all(stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    loop {
        head.clear();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await? == 0 {
                return Ok(());
            }
        }
        stream.get_mut().write_all(answer.as_bytes()).await?;
    }
}

/// Calls the upstream itself.
#[derive(Clone)]
pub(crate) struct Direct {
    client: reqwest::Client,
    url: String,
}

impl Caller for Direct {
    async fn call(&self) {
        let request = self.client.get(&self.url).header("ApiKey", "key");
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success());
        let body = answer.bytes().await.expect("a body");
        assert!(!body.is_empty());
    }
}
