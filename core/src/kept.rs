//! What is made of the same bytes again and again: kept while there is room for it.
//!
//! A change of a price builds a whole site, of which most is what it was. Nothing depends on what is
//! kept: it is made anew where it was let go of.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

/// About how long one thing is.
const USUAL_BYTES: u64 = 8 * 1_024;

/// Results by what they were made of.
pub(crate) struct Kept(Cache<[u8; 32], Arc<[u8]>, Weight>);

/// Results weigh what they are long.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<[u8; 32], Arc<[u8]>> for Weight {
    fn weight(&self, _: &[u8; 32], made: &Arc<[u8]>) -> u64 {
        made.len() as u64
    }
}

impl Kept {
    /// Room for this many bytes.
    pub(crate) fn with_room(bytes: u64) -> Self {
        let about = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(about, bytes, Weight))
    }

    /// What `make` made of `parts` before, or makes of them now.
    pub(crate) fn made_of(&self, parts: &[&[u8]], make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        let mut digest = Sha256::new();
        for part in parts {
            // The length before each part: no two lists of parts are the same bytes.
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let key: [u8; 32] = digest.finalize().into();
        if let Some(made) = self.0.get(&key) {
            return made.to_vec();
        }
        let made = make();
        self.0.insert(key, made.as_slice().into());
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_made_once() {
        let kept = Kept::with_room(1_024);
        let mut count = 0;
        for _ in 0..3 {
            let made = kept.made_of(&[b"a", b"bc"], || {
                count += 1;
                b"made".to_vec()
            });
            assert_eq!(made, b"made");
        }
        assert_eq!(count, 1);
        let other = kept.made_of(&[b"ab", b"c"], || b"other".to_vec());
        assert_eq!(other, b"other", "other parts of the same bytes are something else");
    }

    #[test]
    fn what_does_not_fit_is_made_anew() {
        let kept = Kept::with_room(16);
        let mut count = 0;
        for _ in 0..2 {
            let made = kept.made_of(&[b"large"], || {
                count += 1;
                vec![0; 64]
            });
            assert_eq!(made.len(), 64);
        }
        assert_eq!(count, 2);
    }
}
