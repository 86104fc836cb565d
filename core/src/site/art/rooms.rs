//! Compositions with a place in them: things stand on tables, sills, shelves and counters, or lie on a map.
//!
//! Things are drawn in the first and second colour, so they only ever stand on pale grounds.

use super::Draw;

/// How far down its square a thing stands, in hundredths.
const FOOT: i32 = 88;

/// A picture's sides, as signed numbers so that shapes may begin outside.
fn sides((width, height): (u32, u32)) -> (i32, i32) {
    (i32::try_from(width).unwrap_or(i32::MAX), i32::try_from(height).unwrap_or(i32::MAX))
}

impl Draw {
    fn die(&mut self, bound: u32) -> i32 {
        i32::try_from(self.dice.below(bound)).unwrap_or(0)
    }

    fn path(&mut self, class: char, d: std::fmt::Arguments<'_>) {
        self.put(format_args!("<path class=\"{class}\" d=\"{d}\"/>"));
    }

    fn bar(&mut self, class: char, (x, y): (i32, i32), (w, h): (i32, i32)) {
        self.path(class, format_args!("M{x} {y}h{w}v{h}h-{w}z"));
    }

    fn disc(&mut self, class: char, (cx, cy): (i32, i32), r: i32) {
        self.put(format_args!("<circle class=\"{class}\" cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\"/>"));
    }

    /// A thing around a middle, at a height given by where it stands.
    fn stand(&mut self, which: i32, (cx, foot): (i32, i32), size: i32) {
        let which = usize::try_from(which).unwrap_or(0) % self.count.max(1);
        let (x, y) = (cx - size / 2, foot - size * FOOT / 100);
        self.put(format_args!(
            "<use href=\"#_m{which}\" x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\"/>"
        ));
    }

    /// As [`Self::stand`], on its shadow.
    fn stand_shaded(&mut self, which: i32, at: (i32, i32), size: i32) {
        let ((cx, cy), rx, ry) = (at, size * 44 / 100, (size * 6 / 100).max(2));
        self.put(format_args!(
            "<ellipse class=\"c\" opacity=\".14\" cx=\"{cx}\" cy=\"{cy}\" rx=\"{rx}\" ry=\"{ry}\"/>"
        ));
        self.stand(which, at, size);
    }

    /// Things close together on a table, a tall light behind the tallest.
    pub(super) fn still(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        let (table, left) = (h * 74 / 100, self.die(2) == 0);
        self.bar('d', (0, 0), (w, h));
        let groups = (w * 10 / (h * 12).max(1)).max(1);
        let wide = w / groups;
        for group in 0..groups {
            let middle = wide * group + wide / 2 + if left { -wide / 14 } else { wide / 14 };
            let r = (h * 34 / 100).min(wide * 36 / 100);
            let (x, top) = (middle - r, table - h * 58 / 100 + r / 2);
            let low = table - top;
            self.path('e', format_args!("M{x} {table}v-{low}a{r} {r} 0 0 1 {} 0v{low}z", 2 * r));
        }
        self.bar('e', (0, table), (w, h - table));
        self.bar('c', (0, table), (w, (h / 70).max(3)));
        self.bar('b', (0, table + h * 14 / 100), (w, h));
        let hem = (h / 14).max(8);
        let (y, half) = (table + h * 14 / 100, hem / 2);
        let teeth = (w / hem).unsigned_abs() + 1;
        self.put(format_args!("<path class=\"e\" d=\"M0 {y}"));
        for _ in 0..teeth.min(64) {
            self.put(format_args!("l{half} {half} {half}-{half}"));
        }
        self.put(format_args!("z\"/>"));
        for group in 0..groups {
            let side = if left { -1 } else { 1 };
            let middle = wide * group + wide / 2 + side * wide / 14;
            let big = (h * 66 / 100).min(wide * 56 / 100);
            let first = group + self.die(2) * i32::from(group > 0);
            self.stand_shaded(first, (middle, table + h * 3 / 100), big);
            let (mid, small) = (big * 58 / 100, big * 42 / 100);
            let foot = table + h * 8 / 100;
            self.stand_shaded(first + 1, (middle - side * big * 62 / 100, foot), mid);
            self.stand_shaded(first + 2, (middle + side * big * 56 / 100, foot - 2), small);
        }
    }

