//! Requests to the house's one port.

use reqwest::header::{HOST, HeaderMap};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Running;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Running {
    /// A request to whom `host` names.
    pub(crate) fn request(
        &self,
        method: Method,
        host: &str,
        path: &str,
    ) -> reqwest::RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address)).header(HOST, host)
    }

    pub(crate) async fn get(&self, host: &str, path: &str) -> Reply {
        read(self.request(Method::GET, host, path)).await
    }

    /// A page that must be there, as text.
    pub(crate) async fn page(&self, host: &str, path: &str) -> String {
        let reply = self.get(host, path).await;
        assert_eq!(reply.status, StatusCode::OK, "{host}{path}: {}", reply.text());
        reply.text()
    }

    /// The bytes of a request as they are, and everything that comes back.
    pub(crate) async fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.expect("the house listens");
        stream.write_all(request.as_bytes()).await.expect("it can be written");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("it answers and closes");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Sends and reads to the end.
pub(crate) async fn read(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.expect("the house answers");
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.expect("the answer can be read").to_vec();
    Reply { status, headers, body }
}
