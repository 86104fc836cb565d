use proptest::prelude::*;

use super::*;

fn faults(colour: Rgb, ground: Ground, hero: HeroGround, shift: f32) -> Vec<String> {
    let palette = Palette::derive(colour, ground, hero, shift);
    [palette.light, palette.dark]
        .iter()
        .flat_map(|shades| shades.pairs())
        .filter(|(_, text, ground)| contrast(*text, *ground) < TEXT_CONTRAST)
        .map(|(what, text, ground)| format!("{what}: {} on {}", hex(text), hex(ground)))
        .collect()
}

proptest! {
    #[test]
    fn every_colour_gives_readable_pairs(r: u8, g: u8, b: u8, shift in 0f32..360.0) {
        for ground in Ground::ALL {
            for hero in HeroGround::ALL {
                prop_assert_eq!(faults(Rgb { r, g, b }, ground, hero, shift), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn the_corners_of_the_cube_are_readable() {
    for (r, g, b) in [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
        .into_iter()
        .chain([(255, 255, 0), (0, 255, 255), (255, 0, 255), (128, 128, 128)])
    {
        for ground in Ground::ALL {
            for hero in HeroGround::ALL {
                assert!(faults(Rgb { r, g, b }, ground, hero, 40.0).is_empty());
            }
        }
    }
}

#[test]
fn contrast_of_black_on_white_is_twenty_one() {
    let (black, white) = (Rgb { r: 0, g: 0, b: 0 }, Rgb { r: 255, g: 255, b: 255 });
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
}

#[test]
fn hex_reads_what_it_writes_and_nothing_else() {
    let colour = Rgb { r: 1, g: 171, b: 255 };
    assert_eq!(parse_hex(&hex(colour)), Some(colour));
    for wrong in ["", "#fff", "1234567", "#12345g", "#12é45"] {
        assert_eq!(parse_hex(wrong), None, "{wrong}");
    }
}
