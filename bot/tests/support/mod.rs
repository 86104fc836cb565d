//! A chat with the pure conversation: plays the driver with a small imagined world.

pub(crate) mod site;

use site::{Came, Site};
use sitespark_bot::conversation::{
    Effect, Event, Facts, Outcome, RunReport, SiteFacts, State, from_stored, step, to_stored,
};
use sitespark_bot::message::{Content, FileRef, Message, Reaction};
use sitespark_bot::texts::Texts;
use sitespark_core::brief::{Brief, Focus, Language, Photo, PhotoId, Rgb};
use sitespark_core::generation::Stage;
use sitespark_core::ids::{RunId, SiteId, Tokens};
use uuid::Uuid;

/// Noon of 1 November 2026 in Jakarta.
pub(crate) const NOW_MS: i64 = 1_793_509_200_000;

pub(crate) fn facts(language: Language) -> Facts {
    Facts {
        language,
        name: Some("Ani".to_owned()),
        available: Tokens(100),
        price_generate: Tokens(50),
        price_refine: None,
        reads_menus: false,
        daily: Tokens(10),
        referral: Tokens(25),
        referral_code: "ani7".to_owned(),
        referral_url: Some("https://t.me/bot?start=ref_ani7".to_owned()),
        history: Some(Vec::new()),
        sites: Vec::new(),
        gone: None,
        site_url_pattern: "http://{name}.toko.test".to_owned(),
        preview_url: None,
        utc_offset_min: 420,
    }
}

pub(crate) fn run_id() -> RunId {
    RunId(Uuid::from_u128(7))
}

pub(crate) fn site_id() -> SiteId {
    SiteId(Uuid::from_u128(9))
}

pub(crate) fn file() -> FileRef {
    FileRef { id: "f1".to_owned(), media_type: None, size_bytes: None }
}

pub(crate) fn photo(caption: Option<&str>) -> Photo {
    Photo {
        id: PhotoId("a".repeat(64)),
        width_px: 1200,
        height_px: 900,
        caption: caption.map(str::to_owned),
        colour: Rgb { r: 120, g: 80, b: 40 },
        focus: Focus::default(),
    }
}

/// The photo of a file: other files are other photos.
pub(crate) fn photo_of(file: &str, caption: Option<&str>) -> Photo {
    let id: String = file.bytes().map(|byte| format!("{byte:02x}")).collect();
    Photo { id: PhotoId(format!("{id:0<64}").chars().take(64).collect()), ..photo(caption) }
}

pub(crate) struct Chat {
    pub(crate) state: State,
    pub(crate) facts: Facts,
    pub(crate) texts: Texts,
    pub(crate) log: String,
    pub(crate) effects: Vec<Effect>,
    /// The emoji the person's messages got.
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) taken: Vec<String>,
    pub(crate) started: Option<Brief>,
    /// The live site, where changes are really made.
    pub(crate) site: Option<Site>,
    /// What is told after the turn.
    reports: Vec<Event>,
}

