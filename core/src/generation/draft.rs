//! Drafting: the built-in writer's document at once; then intent, design, content, images and assembly
//! asked of a model, with the built-in writer's words where an answer will not do.
//!
//! Every answer is kept with the hash of what was asked. The same question of the same run is answered
//! from there, so a resumed run pays for nothing twice.

mod ask;
mod assembly;

use std::sync::Arc;

use futures::future::join_all;
use serde_json::Value;
use tokio::sync::watch;

use super::illustrate::{self, Illustrator};
use super::stages::content::FailedAnswer;
use super::stages::design::DesignChoice;
use super::stages::intent::Intent;
use super::stages::{content, design, intent, meta};
use super::{GenerationError, Report, Run, RunStatus, Stage, store};
use crate::brief::Brief;
use crate::clock::SharedClock;
use crate::db::Db;
use crate::ids::RunId;
use crate::live::{Live, News};
use crate::llm::{Head, Llm, Prompt, Prompts};
use crate::queue;
use crate::site::document::{Document, DocumentPhoto, Meta, SectionKind, Words};
use crate::writer::{self, Plan};

use ask::{Kept, Question};
use assembly::{assemble, built_in_design, theme_options};

pub(super) use assembly::{built_in_document, draft_so_far};

/// A document and whose words are in it.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// The site as data.
    pub(super) document: Document,
    /// Whether any of its words came from a model.
    pub(super) from_model: bool,
}

/// Drafts documents for runs.
pub(super) struct Drafter {
    db: Db,
    clock: SharedClock,
    live: Live,
    pub(super) llm: Option<Arc<dyn Llm>>,
    pub(super) prompts: Arc<Prompts>,
    illustrator: Option<Illustrator>,
}

/// How many parts of a run's content have come, of how many. Whoever publishes meanwhile listens.
#[derive(Debug)]
pub(super) struct Growth(watch::Sender<Parts>);

/// Parts of the content: its sections, title and description.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    /// Asked for; none before the plan is made.
    pub(super) all: usize,
    /// Written by a model: the house's own words are live already and worth no version.
    pub(super) come: usize,
}

impl Growth {
    /// Nothing has come yet.
    pub(super) fn new() -> Self {
        Self(watch::channel(Parts::default()).0)
    }

    /// Hears of each part.
    pub(super) fn listen(&self) -> watch::Receiver<Parts> {
        self.0.subscribe()
    }

    fn plan(&self, all: usize) {
        self.0.send_replace(Parts { all, come: 0 });
    }

    fn heard(&self, from_model: bool) {
        if from_model {
            self.0.send_modify(|parts| parts.come += 1);
        }
    }
}

impl Drafter {
    pub(super) fn new(
        db: Db,
        clock: SharedClock,
        live: Live,
        llm: Option<Arc<dyn Llm>>,
        prompts: Arc<Prompts>,
    ) -> Self {
        Self { db, clock, live, llm, prompts, illustrator: None }
    }

    /// From now on pictures are painted too.
    pub(super) fn set_illustrator(&mut self, illustrator: Option<Illustrator>) {
        self.illustrator = illustrator;
    }

    /// Whether a model is asked at all.
    pub(super) fn asks_models(&self) -> bool {
        self.llm.is_some()
    }

