//! What the numbers of the Cloud API's errors mean for us. The HTTP status says little: throttling
//! often comes as 400.

use crate::channels::SendError;

/// Pause after the limit of one chat, where a message is due every six seconds.
const CHAT_PAUSE_MS: u64 = 12_000;
/// Pause after the limit of the whole number.
const NUMBER_PAUSE_MS: u64 = 5_000;
/// Pause after the hourly limits and while the number is being upgraded.
const LONG_PAUSE_MS: u64 = 300_000;

/// Media that WhatsApp could not fetch or take.
pub(super) const MEDIA_CODES: [i64; 2] = [131_052, 131_053];

/// The error of a request or of a failed status, by what the sender can do.
pub fn send_error_of(code: i64, detail: &str) -> SendError {
    let told = || format!("{code} {detail}").trim_end().to_owned();
    match code {
        131_056 => SendError::RetryAfter { ms: CHAT_PAUSE_MS },
        130_429 => SendError::RetryAfter { ms: NUMBER_PAUSE_MS },
        4 | 80_007 | 131_057 | 133_016 => SendError::RetryAfter { ms: LONG_PAUSE_MS },
        1 | 2 | 131_000 | 131_016 | 135_000 => SendError::Transient(told()),
        131_047 => SendError::WindowClosed,
        130_497 | 131_026 => SendError::Gone(told()),
        0
        | 3
        | 10
        | 190
        | 200..=299
        | 368
        | 131_005
        | 131_031
        | 131_037
        | 131_042
        | 131_045
        | 131_048
        | 131_064
        | 132_000..=132_999 => SendError::Misconfigured(told()),
        _ => SendError::Rejected(told()),
    }
}

/// The same for an answer that carries no number we could read.
pub(super) fn send_error_of_status(status: u16, detail: &str) -> SendError {
    match status {
        401 | 403 => SendError::Misconfigured(format!("status {status}")),
        429 => SendError::RetryAfter { ms: NUMBER_PAUSE_MS },
        400..=499 => SendError::Rejected(format!("status {status} {detail}")),
        _ => SendError::Transient(format!("status {status}")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(131_056, SendError::RetryAfter { ms: CHAT_PAUSE_MS })]
    #[case(130_429, SendError::RetryAfter { ms: NUMBER_PAUSE_MS })]
    #[case(80_007, SendError::RetryAfter { ms: LONG_PAUSE_MS })]
    #[case(131_047, SendError::WindowClosed)]
    #[case(131_026, SendError::Gone("131026 x".into()))]
    #[case(190, SendError::Misconfigured("190 x".into()))]
    #[case(294, SendError::Misconfigured("294 x".into()))]
    #[case(131_042, SendError::Misconfigured("131042 x".into()))]
    #[case(132_015, SendError::Misconfigured("132015 x".into()))]
    #[case(131_000, SendError::Transient("131000 x".into()))]
    #[case(131_009, SendError::Rejected("131009 x".into()))]
    #[case(131_062, SendError::Rejected("131062 x".into()))]
    #[case(999_999, SendError::Rejected("999999 x".into()))]
    fn codes_mean_what_can_be_done(#[case] code: i64, #[case] error: SendError) {
        assert_eq!(send_error_of(code, "x"), error);
    }
}
