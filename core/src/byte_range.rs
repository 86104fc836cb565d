//! Which bytes of a file somebody asks for, as `Range` headers say it. Pure.

/// What a `Range` header asks of a file of some length.
#[derive(Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// First and last byte, both included.
    Part(u64, u64),
    /// Not one range of bytes: the whole file is the right answer.
    Whole,
    /// Bytes the file does not have.
    Unsatisfiable,
}

impl ByteRange {
    /// Reads a header such as `bytes=0-99` for a file of `length` bytes.
    pub fn of(header: &str, length: u64) -> Self {
        let spec = header.trim().strip_prefix("bytes=");
        let Some((first, last)) =
            spec.filter(|spec| !spec.contains(',')).and_then(|s| s.split_once('-'))
        else {
            return Self::Whole;
        };
        let number = |text: &str| text.trim().parse::<u64>().ok();
        match (first.trim().is_empty(), number(first), last.trim().is_empty(), number(last)) {
            (true, _, _, Some(0)) => Self::Unsatisfiable,
            (true, _, _, Some(_)) if length == 0 => Self::Unsatisfiable,
            (true, _, _, Some(tail)) => Self::Part(length.saturating_sub(tail), length - 1),
            (false, Some(first), _, _) if first >= length => Self::Unsatisfiable,
            (false, Some(first), true, _) => Self::Part(first, length - 1),
            (false, Some(first), _, Some(last)) if last >= first => {
                Self::Part(first, last.min(length - 1))
            }
            _ => Self::Whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let cases = [
            ("bytes=0-9", ByteRange::Part(0, 9)),
            ("bytes=90-", ByteRange::Part(90, 99)),
            ("bytes=90-500", ByteRange::Part(90, 99)),
            ("bytes=-10", ByteRange::Part(90, 99)),
            ("bytes=-500", ByteRange::Part(0, 99)),
            ("bytes=100-", ByteRange::Unsatisfiable),
            ("bytes=-0", ByteRange::Unsatisfiable),
            ("bytes=9-1", ByteRange::Whole),
            ("bytes=0-1,4-5", ByteRange::Whole),
            ("lines=1-2", ByteRange::Whole),
            ("bytes=a-b", ByteRange::Whole),
            ("", ByteRange::Whole),
        ];
        for (header, wish) in cases {
            assert_eq!(ByteRange::of(header, 100), wish, "{header}");
        }
    }
}
