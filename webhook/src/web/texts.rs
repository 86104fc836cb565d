//! What the page says, one data file per language. Nothing a person reads stands in the code.

use serde::{Deserialize, Serialize};
use sitespark_core::brief::Language;

use super::page::PageSettings;

const INDONESIAN: &str = include_str!("../../assets/texts/id.json");
const ENGLISH: &str = include_str!("../../assets/texts/en.json");

/// Both languages, with the operator's numbers filled in.
pub(crate) struct Catalogue {
    indonesian: Texts,
    english: Texts,
}

impl Catalogue {
    /// Reads the embedded files.
    pub(crate) fn load(page: &PageSettings) -> Self {
        let read = |source: &str| {
            serde_json::from_str(&fill(source, page)).expect("the embedded texts are tested")
        };
        Self { indonesian: read(INDONESIAN), english: read(ENGLISH) }
    }

    /// The texts of one language.
    pub(crate) fn of(&self, language: Language) -> &Texts {
        match language {
            Language::Id => &self.indonesian,
            Language::En => &self.english,
        }
    }
}

/// Puts the operator's numbers in place of their names.
fn fill(source: &str, page: &PageSettings) -> String {
    let prices = page.prices;
    let domain: String = page
        .sites_domain()
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':'))
        .collect();
    source
        .replace("{signup}", &prices.signup.to_string())
        .replace("{daily}", &prices.daily.to_string())
        .replace("{generate}", &prices.generate.to_string())
        .replace("{refine}", &prices.refine.map_or(0, |price| price.0).to_string())
        .replace("{referral}", &prices.referral.to_string())
        .replace("{domain}", &domain)
}

/// Everything the page says in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) skip: String,
    pub(crate) brand: String,
    pub(crate) language: LanguageTexts,
    pub(crate) nav: NavTexts,
    pub(crate) hero: HeroTexts,
    pub(crate) steps: StepsTexts,
    pub(crate) looks: LooksTexts,
    pub(crate) promises: PromisesTexts,
    pub(crate) prices: PricesTexts,
    pub(crate) questions: QuestionsTexts,
    pub(crate) closing: ClosingTexts,
    pub(crate) footer: FooterTexts,
    pub(crate) chat: ChatTexts,
    pub(crate) errors: ErrorTexts,
}

impl Texts {
    /// What the script says, for the page to hand over.
    pub(crate) fn chat_json(&self) -> String {
        serde_json::to_string(&self.chat).expect("a struct of strings is JSON")
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* $(,)? })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $(pub(crate) $field: $kind),* }
    )* };
}

