//! The one port: connections taken, what is sent bounded in time, and a moment to end in.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::serve::Listener;
use futures::{StreamExt, stream};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::serve::Front;

/// How long open requests get after the stop; event streams reconnect elsewhere.
const DRAIN: Duration = Duration::from_secs(3);
/// How often a connection with several streams must show that somebody is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// How long whoever asks may take to say what they want. An answer may take as long as it likes.
#[derive(Debug, Clone, Copy)]
pub struct HttpBounds {
    /// From the connection, or the answer before, to the end of a request's header.
    pub header: Duration,
    /// From one piece of a request's body to the next.
    pub piece: Duration,
    /// For the whole body: a photo over a slow line.
    pub body: Duration,
}

impl Default for HttpBounds {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(30),
            piece: Duration::from_secs(30),
            body: Duration::from_secs(5 * 60),
        }
    }
}

/// Answers requests until `stop`; open ones get a moment more.
pub async fn run_http(listener: TcpListener, front: Front, stop: &CancellationToken) {
    run_http_within(listener, front, stop, HttpBounds::default()).await;
}

/// [`run_http`] with other bounds.
pub async fn run_http_within(
    mut listener: TcpListener,
    front: Front,
    stop: &CancellationToken,
    bounds: HttpBounds,
) {
    let open = GracefulShutdown::new();
    let front = Arc::new(front);
    // It rests by itself when there is no room for more connections.
    while let Some((stream, _)) = stop.run_until_cancelled(Listener::accept(&mut listener)).await {
        // The end of an answer need not wait until its beginning is confirmed.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection sends its ends late");
        }
        let connection = serve_connection(stream, Arc::clone(&front), &open, bounds);
        tokio::spawn(connection);
    }
    drop(listener);
    // Who is not done by then is let go of.
    let _drained = tokio::time::timeout(DRAIN, open.shutdown()).await;
}

fn serve_connection(
    stream: TcpStream,
    front: Arc<Front>,
    open: &GracefulShutdown,
    bounds: HttpBounds,
) -> impl Future<Output = ()> + Send + 'static {
    let asked = Arc::new(AtomicBool::new(false));
    let has_asked = Arc::clone(&asked);
    let service = tower::service_fn(move |request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        let front = Arc::clone(&front);
        async move { Ok::<_, Infallible>(answer(&front, request, bounds).await) }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(bounds.header);
    server.http2().timer(TokioTimer::new()).keep_alive_interval(SIGN_OF_LIFE);
    let service = TowerToHyperService::new(service);
    let connection =
        open.watch(server.serve_connection(TokioIo::new(stream), service).into_owned());
    async move {
        // The server looks at its clock only once it knows which HTTP is spoken.
        let silent = async {
            tokio::time::sleep(bounds.header).await;
            if asked.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            ended = connection => {
                if let Err(error) = ended {
                    tracing::debug!(error, "a connection broke off");
                }
            }
            () = silent => {}
        }
    }
}

async fn answer(front: &Front, request: Request<Incoming>, bounds: HttpBounds) -> Response<Body> {
    if request.body().is_end_stream() {
        return front.answer(request.map(|_| Body::empty())).await;
    }
    let late = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| within(Body::new(body), bounds, Arc::clone(&late)));
    let response = front.answer(request).await;
    if late.load(Ordering::Relaxed) {
        return StatusCode::REQUEST_TIMEOUT.into_response();
    }
    response
}

/// A body that breaks off when it takes too long, and notes that it did.
fn within(body: Body, bounds: HttpBounds, late: Arc<AtomicBool>) -> Body {
    let ends = Instant::now() + bounds.body;
    let pieces = stream::unfold(Some(body.into_data_stream()), move |pieces| {
        let late = Arc::clone(&late);
        async move {
            let mut pieces = pieces?;
            let until = ends.min(Instant::now() + bounds.piece);
            match tokio::time::timeout_at(until, pieces.next()).await {
                Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
                Ok(Some(Err(error))) => Some((Err(error), None)),
                Ok(None) => None,
                Err(elapsed) => {
                    late.store(true, Ordering::Relaxed);
                    Some((Err(axum::Error::new(elapsed)), None))
                }
            }
        }
    });
    Body::from_stream(pieces)
}
