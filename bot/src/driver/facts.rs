//! What a step may know.

use sitespark_core::sites::{self, OwnedSite};
use sitespark_core::wallet::{self, Account};

use super::turn::{Glance, Turn, Who};
use super::{Driver, DriverError};
use crate::conversation::{Facts, HistoryLine, SiteFacts, State};
use crate::message::Channel;

/// Sites and movements a step gets to know.
const MOST_LINES: i64 = 10;
/// Western Indonesian time, minutes ahead of UTC: where most owners live.
const JAKARTA_MIN: i32 = 7 * 60;

impl Driver {
    pub(super) async fn facts(
        &self,
        turn: &mut Turn<'_>,
        state: &State,
    ) -> Result<Facts, DriverError> {
        let glance = turn.glance.take();
        let sites = match glance {
            Some(Glance { has_sites: false, .. }) => Vec::new(),
            _ => sites::sites_of(turn.tx, turn.who.user.workspace, MOST_LINES).await?,
        };
        let wallet = match glance {
            Some(glance) => glance.wallet,
            None => wallet::account(turn.tx, turn.who.user.workspace).await?,
        };
        let of = |OwnedSite { site, items, phone }: OwnedSite| SiteFacts {
            id: site.id,
            url: self.publisher.url(&site.subdomain),
            live: site.status == sites::SiteStatus::Live,
            name: site.name,
            prices: item_prices(&items),
            items: item_names(&items),
            phone,
        };
        let mut facts = self.facts_of(&turn.who, wallet, sites.into_iter().map(of).collect());
        // One that is not among theirs is an old one, or none any more.
        let talked_of = state.live().map(|live| live.site);
        if let Some(site) = talked_of.filter(|site| !facts.sites.iter().any(|one| one.id == *site))
        {
            facts.gone = sites::is_deleted(turn.tx, site).await?.then_some(site);
        }
        Ok(facts)
    }

    /// The same from what was read before.
    pub(super) fn facts_of(&self, who: &Who<'_>, wallet: Account, sites: Vec<SiteFacts>) -> Facts {
        Facts {
            language: who.user.language,
            name: who.name.clone(),
            available: wallet.available(),
            price_generate: self.rules.generate,
            price_refine: self.rules.refine,
            reads_menus: self.rules.reads_menus,
            daily: self.rules.daily,
            referral: self.rules.referral,
            referral_code: who.user.referral_code.clone(),
            referral_url: self.referral_url(who),
            history: None,
            sites,
            gone: None,
            site_url_pattern: self.publisher.url("{name}"),
            preview_url: Some(format!("{}/preview/{}", self.rules.public_url, who.conversation)),
            utc_offset_min: JAKARTA_MIN,
        }
    }

    /// The last movements of the wallet.
    pub(super) async fn movements(
        &self,
        turn: &mut Turn<'_>,
    ) -> Result<Vec<HistoryLine>, DriverError> {
        let account = wallet::account(turn.tx, turn.who.user.workspace).await?;
        let movements = wallet::history(turn.tx, account.id, MOST_LINES).await?;
        let told = movements.into_iter().map(|line| HistoryLine {
            kind: line.kind,
            amount: line.amount,
            at_ms: line.at_ms,
        });
        Ok(told.collect())
    }

    fn referral_url(&self, who: &Who<'_>) -> Option<String> {
        let code = &who.user.referral_code;
        match who.channel {
            Channel::Telegram => {
                let name = self.rules.telegram_name.get()?;
                Some(format!("https://t.me/{name}?start=ref_{code}"))
            }
            // The newcomer's way in: their own channel can take the talk over from there.
            Channel::Web | Channel::Whatsapp | Channel::Discord | Channel::Terminal => {
                Some(format!("{}/?ref={code}", self.rules.public_url))
            }
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
