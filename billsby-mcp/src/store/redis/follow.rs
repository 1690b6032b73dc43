//! Hears what others have put.

use std::sync::Arc;
use std::time::Duration;

use ::redis::{Client, Value};
use futures_util::StreamExt as _;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::link::LIMIT;

/// How long until a lost connection is made again.
const PAUSE: Duration = Duration::from_millis(250);
/// After how much silence the server is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(10);

/// Gives word of every change that is published on a channel, for ever.
pub(super) async fn follow(client: Client, channel: String, news: Arc<Notify>) {
    loop {
        listen(&client, &channel, &news).await;
        sleep(PAUSE).await;
    }
}

/// Listens until the connection is lost, if there is one.
async fn listen(client: &Client, channel: &str, news: &Notify) {
    let subscribed = timeout(2 * LIMIT, async {
        let mut subscription = client.get_async_pubsub().await?;
        subscription.subscribe(channel).await?;
        Ok::<_, ::redis::RedisError>(subscription)
    });
    let Ok(Ok(subscription)) = subscribed.await else {
        return;
    };
    // Nobody repeats what was said meanwhile.
    news.notify_one();
    let (mut sink, mut messages) = subscription.split();
    loop {
        match timeout(SILENCE, messages.next()).await {
            Ok(Some(_)) => news.notify_one(),
            Ok(None) => return,
            Err(_) => {
                let answered = timeout(LIMIT, sink.ping::<Value>()).await;
                if !matches!(answered, Ok(Ok(_))) {
                    return;
                }
            }
        }
    }
}
