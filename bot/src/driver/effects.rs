//! Carrying out what a step wants.

use serde_json::json;
use sitespark_core::brief::StoredPhoto;
use sitespark_core::generation::{self, AgainOrder, GenerationError, Order, PictureWish};
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::queue::{self, Lane, NewRow};
use sitespark_core::site::{Edit, Subdomain, SubdomainError};
use sitespark_core::sites::{self, SitesError};
use sitespark_core::users;
use sitespark_core::wallet::{self, TransferKind, daily_available_at};

use super::{Driver, DriverError, Turn};
use crate::conversation::{Effect, Outcome};
use crate::inbox::chat_key;
use crate::message::Channel;

impl Driver {
    /// Does one thing; answers how it came out where the step wants to know.
    pub(super) async fn carry_out(
        &self,
        turn: &mut Turn<'_>,
        effect: Effect,
        number: usize,
    ) -> Result<Option<Outcome>, DriverError> {
        match effect {
            // Collected by the caller.
            Effect::Say(_) | Effect::RecallMovements | Effect::React(_) => Ok(None),
            Effect::SetLanguage(language) => {
                users::set_language(turn.tx, turn.who.user.id, language).await?;
                turn.who.user.language = language;
                Ok(None)
            }
            Effect::StartRun { brief, subdomain } => {
                self.start_run(turn, &brief, subdomain).await.map(Some)
            }
            Effect::WriteAgain(run) => self.write_again(turn, run).await.map(Some),
            Effect::CancelRun(run) => cancel_run(turn, run).await.map(Some),
            Effect::Undo(site) => undo(turn, site).await.map(Some),
            Effect::ApplyEdits { site, edits } => {
                self.check_owner(turn, site).await?;
                let picture = edits.iter().any(Edit::shows).then(|| self.picture_wish(turn));
                let edits = serde_json::to_value(edits).expect("plain data is always JSON");
                let picture = picture.flatten();
                let job =
                    json!({ "job": "edit", "site": site, "edits": edits, "picture": picture });
                push_job(turn, format!("{}:edit:{number}", turn.who.cause), job).await?;
                Ok(None)
            }
            Effect::Rename { site, subdomain } => {
                self.rename(turn, site, &subdomain).await.map(Some)
            }
            Effect::ClaimDaily => self.claim_daily(turn).await.map(Some),
            Effect::AcceptReferral { code } => {
                let bonus = self.rules.referral;
                let accepted =
                    users::accept_referral(turn.tx, &turn.who.user, &code, bonus, turn.who.now_ms)
                        .await?;
                Ok(Some(if accepted {
                    Outcome::ReferralAccepted { amount: bonus }
                } else {
                    Outcome::ReferralIgnored
                }))
            }
            Effect::FetchPhoto { file, caption, role } => {
                let file = serde_json::to_value(file).expect("plain data is always JSON");
                let role = role.slug();
                let job = json!({ "job": "photo", "file": file, "caption": caption, "role": role });
                push_job(turn, format!("{}:photo:{number}", turn.who.cause), job).await?;
                Ok(None)
            }
            Effect::ReadMenu { photo } => {
                let photo = StoredPhoto::from(&photo);
                let row = NewRow {
                    lane: Lane::Jobs,
                    // A model may take its time: nothing of the chat waits for it.
                    key: queue::apart(&chat_key(turn.who.channel, turn.who.chat)),
                    cause: format!("{}:menu:{number}", turn.who.cause),
                    payload: json!({ "job": "menu", "photo": photo }),
                    run_at_ms: turn.who.now_ms,
                };
                queue::push(turn.tx, &row, turn.who.now_ms).await?;
                Ok(None)
            }
            Effect::Do(deed) => self.carry_out_deed(turn, deed, number).await,
            Effect::Mute => {
                users::mark_muted(turn.tx, turn.who.channel.slug(), turn.who.external_id, true)
                    .await?;
                Ok(None)
            }
        }
    }

    /// A picture of what a turn changes, where one can be taken and is seen: a terminal shows none.
    pub(super) fn picture_wish(&self, turn: &Turn<'_>) -> Option<PictureWish> {
        let seen = match turn.who.channel {
            Channel::Telegram | Channel::Whatsapp | Channel::Discord | Channel::Web => true,
            Channel::Terminal => false,
        };
        (self.rules.pictures && seen).then(|| PictureWish {
            turn: turn.who.cause.to_owned(),
            conversation: turn.who.conversation,
            language: turn.who.user.language.tag().to_owned(),
            asked: false,
        })
    }

