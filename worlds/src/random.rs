//! A world's random values: drawn in *decide*, stored in events, the same for the same seed and script.

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest as _, Sha256};

use crate::WorldName;

/// What every credential of one world begins with: so it is known whose it is, and no other world draws the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mark([u8; 4]);

impl Mark {
    /// The mark of a UUID, or of a secret in hex; dashes are skipped.
    pub(crate) fn of(credential: &str) -> Option<Self> {
        let digits = credential.get(..8)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(digits, 16).ok().map(|mark| Self(mark.to_be_bytes())))?
    }
}

/// A world's random source. Its position is recorded with each event, so a replay goes on where the world stood.
#[derive(Debug, Clone)]
pub struct WorldRng {
    source: ChaCha20Rng,
    mark: Option<Mark>,
}

impl WorldRng {
    /// A source that is no world's: what is drawn from it opens nothing. `position` 32-bit words in.
    pub fn new(seed: u64, position: u64) -> Self {
        let mut rng = Self { source: ChaCha20Rng::seed_from_u64(seed), mark: None };
        rng.seek(position);
        rng
    }

    /// The source of a world, at its beginning: that of a server, a name and a seed, and of no other. So worlds of one
    /// seed never share a credential, and neither do the two servers' worlds of one name.
    pub(crate) fn of_world(server: &str, name: &WorldName, seed: u64) -> Self {
        let derive = |what: &str| {
            let parts = Sha256::new().chain_update(what).chain_update([0]).chain_update(server).chain_update([0]);
            <[u8; 32]>::from(
                parts.chain_update(name.as_str()).chain_update([0]).chain_update(seed.to_be_bytes()).finalize(),
            )
        };
        let [a, b, c, d, ..] = derive("mark");
        Self { source: ChaCha20Rng::from_seed(derive("random values")), mark: Some(Mark([a, b, c, d])) }
    }

    /// The mark of the world whose source this is.
    pub(crate) fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// Goes to a position; the same as drawing up to it.
    pub(crate) fn seek(&mut self, position: u64) {
        self.source.set_word_pos(u128::from(position));
    }

    /// How many 32-bit words have been drawn.
    pub fn position(&self) -> u64 {
        u64::try_from(self.source.get_word_pos()).unwrap_or(u64::MAX)
    }

    /// Random bytes without the world's mark.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.source.fill_bytes(&mut bytes);
        bytes
    }

    /// A uniform random number.
    pub fn number(&mut self) -> u64 {
        self.source.next_u64()
    }

    /// Random bytes of a secret; those of 16 and more begin with the world's mark, which leaves 96 bits to guess.
    fn secret<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = self.bytes::<N>();
        if N >= 16
            && let (Some(place), Some(Mark(mark))) = (bytes.first_chunk_mut(), self.mark)
        {
            *place = mark;
        }
        bytes
    }

    /// `N` random bytes as lower-case hex. A secret of 16 bytes and more says which world it belongs to:
    /// [`World::issuing_world`](crate::World::issuing_world).
    pub fn hex<const N: usize>(&mut self) -> String {
        use std::fmt::Write as _;
        self.secret::<N>().iter().fold(String::with_capacity(2 * N), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// `N` decimal digits, each equally likely.
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

    /// A version 4 UUID (RFC 9562 §5.4), the form of ЕСИА's session ids and refresh tokens. It says which world it belongs
    /// to: [`World::issuing_world`](crate::World::issuing_world).
    pub fn uuid(&mut self) -> String {
        let mut b = self.secret::<16>();
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
