use std::fmt;

use crypto_bigint::{CtLt as _, Uint};
use der::{
    Any, Decode as _, Encode as _, Reader as _, SliceReader,
    asn1::{BitString, ObjectIdentifier, OctetString},
};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::{
    DigestCheck,
    curve::{Curve, Point},
    params::{AnyCurve, ParamSet},
    signature::Signature,
};
use crate::certificate::KeyError;

/// `id-tc26-gost3410-12-256` and its digest.
const KEY_256: [ObjectIdentifier; 2] =
    [ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.1"), ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2")];
/// `id-tc26-gost3410-12-512` and its digest.
const KEY_512: [ObjectIdentifier; 2] =
    [ObjectIdentifier::new_unwrap("1.2.643.7.1.1.1.2"), ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3")];

/// A curve and a number or point of its size.
#[derive(Clone, Copy)]
enum Sized<A, B> {
    Bits256(&'static Curve<4>, A),
    Bits512(&'static Curve<8>, B),
}

/// A public key: a point of the curve.
#[derive(Clone)]
pub struct PublicKey {
    params: ParamSet,
    point: Sized<Point<4>, Point<8>>,
}

impl PublicKey {
    /// From DER of `SubjectPublicKeyInfo` (RFC 9215 §4).
    ///
    /// # Errors
    /// When the algorithm is another, the parameter set unknown, or the point is not one of its group.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| KeyError::Unsupported)?;
        let params = params_of(&info.algorithm)?;
        let point = OctetString::from_der(info.subject_public_key.raw_bytes()).map_err(|_| KeyError::Point)?;
        Self::from_bytes(params, point.as_bytes()).ok_or(KeyError::Point)
    }

    /// From `x ‖ y`, both little-endian.
    pub fn from_bytes(params: ParamSet, bytes: &[u8]) -> Option<Self> {
        let (x, y) = bytes.split_at_checked(params.size()).filter(|(_, y)| y.len() == params.size())?;
        let point = match params.curve() {
            AnyCurve::Bits256(curve) => {
                Sized::Bits256(curve, curve.point(&Uint::from_le_slice(x), &Uint::from_le_slice(y))?)
            }
            AnyCurve::Bits512(curve) => {
                Sized::Bits512(curve, curve.point(&Uint::from_le_slice(x), &Uint::from_le_slice(y))?)
            }
        };
        Some(Self { params, point })
    }

    /// `x ‖ y`, both little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        fn bytes<const L: usize>(point: &Point<L>) -> Vec<u8> {
            let (x, y) = point.affine();
            [x.to_le_bytes().as_ref(), y.to_le_bytes().as_ref()].concat()
        }
        match &self.point {
            Sized::Bits256(_, point) => bytes(point),
            Sized::Bits512(_, point) => bytes(point),
        }
    }

    /// DER of `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when it cannot be encoded, which it always can.
    pub fn to_spki(&self) -> Result<Vec<u8>, KeyError> {
        let encode = || {
            let point = OctetString::new(self.to_bytes())?.to_der()?;
            let subject_public_key = BitString::from_bytes(&point)?;
            SubjectPublicKeyInfoOwned { algorithm: algorithm(self.params)?, subject_public_key }.to_der()
        };
        encode().map_err(|_: der::Error| KeyError::Signing)
    }

    /// By which the key names its curve.
    pub fn params(&self) -> ParamSet {
        self.params
    }

    /// Whether `signature` (`s ‖ r`, both big-endian) is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        fn check<const L: usize>(curve: &Curve<L>, key: &Point<L>, message: &[u8], signature: &[u8]) -> bool {
            Signature::from_bytes(signature).is_some_and(|signature| curve.verifies(key, message, &signature))
        }
        match &self.point {
            Sized::Bits256(curve, point) => check(curve, point, message, signature),
            Sized::Bits512(curve, point) => check(curve, point, message, signature),
        }
    }
}

impl PublicKey {
    /// A signature (`s ‖ r`, both big-endian) to be compared with many digests. `None` where it is no pair of numbers
    /// below the order.
    pub fn digest_check(&self, signature: &[u8]) -> Option<DigestCheck> {
        match &self.point {
            Sized::Bits256(curve, point) => DigestCheck::bits256(curve, point, signature),
            Sized::Bits512(curve, point) => DigestCheck::bits512(curve, point, signature),
        }
    }
}

/// A private key. Secret: `Debug` prints `[redacted]`.
#[derive(Clone)]
pub struct SecretKey {
    params: ParamSet,
    number: Sized<Uint<4>, Uint<8>>,
}