    async fn start_run(
        &self,
        turn: &mut Turn<'_>,
        brief: &sitespark_core::brief::Brief,
        asked: Option<String>,
    ) -> Result<Outcome, DriverError> {
        let name = brief.name.as_ref().map_or("", |name| name.value.as_str());
        let proposal = Subdomain::propose(name);
        let subdomain = match asked {
            None => {
                let workspace = turn.who.user.workspace;
                generation::free_subdomain(turn.tx, workspace, &proposal, turn.who.now_ms).await?
            }
            Some(asked) => match self.parse_name(&asked) {
                Ok(subdomain) => subdomain,
                Err(error) => return refuse(turn, asked, Some(error), &proposal).await,
            },
        };
        let order = Order {
            workspace: turn.who.user.workspace,
            tier: turn.who.user.tier,
            conversation: turn.who.conversation,
            brief,
            subdomain: &subdomain,
            price: self.rules.generate,
        };
        let (run, site) = match generation::start(turn.tx, &order, turn.who.now_ms).await {
            Ok(started) => started,
            Err(GenerationError::Forbidden(kind)) => return Ok(Outcome::Forbidden(kind)),
            Err(GenerationError::InsufficientTokens { available, price }) => {
                return Ok(Outcome::InsufficientTokens { available, price });
            }
            Err(GenerationError::UsedUp { per_day }) => {
                return Ok(Outcome::GenerationsUsedUp { per_day });
            }
            Err(GenerationError::SubdomainTaken) => {
                return refuse(turn, subdomain.as_str().to_owned(), None, &subdomain).await;
            }
            Err(other) => return Err(other.into()),
        };
        push_job(turn, format!("run:{run}"), json!({ "job": "generate", "run": run })).await?;
        Ok(Outcome::RunStarted {
            run,
            site,
            url: self.publisher.url(subdomain.as_str()),
            preview_url: format!("{}/preview/{run}", self.rules.public_url),
        })
    }

    async fn write_again(
        &self,
        turn: &mut Turn<'_>,
        earlier: RunId,
    ) -> Result<Outcome, DriverError> {
        let key = chat_key(turn.who.channel, turn.who.chat);
        let order = AgainOrder {
            workspace: turn.who.user.workspace,
            tier: turn.who.user.tier,
            price: self.rules.generate,
            key: &key,
        };
        match generation::write_again(turn.tx, earlier, &order, turn.who.now_ms).await {
            Ok(None) => Ok(Outcome::NothingToWrite),
            Ok(Some(again)) => Ok(Outcome::WritingAgain {
                run: again.run,
                site: again.site,
                url: self.publisher.url(&again.subdomain),
                preview_url: format!("{}/preview/{}", self.rules.public_url, again.run),
                brief: Box::new(again.brief),
            }),
            Err(GenerationError::InsufficientTokens { available, price }) => {
                Ok(Outcome::InsufficientTokens { available, price })
            }
            Err(GenerationError::UsedUp { per_day }) => Ok(Outcome::GenerationsUsedUp { per_day }),
            Err(other) => Err(other.into()),
        }
    }

    /// A name somebody may have: not the operator's own either.
    fn parse_name(&self, asked: &str) -> Result<Subdomain, SubdomainError> {
        let subdomain = Subdomain::parse(asked)?;
        if self.publisher.url(subdomain.as_str()) == self.rules.public_url {
            return Err(SubdomainError::Reserved);
        }
        Ok(subdomain)
    }

