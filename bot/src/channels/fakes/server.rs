//! A small HTTP server on a free local port, and requests as the fakes look at them.

use std::future::Future;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Largest request a fake takes.
const MAX_REQUEST_BYTES: usize = 64 * 1024 * 1024;

/// A request as a fake saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What was called: a method of the Bot API, or `POST PATH` of the Graph API.
    pub method: String,
    /// Its parameters; of a form every value is a string.
    pub params: Value,
    /// Files that came with it.
    pub uploads: Vec<Upload>,
}

/// A file in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The form field.
    pub field: String,
    /// The name of the file.
    pub file_name: Option<String>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A request with its body read.
pub(super) struct Incoming {
    pub(super) verb: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) params: Value,
    pub(super) uploads: Vec<Upload>,
}

/// A server that ends with its owner.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers every request with `handle`.
    pub(super) async fn start<H, F>(handle: H) -> Self
    where
        H: Fn(Incoming) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a local port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let router = Router::new().fallback(move |request: Request<Body>| {
            let handle = handle.clone();
            async move {
                match read(request).await {
                    Some(incoming) => handle(incoming).await,
                    None => StatusCode::BAD_REQUEST.into_response(),
                }
            }
        });
        let task = tokio::spawn(async move {
            // It only ends with the test, which then no longer listens.
            let _ = axum::serve(listener, router).await;
        });
        Self { address, task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Nothing where the body broke off, as it does when its sender is killed: real servers act on whole
/// requests only.
async fn read(request: Request<Body>) -> Option<Incoming> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_REQUEST_BYTES).await.ok()?;
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let (params, uploads) = if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        read_form(Request::from_parts(head.clone(), Body::from(body))).await
    } else {
        (serde_json::from_slice(&body).unwrap_or(Value::Null), Vec::new())
    };
    Some(Incoming { verb: head.method, uri: head.uri, headers: head.headers, params, uploads })
}

async fn read_form(mut request: Request<Body>) -> (Value, Vec<Upload>) {
    axum::extract::DefaultBodyLimit::max(MAX_REQUEST_BYTES).apply(&mut request);
    let mut params = Map::new();
    let mut uploads = Vec::new();
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return (Value::Null, uploads);
    };
    while let Ok(Some(part)) = form.next_field().await {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let media_type = part.content_type().map(str::to_owned);
        let bytes = part.bytes().await.unwrap_or_default().to_vec();
        if file_name.is_some() {
            uploads.push(Upload { field, file_name, media_type, bytes });
        } else {
            params.insert(field, Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    (Value::Object(params), uploads)
}
