//! The gateway's side of the talk: hello, who are you, here is what happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// Events that wait for a slow listener.
const MOST_WAITING: usize = 256;
/// Time between two signs of life.
const HEARTBEAT_MS: u64 = 41_250;

/// A gateway that ends with its owner.
pub(super) struct Gateway {
    url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    token: &'static str,
    application: &'static str,
    url: String,
    events: broadcast::Sender<(String, Value)>,
    listeners: watch::Sender<usize>,
    breaks: Notify,
    identified: AtomicUsize,
    resumed: AtomicUsize,
    sequence: AtomicU64,
}

impl Gateway {
    pub(super) async fn start(token: &'static str, application: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a local port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let url = format!("ws://{address}");
        let shared = Arc::new(Shared {
            token,
            application,
            url: url.clone(),
            events: broadcast::channel(MOST_WAITING).0,
            listeners: watch::channel(0).0,
            breaks: Notify::new(),
            identified: AtomicUsize::new(0),
            resumed: AtomicUsize::new(0),
            sequence: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move { shared.talk(stream).await });
            }
        });
        Self { url, shared, task }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) async fn dispatch(&self, event: &str, data: Value) {
        let mut listeners = self.shared.listeners.subscribe();
        listeners.wait_for(|count| *count > 0).await.expect("the sender lives as long as we");
        self.shared.events.send((event.to_owned(), data)).expect("somebody listens");
    }

    pub(super) fn break_off(&self) {
        self.shared.breaks.notify_waiters();
    }

    pub(super) fn sessions(&self) -> (usize, usize) {
        let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
        (count(&self.shared.identified), count(&self.shared.resumed))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn talk(&self, stream: TcpStream) {
        let Ok(mut socket) = accept_async(stream).await else { return };
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": HEARTBEAT_MS } });
        if socket.send(Message::Text(hello.to_string())).await.is_err() {
            return;
        }
        let mut events = None;
        loop {
            let next_event = async {
                match &mut events {
                    Some(receiver) => broadcast::Receiver::recv(receiver).await.ok(),
                    None => std::future::pending().await,
                }
            };
            let said = tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.hear(&text, &mut events),
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => None,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                },
                event = next_event => event.map(|(name, data)| self.dispatched(&name, &data)),
                () = self.breaks.notified() => break,
            };
            if let Some(said) = said
                && socket.send(Message::Text(said.to_string())).await.is_err()
            {
                break;
            }
        }
        if events.is_some() {
            self.listeners.send_modify(|count| *count -= 1);
        }
    }

    fn hear(
        &self,
        text: &str,
        events: &mut Option<broadcast::Receiver<(String, Value)>>,
    ) -> Option<Value> {
        let said: Value = serde_json::from_str(text).ok()?;
        let knows_token = said
            .pointer("/d/token")
            .and_then(Value::as_str)
            .is_some_and(|token| token.trim_start_matches("Bot ") == self.token);
        match said["op"].as_u64()? {
            1 => Some(json!({ "op": 11 })),
            2 | 6 if !knows_token => Some(json!({ "op": 9, "d": false })),
            2 => {
                self.identified.fetch_add(1, Ordering::SeqCst);
                self.begin(events);
                Some(self.dispatched("READY", &self.ready()))
            }
            6 => {
                self.resumed.fetch_add(1, Ordering::SeqCst);
                self.begin(events);
                Some(self.dispatched("RESUMED", &json!({ "_trace": [] })))
            }
            _ => None,
        }
    }

    fn begin(&self, events: &mut Option<broadcast::Receiver<(String, Value)>>) {
        if events.is_none() {
            *events = Some(self.events.subscribe());
            self.listeners.send_modify(|count| *count += 1);
        }
    }

    fn ready(&self) -> Value {
        json!({ "v": 10, "guilds": [], "session_id": "s1", "resume_gateway_url": self.url,
            "shard": [0, 1], "application": { "id": self.application, "flags": 0 },
            "user": { "id": self.application, "username": "sitespark", "discriminator": "0",
                "global_name": null, "avatar": null, "bot": true, "mfa_enabled": false,
                "verified": true, "email": null, "flags": 0 } })
    }

    fn dispatched(&self, event: &str, data: &Value) -> Value {
        let sequence = self.sequence.fetch_add(1, Ordering::SeqCst) + 1;
        json!({ "op": 0, "s": sequence, "t": event, "d": data })
    }
}
