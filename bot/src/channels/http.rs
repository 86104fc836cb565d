//! Reading answers within bounds, and errors that never show a secret address.

use reqwest::Response;

/// Longest answer of an API call that is read.
pub(crate) const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Why a body was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// Longer than allowed.
    TooLarge,
    /// The connection broke.
    Broken(String),
}

/// The body, if it has at most `max_bytes`.
pub(crate) async fn read_bounded(
    mut response: Response,
    max_bytes: usize,
) -> Result<Vec<u8>, ReadError> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).is_ok_and(|length| length > max_bytes) {
        return Err(ReadError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) =
        response.chunk().await.map_err(|error| ReadError::Broken(describe(error)))?
    {
        if body.len() + chunk.len() > max_bytes {
            return Err(ReadError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong, without the address: it may carry a token.
pub(crate) fn describe(error: reqwest::Error) -> String {
    error.without_url().to_string()
}
