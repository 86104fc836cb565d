//! WhatsApp's number, asked for once at the start: the page shows a link to it. Nothing waits for it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sitespark_bot::channels::whatsapp::Whatsapp;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// Rest after the number could not be asked for.
const REST: Duration = Duration::from_secs(60);

/// Asks for the number, where WhatsApp is on.
pub fn start(house: &House, stop: &CancellationToken, tasks: &mut JoinSet<()>) {
    let Some(whatsapp) = house.whatsapp.clone() else { return };
    let (number, stop) = (Arc::clone(&house.whatsapp_number), stop.clone());
    tasks.spawn(async move {
        // A stop ends the asking.
        let _told = stop.run_until_cancelled(learn(&whatsapp, &number)).await;
    });
}

async fn learn(whatsapp: &Whatsapp, number: &OnceLock<String>) {
    loop {
        match whatsapp.number().await {
            Ok(Some(digits)) => {
                // Set once; another answer tells the same.
                let _same = number.set(digits);
                return;
            }
            Ok(None) => {
                tracing::warn!("WhatsApp tells no number; the page shows no link to it");
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "WhatsApp's number could not be asked for; trying again");
                tokio::time::sleep(error.rest(REST)).await;
            }
        }
    }
}
