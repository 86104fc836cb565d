//! The people who talk: each goes through a whole conversation to a live site and one change of it.

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sitespark_core::queue;
use tokio::time::Instant;

use crate::evidence;
use crate::program::{HOUSE_HOST, LOOK_AGAIN, WEBHOOK_SECRET};
use crate::storm::Storm;

/// Longest one message may need to be acknowledged, and a conversation to fall silent.
const BOUND: Duration = Duration::from_secs(240);
/// Longest somebody waits for an answer before writing on, where writing on does no harm.
const MOST_PATIENCE_MS: u64 = 1_000;
/// How often a message that was acknowledged comes once more.
const REPEATED: f64 = 0.15;
/// Stands for the name of the business in a script.
const NAME: &str = "{name}";

/// Words that names of businesses are made of.
const FIRST: [&str; 16] = [
    "Melati",
    "Kenanga",
    "Cempaka",
    "Anggrek",
    "Seruni",
    "Teratai",
    "Wijaya",
    "Dahlia",
    "Kemuning",
    "Flamboyan",
    "Pandan",
    "Rinjani",
    "Merapi",
    "Bromo",
    "Semeru",
    "Kencana",
];
const SECOND: [&str; 16] = [
    "Indah",
    "Jaya",
    "Lestari",
    "Sentosa",
    "Abadi",
    "Makmur",
    "Sejahtera",
    "Mulia",
    "Bahagia",
    "Ceria",
    "Damai",
    "Asri",
    "Rukun",
    "Berkah",
    "Utama",
    "Setia",
];

/// What somebody says, and what the page must hold in the end.
pub(crate) struct Script {
    /// What they say, one message after the other.
    pub(crate) lines: &'static [Line],
    kind: &'static str,
    /// Facts that the finished page holds.
    pub(crate) facts: &'static [&'static str],
}

/// One message, and whether its answer is waited for to the end.
pub(crate) type Line = (&'static str, bool);

/// What people say here.
pub(crate) const SCRIPTS: [Script; 2] = [
    Script {
        kind: "Kopi",
        lines: &[
            ("halo kak", false),
            ("kedai kopi", false),
            (NAME, false),
            ("anak muda dan pekerja kantoran", false),
            ("menu harga, pesan lewat wa, jam buka", false),
            ("Kopi Susu Senja 18rb, Americano 15rb, Roti Bakar Coklat 20rb", false),
            ("warna coklat, hangat", false),
            ("WA 0812-3456-7890, Jl. Braga No. 12 Bandung, buka tiap hari 08.00-22.00", true),
            ("ya", true),
            ("ganti harga Americano jadi 17rb", true),
        ],
        facts: &["Kopi Susu Senja", "18.000", "17.000", "6281234567890", "Braga"],
    },
    Script {
        kind: "Dental",
        lines: &[
            ("hello", false),
            ("dental clinic", false),
            (NAME, false),
            ("families with children", false),
            ("services with prices, booking, opening hours", false),
            ("Scaling 350k, Filling 400k, Check-up 150k", false),
            ("clean and professional, blue", false),
            ("WA +62 811 2233 4455, Jalan Sudirman 45 Jakarta, mon-fri 9am-5pm", true),
            ("yes", true),
            ("change the price of Filling to 450k", true),
        ],
        facts: &["Scaling", "350", "450", "6281122334455", "Sudirman"],
    },
];

/// Where somebody talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Door {
    /// The web chat.
    Web,
    /// Telegram, by webhook.
    Telegram,
}

/// Somebody with a shop.
pub(crate) struct Person {
    number: usize,
    /// Where they talk.
    pub(crate) door: Door,
    /// Which script they follow.
    pub(crate) script: usize,
    /// Their business.
    pub(crate) business: String,
}

/// What somebody did, for the proof.
pub(crate) struct Account {
    /// Who.
    pub(crate) person: Person,
    /// The cause of each acknowledged message, in order.
    pub(crate) acknowledged: Vec<String>,
    /// Deliveries that were not answered with a 2xx, or came once more.
    pub(crate) repeated: usize,
}

impl Person {
    /// Person number so-and-so.
    pub(crate) fn new(number: usize, door: Door) -> Self {
        let script = number % SCRIPTS.len();
        let (first, second) = (FIRST[number % 16], SECOND[(number / 16) % 16]);
        let business = format!("{} {first} {second}", SCRIPTS[script].kind);
        Self { number, door, script, business }
    }

