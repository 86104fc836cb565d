//! Words as recordings, where a server that reads aloud is set. Outside of any transaction, within
//! bounds: without a recording the words stand in the chat alone.
//!
//! A recording is made once and kept for a while under a digest of what went into it, whoever it is for.
//! A mark for each conversation that was read to lets it be found when its person is forgotten.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sitespark_core::causes::with_causes;
use sitespark_core::clock::DAY_MS;
use sitespark_core::ids::ConversationId;
use sitespark_core::llm::voice::{Voice, VoiceError};
use sitespark_core::storage::{Bytes, Objects, StorageError};

/// Where recordings lie, and below it the marks.
const VOICES: &str = "voices";
const MARKS: &str = "voices/of/";
const ENDING: &str = ".ogg";
/// Hexadecimal digits of a digest.
const DIGEST_CHARS: usize = 64;
/// Recordings are kept for this long at least, and at most for twice as long.
const PERIOD_DAYS: i64 = 7;
/// Most recordings under way at once: a slow server must not take the place of all who only write.
const MOST_AT_ONCE: usize = 8;

/// Has words read aloud.
pub struct Mouth {
    voice: Voice,
    objects: Objects,
    /// Digests of what is being read.
    under_way: Mutex<HashSet<String>>,
}

/// What came of having words read.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// The recording is stored under this key.
    Kept(String),
    /// Others are being read, or the same words: ask again soon.
    Busy,
    /// There is none.
    Silent,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Voice(#[from] VoiceError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A place among those that are read; given back when dropped.
struct Place<'a> {
    mouth: &'a Mouth,
    digest: String,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.mouth.lock().remove(&self.digest);
    }
}

impl Mouth {
    /// A mouth with this voice; recordings are kept in `objects`.
    pub fn new(voice: Voice, objects: Objects) -> Self {
        Self { voice, objects, under_way: Mutex::default() }
    }

    /// A recording of these words for a conversation: one that is kept, or a new one.
    pub async fn read(&self, words: &str, conversation: ConversationId, now_ms: i64) -> Read {
        let digest = self.voice.digest(words);
        let Some(_place) = self.begin(&digest) else { return Read::Busy };
        match self.recording(words, &digest, conversation, now_ms).await {
            Ok(key) => Read::Kept(key),
            Err(trouble) => {
                tracing::warn!(error = with_causes(&trouble), "words were not read aloud");
                Read::Silent
            }
        }
    }

    async fn recording(
        &self,
        words: &str,
        digest: &str,
        conversation: ConversationId,
        now_ms: i64,
    ) -> Result<String, Trouble> {
        let period = period_of(now_ms);
        let [name, former] = [period, period - 1].map(|period| name_of(period, digest));
        let key = format!("{VOICES}/{name}");
        let marked = format!("{}/{name}", marks_of(conversation));
        // A row that waits for older words asks again and again: what is there is not fetched for it.
        if self.is_there(&marked).await? && self.is_there(&key).await? {
            return Ok(key);
        }
        let bytes = match self.kept(&key).await? {
            Some(bytes) => bytes,
            None => match self.kept(&format!("{VOICES}/{former}")).await? {
                Some(bytes) => bytes,
                None => Bytes::from(self.voice.read(words).await?),
            },
        };
        // The mark first: no recording is there that could not be found. What is there stays.
        self.objects.put(&marked, Bytes::new()).await?;
        self.objects.put(&key, bytes).await?;
        Ok(key)
    }

    /// Removes what was read to a conversation that is gone. Another that was read the same is read it
    /// anew.
    pub async fn forget(&self, key: &str, conversation: ConversationId) {
        let name = key.rsplit_once('/').map_or(key, |(_, name)| name);
        for gone in [key.to_owned(), format!("{}/{name}", marks_of(conversation))] {
            if let Err(error) = self.objects.delete(&gone).await {
                tracing::warn!(error = with_causes(&error), "a recording was not removed");
            }
        }
    }

