//! Sites in: a document as JSON, or an export with the photos beside it, published as a new site.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use sitespark_bot::message::Channel;
use sitespark_core::clock::{Clock, SystemClock};
use sitespark_core::db::{Db, Tx};
use sitespark_core::ids::{Tokens, UserId};
use sitespark_core::photos::{self, PreparedPhoto, Returned, StoreFault};
use sitespark_core::site::Subdomain;
use sitespark_core::site::document::{Document, DocumentPhoto};
use sitespark_core::sites::{self, Change, DOCUMENT};
use sitespark_core::storage::Objects;
use sitespark_core::users::{self, User, Welcome};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::config::Settings;
use crate::document;
use crate::house::{open_db, open_objects, publisher};
use crate::tell::{counted, say};

/// Largest document that is read back.
const MAX_DOCUMENT_BYTES: u64 = 4 * 1_024 * 1_024;
/// Most pictures of a document that are looked for.
const MOST_PICTURES: usize = 200;

/// `import`.
pub(crate) async fn import(
    settings: &Settings,
    file: &Path,
    user: &str,
    name: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let mut source = Source::open(file)?;
    let mut document = source.document()?;
    let db = open_db(settings).await?;
    let objects = open_objects(settings)?;
    let publisher = publisher(settings, &objects);
    let owner = Owner::find(&db, user).await?;
    let missing = bring_photos(&mut source, &mut document, &objects).await?;
    let now_ms = SystemClock.now_ms();
    let subdomain = free_name(&db, name, &document.business.name, now_ms).await?;
    let pack = publisher.build(document.clone(), subdomain.as_str(), now_ms).await?;
    publisher.store(&pack).await?;
    let business = document.business.name.clone();
    let mut tx = db.begin().await?;
    let owner = owner.take_in(&mut tx, settings, now_ms).await?;
    let site = sites::create_site(&mut tx, owner.workspace, &business, &subdomain, now_ms).await?;
    let cause = format!("import:{site}");
    sites::publish(&mut tx, site, Change::Next, &document, &pack, &cause, now_ms).await?;
    tx.commit().await?;
    if missing > 0 {
        let (photos, are) = (counted(missing, "photo"), if missing == 1 { "is" } else { "are" });
        say!("{photos} {are} neither in the export nor in this storage: left out");
    }
    say!("{} is live at {}", document.business.name, publisher.url(subdomain.as_str()));
    Ok(ExitCode::SUCCESS)
}

/// The name asked for, or one made of the business's. Only looked at: whoever takes it meanwhile makes
/// the last transaction fail whole.
async fn free_name(
    db: &Db,
    wanted: Option<&str>,
    business: &str,
    now_ms: i64,
) -> anyhow::Result<Subdomain> {
    if let Some(name) = wanted {
        return Subdomain::parse(name).with_context(|| format!("{name} cannot be a name"));
    }
    let mut tx = db.begin().await?;
    let free = sites::free_subdomain(&mut tx, &Subdomain::propose(business), now_ms).await?;
    tx.roll_back();
    Ok(free)
}

/// Whose the site will be.
enum Owner {
    Known(User),
    /// A name of the terminal chat that was never heard.
    Newcomer(String),
}

impl Owner {
    async fn find(db: &Db, name: &str) -> anyhow::Result<Self> {
        if let Some(user) = users::user_by_name(db, name).await? {
            return Ok(Self::Known(user));
        }
        let prefix = format!("{}:", Channel::Terminal.slug());
        let name = name.strip_prefix(&prefix).unwrap_or(name);
        // Only the terminal takes people at their word; other channels say who is there.
        let is_terminal =
            !name.is_empty() && !name.contains(':') && name.parse::<UserId>().is_err();
        ensure!(is_terminal, "nobody is known as {name}; on its channel, they say hello first");
        Ok(Self::Newcomer(name.to_owned()))
    }

    /// Gives the newcomer a workspace and a wallet, as their first hello would.
    async fn take_in(self, tx: &mut Tx, settings: &Settings, now_ms: i64) -> anyhow::Result<User> {
        let name = match self {
            Self::Known(user) => return Ok(user),
            Self::Newcomer(name) => name,
        };
        let channel = Channel::Terminal.slug();
        let forgotten = users::is_forgotten(tx, channel, &name).await?;
        let bonus = if forgotten { Tokens(0) } else { settings.prices.signup };
        let language = settings.language;
        let who = Welcome { channel, external_id: &name, name: None, phone: None, language };
        Ok(users::welcome(tx, &who, bonus, now_ms).await?)
    }
}

/// Where a site comes from.
enum Source {
    /// A document, and the folder it lies in.
    Folder {
        document: PathBuf,
        folder: PathBuf,
    },
    Zip(ZipArchive<File>),
}

