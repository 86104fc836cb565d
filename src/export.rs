//! Sites out: a built site as a folder or .zip, its document as JSON.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use sitespark_core::sites::{self, ExportedFile};

use crate::config::Settings;
use crate::house::{open_db, open_objects};
use crate::operate::find_site;
use crate::tell::say;

/// `export`.
pub(crate) async fn export(
    settings: &Settings,
    name: &str,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    let form = Form::of(out);
    form.check_place(out)?;
    let db = open_db(settings).await?;
    let objects = open_objects(settings)?;
    let site = find_site(&db, name).await?;
    let version = site.version.with_context(|| format!("{name} has never been live"))?;
    let version = sites::version(&db, version).await?;
    if form == Form::Document {
        std::fs::write(out, serde_json::to_vec_pretty(&version.document)?)?;
        say!("the document of {} is in {}", site.subdomain, out.display());
        return Ok(ExitCode::SUCCESS);
    }
    let mut files = sites::exported_files(&objects, &version).await?;
    files.extend(sites::exported_originals(&objects, &version.document).await?);
    if form == Form::Zip {
        std::fs::write(out, sites::zip_of(&files)?)?;
    } else {
        write_folder(out, &files)?;
    }
    say!("{} files of {} are in {}", files.len(), site.subdomain, out.display());
    Ok(ExitCode::SUCCESS)
}

/// What is written, by how its name ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Folder,
    Zip,
    Document,
}

impl Form {
    fn of(out: &Path) -> Self {
        match out.extension().and_then(|ending| ending.to_str()) {
            Some("json") => Self::Document,
            Some("zip") => Self::Zip,
            Some(_) | None => Self::Folder,
        }
    }

    /// Nothing that is there is written over; an empty folder is as good as none.
    fn check_place(self, out: &Path) -> anyhow::Result<()> {
        if self == Self::Folder && out.is_dir() {
            let is_empty = std::fs::read_dir(out)
                .with_context(|| format!("{} cannot be read", out.display()))?
                .next()
                .is_none();
            ensure!(is_empty, "the folder {} is not empty", out.display());
        } else {
            ensure!(!out.exists(), "{} is there already", out.display());
        }
        Ok(())
    }
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
