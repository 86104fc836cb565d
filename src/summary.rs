//! What an operator reads at the start: what is on, what is off, and where to go.

use std::net::SocketAddr;

use secrecy::ExposeSecret;
use sitespark_core::llm::voice::VoiceConfig;

use crate::cli::Role;
use crate::config::Settings;
use crate::tell::say;

/// Prints the summary, a line each.
pub(crate) fn print(settings: &Settings, roles: &[Role], listen: SocketAddr) {
    say!("SiteSpark {} on {listen}", env!("CARGO_PKG_VERSION"));
    for (what, how) in lines(settings, roles) {
        say!("  {what:<10} {how}");
    }
    if roles.contains(&Role::Webhook) {
        say!("Open {} and say hello.", settings.public_url);
    }
    if settings.scheme == "https" && settings.sites_domain.starts_with("localhost") {
        say!("Note: PUBLIC_URL is public, but SITES_DOMAIN is still {}.", settings.sites_domain);
    }
}

/// The summary as pairs of part and state.
pub(crate) fn lines(settings: &Settings, roles: &[Role]) -> Vec<(&'static str, String)> {
    let database = settings.database_url.expose_secret();
    let database = match database.strip_prefix("sqlite:") {
        Some(path) => format!("SQLite, {}", path.strip_prefix("//").unwrap_or(path)),
        None => "PostgreSQL".to_owned(),
    };
    let names: Vec<String> = roles.iter().map(|role| format!("{role:?}").to_lowercase()).collect();
    let redis =
        if settings.redis_url.is_some() { "Redis" } else { "in this process (no REDIS_URL)" };
    let telegram = match &settings.telegram {
        None => "off (no TELEGRAM_BOT_TOKEN)".to_owned(),
        Some(telegram) if telegram.polling => "on, by polling".to_owned(),
        Some(_) => format!("on, {}/webhook/telegram", settings.public_url),
    };
    let whatsapp = match &settings.whatsapp {
        None => "off (no WHATSAPP_ACCESS_TOKEN)".to_owned(),
        Some(_) => format!("on, {}/webhook/whatsapp", settings.public_url),
    };
    let voice = match &settings.audio {
        None => "asked to type (no AUDIO_PROVIDER)".to_owned(),
        Some(audio) => format!("{} ({})", audio.name, audio.model),
    };
    let speech = match &settings.speech {
        None => "answers are written alone (no SPEECH_PROVIDER)".to_owned(),
        Some(VoiceConfig { server, voice }) => {
            format!("{} ({}, {voice}), after a voice note", server.name, server.model)
        }
    };
    let discord = match &settings.discord {
        None if settings.discord_key.is_some() => {
            format!(
                "off (no DISCORD_BOT_TOKEN); {}/webhook/discord answers pings",
                settings.public_url
            )
        }
        None => "off (no DISCORD_BOT_TOKEN)".to_owned(),
        Some(_) if settings.discord_key.is_none() => "on, by its gateway".to_owned(),
        Some(_) => format!("on, {}/webhook/discord and its gateway", settings.public_url),
    };
    let models = match settings.providers.as_slice() {
        [] => "built-in writer (no LLM_PROVIDERS)".to_owned(),
        providers => {
            let names: Vec<_> =
                providers.iter().map(|p| format!("{} ({})", p.name, p.model)).collect();
            format!("{}, then the built-in writer", names.join(", "))
        }
    };
    let pictures = match settings.painters.as_slice() {
        [] => "built-in art (no IMAGE_PROVIDER)".to_owned(),
        painters => {
            let names: Vec<_> =
                painters.iter().map(|p| format!("{} ({})", p.name, p.model)).collect();
            format!("{}, then the built-in art", names.join(", "))
        }
    };
    let comparisons = match &settings.chromium {
        None => "none before and after (no Chromium, or CHROMIUM_PATH=off)".to_owned(),
        Some(program) => format!("before and after, by {}", program.display()),
    };
    vec![
        ("roles", names.join(", ")),
        ("database", database),
        ("storage", settings.storage_url.clone()),
        ("news", redis.to_owned()),
        ("words", models),
        ("pictures", pictures),
        ("photos", comparisons),
        ("hearing", voice),
        ("reading", speech),
        ("web chat", settings.public_url.clone()),
        ("telegram", telegram),
        ("whatsapp", whatsapp),
        ("discord", discord),
        ("sites", format!("{}://NAME.{}", settings.scheme, settings.sites_domain)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_names_its_engine() {
        let cases = [
            ("sqlite:///var/lib/toko.db", "SQLite, /var/lib/toko.db"),
            ("sqlite:toko.db", "SQLite, toko.db"),
            ("postgres://u:p@h/d", "PostgreSQL"),
        ];
        for (url, told) in cases {
            let lookup = |name: &str| (name == "DATABASE_URL").then(|| url.to_owned());
            let settings = Settings::read(&lookup).unwrap();
            let line = lines(&settings, &[]).into_iter().find(|(what, _)| *what == "database");
            assert_eq!(line, Some(("database", told.to_owned())));
        }
    }
}
