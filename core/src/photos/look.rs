//! What a photo looks like: its dominant colour, and where the eye goes.

use image::RgbImage;

use super::PhotoFault;
use super::decode::{resize, scaled};
use crate::brief::{Focus, Rgb};

/// The average of the most filled of 64 boxes of colour, colourful boxes counting more.
pub(super) fn dominant(image: &RgbImage) -> Rgb {
    const SAMPLES: usize = 20_000;
    let step = (image.pixels().len() / SAMPLES).max(1);
    let mut boxes = [[0u64; 4]; 64];
    for pixel in image.pixels().step_by(step) {
        let [r, g, b] = pixel.0;
        let which = usize::from(r >> 6) << 4 | usize::from(g >> 6) << 2 | usize::from(b >> 6);
        let sums = &mut boxes[which];
        for (sum, part) in sums.iter_mut().zip([r, g, b]) {
            *sum += u64::from(part);
        }
        sums[3] += 1;
    }
    let weight = |sums: &[u64; 4]| {
        let count = sums[3].max(1);
        let parts = [sums[0] / count, sums[1] / count, sums[2] / count];
        let spread = parts.iter().max().unwrap_or(&0) - parts.iter().min().unwrap_or(&0);
        sums[3] * (40 + spread)
    };
    let best = boxes.iter().max_by_key(|sums| weight(sums)).copied().unwrap_or_default();
    let part = |at: usize| u8::try_from(best[at] / best[3].max(1)).unwrap_or(u8::MAX);
    Rgb { r: part(0), g: part(1), b: part(2) }
}

/// Long side of the small copy that is looked at.
const LOOKED_AT_PX: u32 = 72;
/// How much of a side a frame shows, in hundredths, where the shapes differ.
const SHOWN_PCT: usize = 60;
/// A pull to the middle, in hundredths of the best window's weight.
const PULL_PCT: u64 = 12;

/// Where the frame should lie: over the edges and the colours that stand out, near the middle where
/// it makes no difference.
pub(super) fn focus(image: &RgbImage) -> Result<Focus, PhotoFault> {
    let long = image.width().max(image.height());
    let side = LOOKED_AT_PX.min(long);
    let small =
        resize(image, scaled(image.width(), side, long), scaled(image.height(), side, long))?;
    let (width, height) = (small.width() as usize, small.height() as usize);
    let mut columns = vec![0u64; width];
    let mut rows = vec![0u64; height];
    let mean = mean(&small);
    for (x, y, pixel) in small.enumerate_pixels() {
        let right = small.get_pixel((x + 1).min(small.width() - 1), y);
        let below = small.get_pixel(x, (y + 1).min(small.height() - 1));
        let stands_out = apart(pixel.0, mean) / 3;
        let weight = apart(pixel.0, right.0) + apart(pixel.0, below.0) + stands_out;
        columns[x as usize] += weight;
        rows[y as usize] += weight;
    }
    Ok(Focus { x_pct: position(&columns), y_pct: position(&rows) })
}

fn mean(image: &RgbImage) -> [u8; 3] {
    let count = (image.pixels().len() as u64).max(1);
    let sums = image.pixels().fold([0u64; 3], |mut sums, pixel| {
        for (sum, part) in sums.iter_mut().zip(pixel.0) {
            *sum += u64::from(part);
        }
        sums
    });
    sums.map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX))
}

/// How far two colours are apart.
fn apart(one: [u8; 3], other: [u8; 3]) -> u64 {
    one.into_iter().zip(other).map(|(a, b)| u64::from(a.abs_diff(b))).sum()
}

/// The heaviest window's place between the first (0) and the last (100), in steps of five.
fn position(weights: &[u64]) -> u8 {
    const MIDDLE: u8 = 50;
    let window = (weights.len() * SHOWN_PCT / 100).max(1);
    let last = weights.len() - window;
    let total: u64 = weights.iter().sum();
    if last == 0 || total == 0 {
        return MIDDLE;
    }
    let off_middle = |at: usize| (2 * at).abs_diff(last) as u64;
    let value = |at: usize| {
        let inside: u64 = weights[at..at + window].iter().sum();
        // In the same unit as `inside`, so that no picture is too pale to be looked at.
        let pull = total * PULL_PCT * off_middle(at) / (100 * last as u64);
        (inside.saturating_sub(pull), std::cmp::Reverse(off_middle(at)))
    };
    let best = (0..=last).max_by_key(|at| value(*at)).unwrap_or(last / 2);
    let pct = (best * 100 + last / 2) / last;
    u8::try_from((pct + 2) / 5 * 5).unwrap_or(MIDDLE).min(100)
}