    /// Drafts a run's document with its models and tells the conversation of `key` how far it is, once
    /// the site is `up`.
    pub(super) async fn draft(
        &self,
        key: &str,
        run: &Run,
        up: impl Future<Output = Result<(), GenerationError>>,
        growth: &Growth,
    ) -> Result<Draft, GenerationError> {
        let kept = &Kept::of(store::stages_of(&self.db, run.id).await?);
        let brief = &run.brief;
        // Joined to the end, whatever fails: what a model has answered is kept first.
        let told = async {
            up.await?;
            self.announce(key, run, Stage::Intent).await
        };
        let (told, intent) = tokio::join!(told, self.intent(run.id, brief, kept));
        told?;
        let intent = intent?;
        let plan = self.plan(brief, &intent);
        growth.plan(plan.sections.len() + 1);
        let sections = plan.sections.iter().map(|kind| async {
            let words = self.section(run.id, brief, &intent, *kind, kept).await?;
            growth.heard(words.is_some());
            Ok::<_, GenerationError>((*kind, words))
        });
        let meta = async {
            let described = self.meta(run.id, brief, &intent, kept).await?;
            growth.heard(described.is_some());
            Ok::<_, GenerationError>(described)
        };
        let looks = async {
            let choice = self.design(run.id, brief, &intent, kept).await?;
            let painted = self.illustrations(run, &intent, &choice, kept).await?;
            Ok::<_, GenerationError>((choice, painted))
        };
        // Looks and words need nothing of each other.
        let (told, looks, written, described) = tokio::join!(
            self.announce_all(key, run, &[Stage::Design, Stage::Content]),
            looks,
            join_all(sections),
            meta
        );
        told?;
        let written = written.into_iter().collect::<Result<Vec<_>, _>>()?;
        let ((choice, painted), described) = (looks?, described?);
        let from_model = described.is_some() || written.iter().any(|(_, words)| words.is_some());
        let mut document = assemble(brief, &plan, choice, written.into_iter().collect(), described);
        illustrate::hang(&mut document.business, painted);
        Ok(Draft { document, from_model })
    }

    /// The document as far as the stages have come.
    pub(super) async fn so_far(&self, run: &Run) -> Result<Document, GenerationError> {
        Ok(draft_so_far(run, store::stages_of(&self.db, run.id).await?))
    }

    /// The document in the built-in writer's words alone.
    pub(super) fn built_in(&self, run: &Run) -> Document {
        built_in_document(&run.brief)
    }

    /// Tells the conversation that stages begin, one after the other.
    pub(super) async fn announce_all(
        &self,
        key: &str,
        run: &Run,
        stages: &[Stage],
    ) -> Result<(), GenerationError> {
        for stage in stages {
            self.announce(key, run, *stage).await?;
        }
        Ok(())
    }

    /// Tells the conversation that a stage begins; `Ended` when its run was stopped meanwhile.
    async fn announce(&self, key: &str, run: &Run, stage: Stage) -> Result<(), GenerationError> {
        let now_ms = self.clock.now_ms();
        let status = store::find_run(&self.db, run.id).await?.status;
        if status != RunStatus::Running {
            return Err(GenerationError::Ended);
        }
        let report = Report::Stage { run: run.id, stage: stage.slug().to_owned() };
        let cause = format!("run:{}:stage:{}", run.id, stage.slug());
        let mut tx = self.db.begin().await?;
        queue::push(&mut tx, &report.into_row(key, cause, now_ms), now_ms).await?;
        tx.commit().await?;
        self.live.bus.publish(News::Preview { run: run.id.to_string() }).await;
        Ok(())
    }

    /// A model may choose the sections; without one the facts alone decide.
    fn plan(&self, brief: &Brief, intent: &Intent) -> Plan {
        match self.llm {
            Some(_) => Plan { trade: intent.trade, sections: intent.sections.clone() },
            None => writer::plan(brief),
        }
    }

    async fn intent(
        &self,
        run: RunId,
        brief: &Brief,
        kept: &Kept,
    ) -> Result<Intent, GenerationError> {
        let question = Question { run, stage: Stage::Intent, part: "", kept };
        let request = intent::request(brief, &self.prompts);
        let read = |answer: &Value| intent::parse(answer, brief).map_err(|fault| fault.faults());
        let answered = self.ask(&question, request, read, |_| None).await?;
        Ok(answered.unwrap_or_else(|| intent::built_in(brief)))
    }

