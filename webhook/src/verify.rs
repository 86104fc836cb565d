//! Whether a delivery is from whom it says. Pure: raw bytes in, yes or no out, before anything is
//! parsed; secrets are compared in constant time. An empty secret proves nothing and is refused.

use ed25519_dalek::{Signature, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Longest challenge that is given back.
const MAX_CHALLENGE_BYTES: usize = 256;
/// How far Discord's clock and ours may be apart. What is played again changes nothing for the eight days
/// that causes are remembered, so this need only stay well below them, and a clock that is hours wrong
/// keeps nobody out.
const MAX_APART_MS: u64 = 24 * 60 * 60 * 1_000;

/// Whether the header `X-Telegram-Bot-Api-Secret-Token` carries the secret we gave Telegram.
pub fn telegram_secret_matches(header: Option<&[u8]>, secret: &str) -> bool {
    let shown = header.unwrap_or_default();
    !secret.is_empty() && bool::from(shown.ct_eq(secret.as_bytes()))
}

/// Whether the header `X-Hub-Signature-256` (`sha256=` and 64 hexadecimal digits) signs exactly
/// these bytes with the app's secret. There is no time in it: a delivery heard by others can be
/// played again, so the same cause again must change nothing.
pub fn whatsapp_signature_matches(
    header: Option<&[u8]>,
    raw_body: &[u8],
    app_secret: &str,
) -> bool {
    let Some(digits) = header.and_then(|header| header.strip_prefix(b"sha256=")) else {
        return false;
    };
    let mut shown = [0u8; 32];
    if app_secret.is_empty() || hex::decode_to_slice(digits, &mut shown).is_err() {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()) else {
        return false;
    };
    mac.update(raw_body);
    bool::from(mac.finalize().into_bytes().as_slice().ct_eq(&shown))
}

/// Whether Discord signed this time and these bytes: the headers `X-Signature-Timestamp` and
/// `X-Signature-Ed25519`, the latter 128 hexadecimal digits like the application's public key is 64.
pub fn discord_signature_matches(
    public_key_hex: &str,
    timestamp: &[u8],
    raw_body: &[u8],
    signature: &[u8],
) -> bool {
    let mut key = [0u8; 32];
    let mut shown = [0u8; 64];
    let is_hex = hex::decode_to_slice(public_key_hex, &mut key).is_ok()
        && hex::decode_to_slice(signature, &mut shown).is_ok();
    let Some(key) = is_hex.then(|| VerifyingKey::from_bytes(&key).ok()).flatten() else {
        return false;
    };
    let signed = [timestamp, raw_body].concat();
    key.verify_strict(&signed, &Signature::from_bytes(&shown)).is_ok()
}

/// Whether a timestamp of Discord (seconds, as text) is of this day: an older delivery was heard by
/// somebody and is played again.
pub fn discord_time_is_near(timestamp: &[u8], now_ms: i64) -> bool {
    let seconds = std::str::from_utf8(timestamp).ok().and_then(|text| text.parse::<i64>().ok());
    let apart_ms = seconds.map(|seconds| seconds.saturating_mul(1_000).abs_diff(now_ms));
    apart_ms.is_some_and(|apart_ms| apart_ms <= MAX_APART_MS)
}

/// What to answer to WhatsApp's `GET` that registers the webhook, from its raw query: the challenge
/// word for word if the mode is `subscribe` and the token is ours. This request carries no
/// signature.
pub fn whatsapp_challenge(query: &str, verify_token: &str) -> Option<String> {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| decode(key).as_deref() == Some(name.as_bytes())).map(|(_, v)| v)
    };
    let shown = decode(value("hub.verify_token")?)?;
    let is_ours = !verify_token.is_empty() && bool::from(shown.ct_eq(verify_token.as_bytes()));
    if !is_ours || decode(value("hub.mode")?)? != b"subscribe" {
        return None;
    }
    let challenge = String::from_utf8(decode(value("hub.challenge")?)?).ok()?;
    let is_plain =
        challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    ((1..=MAX_CHALLENGE_BYTES).contains(&challenge.len()) && is_plain).then_some(challenge)
}