    async fn rename(
        &self,
        turn: &mut Turn<'_>,
        site: SiteId,
        asked: &str,
    ) -> Result<Outcome, DriverError> {
        self.check_owner(turn, site).await?;
        let subdomain = match self.parse_name(asked) {
            Ok(subdomain) => subdomain,
            Err(error) => {
                let proposal = Subdomain::propose(asked);
                return refuse(turn, asked.to_owned(), Some(error), &proposal).await;
            }
        };
        match sites::rename_site(turn.tx, site, &subdomain, turn.who.now_ms).await {
            Ok(()) => {}
            Err(SitesError::SubdomainTaken) => {
                return refuse(turn, subdomain.as_str().to_owned(), None, &subdomain).await;
            }
            Err(other) => return Err(other.into()),
        }
        // Pages name their own address: they are built anew for it.
        push_rebuild(turn, site, "rename").await?;
        Ok(Outcome::Renamed { url: self.publisher.url(subdomain.as_str()) })
    }

    async fn claim_daily(&self, turn: &mut Turn<'_>) -> Result<Outcome, DriverError> {
        let workspace = turn.who.user.workspace;
        let account = wallet::balance(turn.tx, workspace).await?;
        let last = wallet::last_of_kind(turn.tx, account.id, TransferKind::DailyLogin).await?;
        let next_at_ms = daily_available_at(last);
        if turn.who.now_ms < next_at_ms {
            return Ok(Outcome::DailyNotYet { next_at_ms });
        }
        let amount = self.rules.daily;
        // The claim before is part of the cause: two claims at once are one.
        let cause = format!("daily:{workspace}:{}", last.unwrap_or(0));
        let kind = TransferKind::DailyLogin;
        wallet::pay_in(turn.tx, workspace, kind, amount, &cause, None, turn.who.now_ms).await?;
        let balance = wallet::balance(turn.tx, workspace).await?.available();
        Ok(Outcome::DailyClaimed { amount, balance })
    }

    /// A site may only be touched by the workspace that owns it, whatever a state says.
    pub(super) async fn check_owner(
        &self,
        turn: &mut Turn<'_>,
        site: SiteId,
    ) -> Result<(), DriverError> {
        let found = sites::site_in(turn.tx, site).await?;
        if found.workspace == turn.who.user.workspace {
            Ok(())
        } else {
            Err(DriverError::Malformed("a site of somebody else".to_owned()))
        }
    }
}

async fn cancel_run(turn: &mut Turn<'_>, run: RunId) -> Result<Outcome, DriverError> {
    let released = generation::cancel(turn.tx, run, turn.who.now_ms).await?;
    Ok(released.map_or(Outcome::RunNotCancelled, |released| Outcome::RunCancelled { released }))
}

async fn undo(turn: &mut Turn<'_>, site: SiteId) -> Result<Outcome, DriverError> {
    let found = sites::site_in(turn.tx, site).await?;
    if found.workspace != turn.who.user.workspace {
        return Ok(Outcome::NothingToUndo);
    }
    match sites::undo(turn.tx, site, turn.who.now_ms).await {
        Ok(published) => {
            if published.built_elsewhere {
                push_rebuild(turn, site, "undo").await?;
            }
            Ok(Outcome::Undone { version: published.number })
        }
        Err(SitesError::NothingToUndo | SitesError::Closed) => Ok(Outcome::NothingToUndo),
        Err(other) => Err(other.into()),
    }
}

async fn refuse(
    turn: &mut Turn<'_>,
    asked: String,
    error: Option<SubdomainError>,
    like: &Subdomain,
) -> Result<Outcome, DriverError> {
    let suggestion = sites::free_subdomain(turn.tx, like, turn.who.now_ms).await?;
    Ok(Outcome::SubdomainRefused {
        asked,
        taken: error.is_none(),
        suggestion: suggestion.as_str().to_owned(),
    })
}

/// Builds a site's pages anew with what is on them, without a word.
pub(super) async fn push_rebuild(
    turn: &mut Turn<'_>,
    site: SiteId,
    why: &str,
) -> Result<(), DriverError> {
    let job = json!({ "job": "edit", "site": site, "edits": [], "silent": true });
    push_job(turn, format!("{}:{why}", turn.who.cause), job).await
}

pub(super) async fn push_job(
    turn: &mut Turn<'_>,
    cause: String,
    payload: serde_json::Value,
) -> Result<(), DriverError> {
    let row = NewRow {
        lane: Lane::Jobs,
        key: chat_key(turn.who.channel, turn.who.chat),
        cause,
        payload,
        run_at_ms: turn.who.now_ms,
    };
    queue::push(turn.tx, &row, turn.who.now_ms).await?;
    Ok(())
}
