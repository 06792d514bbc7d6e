//! What an RSA signature holds, seen with the public key (RFC 8017 §8): to say what was signed where it does not hold.

use der::{Any, Decode as _, asn1::OctetString};
use rsa::{BigUint, RsaPublicKey, hazmat::rsa_encrypt};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{AnyHash, Hash};

/// Longest modulus that is opened, bits.
const MAX_BITS: usize = 8192;
/// This many zero bytes in front of the salt are no coincidence.
const SURE_ZEROS: usize = 8;

/// What a signature opens to. A signature of another key opens to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// PKCS#1 v1.5 with a hash in `DigestInfo`, as it should be.
    Digest {
        /// The hash that was used.
        hash: AnyHash,
        /// The value of the hash.
        digest: Vec<u8>,
    },
    /// The same with a hash that is not computed here: its object identifier.
    UnknownDigest(String),
    /// PKCS#1 v1.5 around something else than `DigestInfo`.
    Bare(Vec<u8>),
    /// RSASSA-PSS, which ЕСИА does not accept.
    Pss(Pss),
}

/// A signature of RSASSA-PSS (RFC 8017 §9.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pss {
    /// The hash that was used.
    pub hash: AnyHash,
    /// Whether the form alone proves that it is one: with a salt of the greatest length it does not.
    pub is_sure: bool,
    salt: Vec<u8>,
    sealed: Vec<u8>,
}

impl Pss {
    /// Whether it is a signature of these bytes.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        let whole = [&[0; 8], self.hash.digest(bytes).as_slice(), &self.salt].concat();
        self.hash.digest(&whole) == self.sealed
    }
}

/// Opens a signature with the public key of these numbers.
pub(super) fn open(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Option<Opened> {
    let numbers = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
    let key = RsaPublicKey::new_with_max_size(numbers.0, numbers.1, MAX_BITS).ok()?;
    let message = rsa_encrypt(&key, &BigUint::from_bytes_be(signature)).ok()?.to_bytes_be();
    let padding = vec![0; modulus.len().checked_sub(message.len())?];
    let block = [padding, message].concat();
    pkcs1(&block).or_else(|| pss(&block).map(Opened::Pss))
}

/// `00 01 FF … FF 00 T` (RFC 8017 §9.2).
fn pkcs1(block: &[u8]) -> Option<Opened> {
    let rest = block.strip_prefix(&[0, 1])?;
    let ones = rest.iter().take_while(|byte| **byte == 0xff).count();
    let inside = rest.get(ones..)?.strip_prefix(&[0]).filter(|_| ones >= 8)?;
    Some(digest_info(inside).unwrap_or_else(|| Opened::Bare(inside.to_vec())))
}

/// `SEQUENCE { AlgorithmIdentifier, OCTET STRING }`.
fn digest_info(der: &[u8]) -> Option<Opened> {
    let parts = Vec::<Any>::from_der(der).ok()?;
    let [algorithm, digest] = parts.as_slice() else { return None };
    let oid = algorithm.decode_as::<AlgorithmIdentifierOwned>().ok()?.oid.to_string();
    let digest = digest.decode_as::<OctetString>().ok()?.into_bytes();
    Some(match AnyHash::of_oid(&oid) {
        Some(hash) => Opened::Digest { hash, digest: digest.to_vec() },
        None => Opened::UnknownDigest(oid),
    })
}

fn pss(block: &[u8]) -> Option<Pss> {
    let front = block.strip_suffix(&[0xbc])?;
    let hashes =
        [AnyHash::Taken(Hash::Sha256), AnyHash::Taken(Hash::Sha512), AnyHash::Taken(Hash::Sha384), AnyHash::Sha1];
    // Java's PSS of other libraries masks with SHA-1 whatever the hash is.
    let pairs = hashes.iter().flat_map(|hash| [(*hash, *hash), (*hash, AnyHash::Sha1)]);
    pairs.filter_map(|(hash, mask)| unmasked(front, hash, mask)).max_by_key(|found| found.is_sure)
}

fn unmasked(front: &[u8], hash: AnyHash, mask: AnyHash) -> Option<Pss> {
    let (masked, sealed) = front.split_at_checked(front.len().checked_sub(hash.size())?)?;
    let mut block: Vec<u8> =
        masked.iter().zip(mgf1(mask, sealed, masked.len())).map(|(byte, mask)| byte ^ mask).collect();
    // The topmost bit is not of the block when the modulus fills its bytes, as it does.
    *block.first_mut()? &= 0x7f;
    let zeros = block.iter().take_while(|byte| **byte == 0).count();
    let salt = block.get(zeros..)?.strip_prefix(&[1])?.to_vec();
    Some(Pss { hash, is_sure: zeros >= SURE_ZEROS, salt, sealed: sealed.to_vec() })
}

/// RFC 8017 §B.2.1.
fn mgf1(hash: AnyHash, seed: &[u8], length: usize) -> impl Iterator<Item = u8> {
    let blocks = (0_u32..).flat_map(move |count| hash.digest(&[seed, &count.to_be_bytes()].concat()));
    blocks.take(length).collect::<Vec<_>>().into_iter()
}