/// A part of a query as bytes.
fn decode(part: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut decoded = [0];
                hex::decode_to_slice([rest.next()?, rest.next()?], &mut decoded).ok()?;
                decoded[0]
            }
            _ => byte,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HMAC-SHA256 of RFC 4231, test case 2.
    const KEY: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SIGNATURE: &str =
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    fn signed(header: &str, body: &[u8], secret: &str) -> bool {
        whatsapp_signature_matches(Some(header.as_bytes()), body, secret)
    }

    #[test]
    fn the_right_signature_is_taken() {
        assert!(signed(SIGNATURE, BODY, KEY));
        assert!(signed(&SIGNATURE.to_uppercase().replace("SHA256", "sha256"), BODY, KEY));
    }

    #[test]
    fn any_other_signature_is_refused() {
        assert!(!signed(SIGNATURE, b"what do ya want for nothing!", KEY));
        assert!(!signed(SIGNATURE, BODY, "Jeff"));
        assert!(!signed(SIGNATURE, BODY, ""));
        assert!(!whatsapp_signature_matches(None, BODY, KEY));
        for index in 0..SIGNATURE.len() {
            let mut bent = SIGNATURE.as_bytes().to_vec();
            bent[index] = if bent[index] == b'0' { b'1' } else { b'0' };
            assert!(!whatsapp_signature_matches(Some(&bent), BODY, KEY), "byte {index}");
        }
    }

    #[test]
    fn malformed_signatures_are_refused() {
        let digits = &SIGNATURE[7..];
        let odd = [
            String::new(),
            "sha256=".to_owned(),
            digits.to_owned(),
            format!("sha1={digits}"),
            format!("sha256={}", &digits[2..]),
            format!("sha256={digits}00"),
            format!("sha256= {digits}"),
            format!("sha256={}zz", &digits[2..]),
        ];
        for header in odd {
            assert!(!signed(&header, BODY, KEY), "{header}");
        }
        assert!(!whatsapp_signature_matches(Some(b"sha256=\xff\xfe"), BODY, KEY));
    }

    #[test]
    fn discords_signature_covers_time_and_body() {
        use ed25519_dalek::{Signer, SigningKey};
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = hex::encode(key.verifying_key().as_bytes());
        let signature = hex::encode(key.sign(b"1790000000{\"type\":1}").to_bytes());
        let matches = |public: &str, timestamp: &[u8], body: &[u8], signature: &str| {
            discord_signature_matches(public, timestamp, body, signature.as_bytes())
        };
        let body = b"{\"type\":1}";
        assert!(matches(&public, b"1790000000", body, &signature));
        assert!(!matches(&public, b"1790000001", body, &signature));
        assert!(!matches(&public, b"1790000000", b"{\"type\":2}", &signature));
        assert!(!matches(&"00".repeat(32), b"1790000000", body, &signature));
        for odd in ["", "zz", &signature[2..], &format!("{signature}00")] {
            assert!(!matches(&public, b"1790000000", body, odd), "{odd}");
        }
        assert!(!matches("", b"1790000000", body, &signature));
    }

    #[test]
    fn a_delivery_of_another_day_is_not_taken() {
        let now_ms = 1_790_000_000_000;
        for near in ["1790000000", "1790086400", "1789913600"] {
            assert!(discord_time_is_near(near.as_bytes(), now_ms), "{near}");
        }
        for odd in ["1790086401", "1789913599", "0", "-1", "", "x", "99999999999999999999"] {
            assert!(!discord_time_is_near(odd.as_bytes(), now_ms), "{odd}");
        }
    }

    #[test]
    fn telegrams_secret_must_be_the_very_same() {
        assert!(telegram_secret_matches(Some(b"rahasia-1"), "rahasia-1"));
        for shown in [&b"rahasia-2"[..], b"rahasia-", b"rahasia-11", b"RAHASIA-1", b"", b"\xff"] {
            assert!(!telegram_secret_matches(Some(shown), "rahasia-1"));
        }
        assert!(!telegram_secret_matches(None, "rahasia-1"));
        assert!(!telegram_secret_matches(Some(b""), ""));
        assert!(!telegram_secret_matches(None, ""));
    }

    #[test]
    fn the_challenge_comes_back_to_who_knows_the_token() {
        let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=kata%20kunci";
        assert_eq!(whatsapp_challenge(query, "kata kunci").as_deref(), Some("1158201444"));
        assert_eq!(
            whatsapp_challenge(&query.replace("%20", "+"), "kata kunci").as_deref(),
            Some("1158201444")
        );
        assert_eq!(whatsapp_challenge(query, "lain"), None);
        assert_eq!(whatsapp_challenge(&query.replace("subscribe", "x"), "kata kunci"), None);
        assert_eq!(whatsapp_challenge("", ""), None);
        assert_eq!(
            whatsapp_challenge("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", ""),
            None
        );
    }

    #[test]
    fn a_challenge_that_is_no_number_or_word_is_not_echoed() {
        let query = |challenge: &str| {
            format!("hub.mode=subscribe&hub.verify_token=a&hub.challenge={challenge}")
        };
        for odd in ["", "%3Cscript%3E", "a%zz", &"1".repeat(257)] {
            assert_eq!(whatsapp_challenge(&query(odd), "a"), None, "{odd}");
        }
    }
}
