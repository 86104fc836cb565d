//! Carrying out what a person wants done with what is theirs.

use serde_json::json;
use sitespark_core::generation::{self, HELD_FOR_MS, PictureWish, Report};
use sitespark_core::ids::SiteId;
use sitespark_core::queue::{self, Lane, NewRow};
use sitespark_core::site::document::SectionKind;
use sitespark_core::sites::{self, SitesError};
use sitespark_core::users::{self, LINK_CODE_MS, LinkTry, Linked};
use sitespark_core::wallet::{self, TransferKind, WalletError};

use super::effects::{push_job, push_rebuild};
use super::{Driver, DriverError, Turn};
use crate::conversation::{
    Complete, Deed, Done, Outcome, Reviewing, State, from_stored, to_stored,
};
use crate::exports::Takeaway;
use crate::inbox::chat_key;
use crate::{speaking, store};

/// Versions that are told of.
const MOST_VERSIONS: usize = 9;
/// Stored files one job removes.
const ERASED_AT_ONCE: usize = 500;
const MINUTE_MS: i64 = 60_000;

impl Driver {
    /// Does one deed; answers how it came out where the step wants to know.
    pub(super) async fn carry_out_deed(
        &self,
        turn: &mut Turn<'_>,
        deed: Deed,
        number: usize,
    ) -> Result<Option<Outcome>, DriverError> {
        let did = |done: Done| Some(Outcome::Did(done));
        Ok(match deed {
            Deed::Redo(site) => did(self.redo(turn, site).await?),
            Deed::ListVersions(site) => {
                self.check_owner(turn, site).await?;
                did(Done::Versions(sites::versions_of(turn.tx, site, MOST_VERSIONS).await?))
            }
            Deed::Refine { site, wish } => {
                self.check_owner(turn, site).await?;
                let wish = serde_json::to_value(wish).expect("plain data is always JSON");
                let picture = self.picture_wish(turn);
                let job =
                    json!({ "job": "refine", "site": site, "wish": wish, "picture": picture });
                push_job(turn, format!("{}:refine:{number}", turn.who.cause), job).await?;
                None
            }
            Deed::Rewrite { site, section, said } => {
                Some(self.rewrite(turn, site, section, &said).await?)
            }
            Deed::CountVisitors(site) => {
                self.check_owner(turn, site).await?;
                let name = sites::site_in(turn.tx, site).await?.name;
                let traffic = sites::traffic(turn.tx, site, turn.who.now_ms).await?;
                did(Done::Visitors { name, traffic })
            }
            Deed::Export(site, what) => {
                self.check_owner(turn, site).await?;
                let job = match what {
                    Takeaway::Site => json!({ "job": "export", "site": site }),
                    Takeaway::Poster => json!({ "job": "poster", "site": site }),
                };
                push_job(turn, format!("{}:export:{number}", turn.who.cause), job).await?;
                None
            }
            Deed::Compare(site) => did(self.compare(turn, site).await?),
            Deed::DeleteSite(site) => {
                self.check_owner(turn, site).await?;
                let name = sites::site_in(turn.tx, site).await?.name;
                sites::delete_site(turn.tx, site, turn.who.now_ms).await?;
                did(Done::SiteDeleted { name })
            }
            Deed::Forget => {
                self.forget(turn).await?;
                did(Done::Forgotten)
            }
            Deed::MakeLinkCode => {
                let (user, conversation) = (turn.who.user.id, turn.who.conversation);
                let made =
                    users::fresh_link_code(turn.tx, user, conversation, turn.who.now_ms).await?;
                let minutes = LINK_CODE_MS / MINUTE_MS;
                did(made.map_or(Done::TooManyCodes, |code| Done::LinkCode { code, minutes }))
            }
            Deed::EnterLinkCode { code } => did(self.enter_code(turn, &code).await?),
        })
    }

    async fn redo(&self, turn: &mut Turn<'_>, site: SiteId) -> Result<Done, DriverError> {
        self.check_owner(turn, site).await?;
        match sites::redo(turn.tx, site, turn.who.now_ms).await {
            Ok(published) => {
                if published.built_elsewhere {
                    push_rebuild(turn, site, "redo").await?;
                }
                Ok(Done::Redone { version: published.number })
            }
            Err(SitesError::NothingToUndo | SitesError::Closed) => Ok(Done::NothingToRedo),
            Err(other) => Err(other.into()),
        }
    }

    /// Has a picture taken of what changed last.
    async fn compare(&self, turn: &mut Turn<'_>, site: SiteId) -> Result<Done, DriverError> {
        self.check_owner(turn, site).await?;
        if !self.rules.pictures {
            return Ok(Done::NoPictures);
        }
        let wish = PictureWish {
            turn: turn.who.cause.to_owned(),
            conversation: turn.who.conversation,
            language: turn.who.user.language.tag().to_owned(),
            asked: true,
        };
        let key = chat_key(turn.who.channel, turn.who.chat);
        queue::push(turn.tx, &wish.job(site, None, &key, turn.who.now_ms), turn.who.now_ms).await?;
        Ok(Done::Picturing)
    }

