//! A camera for tests: pictures in the colours of the versions, without a browser.

use std::sync::Mutex;

use async_trait::async_trait;
use image::{Rgb, RgbImage};

use super::{CameraFault, PAGE_TALL, PHONE_WIDE, PageCamera};
use crate::sites::Version;

/// How it takes pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exposure {
    /// Every version in another colour.
    #[default]
    Good,
    /// All versions alike.
    Alike,
    /// No picture at all.
    Late,
}

/// Takes pictures as it is told and remembers of which versions.
#[derive(Debug, Default)]
pub struct ScriptedCamera {
    exposure: Mutex<Exposure>,
    taken: Mutex<Vec<Vec<i64>>>,
}

impl ScriptedCamera {
    /// From now on like this.
    pub fn expose(&self, exposure: Exposure) {
        *self.exposure.lock().expect("nobody panics holding it") = exposure;
    }

    /// The numbers of the versions of each picture so far.
    pub fn taken(&self) -> Vec<Vec<i64>> {
        self.taken.lock().expect("nobody panics holding it").clone()
    }
}

#[async_trait]
impl PageCamera for ScriptedCamera {
    async fn take(&self, versions: &[Version]) -> Result<Vec<RgbImage>, CameraFault> {
        let numbers: Vec<i64> = versions.iter().map(|version| version.number).collect();
        self.taken.lock().expect("nobody panics holding it").push(numbers.clone());
        let exposure = *self.exposure.lock().expect("nobody panics holding it");
        let colour = |number: i64| match exposure {
            Exposure::Good => u8::try_from(40 * number % 250).unwrap_or_default(),
            Exposure::Alike | Exposure::Late => 0,
        };
        let page = |number: i64| {
            RgbImage::from_pixel(PHONE_WIDE, PAGE_TALL, Rgb([colour(number), 120, 90]))
        };
        match exposure {
            Exposure::Late => Err(CameraFault::Late),
            Exposure::Good | Exposure::Alike => Ok(numbers.into_iter().map(page).collect()),
        }
    }
}
