//! What an upload is. Its first bytes say so; nobody's word for it is taken.

use sitespark_bot::message::{Content, FileRef};
use sitespark_core::plain::plain;

/// Longest name of a file that is kept.
const MAX_NAME_CHARS: usize = 200;
/// As much of a text as is looked at to see that it is one.
const TEXT_SAMPLE_BYTES: usize = 4 * 1024;

/// A kind of upload, with its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A picture browsers show.
    Picture(&'static str),
    /// A recording.
    Voice(&'static str),
    /// A list, a menu, anything to read.
    Document(&'static str),
}

impl Kind {
    /// The kind of these bytes, if it is one we take.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0xff, 0xd8, 0xff, ..] => Self::Picture("image/jpeg"),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Self::Picture("image/png"),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Self::Picture("image/webp")
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => {
                Self::Voice("audio/wav")
            }
            [b'O', b'g', b'g', b'S', ..] => Self::Voice("audio/ogg"),
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Self::Voice("audio/webm"),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Self::Voice("audio/mp4"),
            [b'I', b'D', b'3', ..] | [0xff, 0xfb, ..] => Self::Voice("audio/mpeg"),
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Document("application/pdf"),
            [b'P', b'K', 3, 4, ..] => Self::Document("application/zip"),
            _ if is_text(bytes) => Self::Document("text/plain"),
            _ => return None,
        })
    }

    /// How it is told to be stored.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Picture(media_type) | Self::Voice(media_type) | Self::Document(media_type) => {
                media_type
            }
        }
    }

    /// What the person sent with it.
    pub(crate) fn content(
        self,
        file: FileRef,
        name: Option<&str>,
        caption: Option<String>,
    ) -> Content {
        match self {
            Self::Picture(_) => Content::Photo { file, caption },
            Self::Voice(_) => Content::Voice { file },
            Self::Document(_) => {
                let name = name.map(plain);
                let name = name.map(|name| name.chars().take(MAX_NAME_CHARS).collect::<String>());
                Content::Document {
                    file,
                    name: name.filter(|name| !name.trim().is_empty()),
                    caption,
                }
            }
        }
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(TEXT_SAMPLE_BYTES)];
    let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    match std::str::from_utf8(sample) {
        Ok(text) => !text.is_empty() && text.chars().all(is_plain),
        // The sample may end within a character.
        Err(error) => {
            error.error_len().is_none()
                && std::str::from_utf8(&sample[..error.valid_up_to()])
                    .is_ok_and(|text| text.chars().all(is_plain))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bytes_say_what_a_file_is() {
        let kinds: [(&[u8], Option<Kind>); 12] = [
            (b"\x89PNG\r\n\x1a\n....", Some(Kind::Picture("image/png"))),
            (b"\xff\xd8\xff\xe0", Some(Kind::Picture("image/jpeg"))),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Some(Kind::Picture("image/webp"))),
            (b"RIFF\x00\x00\x00\x00WAVE", Some(Kind::Voice("audio/wav"))),
            (b"OggS\0", Some(Kind::Voice("audio/ogg"))),
            (b"\x1a\x45\xdf\xa3x", Some(Kind::Voice("audio/webm"))),
            (b"\0\0\0\x18ftypM4A ", Some(Kind::Voice("audio/mp4"))),
            (b"%PDF-1.7", Some(Kind::Document("application/pdf"))),
            (b"PK\x03\x04", Some(Kind::Document("application/zip"))),
            ("Nastar;85rb\n".as_bytes(), Some(Kind::Document("text/plain"))),
            (b"MZ\x90\0", None),
            (b"", None),
        ];
        for (bytes, kind) in kinds {
            assert_eq!(Kind::of(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_text_may_be_cut_within_a_character() {
        let long = "é".repeat(TEXT_SAMPLE_BYTES);
        assert_eq!(
            Kind::of(&long.as_bytes()[..TEXT_SAMPLE_BYTES - 1]),
            Some(Kind::Document("text/plain"))
        );
    }
}
