//! Settings: read once, checked whole, reported whole. Secrets never show in `Debug`.

mod addresses;
mod channels;
mod speech;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use sitespark_core::brief::Language;
use sitespark_core::camera::find_chromium;
use sitespark_core::ids::Tokens;
use sitespark_core::llm::voice::VoiceConfig;
use sitespark_core::llm::{ProviderConfig, SpendLimits};

use addresses::host_with_port;
pub use channels::{DiscordSettings, TelegramSettings, WhatsappSettings};

/// Where a setting is looked up: the environment, or a test's table.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Everything the program is told from outside.
#[derive(Debug)]
pub struct Settings {
    /// `LISTEN`.
    pub listen: SocketAddr,
    /// `DATABASE_URL`.
    pub database_url: SecretString,
    /// `REDIS_URL`.
    pub redis_url: Option<SecretString>,
    /// `STORAGE_URL`.
    pub storage_url: String,
    /// `PUBLIC_URL`, without a slash at the end.
    pub public_url: String,
    /// Its host, with port if it has one.
    pub public_host: String,
    /// `http` or `https`, as `PUBLIC_URL`.
    pub scheme: String,
    /// `SITES_DOMAIN`.
    pub sites_domain: String,
    /// Telegram, when its token is set.
    pub telegram: Option<TelegramSettings>,
    /// WhatsApp, when its settings are there.
    pub whatsapp: Option<WhatsappSettings>,
    /// Discord, when its token is set.
    pub discord: Option<DiscordSettings>,
    /// `DISCORD_PUBLIC_KEY`: for interactions over HTTP; without it they come over the gateway. Without a
    /// token only Discord's pings are answered.
    pub discord_key: Option<String>,
    /// Models, in order of preference.
    pub providers: Vec<ProviderConfig>,
    /// `LLM_BUDGET_RUN_USD`, `LLM_BUDGET_DAY_USD`.
    pub spend: SpendLimits,
    /// `MODERATION=auto`: briefs are shown to a provider that judges them.
    pub moderation: bool,
    /// `IMAGE_PROVIDER`.
    pub painters: Vec<ProviderConfig>,
    /// `CHROMIUM_PATH`: the browser that takes pictures of pages; `None` when it is off or there is none.
    pub chromium: Option<PathBuf>,
    /// `AUDIO_PROVIDER`: who hears voice notes.
    pub audio: Option<ProviderConfig>,
    /// `SPEECH_PROVIDER`: who reads answers aloud.
    pub speech: Option<VoiceConfig>,
    /// `DEFAULT_LANGUAGE`.
    pub language: Language,
    /// `TOKENS_*`.
    pub prices: Prices,
    /// `LOG`.
    pub log: String,
    /// `LOG_FORMAT=json`.
    pub log_json: bool,
    /// `QUEUE_LEASE_MS`.
    pub lease_ms: i64,
}

/// Prices of the wallet.
#[derive(Debug, Clone, Copy)]
pub struct Prices {
    /// `TOKENS_SIGNUP`.
    pub signup: Tokens,
    /// `TOKENS_DAILY`.
    pub daily: Tokens,
    /// `TOKENS_GENERATE`.
    pub generate: Tokens,
    /// `TOKENS_REFINE`.
    pub refine: Tokens,
    /// `TOKENS_REFERRAL`.
    pub referral: Tokens,
}

/// Every fault found in the settings, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct SettingsError(pub Vec<String>);

impl SettingsError {
    fn sentence(&self) -> String {
        match self.0.as_slice() {
            [one] => format!("1 setting is wrong: {one}"),
            many => format!("{} settings are wrong: {}", many.len(), many.join("; ")),
        }
    }
}

/// Most tokens a price or a gift may have.
const MOST_TOKENS: i64 = 1_000_000_000;
/// Shortest and longest lease of queue rows.
const LEASE_MS: std::ops::RangeInclusive<i64> = 200..=600_000;

/// Reads settings and gathers their faults.
struct Reader<'a> {
    lookup: Lookup<'a>,
    faults: Vec<String>,
}

impl Settings {
    /// Reads and checks every setting.
    pub fn read(lookup: Lookup<'_>) -> Result<Self, SettingsError> {
        let (settings, faults) = Self::read_with_faults(lookup);
        if faults.is_empty() { Ok(settings) } else { Err(SettingsError(faults)) }
    }