    async fn is_there(&self, key: &str) -> Result<bool, StorageError> {
        match self.objects.size(key).await {
            Ok(_) => Ok(true),
            Err(StorageError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn kept(&self, key: &str) -> Result<Option<Bytes>, StorageError> {
        match self.objects.get(key).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StorageError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn begin(&self, digest: &str) -> Option<Place<'_>> {
        let mut under_way = self.lock();
        let has_place = under_way.len() < MOST_AT_ONCE && under_way.insert(digest.to_owned());
        has_place.then(|| Place { mouth: self, digest: digest.to_owned() })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The folder of marks of what was read to a conversation.
pub fn marks_of(conversation: ConversationId) -> String {
    format!("{MARKS}{conversation}")
}

/// The recording that a mark stands for.
pub fn marked_by(key: &str) -> Option<String> {
    let (_, name) = key.strip_prefix(MARKS)?.rsplit_once('/')?;
    period_in(name).map(|_| format!("{VOICES}/{name}"))
}

/// Whether a key is that of a recording, and of nothing else.
pub fn is_recording(key: &str) -> bool {
    let name = key.strip_prefix(VOICES).and_then(|rest| rest.strip_prefix('/'));
    name.is_some_and(|name| period_in(name).is_some())
}

/// Removes recordings and marks whose time is over. Answers how many.
pub async fn sweep(objects: &Objects, now_ms: i64) -> Result<usize, StorageError> {
    let oldest = period_of(now_ms) - 1;
    let mut removed = 0;
    for (key, _) in objects.list_in(VOICES).await? {
        let name = key.rsplit_once('/').map_or("", |(_, name)| name);
        if period_in(name).is_some_and(|period| period < oldest) {
            objects.delete(&key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn period_of(now_ms: i64) -> i64 {
    now_ms.div_euclid(PERIOD_DAYS * DAY_MS)
}

fn name_of(period: i64, digest: &str) -> String {
    format!("{period}-{digest}{ENDING}")
}

/// The period in a name of ours.
fn period_in(name: &str) -> Option<i64> {
    let (period, digest) = name.strip_suffix(ENDING)?.split_once('-')?;
    let is_digest = digest.len() == DIGEST_CHARS && digest.bytes().all(|b| b.is_ascii_hexdigit());
    period.parse().ok().filter(|_| is_digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> String {
        name_of(2_900, &"a1".repeat(DIGEST_CHARS / 2))
    }

    async fn objects(folder: &tempfile::TempDir) -> Objects {
        let url = format!("file://{}", folder.path().display());
        let objects = Objects::open(&url, &|_| None).unwrap();
        let mark = format!("{MARKS}0192/{}", name());
        for (key, bytes) in [(format!("{VOICES}/{}", name()), "OggS"), (mark, "")] {
            objects.put(&key, Bytes::from(bytes)).await.unwrap();
        }
        objects.put("voices/lain.txt", Bytes::from("lain")).await.unwrap();
        objects
    }

    #[test]
    fn only_recordings_are_recordings() {
        let key = format!("{VOICES}/{}", name());
        assert!(is_recording(&key));
        assert_eq!(marked_by(&format!("{MARKS}0192/{}", name())), Some(key));
        let mark = format!("{MARKS}0192/{}", name());
        for other in ["voices/1-a.ogg", "voices/../x", "voices", "pictures/a", mark.as_str()] {
            assert!(!is_recording(other), "{other}");
        }
        for other in ["voices/of/0192/x.ogg", "uploads/a/b", "voices/of/x"] {
            assert_eq!(marked_by(other), None, "{other}");
        }
    }

    #[tokio::test]
    async fn a_recording_is_kept_for_a_week_and_swept_with_its_marks_after_two() {
        let folder = tempfile::tempdir().unwrap();
        let objects = objects(&folder).await;
        let made_ms = 2_900 * PERIOD_DAYS * DAY_MS;
        for (days, removed, left) in [(0, 0, 3), (13, 0, 3), (14, 2, 1), (15, 0, 1)] {
            assert_eq!(sweep(&objects, made_ms + days * DAY_MS).await.unwrap(), removed, "{days}");
            assert_eq!(objects.list().await.unwrap().len(), left);
        }
    }
}
