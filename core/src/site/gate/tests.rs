use super::super::document::DocumentLink;
use super::super::{compile_pages, sample};
use super::*;

fn faults(document: &Document) -> Vec<Fault> {
    check(document, &compile_pages(document, &sample::place()).expect("a site"))
}

fn kinds(document: &Document) -> Vec<FaultKind> {
    faults(document).into_iter().map(|fault| fault.kind).collect()
}

#[test]
fn the_samples_pass_without_a_fault() {
    for document in [sample::coffee(), sample::barber(), sample::dentist()] {
        assert_eq!(faults(&document), vec![], "{}", document.business.name);
    }
}

#[test]
fn a_bank_that_wants_a_login_is_stopped() {
    let mut document = sample::coffee();
    document.business.name = "BCA Layanan".to_owned();
    document.pages[0].sections[0].words.lead = "Silakan login untuk verifikasi.".to_owned();
    assert!(kinds(&document).contains(&FaultKind::Impersonation));
}

#[test]
fn asking_for_secrets_is_stopped() {
    let mut document = sample::coffee();
    document.pages[0].sections[0].words.lead = "Kirim kode OTP Anda.".to_owned();
    assert_eq!(kinds(&document), vec![FaultKind::AsksSecrets]);
}

#[test]
fn honest_shops_near_those_words_pass() {
    let mut document = sample::coffee();
    document.business.name = "Kopi Dana Rasa".to_owned();
    document.pages[0].sections[0].words.lead = "Bayar pakai OVO atau GoPay. Otopia.".to_owned();
    assert_eq!(kinds(&document), vec![]);
}

#[test]
fn everyday_names_that_banks_carry_may_sell_gifts_but_not_take_logins() {
    let mut document = sample::coffee();
    document.business.name = "Toko Mandiri Jaya".to_owned();
    document.pages[0].sections[0].words.lead = "Kado dan hadiah.".to_owned();
    assert_eq!(kinds(&document), vec![]);
    document.pages[0].sections[0].words.lead = "Verifikasi akun di sini.".to_owned();
    assert_eq!(kinds(&document), vec![FaultKind::Impersonation]);
}

#[test]
fn broken_links_and_anchors_are_found() {
    let document = sample::coffee();
    let mut built = compile_pages(&document, &sample::place()).expect("a site");
    let html = String::from_utf8(built.files[0].bytes.clone()).expect("text");
    built.files[0].bytes = html.replace("id=\"menu\"", "id=\"gone\"").into_bytes();
    let links: Vec<_> = check(&document, &built);
    assert!(links.iter().any(|fault| fault.kind == FaultKind::Link), "{links:?}");
}

#[test]
fn a_second_first_heading_is_found() {
    let document = sample::coffee();
    let mut built = compile_pages(&document, &sample::place()).expect("a site");
    let html = String::from_utf8(built.files[0].bytes.clone()).expect("text");
    built.files[0].bytes = html.replace("<h3>", "<h1>").into_bytes();
    assert!(check(&document, &built).iter().any(|fault| fault.kind == FaultKind::Headings));
}

#[test]
fn a_number_nobody_can_call_blocks_and_a_long_title_is_told() {
    let mut document = sample::coffee();
    document.business.phone = Some("0812".to_owned());
    document.meta.title = "x".repeat(90);
    let kinds = kinds(&document);
    assert_eq!(kinds, vec![FaultKind::Phone, FaultKind::Meta]);
    assert!(kinds[0].blocks() && !kinds[1].blocks());
}

#[derive(serde::Deserialize)]
struct Cases {
    innocent: Vec<[String; 2]>,
    bad: Vec<[String; 2]>,
}

fn cases() -> Cases {
    toml::from_str(include_str!("cases.toml")).expect("the cases")
}

fn judged([name, text]: &[String; 2]) -> Vec<Fault> {
    let mut document = sample::coffee();
    document.business.name.clone_from(name);
    document.pages[0].sections[0].words.lead.clone_from(text);
    let mut faults = Vec::new();
    phishing::check(&document, &mut faults);
    faults
}

#[test]
fn honest_businesses_pass() {
    let cases = cases().innocent;
    assert!(cases.len() >= 40, "{}", cases.len());
    let stopped: Vec<String> = cases
        .iter()
        .map(|case| (case, judged(case)))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(case, faults)| format!("{case:?}: {faults:?}"))
        .collect();
    assert_eq!(stopped, Vec::<String>::new());
}

#[test]
fn traps_are_stopped() {
    let cases = cases().bad;
    assert!(cases.len() >= 40, "{}", cases.len());
    let passed: Vec<_> = cases.iter().filter(|case| judged(case).is_empty()).collect();
    assert_eq!(passed, Vec::<&[String; 2]>::new());
}

#[test]
fn words_in_another_language_are_read_too() {
    let mut document = sample::coffee();
    let mut translation =
        super::super::translation_of(&Document { language: "en".to_owned(), ..document.clone() });
    let words = translation.words.values_mut().next().expect("words");
    words.lead = "Please enter your password.".to_owned();
    document.translations.push(translation);
    assert_eq!(kinds(&document), vec![FaultKind::AsksSecrets]);
}

#[test]
fn hosts_that_imitate_are_stopped_and_true_ones_pass() {
    let with = |url: &str| {
        let mut document = sample::coffee();
        document.business.links =
            vec![DocumentLink { kind: "website".to_owned(), url: url.to_owned() }];
        kinds(&document)
    };
    for url in [
        "https://tokopedia-promo.xyz/",
        "https://shopee.co.id.evil.id/x",
        "https://www.bca-verifikasi.com/",
        "https://kl1kbca.com/",
        "https://promo.bri.hadiah.com/",
    ] {
        assert_eq!(with(url), vec![FaultKind::LinkLookAlike], "{url}");
    }
    for url in [
        "https://www.tokopedia.com/senja",
        "https://shopee.co.id/senja",
        "https://www.bca.co.id/",
        "https://kopisenja.co.id/",
        "https://linktr.ee/senja",
        "https://mandirijaya.com/",
    ] {
        assert_eq!(with(url), vec![], "{url}");
    }
}

#[test]
fn foreign_markup_is_stopped() {
    let document = sample::coffee();
    for foreign in [
        "<script>alert(1)</script>",
        "<iframe src=\"https://evil.id\"></iframe>",
        "<input type=\"password\">",
        "<form method=\"post\" action=\"https://evil.id/\"></form>",
    ] {
        let mut built = compile_pages(&document, &sample::place()).expect("a site");
        let html = String::from_utf8(built.files[0].bytes.clone()).expect("text");
        built.files[0].bytes = html.replace("</main>", &format!("{foreign}</main>")).into_bytes();
        let found = check(&document, &built);
        assert!(found.iter().any(|fault| fault.kind == FaultKind::Markup), "{foreign}: {found:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_upsets_the_rules(name in "\\PC{0,40}", text in "\\PC{0,120}") {
        // Whatever it answers: it must not panic.
        let _ = judged(&[name, text]);
    }
}
