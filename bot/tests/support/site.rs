//! The live site of a chat as a document: what changes ask for is done to it.

use sitespark_bot::conversation::{Deed, Done, EditRefusal, Effect, Outcome};
use sitespark_bot::exports::Takeaway;
use sitespark_core::brief::{Brief, Language};
use sitespark_core::generation::{self, Refinement};
use sitespark_core::ids::{SiteId, Tokens};
use sitespark_core::site::document::Document;
use sitespark_core::site::{Edit, EditError, apply, restore_section};
use sitespark_core::writer;

/// A live site and what was before it.
pub(crate) struct Site {
    told: Brief,
    versions: Vec<Document>,
    undone: Vec<Document>,
    /// Where it lives.
    pub(crate) address: String,
    /// What was done besides changes, each in a word.
    pub(crate) done: Vec<String>,
}

/// What an effect comes to.
pub(crate) enum Came {
    /// Told within the turn.
    Now(Outcome),
    /// Reported after it.
    Later(Result<(), EditRefusal>),
    /// Nothing that is told.
    Silent,
}

impl Site {
    pub(crate) fn of(brief: &Brief, address: &str) -> Self {
        Self {
            told: brief.clone(),
            versions: vec![generation::sketch(brief)],
            undone: Vec::new(),
            address: address.to_owned(),
            done: Vec::new(),
        }
    }

    pub(crate) fn document(&self) -> &Document {
        self.versions.last().expect("there is always one")
    }

    /// Does what an effect asks for; `None` when it is not about the site.
    pub(crate) fn carry_out(&mut self, effect: &Effect) -> Option<Came> {
        Some(match effect {
            Effect::ApplyEdits { edits, .. } => Came::Later(self.change(edits)),
            Effect::Undo(_) => Came::Now(self.undo()),
            Effect::Rename { subdomain, .. } => {
                self.address.clone_from(subdomain);
                Came::Now(Outcome::Renamed { url: format!("http://{subdomain}.toko.test") })
            }
            Effect::ClaimDaily => {
                self.note("claim");
                Came::Now(Outcome::DailyClaimed { amount: Tokens(10), balance: Tokens(60) })
            }
            Effect::Do(deed) => self.do_deed(deed),
            Effect::Say(_) | Effect::RecallMovements | Effect::SetLanguage(_) => return None,
            Effect::StartRun { .. } | Effect::WriteAgain(_) | Effect::CancelRun(_) => return None,
            Effect::AcceptReferral { .. } | Effect::FetchPhoto { .. } | Effect::Mute => {
                return None;
            }
            Effect::ReadMenu { .. } | Effect::React(_) => return None,
        })
    }

    fn do_deed(&mut self, deed: &Deed) -> Came {
        match deed {
            Deed::Redo(_) => Came::Now(Outcome::Did(match self.undone.pop() {
                Some(document) => {
                    self.versions.push(document);
                    Done::Redone { version: self.number() }
                }
                None => Done::NothingToRedo,
            })),
            Deed::ListVersions(_) => {
                self.note("versions");
                Came::Now(Outcome::Did(Done::Versions(Vec::new())))
            }
            Deed::Refine { wish, .. } => Came::Later(self.refine(wish)),
            Deed::Rewrite { .. } => self.silent("rewrite"),
            Deed::CountVisitors(_) => self.silent("visitors"),
            Deed::Export(_, Takeaway::Site) => self.silent("export"),
            Deed::Export(_, Takeaway::Poster) => self.silent("poster"),
            Deed::Compare(_) => self.silent("compare"),
            Deed::DeleteSite(_) => {
                self.note("delete-site");
                let name = self.document().business.name.clone();
                Came::Now(Outcome::Did(Done::SiteDeleted { name }))
            }
            Deed::Forget => {
                self.note("forget");
                Came::Now(Outcome::Did(Done::Forgotten))
            }
            Deed::MakeLinkCode => {
                self.note("link-code");
                let code = "KOPI-1234".to_owned();
                Came::Now(Outcome::Did(Done::LinkCode { code, minutes: 15 }))
            }
            Deed::EnterLinkCode { .. } => Came::Now(Outcome::Did(Done::LinkWrong)),
        }
    }

    fn silent(&mut self, word: &str) -> Came {
        self.note(word);
        Came::Silent
    }

    fn note(&mut self, word: &str) {
        self.done.push(word.to_owned());
    }

    fn number(&self) -> i64 {
        i64::try_from(self.versions.len()).expect("few")
    }

    fn change(&mut self, edits: &[Edit]) -> Result<(), EditRefusal> {
        let edits = writer::with_words(self.document(), Some(&self.told), edits);
        let changed = apply(self.document(), &edits).map_err(|error| match error {
            EditError::NotFound(_) => EditRefusal::NotFound,
            EditError::Invalid(_) => EditRefusal::Refused,
            EditError::Locked(_) => EditRefusal::Locked,
        })?;
        self.put(changed);
        Ok(())
    }

    fn put(&mut self, document: Document) {
        self.undone.clear();
        self.versions.push(document);
    }

    fn undo(&mut self) -> Outcome {
        if self.versions.len() < 2 {
            return Outcome::NothingToUndo;
        }
        self.undone.extend(self.versions.pop());
        Outcome::Undone { version: self.number() }
    }

    fn refine(&mut self, wish: &Refinement) -> Result<(), EditRefusal> {
        let now = self.document().clone();
        match wish {
            Refinement::Restore { section, .. } => {
                let Some(then) = self.versions.iter().rev().nth(1) else {
                    return Err(EditRefusal::Nothing);
                };
                let restored = match section {
                    Some(kind) => restore_section(&now, then, *kind),
                    None => then.clone(),
                };
                self.put(restored);
                Ok(())
            }
            Refinement::Voice { section } => {
                self.note("voice");
                self.change(&writer::other_voice(&now, Some(&self.told), *section, 1))
            }
            Refinement::Translate { language } => {
                let language = Language::from_tag(language).unwrap_or_default();
                self.change(&writer::translated(&now, Some(&self.told), language))
            }
            Refinement::Rewrite { .. } => {
                self.note("rewrite");
                Ok(())
            }
        }
    }

    /// What a step may know of it.
    pub(crate) fn facts(&self, id: SiteId) -> sitespark_bot::conversation::SiteFacts {
        let business = &self.document().business;
        let price = |from: Option<i64>, to: Option<i64>| from.map(|from| (from, to));
        sitespark_bot::conversation::SiteFacts {
            id,
            name: business.name.clone(),
            url: format!("http://{}.toko.test", self.address),
            live: true,
            items: business.items.iter().map(|item| item.name.clone()).collect(),
            prices: business
                .items
                .iter()
                .map(|item| price(item.price_rupiah, item.price_to_rupiah))
                .collect(),
            phone: business.phone.clone(),
        }
    }
}