impl Chat {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            state: State::Welcome,
            facts: facts(language),
            texts: Texts::load(),
            log: String::new(),
            effects: Vec::new(),
            reactions: Vec::new(),
            taken: Vec::new(),
            started: None,
            site: None,
            reports: Vec::new(),
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.log.push_str(&format!("\n> {text}\n"));
        self.event(Event::Said(Content::Text { text: text.to_owned() }));
    }

    pub(crate) fn tap(&mut self, id: &str) {
        self.log.push_str(&format!("\n> [{id}]\n"));
        self.event(Event::Said(Content::Choice { id: id.to_owned() }));
    }

    /// Notes in the transcript what the person sends.
    pub(crate) fn heard(&mut self, content: &Content) {
        let shown = match content {
            Content::Text { text } => text.replace('\n', " ⏎ "),
            other => format!("[{other:?}]"),
        };
        self.log.push_str(&format!("\n> {shown}\n"));
    }

    /// One event through storage and the step, with the outcomes of its effects.
    pub(crate) fn event(&mut self, event: Event) {
        let stored = to_stored(&std::mem::take(&mut self.state));
        let state = from_stored(&stored).expect("what was stored loads");
        let (state, effects) = step(state, event, &self.facts, NOW_MS, &self.texts);
        self.state = state;
        self.effects.clone_from(&effects);
        for effect in effects {
            if let Some(outcome) = self.carry_out(effect) {
                self.event(Event::Came(outcome));
            }
        }
        for report in std::mem::take(&mut self.reports) {
            self.event(report);
        }
    }

    /// From here on the live site is a document that changes are made to.
    pub(crate) fn keep_site(&mut self) {
        let address = |url: &str| {
            let name = url.trim_start_matches("http://");
            name.split('.').next().unwrap_or_default().to_owned()
        };
        if let (Some(brief), Some(facts)) = (&self.started, self.facts.sites.first()) {
            self.site = Some(Site::of(brief, &address(&facts.url)));
            self.learn();
        }
    }

    /// The facts follow the site.
    fn learn(&mut self) {
        if let (Some(site), Some(facts)) = (&self.site, self.facts.sites.first_mut()) {
            *facts = site.facts(site_id());
        }
    }

    fn change_site(&mut self, effect: &Effect) -> Option<Came> {
        let came = self.site.as_mut()?.carry_out(effect)?;
        if let Effect::ApplyEdits { edits, .. } = effect {
            self.log.push_str(&format!("  (edits {edits:?})\n"));
        }
        if let Effect::Do(deed) = effect {
            self.log.push_str(&format!("  ({deed:?})\n"));
        }
        self.learn();
        Some(came)
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Outcome> {
        match self.change_site(&effect) {
            Some(Came::Now(outcome)) => return Some(outcome),
            Some(Came::Later(result)) => {
                self.reports.push(Event::Edit { site: site_id(), result });
                return None;
            }
            Some(Came::Silent) => return None,
            None => {}
        }
        match effect {
            Effect::Say(message) => {
                self.log.push_str(&shown(&message));
                None
            }
            // The facts of a test hold the movements already.
            Effect::RecallMovements => None,
            Effect::SetLanguage(language) => {
                self.facts.language = language;
                self.note(&format!("language {}", language.tag()))
            }
            Effect::StartRun { brief, subdomain } => {
                let business = brief.name.as_ref().map_or("toko", |name| &name.value);
                let name = subdomain.unwrap_or_else(|| business.to_lowercase().replace(' ', "-"));
                self.started = Some(*brief);
                Some(self.start(&name))
            }
            Effect::WriteAgain(_) => Some(Outcome::NothingToWrite),
            Effect::CancelRun(_) => Some(Outcome::RunCancelled { released: Tokens(50) }),
            Effect::Undo(_) => Some(Outcome::Undone { version: 1 }),
            Effect::ApplyEdits { edits, .. } => self.note(&format!("edits {edits:?}")),
            Effect::Rename { subdomain, .. } => {
                Some(Outcome::Renamed { url: format!("http://{subdomain}.toko.test") })
            }
            Effect::ClaimDaily => {
                Some(Outcome::DailyClaimed { amount: Tokens(10), balance: Tokens(110) })
            }
            Effect::AcceptReferral { .. } => Some(Outcome::ReferralAccepted { amount: Tokens(25) }),
            Effect::FetchPhoto { .. } => self.note("fetch photo"),
            Effect::ReadMenu { .. } => self.note("read menu"),
            Effect::React(reaction) => {
                self.reactions.push(reaction);
                None
            }
            Effect::Mute => self.note("mute"),
            Effect::Do(deed) => self.note(&format!("{deed:?}")),
        }
    }

    fn note(&mut self, text: &str) -> Option<Outcome> {
        self.log.push_str(&format!("  ({text})\n"));
        None
    }

    fn start(&mut self, name: &str) -> Outcome {
        let price = self.facts.price_generate;
        if self.taken.iter().any(|taken| taken == name) {
            let suggestion = format!("{name}-2");
            return Outcome::SubdomainRefused { asked: name.to_owned(), taken: true, suggestion };
        }
        if self.facts.available < price {
            return Outcome::InsufficientTokens { available: self.facts.available, price };
        }
        Outcome::RunStarted {
            run: run_id(),
            site: site_id(),
            url: format!("http://{name}.toko.test"),
            preview_url: "http://toko.test/preview/7".to_owned(),
        }
    }

    /// Our own open question.
    pub(crate) fn state_pending(&self) -> Option<sitespark_bot::conversation::Pending> {
        use State::*;
        match &self.state {
            Welcome => None,
            Collecting(state) => state.talk.pending.clone(),
            Confirming(state) => state.talk.pending.clone(),
            Generating(state) => state.talk.pending.clone(),
            Reviewing(state) => state.talk.pending.clone(),
            Refining(state) => state.talk.pending.clone(),
            Complete(state) => state.talk.pending.clone(),
        }
    }

    /// The run goes through all stages and is live.
    pub(crate) fn go_live(&mut self) {
        let State::Generating(making) = &self.state else { panic!("no run: {}", self.log) };
        let url = making.url.clone();
        let name = making.brief.name.as_ref().map(|name| name.value.clone()).unwrap_or_default();
        let items = making.brief.items.iter().map(|item| item.name.clone()).collect();
        let stages = [Stage::Intent, Stage::Design, Stage::Content, Stage::Images];
        for stage in stages.into_iter().chain([Stage::Assembly, Stage::Publish]) {
            self.event(Event::Run { run: run_id(), report: RunReport::Stage(stage) });
        }
        self.facts.available = Tokens(self.facts.available.0 - self.facts.price_generate.0);
        let site = SiteFacts {
            id: site_id(),
            name,
            url: url.clone(),
            live: true,
            items,
            prices: Vec::new(),
            phone: None,
        };
        self.facts.sites.insert(0, site);
        let report = RunReport::Live {
            url,
            picture_key: "og/7.png".to_owned(),
            picture_url: "https://toko.test/og.png".to_owned(),
            captured: Tokens(50),
        };
        self.event(Event::Run { run: run_id(), report });
    }
}

fn shown(message: &Message) -> String {
    let mut out = String::new();
    for line in message.body.to_plain().lines() {
        out.push_str(&format!("  | {line}\n"));
    }
    let choices: Vec<String> =
        message.choices.iter().map(|choice| format!("[{}]", choice.label)).collect();
    if !choices.is_empty() {
        out.push_str(&format!("  {}\n", choices.join(" ")));
    }
    for link in &message.links {
        out.push_str(&format!("  ({} → {})\n", link.label, link.url));
    }
    if let Some(progress) = &message.progress {
        out.push_str(&format!("  (bubble {}, done {})\n", progress.key, progress.done));
    }
    if let Some(picture) = &message.picture {
        out.push_str(&format!("  (picture {})\n", picture.key));
    }
    out
}
