//! A house for a test, and people who talk to it.

pub(crate) mod discord;
pub(crate) mod http;
pub(crate) mod pictures;
pub(crate) mod program;
pub(crate) mod speech;
pub(crate) mod talk;
pub(crate) mod telegram;
pub(crate) mod whatsapp;
pub(crate) mod world;

pub(crate) use world::{Running, World};

/// The answers that lead a café to its website, as they are typed.
pub(crate) const CAFE: [&str; 8] = [
    "halo kak",
    "kedai kopi",
    "Kopi Senja",
    "anak muda dan pekerja kantoran",
    "menu harga, pesan lewat wa, jam buka",
    "Kopi Susu Senja 18rb, Americano 15rb, Roti Bakar Coklat 20rb",
    "warna coklat, hangat",
    "WA 0812-3456-7890, Jl. Braga No. 12 Bandung, buka tiap hari 08.00-22.00",
];

/// What must stand on the café's page, however it was worded.
pub(crate) const CAFE_FACTS: [&str; 7] = [
    "Kopi Senja",
    "Kopi Susu Senja",
    "Rp18.000",
    "Americano",
    "Rp15.000",
    "6281234567890",
    "Braga",
];

/// The café's name under the sites' domain.
pub(crate) const CAFE_HOST: &str = "kopi-senja.situs.test";
