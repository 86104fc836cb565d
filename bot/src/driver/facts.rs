//! What a step may know, read in its own transaction.

use sitespark_core::sites;
use sitespark_core::wallet;

use super::{Driver, DriverError, Glance, Turn};
use crate::conversation::{Facts, HistoryLine, SiteFacts};
use crate::message::Channel;

/// Sites and movements a step gets to know.
const MOST_LINES: i64 = 10;
/// Western Indonesian time, minutes ahead of UTC: where most owners live.
const JAKARTA_MIN: i32 = 7 * 60;

impl Driver {
    pub(super) async fn facts(&self, turn: &mut Turn<'_>) -> Result<Facts, DriverError> {
        let glance = turn.glance.take();
        let sites = match glance {
            Some(Glance { has_sites: false, .. }) => Vec::new(),
            _ => sites::sites_of(turn.tx, turn.user.workspace, MOST_LINES).await?,
        };
        let account = match glance {
            Some(glance) => glance.wallet,
            None => wallet::balance(turn.tx, turn.user.workspace).await?,
        };
        Ok(Facts {
            language: turn.user.language,
            name: turn.name.clone(),
            available: account.available(),
            price_generate: self.rules.generate,
            price_refine: self.rules.refine,
            daily: self.rules.daily,
            referral: self.rules.referral,
            referral_code: turn.user.referral_code.clone(),
            referral_url: self.referral_url(turn),
            history: None,
            sites: sites
                .into_iter()
                .map(|(site, items)| SiteFacts {
                    id: site.id,
                    url: self.publisher.url(&site.subdomain),
                    live: site.status == sites::SiteStatus::Live,
                    name: site.name,
                    prices: item_prices(&items.0),
                    items: item_names(&items.0),
                })
                .collect(),
            site_url_pattern: self.publisher.url("{name}"),
            preview_url: Some(format!("{}/preview/{}", self.rules.public_url, turn.conversation)),
            utc_offset_min: JAKARTA_MIN,
        })
    }

    /// The last movements of the wallet.
    pub(super) async fn movements(
        &self,
        turn: &mut Turn<'_>,
    ) -> Result<Vec<HistoryLine>, DriverError> {
        let account = wallet::balance(turn.tx, turn.user.workspace).await?;
        let movements = wallet::history(turn.tx, account.id, MOST_LINES).await?;
        let told = movements.into_iter().map(|line| HistoryLine {
            kind: line.kind,
            amount: line.amount,
            at_ms: line.at_ms,
        });
        Ok(told.collect())
    }

    fn referral_url(&self, turn: &Turn<'_>) -> Option<String> {
        let code = &turn.user.referral_code;
        match turn.channel {
            Channel::Telegram => {
                let name = self.rules.telegram_name.get()?;
                Some(format!("https://t.me/{name}?start=ref_{code}"))
            }
            Channel::Web => Some(format!("{}/?ref={code}", self.rules.public_url)),
            Channel::Whatsapp | Channel::Discord | Channel::Terminal => None,
        }
    }
}

fn item_prices(items: &serde_json::Value) -> Vec<Option<(i64, Option<i64>)>> {
    let named = items.as_array().into_iter().flatten().filter(|item| item["name"].is_string());
    named
        .map(|item| Some((item["price_rupiah"].as_i64()?, item["price_to_rupiah"].as_i64())))
        .collect()
}

fn item_names(items: &serde_json::Value) -> Vec<String> {
    let names = items.as_array().into_iter().flatten().filter_map(|item| item["name"].as_str());
    names.map(str::to_owned).collect()
}
