//! Changes of a live site as owners say them, and what becomes of them.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use sitespark_bot::conversation::{
    Deed, Effect, Event, Live, Pending, Reviewing, SiteFacts, State, Talk, step,
};
use sitespark_bot::message::Content;
use sitespark_bot::texts::Texts;
use sitespark_core::brief::Language;
use sitespark_core::generation::Refinement;
use sitespark_core::site::document::{DocumentSpan, SectionKind};
use sitespark_core::site::{Edit, HoursEdit};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

const ITEMS: [(&str, i64); 6] = [
    ("Kopi Susu", 18_000),
    ("Roti Bakar", 12_000),
    ("Es Teh Manis", 5_000),
    ("Nastar", 85_000),
    ("Kastengel", 95_000),
    ("Putri Salju", 80_000),
];

fn said(text: &str) -> (State, Vec<Effect>) {
    let mut facts = support::facts(Language::Id);
    facts.sites.push(SiteFacts {
        id: support::site_id(),
        name: "Kopi Senja".to_owned(),
        url: "http://kopi-senja.toko.test".to_owned(),
        live: true,
        items: ITEMS.map(|(name, _)| name.to_owned()).to_vec(),
        prices: ITEMS.map(|(_, price)| Some((price, None))).to_vec(),
        phone: Some("+6281234563391".to_owned()),
    });
    let live = Live {
        site: support::site_id(),
        url: "http://kopi-senja.toko.test".to_owned(),
        formal: false,
    };
    let state = State::Reviewing(Reviewing { live, talk: Talk::default() });
    let event = Event::Said(Content::Text { text: text.to_owned() });
    step(state, event, &facts, support::NOW_MS, &Texts::load())
}

/// The edits of a message in short, or what else it led to.
fn told(text: &str) -> String {
    let (state, effects) = said(text);
    let mut parts = Vec::new();
    for effect in &effects {
        match effect {
            Effect::ApplyEdits { edits, .. } => parts.extend(edits.iter().map(short)),
            Effect::Rename { subdomain, .. } => parts.push(format!("rename {subdomain}")),
            Effect::Undo(_) => parts.push("undo".to_owned()),
            Effect::Say(_) | Effect::SetLanguage(_) | Effect::StartRun { .. } => {}
            Effect::WriteAgain(_) | Effect::RecallMovements => {}
            Effect::CancelRun(_) | Effect::ClaimDaily | Effect::AcceptReferral { .. } => {}
            Effect::FetchPhoto { .. } | Effect::ReadMenu { .. } | Effect::Mute => {}
            Effect::React(_) => {}
            Effect::Do(Deed::Refine { wish, .. }) => parts.push(refined(wish)),
            Effect::Do(deed) => parts.push(format!("{deed:?}")),
        }
    }
    if let State::Refining(refining) = &state
        && let Some(slot) = &refining.slot
    {
        parts.push(format!("ask {slot:?}"));
    }
    if let State::Reviewing(reviewing) = &state
        && let Some(pending) = &reviewing.talk.pending
    {
        parts.push(match pending {
            Pending::Pick { options } => {
                let labels: Vec<&str> = options.iter().map(|one| one.label.as_str()).collect();
                format!("which of {}", labels.join(", "))
            }
            other => format!("{other:?}"),
        });
    }
    parts.join("; ")
}

fn refined(wish: &Refinement) -> String {
    match wish {
        Refinement::Restore { section, before_ms, number } => {
            let section = section.map_or("all", SectionKind::slug);
            let days = before_ms.map(|before| (support::NOW_MS - before) / DAY_MS);
            format!("restore {section} {days:?} {number:?}")
        }
        Refinement::Voice { section } => {
            format!("voice {}", section.map_or("all", SectionKind::slug))
        }
        Refinement::Translate { language } => format!("translate {language}"),
        Refinement::Rewrite { .. } => "rewrite".to_owned(),
    }
}

/// "6 540-720", "closed 7", "break 1234567 720-780", "opens 420", "closes 1260".
fn changed(change: &HoursEdit) -> String {
    let days = |days: &[u8]| days.iter().map(u8::to_string).collect::<String>();
    let span = |span: &DocumentSpan| {
        format!("{} {}-{}", days(&span.days), span.opens_min, span.closes_min)
    };
    let mut parts: Vec<String> = change.spans.iter().map(span).collect();
    let named = [("closed", &change.closed), ("usual", &change.usual)];
    let named = named.into_iter().filter(|(_, all)| !all.is_empty());
    parts.extend(named.map(|(word, all)| format!("{word} {}", days(all))));
    parts.extend(change.breaks.iter().map(|pause| format!("break {}", span(pause))));
    parts.extend(change.opens_min.map(|minute| format!("opens {} {minute}", days(&change.days))));
    parts.extend(change.closes_min.map(|minute| format!("closes {} {minute}", days(&change.days))));
    format!("days {}", parts.join(", "))
}