impl Source {
    fn open(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder { document: path.join(DOCUMENT), folder: path.to_owned() });
        }
        if path.extension().is_some_and(|ending| ending == "zip") {
            let unread = || format!("{} cannot be read", path.display());
            let archive = ZipArchive::new(File::open(path).with_context(unread)?);
            return Ok(Self::Zip(archive.with_context(unread)?));
        }
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        Ok(Self::Folder { document: path.to_owned(), folder })
    }

    fn document(&mut self) -> anyhow::Result<Document> {
        let bytes = match self {
            Self::Folder { document, .. } => read_file(document, MAX_DOCUMENT_BYTES)?
                .with_context(|| format!("there is no {}", document.display()))?,
            Self::Zip(archive) => read_entry(archive, DOCUMENT, MAX_DOCUMENT_BYTES)?
                .context("the .zip holds no document.json")?,
        };
        document::read(&bytes)
    }

    /// The best there is of a photo.
    fn photo(&mut self, photo: &DocumentPhoto) -> anyhow::Result<Option<Vec<u8>>> {
        let most = photos::BYTES_AT_MOST as u64;
        for name in sites::names_of_photo(photo) {
            let found = match self {
                Self::Folder { folder, .. } => read_file(&folder.join(name), most)?,
                Self::Zip(archive) => read_entry(archive, &name, most)?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

/// A file that may not be there.
fn read_file(path: &Path, most_bytes: u64) -> anyhow::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    read_bounded(file, most_bytes, &path.display().to_string()).map(Some)
}

/// A file of a .zip that may not be there.
fn read_entry(
    archive: &mut ZipArchive<File>,
    name: &str,
    most_bytes: u64,
) -> anyhow::Result<Option<Vec<u8>>> {
    match archive.by_name(name) {
        Ok(entry) => read_bounded(entry, most_bytes, name).map(Some),
        Err(ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{name} in the .zip cannot be read")),
    }
}

fn read_bounded(from: impl Read, most_bytes: u64, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(most_bytes + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("{name} cannot be read"))?;
    ensure!(bytes.len() as u64 <= most_bytes, "{name} is larger than {most_bytes} bytes");
    Ok(bytes)
}

/// What a photo of the document is in this house.
enum Arrival {
    /// Under the id it had.
    Same,
    /// Under another one.
    Other(PreparedPhoto),
    /// Nowhere.
    Missing,
}

/// Stores the photos that came with the document. Answers how many are nowhere and were left out.
async fn bring_photos(
    source: &mut Source,
    document: &mut Document,
    objects: &Objects,
) -> anyhow::Result<usize> {
    let pictures: BTreeMap<String, DocumentPhoto> =
        sites::pictures(document).map(|photo| (photo.id.clone(), photo.clone())).collect();
    ensure!(pictures.len() <= MOST_PICTURES, "a document has at most {MOST_PICTURES} pictures");
    let mut arrivals = BTreeMap::new();
    for (id, photo) in pictures {
        let arrival = bring_photo(source, &photo, objects).await?;
        arrivals.insert(id, arrival);
    }
    settle_photos(document, &arrivals);
    Ok(arrivals.values().filter(|arrival| matches!(arrival, Arrival::Missing)).count())
}

async fn bring_photo(
    source: &mut Source,
    photo: &DocumentPhoto,
    objects: &Objects,
) -> anyhow::Result<Arrival> {
    if !photos::is_photo_id(&photo.id) {
        return Ok(Arrival::Missing);
    }
    if objects.size(&photos::master_key(&photo.id)).await.is_ok() {
        return Ok(Arrival::Same);
    }
    let Some(bytes) = source.photo(photo)? else { return Ok(Arrival::Missing) };
    match photos::take_back(objects, &photo.id, bytes).await {
        Ok(Returned::Same) => Ok(Arrival::Same),
        Ok(Returned::Other(prepared)) => Ok(Arrival::Other(prepared)),
        Err(StoreFault::Photo(fault)) => bail!("the photo {} will not do: {fault}", photo.id),
        Err(StoreFault::Storage(error)) => Err(error.into()),
    }
}

/// Lets the document name its photos as this house does, and none that is missing.
fn settle_photos(document: &mut Document, arrivals: &BTreeMap<String, Arrival>) {
    let settle = |photo: &mut DocumentPhoto| match arrivals.get(&photo.id) {
        Some(Arrival::Same) => true,
        Some(Arrival::Other(prepared)) => {
            photo.id.clone_from(&prepared.id.0);
            (photo.width_px, photo.height_px) = (prepared.width_px, prepared.height_px);
            true
        }
        Some(Arrival::Missing) | None => false,
    };
    let name = |id: Option<String>| match arrivals.get(id.as_ref()?) {
        Some(Arrival::Same) => id,
        Some(Arrival::Other(prepared)) => Some(prepared.id.0.clone()),
        Some(Arrival::Missing) | None => None,
    };
    let business = &mut document.business;
    business.photos.retain_mut(settle);
    business.logo.take_if(|photo| !settle(photo));
    business.qris.take_if(|photo| !settle(photo));
    business.illustration.take_if(|photo| !settle(photo));
    business.small_illustrations.retain(|_, photo| settle(photo));
    for item in &mut business.items {
        item.photo = name(item.photo.take());
    }
    for person in &mut business.people {
        person.photo = name(person.photo.take());
    }
}