    /// The same for whoever goes on in spite of faults: in the place of what is wrong stands what would be
    /// without it.
    pub fn read_with_faults(lookup: Lookup<'_>) -> (Self, Vec<String>) {
        let mut reader = Reader { lookup, faults: Vec::new() };
        let data_dir = PathBuf::from(reader.or("DATA_DIR", "./data"));
        let data = std::path::absolute(&data_dir).unwrap_or(data_dir).display().to_string();
        let public = reader.public_url();
        let providers = ProviderConfig::from_settings(lookup).unwrap_or_else(|faults| {
            reader.faults.extend(faults);
            Vec::new()
        });
        let settings = Self {
            listen: reader.parse("LISTEN", "127.0.0.1:8080", "an address such as 127.0.0.1:8080"),
            database_url: reader.database_url(&data).into(),
            redis_url: reader.redis_url().map(SecretString::from),
            storage_url: reader.storage_url(&data),
            public_host: host_with_port(&public),
            scheme: public.scheme().to_owned(),
            public_url: public.as_str().trim_end_matches('/').to_owned(),
            sites_domain: reader.sites_domain(),
            telegram: reader.telegram(&public),
            whatsapp: reader.whatsapp(),
            discord: reader.discord(),
            discord_key: reader.discord_key(),
            providers,
            spend: SpendLimits {
                run_nano_usd: reader.usd("LLM_BUDGET_RUN_USD", "0.25"),
                day_nano_usd: reader.usd("LLM_BUDGET_DAY_USD", "10"),
            },
            moderation: reader.one_of("MODERATION", &["auto", "off"]) == "auto",
            painters: reader.painters(),
            chromium: reader.chromium(),
            audio: reader.audio(),
            speech: reader.speech(),
            language: reader.language(),
            prices: Prices {
                signup: reader.tokens("TOKENS_SIGNUP", 0, 100),
                daily: reader.tokens("TOKENS_DAILY", 1, 10),
                generate: reader.tokens("TOKENS_GENERATE", 1, 50),
                refine: reader.tokens("TOKENS_REFINE", 0, 10),
                referral: reader.tokens("TOKENS_REFERRAL", 0, 25),
            },
            log: reader.log(),
            log_json: reader.one_of("LOG_FORMAT", &["text", "json"]) == "json",
            lease_ms: reader.lease_ms(),
        };
        (settings, reader.faults)
    }

    /// The pattern of sites' origins for a frame policy, such as `http://*.localhost:8080`.
    pub fn sites_frame_source(&self) -> String {
        format!("{}://*.{}", self.scheme, self.sites_domain)
    }
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn or(&self, name: &str, default: &str) -> String {
        self.get(name).unwrap_or_else(|| default.to_owned())
    }

    fn fault(&mut self, name: &str, wanted: &str) {
        self.faults.push(format!("{name} must be {wanted}"));
    }

    fn parse<T: std::str::FromStr>(&mut self, name: &str, default: &str, wanted: &str) -> T {
        let parsed = self.or(name, default).parse();
        parsed.unwrap_or_else(|_| {
            self.fault(name, wanted);
            default.parse().unwrap_or_else(|_| unreachable!("defaults are well-formed"))
        })
    }

