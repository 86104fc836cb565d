//! From "yes" to a live site in the built-in writer's words, asked for over HTTP by its name, and to the
//! link in the chat; and from a new price to the page that shows it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use sitespark::house::House;
use sitespark_bot::inbox::chat_key;
use sitespark_bot::message::{Channel, Content, Inbound, Sender};
use sitespark_bot::store;
use sitespark_core::live::News;
use sitespark_core::queue;
use tokio::sync::broadcast::Receiver;

use crate::load::LINES;
use crate::report::{Aim, Report, percentile};
use crate::server::{Server, open_house};

const SITES: usize = 120;
/// Longest a site may take before the run counts as broken.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often silence is looked for between two lines.
const LOOK: Duration = Duration::from_millis(5);
/// Aim: a site within a second of "yes".
const AIM_MS: f64 = 1_000.0;
/// The line that names the shop.
const NAME: &str = LINES[2];
/// A change of a fact, and what the page shows then.
const CHANGE: (&str, &str) = ("harga Americano jadi 17rb", "17.000");

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut live, mut told, mut changed) = runtime.block_on(async {
        let house = open_house(folder.path(), None, None).await?;
        let server = Server::start(&house).await?;
        let visitor = Visitor { client: reqwest::Client::new(), address: server.address };
        let (mut live, mut told, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..SITES {
            let made = make_site(&house, &visitor, &format!("owner{number}")).await?;
            live.push(made.live_ms);
            told.push(made.told_ms);
            changed.push(made.changed_ms);
        }
        server.stop().await;
        house.db.close().await;
        anyhow::Ok((live, told, changed))
    })?;
    report.add("live: yes to live site, p50", percentile(&mut live, 0.50), "ms", Aim::None);
    let p95 = percentile(&mut live, 0.95);
    report.add("live: yes to live site, p95 of 120", p95, "ms", Aim::AtMost(AIM_MS));
    let p95 = percentile(&mut told, 0.95);
    report.add("live: yes to the link in the chat, p95 of 120", p95, "ms", Aim::AtMost(AIM_MS));
    let p95 = percentile(&mut changed, 0.95);
    report.add("live: new price to the page, p95 of 120", p95, "ms", Aim::AtMost(AIM_MS));
    Ok(())
}

/// How long one site took from the yes on.
struct Made {
    live_ms: f64,
    told_ms: f64,
    /// From a change of a price to the page that shows it.
    changed_ms: f64,
}

/// Somebody who asks for sites by name.
struct Visitor {
    client: reqwest::Client,
    address: SocketAddr,
}

impl Visitor {
    async fn finds(&self, host: &str) -> anyhow::Result<bool> {
        let asked = self.client.get(format!("http://{}/", self.address)).header("host", host);
        Ok(asked.send().await?.status().is_success())
    }

    async fn reads(&self, host: &str, text: &str) -> anyhow::Result<bool> {
        let asked = self.client.get(format!("http://{}/", self.address)).header("host", host);
        Ok(asked.send().await?.text().await?.contains(text))
    }
}

async fn make_site(house: &House, visitor: &Visitor, owner: &str) -> anyhow::Result<Made> {
    tell_everything(house, owner).await?;
    let mut news = house.live.bus.subscribe();
    let began = Instant::now();
    let elapsed_ms = || began.elapsed().as_secs_f64() * 1_000.0;
    say(house, owner, "ya").await?;
    let published = tokio::time::timeout(PATIENCE, until_published(&mut news));
    let name = published.await.context("no site came")??;
    let host = format!("{name}.sites.test");
    while !visitor.finds(&host).await? {
        anyhow::ensure!(began.elapsed() < PATIENCE, "{host} is not found");
    }
    let live_ms = elapsed_ms();
    while !is_told(house, owner, &host).await? {
        anyhow::ensure!(began.elapsed() < PATIENCE, "the owner is not told of {host}");
        tokio::time::sleep(LOOK).await;
    }
    let told_ms = elapsed_ms();
    until_quiet(house, owner).await?;
    let changed_ms = change_price(house, visitor, owner, &host).await?;
    Ok(Made { live_ms, told_ms, changed_ms })
}

async fn change_price(
    house: &House,
    visitor: &Visitor,
    owner: &str,
    host: &str,
) -> anyhow::Result<f64> {
    let (wish, shown) = CHANGE;
    anyhow::ensure!(!visitor.reads(host, shown).await?, "{host} shows {shown} before the change");
    let began = Instant::now();
    say(house, owner, wish).await?;
    while !visitor.reads(host, shown).await? {
        anyhow::ensure!(began.elapsed() < PATIENCE, "{host} does not show {shown}");
    }
    let changed_ms = began.elapsed().as_secs_f64() * 1_000.0;
    until_quiet(house, owner).await?;
    Ok(changed_ms)
}

/// All answers, up to the question whether the site may be made.
pub(crate) async fn tell_everything(house: &House, owner: &str) -> anyhow::Result<()> {
    for line in LINES {
        // Equal briefs are answered from what was kept: each shop has its own name.
        let line = if line == NAME { format!("{NAME} {owner}") } else { line.to_owned() };
        say(house, owner, &line).await?;
        until_quiet(house, owner).await?;
    }
    Ok(())
}

/// Whether the chat shows a link to the site.
async fn is_told(house: &House, owner: &str, host: &str) -> anyhow::Result<bool> {
    let lines = store::lines_after(&house.db, Channel::Terminal, owner, 0, 1_000).await?;
    Ok(lines.iter().flat_map(|line| &line.message.links).any(|link| link.url.contains(host)))
}

pub(crate) async fn say(house: &House, owner: &str, text: &str) -> anyhow::Result<()> {
    let inbound = Inbound {
        channel: Channel::Terminal,
        chat: owner.to_owned(),
        cause: format!("terminal:{}", uuid::Uuid::now_v7()),
        sender: Sender { external_id: owner.to_owned(), ..Sender::default() },
        sent_at_ms: house.clock.now_ms(),
        content: Content::Text { text: text.to_owned() },
        acknowledge: None,
        message_ref: None,
        edited: false,
    };
    Ok(house.intake.receive(&[inbound]).await?)
}

pub(crate) async fn until_quiet(house: &House, owner: &str) -> anyhow::Result<()> {
    let key = chat_key(Channel::Terminal, owner);
    let waiting = async {
        while !queue::is_quiet(&house.db, &key, i64::MAX).await? {
            tokio::time::sleep(LOOK).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, waiting).await.context("the bot does not fall silent")?
}

async fn until_published(news: &mut Receiver<News>) -> anyhow::Result<String> {
    loop {
        if let News::Site { subdomain } = news.recv().await? {
            return Ok(subdomain);
        }
    }
}
