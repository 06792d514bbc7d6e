//! A world's random values: drawn in *decide*, stored in events, the same for the same seed and script.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};

/// A world's random source. Its position is recorded with each event, so a replay goes on where the world stood.
#[derive(Debug, Clone)]
pub struct WorldRng(ChaCha20Rng);

impl WorldRng {
    /// The source of a world made from `seed`, `position` 32-bit words in.
    pub fn new(seed: u64, position: u64) -> Self {
        let mut rng = Self(ChaCha20Rng::seed_from_u64(seed));
        rng.seek(position);
        rng
    }

    /// Goes to a position; the same as drawing up to it.
    pub(crate) fn seek(&mut self, position: u64) {
        self.0.set_word_pos(u128::from(position));
    }

    /// How many 32-bit words have been drawn.
    pub fn position(&self) -> u64 {
        u64::try_from(self.0.get_word_pos()).unwrap_or(u64::MAX)
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// `N` random bytes as lower-case hex.
    pub fn hex<const N: usize>(&mut self) -> String {
        use std::fmt::Write as _;
        self.bytes::<N>().iter().fold(String::with_capacity(2 * N), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// So many decimal digits, each equally likely.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| {
                // 250 = 25 × 10: what lies above would favour the small digits.
                let byte = loop {
                    let [byte] = self.bytes::<1>();
                    if byte < 250 {
                        break byte;
                    }
                };
                char::from(b'0' + byte % 10)
            })
            .collect()
    }

    /// A version 4 UUID (RFC 9562 §5.4), the form of ЕСИА's session ids and refresh tokens.
    pub fn uuid(&mut self) -> String {
        let mut b = self.bytes::<16>();
        b[6] = (b[6] & 0x0f) | 0x40;
        b[8] = (b[8] & 0x3f) | 0x80;
        let n = u128::from_be_bytes(b);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            n >> 96,
            (n >> 80) & 0xffff,
            (n >> 64) & 0xffff,
            (n >> 48) & 0xffff,
            n & 0xffff_ffff_ffff
        )
    }
}