    /// The chat as the program names it.
    pub(crate) fn chat(&self) -> String {
        match self.door {
            Door::Web => hex::encode(&Sha256::digest(self.cookie().as_bytes())[..16]),
            Door::Telegram => (700_000 + self.number).to_string(),
        }
    }

    /// The channel as the program names it.
    pub(crate) fn channel(&self) -> &'static str {
        match self.door {
            Door::Web => "web",
            Door::Telegram => "telegram",
        }
    }

    /// The ordering key of the chat.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.channel(), self.chat())
    }

    /// The cause of the line with this number.
    pub(crate) fn cause(&self, line: usize) -> String {
        match self.door {
            Door::Web => format!("web:{}:m{line}", self.chat()),
            Door::Telegram => format!("telegram:{}", self.update_id(line)),
        }
    }

    fn cookie(&self) -> String {
        hex::encode(Sha256::digest(format!("person {}", self.number)))
    }

    fn update_id(&self, line: usize) -> usize {
        1_000_000 + self.number * 100 + line
    }

    fn language(&self) -> &'static str {
        if self.script == 0 { "id" } else { "en" }
    }

    /// One delivery of a line.
    fn delivery(&self, storm: &Storm, line: usize, text: &str) -> reqwest::RequestBuilder {
        let house = storm.house_url();
        match self.door {
            Door::Web => storm
                .http
                .post(format!("{house}/chat/messages?lang={}", self.language()))
                .header("host", HOUSE_HOST)
                .header("cookie", format!("__Host-sitespark={}", self.cookie()))
                .json(&json!({ "client_id": format!("m{line}"), "text": text })),
            Door::Telegram => storm
                .http
                .post(format!("{house}/webhook/telegram"))
                .header("host", HOUSE_HOST)
                .header("x-telegram-bot-api-secret-token", WEBHOOK_SECRET)
                .json(&{
                    let update = self.update(line, text);
                    storm.telegram.expect_letter(&update);
                    update
                }),
        }
    }

    fn update(&self, line: usize, text: &str) -> Value {
        let id = 700_000 + self.number;
        json!({ "update_id": self.update_id(line), "message": {
            "message_id": line + 1, "date": 1_790_000_000, "text": text,
            "chat": { "id": id, "type": "private", "first_name": "Ani" },
            "from": { "id": id, "is_bot": false, "first_name": "Ani", "language_code": self.language() },
        } })
    }

    /// Goes through the whole conversation.
    pub(crate) async fn talk(self, storm: Arc<Storm>, mut rng: StdRng, hurry: bool) -> Account {
        let mut acknowledged = Vec::new();
        let mut repeated = 0;
        for (number, (line, to_the_end)) in SCRIPTS[self.script].lines.iter().enumerate() {
            let text = line.replace(NAME, &self.business);
            repeated += self.deliver(&storm, number, &text).await;
            acknowledged.push(self.cause(number));
            if hurry && rng.random_bool(REPEATED) {
                // The acknowledgement got lost on the way: whether this one gets through or not
                // must not matter.
                let _lost = self.delivery(&storm, number, &text).send().await;
                repeated += 1;
            }
            let patience = if hurry && !to_the_end {
                Duration::from_millis(rng.random_range(0..MOST_PATIENCE_MS))
            } else {
                BOUND
            };
            self.listen(&storm, patience, &text).await;
        }
        Account { person: self, acknowledged, repeated }
    }

    /// Sends a line until it is acknowledged; answers how often it was not.
    async fn deliver(&self, storm: &Storm, number: usize, text: &str) -> usize {
        let begun = Instant::now();
        let mut unanswered = 0;
        loop {
            match self.delivery(storm, number, text).send().await.map(|answer| answer.status()) {
                Ok(status) if status.is_success() => {
                    storm.moments.note();
                    return unanswered;
                }
                Ok(StatusCode::SERVICE_UNAVAILABLE) | Err(_) => unanswered += 1,
                Ok(status) => panic!("{} was refused with {status}", self.cause(number)),
            }
            assert!(begun.elapsed() < BOUND, "{} was never acknowledged", self.cause(number));
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until nothing of this conversation is open, or until patience ends.
    async fn listen(&self, storm: &Storm, patience: Duration, text: &str) {
        let begun = Instant::now();
        let key = self.key();
        while begun.elapsed() < patience {
            let quiet = queue::is_quiet(&*storm.db().await, &key, i64::MAX).await;
            if quiet.expect("the queue can be read") {
                return;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        if patience == BOUND {
            let open = evidence::open_rows(&*storm.db().await, &key).await;
            panic!("{} never got the answer to {text:?}; open: {open:?}", self.business);
        }
    }
}
