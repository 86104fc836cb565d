//! One gentle word to who stopped halfway, while the channel still lets us speak.

use sitespark_core::clock::SharedClock;
use sitespark_core::db::Db;
use sitespark_core::generation::Report;
use sitespark_core::queue;

use crate::conversation::State;
use crate::message::Channel;
use crate::store;

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Silence before a reminder; WhatsApp closes its window for free answers after a day.
const SILENCE_MS: i64 = 24 * HOUR_MS;
const SILENCE_WHATSAPP_MS: i64 = 20 * HOUR_MS;
/// How late a reminder may come before it is left out.
const MOST_LATE_MS: i64 = 3 * HOUR_MS;
/// Reminders of one round.
const MOST_REMINDED: i64 = 100;

/// When somebody whose conversation stands like this is reminded; `None` for never.
pub fn remind_at(channel: Channel, state: &State, now_ms: i64) -> Option<i64> {
    let silence_ms = match channel {
        Channel::Whatsapp => SILENCE_WHATSAPP_MS,
        Channel::Telegram | Channel::Discord | Channel::Web => SILENCE_MS,
        Channel::Terminal => return None,
    };
    match state {
        State::Collecting(_) | State::Confirming(_) => Some(now_ms + silence_ms),
        State::Welcome | State::Generating(_) | State::Reviewing(_) => None,
        State::Refining(_) | State::Complete(_) => None,
    }
}

/// Reminds everybody whose time has come, each once. Answers how many.
pub async fn remind(db: &Db, clock: &SharedClock) -> Result<usize, sqlx::Error> {
    let now_ms = clock.now_ms();
    let due = store::due_reminders(db, now_ms, MOST_REMINDED).await?;
    let mut reminded = 0;
    for (conversation, key, at_ms) in due {
        let mut tx = db.begin().await?;
        // Whoever wrote meanwhile has another time, or none.
        if store::take_reminder(&mut tx, conversation, at_ms).await? {
            if now_ms - at_ms <= MOST_LATE_MS {
                let cause = format!("silence:{conversation}:{at_ms}");
                let row = Report::Silence {}.into_row(&key, cause, now_ms);
                queue::push(&mut tx, &row, now_ms).await?;
                reminded += 1;
            }
            tx.commit().await?;
        }
    }
    Ok(reminded)
}
