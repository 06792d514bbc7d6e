use crypto_bigint::{
    CtEq as _, CtSelect as _, Odd, Uint,
    modular::{FixedMontyForm, FixedMontyParams},
};

/// The numbers of a parameter set in big-endian hexadecimal, all of full length.
pub(super) struct Numbers {
    pub(super) p: &'static str,
    pub(super) a: &'static str,
    pub(super) b: &'static str,
    pub(super) q: &'static str,
    pub(super) x: &'static str,
    pub(super) y: &'static str,
}

/// `y² = x³ + ax + b` over the field of `p`, with a base point of prime order `q`. Numbers have `L` words of 64 bits.
pub(super) struct Curve<const L: usize> {
    pub(super) field: FixedMontyParams<L>,
    pub(super) order: FixedMontyParams<L>,
    a: FixedMontyForm<L>,
    b: FixedMontyForm<L>,
    b3: FixedMontyForm<L>,
    pub(super) base: Point<L>,
}

/// A point in projective coordinates; `z` is zero at infinity.
#[derive(Clone, Copy)]
pub(super) struct Point<const L: usize> {
    x: FixedMontyForm<L>,
    y: FixedMontyForm<L>,
    z: FixedMontyForm<L>,
}

/// From zero to fifteen times a point.
pub(super) type Multiples<const L: usize> = [Point<L>; 16];

impl<const L: usize> Curve<L> {
    pub(super) const fn new(numbers: &Numbers) -> Self {
        let field = FixedMontyParams::new_vartime(Odd::<Uint<L>>::from_be_hex(numbers.p));
        let order = FixedMontyParams::new_vartime(Odd::<Uint<L>>::from_be_hex(numbers.q));
        let b = FixedMontyForm::new(&Uint::from_be_hex(numbers.b), &field);
        let base = Point {
            x: FixedMontyForm::new(&Uint::from_be_hex(numbers.x), &field),
            y: FixedMontyForm::new(&Uint::from_be_hex(numbers.y), &field),
            z: FixedMontyForm::one(&field),
        };
        let a = FixedMontyForm::new(&Uint::from_be_hex(numbers.a), &field);
        Self { field, order, a, b, b3: b.double().add(&b), base }
    }

    /// The point with these coordinates, if it is one of the group that the base point generates. Variable time.
    pub(super) fn point(&self, x: &Uint<L>, y: &Uint<L>) -> Option<Point<L>> {
        let coordinate = |number| FixedMontyForm::new(number, &self.field);
        let point = Point { x: coordinate(x), y: coordinate(y), z: FixedMontyForm::one(&self.field) };
        // Four times as many points are on the curves that have a twisted Edwards form.
        let is_in_group = || self.mul_vartime(&[(self.order.modulus().as_ref(), &point)]).is_infinity();
        (self.is_on_curve(x, y) && is_in_group()).then_some(point)
    }

    pub(super) fn is_on_curve(&self, x: &Uint<L>, y: &Uint<L>) -> bool {
        let p = self.field.modulus().as_ref();
        let [fx, fy] = [x, y].map(|number| FixedMontyForm::new(number, &self.field));
        x < p && y < p && fy.square() == (fx.square() + self.a) * fx + self.b
    }

    /// Complete within a group of odd order: infinity, equal and opposite points need no case of their own
    /// (Renes, Costello, Batina 2015, algorithm 1). Doubling is no dearer by it, so it has no formula of its own either.
    pub(super) fn add(&self, left: &Point<L>, right: &Point<L>) -> Point<L> {
        let (xx, yy, zz) = (left.x * right.x, left.y * right.y, left.z * right.z);
        let xy = (left.x + left.y) * (right.x + right.y) - (xx + yy);
        let xz = (left.x + left.z) * (right.x + right.z) - (xx + zz);
        let yz = (left.y + left.z) * (right.y + right.z) - (yy + zz);
        let azz = self.a * zz;
        let slope = xx.double() + xx + azz;
        let middle = self.a * xz + self.b3 * zz;
        let cross = self.a * (xx - azz) + self.b3 * xz;
        let (minus, plus) = (yy - middle, yy + middle);
        Point { x: xy * minus - yz * cross, y: plus * minus + slope * cross, z: yz * plus + xy * slope }
    }

    /// `scalar` times `point` in constant time: the same additions and reads of memory whatever the scalar is.
    pub(super) fn mul(&self, scalar: &Uint<L>, point: &Point<L>) -> Point<L> {
        let multiples = self.multiples(point);
        nibbles(scalar).fold(self.infinity(), |sum, nibble| {
            let shifted = (0..4).fold(sum, |sum, _| self.add(&sum, &sum));
            self.add(&shifted, &choose(&multiples, nibble))
        })
    }

    /// The sum of products of scalars and points. Variable time: for public numbers only.
    pub(super) fn mul_vartime(&self, products: &[(&Uint<L>, &Point<L>)]) -> Point<L> {
        let mut products: Vec<_> =
            products.iter().map(|(scalar, point)| (nibbles(scalar), self.multiples(point))).collect();
        let mut sum = self.infinity();
        for _ in 0..L * 16 {
            sum = (0..4).fold(sum, |sum, _| self.add(&sum, &sum));
            for (nibbles, multiples) in &mut products {
                match nibbles.next() {
                    None | Some(0) => {}
                    Some(nibble) => sum = self.add(&sum, &multiples[usize::from(nibble)]),
                }
            }
        }
        sum
    }

    pub(super) fn infinity(&self) -> Point<L> {
        let zero = FixedMontyForm::zero(&self.field);
        Point { x: zero, y: FixedMontyForm::one(&self.field), z: zero }
    }

    pub(super) fn multiples(&self, point: &Point<L>) -> Multiples<L> {
        let mut multiples = [self.infinity(); 16];
        for at in 1..multiples.len() {
            multiples[at] = self.add(&multiples[at - 1], point);
        }
        multiples
    }
}

impl<const L: usize> Point<L> {
    /// Affine coordinates, each below `p`; zeros at infinity. Constant time.
    pub(super) fn affine(&self) -> (Uint<L>, Uint<L>) {
        let inverse = self.z.invert().unwrap_or(FixedMontyForm::zero(self.z.params()));
        ((self.x * inverse).retrieve(), (self.y * inverse).retrieve())
    }

    /// Whether the affine `x` is this. Not for infinity.
    pub(super) fn has_abscissa(&self, x: &FixedMontyForm<L>) -> bool {
        *x * self.z == self.x
    }

    pub(super) fn is_infinity(&self) -> bool {
        *self.z.as_montgomery() == Uint::ZERO
    }
}

/// Groups of four bits, the highest first.
pub(super) fn nibbles<const L: usize>(scalar: &Uint<L>) -> impl Iterator<Item = u8> + use<L> {
    scalar.to_words().into_iter().rev().flat_map(u64::to_be_bytes).flat_map(|byte| [byte >> 4, byte & 15])
}

/// Reads the whole table, so that neither time nor cache tells which entry was wanted.
fn choose<const L: usize>(multiples: &Multiples<L>, index: u8) -> Point<L> {
    (0..).zip(multiples).fold(multiples[0], |chosen, (at, multiple): (u8, _)| {
        let is_it = at.ct_eq(&index);
        let select = |chosen: FixedMontyForm<L>, other: FixedMontyForm<L>| {
            let number = chosen.as_montgomery().ct_select(other.as_montgomery(), is_it);
            FixedMontyForm::from_montgomery(number, chosen.params())
        };
        Point { x: select(chosen.x, multiple.x), y: select(chosen.y, multiple.y), z: select(chosen.z, multiple.z) }
    })
}