    /// A window in a wall of the first colour, things on its sill.
    pub(super) fn window(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        let (panes, frame) = ((w * 2 / h.max(1)).clamp(2, 6), (h / 40).max(5));
        let (side, top, sill) = (w / 9, h * 9 / 100, h * 78 / 100);
        let (x, wide, tall) = (side, w - 2 * side, sill - top);
        self.bar('a', (0, 0), (w, h));
        self.bar('e', (x - frame, top - frame), (wide + 2 * frame, tall + 2 * frame));
        self.bar('d', (x, top), (wide, tall));
        let sun = h * 13 / 100;
        let sun_x = if self.die(2) == 0 { x + wide / 5 } else { x + wide * 4 / 5 };
        self.disc('b', (sun_x, top + sun * 17 / 10), sun);
        let (hill, swell) = (sill - h * 12 / 100, h * 16 / 100);
        let (quarter, half) = (wide / 4, wide / 2);
        self.path(
            'e',
            format_args!("M{x} {hill}q{quarter}-{swell} {half} 0t{half} 0V{sill}h-{wide}z"),
        );
        for pane in 1..panes {
            self.bar('e', (x + wide * pane / panes - frame / 2, top), (frame, tall));
        }
        self.bar('e', (x, top + tall * 36 / 100), (wide, frame));
        let ledge = (side / 2, sill, w - side, (h / 22).max(8));
        self.curtains((x, top), wide, tall);
        let lead = h * 58 / 100;
        let things = if w > h * 2 { 5 } else { 3 };
        let first = self.die(2);
        for thing in 0..things {
            let cx = x + wide * (2 * thing + 1) / (2 * things);
            let share = [100, 56, 74, 52, 82][usize::try_from((thing + first) % 5).unwrap_or(0)];
            let most = wide * 124 / (100 * things);
            self.stand(thing, (cx, ledge.1), (lead * share / 100).min(most));
        }
        self.bar('e', (ledge.0, ledge.1), (ledge.2, ledge.3));
        self.bar('c', (ledge.0, ledge.1 + ledge.3), (ledge.2, (h / 90).max(3)));
    }

    /// Curtains drawn to both sides of a window.
    fn curtains(&mut self, (x, top): (i32, i32), wide: i32, tall: i32) {
        let (span, fall) = (wide * 17 / 100, tall * 78 / 100);
        let right = x + wide;
        self.path(
            'b',
            format_args!("M{x} {top}h{span}q-{} {} -{span} {fall}z", span / 4, fall * 6 / 10),
        );
        self.path(
            'b',
            format_args!("M{right} {top}h-{span}q{} {} {span} {fall}z", span / 4, fall * 6 / 10),
        );
    }

    /// Streets from above, with a pin.
    pub(super) fn map(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        let (turn, step) = (self.die(14) - 24, h * 30 / 100);
        self.bar('d', (0, 0), (w, h));
        let (mx, my) = (w / 2, h / 2);
        let far = w + h;
        self.put(format_args!("<g transform=\"rotate({turn} {mx} {my})\">"));
        let park = (mx - step * 2 - step / 2, my - step, step * 2, step);
        self.put(format_args!("<g opacity=\".55\">"));
        self.bar('b', (park.0, park.1), (park.2, park.3));
        self.bar('b', (mx + step, my + step / 2), (step, step));
        self.put(format_args!("</g>"));
        let thick = h * 3 / 100;
        for street in -5..=5 {
            let y = my + step * street + step / 2 * (street & 1);
            let road = if street == 0 { thick * 2 } else { thick };
            self.bar('e', (mx - far, y), (2 * far, road));
        }
        let across = step * 3 / 2;
        for street in -6..=6 {
            let road = if street == 1 { thick * 2 } else { thick };
            self.bar('e', (mx - across / 2 + across * street, my - far), (road, 2 * far));
        }
        let bend = h * 45 / 100;
        self.put(format_args!(
            "<path class=\"a\" opacity=\".3\" d=\"M{} {}q{bend}-{bend} {} 0t{} 0t{} 0v{h}h-{}z\"/>",
            mx - far,
            my + h * 52 / 100,
            far / 2,
            far / 2,
            far,
            far * 2,
        ));
        self.put(format_args!("</g>"));
        for (which, (x, y)) in [(1, (20, 30)), (2, (80, 24)), (3, (78, 78))] {
            let (at, r) = ((w * x / 100, h * y / 100), h * 9 / 100);
            self.disc('e', at, r);
            self.stand(which, (at.0, at.1 + r * 55 / 100), r * 3 / 2);
        }
        let (r, y) = (h * 21 / 100, my - h * 8 / 100);
        let tip = y + r * 17 / 10;
        self.put(format_args!(
            "<ellipse class=\"c\" opacity=\".2\" cx=\"{mx}\" cy=\"{tip}\" rx=\"{}\" ry=\"{}\"/>",
            r * 6 / 10,
            r / 7
        ));
        let (x, reach) = (mx - r, y + r / 3);
        self.path(
            'a',
            format_args!(
                "M{mx} {tip}Q{x} {reach} {x} {y}a{r} {r} 0 0 1 {} 0Q{} {reach} {mx} {tip}z",
                2 * r,
                mx + r
            ),
        );
        self.disc('e', (mx, y), r * 8 / 10);
        self.stand(0, (mx, y + r * 50 / 100), r * 13 / 10);
    }

