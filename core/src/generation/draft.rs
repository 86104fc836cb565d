//! Drafting: the built-in writer's document at once; then intent, design, content, images and assembly
//! asked of a model, with the built-in writer's words where an answer will not do.
//!
//! Every answer is kept with the hash of what was asked. The same question of the same run is answered
//! from there, so a resumed run pays for nothing twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::illustrate::{self, Illustrator};
use super::stages::content::FailedAnswer;
use super::stages::design::{DesignChoice, ThemeOption};
use super::stages::intent::Intent;
use super::stages::{content, design, images, intent, meta};
use super::{GenerationError, Report, Run, RunStatus, Stage, StageRecord, store};
use crate::brief::{Brief, Feature};
use crate::causes::with_causes;
use crate::clock::SharedClock;
use crate::db::Db;
use crate::ids::RunId;
use crate::live::{Live, News};
use crate::llm::{Head, Llm, LlmAnswer, LlmError, LlmRequest, Prompt, Prompts};
use crate::queue;
use crate::site::Theme;
use crate::site::document::{Design, Document, DocumentPhoto, Meta, SectionKind, Words};
use crate::site::theme::{ranked, theme};
use crate::writer::{self, Plan};

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
    /// Answered, by whom ever.
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

    fn one_more(&self) {
        self.0.send_modify(|parts| parts.come += 1);
    }
}

/// One question of a run.
struct Question<'a> {
    run: RunId,
    stage: Stage,
    part: &'a str,
    kept: &'a Kept,
}

/// What the stages of a run have left, by stage and part.
struct Kept(BTreeMap<(String, String), StageRecord>);

/// What a part cost so far, over its first answer and its repair.
#[derive(Default)]
struct Spent {
    provider: String,
    model: String,
    prompt_tokens: i64,
    completion_tokens: i64,
    cost_nano_usd: i64,
    latency_ms: i64,
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

