//! Pictures of pages as a phone shows them: a port, and a headless Chromium behind it.
//!
//! A picture is a courtesy: nothing waits for it and nothing fails without it.

mod chromium;
#[cfg(any(test, feature = "fakes"))]
mod fake;
mod folder;
mod pages;

use async_trait::async_trait;
use image::RgbImage;

pub use chromium::{Chromium, find_chromium};
#[cfg(any(test, feature = "fakes"))]
pub use fake::{Exposure, ScriptedCamera};

use crate::sites::Version;

/// How wide the phone is, in pixels.
pub const PHONE_WIDE: u32 = 390;
/// How much of a page is seen from its top, in pixels.
pub const PAGE_TALL: u32 = 6_000;

/// Takes pictures of the home pages of versions.
#[async_trait]
pub trait PageCamera: Send + Sync {
    /// One picture a version, [`PHONE_WIDE`] wide and [`PAGE_TALL`] tall, in their order. It ends within
    /// a bound of its own and leaves no process behind, also when it is dropped half-way.
    ///
    /// # Errors
    /// When there is no picture; whoever asked goes on without one.
    async fn take(&self, versions: &[Version]) -> Result<Vec<RgbImage>, CameraFault>;
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum CameraFault {
    /// The browser takes another picture just now.
    #[error("another picture is being taken")]
    Busy,
    /// No picture in time; the browser was ended.
    #[error("no picture in time")]
    Late,
    /// The browser could not be started, or left no picture.
    #[error("the browser left no picture")]
    Nothing(#[source] std::io::Error),
    /// What it left is no picture.
    #[error("what the browser left is no picture")]
    Unreadable(#[source] image::ImageError),
}
