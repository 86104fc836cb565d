//! Drawn stand-ins for owners' photos: soft grounds, things in sharp focus off the middle, and grain, so
//! that they weigh and crop like photos. The same name, size and seed give the same bytes.

use std::fmt::Write;

use image::codecs::jpeg::JpegEncoder;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// A drawing in the making, on a canvas 1000 units wide.
struct Scene {
    svg: String,
    state: u32,
    tall: u32,
}

/// A photo of a scene as JPEG.
///
/// # Panics
/// When there is no such scene.
pub(super) fn draw(name: &str, (width, height): (u32, u32), seed: u32) -> Vec<u8> {
    let tall = height * 1000 / width;
    let mut scene = Scene { svg: String::new(), state: seed * 2 + 1, tall };
    match name {
        "plates" => scene.plates(),
        "bowl" => scene.bowl(),
        "cake" => scene.cake(),
        "jars" => scene.jars(),
        "stall" => scene.stall(),
        "rack" => scene.rack(),
        "folds" => scene.folds(),
        "room" => scene.room(),
        "portrait" => scene.portrait(),
        "machine" => scene.machine(),
        "tools" => scene.tools(),
        "desk" => scene.desk(),
        "hills" => scene.hills(),
        "lights" => scene.lights(),
        "flowers" => scene.flowers(),
        "wall" => scene.wall(),
        "leaves" => scene.leaves(),
        other => panic!("no scene {other}"),
    }
    scene.develop(width, height)
}

