//! Sites in and out: a built site as a folder or .zip, a document as JSON.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use sitespark_core::clock::{Clock, SystemClock};
use sitespark_core::photos;
use sitespark_core::site::Subdomain;
use sitespark_core::site::document::{Document, SCHEMA};
use sitespark_core::sites::{self, Change, DOCUMENT, ExportedFile};
use sitespark_core::storage::Objects;

use crate::config::Settings;
use crate::house::{open_db, open_objects};
use crate::operate::{find_site, find_user};
use crate::tell::say;

/// Largest document that is read back.
const MAX_DOCUMENT_BYTES: u64 = 4 * 1_024 * 1_024;

/// `export`.
pub(crate) async fn export(
    settings: &Settings,
    name: &str,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    let db = open_db(settings).await?;
    let objects = open_objects(settings)?;
    let site = find_site(&db, name).await?;
    let version = site.version.with_context(|| format!("{name} has never been live"))?;
    let version = sites::version(&db, version).await?;
    ensure!(!out.exists(), "{} is there already", out.display());
    if out.extension().is_some_and(|ending| ending == "json") {
        std::fs::write(out, serde_json::to_vec_pretty(&version.document)?)?;
        say!("the document of {} is in {}", site.subdomain, out.display());
        return Ok(ExitCode::SUCCESS);
    }
    let files = sites::exported_files(&objects, &version).await?;
    if out.extension().is_some_and(|ending| ending == "zip") {
        std::fs::write(out, sites::zip_of(&files)?)?;
    } else {
        write_folder(out, &files)?;
    }
    say!("{} files of {} are in {}", files.len(), site.subdomain, out.display());
    Ok(ExitCode::SUCCESS)
}

fn write_folder(out: &Path, files: &[ExportedFile]) -> anyhow::Result<()> {
    for ExportedFile { name, bytes } in files {
        let target = out.join(name);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&target, bytes)?;
    }
    Ok(())
}

/// `import`.
pub(crate) async fn import(
    settings: &Settings,
    file: &Path,
    user: &str,
    name: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let db = open_db(settings).await?;
    let objects = open_objects(settings)?;
    let publisher = crate::house::publisher(settings, &objects);
    let owner = find_user(&db, user).await?;
    let mut document = read_document(file)?;
    let missing = drop_missing_photos(&mut document, &objects).await;
    let now_ms = SystemClock.now_ms();
    let mut tx = db.begin().await?;
    let subdomain = match name {
        Some(name) => Subdomain::parse(name).with_context(|| format!("{name} cannot be a name"))?,
        None => {
            let proposal = Subdomain::propose(&document.business.name);
            sites::free_subdomain(&mut tx, &proposal, now_ms).await?
        }
    };
    // Only looked at: whoever takes the name meanwhile makes the last transaction fail whole.
    tx.roll_back();
    let pack = publisher.build(document.clone(), subdomain.as_str(), now_ms).await?;
    publisher.store(&pack).await?;
    let business = document.business.name.clone();
    let mut tx = db.begin().await?;
    let site = sites::create_site(&mut tx, owner.workspace, &business, &subdomain, now_ms).await?;
    sites::publish(
        &mut tx,
        site,
        Change::Next,
        &document,
        &pack,
        &format!("import:{site}"),
        now_ms,
    )
    .await?;
    tx.commit().await?;
    if missing > 0 {
        say!("{missing} photos are not in this storage and were left out");
    }
    say!("{} is live at {}", document.business.name, publisher.url(subdomain.as_str()));
    Ok(ExitCode::SUCCESS)
}

fn read_document(file: &Path) -> anyhow::Result<Document> {
    let text = if file.is_dir() {
        std::fs::read_to_string(file.join(DOCUMENT))?
    } else if file.extension().is_some_and(|ending| ending == "zip") {
        let mut archive = zip::ZipArchive::new(std::fs::File::open(file)?)?;
        let entry = archive.by_name(DOCUMENT).context("the .zip holds no document.json")?;
        let mut text = String::new();
        entry.take(MAX_DOCUMENT_BYTES).read_to_string(&mut text)?;
        text
    } else {
        std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?
    };
    let document: Document = serde_json::from_str(&text).context("this is not a document")?;
    if document.schema > SCHEMA {
        bail!("the document was written by a newer version of this program");
    }
    Ok(document)
}

async fn drop_missing_photos(document: &mut Document, objects: &Objects) -> usize {
    let mut missing = Vec::new();
    for photo in &document.business.photos {
        if objects.size(&photos::master_key(&photo.id)).await.is_err() {
            missing.push(photo.id.clone());
        }
    }
    document.business.photos.retain(|photo| !missing.contains(&photo.id));
    if let Some(photo) = &document.business.qris
        && objects.size(&photos::master_key(&photo.id)).await.is_err()
    {
        missing.push(photo.id.clone());
        document.business.qris = None;
    }
    if let Some(photo) = &document.business.logo
        && objects.size(&photos::master_key(&photo.id)).await.is_err()
    {
        missing.push(photo.id.clone());
        document.business.logo = None;
    }
    for item in &mut document.business.items {
        if item.photo.as_ref().is_some_and(|photo| missing.contains(photo)) {
            item.photo = None;
        }
    }
    missing.len()
}