texts! {
    LanguageTexts {
        other: String,
    }
    NavTexts {
        label: String, steps: String, looks: String, prices: String, questions: String,
    }
    HeroTexts {
        kicker: String, headline: String, emphasis: String, lead: String, button: String,
        resume: String, note: String, have_code: String, other_ways: String, telegram: String, whatsapp: String,
        example: String, example_said: Vec<String>, example_answer: String,
    }
    StepsTexts {
        title: String, lead: String, items: Vec<StepText>,
    }
    /// One step of three.
    StepText {
        title: String, text: String, said: String,
    }
    LooksTexts {
        title: String, lead: String, caption: String, bakery: LookText, coffee: LookText,
        laundry: LookText, workshop: LookText,
    }
    /// One drawn site.
    LookText {
        kind: String, address: String, title: String, text: String, button: String,
        items: Vec<ItemText>,
    }
    ItemText {
        name: String, price: String,
    }
    PromisesTexts {
        title: String, items: Vec<PromiseText>,
    }
    PromiseText {
        title: String, text: String,
    }
    PricesTexts {
        title: String, lead: String, receipt: String, unit: String, gained: String, spent: String,
        free: String, start: String, start_amount: String, daily: String, daily_amount: String,
        invite: String, invite_amount: String, generate: String, generate_amount: String,
        edit: String, refine: String, refine_amount: String, undo: String, note: String,
    }
    QuestionsTexts {
        title: String, items: Vec<QuestionText>,
    }
    QuestionText {
        question: String, answer: String,
    }
    ClosingTexts {
        title: String, text: String, button: String,
    }
    FooterTexts {
        run_by: String, cookie: String, version: String,
    }
    /// Refusals of the chat.
    ErrorTexts {
        bad_message: String, nothing_said: String, too_long: String, too_large: String,
        photo_too_large: String, not_a_picture: String, no_photo: String, cross_site: String,
        no_session: String, not_a_file: String, not_begun: String, too_many_codes: String, code_note: String, too_many: String, unavailable: String, too_many_readers: String,
    }
    /// What the chat's script and its frame say.
    ChatTexts {
        title: String, subtitle: String, close: String, log: String, greeting: String,
        hint: String, ideas: Vec<String>, placeholder: String, input: String, send: String,
        photo: String, location: String, bot: String, you: String, waiting: String,
        failed: String, failed_too_large: String, failed_type: String, remove: String,
        retry: String, offline: String, reconnecting: String, today: String, yesterday: String,
        newer: String, photo_alt: String, picture_alt: String, voice_alt: String, voice_gone: String, location_sent: String,
        location_denied: String, voice: String, voice_stop: String, voice_sent: String,
        voice_denied: String, voice_cancel: String, recording: String, choices: String, preview: String, preview_open: String,
        preview_back: String, preview_reload: String, preview_phone: String, preview_wide: String,
        preview_new_tab: String, preview_draft: String, preview_live: String, empty_title: String,
        empty_text: String, no_script: String, unread: String, preview_open_draft: String,
        back_online: String, uploading: String, failed_empty: String, failed_many: String,
        devices: String, devices_text: String, devices_shut: String, code_show_title: String,
        code_show_text: String, code_show: String, code_coming: String, code_failed: String,
        code_enter_title: String, code_label: String, code_enter: String, code_wrong: String,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::page::Prices;
    use super::*;
    use sitespark_core::ids::Tokens;

    fn settings() -> PageSettings {
        PageSettings {
            public_url: "http://localhost:8080".into(),
            sites_frame_source: "http://*.localhost:8080".into(),
            default_language: Language::Id,
            telegram_name: std::sync::Arc::default(),
            whatsapp_number: std::sync::Arc::default(),
            hears: true,
            operator: "Contoh".into(),
            version: "0.1.0".into(),
            prices: Prices {
                signup: Tokens(101),
                daily: Tokens(11),
                generate: Tokens(51),
                refine: Some(Tokens(12)),
                referral: Tokens(26),
            },
        }
    }

    #[test]
    fn both_languages_say_the_same_things_and_fill_every_number() {
        let page = settings();
        let catalogue = Catalogue::load(&page);
        let [id, en] = Language::ALL.map(|language| catalogue.of(language));
        assert_eq!(id.steps.items.len(), 3);
        assert_eq!(id.steps.items.len(), en.steps.items.len());
        assert_eq!(id.questions.items.len(), en.questions.items.len());
        assert_eq!(id.promises.items.len(), en.promises.items.len());
        assert_eq!(id.chat.ideas.len(), en.chat.ideas.len());
        for source in [INDONESIAN, ENGLISH] {
            let filled = fill(source, &page);
            for name in ["{signup}", "{daily}", "{generate}", "{refine}", "{referral}", "{domain}"]
            {
                assert!(source.contains(name), "{name} is never told");
                assert!(!filled.contains(name), "{name} stayed");
            }
        }
        assert!(id.prices.generate_amount.contains("51"));
    }

    #[test]
    fn no_text_is_empty() {
        for source in [INDONESIAN, ENGLISH] {
            let tree: serde_json::Value = serde_json::from_str(source).unwrap();
            assert_full(&tree, "");
        }
    }

    fn assert_full(value: &serde_json::Value, path: &str) {
        match value {
            serde_json::Value::String(text) => assert!(!text.trim().is_empty(), "{path} is empty"),
            serde_json::Value::Array(items) => {
                items.iter().for_each(|item| assert_full(item, path));
            }
            serde_json::Value::Object(fields) => {
                fields.iter().for_each(|(key, item)| assert_full(item, &format!("{path}.{key}")));
            }
            other => panic!("{path} is no text: {other}"),
        }
    }
}