fn short(edit: &Edit) -> String {
    match edit {
        Edit::SetName { name } => format!("name {name}"),
        Edit::SetPhone { phone } => format!("phone {}", phone.as_deref().unwrap_or("-")),
        Edit::SetAddress { address, city } => {
            format!(
                "address {} / {}",
                address.as_deref().unwrap_or("-"),
                city.as_deref().unwrap_or("-")
            )
        }
        Edit::SetHours { hours } => {
            format!("hours {}", hours.as_ref().map_or(0, |h| h.spans.len()))
        }
        Edit::ChangeHours { change } => changed(change),
        Edit::PutItem { item } => format!("put {} {:?}", item.name, item.price_rupiah),
        Edit::SetPrice { item, price_rupiah } => format!("price {item} {price_rupiah}"),
        Edit::RemoveItem { item } => format!("remove {item}"),
        Edit::SetSoldOut { item, sold_out } => format!("sold out {item} {sold_out}"),
        Edit::Recolour { .. } => "recolour".to_owned(),
        Edit::SetTheme { theme } => format!("theme {theme}"),
        Edit::SetHeading { section, heading } => format!("heading {} {heading}", section.slug()),
        Edit::SetHidden { section, hidden } => format!("hidden {} {hidden}", section.slug()),
        Edit::AddPhoto { .. } => "photo".to_owned(),
        Edit::PutPerson { person } => format!("person {}", person.name),
        Edit::RemovePerson { name } => format!("remove person {name}"),
        Edit::PutTestimonial { testimonial } => format!("said {}", testimonial.text),
        Edit::RemoveTestimonial { text } => format!("remove said {text}"),
        Edit::SetLook { section, variant, .. } => format!("look {} {variant:?}", section.slug()),
        Edit::PutLink { link } => format!("link {}", link.url),
        Edit::SetCertificate { certificate } => {
            format!("certificate {} {}", certificate.kind, certificate.number)
        }
        Edit::RemoveCertificate { kind } => format!("no certificate {kind}"),
        Edit::SetQris { photo } => format!("qris {}", photo.is_some()),
        Edit::SetLogo { photo } => format!("logo {}", photo.is_some()),
        Edit::SetTimeZone { zone } => format!("zone {}", zone.as_deref().unwrap_or("-")),
        Edit::SetLanguages { languages } => format!("languages {}", languages.join("+")),
        Edit::RemoveLink { kind } => format!("no link {kind}"),
        Edit::SetEmail { email } => format!("email {}", email.as_deref().unwrap_or("-")),
        Edit::SetPriceRange { item, price_rupiah, price_to_rupiah } => {
            assert_eq!(*price_to_rupiah, None);
            format!("price {item} {price_rupiah}")
        }
        Edit::RenameItem { item, name } => format!("rename item {item} to {name}"),
        Edit::MoveItem { item, place } => format!("move {item} {place:?}"),
        Edit::SetItemNote { item, note } => {
            format!("note {item} {}", note.as_deref().unwrap_or("-"))
        }
        Edit::SetItemPhoto { item, photo } => format!("photo of {item} {photo:?}"),
        Edit::SetTrade { trade, .. } => format!("trade {trade}"),
        Edit::Retheme { tone } => format!("retheme {}", tone.as_deref().unwrap_or("-")),
        Edit::SetLead { section, lead } => format!("lead {} {lead}", section.slug()),
        Edit::SetAction { section, action } => format!("action {} {action}", section.slug()),
        Edit::SetParagraph { section, number, text } => {
            format!("paragraph {} {number} {text}", section.slug())
        }
        Edit::SetPoint { section, point, .. } | Edit::PutPoint { section, point } => {
            format!("point {} {} = {}", section.slug(), point.title, point.text)
        }
        Edit::RemovePoint { section, number } => format!("no point {} {number}", section.slug()),
        Edit::SetWords { section, .. } => format!("words {}", section.slug()),
        Edit::AddSection { section, .. } => format!("add {}", section.slug()),
        Edit::RemoveSection { section } => format!("remove section {}", section.slug()),
        Edit::MoveSection { section, place } => format!("move {} {place:?}", section.slug()),
        Edit::SetLocked { section, locked } => format!("lock {} {locked}", section.slug()),
        Edit::RemovePhoto { photo } => format!("no photo {photo:?}"),
        Edit::SetHeroPhoto { photo } => format!("hero {photo:?}"),
        Edit::SetLanguage { language } => format!("language {language}"),
        Edit::SetMeta { meta } => format!("meta {}", meta.title),
        Edit::SetTitle { title } => format!("title {title}"),
        Edit::SetDescription { description } => format!("description {description}"),
    }
}

