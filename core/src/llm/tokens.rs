//! A fair guess at tokens where a provider counts none.
//!
//! Errs on the high side: a budget must not be overdrawn by a guess. Never used where a count came back.

use super::LlmRequest;

/// Characters of a token, times ten. English prose has about 40 for today's vocabularies, Indonesian
/// about 33, JSON and schemas less; the lowest of them counts for all.
const CHARS_PER_TEN_TOKENS: usize = 30;
/// Pixels of a picture that count as a token; the dearest counting there is.
const PIXELS_PER_TOKEN: i64 = 400;
/// What a server adds around the messages of one request.
const FRAME_TOKENS: i64 = 12;

/// About how many tokens a text has.
pub fn estimate(text: &str) -> i64 {
    let tokens = (text.chars().count() * 10).div_ceil(CHARS_PER_TEN_TOKENS);
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// About how many tokens a request has: both texts and the schema.
pub fn estimate_prompt(request: &LlmRequest) -> i64 {
    let schema = request.schema.to_string();
    let texts = [&request.system, &request.user, &schema];
    let texts = texts.into_iter().map(|text| estimate(text)).sum::<i64>();
    let pixels = request.picture.as_ref().map_or(0, |picture| {
        i64::from(picture.width_px).saturating_mul(i64::from(picture.height_px))
    });
    texts.saturating_add(pixels / PIXELS_PER_TOKEN).saturating_add(FRAME_TOKENS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_not_below_the_usual_count() {
        // Nine words that today's vocabularies cut into nine to fourteen tokens.
        let guess =
            estimate("Pilih kuenya, tentukan jumlahnya, lalu pesan lewat WhatsApp sekarang.");
        assert!((14..=30).contains(&guess), "{guess}");
        assert_eq!(estimate(""), 0);
    }
}
