use crypto_bigint::{
    CtLt as _, Uint,
    modular::{FixedMontyForm, FixedMontyParams},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use streebog::{Digest as _, Streebog256, Streebog512};

use super::curve::{Curve, Point};

/// `r` and `s` of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signature<const L: usize> {
    pub(super) r: Uint<L>,
    pub(super) s: Uint<L>,
}

impl<const L: usize> Signature<L> {
    /// `s ‖ r`, both big-endian (RFC 9215 §2.3).
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [self.s.to_be_bytes().as_ref(), self.r.to_be_bytes().as_ref()].concat()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (s, r) = bytes.split_at_checked(L * 8).filter(|(_, r)| r.len() == L * 8)?;
        Some(Self { r: Uint::from_be_slice(r), s: Uint::from_be_slice(s) })
    }
}

impl<const L: usize> Curve<L> {
    /// Signs with a private key `0 < d < q`. Constant time but for the number of refused nonces, which tells nothing.
    pub(super) fn sign(&self, d: &Uint<L>, message: &[u8]) -> Signature<L> {
        let e = self.digest(message);
        let mut nonces = Nonces::<L>::new(d, &e.retrieve());
        loop {
            if let Some(signature) = self.sign_with(d, &e, &nonces.next(&self.order)) {
                return signature;
            }
        }
    }

    /// ГОСТ Р 34.10-2012 §6.1 with `k` given; `None` where another is needed.
    #[expect(clippy::many_single_char_names, reason = "the standard names its numbers so")]
    pub(super) fn sign_with(&self, d: &Uint<L>, e: &FixedMontyForm<L>, k: &Uint<L>) -> Option<Signature<L>> {
        let [d, k_mod_q] = [d, k].map(|number| FixedMontyForm::new(number, &self.order));
        let r = FixedMontyForm::new(&self.mul(k, &self.base).affine().0, &self.order);
        let s = r * d + k_mod_q * *e;
        let signature = Signature { r: r.retrieve(), s: s.retrieve() };
        (signature.r != Uint::ZERO && signature.s != Uint::ZERO).then_some(signature)
    }

    /// ГОСТ Р 34.10-2012 §6.2. Variable time.
    pub(super) fn verifies(&self, key: &Point<L>, message: &[u8], signature: &Signature<L>) -> bool {
        self.verifies_digest(key, &self.digest(message), signature)
    }

    pub(super) fn verifies_digest(&self, key: &Point<L>, e: &FixedMontyForm<L>, signature: &Signature<L>) -> bool {
        let is_in_range = |number: &Uint<L>| *number != Uint::ZERO && number < self.order.modulus().as_ref();
        if !is_in_range(&signature.r) || !is_in_range(&signature.s) {
            return false;
        }
        // `e` is never zero and `q` is prime.
        let Some(v) = e.invert_vartime().into_option() else { return false };
        let [r, s] = [signature.r, signature.s].map(|number| FixedMontyForm::new(&number, &self.order));
        let (z1, z2) = ((s * v).retrieve(), (-r * v).retrieve());
        let point = self.mul_vartime(&[(&z1, &self.base), (&z2, key)]);
        !point.is_infinity() && FixedMontyForm::new(&point.affine().0, &self.order) == r
    }

    /// `e`: Streebog as long as the key, read as a little-endian number, and one instead of zero.
    pub(super) fn digest(&self, message: &[u8]) -> FixedMontyForm<L> {
        let hash = if L == 4 { Streebog256::digest(message).to_vec() } else { Streebog512::digest(message).to_vec() };
        self.number_of_digest(&hash)
    }

    /// From the bytes of a hash, as many as a number has.
    pub(super) fn number_of_digest(&self, hash: &[u8]) -> FixedMontyForm<L> {
        let e = FixedMontyForm::new(&Uint::from_le_slice(hash), &self.order);
        if *e.as_montgomery() == Uint::ZERO { FixedMontyForm::one(&self.order) } else { e }
    }
}

/// Nonces of RFC 6979 §3.2 with HMAC over Streebog: a secret function of key and message, so no random source can fail
/// and a world that is played again signs the same bytes again.
struct Nonces<const L: usize> {
    key: Vec<u8>,
    value: Vec<u8>,
}

impl<const L: usize> Nonces<L> {
    fn new(d: &Uint<L>, e: &Uint<L>) -> Self {
        let mut nonces = Self { key: vec![0; L * 8], value: vec![1; L * 8] };
        let seed = [d.to_be_bytes().as_ref(), e.to_be_bytes().as_ref()].concat();
        nonces.stir(0, &seed);
        nonces.stir(1, &seed);
        nonces
    }

    fn next(&mut self, order: &FixedMontyParams<L>) -> Uint<L> {
        let q = order.modulus().as_ref();
        let spare_bits = Uint::<L>::BITS - q.bits_vartime();
        loop {
            self.value = self.mac(&[&self.value]);
            let k = Uint::from_be_slice(&self.value) >> spare_bits;
            self.stir(0, &[]);
            if bool::from(k.ct_lt(q)) && k != Uint::ZERO {
                return k;
            }
        }
    }

    fn stir(&mut self, step: u8, seed: &[u8]) {
        self.key = self.mac(&[&self.value, &[step], seed]);
        self.value = self.mac(&[&self.value]);
    }

    fn mac(&self, parts: &[&[u8]]) -> Vec<u8> {
        // HMAC fills a key up to a block with zeros itself.
        let mut key = [0; 64];
        key[..self.key.len()].copy_from_slice(&self.key);
        macro_rules! mac {
            ($hash:ty) => {
                parts.iter().fold(Hmac::<$hash>::new(&key.into()), |mac, part| mac.chain_update(part))
            };
        }
        if L == 4 {
            mac!(Streebog256).finalize().into_bytes().to_vec()
        } else {
            mac!(Streebog512).finalize().into_bytes().to_vec()
        }
    }
}
