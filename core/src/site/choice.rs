//! Choices that a seed makes: even, and the same on every machine for all time.

/// Which of `count` things a seed chooses; another `name` is another choice. 0 when there is none.
pub(crate) fn pick(seed: u32, name: &str, count: usize) -> usize {
    // FNV-1a: stable over time and machines, unlike the standard library's hasher.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in seed.to_le_bytes().into_iter().chain(name.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let spread = usize::try_from((hash ^ (hash >> 29)) & 0xffff_ffff).unwrap_or(0);
    if count == 0 { 0 } else { spread % count }
}
