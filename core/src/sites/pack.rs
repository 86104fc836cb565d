//! A version's files as one immutable, content-addressed object: every file in its plain and its
//! pre-compressed forms, one after the other, with a manifest of where each lies.
//!
//! One write makes a version durable, one pointer makes it live, and a host reads single files by range.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::kept::Kept;
use crate::site::{BuiltFile, POSTER};

/// Where the files of a version lie, and how they are served. Stored with the version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Shape of this manifest; 1 today.
    pub schema: u32,
    /// The name the pages were built for: they tell their own address.
    #[serde(default)]
    pub built_for: String,
    /// The site's `Content-Security-Policy`.
    pub csp: String,
    /// Path on the site (`/`, `/menu/`, `/og.png`) to file.
    pub files: BTreeMap<String, PackedFile>,
}

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedFile {
    /// With charset where it is text.
    pub media_type: String,
    /// First 32 hex digits of the plain bytes' SHA-256: the strong validator's stem.
    pub hash: String,
    /// The name carries a hash: browsers may keep it for a year.
    pub immutable: bool,
    /// The plain bytes: offset and length in the object.
    pub plain: (u64, u64),
    /// Brotli, where it is smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub br: Option<(u64, u64)>,
    /// Gzip, where it is smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gzip: Option<(u64, u64)>,
    /// Object the ranges point into; the version's own pack when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

/// How a file is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoded {
    /// As it is.
    Plain,
    /// `Content-Encoding: br`.
    Br,
    /// `Content-Encoding: gzip`.
    Gzip,
}

impl Manifest {
    /// Keys of all objects that the version with the pack of this digest needs: the pack, the files of its
    /// photos, and the masters those are made of.
    pub fn objects(&self, digest: &str) -> BTreeSet<String> {
        let files = self.files.values().filter_map(|file| file.object.as_deref());
        let photos = files.flat_map(|key| [Some(key.to_owned()), master_of(key)]).flatten();
        photos.chain([Pack::key(digest)]).collect()
    }
}

/// The picture that a rendition was made of: `photos/ID/master.jpg` of `photos/ID/960.webp`.
fn master_of(key: &str) -> Option<String> {
    let (folder, _) = key.rsplit_once('/').filter(|_| key.starts_with("photos/"))?;
    Some(format!("{folder}/master.jpg"))
}

impl PackedFile {
    /// Where the wanted form lies, if there is one.
    pub fn range(&self, form: Encoded) -> Option<(u64, u64)> {
        match form {
            Encoded::Plain => Some(self.plain),
            Encoded::Br => self.br,
            Encoded::Gzip => self.gzip,
        }
    }
}

/// Packed files, ready to store under their digest.
#[derive(Debug, Clone)]
pub struct Pack {
    /// SHA-256 of `bytes`, hex.
    pub digest: String,
    /// The object.
    pub bytes: Vec<u8>,
    /// Where each file lies in it.
    pub manifest: Manifest,
}

/// Smallest text worth compressing.
const COMPRESS_FROM_BYTES: usize = 512;
/// Brotli's quality: one below its best, which takes twice as long for two hundredths less, and
/// somebody is waiting.
const BROTLI_QUALITY: i32 = 10;
/// Brotli's window, log2.
const BROTLI_WINDOW: i32 = 22;

impl Pack {
    /// Packs files built for a name; `csp` is served with every page.
    pub fn build(files: &[BuiltFile], csp: String, built_for: &str) -> Self {
        let mut bytes = Vec::new();
        let built_for = built_for.to_owned();
        let mut manifest = Manifest { schema: 1, built_for, csp, files: BTreeMap::new() };
        let squeezed: Vec<Squeezed> = files.par_iter().map(Squeezed::of).collect();
        for (file, forms) in files.iter().zip(squeezed) {
            let packed = PackedFile {
                media_type: file.media_type.to_owned(),
                hash: hex::encode(&Sha256::digest(&file.bytes)[..16]),
                immutable: file.immutable,
                plain: append(&mut bytes, &file.bytes),
                br: forms.br.map(|form| append(&mut bytes, &form)),
                gzip: forms.gzip.map(|form| append(&mut bytes, &form)),
                object: None,
            };
            manifest.files.insert(served_path(&file.path), packed);
        }
        let digest = hex::encode(Sha256::digest(&bytes));
        Self { digest, bytes, manifest }
    }

