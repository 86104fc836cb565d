//! What undo leads to once the words are in: the versions an owner's changes came after, with the words
//! in them, so that undo takes a change back and not the words.

use std::pin::pin;
use std::sync::Arc;

use futures::stream::{self, Stream, StreamExt};

use super::super::pipeline::{Trouble, first_cause};
use super::super::{GenerationError, Pipeline, Run};
use super::Ready;
use crate::db::Tx;
use crate::ids::VersionId;
use crate::site::document::Document;
use crate::sites::{self, Pack, SitesError, Version, reworded};

/// Versions that undo may lead to and that are given the words as well.
const MOST_BEFORE: usize = 6;

/// A version that an owner's change came after, while the words were being written.
#[derive(Debug)]
pub(super) struct Before {
    version: VersionId,
    parent: Option<VersionId>,
    wording: Wording,
}

/// An older version with the words in it.
#[derive(Debug)]
enum Wording {
    /// It has them already.
    Same,
    /// Built and stored.
    New(Box<Document>, Arc<Pack>),
    /// The gate does not let them through.
    Refused,
}

impl Before {
    /// Whether it waits to be frozen in other words.
    pub(super) const fn has_words(&self) -> bool {
        matches!(self.wording, Wording::New(..))
    }
}

impl Pipeline {
    /// What an owner may go back to within a run, the nearest first. What was live before the run, which
    /// is `since`, and whatever led to that were never in its words.
    pub(super) async fn before(
        &self,
        current: &Version,
        since: Option<VersionId>,
        subdomain: &str,
        worded: impl Fn(&Document) -> Document,
    ) -> Result<Vec<Before>, Trouble> {
        let mut chain = Vec::new();
        let mut next = in_the_run(current.parent, since);
        while let Some(id) = next.filter(|_| chain.len() < MOST_BEFORE) {
            let old = sites::version(&self.db, id).await?;
            next = in_the_run(old.parent, since);
            chain.push(old);
        }
        let chain = chain.into_iter().map(|old| (worded(&old.document), old));
        let before = stream::iter(chain).then(|(document, old)| async move {
            let wording = self.wording(document, &old, subdomain).await?;
            Ok(Before { version: old.id, parent: old.parent, wording })
        });
        until_refused(before).await
    }

    async fn wording(
        &self,
        document: Document,
        old: &Version,
        subdomain: &str,
    ) -> Result<Wording, Trouble> {
        if document == old.document {
            return Ok(Wording::Same);
        }
        match self.build(&document, subdomain).await {
            Ok(pack) => Ok(Wording::New(Box::new(document), pack)),
            Err(Trouble::Generation(GenerationError::Sites(
                SitesError::Refused { .. } | SitesError::Unbuildable(_),
            ))) => Ok(Wording::Refused),
            Err(trouble) => Err(trouble),
        }
    }
}

/// What a version came after, where that is of the run as well.
fn in_the_run(parent: Option<VersionId>, since: Option<VersionId>) -> Option<VersionId> {
    parent.filter(|parent| Some(*parent) != since)
}

/// Takes versions as they get their words, the nearest first, up to one that cannot have them: whoever
/// goes back past it finds the house's words from there on, and not now these and now those.
async fn until_refused(
    worded: impl Stream<Item = Result<Before, Trouble>>,
) -> Result<Vec<Before>, Trouble> {
    let (mut worded, mut before) = (pin!(worded), Vec::new());
    while let Some(one) = worded.next().await {
        let one = one?;
        let refused = matches!(one.wording, Wording::Refused);
        before.push(one);
        if refused {
            break;
        }
    }
    Ok(before)
}

/// Freezes what undo leads to, the farthest first, each after the one before it. Answers the nearest,
/// where there is any.
pub(super) async fn freeze_before(
    tx: &mut Tx,
    run: &Run,
    ready: &Ready,
    now_ms: i64,
) -> Result<Option<VersionId>, Trouble> {
    let mut nearest: Option<VersionId> = None;
    for Before { version, parent, wording } in ready.before.iter().rev() {
        let Wording::New(document, pack) = wording else {
            nearest = Some(*version);
            continue;
        };
        let after = nearest.or(*parent);
        let cause = reworded(&first_cause(run.id), &[ready.base, *version]);
        let made = sites::freeze(tx, run.site, after, (document, pack), &cause, now_ms).await?;
        nearest = Some(made.map_or(*version, |(id, _)| id));
    }
    Ok(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn taken(wordings: Vec<Wording>) -> (usize, usize) {
        let mut asked = 0;
        let worded = stream::iter(wordings).map(|wording| {
            asked += 1;
            Ok(Before { version: VersionId::fresh(), parent: None, wording })
        });
        let before = until_refused(worded).await.unwrap();
        (asked, before.len())
    }

    #[test]
    fn what_was_live_before_a_run_is_none_of_its_versions() {
        let [before, first] = [VersionId::fresh(), VersionId::fresh()];
        assert_eq!(in_the_run(Some(first), Some(before)), Some(first));
        assert_eq!(in_the_run(Some(before), Some(before)), None);
        assert_eq!(in_the_run(Some(first), None), Some(first));
        assert_eq!(in_the_run(None, None), None);
    }

    #[tokio::test]
    async fn the_words_go_back_as_far_as_the_first_refusal() {
        let (same, refused) = (|| Wording::Same, || Wording::Refused);
        assert_eq!(taken(vec![same(), refused(), same(), same()]).await, (2, 2));
        assert_eq!(taken(vec![same(), same(), same()]).await, (3, 3));
        assert_eq!(taken(Vec::new()).await, (0, 0));
    }
}
