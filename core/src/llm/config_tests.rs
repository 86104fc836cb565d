use rstest::rstest;
use secrecy::ExposeSecret;

use super::*;

const KEY: &str = "sk-very-secret-1";

fn env(name: &str) -> Option<String> {
    match name {
        "A_KEY" => Some(format!(" {KEY}\n")),
        "BAD_KEY" => Some("two words".to_owned()),
        _ => None,
    }
}

fn faults(list: &str) -> Vec<String> {
    ProviderConfig::parse_list(list, &env).unwrap_err()
}

#[test]
fn a_list_reads_in_order_whatever_parts_it() {
    let list = "a=https://api.openai.com/v1/|gpt-4o-mini|A_KEY|fast,\n\
                b = http://127.0.0.1:11434/v1 | llama3 | | strong ; c=https://x.test/v1|m|A_KEY";
    let read = ProviderConfig::parse_list(list, &env).unwrap();
    let names: Vec<_> = read.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(read[0].base_url, "https://api.openai.com/v1");
    assert_eq!(read[0].api_key.expose_secret(), KEY);
    assert_eq!(read[0].tier, Some(Tier::Fast));
    assert_eq!(read[1].api_key.expose_secret(), "");
    assert_eq!(read[1].tier, Some(Tier::Strong));
    assert_eq!(read[2].tier, None);
}

#[rstest]
#[case::no_equals("nonsense", "not of the form")]
#[case::scheme("a=ftp://x.test|m|A_KEY", "http://")]
#[case::no_url("a=|m|A_KEY", "not a URL")]
#[case::password("a=https://me:pw@x.test/v1|m|A_KEY", "user or password")]
#[case::query("a=https://x.test/v1?k=v|m|A_KEY", "end with its path")]
#[case::model("a=https://x.test/v1||A_KEY", "model")]
#[case::key_absent("a=https://x.test/v1|m|NO_KEY", "NO_KEY is not set")]
#[case::key_odd("a=https://x.test/v1|m|BAD_KEY", "no key has")]
#[case::key_itself("a=https://x.test/v1|m|sk-live-1234", "not a key")]
#[case::tier("a=https://x.test/v1|m|A_KEY|huge", "tier")]
#[case::fields("a=https://x.test/v1|m|A_KEY|fast|x", "four fields")]
#[case::name("A b=https://x.test/v1|m|A_KEY", "the name must be")]
#[case::twice("a=https://x.test|m|A_KEY,a=https://y.test|m|A_KEY", "twice")]
fn a_faulty_entry_is_told(#[case] list: &str, #[case] part: &str) {
    let told = faults(list);
    assert!(told.iter().any(|fault| fault.contains(part)), "{told:?}");
    assert!(told.iter().all(|fault| !fault.contains("sk-live")), "{told:?}");
}

#[test]
fn every_fault_is_told_at_once() {
    assert_eq!(faults("a=ftp://x|m|NO_KEY|huge;b").len(), 4);
}

#[test]
fn a_key_alone_makes_a_provider() {
    let lookup = |name: &str| match name {
        "KIMI_API_KEY" => Some(KEY.to_owned()),
        "KIMI_BASE_URL" => Some("https://kimi.test/v1".to_owned()),
        _ => None,
    };
    let read = ProviderConfig::from_settings(&lookup).unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(
        (read[0].name.as_str(), read[0].base_url.as_str()),
        ("kimi", "https://kimi.test/v1")
    );
    assert!(ProviderConfig::from_settings(&|_| None).unwrap().is_empty());
}

#[test]
fn a_fault_of_a_key_alone_names_its_setting() {
    let lookup = |name: &str| match name {
        "OPENAI_API_KEY" => Some(KEY.to_owned()),
        "OPENAI_BASE_URL" => Some("ftp://x.test".to_owned()),
        _ => None,
    };
    let told = ProviderConfig::from_settings(&lookup).unwrap_err();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("OPENAI_API_KEY, OPENAI_BASE_URL: "), "{told:?}");
}

#[test]
fn a_config_shows_no_key() {
    let read = ProviderConfig::parse_list("a=https://x.test/v1|m|A_KEY", &env).unwrap();
    assert!(!format!("{read:?}").contains(KEY));
}

#[rstest]
#[case(
    "https://api.openai.com/v1",
    "gpt-6-luna",
    "max_completion_tokens",
    Temperature::Unsupported
)]
#[case(
    "https://api.openai.com/v1",
    "gpt-4o-mini",
    "max_completion_tokens",
    Temperature::Range(0.0, 2.0)
)]
#[case("https://api.moonshot.ai/v1", "kimi-k3", "max_completion_tokens", Temperature::Fixed(1.0))]
#[case("https://openrouter.ai/api/v1", "moonshotai/kimi-k3", "max_tokens", Temperature::Fixed(1.0))]
#[case("http://127.0.0.1:11434/v1", "llama3.3", "max_tokens", Temperature::Range(0.0, 2.0))]
#[case(
    "https://api.anthropic.com/v1",
    "claude-haiku-5-5",
    "max_tokens",
    Temperature::Range(0.0, 1.0)
)]
fn abilities_are_told_from_address_and_model(
    #[case] base: &str,
    #[case] model: &str,
    #[case] field: &str,
    #[case] temperature: Temperature,
) {
    let able = Capabilities::guess(base, model);
    assert_eq!((able.max_tokens_field.name(), able.temperature), (field, temperature));
}