const TABLE: &[(&str, &str)] = &[
    ("NIB 1234567890123", "certificate nib 1234567890123"),
    ("tambah sertifikat halal ID00410000123450721", "certificate halal ID00410000123450721"),
    ("no pirt kami 201347101012325 ya kak", "certificate pirt 2013471010123-25"),
    ("hapus sertifikat halal", "no certificate halal"),
    ("dua bahasa dong kak", "languages id+en"),
    ("websitenya jadi dua bahasa", "languages id+en"),
    ("satu bahasa saja", "languages "),
    ("hapus bahasa inggris", "languages "),
    ("zona waktu WITA", "zone wita"),
    ("hapus qris", "qris false"),
    ("hapus logo", "logo false"),
    ("logonya dihapus aja kak", "logo false"),
    ("remove the logo please", "logo false"),
    ("hapus logo dan ganti nomor WA jadi 0813 1111 2222", "logo false; phone +6281311112222"),
    ("ganti logo", ""),
    ("pirt 12345678", ""),
    ("ganti nomor WA jadi 0813 1111 2222", "phone +6281311112222"),
    ("nomor wa ganti 0813-1111-2222", "phone +6281311112222"),
    ("0813 1111 2222", "phone +6281311112222"),
    ("nama jadi Kopi Pagi", "name Kopi Pagi"),
    ("ganti nama usaha jadi Kopi Pagi ya kak", "name Kopi Pagi"),
    ("namanya ganti jadi Kopi Pagi", "name Kopi Pagi"),
    ("jam buka senin-sabtu 8-5", "hours 1"),
    ("sekarang buka jam 9 sampai jam 9 malam", "hours 1"),
    ("ganti jam buka jadi setiap hari 07.00-21.00", "hours 1"),
    ("alamat Jl. Melati 5, Bandung", "address Jl. Melati 5, Bandung / Bandung"),
    ("ganti alamat ke Jl. Kenanga 12", "address Jl. Kenanga 12 / -"),
    ("tambah menu Es Jeruk 5rb", "put Es Jeruk Some(5000)"),
    ("tolong tambahin es jeruk 5rb dong kak", "put Es jeruk Some(5000)"),
    ("tambah Es Jeruk 5rb, Teh Tarik 8rb", "put Es Jeruk Some(5000); put Teh Tarik Some(8000)"),
    ("harga kopi susu jadi 20rb", "price Kopi Susu 20000"),
    ("kopi susu naik jadi 20rb", "price Kopi Susu 20000"),
    ("kopi susu 20rb", "price Kopi Susu 20000"),
    ("kopi ssusu jadi 20.000", "price Kopi Susu 20000"),
    ("hapus menu roti", "remove Roti Bakar"),
    ("hapus roti bakar", "remove Roti Bakar"),
    ("kopi susu habis", "sold out Kopi Susu true"),
    ("kak kopi susu lagi kosong ya", "sold out Kopi Susu true"),
    ("kopi susu ada lagi", "sold out Kopi Susu false"),
    ("kopi susu udah ready", "sold out Kopi Susu false"),
    ("ganti warna hijau", "recolour"),
    ("warnanya hijau tua dong", "recolour"),
    ("ubah warna jadi biru muda", "recolour"),
    ("judulnya Kopi enak tiap pagi", "heading hero Kopi enak tiap pagi"),
    ("ganti judul jadi \"Ngopi yuk\"", "heading hero Ngopi yuk"),
    ("sembunyikan galeri", "hidden gallery true"),
    ("hilangkan bagian tanya jawab", "hidden faq true"),
    ("tampilkan galeri lagi", "add gallery"),
    ("ig @kopisenja", "link https://www.instagram.com/kopisenja"),
    ("tambah link https://shopee.co.id/kopisenja", "link https://shopee.co.id/kopisenja"),
    ("ganti alamat situs jadi kopi-pagi", "rename kopi-pagi"),
    ("ganti link jadi kopi pagi", "rename kopi-pagi"),
    ("ganti nomor", "ask Phone"),
    ("ganti harga kopi susu", "ask Price { item: Some(\"Kopi Susu\") }"),
    ("tambah menu", "ask NewItem"),
    ("kembalikan", "undo"),
    ("batalkan perubahan", "undo"),
    ("saya mau web buat laundry", "NewOrChange { said: \"saya mau web buat laundry\" }"),
    ("change the phone number to 0813 1111 2222", "phone +6281311112222"),
    ("change the name to Kopi Pagi", "name Kopi Pagi"),
    ("open monday-saturday 8-17", "hours 1"),
    ("add Iced Tea 5k", "put Iced Tea Some(5000)"),
    ("price of kopi susu to 20k", "price Kopi Susu 20000"),
    ("remove roti bakar", "remove Roti Bakar"),
    ("kopi susu sold out", "sold out Kopi Susu true"),
    ("kopi susu is back", "sold out Kopi Susu false"),
    ("make it green", "recolour"),
    ("hide gallery", "hidden gallery true"),
    ("change the heading to Fresh every day", "heading hero Fresh every day"),
    ("undo", "undo"),
    ("nomor wa 0813", "ask Phone"),
    ("hapus nomor", "phone -"),
    // Prices, one by one, relative, and all at once.
    ("harga nastar jadi 90rb", "price Nastar 90000"),
    ("nastar naik 5rb", "price Nastar 90000"),
    ("nastar naik jadi 90rb ya", "price Nastar 90000"),
    ("naikin harga kastengel 5rb", "price Kastengel 100000"),
    ("putri salju turun 5rb", "price Putri Salju 75000"),
    ("putri salju turun jadi 70rb", "price Putri Salju 70000"),
    (
        "naikin semua harga 10%",
        "price Kopi Susu 19800; price Roti Bakar 13200; price Es Teh Manis 5500; price Nastar 93500; \
         price Kastengel 104500; price Putri Salju 88000",
    ),
    (
        "semua turun 2rb",
        "price Kopi Susu 16000; price Roti Bakar 10000; price Es Teh Manis 3000; price Nastar 83000; \
         price Kastengel 93000; price Putri Salju 78000",
    ),
    ("harga nastar salah, harusnya 80rb", "price Nastar 80000"),
    ("harga rengginang jadi 20rb", "which of + rengginang"),
    ("nastra jadi 90rb", "price Nastar 90000"),
    // Stock.
    ("putri salju abis", "sold out Putri Salju true"),
    ("kastengel ada lagi", "sold out Kastengel false"),
    ("nastar sama kastengel habis", "sold out Nastar true; sold out Kastengel true"),
    (
        "nastar, kastengel dan putri salju habis",
        "sold out Nastar true; sold out Kastengel true; sold out Putri Salju true",
    ),
    // Several in one message.
    ("kopi susu habis terus nastar jadi 90rb", "sold out Kopi Susu true; price Nastar 90000"),
    (
        "nastar 90rb, kastengel 100rb\nputri salju habis",
        "price Nastar 90000; price Kastengel 100000; sold out Putri Salju true",
    ),
    ("hapus faq, galeri", "hidden faq true; hidden gallery true"),
    (
        "tambah menu es campur 5rb sama es jeruk 7rb",
        "put Es campur Some(5000); put Es jeruk Some(7000)",
    ),
    // Facts put right.
    ("nama tokonya salah, harusnya Kopi Pagi", "name Kopi Pagi"),
    ("jam bukanya ganti 9-5 ya", "hours 1"),
    ("wa nya ganti 0813 1111 2222", "phone +6281311112222"),
    ("hapus ig", "no link instagram"),
    ("hapus link shopee", "no link shopee"),
    ("emailnya ganti halo@kopi.id", "email halo@kopi.id"),
    ("ganti jenis usaha jadi katering", "trade food"),
    // Items.
    ("ganti nama kopi susu jadi Kopi Gula Aren", "rename item Kopi Susu to Kopi Gula Aren"),
    ("keterangan nastar: isi 50 butir", "note Nastar isi 50 butir"),
    ("pindahin nastar ke paling atas", "move Nastar First"),
    // Looks.
    ("warnanya jangan pink, ijo aja", "recolour"),
    ("ganti tampilan", "retheme -"),
    ("bosen sama tampilannya", "retheme -"),
    ("yang lebih modern dong", "retheme modern"),
    ("tampilannya biar lebih elegan", "retheme elegant"),
    ("tulisannya dibuat lebih santai", "voice all"),
    ("bahasanya lebih formal ya kak", "voice all"),
    ("websitenya pakai bahasa inggris dong", "translate en"),
    // Sections and their words.
    ("hapus bagian faq", "hidden faq true"),
    ("hapus bagian faq permanen", "remove section faq"),
    ("tambah bagian faq", "add faq"),
    ("pindahin galeri ke atas", "move gallery First"),
    ("galeri pindahin ke paling bawah", "move gallery Last"),
    ("taruh faq di bawah bagian menu", "move faq After { section: Catalogue }"),
    ("kunci bagian tentang", "lock about true"),
    ("buka kunci bagian tentang", "lock about false"),
    (
        "judul atasnya ganti: Selamat Datang di Kopi Senja",
        "heading hero Selamat Datang di Kopi Senja",
    ),
    ("judul galeri ganti jadi Suasana", "heading gallery Suasana"),
    ("tulisan tombolnya ganti jadi Pesan Sekarang", "action hero Pesan Sekarang"),
    ("tentang kami ganti jadi: Kami buka sejak pagi.", "paragraph about 1 Kami buka sejak pagi."),
    ("paragraf kedua tentang kami ganti jadi Mampir ya.", "paragraph about 2 Mampir ya."),
    ("tambah pertanyaan: Bisa COD? Sekitar Bandung", "point faq Bisa COD? = Sekitar Bandung"),
    ("judul google jadi Kopi Senja Bandung", "title Kopi Senja Bandung"),
    // Photos.
    ("fotonya yang kedua hapus", "no photo Number { number: 2 }"),
    ("hapus foto ke-3", "no photo Number { number: 3 }"),
    ("hapus foto terakhir", "no photo Last"),
    ("hapus foto", "ask RemovePhoto"),
    ("jadikan foto kedua foto utama", "hero Number { number: 2 }"),
    ("foto kedua buat nastar", "photo of Nastar Some(Number { number: 2 })"),
    // Back in time.
    ("balikin bagian menu kayak kemarin", "restore catalogue Some(0) None"),
    ("kembalikan bagian tentang", "restore about None None"),
    ("balikin ke versi 3", "restore all None Some(3)"),
    // Slips, passives, hours of a week and prices in thousands.
    ("eh salah, kopi susu 20rb aja", "price Kopi Susu 20000"),
    ("eh salah maksudnya nastar 95rb", "price Nastar 95000"),
    ("oops wrong, kopi susu 21k", "price Kopi Susu 21000"),
    ("gajadi, balikin aja", "undo"),
    ("batalin yg barusan", "undo"),
    ("undo please", "undo"),
    ("kopi susu 20", "price Kopi Susu 20000"),
    ("HARGA KOPI SUSU 20RB", "price Kopi Susu 20000"),
    ("kopi susu sama es teh naik 1000", "price Kopi Susu 19000; price Es Teh Manis 6000"),
    ("jam buka senin-jumat 8-5, sabtu 8-12, minggu tutup", "hours 2"),
    ("minggu tutup", "days closed 7"),
    ("sabtu buka jam 8 sampai 12", "days 6 480-720"),
    ("setu prei", "days closed 6"),
    ("close at midnight on fridays", "days closes 5 1440"),
    ("also in Indonesian please", "languages id+en"),
    ("tambahin versi bahasa inggris dong", "languages id+en"),
    ("tambahkan testimoni Rani: halus banget", "said halus banget"),
    ("roti bakar rusak, tandain kosong", "sold out Roti Bakar true"),
    ("we no longer do nastar", "remove Nastar"),
    ("nastar gak jual lagi hapus aja", "remove Nastar"),
    ("kastengel munggah dadi 99rb", "price Kastengel 99000"),
    ("alamat jl ir juanda 5 tasikmalaya", "address jl ir juanda 5 tasikmalaya / Tasikmalaya"),
    ("rename the site to Paint & Play", "name Paint & Play"),
    ("closed on Tuesdays as well", "days closed 2"),
    ("batal, balikin lagi", "undo"),
    ("istirahat jam 12 sampe jam 1", "days break 1234567 720-780"),
    ("sekarang tutup jam 9 malam", "days closes 1234567 1260"),
    ("minggu juga buka kak", "days usual 7"),
    ("we're also open on Saturday 9am to 1pm", "days 6 540-780"),
    ("sekarang gak 24 jam lagi, cuma jam 7 pagi sampai 10 malam tiap hari", "hours 1"),
    ("tambah dokter: drg. Maya Lestari, spesialis ortodonti", "person drg. Maya Lestari"),
    ("tambahin tim Budi sebagai kasir", "person Budi"),
    ("tambahkan testimoni dari Mama Kenzo: anaknya jadi suka", "said anaknya jadi suka"),
    ("add a testimonial from Emma: best trip ever", "said best trip ever"),
    ("hapus testimoni Mama Kenzo", "remove said Mama Kenzo"),
    ("nastar diskon 20%", "price Nastar 68000"),
    ("naikin kopi susu 10 persen", "price Kopi Susu 19800"),
    ("nastar is 90k now not 85k", "price Nastar 90000"),
    ("kopi susu 20rb bukan 18rb", "price Kopi Susu 20000"),
    ("es teh manis dari 5rb jadi 6rb", "price Es Teh Manis 6000"),
    ("kalau nastar jadi 90rb", "price Nastar 90000"),
    ("drop the nastar to 80k", "price Nastar 80000"),
    ("we ran out of nastar", "sold out Nastar true"),
    ("kehabisan roti bakar", "sold out Roti Bakar true"),
    ("roti bakar lagi penuh", "sold out Roti Bakar true"),
    ("nastarnya abis kang", "sold out Nastar true"),
    ("nastar mboten wonten dinten niki", "sold out Nastar true"),
    ("nastar lagi kosong, tandai habis dulu", "sold out Nastar true"),
    ("nastar gak jual lagi, hapus aja", "remove Nastar"),
    ("nastar kasih keterangan: isi 50 butir", "note Nastar isi 50 butir"),
    ("tambahkan layanan pesan antar", "put Pesan antar None"),
    ("eh balikin nama yang tadi", "undo"),
    ("ganti judul jadi Cepat, Rapi, Murah", "heading hero Cepat, Rapi, Murah"),
    ("pindahin kontak ke atas", "move contact First"),
    ("es teh manis dihapus", "remove Es Teh Manis"),
    ("galeri diumpetin dulu", "hidden gallery true"),
    ("munculin lagi galerinya", "add gallery"),
    ("testimoni dihapus aja", "hidden testimonials true"),
    ("menu dipindah ke bawah galeri", "move catalogue After { section: Gallery }"),
    ("foto nya dihapus yg pertama", "no photo Number { number: 1 }"),
    (
        "kopi susu kosong dulu, roti bakar udah ada lagi",
        "sold out Kopi Susu true; sold out Roti Bakar false",
    ),
    ("nastar gak jadi habis", "sold out Nastar false"),
    ("nastar tersedia lagi, harganya 87rb", "sold out Nastar false; price Nastar 87000"),
    ("tambahin paket ramadhan 150rb", "put Paket ramadhan Some(150000)"),
    (
        "wa sama alamat pindah: 0813 1111 2222, jl mawar 5 solo",
        "phone +6281311112222; address jl mawar 5 solo / Solo",
    ),
    (
        "kopi susu 22rb ya, es teh habis, sama jam buka jadi 9-9",
        "price Kopi Susu 22000; sold out Es Teh Manis true; hours 1",
    ),
    ("kopi susu harganya salah", ""),
    // What is theirs.
    ("redo", "Redo(SiteId(00000000-0000-0000-0000-000000000009))"),
    ("riwayat", "ListVersions(SiteId(00000000-0000-0000-0000-000000000009))"),
    ("hubungkan", "MakeLinkCode"),
    ("kode abcd-2345", "EnterLinkCode { code: \"ABCD2345\" }"),
    ("kirim file web saya", "Export(SiteId(00000000-0000-0000-0000-000000000009), Site)"),
    ("poster qr buat di warung", "Export(SiteId(00000000-0000-0000-0000-000000000009), Poster)"),
    ("hapus data saya", "Forget"),
];

#[test]
fn changes_are_understood_as_owners_say_them() {
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(text, expected)| {
            let found = told(text);
            (found != *expected).then(|| format!("{text:?}: {found:?}, not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn small_talk_changes_nothing() {
    for text in ["wah keren", "asdf qwer", "berapa harganya?", "hmm", "pelanggan saya suka", "?"] {
        assert_eq!(told(text), "", "{text}");
    }
}
