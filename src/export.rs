//! Sites out: a built site as a folder or .zip, its document as JSON.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use sitespark_core::sites::{self, ExportedFile};

use crate::config::Settings;
use crate::house::{open_db_that_is, open_objects};
use crate::operate::find_site;
use crate::tell::say;

/// Endings of files that would be expected, and that nobody writes.
const ARCHIVES: [&str; 9] = ["tar", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "html"];

/// `export`.
pub(crate) async fn export(
    settings: &Settings,
    name: &str,
    out: &Path,
) -> anyhow::Result<ExitCode> {
    let form = Form::of(out)?;
    form.check_place(out)?;
    let db = open_db_that_is(settings).await?;
    let objects = open_objects(settings)?;
    let site = find_site(settings, &db, name).await?;
    let version = site.version.with_context(|| format!("{name} has never been live"))?;
    let version = sites::version(&db, version).await?;
    if form == Form::Document {
        write_file(out, &serde_json::to_vec_pretty(&version.document)?)?;
        say!("the document of {} is in {}", site.subdomain, out.display());
        return Ok(ExitCode::SUCCESS);
    }
    let mut files = sites::exported_files(&objects, &version).await?;
    files.extend(sites::exported_originals(&objects, &version.document).await?);
    if form == Form::Zip {
        write_file(out, &sites::zip_of(&files)?)?;
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
    /// A folder may have a dot in its name, but a file's ending asks for what we do not write.
    fn of(out: &Path) -> anyhow::Result<Self> {
        let ending =
            out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("json") => Ok(Self::Document),
            Some("zip") => Ok(Self::Zip),
            Some(other) if ARCHIVES.contains(&other) => {
                bail!("a site is written as a folder, a .zip or a .json, not as .{other}")
            }
            Some(_) | None => Ok(Self::Folder),
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
        write_file(&out.join(name), bytes)?;
    }
    Ok(())
}

/// Writes a file, and makes the folders it lies in.
fn write_file(target: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let made = target.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = made.and_then(|()| std::fs::write(target, bytes));
    written.with_context(|| format!("{} cannot be written", target.display()))
}
