use super::slip::Slip;
use crate::{
    Algorithm, PublicKey,
    certificate::{AnyHash, Hash, Opened, Pss},
    gost::DigestCheck,
};

/// What is known of the string that was signed.
pub(super) enum Evidence {
    /// The hash of the string.
    Digest(AnyHash, Vec<u8>),
    /// An RSA signature with PSS.
    Pss(Pss),
    /// What an RSA signature holds in place of `DigestInfo`: a hash, or the string itself.
    Bare(Vec<u8>),
    /// The string itself.
    Content(Vec<u8>),
    /// Nothing: a hash that is not computed here.
    Unknown,
    /// A ГОСТ signature, which tells a right hash from a wrong one and nothing else.
    Gost(Box<DigestCheck>, Hash),
}

impl Evidence {
    /// Whether it costs next to nothing to compare a string with it.
    pub(super) const fn is_cheap(&self) -> bool {
        !matches!(self, Self::Gost(..))
    }

    /// Whether these bytes were signed, and with which slips in how they were hashed. Other hashes are tried where it is
    /// worth it.
    pub(super) fn fits(&self, bytes: &[u8], is_worth_it: bool) -> Option<Vec<Slip>> {
        match self {
            Self::Digest(hash, digest) => (hash.digest(bytes) == *digest).then(Vec::new),
            Self::Pss(pss) => pss.fits(bytes).then(Vec::new),
            Self::Content(content) => (content == bytes).then(Vec::new),
            Self::Unknown => None,
            Self::Bare(inside) => {
                let is_hash = || AnyHash::ALL.iter().any(|hash| hash.digest(bytes) == *inside);
                (inside == bytes || is_hash()).then(Vec::new)
            }
            Self::Gost(check, hash) => {
                let digest = hash.digest(bytes);
                if check.fits(&digest) {
                    return Some(Vec::new());
                }
                let reversed: Vec<u8> = digest.into_iter().rev().collect();
                let others = || {
                    let same_size = |other: &AnyHash| other.size() == AnyHash::Taken(*hash).size();
                    AnyHash::ALL.into_iter().filter(same_size).find(|other| check.fits(&other.digest(bytes)))
                };
                match () {
                    () if !is_worth_it => None,
                    () if check.fits(&reversed) => Some(vec![Slip::ReversedDigest]),
                    () => others().map(|other| vec![Slip::OtherDigest(other)]),
                }
            }
        }
    }
}

/// What a signature says when it is read as one of this key, with the slips in how it is written: the plain reading first.
pub(super) fn readings(key: &PublicKey, signature: &[u8], is_thorough: bool) -> Vec<(Evidence, Vec<Slip>)> {
    let size = key.signature_size();
    // A byte that .NET's `UrlTokenEncode` left at the end is dropped.
    let exact = signature.get(..size).filter(|_| signature.len() <= size + 1);
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<_>>();
    let mut forms: Vec<(Vec<u8>, Option<Slip>)> = exact.map(|exact| (exact.to_vec(), None)).into_iter().collect();
    if is_thorough {
        forms.extend(exact.map(|exact| (reversed(exact), Some(Slip::ReversedBytes))));
    }
    if is_thorough && key.algorithm() != Algorithm::Rsa {
        if let Some((left, right)) = exact.map(|exact| exact.split_at(size / 2)) {
            forms.push(([right, left].concat(), Some(Slip::SwappedHalves)));
            forms.push(([reversed(left), reversed(right)].concat(), Some(Slip::ReversedHalves)));
        }
        if let Some((first, second)) = der_numbers(signature, size / 2) {
            forms.push(([second.as_slice(), &first].concat(), Some(Slip::DerSequence)));
            forms.push(([first, second].concat(), Some(Slip::DerSequence)));
        }
    }
    let read = forms.into_iter().filter_map(|(form, slip)| {
        let (evidence, slips) = reading(key, &form)?;
        Some((evidence, slip.into_iter().chain(slips).collect()))
    });
    read.collect()
}

fn reading(key: &PublicKey, signature: &[u8]) -> Option<(Evidence, Vec<Slip>)> {
    let right = AnyHash::Taken(key.algorithm().hash());
    let other = |hash: AnyHash| (hash != right).then_some(Slip::OtherDigest(hash));
    if key.algorithm() != Algorithm::Rsa {
        let check = key.digest_check(signature)?;
        return Some((Evidence::Gost(Box::new(check), key.algorithm().hash()), Vec::new()));
    }
    Some(match key.open(signature)? {
        Opened::Digest { hash, digest } => (Evidence::Digest(hash, digest), other(hash).into_iter().collect()),
        Opened::UnknownDigest(oid) => (Evidence::Unknown, vec![Slip::UnknownDigest(oid)]),
        Opened::Bare(inside) => (Evidence::Bare(inside), vec![Slip::NoDigestInfo]),
        Opened::Pss(pss) => {
            let hash = other(pss.hash);
            (Evidence::Pss(pss), std::iter::once(Slip::Pss).chain(hash).collect())
        }
    })
}

/// Whether a reading alone proves that the key has made the signature.
pub(super) fn is_sure(evidence: &Evidence) -> bool {
    match evidence {
        Evidence::Pss(pss) => pss.is_sure,
        Evidence::Gost(..) => false,
        _ => true,
    }
}

/// The two numbers of a DER `SEQUENCE`, each as long as asked for.
fn der_numbers(der: &[u8], size: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    use der::{Decode as _, asn1::Uint};
    let numbers = Vec::<Uint>::from_der(der).ok()?;
    let [first, second] = numbers.as_slice() else { return None };
    let padded = |number: &Uint| {
        let bytes = number.as_bytes();
        Some([vec![0; size.checked_sub(bytes.len())?].as_slice(), bytes].concat())
    };
    padded(first).zip(padded(second))
}
