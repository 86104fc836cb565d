//! Objects in a folder and in an S3.

use sitespark_core::storage::{Bytes, Objects, StorageError};
use sitespark_core::testing::s3::S3Server;
use tempfile::TempDir;

use crate::support::soon;

/// What keeps a store alive while it is tested.
enum Keeper {
    Folder(TempDir),
    Server(S3Server),
}

async fn stores() -> Vec<(Objects, Keeper)> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().join("made/when/missing").display());
    let mut stores = vec![(Objects::open(&url, &|_| None).unwrap(), Keeper::Folder(folder))];
    // Whoever speaks TLS picks its provider once a process; another test may have done so already.
    let _picked = rustls::crypto::ring::default_provider().install_default();
    if let Some(server) = S3Server::start() {
        make_bucket(&server).await;
        let objects = Objects::open("s3://situs/a/prefix", &|name| server.env(name)).unwrap();
        stores.push((objects, Keeper::Server(server)));
    }
    stores
}

async fn make_bucket(server: &S3Server) {
    let made = reqwest::Client::new().put(format!("{}/situs", server.endpoint())).send();
    assert!(soon(made).await.unwrap().status().is_success());
}

const fn bytes(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_are_kept_read_listed_and_removed() {
    for (objects, keeper) in stores().await {
        soon(objects.ping()).await.unwrap();
        soon(objects.look()).await.unwrap();
        assert!(objects.list().await.unwrap().is_empty(), "a ping leaves nothing");
        objects.put("versions/ab/abc", bytes("kopi senja")).await.unwrap();
        objects.put("versions/ab/abc", bytes("kopi senja")).await.unwrap();
        objects.put("photos/x.webp", bytes("")).await.unwrap();
        assert_eq!(objects.get("versions/ab/abc").await.unwrap(), bytes("kopi senja"));
        assert_eq!(objects.get_range("versions/ab/abc", 5..10).await.unwrap(), bytes("senja"));
        assert_eq!(objects.size("versions/ab/abc").await.unwrap(), 10);
        let listed = [("photos/x.webp".to_owned(), 0), ("versions/ab/abc".to_owned(), 10)];
        assert_eq!(objects.list().await.unwrap(), listed);
        objects.delete("versions/ab/abc").await.unwrap();
        objects.delete("versions/ab/abc").await.unwrap();
        assert_eq!(objects.list().await.unwrap().len(), 1);
        match keeper {
            Keeper::Folder(folder) => assert!(folder.path().join("made/when/missing").is_dir()),
            Keeper::Server(server) => drop(server),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_object_is_told_from_a_failure() {
    for (objects, _keeper) in stores().await {
        let missing = [
            objects.get("no/such").await.map(drop),
            objects.get_range("no/such", 0..1).await.map(drop),
            objects.size("no/such").await.map(drop),
        ];
        for answer in missing {
            assert!(
                matches!(&answer, Err(StorageError::NotFound(key)) if key == "no/such"),
                "{answer:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_one_object_at_once_all_succeed() {
    for (objects, _keeper) in stores().await {
        let puts = (0..10).map(|_| objects.put("versions/cd/cde", bytes("sama")));
        for put in soon(futures::future::join_all(puts)).await {
            put.unwrap();
        }
        assert_eq!(objects.get("versions/cd/cde").await.unwrap(), bytes("sama"));
        assert_eq!(objects.list().await.unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_is_a_failure_not_a_missing_object() {
    let _picked = rustls::crypto::ring::default_provider().install_default();
    // Nobody listens on this port of the local machine.
    let env = |name: &str| match name {
        "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("testing".to_owned()),
        _ => None,
    };
    let objects = Objects::open("s3://situs", &env).unwrap();
    let answer = soon(objects.get("a")).await;
    assert!(matches!(answer, Err(StorageError::Failed(_))), "{answer:?}");
}

#[test]
fn a_wrong_endpoint_is_refused_and_an_empty_one_is_none() {
    let _picked = rustls::crypto::ring::default_provider().install_default();
    let open = |endpoint: &'static str| {
        let env = move |name: &str| (name == "AWS_ENDPOINT_URL").then(|| endpoint.to_owned());
        Objects::open("s3://situs", &env)
    };
    for wrong in ["foo", "http://", "ftp://x", "http://a b"] {
        assert!(matches!(open(wrong), Err(StorageError::Address(_))), "{wrong}");
    }
    assert!(open(" ").is_ok());
}

#[test]
fn other_addresses_are_refused() {
    for url in ["", "http://example.com", "/folder", "s3:/bucket", "s3://", "s3:///prefix"] {
        assert!(matches!(Objects::open(url, &|_| None), Err(StorageError::Address(_))), "{url}");
    }
}
