//! Certificates, the time zone and a second language, as owners tell them while they are asked for
//! something else or change a live site.

use sitespark_core::brief::{Certificate, CertificateKind, Language, TimeZone};
use sitespark_core::site::Edit;
use sitespark_core::site::document::DocumentCertificate;

use super::edits::Wish;
use super::gather::Found;
use super::logo;
use super::words::{cut_all, cut_end, cut_prefix, is_in, mentions, normalise};

/// Longest message that can be nothing but a wish for languages, in words.
const MAX_WISH_WORDS: usize = 8;

/// Takes certificates out of a text, so that their numbers are not read as telephones, and notes the
/// time zone and a wish for two languages. Answers the text without the certificates.
pub(crate) fn take(text: &str, found: &mut Found) -> String {
    let mut rest = text.to_owned();
    for one in Certificate::find_all(text).into_iter().rev() {
        rest.replace_range(one.range, ", ");
        match one.value {
            Ok(certificate) => found.certificates.insert(0, certificate),
            Err(fault) => found.certificate_fault = Some(fault.kind),
        }
    }
    found.time_zone = TimeZone::parse(&rest);
    found.two_languages = wants_two_languages(&rest);
    rest
}

/// "websitenya dua bahasa": said of the site, or in a message that says little else.
pub(crate) fn wants_two_languages(text: &str) -> bool {
    let normal = normalise(text);
    let short = normal.split(' ').count() <= MAX_WISH_WORDS && !mentions("trade-lead", &normal);
    // "also in Indonesian", "tambahin versi inggris"; who teaches a language wants no second one.
    let another = short
        && !mentions("teach-words", &normal)
        && mentions("also-words", &normal)
        && mentions("language-context", &normal)
        && (mentions("language-en", &normal) || mentions("language-id", &normal));
    mentions("two-languages-surely", &normal)
        || another
        || mentions("two-languages", &normal) && (mentions("site-words", &normal) || short)
}

/// A change of a live site that is about one of these.
pub(crate) fn wish(text: &str) -> Option<Wish> {
    let removed = cut_prefix("remove-verbs", text).map(|rest| cut_end("politeness", rest));
    if let Some(rest) = removed {
        return removal(rest);
    }
    let mut edits = Vec::new();
    for one in Certificate::find_all(text) {
        match one.value {
            Ok(certificate) => edits.push(set(&certificate)),
            Err(fault) => return Some(Wish::BadCertificate(fault.kind)),
        }
    }
    if !edits.is_empty() {
        return Some(Wish::Edits(edits));
    }
    let normal = normalise(cut_all("politeness", text));
    if is_in("one-language", &normal) {
        return Some(languages(&[]));
    }
    if wants_two_languages(text) {
        return Some(languages(&Language::ALL));
    }
    let zone =
        TimeZone::parse(text).filter(|_| mentions("zone-words", &normal) || is_zone(&normal));
    zone.map(|zone| Wish::Edits(vec![Edit::SetTimeZone { zone: Some(zone.slug().to_owned()) }]))
}

fn is_zone(normal: &str) -> bool {
    TimeZone::ALL.into_iter().any(|zone| zone.slug() == normal)
}

fn removal(rest: &str) -> Option<Wish> {
    let normal = normalise(rest);
    if mentions("qris-words", &normal) {
        return Some(Wish::Edits(vec![Edit::SetQris { photo: None }]));
    }
    if logo::is_named(rest) {
        return Some(Wish::Edits(vec![Edit::SetLogo { photo: None }]));
    }
    if mentions("second-language", &normal) {
        return Some(languages(&[]));
    }
    let kind = CertificateKind::ALL.into_iter().find(|kind| {
        let named = match kind {
            CertificateKind::Halal => "certificate-halal",
            CertificateKind::Bpom => "certificate-bpom",
            CertificateKind::Pirt => "certificate-pirt",
            CertificateKind::Nib => "certificate-nib",
        };
        is_in(named, &normal)
    })?;
    Some(Wish::Edits(vec![Edit::RemoveCertificate { kind: kind.slug().to_owned() }]))
}

fn set(certificate: &Certificate) -> Edit {
    Edit::SetCertificate {
        certificate: DocumentCertificate {
            kind: certificate.kind().slug().to_owned(),
            number: certificate.number().to_owned(),
        },
    }
}

/// The document leaves its own language out by itself.
fn languages(all: &[Language]) -> Wish {
    let languages = all.iter().map(|language| language.tag().to_owned()).collect();
    Wish::Edits(vec![Edit::SetLanguages { languages }])
}

/// What is said about a number of another form.
pub(crate) const fn fault(kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::Halal => "oops-certificate-halal",
        CertificateKind::Bpom => "oops-certificate-bpom",
        CertificateKind::Pirt => "oops-certificate-pirt",
        CertificateKind::Nib => "oops-certificate-nib",
    }
}