impl SecretKey {
    /// From DER of PKCS#8, not encrypted, as gost-engine and most of the field write it.
    ///
    /// # Errors
    /// When the algorithm is another, the parameter set unknown, or the number out of range.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, key) = private_key_info(der).map_err(|_| KeyError::Unsupported)?;
        let params = params_of(&algorithm)?;
        let key = key.as_bytes();
        // Bare, or within an OCTET STRING, it is little-endian; within an INTEGER big-endian.
        let number = if key.len() == params.size() {
            key.to_vec()
        } else if let Ok(key) = OctetString::from_der(key) {
            key.as_bytes().to_vec()
        } else {
            let number = der::asn1::Uint::from_der(key).map_err(|_| KeyError::Number)?;
            let mut number: Vec<_> = number.as_bytes().iter().rev().copied().collect();
            number.resize(params.size().max(number.len()), 0);
            number
        };
        Self::from_bytes(params, &number).ok_or(KeyError::Number)
    }

    /// From a little-endian number as long as the curve's, 32 or 64 bytes; `None` unless `0 < d < q`. Of random bytes
    /// at least every fourth attempt is a good one.
    pub fn from_bytes(params: ParamSet, bytes: &[u8]) -> Option<Self> {
        fn number<const L: usize>(curve: &Curve<L>, bytes: &[u8]) -> Option<Uint<L>> {
            let d = Uint::from_le_slice(bytes);
            let is_in_range = bool::from(d.ct_lt(curve.order.modulus().as_ref())) && d != Uint::ZERO;
            is_in_range.then_some(d)
        }
        let bytes = Some(bytes).filter(|bytes| bytes.len() == params.size())?;
        let number = match params.curve() {
            AnyCurve::Bits256(curve) => Sized::Bits256(curve, number(curve, bytes)?),
            AnyCurve::Bits512(curve) => Sized::Bits512(curve, number(curve, bytes)?),
        };
        Some(Self { params, number })
    }

    /// DER of PKCS#8, as gost-engine writes it.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when it cannot be encoded, which it always can.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, KeyError> {
        let number = match &self.number {
            Sized::Bits256(_, number) => number.to_le_bytes().as_ref().to_vec(),
            Sized::Bits512(_, number) => number.to_le_bytes().as_ref().to_vec(),
        };
        let encode = || {
            let parts = [0_u8.to_der()?, algorithm(self.params)?.to_der()?, OctetString::new(number)?.to_der()?];
            Any::new(der::Tag::Sequence, parts.concat())?.to_der()
        };
        encode().map_err(|_: der::Error| KeyError::Signing)
    }

    /// By which the key names its curve.
    pub fn params(&self) -> ParamSet {
        self.params
    }

    /// The other half of the pair.
    pub fn public_key(&self) -> PublicKey {
        let point = match &self.number {
            Sized::Bits256(curve, d) => Sized::Bits256(curve, curve.mul(d, &curve.base)),
            Sized::Bits512(curve, d) => Sized::Bits512(curve, curve.mul(d, &curve.base)),
        };
        PublicKey { params: self.params, point }
    }

    /// `s ‖ r`, both big-endian, 64 or 128 bytes. The same message gives the same signature.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.number {
            Sized::Bits256(curve, d) => curve.sign(d, message).to_bytes(),
            Sized::Bits512(curve, d) => curve.sign(d, message).to_bytes(),
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({:?}, [redacted])", self.params)
    }
}

fn params_of(algorithm: &AlgorithmIdentifierOwned) -> Result<ParamSet, KeyError> {
    let size = match algorithm.oid {
        oid if oid == KEY_256[0] => 32,
        oid if oid == KEY_512[0] => 64,
        _ => return Err(KeyError::Unsupported),
    };
    // A sequence of the parameter set, and of the digest that is known anyway (RFC 9215 §4.2).
    let names = algorithm.parameters.as_ref().and_then(|parameters| parameters.to_der().ok());
    let names = names.and_then(|der| Vec::<ObjectIdentifier>::from_der(&der).ok()).unwrap_or_default();
    let name = names.first().map(ToString::to_string).unwrap_or_default();
    ParamSet::from_oid(&name).filter(|params| params.size() == size).ok_or(KeyError::ParamSet(name))
}

/// The digest is named beside the older parameter sets, and left out beside the newer (RFC 9215 §4.2).
fn algorithm(params: ParamSet) -> der::Result<AlgorithmIdentifierOwned> {
    let [oid, digest] = if params.size() == 32 { KEY_256 } else { KEY_512 };
    let mut names = vec![ObjectIdentifier::new(params.oid()).map_err(|_| der::ErrorKind::OidMalformed)?];
    names.extend(params.oid().starts_with("1.2.643.2.").then_some(digest));
    Ok(AlgorithmIdentifierOwned { oid, parameters: Some(Any::from_der(&names.to_der()?)?) })
}

/// Algorithm and key of PKCS#8, whatever attributes follow (RFC 5208 §5).
fn private_key_info(der: &[u8]) -> der::Result<(AlgorithmIdentifierOwned, OctetString)> {
    SliceReader::new(der)?.sequence(|info| {
        let _version = u8::decode(info)?;
        let parts = (AlgorithmIdentifierOwned::decode(info)?, OctetString::decode(info)?);
        while !info.is_finished() {
            Any::decode(info)?;
        }
        Ok(parts)
    })
}
