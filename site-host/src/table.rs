//! The table: which name shows which files, bounded in memory, over immutable objects.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::HeaderValue;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};
use sitespark_core::clock::SharedClock;
use sitespark_core::db::Db;
use sitespark_core::live::Live;
use sitespark_core::sites::{
    self, Encoded, FormerName, LiveSite, Pack, PackedFile, Publisher, SiteStatus, SitesError,
};
use sitespark_core::storage::{Bytes, Objects};

use crate::answered::Answered;
use crate::views::Views;

/// Bounds of the table.
#[derive(Debug, Clone)]
pub struct HostSettings {
    /// Sites whose manifests are kept at hand.
    pub most_sites: usize,
    /// Bytes of files kept at hand.
    pub cache_bytes: u64,
    /// The operator's origin, which may show sites in a frame beside its chat.
    pub frame_ancestor: String,
    /// Knows the address of a name.
    pub publisher: Publisher,
}

/// Everything needed to answer for sites. Cheap to clone.
#[derive(Clone)]
pub struct SiteTable {
    pub(crate) db: Db,
    pub(crate) clock: SharedClock,
    pub(crate) live: Live,
    objects: Objects,
    names: Arc<Names>,
    sites: Arc<Cache<String, Sought<Found>>>,
    files: Arc<Cache<FileKey, Sought<Bytes>, Weight>>,
    frame_ancestor: Arc<str>,
    publisher: Publisher,
    pub(crate) views: Arc<Views>,
    pub(crate) answered: Arc<Answered>,
}

/// The bytes of one form of one file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct FileKey {
    object: Arc<str>,
    at: u64,
}

/// What was looked for, and what is told to everybody who waits for it.
type Sought<T> = Result<T, Arc<SitesError>>;

/// Files weigh what they are long.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<FileKey, Sought<Bytes>> for Weight {
    fn weight(&self, _: &FileKey, bytes: &Sought<Bytes>) -> u64 {
        // What weighs nothing would never have to go.
        bytes.as_ref().map_or(1, |bytes| bytes.len().max(1) as u64)
    }
}

/// What stands behind a name.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// A site.
    Site(Arc<Shown>),
    /// A site that has another name now.
    Moved(Arc<FormerName>),
    /// Nothing, ever, or no more.
    Nothing,
}

/// What a name shows now.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) site: LiveSite,
    pub(crate) csp: HeaderValue,
    pack_key: Arc<str>,
}

/// Every name ever given, as hashes: a name that is not in here needs no look at the database.
struct Names {
    hasher: RandomState,
    known: RwLock<HashSet<u64>>,
}

impl Names {
    fn add(&self, name: &str) {
        let hash = self.hasher.hash_one(name);
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(hash);
    }

    fn may_have(&self, name: &str) -> bool {
        let hash = self.hasher.hash_one(name);
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains(&hash)
    }
}

impl SiteTable {
    /// A table that knows every name there is now. Keep it current with [`crate::follow`].
    pub async fn open(
        db: Db,
        objects: Objects,
        live: Live,
        clock: SharedClock,
        settings: &HostSettings,
    ) -> Result<Self, SitesError> {
        let names = Names { hasher: RandomState::new(), known: RwLock::default() };
        for name in sites::all_names(&db).await? {
            names.add(&name);
        }
        let files = room_for_files(settings.cache_bytes)?;
        Ok(Self {
            db,
            clock,
            live,
            objects,
            names: Arc::new(names),
            sites: Arc::new(Cache::new(settings.most_sites)),
            files: Arc::new(files),
            frame_ancestor: settings.frame_ancestor.as_str().into(),
            publisher: settings.publisher.clone(),
            views: Arc::new(Views::default()),
            answered: Arc::new(Answered::default()),
        })
    }

    /// What a name shows. Many asking at once are one look-up.
    pub(crate) async fn find(&self, name: &str) -> Sought<Found> {
        let found = match self.sites.get(name) {
            Some(found) => found,
            None if !self.names.may_have(name) => return Ok(Found::Nothing),
            None => seek(&self.sites, name, self.look_up(name)).await,
        };
        Ok(match found? {
            Found::Moved(former) if former.until_ms <= self.clock.now_ms() => Found::Nothing,
            found => found,
        })
    }

