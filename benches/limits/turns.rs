//! Webhook turns a second, durable: an update over HTTP, its state stored, the answer asked for at
//! the Bot API; and how long that takes at half the load.

use std::time::Duration;

use crate::load::{Crowd, Load};
use crate::report::{Aim, Report, percentile};
use crate::server::{Server, open_house};
use crate::{cpu, disk};

/// People who write at once when nothing holds them back.
const PEOPLE: usize = 256;
/// Aim for turns a second on two cores.
const TURNS_AIM: f64 = 2_000.0;
/// Aim for the slowest of a hundred turns at half load.
const P99_AIM_MS: f64 = 25.0;
const FULL: Crowd = Crowd {
    people: PEOPLE,
    warm_up: Duration::from_secs(2),
    lasting: Duration::from_secs(8),
    rate: None,
};
/// One person who writes as soon as the answer is there.
const ALONE: Crowd = Crowd {
    people: 1,
    warm_up: Duration::from_millis(500),
    lasting: Duration::from_secs(2),
    rate: None,
};

pub(crate) fn on_sqlite(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    measure(report, "sqlite", folder.path(), None)?;
    disk::raw_commits(report, folder.path())
}

/// The same on either engine.
pub(crate) fn measure(
    report: &mut Report,
    engine: &str,
    folder: &std::path::Path,
    database_url: Option<&str>,
) -> anyhow::Result<()> {
    let mut load = Load::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (house, server) = runtime.block_on(async {
        let house = open_house(folder, database_url, Some(load.bot_api)).await?;
        let server = Server::start(&house).await?;
        anyhow::Ok((house, server))
    })?;
    load.learn(server.address)?;
    let mut alone = load.run(server.address, ALONE)?.latencies_ms;
    report.add(
        &format!("{engine}: turn alone, p50"),
        percentile(&mut alone, 0.50),
        "ms",
        Aim::None,
    );
    let cpu_before = cpu::spent();
    let full = load.run(server.address, FULL)?;
    let cpu_ms = (cpu::spent() - cpu_before).as_secs_f64() * 1_000.0;
    let per_second = full.turns as f64 / full.took.as_secs_f64();
    let all_turns = per_second * (FULL.warm_up + FULL.lasting).as_secs_f64();
    report.add(&format!("{engine}: turns a second"), per_second, "/s", Aim::AtLeast(TURNS_AIM));
    report.add(&format!("{engine}: processor time a turn"), cpu_ms / all_turns, "ms", Aim::None);
    let half = Crowd { rate: Some(per_second / 2.0), ..FULL };
    let mut half = load.run(server.address, half)?.latencies_ms;
    let p50 = percentile(&mut half, 0.50);
    let p99 = percentile(&mut half, 0.99);
    report.add(&format!("{engine}: turn at half load, p50"), p50, "ms", Aim::None);
    report.add(&format!("{engine}: turn at half load, p99"), p99, "ms", Aim::AtMost(P99_AIM_MS));
    runtime.block_on(async {
        server.stop().await;
        house.db.close().await;
    });
    Ok(())
}
