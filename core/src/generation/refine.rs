//! Changing a live site beyond typed edits: one part as it was, other words, another language.
//!
//! The built-in writer does it free of charge. A model is asked only when its price is on hold; the
//! hold is taken in the transaction that publishes, and given back in the one that reports a refusal.

use futures::future::join_all;
use serde::{Deserialize, Serialize};

use super::pipeline::{Along, MOST_TRIES, Pipeline, Trouble};
use super::stages::content::{self, FailedAnswer};
use super::stages::intent;
use super::{GenerationError, PictureWish, Report, store};
use crate::brief::{Brief, Language};
use crate::causes::with_causes;
use crate::ids::{SiteId, TransferId};
use crate::llm::Llm;
use crate::queue::{self, Claimed, Verdict};
use crate::site::document::{Document, Section, SectionKind, Words};
use crate::site::{Edit, EditError, apply, restore_section};
use crate::sites::{self, Change, Moment, Site, SitesError};
use crate::wallet;
use crate::writer;

/// One wish. Its JSON form is stored in jobs; variants are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refine", rename_all = "snake_case")]
pub enum Refinement {
    /// One family of sections, or everything, as it was.
    Restore {
        /// Which family; everything without one.
        section: Option<SectionKind>,
        /// The last state made before this time, epoch milliseconds.
        #[serde(default)]
        before_ms: Option<i64>,
        /// The version of this number.
        #[serde(default)]
        number: Option<i64>,
    },
    /// Other words by the built-in writer.
    Voice {
        /// Which family; all without one.
        section: Option<SectionKind>,
    },
    /// Everything in another language, by the built-in writer.
    Translate {
        /// `id` or `en`.
        language: String,
    },
    /// Other words by a model, in the manner that was asked for.
    Rewrite {
        /// Which family; all without one.
        section: Option<SectionKind>,
        /// What was asked for.
        said: String,
        /// What it costs, on hold.
        hold: TransferId,
    },
}

impl Refinement {
    /// What is on hold for it.
    pub const fn hold(&self) -> Option<TransferId> {
        match self {
            Self::Rewrite { hold, .. } => Some(*hold),
            Self::Restore { .. } | Self::Voice { .. } | Self::Translate { .. } => None,
        }
    }
}

impl Pipeline {
    /// Carries a wish out: a new version, live and reported, or a report of why not.
    pub async fn refine(
        &self,
        row: &Claimed,
        site: SiteId,
        wish: &Refinement,
        picture: Option<&PictureWish>,
    ) -> Verdict {
        let reason = match self.refined(row, site, wish, picture).await {
            Ok(()) => return Verdict::Finished,
            Err(Trouble::Edit(EditError::Locked(_))) => "locked",
            Err(Trouble::Edit(EditError::NotFound(_))) => "not_found",
            Err(Trouble::Edit(EditError::Invalid(_))) => "refused",
            Err(Trouble::Generation(GenerationError::Sites(SitesError::Refused { .. }))) => {
                "refused"
            }
            Err(Trouble::Generation(GenerationError::Sites(SitesError::NothingToUndo))) => {
                "nothing"
            }
            Err(Trouble::Generation(GenerationError::Forbidden(kind))) => kind.reason(),
            Err(Trouble::Generation(GenerationError::Sites(SitesError::Closed))) => "closed",
            // Its tokens have gone back meanwhile: no model is asked again for nothing.
            Err(Trouble::Generation(GenerationError::Ended)) => "expired",
            Err(trouble) if row.may_fail_again(MOST_TRIES) => {
                return Verdict::Retry(with_causes(&trouble));
            }
            Err(trouble) => {
                tracing::error!(site.id = %site, error = with_causes(&trouble), "a refinement is given up");
                "internal"
            }
        };
        match self.decline(row, site, wish.hold(), reason).await {
            Ok(()) => Verdict::Finished,
            Err(trouble) => Verdict::Retry(with_causes(&trouble)),
        }
    }

    async fn refined(
        &self,
        row: &Claimed,
        site: SiteId,
        wish: &Refinement,
        picture: Option<&PictureWish>,
    ) -> Result<(), Trouble> {
        let found = sites::find_site(&self.db, &site.to_string()).await?;
        let base = found.version.ok_or(SitesError::Closed)?;
        let now = sites::version(&self.db, base).await?;
        let document = self.wished(&found, &now.document, now.number, wish).await?;
        if document == now.document {
            return Err(SitesError::NothingToUndo.into());
        }
        let report = match wish {
            Refinement::Rewrite { hold, .. } => {
                let mut tx = self.db.begin().await?;
                let captured = wallet::held_amount(&mut tx, *hold).await;
                tx.roll_back();
                Report::Rewritten { site, captured: captured.map_err(GenerationError::from)? }
            }
            Refinement::Restore { .. }
            | Refinement::Voice { .. }
            | Refinement::Translate { .. } => Report::Edited { site },
        };
        let (report, hold) = (Some(report), wish.hold());
        let along = Along { change: Change::Next, report, hold, picture };
        self.put_live(row, &found, &document, along).await
    }