    async fn design(
        &self,
        run: RunId,
        brief: &Brief,
        intent: &Intent,
        kept: &Kept,
    ) -> Result<DesignChoice, GenerationError> {
        let options = theme_options(brief, intent);
        let question = Question { run, stage: Stage::Design, part: "", kept };
        let request = design::request(brief, intent, &options, &self.prompts);
        let read =
            |answer: &Value| design::parse(answer, &options, brief).map_err(|fault| fault.faults());
        let answered = self.ask(&question, request, read, |_| None).await?;
        Ok(answered.unwrap_or_else(|| built_in_design(brief, intent, &options)))
    }

    async fn section(
        &self,
        run: RunId,
        brief: &Brief,
        intent: &Intent,
        kind: SectionKind,
        kept: &Kept,
    ) -> Result<Option<Words>, GenerationError> {
        let question = Question { run, stage: Stage::Content, part: kind.slug(), kept };
        let request = content::request(brief, intent, kind, &self.prompts);
        let read = |answer: &Value| {
            let words = content::parse(answer, kind, brief).map_err(|fault| fault.faults())?;
            let unproven = writer::unproven(&words, brief);
            if unproven.is_empty() { Ok(words) } else { Err(unproven) }
        };
        let repair = |failed: FailedAnswer<'_>| {
            let again = || content::repair_request(brief, intent, kind, failed, &self.prompts);
            Head::of(Prompt::Content).repair.then(again)
        };
        self.ask(&question, request, read, repair).await
    }

    async fn meta(
        &self,
        run: RunId,
        brief: &Brief,
        intent: &Intent,
        kept: &Kept,
    ) -> Result<Option<Meta>, GenerationError> {
        let question = Question { run, stage: Stage::Content, part: "meta", kept };
        let request = meta::request(brief, intent, &self.prompts);
        let read = |answer: &Value| {
            let described = meta::parse(answer, brief).map_err(|fault| fault.faults())?;
            let words = Words {
                heading: described.title.clone(),
                lead: described.description.clone(),
                ..Words::default()
            };
            let unproven = writer::unproven(&words, brief);
            if unproven.is_empty() { Ok(described) } else { Err(unproven) }
        };
        let repair = |failed: FailedAnswer<'_>| {
            let again = || meta::repair_request(brief, intent, failed, &self.prompts);
            Head::of(Prompt::Meta).repair.then(again)
        };
        self.ask(&question, request, read, repair).await
    }

    /// The painted pictures by their places; where there is none the built-in art stands.
    async fn illustrations(
        &self,
        run: &Run,
        intent: &Intent,
        choice: &DesignChoice,
        kept: &Kept,
    ) -> Result<Vec<(SectionKind, DocumentPhoto)>, GenerationError> {
        let painted = illustrate::PLACES.into_iter().map(async |place| {
            let picture = self.illustration(run, intent, choice, (place, kept)).await?;
            Ok::<_, GenerationError>(picture.map(|picture| (place, picture)))
        });
        let painted = join_all(painted).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(painted.into_iter().flatten().collect())
    }

    /// The picture of one place, painted once a run; `None` means: the built-in art.
    async fn illustration(
        &self,
        run: &Run,
        intent: &Intent,
        choice: &DesignChoice,
        (place, kept): (SectionKind, &Kept),
    ) -> Result<Option<DocumentPhoto>, GenerationError> {
        let Some(illustrator) = &self.illustrator else { return Ok(None) };
        let part = (Stage::Images.slug().to_owned(), place.slug().to_owned());
        if let Some(record) = kept.0.get(&part) {
            return Ok(illustrate::picture_of(record));
        }
        let Some(record) = illustrator.illustrate(run, intent, choice, place).await else {
            return Ok(None);
        };
        let mut tx = self.db.begin().await?;
        store::save_stage(&mut tx, run.id, &record, self.clock.now_ms()).await?;
        tx.commit().await?;
        Ok(illustrate::picture_of(&record))
    }
}

#[cfg(test)]
mod alike_tests;
