//! Catalogue keys of everything that has a stable name.

use sitespark_core::brief::{Feature, Tone, Trade};

use sitespark_core::generation::Stage;

pub(crate) const fn trade_label(trade: Trade) -> &'static str {
    match trade {
        Trade::Food => "label-trade-food",
        Trade::Bakery => "label-trade-bakery",
        Trade::Fashion => "label-trade-fashion",
        Trade::Salon => "label-trade-salon",
        Trade::Laundry => "label-trade-laundry",
        Trade::Workshop => "label-trade-workshop",
        Trade::Clinic => "label-trade-clinic",
        Trade::Tutoring => "label-trade-tutoring",
        Trade::Photography => "label-trade-photography",
        Trade::Events => "label-trade-events",
        Trade::Contractor => "label-trade-contractor",
        Trade::Shop => "label-trade-shop",
        Trade::Technology => "label-trade-technology",
        Trade::Other => "label-trade-other",
    }
}

/// The word a proposed business name begins with.
pub(crate) const fn trade_shop(trade: Trade) -> &'static str {
    match trade {
        Trade::Food => "word-shop-food",
        Trade::Bakery => "word-shop-bakery",
        Trade::Fashion => "word-shop-fashion",
        Trade::Salon => "word-shop-salon",
        Trade::Laundry => "word-shop-laundry",
        Trade::Workshop => "word-shop-workshop",
        Trade::Clinic => "word-shop-clinic",
        Trade::Tutoring => "word-shop-tutoring",
        Trade::Photography => "word-shop-photography",
        Trade::Events => "word-shop-events",
        Trade::Contractor => "word-shop-contractor",
        Trade::Shop => "word-shop-shop",
        Trade::Technology => "word-shop-technology",
        Trade::Other => "word-shop-other",
    }
}

pub(crate) const fn feature_label(feature: Feature) -> &'static str {
    match feature {
        Feature::Catalogue => "label-feature-catalogue",
        Feature::Gallery => "label-feature-gallery",
        Feature::Order => "label-feature-order",
        Feature::Booking => "label-feature-booking",
        Feature::Visit => "label-feature-visit",
        Feature::About => "label-feature-about",
        Feature::Faq => "label-feature-faq",
    }
}

pub(crate) const fn tone_label(tone: Tone) -> &'static str {
    match tone {
        Tone::Warm => "label-tone-warm",
        Tone::Modern => "label-tone-modern",
        Tone::Elegant => "label-tone-elegant",
        Tone::Cheerful => "label-tone-cheerful",
        Tone::Professional => "label-tone-professional",
    }
}

pub(crate) const fn stage_line(stage: Stage) -> &'static str {
    match stage {
        Stage::Intent => "stage-intent",
        Stage::Design => "stage-design",
        Stage::Content => "stage-content",
        Stage::Images => "stage-images",
        Stage::Assembly => "stage-assembly",
        Stage::Publish => "stage-publish",
    }
}

/// The key of a wallet movement's name.
pub(crate) fn transfer(kind: &str) -> &'static str {
    match kind {
        "signup_bonus" => "word-transfer-signup",
        "daily_login" => "word-transfer-daily",
        "website_generation" => "word-transfer-generation",
        "image_generation" => "word-transfer-image",
        "refinement" => "word-transfer-refinement",
        "referral" => "word-transfer-referral",
        "purchase" => "word-transfer-purchase",
        "refund" => "word-transfer-refund",
        "grant" => "word-transfer-grant",
        _ => "word-transfer-other",
    }
}

/// Seven weekdays, Monday first.
pub(crate) const DAYS: [&str; 7] = [
    "word-day-1",
    "word-day-2",
    "word-day-3",
    "word-day-4",
    "word-day-5",
    "word-day-6",
    "word-day-7",
];