    fn one_of(&mut self, name: &str, known: &[&'static str]) -> &'static str {
        let value = self.or(name, known[0]);
        match known.iter().find(|word| **word == value) {
            Some(word) => word,
            None => {
                self.fault(name, &format!("one of {}", known.join(", ")));
                known[0]
            }
        }
    }

    fn tokens(&mut self, name: &str, least: i64, default: i64) -> Tokens {
        match self.get(name).map(|text| text.parse::<i64>()) {
            None => Tokens(default),
            Some(Ok(amount)) if (least..=MOST_TOKENS).contains(&amount) => Tokens(amount),
            Some(_) => {
                self.fault(name, &format!("a whole number from {least} to {MOST_TOKENS}"));
                Tokens(default)
            }
        }
    }

    /// Dollars as they are written, in billionths.
    fn usd(&mut self, name: &str, default: &str) -> i64 {
        nano_usd(&self.or(name, default)).unwrap_or_else(|| {
            self.fault(name, "US dollars such as 0.25, from 0 to 100000");
            0
        })
    }

    fn painters(&mut self) -> Vec<ProviderConfig> {
        let Some(list) = self.get("IMAGE_PROVIDER") else { return Vec::new() };
        ProviderConfig::parse_list_of("IMAGE_PROVIDER", &list, self.lookup).unwrap_or_else(
            |faults| {
                self.faults.extend(faults);
                Vec::new()
            },
        )
    }

    fn chromium(&mut self) -> Option<PathBuf> {
        match self.get("CHROMIUM_PATH").as_deref() {
            None | Some("auto") => find_chromium(),
            Some("off") => None,
            Some(path) if Path::new(path).is_file() => Some(PathBuf::from(path)),
            Some(_) => {
                self.fault("CHROMIUM_PATH", "auto, off or the path of a Chromium");
                None
            }
        }
    }

    fn language(&mut self) -> Language {
        let tag = self.one_of("DEFAULT_LANGUAGE", &["id", "en"]);
        Language::from_tag(tag).unwrap_or_default()
    }

    fn log(&mut self) -> String {
        let filter = self.or("LOG", "info");
        let names_levels = filter.split(',').all(names_level);
        if !names_levels || tracing_subscriber::EnvFilter::try_new(&filter).is_err() {
            self.fault(
                "LOG",
                "a filter that names levels, such as info or warn,sitespark_core=debug",
            );
            return "info".to_owned();
        }
        filter
    }

    fn lease_ms(&mut self) -> i64 {
        let lease: i64 = self.parse("QUEUE_LEASE_MS", "10000", "milliseconds");
        if !LEASE_MS.contains(&lease) {
            self.fault("QUEUE_LEASE_MS", "milliseconds from 200 to 600000");
        }
        lease
    }
}

/// Whether a part of a filter says how much is logged; what picks spans is left to the filter itself.
fn names_level(part: &str) -> bool {
    let level = part.rsplit('=').next().unwrap_or(part).trim();
    part.contains(['[', '{', ']', '}'])
        || level.parse::<tracing::level_filters::LevelFilter>().is_ok()
}

/// Most dollars a budget may have.
const MOST_USD: i64 = 100_000;

/// "0.25" as billionths; no float ever holds money.
fn nano_usd(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole <= MOST_USD)?;
    let part: i64 = format!("{part:0<9}").parse().ok()?;
    Some(whole * 1_000_000_000 + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let lookup = |name: &str| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::read(&lookup)
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.public_url, "http://localhost:8080");
        assert_eq!(settings.public_host, "localhost:8080");
        assert!(settings.telegram.is_none() && settings.whatsapp.is_none());
        assert!(settings.providers.is_empty());
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let wrong = read(&[
            ("LISTEN", "here"),
            ("PUBLIC_URL", "ftp://x"),
            ("TOKENS_DAILY", "-1"),
            ("DEFAULT_LANGUAGE", "fr"),
            ("WHATSAPP_ACCESS_TOKEN", "x"),
            ("STORAGE_URL", "gopher://x"),
            ("LLM_PROVIDERS", "nonsense"),
        ])
        .unwrap_err();
        let text = wrong.to_string();
        assert!(text.starts_with("9 settings are wrong: "), "{text}");
        for name in ["LISTEN", "PUBLIC_URL", "TOKENS_DAILY", "WHATSAPP_APP_SECRET", "STORAGE_URL"] {
            assert!(text.contains(name), "{name} in {text}");
        }
    }

    #[test]
    fn budgets_are_read_to_the_billionth() {
        for (text, nano) in [("0", 0), ("0.25", 250_000_000), ("10", 10_000_000_000)] {
            assert_eq!(nano_usd(text), Some(nano), "{text}");
        }
        assert_eq!(nano_usd("0.000000001"), Some(1));
        for text in ["", ".5", "-1", "1,5", "0.0000000001", "100001", "1e3", "Rp5"] {
            assert_eq!(nano_usd(text), None, "{text}");
        }
        let wrong = read(&[("LLM_BUDGET_DAY_USD", "much"), ("MODERATION", "maybe")]).unwrap_err();
        assert_eq!(wrong.0.len(), 2, "{wrong}");
    }

    #[test]
    fn secrets_do_not_show() {
        let settings = read(&[
            ("TELEGRAM_BOT_TOKEN", "123:topsecret"),
            ("DATABASE_URL", "postgres://u:topsecret@h/d"),
            ("OPENAI_API_KEY", "topsecret"),
        ])
        .unwrap();
        assert!(!format!("{settings:?}").contains("topsecret"));
    }