    async fn wished(
        &self,
        site: &Site,
        now: &Document,
        number: i64,
        wish: &Refinement,
    ) -> Result<Document, Trouble> {
        let told = store::told_for(&self.db, site.id).await?;
        let edits = match wish {
            Refinement::Restore { section, before_ms, number } => {
                let moment = match (number, before_ms) {
                    (Some(number), _) => Moment::Number(*number),
                    (None, Some(before_ms)) => Moment::At(*before_ms),
                    (None, None) => Moment::Before,
                };
                let then = sites::document_at(&self.db, site.id, now, *section, moment).await?;
                return Ok(match section {
                    Some(kind) => restore_section(now, &then, *kind),
                    None => then,
                });
            }
            Refinement::Voice { section } => {
                let turn = u32::try_from(number).unwrap_or(1);
                writer::other_voice(now, told.as_ref(), *section, turn)
            }
            Refinement::Translate { language } => {
                let language = Language::from_tag(language).unwrap_or_default();
                writer::translated(now, told.as_ref(), language)
            }
            Refinement::Rewrite { section, said, .. } => {
                self.asked(now, told.as_ref(), *section, said).await
            }
        };
        refuse_locked(now, wish)?;
        Ok(apply(now, &edits)?)
    }

    /// A model's words for every open section; a section whose answer will not do keeps its own.
    async fn asked(
        &self,
        now: &Document,
        told: Option<&Brief>,
        only: Option<SectionKind>,
        said: &str,
    ) -> Vec<Edit> {
        let Some(llm) = &self.drafter.llm else { return Vec::new() };
        let brief = writer::brief_of(now, told);
        let sections = writer::open_sections(now, only);
        let asked = sections.into_iter().filter(|section| !section.hidden).map(async |section| {
            let words = self.ask_words(llm.as_ref(), &brief, section, said).await?;
            Some(Edit::SetWords { section: section.kind, words })
        });
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// Asks once and, where the answer breaks a rule or claims too much, once more.
    async fn ask_words(
        &self,
        llm: &dyn Llm,
        brief: &Brief,
        section: &Section,
        said: &str,
    ) -> Option<Words> {
        let kind = section.kind;
        let intent = intent::built_in(brief);
        let prompts = &self.drafter.prompts;
        let read = |answer: &serde_json::Value| -> Result<Words, Vec<String>> {
            let words = content::parse(answer, kind, brief).map_err(|fault| fault.faults())?;
            let unproven = writer::unproven(&words, brief);
            if unproven.is_empty() { Ok(words) } else { Err(unproven) }
        };
        let first = content::rewrite_request(brief, &intent, kind, (&section.words, said), prompts);
        let answer = llm.ask(&first).await.ok()?;
        let faults = match read(&answer.json) {
            Ok(words) => return Some(words),
            Err(faults) => faults,
        };
        let failed = FailedAnswer { answer: &answer.json, faults: &faults };
        let again = content::repair_request(brief, &intent, kind, failed, prompts);
        llm.ask(&again).await.ok().and_then(|answer| read(&answer.json).ok())
    }

    /// Edits with words for the sections they add.
    pub(super) async fn filled(
        &self,
        site: SiteId,
        document: &Document,
        edits: &[Edit],
    ) -> Result<Vec<Edit>, Trouble> {
        let bare = |edit: &Edit| matches!(edit, Edit::AddSection { words: None, .. });
        if !edits.iter().any(bare) {
            return Ok(edits.to_vec());
        }
        let told = store::told_for(&self.db, site).await?;
        Ok(writer::with_words(document, told.as_ref(), edits))
    }

    async fn decline(
        &self,
        row: &Claimed,
        site: SiteId,
        hold: Option<TransferId>,
        reason: &str,
    ) -> Result<(), Trouble> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        if let Some(hold) = hold {
            wallet::release(&mut tx, hold, reason, now_ms).await.map_err(GenerationError::from)?;
        }
        let report = Report::EditRefused { site, reason: reason.to_owned() };
        let told = report.into_row(&row.key, format!("{}:report", row.cause), now_ms);
        queue::push(&mut tx, &told, now_ms).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A section that was named and is locked is not passed over in silence.
fn refuse_locked(document: &Document, wish: &Refinement) -> Result<(), EditError> {
    let named = match wish {
        Refinement::Voice { section } | Refinement::Rewrite { section, .. } => *section,
        Refinement::Restore { .. } | Refinement::Translate { .. } => None,
    };
    let Some(kind) = named else { return Ok(()) };
    let mut sections = document.pages.iter().flat_map(|page| &page.sections);
    match sections.find(|section| section.kind == kind) {
        None => Err(EditError::NotFound(kind.slug().to_owned())),
        Some(section) if section.locked => Err(EditError::Locked(kind.slug().to_owned())),
        Some(_) => Ok(()),
    }
}
