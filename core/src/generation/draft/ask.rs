//! Asking a model once, repairing once, and keeping what came of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::stages::content::FailedAnswer;
use super::super::{GenerationError, Stage, StageRecord, store};
use super::Drafter;
use crate::causes::with_causes;
use crate::ids::RunId;
use crate::live::News;
use crate::llm::{Llm, LlmAnswer, LlmError, LlmRequest};

/// One question of a run.
pub(super) struct Question<'a> {
    pub(super) run: RunId,
    pub(super) stage: Stage,
    pub(super) part: &'a str,
    pub(super) kept: &'a Kept,
}

/// What the stages of a run have left, by stage and part.
pub(super) struct Kept(pub(super) BTreeMap<(String, String), StageRecord>);

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
    /// Asks once, repairs once, keeps what came of it. `None` means: the built-in writer.
    pub(super) async fn ask<T>(
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
            Err(faults) => {
                tracing::info!(faults = faults.len(), "the second answer is of no use either");
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

impl Kept {
    pub(super) fn of(records: Vec<StageRecord>) -> Self {
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
