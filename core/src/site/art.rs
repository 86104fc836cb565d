//! Drawings for shops without photos: compositions of a trade's motifs, chosen by seed.
//!
//! The markup names roles of colour by class (`a` first, `b` second, `c` dark, `d` pale, `e` ground,
//! `s` a line), so the same drawing follows day and night on a page and takes fixed colours in a picture.
//! Nothing an owner wrote ever enters a drawing.

mod rooms;

use std::fmt::Write;

use super::palette::{Shades, hex};
use super::theme::ArtStyle;
use super::trades::Motif;

/// The style sheet of a drawing with fixed colours.
pub(super) fn paint(shades: &Shades) -> String {
    let (a, b, c) = (hex(shades.primary), hex(shades.deco), hex(shades.ink));
    let (d, e) = (hex(shades.wash), hex(shades.surface));
    format!(
        ".a{{fill:{a}}}.b{{fill:{b}}}.c{{fill:{c}}}.d{{fill:{d}}}.e{{fill:{e}}}\
         .s,.f,.r,.q{{fill:none;stroke:{c};stroke-width:5;stroke-linecap:round;stroke-linejoin:round}}\
         .f{{stroke:{e};stroke-width:4}}.r{{stroke:{a};stroke-width:8}}.q{{stroke:{b};stroke-width:8}}"
    )
}

/// The symbols `_m0`, `_m1`, … of a business.
pub(super) fn symbols(motifs: &[&Motif]) -> String {
    motifs.iter().enumerate().fold(String::new(), |mut markup, (at, motif)| {
        let _ =
            write!(markup, "<symbol id=\"_m{at}\" viewBox=\"0 0 100 100\">{}</symbol>", motif.svg);
        markup
    })
}

/// A drawing of `width` by `height` units made of `count` symbols; without the `svg` element around it.
pub(super) fn compose(style: ArtStyle, size: (u32, u32), count: usize, seed: u32) -> String {
    let mut draw = Draw { markup: String::with_capacity(2048), dice: Dice::new(seed), count };
    match style {
        ArtStyle::Mosaic => draw.mosaic(size),
        ArtStyle::Arches => draw.arches(size),
        ArtStyle::Orbit => draw.orbit(size),
        ArtStyle::Cloth => draw.cloth(size, seed),
        ArtStyle::Scene => draw.scene(size),
        ArtStyle::Still => draw.still(size),
        ArtStyle::Window => draw.window(size),
        ArtStyle::Map => draw.map(size),
        ArtStyle::Close => draw.close(size),
        ArtStyle::Rays => draw.rays(size),
        ArtStyle::Shelf => draw.shelf(size),
        ArtStyle::Stall => draw.stall(size),
    }
    draw.markup
}

/// A small deterministic source of choices (xorshift).
struct Dice(u32);

impl Dice {
    fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9) ^ 0x5bd1_e995 | 1)
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) % bound.max(1)
    }
}

struct Draw {
    markup: String,
    dice: Dice,
    count: usize,
}

