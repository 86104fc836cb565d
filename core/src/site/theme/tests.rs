use super::*;
use crate::brief::Trade;

#[test]
fn themes_carry_their_file_names_and_known_words() {
    for theme in themes() {
        for trade in &theme.trades {
            assert!(Trade::from_slug(trade).is_some(), "{}: {trade}", theme.id);
        }
        for tone in &theme.tones {
            assert!(Tone::from_slug(tone).is_some(), "{}: {tone}", theme.id);
        }
        for feature in &theme.features {
            assert!(Feature::from_slug(feature).is_some(), "{}: {feature}", theme.id);
        }
        for id in &theme.letters {
            assert!(letters::letters(id).is_some(), "{}: {id}", theme.id);
        }
        for (kind, choices) in &theme.variants {
            let kind = SectionKind::from_slug(kind).expect("a known family");
            for variant in choices {
                assert!(variants(kind).contains(&variant.as_str()), "{}: {variant}", theme.id);
            }
        }
    }
    let names: BTreeSet<_> = themes().iter().map(|theme| &theme.id).collect();
    assert_eq!(names.len(), themes().len());
}

#[test]
fn there_are_fifty_themes_and_each_is_whole_and_in_bounds() {
    assert!(themes().len() >= 50, "{}", themes().len());
    for theme in themes() {
        let id = &theme.id;
        assert!((20..=140).contains(&theme.idea.len()), "{id}: {}", theme.idea.len());
        assert!(!theme.trades.is_empty() && !theme.tones.is_empty(), "{id}");
        assert!((1..=4).contains(&theme.letters.len()), "{id}");
        assert!(!theme.headers.is_empty() && !theme.footers.is_empty(), "{id}");
        assert!(theme.hues.iter().all(|hue| *hue < 360), "{id}");
        assert!((-180.0..=180.0).contains(&theme.scheme.shift), "{id}");
        for kind in SectionKind::ALL {
            let choices = theme.variants.get(kind.slug()).map_or(0, Vec::len);
            assert!((1..=4).contains(&choices), "{id}: {}", kind.slug());
        }
    }
}

#[test]
fn every_part_is_used_by_some_theme() {
    for kind in SectionKind::ALL {
        for variant in variants(kind) {
            let used = themes().iter().any(|theme| has(&theme.variants[kind.slug()], variant));
            assert!(used, "{} {variant}", kind.slug());
        }
    }
    for header in Header::ALL {
        assert!(themes().iter().any(|theme| theme.headers.contains(&header)), "{header:?}");
    }
    for footer in Footer::ALL {
        assert!(themes().iter().any(|theme| theme.footers.contains(&footer)), "{footer:?}");
    }
    for letters in letters::all() {
        assert!(themes().iter().any(|theme| has(&theme.letters, &letters.id)), "{}", letters.id);
    }
}

#[test]
fn every_trade_has_five_themes_and_one_in_each_of_its_usual_tones() {
    for trade in Trade::ALL {
        let fitting = || themes().iter().filter(|theme| has(&theme.trades, trade.slug()));
        assert!(fitting().count() >= 5, "{}", trade.slug());
        let tones: BTreeSet<_> = fitting().flat_map(|theme| &theme.tones).collect();
        assert!(tones.len() >= 3, "{}: {tones:?}", trade.slug());
    }
}

#[test]
fn every_trade_gets_a_theme_drawn_for_it() {
    for trade in Trade::ALL {
        for seed in 0..8 {
            let theme = match_theme(trade.slug(), None, None, &BTreeSet::new(), seed);
            assert!(has(&theme.trades, trade.slug()), "{} got {}", trade.slug(), theme.id);
        }
    }
}

#[test]
fn the_seed_alone_tells_shops_of_one_trade_apart() {
    let chosen: BTreeSet<_> =
        (0..12).map(|seed| &match_theme("food", None, None, &BTreeSet::new(), seed).id).collect();
    assert!(chosen.len() >= 5, "{chosen:?}");
    let theme = theme("warung").expect("a theme");
    let cuts: BTreeSet<_> = (0..12)
        .map(|seed| {
            let cut = theme.cut(seed);
            (&cut.letters.id, cut.header, theme.variant_for(SectionKind::Hero, seed))
        })
        .collect();
    assert!(cuts.len() >= 4, "{cuts:?}");
}

#[test]
fn tone_and_colour_pull_towards_themes_that_suit_them() {
    let pink = Rgb { r: 236, g: 72, b: 153 };
    for seed in 0..8 {
        let theme = match_theme("bakery", Some(Tone::Cheerful), Some(pink), &BTreeSet::new(), seed);
        assert!(has(&theme.tones, "cheerful"), "{}", theme.id);
    }
}

#[test]
fn unknown_trades_still_get_a_theme_and_a_colour() {
    let theme = match_theme("fortune-telling", None, None, &BTreeSet::new(), 7);
    assert!(has(&theme.trades, "other"));
    default_colour("fortune-telling", None, u32::MAX);
}

#[test]
fn where_items_have_photos_the_list_shows_them() {
    for theme in themes() {
        for seed in 0..4 {
            let look = theme.look(SectionKind::Catalogue, seed, true);
            assert!(PICTURED.contains(&look), "{}: {look}", theme.id);
        }
    }
}
