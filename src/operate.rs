//! The operator's commands: one use case each, told in plain sentences.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use sitespark_core::backup::{self, Restore};
use sitespark_core::clock::{Clock, SystemClock};
use sitespark_core::db::Db;
use sitespark_core::ids::Tokens;
use sitespark_core::plain::plain;
use sitespark_core::sites::{self, SiteStatus};
use sitespark_core::users::{self, User};
use sitespark_core::wallet::{self, TransferKind};
use sitespark_core::{queue, wallet::audit};

use crate::cli::{Jobs, Sites, Wallet};
use crate::config::Settings;
use crate::house::{open_db, open_db_that_is, open_objects, publisher};
use crate::tell::{complain, counted, say};

/// Most tokens given at once.
const MOST_GRANTED: i64 = 1_000_000_000;
/// Longest reason of a grant.
const MOST_WHY_CHARS: usize = 200;
/// Movements `wallet show` prints.
const MOST_MOVEMENTS: i64 = 20;

/// `migrate`.
pub(crate) async fn migrate(settings: &Settings) -> anyhow::Result<ExitCode> {
    let db = open_db(settings).await?;
    say!("the schema is up to date ({})", db.engine_name());
    Ok(ExitCode::SUCCESS)
}

/// `backup`.
pub(crate) async fn backup(
    settings: &Settings,
    file: &Path,
    allow_missing: bool,
) -> anyhow::Result<ExitCode> {
    let db = open_db_that_is(settings).await?;
    let objects = open_objects(settings)?;
    let told = backup::write(&db, &objects, file, allow_missing).await?;
    tell_of(&told, "are in", file);
    Ok(ExitCode::SUCCESS)
}

fn tell_of(told: &backup::Told, are: &str, file: &Path) {
    let (rows, objects) = (counted(told.rows, "row"), counted(told.objects, "object"));
    say!("{rows} and {objects} {are} {}", file.display());
    if !told.gaps.is_empty() {
        say!("{}", told.gaps.sentence());
    }
}

/// `restore`.
pub(crate) async fn restore(
    settings: &Settings,
    file: &Path,
    wish: Restore,
) -> anyhow::Result<ExitCode> {
    let db = open_db(settings).await?;
    let objects = open_objects(settings)?;
    let told = backup::read(&db, &objects, file, wish).await?;
    tell_of(&told, "are back from", file);
    Ok(ExitCode::SUCCESS)
}

/// `wallet …`.
pub(crate) async fn wallet(settings: &Settings, wish: Wallet) -> anyhow::Result<ExitCode> {
    let db = open_db_that_is(settings).await?;
    match wish {
        Wallet::Show { user } => show_wallet(&db, &user).await,
        Wallet::Grant { user, amount, why } => grant(&db, &user, amount, &why).await,
        Wallet::Audit => audit_wallets(&db).await,
    }
}

/// Finds whom an operator means.
pub(crate) async fn find_user(db: &Db, name: &str) -> anyhow::Result<User> {
    let found = users::user_by_name(db, name).await?;
    found.with_context(|| {
        format!("nobody is known as {name}; name a user id, CHANNEL:ID, or a terminal name")
    })
}

async fn show_wallet(db: &Db, name: &str) -> anyhow::Result<ExitCode> {
    let user = find_user(db, name).await?;
    let mut tx = db.begin().await?;
    let account = wallet::balance(&mut tx, user.workspace).await?;
    let movements = wallet::history(&mut tx, account.id, MOST_MOVEMENTS).await?;
    tx.roll_back();
    say!("user {} (tier {})", user.id, user.tier.slug());
    say!(
        "{} tokens available, {} on hold",
        account.available(),
        Tokens(account.balance().0 - account.available().0)
    );
    for line in movements {
        let why = line.why.map(|why| format!("  {why}")).unwrap_or_default();
        say!("{:>8}  {:<20} {:<8} {}{why}", line.amount.0, line.kind, line.phase, at(line.at_ms));
    }
    Ok(ExitCode::SUCCESS)
}

async fn grant(db: &Db, name: &str, amount: i64, why: &str) -> anyhow::Result<ExitCode> {
    if !(1..=MOST_GRANTED).contains(&amount) {
        bail!("the amount must be from 1 to {MOST_GRANTED}");
    }
    let why = plain(why);
    let why = why.trim();
    if why.is_empty() || why.lines().count() > 1 || why.chars().count() > MOST_WHY_CHARS {
        bail!("the reason must be one line of 1 to {MOST_WHY_CHARS} characters");
    }
    let user = find_user(db, name).await?;
    let now_ms = SystemClock.now_ms();
    let cause = format!("grant:{}", uuid::Uuid::now_v7());
    let mut tx = db.begin().await?;
    let kind = TransferKind::Grant;
    wallet::pay_in(&mut tx, user.workspace, kind, Tokens(amount), &cause, Some(why), now_ms)
        .await?;
    let account = wallet::balance(&mut tx, user.workspace).await?;
    tx.commit().await?;
    say!("{amount} tokens granted; {} are available now", account.available());
    Ok(ExitCode::SUCCESS)
}

