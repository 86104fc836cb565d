//! Files that outlive a process: packed versions, photos, uploads. A folder by default, S3 or R2 by URL.
//!
//! Objects are written once and never changed. A write returns only when the file is on disk (or the
//! bucket has answered), so a database row may point at it.

use std::ops::Range;
use std::sync::Arc;

use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};

/// Bytes as the stores hand them out: cheap to clone.
pub type Bytes = bytes::Bytes;

/// What can go wrong with files.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The address is not one we can open.
    #[error("storage address: {0}")]
    Address(String),
    /// There is no such object.
    #[error("no object {0}")]
    NotFound(String),
    /// The store did not do it; trying again may help.
    #[error("storage failed")]
    Failed(#[source] object_store::Error),
}

/// A store of immutable objects. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

impl Objects {
    /// Opens `file:///folder` (made when missing) or `s3://bucket/prefix`; the latter reads the
    /// usual `AWS_*` variables through `env`.
    pub fn open(url: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, StorageError> {
        if let Some(folder) = url.strip_prefix("file://") {
            std::fs::create_dir_all(folder)
                .map_err(|error| StorageError::Address(format!("{folder}: {error}")))?;
            let local = LocalFileSystem::new_with_prefix(folder).map_err(StorageError::Failed)?;
            return Ok(Self { store: Arc::new(local.with_fsync(true)) });
        }
        if url.starts_with("s3://") {
            return open_s3(url, env);
        }
        Err(StorageError::Address(format!("{url} is neither file:// nor s3://")))
    }

    /// Writes an object unless it is there; objects never change, so there is nothing to compare.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), StorageError> {
        let path = Path::from(key);
        match self.store.head(&path).await {
            Ok(meta) if meta.size == bytes.len() as u64 => return Ok(()),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(StorageError::Failed(error)),
        }
        let put = self.store.put(&path, PutPayload::from_bytes(bytes)).await;
        put.map(drop).map_err(StorageError::Failed)
    }

    /// A whole object.
    pub async fn get(&self, key: &str) -> Result<Bytes, StorageError> {
        let found = self.store.get(&Path::from(key)).await.map_err(|error| fault(key, error))?;
        found.bytes().await.map_err(|error| fault(key, error))
    }

    /// A part of an object.
    pub async fn get_range(&self, key: &str, range: Range<u64>) -> Result<Bytes, StorageError> {
        let part = self.store.get_range(&Path::from(key), range).await;
        part.map_err(|error| fault(key, error))
    }

    /// Size of an object in bytes.
    pub async fn size(&self, key: &str) -> Result<u64, StorageError> {
        let meta = self.store.head(&Path::from(key)).await.map_err(|error| fault(key, error))?;
        Ok(meta.size)
    }

    /// Removes an object; a missing one is no failure.
    pub async fn delete(&self, key: &str) -> Result<(), StorageError> {
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::Failed(error)),
        }
    }

    /// Every key with its size in bytes.
    pub async fn list(&self) -> Result<Vec<(String, u64)>, StorageError> {
        self.list_below(None).await
    }

    /// The same for what lies in one folder, which has no slash at its end.
    pub async fn list_in(&self, folder: &str) -> Result<Vec<(String, u64)>, StorageError> {
        self.list_below(Some(&Path::from(folder))).await
    }

    async fn list_below(&self, folder: Option<&Path>) -> Result<Vec<(String, u64)>, StorageError> {
        let mut keys: Vec<(String, u64)> = self
            .store
            .list(folder)
            .map_ok(|meta| (meta.location.to_string(), meta.size))
            .try_collect()
            .await
            .map_err(StorageError::Failed)?;
        keys.sort();
        Ok(keys)
    }

    /// Answers when the store does, without writing.
    pub async fn look(&self) -> Result<(), StorageError> {
        match self.store.head(&Path::from("ping/none")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::Failed(error)),
        }
    }

    /// Answers when the store does: writes, reads and removes a small object.
    pub async fn ping(&self) -> Result<(), StorageError> {
        let key = format!("ping/{}", uuid::Uuid::now_v7());
        self.put(&key, Bytes::from_static(b"ping")).await?;
        self.get(&key).await?;
        self.delete(&key).await
    }
}

/// Where S3 is told to be, and by which setting. An empty setting counts as none.
pub fn s3_endpoint(env: &dyn Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let names = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
    names.into_iter().find_map(|name| Some((name, told(env, name)?)))
}

/// Whether S3 can be asked for under this address.
pub fn is_s3_endpoint(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.query().is_none()
    })
}

/// Bucket and prefix of an `s3://` address.
pub fn s3_bucket(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("s3://")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    (!bucket.is_empty() && bucket.bytes().all(is_of_name))
        .then(|| (bucket, prefix.trim_matches('/')))
}

fn told(env: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    env(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn open_s3(url: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<Objects, StorageError> {
    let (bucket, prefix) =
        s3_bucket(url).ok_or_else(|| StorageError::Address(format!("{url} names no bucket")))?;
    let told = |name: &str| told(env, name);
    let mut builder = AmazonS3Builder::new().with_bucket_name(bucket).with_region(
        told("AWS_REGION").or_else(|| told("AWS_DEFAULT_REGION")).unwrap_or_else(|| "auto".into()),
    );
    if let Some((name, endpoint)) = s3_endpoint(env) {
        // The client would not say so, but panic.
        if !is_s3_endpoint(&endpoint) {
            return Err(StorageError::Address(format!("{name} is not an http(s) address")));
        }
        builder = builder.with_allow_http(endpoint.starts_with("http://")).with_endpoint(endpoint);
    }
    if let (Some(key), Some(secret)) = (told("AWS_ACCESS_KEY_ID"), told("AWS_SECRET_ACCESS_KEY")) {
        builder = builder.with_access_key_id(key).with_secret_access_key(secret);
    }
    if let Some(token) = told("AWS_SESSION_TOKEN") {
        builder = builder.with_token(token);
    }
    let store = builder.build().map_err(StorageError::Failed)?;
    if prefix.is_empty() {
        return Ok(Objects { store: Arc::new(store) });
    }
    Ok(Objects { store: Arc::new(PrefixStore::new(store, prefix)) })
}

fn fault(key: &str, error: object_store::Error) -> StorageError {
    match error {
        object_store::Error::NotFound { .. } => StorageError::NotFound(key.to_owned()),
        other => StorageError::Failed(other),
    }
}