    /// One thing so near that the frame cuts it, small ones in a loose row beside it.
    pub(super) fn close(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        let left = self.die(2) == 0;
        self.bar('d', (0, 0), (w, h));
        let big = h * 118 / 100;
        let wide = w > h * 3 / 2;
        let share = if wide { 26 } else { 42 };
        let cx = if left { w * share / 100 } else { w * (100 - share) / 100 };
        let r = h * 62 / 100;
        self.disc('b', (cx, h * 58 / 100), r);
        self.disc('e', (cx, h * 58 / 100), r * 90 / 100);
        let edge = h * 6 / 100;
        let strip = if left { w - edge * 3 } else { 0 };
        self.bar('a', (strip, 0), (edge * 3, h));
        for dash in 0..9 {
            let y = h * dash / 8 - edge / 2;
            self.disc('e', (strip + edge * 3 / 2, y), edge * 6 / 10);
        }
        let rows = 3;
        let columns = if wide { ((w - h * 13 / 10) / (h / 3).max(1)).clamp(1, 6) } else { 1 };
        let (from, to) = if left { (cx + r, w - edge * 3) } else { (edge * 3, cx - r) };
        if to - from > h / 5 {
            let room = (to - from) / columns;
            let small = (room * 66 / 100).min(h * 22 / 100);
            for row in 0..rows {
                for column in 0..columns {
                    let x = from + room * column + room / 2;
                    let y = h * (2 * row + 1) / (2 * rows) + small * 38 / 100;
                    self.stand(1 + row + column, (x, y), small);
                }
            }
        }
        self.stand(0, (cx, h * 58 / 100 + big * 42 / 100), big);
    }

    /// A sign: beams behind a round plate.
    pub(super) fn rays(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        let (cx, cy, far) = (w / 2, h * 52 / 100, f64::from(w + h));
        let beams = 13 + self.die(3) * 2;
        self.bar('d', (0, 0), (w, h));
        let tilt = f64::from(self.die(90)).to_radians();
        for beam in 0..beams {
            let angle = |half: i32| {
                let turn = tilt
                    + std::f64::consts::TAU * f64::from(2 * beam + half) / f64::from(2 * beams);
                let along = |way: f64, from: i32| f64::from(from) + far * way;
                (along(turn.cos(), cx).round() as i32, along(turn.sin(), cy).round() as i32)
            };
            let ((ax, ay), (bx, by)) = (angle(0), angle(1));
            self.path('e', format_args!("M{cx} {cy}L{ax} {ay} {bx} {by}z"));
        }
        let r = (h * 40 / 100).min(w * 40 / 100);
        self.disc('a', (cx, cy), r);
        self.disc('e', (cx, cy), r * 92 / 100);
        self.put(format_args!(
            "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{}\" class=\"s\" stroke-dasharray=\"0 {}\"/>",
            r * 82 / 100,
            (r / 7).max(9)
        ));
        self.stand(0, (cx, cy + r * 52 / 100), r * 138 / 100);
        let small = r * 52 / 100;
        let room = (w - 2 * r) / 2;
        if room < small {
            return;
        }
        let each = if room > small * 3 { 2 } else { 1 };
        for side in [-1, 1] {
            for at in 0..each {
                let away = r + room * (2 * at + 1) / (2 * each);
                let x = cx + side * away;
                self.disc('e', (x, cy), small * 70 / 100);
                self.stand(1 + at, (x, cy + small * 38 / 100), small);
            }
        }
    }

    /// Shelves with things between boxes and jars.
    pub(super) fn shelf(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        self.bar('d', (0, 0), (w, h));
        let boards = if h * 3 > w * 2 { 3 } else { 2 };
        let (tall, thick) = (h / boards, (h / 46).max(6));
        let unit = tall * 74 / 100;
        let mut which = 0;
        for board in 0..boards {
            let y = tall * (board + 1) - thick * 2;
            let mut x = -self.die(60) + if board == 1 { unit / 4 } else { 0 };
            for place in 0..40 {
                if x > w {
                    break;
                }
                if (place + board) % 2 == 0 {
                    self.stand(which, (x + unit / 2, y), unit);
                    which += 1;
                    x += unit + unit / 10;
                } else {
                    x += self.filler((x, y), unit) + unit / 10;
                }
            }
            self.bar('c', (0, y), (w, thick));
            self.put(format_args!("<g opacity=\".12\">"));
            self.bar('c', (0, y + thick), (w, thick));
            self.put(format_args!("</g>"));
        }
    }