    #[test]
    fn discord_is_on_by_its_token_and_its_key_must_be_whole() {
        let key = "ab".repeat(32);
        let whole = read(&[("DISCORD_BOT_TOKEN", "x"), ("DISCORD_PUBLIC_KEY", &key)]).unwrap();
        assert!(whole.discord.is_some());
        assert_eq!(whole.discord_key, Some(key.clone()));
        let key_alone = read(&[("DISCORD_PUBLIC_KEY", &key)]).unwrap();
        assert!(key_alone.discord.is_none() && key_alone.discord_key.is_some());
        let off = read(&[("DISCORD_API_URL", "nowhere")]).unwrap();
        assert!(off.discord.is_none(), "nobody looks at what is not used");
        for wrong in [
            &[("DISCORD_BOT_TOKEN", "x"), ("DISCORD_PUBLIC_KEY", "abc")],
            &[("DISCORD_BOT_TOKEN", "x"), ("DISCORD_API_URL", "discord.com")],
            &[("DISCORD_BOT_TOKEN", "x"), ("DISCORD_API_URL", "https://discord.com/api/v9")],
        ] {
            assert!(read(wrong).unwrap_err().to_string().starts_with("1 setting is wrong"));
        }
    }

    #[test]
    fn discords_address_gets_the_path_it_lacks() {
        for url in
            ["https://discord.com", "https://discord.com/api/", "https://discord.com/api/v10/"]
        {
            let told = read(&[("DISCORD_BOT_TOKEN", "x"), ("DISCORD_API_URL", url)]).unwrap();
            assert_eq!(told.discord.unwrap().api_url, "https://discord.com/api/v10", "{url}");
        }
        let beside =
            [("DISCORD_BOT_TOKEN", "x"), ("DISCORD_API_URL", "http://10.0.0.1:81/discord")];
        let beside = read(&beside).unwrap().discord.unwrap().api_url;
        assert_eq!(beside, "http://10.0.0.1:81/discord/api/v10");
    }

    #[test]
    fn beside_what_is_wrong_all_the_rest_is_read() {
        let lookup = |name: &str| match name {
            "LISTEN" => Some("here".to_owned()),
            "SITES_DOMAIN" => Some("situs.id".to_owned()),
            _ => None,
        };
        let (settings, faults) = Settings::read_with_faults(&lookup);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!((settings.sites_domain.as_str(), settings.listen.port()), ("situs.id", 8080));
    }

    #[test]
    fn what_no_channel_gives_is_a_fault() {
        let whatsapp = [
            ("WHATSAPP_ACCESS_TOKEN", "EAAx"),
            ("WHATSAPP_PHONE_NUMBER_ID", "112233"),
            ("WHATSAPP_APP_SECRET", "x"),
            ("WHATSAPP_VERIFY_TOKEN", "two words"),
            ("WHATSAPP_TEMPLATE_NEWS", "kabar_website_2"),
        ];
        assert!(read(&whatsapp).is_ok());
        let wrong = [
            ("WHATSAPP_ACCESS_TOKEN", "EAA x"),
            ("WHATSAPP_PHONE_NUMBER_ID", "+62812"),
            ("WHATSAPP_TEMPLATE_NEWS", "Kabar Website"),
            ("DISCORD_BOT_TOKEN", "a b"),
            ("TELEGRAM_BOT_TOKEN", "1:"),
            ("TELEGRAM_BOT_TOKEN", ":abc"),
            ("TELEGRAM_BOT_TOKEN", "12a:abc"),
            ("TELEGRAM_BOT_TOKEN", "12:ab c"),
        ];
        for (name, value) in wrong {
            let others = whatsapp.into_iter().filter(|(known, _)| *known != name);
            let pairs: Vec<_> = others.chain([(name, value)]).collect();
            let told = read(&pairs).expect_err(value).to_string();
            assert!(told.starts_with(&format!("1 setting is wrong: {name} ")), "{told}");
        }
    }

    #[test]
    fn a_filter_of_the_log_names_its_levels() {
        for right in ["info", "WARN", "off", "warn,sitespark_core=debug", "sitespark[turn]=trace"] {
            assert!(read(&[("LOG", right)]).is_ok(), "{right}");
        }
        for wrong in ["loud", "verbose", "info,sitespark_core", "sitespark=loud", "info,,x"] {
            assert!(read(&[("LOG", wrong)]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn telegram_polls_unless_the_public_address_is_https() {
        let token = ("TELEGRAM_BOT_TOKEN", "1:a");
        let polling = |pairs: &[(&str, &str)]| read(pairs).unwrap().telegram.unwrap().polling;
        assert!(polling(&[token]));
        assert!(!polling(&[token, ("PUBLIC_URL", "https://situs.id")]));
        assert!(polling(&[
            token,
            ("PUBLIC_URL", "https://situs.id"),
            ("TELEGRAM_MODE", "polling")
        ]));
    }
}