impl Draw {
    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        // A string takes all that is written to it.
        let _ = self.markup.write_fmt(shape);
    }

    fn rect(&mut self, class: char, x: u32, y: u32, w: u32, h: u32) {
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>"
        ));
    }

    fn motif(&mut self, which: usize, x: u32, y: u32, size: u32) {
        let which = which % self.count.max(1);
        self.put(format_args!(
            "<use href=\"#_m{which}\" x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\"/>"
        ));
    }

    /// Square tiles; every third one or so carries a thing, the others quarter rounds, discs and bars.
    fn mosaic(&mut self, (width, height): (u32, u32)) {
        const TILE: u32 = 120;
        let (columns, rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let mut next = self.dice.below(4) as usize;
        let start = self.dice.below(3);
        for row in 0..rows {
            for column in 0..columns {
                let (x, y) = (column * TILE, row * TILE);
                if (column + row * 2 + start).is_multiple_of(3) {
                    let ground = if (column + row) % 2 == 0 { 'd' } else { 'e' };
                    self.rect(ground, x, y, TILE, TILE);
                    self.motif(next, x + 9, y + 9, TILE - 18);
                    next += 1;
                } else {
                    self.tile(x, y, TILE);
                }
            }
        }
    }

    fn tile(&mut self, x: u32, y: u32, t: u32) {
        let (ground, front) = match self.dice.below(6) {
            0 => ('a', 'b'),
            1 => ('b', 'a'),
            2 => ('d', 'a'),
            3 => ('e', 'b'),
            4 => ('c', 'b'),
            _ => ('d', 'c'),
        };
        self.rect(ground, x, y, t, t);
        let (h, right, low) = (t / 2, x + t, y + t);
        match self.dice.below(6) {
            0 => self.put(format_args!(
                "<path class=\"{front}\" d=\"M{x} {y}h{t}A{t} {t} 0 0 1 {x} {low}z\"/>"
            )),
            1 => self.put(format_args!(
                "<path class=\"{front}\" d=\"M{right} {low}h-{t}A{t} {t} 0 0 1 {right} {y}z\"/>"
            )),
            2 => self.put(format_args!(
                "<path class=\"{front}\" d=\"M{x} {low}v-{h}a{h} {h} 0 0 1 {t} 0v{h}z\"/>"
            )),
            3 => self.put(format_args!(
                "<path class=\"{front}\" d=\"M{x} {y}h{h}a{h} {h} 0 0 1 0 {t}h-{h}z\"/>"
            )),
            4 => {
                let (cx, cy, r) = (x + h, y + h, h * 7 / 10);
                self.put(format_args!(
                    "<circle class=\"{front}\" cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\"/>"
                ));
            }
            _ => {
                let (bar, step) = (t / 8, t / 4);
                let from = x + bar / 2;
                self.put(format_args!(
                    "<path class=\"{front}\" d=\"M{from} {y}h{bar}v{t}h-{bar}zm{step} 0h{bar}v{t}h-{bar}zm{step} 0h{bar}v{t}h-{bar}zm{step} 0h{bar}v{t}h-{bar}z\"/>"
                ));
            }
        }
    }

    /// Arched niches of different heights, a thing in each.
    fn arches(&mut self, (width, height): (u32, u32)) {
        let niches = (width / 190).clamp(2, 8);
        let gap = 18;
        let w = (width - gap * (niches + 1)) / niches;
        let first = self.dice.below(4);
        for niche in 0..niches {
            let x = gap + niche * (w + gap);
            let drop =
                [height / 14, height / 4, height / 8, height / 3][((niche + first) % 4) as usize];
            let (r, low) = (w / 2, height);
            let spring = drop + r;
            let class = ['d', 'b', 'a', 'e'][((niche + first) % 4) as usize];
            let right = x + w;
            self.put(format_args!(
                "<path class=\"{class}\" d=\"M{x} {low}V{spring}A{r} {r} 0 0 1 {right} {spring}V{low}z\"/>"
            ));
            let size = (w * 3 / 5).min(height / 3);
            let (mx, my) = (x + (w - size) / 2, height - size - height / 10);
            if class == 'a' || class == 'b' {
                let (cx, cy, disc) = (x + r, my + size / 2, size * 7 / 10);
                self.put(format_args!(
                    "<circle class=\"e\" cx=\"{cx}\" cy=\"{cy}\" r=\"{disc}\"/>"
                ));
            }
            self.motif(niche as usize, mx, my, size);
        }
        let base = (height / 40).max(6);
        self.rect('c', 0, height - base, width, base);
    }

    /// Rings around one large thing, side by side where there is room for several.
    fn orbit(&mut self, (width, height): (u32, u32)) {
        let worlds = (width * 2 / (height * 3).max(1)).max(1) | 1;
        for world in 0..worlds {
            let cx = width * (2 * world + 1) / (2 * worlds);
            self.world((cx, height / 2), width.min(height) / 2, world as usize);
        }
    }

    /// One thing in its rings; small things and beads on them.
    fn world(&mut self, (cx, cy): (u32, u32), unit: u32, lead: usize) {
        let turn = f64::from(self.dice.below(360)).to_radians();
        for (share, class) in [(96, 'd'), (70, 'e')] {
            let r = unit * share / 100;
            self.put(format_args!("<circle class=\"{class}\" cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\"/>"));
        }
        let big = unit * 72 / 100;
        self.motif(lead, cx - big / 2, cy - big / 2, big);
        let outer = f64::from(unit) * 0.83;
        let others = self.count.saturating_sub(1).max(1);
        let beads = others * 2;
        for bead in 0..beads {
            let share = std::f64::consts::TAU * f64::from(u32::try_from(bead).unwrap_or(0));
            let angle = turn + share / f64::from(u32::try_from(beads).unwrap_or(1));
            let (x, y) = (f64::from(cx) + outer * angle.cos(), f64::from(cy) + outer * angle.sin());
            let (x, y) = (x.round().max(0.0) as u32, y.round().max(0.0) as u32);
            if bead % 2 == 0 {
                let (disc, size) = (unit * 21 / 100, unit * 26 / 100);
                self.put(format_args!("<circle class=\"e\" cx=\"{x}\" cy=\"{y}\" r=\"{disc}\"/>"));
                self.motif(
                    lead + 1 + bead / 2,
                    x.saturating_sub(size / 2),
                    y.saturating_sub(size / 2),
                    size,
                );
            } else {
                let class = if bead % 4 == 1 { 'a' } else { 'b' };
                let r = unit * 6 / 100;
                self.put(format_args!(
                    "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"
                ));
            }
        }
    }

    /// A woven cloth: things in a half drop, diamonds between, as one repeating pattern.
    fn cloth(&mut self, (width, height): (u32, u32), seed: u32) {
        const STEP: u32 = 110;
        let first = self.dice.below(4) as usize;
        let (across, down) = (STEP * 2, STEP * 2);
        self.put(format_args!(
            "<pattern id=\"_c{seed}\" width=\"{across}\" height=\"{down}\" patternUnits=\"userSpaceOnUse\">"
        ));
        self.rect('d', 0, 0, across, down);
        for (at, (x, y)) in [(0, 0), (0, STEP), (STEP, STEP / 2)].into_iter().enumerate() {
            self.motif(first + at, x + 18, y + 18, 74);
        }
        // The fourth thing lies across the seam, so it is drawn at both ends.
        self.motif(first + 3, STEP + 18, STEP * 3 / 2 + 18, 74);
        self.put(format_args!(
            "<use href=\"#_m{}\" x=\"{}\" y=\"-37\" width=\"74\" height=\"74\"/>",
            (first + 3) % self.count.max(1),
            STEP + 18
        ));
        for (at, (x, y)) in
            [(55, 0), (55, 110), (165, 55), (165, 165), (55, 220)].iter().enumerate()
        {
            let class = if at % 2 == 0 { 'b' } else { 'a' };
            let top = i64::from(*y) - 11;
            self.put(format_args!("<path class=\"{class}\" d=\"M{x} {top}l9 11-9 11-9-11z\"/>"));
        }
        self.put(format_args!(
            "</pattern><rect width=\"{width}\" height=\"{height}\" fill=\"url(#_c{seed})\"/>"
        ));
    }

    /// One large thing on a table before a sun and hills.
    fn scene(&mut self, (width, height): (u32, u32)) {
        let (sun, left) = (height * 36 / 100, self.dice.below(2) == 0);
        self.rect('d', 0, 0, width, height);
        let (table, half) = (height * 76 / 100, width / 2);
        let (swell, low) = (height * 12 / 100, height * 62 / 100);
        self.put(format_args!(
            "<path class=\"b\" opacity=\".4\" d=\"M0 {low}q{} -{swell} {half} 0t{half} 0V{height}H0z\"/>",
            half / 2
        ));
        let sun_x = if left { width * 36 / 100 } else { width * 64 / 100 };
        let sun_y = height * 44 / 100;
        self.put(format_args!("<circle class=\"e\" cx=\"{sun_x}\" cy=\"{sun_y}\" r=\"{sun}\"/>"));
        self.rect('c', 0, table, width, height - table);
        let big = height * 58 / 100;
        let big_x = (sun_x).saturating_sub(big / 2);
        self.motif(0, big_x, table + height * 5 / 100 - big, big);
        let small = height * 26 / 100;
        let side = if left { width * 66 / 100 } else { width * 10 / 100 };
        self.motif(1, side, table + height * 2 / 100 - small, small);
        let low = small * 7 / 10;
        self.motif(2, side + small * 9 / 10, table + height * 2 / 100 - low * 95 / 100, low);
        let stripe = table + (height - table) / 2;
        self.rect('a', 0, stripe, width, (height / 24).max(6));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_small_and_the_same_each_time() {
        for style in ArtStyle::ALL {
            for seed in 0..50 {
                let one = compose(style, (600, 480), 4, seed);
                assert_eq!(one, compose(style, (600, 480), 4, seed));
                assert!(one.len() < 4_000, "{style:?} {}", one.len());
            }
        }
    }

    #[test]
    fn another_seed_draws_another_picture() {
        for style in ArtStyle::ALL {
            let drawn: std::collections::BTreeSet<_> =
                (0..20).map(|seed| compose(style, (600, 480), 4, seed)).collect();
            assert!(drawn.len() > 1, "{style:?}");
        }
    }
}
