use rstest::rstest;

use super::*;
use crate::brief::{Answer, Trade, parse_items};

fn told(text: &str) -> Brief {
    Brief { trade: Some(Answer::new(Trade::Other, text)), ..Brief::default() }
}

#[rstest]
#[case("situs judi online terpercaya", Forbidden::Gambling)]
#[case("SLOT GACOR hari ini", Forbidden::Gambling)]
#[case("agen sl0t 0nline", Forbidden::Gambling)]
#[case("bandar t0gel", Forbidden::Gambling)]
#[case("online casino with live dealers", Forbidden::Gambling)]
#[case("open BO Jakarta", Forbidden::Sexual)]
#[case("pijat plus-plus", Forbidden::Sexual)]
#[case("escort service for gentlemen", Forbidden::Sexual)]
#[case("jual senjata api rakitan", Forbidden::Weapons)]
#[case("handguns and ammunition", Forbidden::Weapons)]
#[case("jual ganja kering", Forbidden::Drugs)]
#[case("obat aborsi ampuh", Forbidden::Drugs)]
#[case("weed delivery Bali", Forbidden::Drugs)]
#[case("kaos ganyang Cina", Forbidden::Hate)]
#[case("pinjol ilegal cair cepat", Forbidden::Scam)]
#[case("jasa penggandaan uang", Forbidden::Scam)]
#[case("jual ijazah palsu", Forbidden::Scam)]
#[case("tas KW super", Forbidden::Counterfeit)]
#[case("replica watches", Forbidden::Counterfeit)]
fn what_no_site_may_be_for_is_named(#[case] text: &str, #[case] kind: Forbidden) {
    assert_eq!(check_brief(&told(text)), Err(kind));
}

#[rstest]
#[case("ayam geprek gila level setan")]
#[case("jasa pembasmi hama, bunuh serangga dan tikus")]
#[case("toko mainan: pistol air, senapan angin mainan, bom mandi")]
#[case("toko senapan angin")]
#[case("jual pistol air dan jual pistol mainan")]
#[case("slot parkir kos putri, slot jadwal masih ada")]
#[case("konseling kecanduan judi online")]
#[case("tes narkoba dan surat bebas narkoba")]
#[case("klinik rehabilitasi narkoba")]
#[case("genset 5 kw 1 phase, pompa 2 kw")]
#[case("pijat refleksi plus lulur")]
#[case("rental Ford Escort klasik")]
#[case("toko obat dan apotek, obat batuk, obat kuat baterai")]
#[case("ayam kampus, nasi uduk mahasiswa")]
#[case("kopi gayo, tahu bulat, sabun cuci")]
#[case("pisau dapur, parang berkebun")]
#[case("lingerie dan pakaian dalam wanita")]
#[case("bar, beer garden and cocktails")]
#[case("servis kartu grafis, kartu undangan, kartu nama")]
#[case("detektor uang palsu untuk kasir")]
#[case("pinjam meminjam buku, pegadaian emas resmi")]
#[case("butik tas original, bukan barang KW")]
#[case("wool carding and spinning classes")]
#[case("bakso mercon, sambal granat, mie setan")]
#[case("mie ayam judes, seblak jeletot")]
fn innocent_words_pass(#[case] text: &str) {
    assert_eq!(check_brief(&told(text)), Ok(()));
}

#[test]
fn everything_an_owner_said_is_looked_at() {
    let bad = || "slot gacor".to_owned();
    let items = parse_items("slot gacor 10rb");
    let notes = vec![bad()];
    let name = Some(Answer::new(bad(), bad()));
    for brief in [
        Brief { name: name.clone(), ..Brief::default() },
        Brief { audience: name, ..Brief::default() },
        Brief { items, ..Brief::default() },
        Brief { notes, ..Brief::default() },
    ] {
        assert_eq!(check_brief(&brief), Err(Forbidden::Gambling), "{brief:?}");
    }
}

#[test]
fn words_do_not_join_across_texts() {
    let notes = vec!["terima kartu slot".to_owned(), "gacor banget burungnya".to_owned()];
    assert_eq!(check_brief(&Brief { notes, ..Brief::default() }), Ok(()));
}

#[test]
fn a_document_is_looked_at_whole() {
    let document: Document =
        serde_json::from_str(include_str!("../../examples/documents/kopi.json")).unwrap();
    assert_eq!(check_document(&document), Ok(()));
    let mut bad = document.clone();
    bad.business.items[0].note = Some("bonus link judi".to_owned());
    assert_eq!(check_document(&bad), Err(Forbidden::Gambling));
    let mut bad = document;
    bad.pages[0].sections[0].words.lead = "Open BO di sini.".to_owned();
    assert_eq!(check_document(&bad), Err(Forbidden::Sexual));
}

#[test]
fn a_reason_reads_back() {
    for kind in Forbidden::ALL {
        assert_eq!(Forbidden::from_reason(kind.reason()), Some(kind));
        assert!(kind.reason().ends_with(kind.slug()));
    }
    assert_eq!(Forbidden::from_reason("refused"), None);
}
