//! The channels' settings.

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use url::Url;

use super::Reader;

/// Telegram's settings.
#[derive(Debug)]
pub struct TelegramSettings {
    /// `TELEGRAM_BOT_TOKEN`.
    pub token: SecretString,
    /// `TELEGRAM_WEBHOOK_SECRET`; derived from the token when not set.
    pub webhook_secret: SecretString,
    /// `TELEGRAM_API_URL`.
    pub api_url: String,
    /// Whether updates are polled.
    pub polling: bool,
}

/// WhatsApp's settings.
#[derive(Debug)]
pub struct WhatsappSettings {
    /// `WHATSAPP_ACCESS_TOKEN`.
    pub access_token: SecretString,
    /// `WHATSAPP_PHONE_NUMBER_ID`.
    pub phone_number_id: String,
    /// `WHATSAPP_APP_SECRET`.
    pub app_secret: SecretString,
    /// `WHATSAPP_VERIFY_TOKEN`.
    pub verify_token: SecretString,
    /// `WHATSAPP_API_URL`.
    pub api_url: String,
    /// `WHATSAPP_TEMPLATE_NEWS`.
    pub template: Option<String>,
}

/// Discord's settings.
#[derive(Debug)]
pub struct DiscordSettings {
    /// `DISCORD_BOT_TOKEN`.
    pub token: SecretString,
    /// `DISCORD_API_URL`, with the path of its version.
    pub api_url: String,
}

impl Reader<'_> {
    pub(super) fn telegram(&mut self, public: &Url) -> Option<TelegramSettings> {
        let mode = self.one_of("TELEGRAM_MODE", &["auto", "polling", "webhook"]);
        let token = self.get("TELEGRAM_BOT_TOKEN")?;
        if !is_bot_token(&token) {
            self.fault(
                "TELEGRAM_BOT_TOKEN",
                "a token as @BotFather gives it: digits, a colon, letters",
            );
        }
        let secret = self.get("TELEGRAM_WEBHOOK_SECRET");
        let is_secret = |text: &str| {
            text.len() <= 256
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        if !secret.as_deref().is_none_or(is_secret) {
            self.fault("TELEGRAM_WEBHOOK_SECRET", "1 to 256 characters of A-Z, a-z, 0-9, _ and -");
        }
        let polling = match mode {
            "polling" => true,
            "webhook" => false,
            _ => public.scheme() != "https",
        };
        let secret = secret.unwrap_or_else(|| {
            hex::encode(Sha256::digest(format!("sitespark webhook {token}").as_bytes()))
        });
        Some(TelegramSettings {
            token: token.into(),
            webhook_secret: secret.into(),
            api_url: self
                .api_url("TELEGRAM_API_URL", sitespark_bot::channels::telegram::DEFAULT_API_URL),
            polling,
        })
    }

    pub(super) fn whatsapp(&mut self) -> Option<WhatsappSettings> {
        let names = [
            "WHATSAPP_ACCESS_TOKEN",
            "WHATSAPP_PHONE_NUMBER_ID",
            "WHATSAPP_APP_SECRET",
            "WHATSAPP_VERIFY_TOKEN",
        ];
        let values = names.map(|name| self.get(name));
        if values.iter().all(Option::is_none) {
            return None;
        }
        for (name, value) in names.iter().zip(&values) {
            if value.is_none() {
                self.fault(name, "set, because other WHATSAPP_ settings are");
            }
        }
        self.check_token("WHATSAPP_ACCESS_TOKEN");
        let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !values[1].as_deref().is_none_or(is_id) {
            self.fault("WHATSAPP_PHONE_NUMBER_ID", "digits: the id of the number, not the number");
        }
        let template = self.get("WHATSAPP_TEMPLATE_NEWS");
        if !template.as_deref().is_none_or(is_template) {
            self.fault("WHATSAPP_TEMPLATE_NEWS", "a template's name: a-z, 0-9 and _");
        }
        let [access, number, app, verify] = values.map(Option::unwrap_or_default);
        Some(WhatsappSettings {
            access_token: access.into(),
            phone_number_id: number,
            app_secret: app.into(),
            verify_token: verify.into(),
            api_url: self
                .api_url("WHATSAPP_API_URL", sitespark_bot::channels::whatsapp::DEFAULT_API_URL),
            template,
        })
    }

    pub(super) fn discord(&mut self) -> Option<DiscordSettings> {
        use sitespark_bot::channels::discord::{API_PATH, DEFAULT_API_URL};
        let token = self.get("DISCORD_BOT_TOKEN")?;
        self.check_token("DISCORD_BOT_TOKEN");
        let told = self.api_url("DISCORD_API_URL", DEFAULT_API_URL);
        let has_version = |url: &str| {
            url.rsplit_once("/api/v").is_some_and(|(_, rest)| rest.parse::<u32>().is_ok())
        };
        let api_url = match told.strip_suffix("/api") {
            _ if told.ends_with(API_PATH) => told,
            _ if has_version(&told) => {
                self.fault("DISCORD_API_URL", &format!("an address of {API_PATH}"));
                told
            }
            Some(origin) => format!("{origin}{API_PATH}"),
            None => format!("{told}{API_PATH}"),
        };
        Some(DiscordSettings { token: token.into(), api_url })
    }

    pub(super) fn discord_key(&mut self) -> Option<String> {
        let key = self.get("DISCORD_PUBLIC_KEY")?;
        if key.len() != 64 || hex::decode(&key).is_err() {
            self.fault("DISCORD_PUBLIC_KEY", "64 hexadecimal digits");
        }
        Some(key)
    }

    fn api_url(&mut self, name: &str, default: &str) -> String {
        let url = self.or(name, default);
        if !Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            self.fault(name, "an http(s) address");
        }
        url.trim_end_matches('/').to_owned()
    }
}

/// The bot's number and its secret.
fn is_bot_token(token: &str) -> bool {
    let is_secret = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    token.split_once(':').is_some_and(|(number, secret)| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !secret.is_empty()
            && secret.bytes().all(is_secret)
    })
}

fn is_template(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_of_name)
}