    /// Something between the things on a shelf; answers its width.
    fn filler(&mut self, (x, y): (i32, i32), unit: i32) -> i32 {
        let (thin, tall) = (unit * 15 / 100, unit * 78 / 100);
        match self.dice.below(4) {
            0 => {
                for (at, (class, share)) in
                    [('a', 100), ('e', 88), ('b', 96)].into_iter().enumerate()
                {
                    let high = tall * share / 100;
                    let from = x + thin * i32::try_from(at).unwrap_or(0);
                    self.bar(class, (from, y - high), (thin - 2, high));
                }
                thin * 3
            }
            1 => {
                let wide = unit * 48 / 100;
                self.bar('b', (x, y - tall * 40 / 100), (wide, tall * 40 / 100));
                self.bar('a', (x + wide / 8, y - tall * 72 / 100), (wide * 3 / 4, tall * 32 / 100));
                self.bar('e', (x + wide / 3, y - tall * 40 / 100), (wide / 3, tall * 16 / 100));
                wide
            }
            2 => {
                let (wide, high) = (unit * 36 / 100, tall * 64 / 100);
                self.bar('e', (x, y - high), (wide, high));
                self.bar('b', (x, y - high * 62 / 100), (wide, high * 62 / 100));
                self.bar('c', (x - 2, y - high - unit / 14), (wide + 4, unit / 12));
                wide
            }
            _ => {
                let r = unit * 20 / 100;
                self.bar('c', (x, y - r * 2), (r * 2, r * 2));
                for leaf in [-1, 0, 1] {
                    let (lean, base) = (leaf * r, y - r * 2);
                    let tip = (x + r + lean, base - unit * 42 / 100 + r * leaf.abs() / 2);
                    let side = (x + r - r / 2 + lean, x + r + r / 2 + lean);
                    let mid = (base + tip.1) / 2;
                    self.path(
                        if leaf == 0 { 'a' } else { 'b' },
                        format_args!(
                            "M{} {base}Q{} {mid} {} {}Q{} {mid} {} {base}z",
                            x + r,
                            side.0,
                            tip.0,
                            tip.1,
                            side.1,
                            x + r
                        ),
                    );
                }
                r * 2
            }
        }
    }

    /// A stall: awning above, counter below, things on it.
    pub(super) fn stall(&mut self, size: (u32, u32)) {
        let (w, h) = sides(size);
        let stripe = ((h * 17 / 100).min(w / 5)).max(20);
        let (drop, counter) = (h * 20 / 100, h * 76 / 100);
        self.bar('d', (0, 0), (w, h));
        let glow = h * 32 / 100;
        self.disc('e', (w / 2, counter - h * 18 / 100), glow);
        self.bar('c', (w / 20, drop), ((h / 50).max(5), h));
        self.bar('c', (w - w / 20 - (h / 50).max(5), drop), ((h / 50).max(5), h));
        let things = ((w * 10) / (h * 5).max(1)).clamp(3, 7);
        let first = self.die(2);
        let room = w * 86 / 100 / things;
        for thing in 0..things {
            let cx = w * 7 / 100 + room * thing + room / 2;
            let middle = thing == things / 2;
            let tall =
                if middle { h * 52 / 100 } else { h * (32 + 6 * ((thing + first) % 2)) / 100 };
            let which = if middle { 0 } else { 1 + (thing + first) % 3 };
            self.stand(which, (cx, counter), tall.min(room * 14 / 10));
        }
        self.bar('b', (0, counter), (w, h - counter));
        self.bar('c', (0, counter), (w, (h / 40).max(6)));
        let plank = stripe * 2;
        for at in 1..=(w / plank).min(30) {
            self.put(format_args!("<g opacity=\".25\">"));
            self.bar('c', (plank * at, counter), (3, h - counter));
            self.put(format_args!("</g>"));
        }
        let (mut x, mut at) = ((w % stripe) / 2 - stripe, 0);
        while x < w && at < 60 {
            let (r, class) = (stripe / 2, if at % 2 == 0 { 'a' } else { 'e' });
            self.path(class, format_args!("M{x} 0h{stripe}v{drop}a{r} {r} 0 0 1-{stripe} 0z"));
            (x, at) = (x + stripe, at + 1);
        }
    }
}