    /// Puts the price on hold and hands the work over.
    async fn rewrite(
        &self,
        turn: &mut Turn<'_>,
        site: SiteId,
        section: Option<SectionKind>,
        said: &str,
    ) -> Result<Outcome, DriverError> {
        self.check_owner(turn, site).await?;
        let cause = format!("{}:rewrite", turn.who.cause);
        let price = self.rules.refine.unwrap_or_default();
        let kind = TransferKind::Refinement;
        let until_ms = turn.who.now_ms + HELD_FOR_MS;
        let workspace = turn.who.user.workspace;
        let held = wallet::hold(turn.tx, workspace, kind, price, &cause, until_ms, turn.who.now_ms);
        let hold = match held.await {
            Ok(hold) => hold,
            Err(WalletError::InsufficientTokens { available, needed }) => {
                return Ok(Outcome::InsufficientTokens { available, price: needed });
            }
            Err(other) => return Err(other.into()),
        };
        let wish = json!({ "refine": "rewrite", "section": section, "said": said, "hold": hold });
        push_job(turn, cause, json!({ "job": "refine", "site": site, "wish": wish })).await?;
        Ok(Outcome::Did(Done::RewriteBegun))
    }

    async fn erase(
        &self,
        turn: &mut Turn<'_>,
        part: &str,
        payload: serde_json::Value,
    ) -> Result<(), DriverError> {
        let workspace = turn.who.user.workspace;
        let row = NewRow {
            lane: Lane::Jobs,
            key: format!("erase:{workspace}"),
            cause: format!("erase:{workspace}:{part}"),
            payload,
            run_at_ms: turn.who.now_ms,
        };
        queue::push(turn.tx, &row, turn.who.now_ms).await?;
        Ok(())
    }

    /// Everything goes but the ledger; what is stored outside the database goes after the commit.
    async fn forget(&self, turn: &mut Turn<'_>) -> Result<(), DriverError> {
        let workspace = turn.who.user.workspace;
        for run in generation::running_of(turn.tx, workspace).await? {
            generation::cancel(turn.tx, run, turn.who.now_ms).await?;
        }
        let mut folders = sites::folders_of(turn.tx, workspace).await?;
        folders.extend(store::uploads_of(turn.tx, turn.who.user.id).await?);
        let talks = store::conversations_of(turn.tx, turn.who.user.id).await?;
        folders.extend(talks.into_iter().map(speaking::marks_of));
        self.erase(turn, "folders", json!({ "job": "erase", "keys": [], "folders": folders }))
            .await?;
        let keys = sites::objects_of(turn.tx, workspace).await?;
        for (number, keys) in keys.chunks(ERASED_AT_ONCE).enumerate() {
            let job = json!({ "job": "erase", "keys": keys });
            self.erase(turn, &number.to_string(), job).await?;
        }
        sites::erase_sites(turn.tx, workspace, turn.who.now_ms).await?;
        let user = turn.who.user.clone();
        users::forget(turn.tx, &user, turn.who.now_ms).await?;
        turn.forgotten = true;
        Ok(())
    }

    async fn enter_code(&self, turn: &mut Turn<'_>, code: &str) -> Result<Done, DriverError> {
        match users::link(turn.tx, turn.who.user.id, code, turn.who.now_ms).await? {
            LinkTry::Linked(linked) => self.joined(turn, linked).await,
            LinkTry::Same => Ok(Done::LinkedBefore),
            LinkTry::Wrong => Ok(Done::LinkWrong),
            LinkTry::TooMany => Ok(Done::LinkTooMany),
        }
    }

    /// Both channels go on where the one of the person who stays was.
    async fn joined(&self, turn: &mut Turn<'_>, linked: Linked) -> Result<Done, DriverError> {
        let there = store::conversation_by_id(turn.tx, linked.conversation).await?;
        let here = store::find_conversation(turn.tx, turn.who.channel, turn.who.chat).await?;
        let mut state = None;
        if let (Some(there), Some(here)) = (&there, &here) {
            if linked.maker_stays {
                state = goes_on(from_stored(&there.state)?).map(Box::new);
            } else if let Some(goes_on) = goes_on(from_stored(&here.state)?) {
                store::set_state(turn.tx, there.id, &to_stored(&goes_on), turn.who.now_ms).await?;
            }
        }
        if let Some(key) = store::key_in(turn.tx, linked.conversation).await? {
            let cause = format!("{}:linked", turn.who.cause);
            let told = Report::LinkedElsewhere {}.into_row(&key, cause, turn.who.now_ms);
            queue::push(turn.tx, &told, turn.who.now_ms).await?;
        }
        let name = turn.who.channel.slug();
        if let Some(user) = users::find_identity(turn.tx, name, turn.who.external_id).await? {
            turn.who.user = user;
            turn.glance = None;
        }
        Ok(Done::Linked { state, moved: linked.moved })
    }
}

/// A state as another channel takes it up: what is reported to the first one only is not waited for
/// there. Nothing for somebody who has not begun.
fn goes_on(state: State) -> Option<State> {
    match state {
        State::Welcome => None,
        State::Generating(making) => {
            Some(State::Complete(Complete { live: None, talk: making.talk }))
        }
        State::Refining(open) => {
            Some(State::Reviewing(Reviewing { live: open.live, talk: open.talk }))
        }
        other @ (State::Collecting(_)
        | State::Confirming(_)
        | State::Reviewing(_)
        | State::Complete(_)) => Some(other),
    }
}
