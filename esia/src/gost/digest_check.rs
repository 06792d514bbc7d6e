use crypto_bigint::{CheckedAdd as _, Uint, modular::FixedMontyForm};

use super::{
    curve::{Curve, Multiples, Point, nibbles},
    signature::Signature,
};

/// One signature and many digests: which of them was signed? Everything here is public, so time may vary.
///
/// ГОСТ Р 34.10-2012 §6.2 computes `C = e⁻¹·(s·P − r·Q)` and compares its abscissa with `r`. What is in brackets does not
/// change with the digest `e`, so its multiples are kept, and a digest costs a fifth of a whole check.
pub struct DigestCheck(Sized);

enum Sized {
    Bits256(Box<Table<4>>),
    Bits512(Box<Table<8>>),
}

struct Table<const L: usize> {
    curve: &'static Curve<L>,
    /// Zero to fifteen times `16ⁿ·(s·P − r·Q)`, by `n`.
    rows: Vec<Multiples<L>>,
    /// The abscissas that are `r` modulo the order.
    abscissas: Vec<FixedMontyForm<L>>,
}

impl DigestCheck {
    pub(super) fn bits256(curve: &'static Curve<4>, key: &Point<4>, signature: &[u8]) -> Option<Self> {
        Table::new(curve, key, signature).map(|table| Self(Sized::Bits256(Box::new(table))))
    }

    pub(super) fn bits512(curve: &'static Curve<8>, key: &Point<8>, signature: &[u8]) -> Option<Self> {
        Table::new(curve, key, signature).map(|table| Self(Sized::Bits512(Box::new(table))))
    }

    /// Whether the signature is of this digest: 32 bytes, or 64 where keys have 512 bits.
    pub fn fits(&self, digest: &[u8]) -> bool {
        match &self.0 {
            Sized::Bits256(table) => digest.len() == 32 && table.fits(digest),
            Sized::Bits512(table) => digest.len() == 64 && table.fits(digest),
        }
    }
}

impl<const L: usize> Table<L> {
    fn new(curve: &'static Curve<L>, key: &Point<L>, signature: &[u8]) -> Option<Self> {
        let Signature { r, s } = Signature::<L>::from_bytes(signature)?;
        let order = curve.order.modulus().as_ref();
        let is_in_range = |number: &Uint<L>| *number != Uint::ZERO && number < order;
        if !is_in_range(&r) || !is_in_range(&s) {
            return None;
        }
        let minus_r = (-FixedMontyForm::new(&r, &curve.order)).retrieve();
        let mut step = curve.mul_vartime(&[(&s, &curve.base), (&minus_r, key)]);
        let mut rows = Vec::with_capacity(L * 16);
        for _ in 0..L * 16 {
            let row = curve.multiples(&step);
            step = curve.add(&row[15], &step);
            rows.push(row);
        }
        let p = curve.field.modulus().as_ref();
        let next = |x: &Uint<L>| x.checked_add(order).into_option().filter(|x| x < p);
        let abscissas = std::iter::successors(Some(r).filter(|r| r < p), next);
        let abscissas = abscissas.map(|x| FixedMontyForm::new(&x, &curve.field)).collect();
        Some(Self { curve, rows, abscissas })
    }

    fn fits(&self, digest: &[u8]) -> bool {
        let e = self.curve.number_of_digest(digest);
        // `e` is never zero and the order is prime.
        let Some(inverse) = e.invert_vartime().into_option().map(|number| number.retrieve()) else { return false };
        // The lowest row goes with the lowest four bits, which come last.
        let digits = nibbles(&inverse).collect::<Vec<_>>();
        let picked = digits.into_iter().rev().zip(&self.rows).filter(|(digit, _)| *digit != 0);
        let sum =
            picked.fold(self.curve.infinity(), |sum, (digit, row)| self.curve.add(&sum, &row[usize::from(digit)]));
        !sum.is_infinity() && self.abscissas.iter().any(|x| sum.has_abscissa(x))
    }
}
