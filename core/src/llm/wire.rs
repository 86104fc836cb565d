//! One HTTP exchange with a provider: sent once, read within a bound, never tried again here.
//!
//! A body is parsed before the client library sees it, so that no foreign text reaches its log.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Largest body of an answer that is read.
pub(super) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// An exchange that brought no answer to parse.
#[derive(Debug)]
pub(super) enum WireFault {
    /// A status other than 2xx.
    Status { status: u16, retry_after_ms: Option<u64>, body: Vec<u8> },
    /// A 2xx whose body is not JSON.
    NotJson { chars: usize },
    /// A body beyond [`MAX_BODY_BYTES`].
    TooLarge,
}

impl fmt::Display for WireFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status, .. } => write!(f, "status {status}"),
            Self::NotJson { chars } => write!(f, "{chars} bytes that are not JSON"),
            Self::TooLarge => write!(f, "more than {MAX_BODY_BYTES} bytes"),
        }
    }
}

impl std::error::Error for WireFault {}

impl From<WireFault> for OpenAIError {
    fn from(fault: WireFault) -> Self {
        Self::Boxed(Box::new(fault))
    }
}

/// The client library's way out, without the retries it has by itself.
#[derive(Debug, Clone)]
pub(super) struct OneExchange(pub(super) reqwest::Client);

impl tower::Service<HttpRequestFactory> for OneExchange {
    type Response = reqwest::Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, factory: HttpRequestFactory) -> Self::Future {
        let client = self.0.clone();
        Box::pin(async move {
            let request = factory.build().await?;
            let response = client.execute(request).await.map_err(OpenAIError::Reqwest)?;
            let status = response.status();
            let retry_after_ms = retry_after_ms(response.headers());
            let body = read_bounded(response).await?;
            if !status.is_success() {
                let status = status.as_u16();
                return Err(WireFault::Status { status, retry_after_ms, body }.into());
            }
            match serde_json::from_slice::<Value>(&body) {
                Ok(json) if json.is_object() => Ok(http::Response::new(body).into()),
                Ok(_) | Err(_) => Err(WireFault::NotJson { chars: body.len() }.into()),
            }
        })
    }
}

async fn read_bounded(mut response: reqwest::Response) -> Result<Vec<u8>, OpenAIError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(OpenAIError::Reqwest)? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(WireFault::TooLarge.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `retry-after-ms`, or `retry-after` in seconds. The date form is not read: it wants a clock that
/// agrees with the provider's.
fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let ms = number("retry-after-ms").or_else(|| number("retry-after").map(|s| s * 1000.0))?;
    // A cast from a float saturates, so a silly number becomes a long wait and is then bounded.
    (ms.is_finite() && ms >= 0.0).then(|| ms.ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&[("retry-after", "2")], Some(2_000))]
    #[case(&[("retry-after", "0.25")], Some(250))]
    #[case(&[("retry-after", "9"), ("retry-after-ms", "120")], Some(120))]
    #[case(&[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")], None)]
    #[case(&[("retry-after", "-3")], None)]
    #[case(&[], None)]
    fn the_wish_to_wait_is_read(
        #[case] pairs: &[(&'static str, &'static str)],
        #[case] ms: Option<u64>,
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        assert_eq!(retry_after_ms(&headers), ms);
    }
}
