//! From "yes" to a live site, in the built-in writer's words.

use std::time::{Duration, Instant};

use anyhow::Context;
use sitespark::house::House;
use sitespark_bot::inbox::chat_key;
use sitespark_bot::message::{Channel, Content, Inbound, Sender};
use sitespark_core::live::News;
use sitespark_core::queue;
use tokio::sync::broadcast::Receiver;

use crate::load::LINES;
use crate::report::{Aim, Report, percentile};
use crate::server::{Server, open_house};

const SITES: usize = 50;
/// Longest a site may take before the run counts as broken.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often silence is looked for between two lines.
const LOOK: Duration = Duration::from_millis(5);
/// Aim: a site within a second of "yes".
const AIM_MS: f64 = 1_000.0;

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut took = runtime.block_on(async {
        let house = open_house(folder.path(), None, None).await?;
        let server = Server::start(&house).await?;
        let mut took = Vec::new();
        for number in 0..SITES {
            took.push(make_site(&house, &format!("owner{number}")).await?);
        }
        server.stop().await;
        house.db.close().await;
        anyhow::Ok(took)
    })?;
    report.add("live: yes to live site, p50", percentile(&mut took, 0.50), "ms", Aim::None);
    report.add(
        "live: yes to live site, p95",
        percentile(&mut took, 0.95),
        "ms",
        Aim::AtMost(AIM_MS),
    );
    Ok(())
}

async fn make_site(house: &House, owner: &str) -> anyhow::Result<f64> {
    for line in LINES {
        say(house, owner, line).await?;
        until_quiet(house, owner).await?;
    }
    let mut news = house.live.bus.subscribe();
    let began = Instant::now();
    say(house, owner, "ya").await?;
    tokio::time::timeout(PATIENCE, until_published(&mut news)).await.context("no site came")??;
    let took = began.elapsed().as_secs_f64() * 1_000.0;
    until_quiet(house, owner).await?;
    Ok(took)
}

async fn say(house: &House, owner: &str, text: &str) -> anyhow::Result<()> {
    let inbound = Inbound {
        channel: Channel::Terminal,
        chat: owner.to_owned(),
        cause: format!("terminal:{}", uuid::Uuid::now_v7()),
        sender: Sender { external_id: owner.to_owned(), ..Sender::default() },
        sent_at_ms: house.clock.now_ms(),
        content: Content::Text { text: text.to_owned() },
        acknowledge: None,
    };
    Ok(house.intake.receive(&[inbound]).await?)
}

async fn until_quiet(house: &House, owner: &str) -> anyhow::Result<()> {
    let key = chat_key(Channel::Terminal, owner);
    let waiting = async {
        while !queue::is_quiet(&house.db, &key, i64::MAX).await? {
            tokio::time::sleep(LOOK).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, waiting).await.context("the bot does not fall silent")?
}

async fn until_published(news: &mut Receiver<News>) -> anyhow::Result<()> {
    loop {
        if let News::Site { .. } = news.recv().await? {
            return Ok(());
        }
    }
}