impl Scene {
    /// A number from `from` up to but not `to`.
    fn any(&mut self, from: u32, to: u32) -> u32 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        from + (self.state >> 9) % (to - from).max(1)
    }

    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        // A string takes all that is written to it.
        let _ = self.svg.write_fmt(shape);
    }

    /// A ground that fades from one colour to another.
    fn ground(&mut self, from: &str, to: &str) {
        let tall = self.tall;
        self.put(format_args!(
            "<linearGradient id=\"g\" x1=\"0\" y1=\"0\" x2=\".4\" y2=\"1\"><stop stop-color=\"{from}\"/><stop offset=\"1\" stop-color=\"{to}\"/></linearGradient><filter id=\"b\"><feGaussianBlur stdDeviation=\"14\"/></filter><rect width=\"1000\" height=\"{tall}\" fill=\"url(#g)\"/>"
        ));
    }

    fn disc(&mut self, (x, y, r): (u32, u32, u32), fill: &str) {
        self.put(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{fill}\"/>"));
    }

    fn soft(&mut self, (x, y, r): (u32, u32, u32), fill: &str, opacity: f32) {
        self.put(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{fill}\" opacity=\"{opacity}\" filter=\"url(#b)\"/>"
        ));
    }

    fn block(&mut self, (x, y, w, h): (u32, u32, u32, u32), round: u32, fill: &str) {
        self.put(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\" fill=\"{fill}\"/>"
        ));
    }

    fn plate(&mut self, (x, y, r): (u32, u32, u32), food: [&str; 3]) {
        self.soft((x + 12, y + 18, r), "#000", 0.5);
        self.disc((x, y, r), "#f4efe6");
        self.disc((x, y, r * 8 / 10), "#e5dccb");
        for _ in 0..26 {
            let (dx, dy) = (self.any(0, r), self.any(0, r));
            let size = self.any(r / 12, r / 5);
            let which = self.any(0, 3) as usize;
            self.disc((x + dx - r / 2, y + dy - r / 2, size), food[which]);
        }
    }

    fn plates(&mut self) {
        self.ground("#6b4428", "#3a2415");
        for (x, y, r) in [(300, 260, 210), (700, 200, 150), (640, 560, 230), (210, 640, 140)] {
            self.plate((x, y * self.tall / 750, r), ["#c0392b", "#7a9a3a", "#e0a030"]);
        }
    }

    fn bowl(&mut self) {
        self.ground("#d8c3a0", "#a5845a");
        self.plate((640, self.tall * 62 / 100, 300), ["#e8b23a", "#8fae4b", "#f2e3b0"]);
        self.disc((220, self.tall / 4, 110), "#5b7a4a");
        self.disc((220, self.tall / 4, 80), "#3f5a34");
    }

    fn cake(&mut self) {
        self.ground("#f0dfe2", "#c99aa6");
        let base = self.tall * 72 / 100;
        self.soft((500, base + 40, 320), "#5a2a35", 0.35);
        for layer in 0..9 {
            let fill = if layer % 2 == 0 { "#a8622c" } else { "#f0cf8e" };
            self.block((260, base - 44 * (layer + 1), 480, 46), 6, fill);
        }
        self.block((190, base, 620, 26), 13, "#fff6ea");
        for cherry in 0..5 {
            self.disc((310 + cherry * 95, base - 415, 26), "#b3132b");
        }
    }

    fn jars(&mut self) {
        self.ground("#fbe9c8", "#d9a86a");
        let floor = self.tall * 85 / 100;
        self.block((0, floor, 1000, self.tall), 0, "#7d5230");
        for jar in 0..4 {
            let x = 70 + jar * 235;
            self.block((x, floor - 380, 190, 380), 28, "#fffaf0");
            for _ in 0..46 {
                let (dx, dy) = (self.any(22, 168), self.any(20, 310));
                let fill = if self.any(0, 3) == 0 { "#b9702a" } else { "#e6a94a" };
                self.disc((x + dx, floor - dy, 22), fill);
            }
            self.block((x - 6, floor - 410, 202, 50), 12, "#b5322f");
        }
    }

    fn stall(&mut self) {
        self.ground("#9fc4d8", "#e9ddc4");
        let (roof, floor) = (self.tall / 4, self.tall * 86 / 100);
        self.block((380, roof, 540, floor - roof), 0, "#c9774a");
        for stripe in 0..9 {
            let fill = if stripe % 2 == 0 { "#b3261e" } else { "#fff3e0" };
            self.block((360 + stripe * 65, roof - 20, 65, 110), 0, fill);
        }
        self.block((430, roof + 150, 440, 170), 4, "#3c2417");
        for pot in 0..5 {
            self.disc((480 + pot * 85, roof + 300, 36), "#d8b26a");
        }
        self.block((0, floor, 1000, self.tall), 0, "#75685a");
    }

    fn rack(&mut self) {
        self.ground("#efe7df", "#cdbfb2");
        self.block((60, self.tall / 6, 880, 12), 6, "#5a4a3c");
        let dyes = ["#b98ea7", "#6d8a96", "#d8b4a0", "#8a9a7b", "#c6a15b", "#4e4a59"];
        for piece in 0..9u32 {
            let (x, wide) = (90 + piece * 93, self.any(60, 88));
            let long = self.any(self.tall * 45 / 100, self.tall * 70 / 100);
            self.block((x, self.tall / 6 + 10, wide, long), 24, dyes[piece as usize % 6]);
            self.block((x + wide / 2, self.tall / 6 + 30, 5, long - 30), 0, "#00000022");
        }
    }

    fn folds(&mut self) {
        self.ground("#d9c2cf", "#8f7f9c");
        let dyes = ["#ead9dd", "#c9aebb", "#a78fa6", "#dcc7b2", "#93a3ad"];
        for fold in 0..14u32 {
            let (x, swing) = (fold * 80, self.any(40, 190));
            let (fill, tall) = (dyes[fold as usize % 5], self.tall);
            self.put(format_args!(
                "<path d=\"M{x} 0q{swing} {0} 0 {tall}h110q{swing} -{0} 0 -{tall}z\" fill=\"{fill}\"/>",
                tall / 2
            ));
        }
    }

    fn room(&mut self) {
        self.ground("#dfe6e4", "#a9b8b5");
        let floor = self.tall * 72 / 100;
        self.block((0, floor, 1000, self.tall), 0, "#8b6b4e");
        for seat in 0..3 {
            let x = 470 + seat * 180;
            self.block((x, floor - 330, 120, 200), 60, "#f7fbfb");
            self.block((x + 10, floor - 110, 100, 90), 20, "#26353a");
            self.block((x + 50, floor - 20, 20, 70), 4, "#6f7d80");
        }
        self.block((60, floor - 360, 220, 300), 8, "#f6f3d9");
        self.block((165, floor - 360, 10, 300), 0, "#8fa3a0");
    }

    fn portrait(&mut self) {
        self.ground("#37474f", "#1c262b");
        for _ in 0..18 {
            let spot = (self.any(0, 1000), self.any(0, self.tall), self.any(20, 70));
            self.soft(spot, "#f2c57c", 0.5);
        }
        let (x, y) = (690, self.tall * 38 / 100);
        self.block((x - 190, y + 150, 380, self.tall), 150, "#8c3f4d");
        self.block((x - 45, y + 60, 90, 140), 30, "#b07a5a");
        self.disc((x, y, 120), "#c48c68");
        self.put(format_args!(
            "<path d=\"M{0} {y}a125 130 0 0 1 250 0q-60 -70 -250 0z\" fill=\"#241a17\"/>",
            x - 125
        ));
    }

    fn machine(&mut self) {
        self.ground("#4a4f57", "#23272d");
        let floor = self.tall * 84 / 100;
        self.block((0, floor, 1000, self.tall), 0, "#5d554c");
        for (x, r) in [(270, 150), (690, 150)] {
            self.disc((x, floor - r, r), "#15181c");
            self.disc((x, floor - r, r * 7 / 10), "#9aa3ad");
            self.disc((x, floor - r, r * 6 / 10), "#2b3036");
        }
        self.put(format_args!(
            "<path d=\"M270 {0}L420 {1}H640L690 {0}\" stroke=\"#c62828\" stroke-width=\"46\" fill=\"none\"/>",
            floor - 150,
            floor - 330
        ));
        self.block((380, floor - 380, 230, 60), 30, "#111418");
    }

    fn tools(&mut self) {
        self.ground("#b08b5e", "#7d5d3a");
        for tool in 0..7u32 {
            let (x, long) = (80 + tool * 125, self.any(self.tall / 3, self.tall * 2 / 3));
            self.block((x, self.tall / 7, 34, long), 12, "#3d4650");
            self.block((x - 16, self.tall / 7, 66, 90), 20, "#9aa5ad");
            self.block((x - 2, self.tall / 7 + long / 2, 38, long / 2), 14, "#c4421a");
        }
    }

    fn desk(&mut self) {
        self.ground("#f3e7cf", "#d9b98a");
        let top = self.tall * 62 / 100;
        self.block((0, top, 1000, self.tall), 0, "#9b6a3c");
        let covers = ["#24527a", "#b8402f", "#3f7d58", "#d99a2b", "#6a4c93"];
        for book in 0..5u32 {
            let (wide, y) = (self.any(240, 330), top - 38 * (book + 1));
            self.block((120, y, wide, 36), 4, covers[book as usize]);
        }
        self.block((650, top - 240, 200, 14), 0, "#333");
        self.block((740, top - 240, 14, 240), 0, "#333");
        self.soft((640, top - 180, 150), "#fff3c4", 0.8);
    }

    fn hills(&mut self) {
        self.ground("#f3b27a", "#8a6fa8");
        self.soft((720, self.tall / 3, 110), "#fff1cf", 0.9);
        for (row, fill) in ["#7d6b94", "#5b5a7f", "#3e4a63", "#28364a"].iter().enumerate() {
            let base = self.tall * (45 + 14 * u32::try_from(row).unwrap_or(0)) / 100;
            let (a, tall) = (self.any(40, 160), self.tall);
            self.put(format_args!(
                "<path d=\"M0 {base}q250 -{a} 500 0t500 -30V{tall}H0z\" fill=\"{fill}\"/>"
            ));
        }
        self.block((300, self.tall * 70 / 100, 26, 120), 12, "#fdf6ef");
        self.block((334, self.tall * 70 / 100, 26, 120), 12, "#1d2430");
    }

    fn lights(&mut self) {
        self.ground("#2b1d3a", "#0f0a18");
        for _ in 0..60 {
            let spot = (self.any(0, 1000), self.any(0, self.tall), self.any(8, 46));
            self.soft(spot, "#ffcf7d", 0.75);
        }
        let floor = self.tall * 80 / 100;
        for arch in 0..3 {
            let x = 180 + arch * 220;
            self.block((x, floor - 420, 200, 420), 100, "#e9ded2");
            self.block((x + 30, floor - 380, 140, 380), 70, "#3a2a48");
        }
    }

    fn flowers(&mut self) {
        self.ground("#dfe8dc", "#93a98c");
        let tints = ["#f6d8dc", "#e8a5b2", "#c6516c", "#fff7ef", "#f0c27a"];
        for _ in 0..34 {
            let (x, y) = (self.any(120, 880), self.any(self.tall / 4, self.tall * 3 / 4));
            let (r, tint) = (self.any(34, 78), self.any(0, 5) as usize);
            for (dx, dy) in [(0, 0), (r, 0), (0, r), (r, r)] {
                self.disc((x + dx / 2, y + dy / 2, r / 2), tints[tint]);
            }
            self.disc((x + r / 4, y + r / 4, r / 5), "#8c5a2b");
        }
    }

    fn wall(&mut self) {
        self.ground("#d8d3ca", "#b7afa2");
        for row in 0..6 {
            for column in 0..6 {
                let shade = ["#e9f0f0", "#cfdede", "#bcd0d2"][self.any(0, 3) as usize];
                self.block((420 + column * 94, 80 + row * 94, 88, 88), 2, shade);
            }
        }
        self.block((0, self.tall * 80 / 100, 1000, self.tall), 0, "#6b5a48");
        self.block((120, self.tall * 30 / 100, 18, self.tall * 55 / 100), 4, "#c48a3a");
    }

    fn leaves(&mut self) {
        self.ground("#e6e9d8", "#b8c4a4");
        for _ in 0..15 {
            let (x, y) = (self.any(60, 800), self.any(40, self.tall * 7 / 10));
            let (long, turn) = (self.any(140, 320), self.any(0, 120));
            let fill = ["#2f5d3a", "#4c8050", "#77a567"][self.any(0, 3) as usize];
            self.put(format_args!(
                "<path transform=\"translate({x} {y}) rotate({turn})\" d=\"M0 0q{0} -{1} {long} 0q-{0} {1} -{long} 0z\" fill=\"{fill}\"/>",
                long / 2,
                long / 3
            ));
        }
        self.block((380, self.tall * 72 / 100, 260, self.tall * 28 / 100), 20, "#b5623c");
    }

    /// The photo: rendered, grained, coded.
    fn develop(mut self, width: u32, height: u32) -> Vec<u8> {
        const GRAIN: u32 = 11;
        const QUALITY: u8 = 88;
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 {}\">{}</svg>",
            self.tall, self.svg
        );
        let tree = Tree::from_str(&svg, &Options::default()).expect("a drawing of ours");
        let mut pixels = Pixmap::new(width, height).expect("a size above nothing");
        let scale = width as f32 / tree.size().width();
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        let mut image = image::RgbImage::new(width, height);
        for (pixel, drawn) in image.pixels_mut().zip(pixels.pixels()) {
            let grain = self.any(0, GRAIN);
            let part = |part: u8| {
                let grained = (u32::from(part) + grain).saturating_sub(GRAIN / 2);
                u8::try_from(grained).unwrap_or(u8::MAX)
            };
            pixel.0 = [part(drawn.red()), part(drawn.green()), part(drawn.blue())];
        }
        let mut bytes = Vec::new();
        let coder = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image);
        coder.expect("memory takes all bytes");
        bytes
    }
}