    /// The address of a name.
    pub(crate) fn url(&self, name: &str) -> String {
        self.publisher.url(name)
    }

    async fn look_up(&self, name: &str) -> Result<Found, SitesError> {
        let Some(site) = sites::find_live(&self.db, name).await? else {
            let former = sites::find_former(&self.db, name, self.clock.now_ms()).await?;
            return Ok(former.map_or(Found::Nothing, |former| Found::Moved(Arc::new(former))));
        };
        let csp = format!("{}; frame-ancestors {}", site.manifest.csp, self.frame_ancestor);
        let csp = HeaderValue::from_str(&csp)
            .map_err(|_| SitesError::Corrupt("content security policy".to_owned()))?;
        let pack_key = Pack::key(&site.digest).into();
        Ok(Found::Site(Arc::new(Shown { site, csp, pack_key })))
    }

    /// The bytes of a file in a form it has.
    pub(crate) async fn bytes(
        &self,
        shown: &Shown,
        file: &PackedFile,
        form: Encoded,
    ) -> Sought<Bytes> {
        let (at, length) = file.range(form).unwrap_or(file.plain);
        let object = file.object.as_deref().map_or_else(|| Arc::clone(&shown.pack_key), Arc::from);
        let key = FileKey { object, at };
        if let Some(bytes) = self.files.get(&key) {
            return bytes;
        }
        let read = async {
            self.objects.get_range(&key.object, at..at + length).await.map_err(SitesError::from)
        };
        seek(&self.files, &key, read).await
    }

    /// Forgets what a name showed: it shows something else now, or is new.
    pub(crate) fn forget(&self, name: &str) {
        self.names.add(name);
        self.sites.remove(name);
    }

    /// Forgets what every name showed, after news were missed.
    pub(crate) fn forget_all(&self) {
        self.sites.clear();
    }
}

/// Looks once for what many ask for at the same time. What is forgotten meanwhile is not kept, and a
/// failure is not either.
async fn seek<K, Q, V, W>(
    kept: &Cache<K, Sought<V>, W>,
    key: &Q,
    look: impl Future<Output = Result<V, SitesError>>,
) -> Sought<V>
where
    K: Eq + Hash,
    Q: Hash + Eq + Equivalent<K> + ToOwned<Owned = K> + ?Sized,
    V: Clone,
    W: Weighter<K, Sought<V>> + Clone,
{
    let guard = match kept.get_value_or_guard_async(key).await {
        Ok(found) => return found,
        Err(guard) => guard,
    };
    let found = look.await.map_err(Arc::new);
    // Refused where the key was forgotten meanwhile: what was found is old.
    let _kept = guard.insert(found.clone());
    if found.is_err() {
        kept.remove(key);
    }
    found
}

/// Smallest part of the room for files: the largest file of a site must fit into one.
const SHARD_BYTES: u64 = 24 * 1_024 * 1_024;
/// About how long a file is.
const USUAL_BYTES: u64 = 8 * 1_024;

/// Room for files, in as many parts as there are threads to look at once, but none too small.
fn room_for_files(bytes: u64) -> Result<Cache<FileKey, Sought<Bytes>, Weight>, SitesError> {
    let shards = usize::try_from((bytes / SHARD_BYTES).max(1)).unwrap_or(1);
    let options = OptionsBuilder::new()
        .estimated_items_capacity(usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX).max(1))
        .weight_capacity(bytes)
        .shards(shards)
        .build()
        .map_err(|_| SitesError::Corrupt("bounds of the files at hand".to_owned()))?;
    Ok(Cache::with_options(
        options,
        Weight,
        DefaultHashBuilder::default(),
        DefaultLifecycle::default(),
    ))
}

impl Shown {
    pub(crate) fn is_live(&self) -> bool {
        self.site.status == SiteStatus::Live
    }
}