    /// Drafts a run's document with its models and tells the conversation of `key` how far it is.
    pub(super) async fn draft(
        &self,
        key: &str,
        run: &Run,
        growth: &Growth,
    ) -> Result<Draft, GenerationError> {
        let kept = &Kept::of(store::stages_of(&self.db, run.id).await?);
        let brief = &run.brief;
        // Joined to the end, whatever fails: what a model has answered is kept first.
        let (told, intent) =
            tokio::join!(self.announce(key, run, Stage::Intent), self.intent(run.id, brief, kept));
        told?;
        let intent = intent?;
        let plan = self.plan(brief, &intent);
        growth.plan(plan.sections.len() + 1);
        let sections = plan.sections.iter().map(|kind| async {
            let words = self.section(run.id, brief, &intent, *kind, kept).await?;
            growth.one_more();
            Ok::<_, GenerationError>((*kind, words))
        });
        let meta = async {
            let described = self.meta(run.id, brief, &intent, kept).await?;
            growth.one_more();
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

    /// Asks once, repairs once, keeps what came of it. `None` means: the built-in writer.
    async fn ask<T>(
        &self,
        question: &Question<'_>,
        request: LlmRequest,
        read: impl Fn(&Value) -> Result<T, Vec<String>>,
        repair: impl Fn(FailedAnswer<'_>) -> Option<LlmRequest>,
    ) -> Result<Option<T>, GenerationError> {
        let Some(llm) = &self.llm else { return Ok(None) };
        let request = LlmRequest { run: Some(question.run), ..request };
        let input_hash = hash_of(&request);
        if let Some(record) = question.kept.answered(question, &input_hash) {
            return Ok(record.output.get("answer").and_then(|answer| read(answer).ok()));
        }
        let mut spent = Spent::default();
        let mut usable = None;
        match llm.ask(&request).await {
            Ok(answer) => {
                spent.add(&answer);
                usable = match read(&answer.json) {
                    Ok(value) => Some((value, answer.json)),
                    Err(faults) => {
                        llm.forget(&request).await;
                        let failed = FailedAnswer { answer: &answer.json, faults: &faults };
                        let again =
                            repair(failed).map(|again| LlmRequest { run: request.run, ..again });
                        self.ask_again(llm.as_ref(), again, &read, &mut spent).await
                    }
                };
            }
            Err(error) => note_silence(question, &error),
        }
        let (value, output) = match usable {
            Some((value, answer)) => (Some(value), json!({ "answer": answer })),
            None => (None, json!({ "built_in": true })),
        };
        self.keep(question, &request, input_hash, spent, output).await?;
        Ok(value)
    }

    async fn ask_again<T>(
        &self,
        llm: &dyn Llm,
        request: Option<LlmRequest>,
        read: &impl Fn(&Value) -> Result<T, Vec<String>>,
        spent: &mut Spent,
    ) -> Option<(T, Value)> {
        let request = request?;
        let answer = llm.ask(&request).await.ok()?;
        spent.add(&answer);
        match read(&answer.json) {
            Ok(value) => Some((value, answer.json)),
            Err(_) => {
                llm.forget(&request).await;
                None
            }
        }
    }

    async fn keep(
        &self,
        question: &Question<'_>,
        request: &LlmRequest,
        input_hash: String,
        spent: Spent,
        output: Value,
    ) -> Result<(), GenerationError> {
        let record = StageRecord {
            stage: question.stage.slug().to_owned(),
            part: question.part.to_owned(),
            input_hash,
            prompt: request.prompt.clone(),
            provider: spent.provider,
            model: spent.model,
            prompt_tokens: spent.prompt_tokens,
            completion_tokens: spent.completion_tokens,
            cost_nano_usd: spent.cost_nano_usd,
            latency_ms: spent.latency_ms,
            output,
        };
        let mut tx = self.db.begin().await?;
        store::save_stage(&mut tx, question.run, &record, self.clock.now_ms()).await?;
        tx.commit().await?;
        self.live.bus.publish(News::Preview { run: question.run.to_string() }).await;
        Ok(())
    }
}

/// A run's document as far as its stages have come: kept answers, and built-in words for the rest.
pub(super) fn draft_so_far(run: &Run, records: Vec<StageRecord>) -> Document {
    let kept = Kept::of(records);
    let brief = &run.brief;
    let answer = |stage: Stage, part: &str| {
        kept.0.get(&(stage.slug().to_owned(), part.to_owned()))?.output.get("answer")
    };
    let intent = answer(Stage::Intent, "")
        .and_then(|answer| intent::parse(answer, brief).ok())
        .unwrap_or_else(|| intent::built_in(brief));
    let options = theme_options(brief, &intent);
    let choice = answer(Stage::Design, "")
        .and_then(|answer| design::parse(answer, &options, brief).ok())
        .unwrap_or_else(|| built_in_design(brief, &intent, &options));
    let plan = Plan { trade: intent.trade, sections: intent.sections.clone() };
    let words = intent.sections.iter().map(|kind| {
        let words = answer(Stage::Content, kind.slug())
            .and_then(|answer| content::parse(answer, *kind, brief).ok());
        (*kind, words)
    });
    let described =
        answer(Stage::Content, "meta").and_then(|answer| meta::parse(answer, brief).ok());
    let mut document = assemble(brief, &plan, choice, words.collect(), described);
    let painted = illustrate::PLACES.into_iter().filter_map(|place| {
        let part = (Stage::Images.slug().to_owned(), place.slug().to_owned());
        Some((place, illustrate::picture_of(kept.0.get(&part)?)?))
    });
    illustrate::hang(&mut document.business, painted.collect());
    document
}

/// The document in the built-in writer's words alone.
pub(super) fn built_in_document(brief: &Brief) -> Document {
    let intent = intent::built_in(brief);
    let options = theme_options(brief, &intent);
    let choice = built_in_design(brief, &intent, &options);
    assemble(brief, &writer::plan(brief), choice, BTreeMap::new(), None)
}

fn assemble(
    brief: &Brief,
    plan: &Plan,
    choice: DesignChoice,
    written: BTreeMap<SectionKind, Option<Words>>,
    described: Option<Meta>,
) -> Document {
    let words: BTreeMap<SectionKind, Words> = plan
        .sections
        .iter()
        .map(|kind| {
            let from_model = written.get(kind).cloned().flatten();
            (*kind, from_model.unwrap_or_else(|| writer::write(brief, plan, *kind, choice.seed)))
        })
        .collect();
    let described = described.unwrap_or_else(|| writer::meta(brief, plan, choice.seed));
    let (looks, seed) = (theme(&choice.theme), choice.seed);
    let pictured = brief.items.iter().any(|item| item.photo.is_some());
    let variant =
        |kind: SectionKind| looks.map_or("", |looks| looks.look(kind, seed, pictured)).to_owned();
    let design = Design { theme: choice.theme, colour: choice.colour, seed, ..Design::default() };
    let design = looks.map_or_else(|| design.clone(), |looks| looks.cut(seed).put_into(&design));
    let mut document = writer::assemble(brief, plan, &words, described, design, variant);
    // The first photo is the one of the first view.
    if let images::HeroImage::Photo(hero) = images::plan(brief).hero {
        document.business.photos.sort_by_key(|photo| photo.id != hero.0);
    }
    document
}

/// The themes that fit best, best first.
fn theme_options(brief: &Brief, intent: &Intent) -> Vec<ThemeOption> {
    let colour = design::wished_colour(brief);
    let features: std::collections::BTreeSet<Feature> =
        brief.features.as_ref().map(|answer| answer.value.clone()).unwrap_or_default();
    let seed = design::seed(brief);
    let fitting = ranked(intent.trade.slug(), Some(intent.tone), colour, &features, seed);
    let options = fitting.into_iter().take(design::MAX_THEMES);
    options.map(|fit| ThemeOption { id: fit.id.clone(), summary: summary_of(fit) }).collect()
}

/// A theme in a line, as a model may read it.
fn summary_of(theme: &Theme) -> String {
    let (tones, trades) = (theme.tones.join(", "), theme.trades.join(", "));
    format!("{} Tones: {tones}; trades: {trades}", theme.idea)
}

fn built_in_design(brief: &Brief, intent: &Intent, options: &[ThemeOption]) -> DesignChoice {
    design::built_in(brief, intent, options).unwrap_or_else(|| DesignChoice {
        theme: String::new(),
        colour: design::own_colour(brief, intent),
        seed: design::seed(brief),
    })
}

impl Kept {
    fn of(records: Vec<StageRecord>) -> Self {
        let by_part = |record: StageRecord| ((record.stage.clone(), record.part.clone()), record);
        Self(records.into_iter().map(by_part).collect())
    }

    fn answered(&self, question: &Question<'_>, input_hash: &str) -> Option<&StageRecord> {
        let part = (question.stage.slug().to_owned(), question.part.to_owned());
        self.0.get(&part).filter(|record| record.input_hash == input_hash)
    }
}

impl Spent {
    fn add(&mut self, answer: &LlmAnswer) {
        self.provider.clone_from(&answer.provider);
        self.model.clone_from(&answer.model);
        self.prompt_tokens += answer.prompt_tokens;
        self.completion_tokens += answer.completion_tokens;
        self.cost_nano_usd += answer.cost_nano_usd;
        self.latency_ms += answer.latency_ms;
    }
}

fn note_silence(question: &Question<'_>, error: &LlmError) {
    tracing::warn!(run.id = %question.run, stage = question.stage.slug(), part = question.part,
        error = with_causes(error), "no model answered; the built-in writer writes this part");
}

fn hash_of(request: &LlmRequest) -> String {
    let mut hash = Sha256::new();
    for part in [&request.prompt, &request.system, &request.user, &request.schema.to_string()] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(request.temperature.to_le_bytes());
    hash.update(request.max_tokens.to_le_bytes());
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod alike_tests;