async fn audit_wallets(db: &Db) -> anyhow::Result<ExitCode> {
    let report = audit(db).await?;
    say!(
        "{} wallets, {} transfers: {} tokens in wallets, {} outstanding, {} on hold",
        report.wallets,
        report.transfers,
        report.in_wallets,
        report.outstanding,
        report.on_hold
    );
    if report.is_clean() {
        say!("every balance is the sum of its transfers");
        return Ok(ExitCode::SUCCESS);
    }
    for row in &report.differences {
        say!(
            "account {}: paid in {} (transfers say {}), paid out {} ({}), on hold {} ({})",
            row.id,
            row.credits_posted,
            row.credits_summed,
            row.debits_posted,
            row.debits_summed,
            row.debits_held,
            row.held_summed
        );
    }
    complain("the wallets do not add up");
    Ok(ExitCode::FAILURE)
}

/// `sites …`.
pub(crate) async fn sites(settings: &Settings, wish: Sites) -> anyhow::Result<ExitCode> {
    let db = open_db_that_is(settings).await?;
    let publisher = publisher(settings, &open_objects(settings)?);
    match wish {
        Sites::List(page) => {
            let listed = sites::list_sites(&db, page.most).await?;
            let shown = listed.len();
            if shown == 0 {
                say!("there are no sites");
            }
            for site in listed {
                let url = publisher.url(&site.subdomain);
                say!("{}  {:<9} {:<44} {}", site.id, site.status.slug(), url, site.name);
            }
            tell_of_more(sites::count_sites(&db).await?, shown);
        }
        Sites::Suspend { site } => switch(settings, &db, &site, true).await?,
        Sites::Resume { site } => switch(settings, &db, &site, false).await?,
        Sites::Delete { site } => {
            let found = find_site(settings, &db, &site).await?;
            let mut tx = db.begin().await?;
            sites::delete_site(&mut tx, found.id, SystemClock.now_ms()).await?;
            tx.commit().await?;
            say!("{} is deleted", found.subdomain);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Finds the site an operator means.
pub(crate) async fn find_site(
    settings: &Settings,
    db: &Db,
    name: &str,
) -> anyhow::Result<sites::Site> {
    match sites::find_site(db, &site_name(settings, name)).await {
        Ok(site) if site.status == SiteStatus::Deleted => bail!("{name} is deleted"),
        Ok(site) => Ok(site),
        Err(sites::SitesError::NotFound) => bail!("there is no site {name}"),
        Err(error) => Err(error.into()),
    }
}

/// The name in a site's address; names and ids as they are, but in small letters.
fn site_name(settings: &Settings, told: &str) -> String {
    let told = told.trim().to_ascii_lowercase();
    let bare = told.split_once("://").map_or(told.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let domain = settings.sites_domain.as_str();
    let without_port = |host: &str| host.split(':').next().unwrap_or_default().to_owned();
    let ending = format!(".{}", without_port(domain));
    let host = without_port(host);
    host.strip_suffix(&ending).map_or(host.clone(), str::to_owned)
}

async fn switch(settings: &Settings, db: &Db, name: &str, suspended: bool) -> anyhow::Result<()> {
    let found = find_site(settings, db, name).await?;
    let mut tx = db.begin().await?;
    let status = sites::set_status(&mut tx, found.id, suspended, SystemClock.now_ms()).await?;
    tx.commit().await?;
    say!("{} is {} now", found.subdomain, status.slug());
    Ok(())
}

/// `jobs …`.
pub(crate) async fn jobs(settings: &Settings, wish: Jobs) -> anyhow::Result<ExitCode> {
    let db = open_db_that_is(settings).await?;
    match wish {
        Jobs::List(page) => {
            let rows = queue::dead_rows(&db, page.most).await?;
            let shown = rows.len();
            if rows.is_empty() {
                say!("nothing is dead");
            }
            for row in rows {
                let error = row.last_error.unwrap_or_default();
                say!("{:>8}  {:<7} tried {}x  {}", row.seq, row.lane, row.attempt, error);
            }
            tell_of_more(queue::depths(&db).await?.iter().map(|depth| depth.dead).sum(), shown);
        }
        Jobs::Retry { seq } => {
            let now_ms = SystemClock.now_ms();
            let mut tx = db.begin().await?;
            let revived = match seq {
                Some(seq) => u64::from(queue::retry_one_dead(&mut tx, seq, now_ms).await?),
                None => queue::retry_dead(&mut tx, now_ms).await?,
            };
            tx.commit().await?;
            if let (Some(seq), 0) = (seq, revived) {
                bail!("row {seq} is not dead");
            }
            let revived = usize::try_from(revived).unwrap_or(usize::MAX);
            say!("{} will be tried again", counted(revived, "row"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The last line of a list that is not whole.
fn tell_of_more(all: i64, shown: usize) {
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    if all > shown {
        say!("... and {} more: --most {all} shows them", all - shown);
    }
}

fn at(ms: i64) -> String {
    let time = time::OffsetDateTime::from_unix_timestamp(ms / 1_000);
    let format = &time::format_description::well_known::Rfc3339;
    time.ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}