    /// The digest in the key of a pack, if it is one.
    pub fn digest_of(key: &str) -> Option<&str> {
        key.strip_prefix("versions/")
            .and_then(|rest| rest.split_once('/'))
            .map(|(_, digest)| digest)
    }

    /// The object a pack is stored under.
    pub fn key(digest: &str) -> String {
        format!("versions/{}/{digest}", digest.get(..2).unwrap_or("00"))
    }
}

/// Room for forms of files that the next version has as well.
const SQUEEZED_BYTES: u64 = 4 * 1_024 * 1_024;

static SQUEEZED: LazyLock<Kept> = LazyLock::new(|| Kept::with_room(SQUEEZED_BYTES));

/// The smaller forms of a file, where they are smaller.
struct Squeezed {
    br: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
}

impl Squeezed {
    fn of(file: &BuiltFile) -> Self {
        let worth = file.bytes.len() >= COMPRESS_FROM_BYTES && is_text(file.media_type);
        // The poster is the largest of all and fetched by its owner alone: gzip will do.
        let often = worth && file.path != POSTER;
        let limit = file.bytes.len();
        let kept = |coding: &[u8], squeeze: fn(&[u8]) -> Vec<u8>| {
            SQUEEZED.made_of(&[coding, &file.bytes], || squeeze(&file.bytes))
        };
        Self {
            br: often.then(|| kept(b"br", brotli)).filter(|form| form.len() < limit),
            gzip: worth.then(|| kept(b"gzip", gzip)).filter(|form| form.len() < limit),
        }
    }
}

/// `/menu/index.html` is served as `/menu/`; everything else under its own name.
fn served_path(path: &str) -> String {
    path.strip_suffix("index.html").unwrap_or(path).to_owned()
}

fn append(bytes: &mut Vec<u8>, part: &[u8]) -> (u64, u64) {
    let at = bytes.len() as u64;
    bytes.extend_from_slice(part);
    (at, part.len() as u64)
}

fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || ["json", "xml", "svg", "javascript"].iter().any(|part| media_type.contains(part))
}

/// Brotli for what is compressed once and sent often.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)
        .expect("reading a slice and writing a vector cannot fail");
    out
}

/// Gzip at its best.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("writing a vector cannot fail");
    encoder.finish().expect("writing a vector cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> BuiltFile {
        BuiltFile {
            path: "/index.html".to_owned(),
            media_type: "text/html; charset=utf-8",
            bytes: text.as_bytes().to_vec(),
            immutable: false,
        }
    }

    #[test]
    fn every_form_lies_where_the_manifest_says() {
        let text = "<p>Kopi Senja</p>".repeat(200);
        let pack = Pack::build(&[page(&text)], String::new(), "kopi");
        let file = &pack.manifest.files["/"];
        let slice = |(at, len): (u64, u64)| &pack.bytes[at as usize..(at + len) as usize];
        assert_eq!(slice(file.plain), text.as_bytes());
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut slice(file.br.unwrap()), &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
        let mut unzipped = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(slice(file.gzip.unwrap())), &mut unzipped)
            .unwrap();
        assert_eq!(unzipped, text.as_bytes());
    }

    #[test]
    fn the_same_files_have_the_same_digest() {
        let once = Pack::build(&[page("a")], "x".to_owned(), "kopi");
        assert_eq!(once.digest, Pack::build(&[page("a")], "x".to_owned(), "kopi").digest);
        assert_ne!(once.digest, Pack::build(&[page("b")], "x".to_owned(), "kopi").digest);
    }
}
