use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use super::{Certificate, Hash};

/// What of a certificate a `client_certificate_hash` is the hash of (§2.4 of the protocol notes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashMatch {
    /// ГОСТ Р 34.11-2012 (256) of the DER, as documented.
    Streebog256,
    /// SHA-256 of the DER.
    Sha256,
    /// ГОСТ Р 34.11-2012 (512) of the DER. A mistake.
    Streebog512,
    /// ГОСТ Р 34.11-2012 (256) of the DER with its bytes in the reverse order. A mistake.
    Reversed,
    /// ГОСТ Р 34.11-2012 (256) of the PEM text. A mistake.
    PemStreebog256,
    /// SHA-256 of the PEM text. A mistake.
    PemSha256,
    /// An accepted hash with colons between its bytes, as programs print a fingerprint. A mistake.
    Colons,
    /// SHA-1 of the DER, which many programs call the fingerprint. A mistake.
    Sha1,
}

impl HashMatch {
    /// Whether ЕСИА takes it, or it is only to be explained.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Streebog256 | Self::Sha256)
    }
}

impl fmt::Display for HashMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Streebog256 => "ГОСТ Р 34.11-2012 (256) от DER",
            Self::Sha256 => "SHA-256 от DER",
            Self::Streebog512 => "ГОСТ Р 34.11-2012 (512) вместо 256",
            Self::Reversed => "байты хэша записаны в обратном порядке",
            Self::PemStreebog256 => "ГОСТ Р 34.11-2012 (256) от PEM вместо DER",
            Self::PemSha256 => "SHA-256 от PEM вместо DER",
            Self::Colons => "тот же хэш, записанный с двоеточиями",
            Self::Sha1 => "SHA-1 вместо ГОСТ Р 34.11-2012 (256)",
        })
    }
}

impl Certificate {
    /// What this hexadecimal text (of either case, with or without colons) is the hash of, if of this certificate.
    pub fn hash_match(&self, hash: &str) -> Option<HashMatch> {
        let has_colons = hash.contains(':');
        let hash = hex::decode(hash.trim().replace(':', "")).ok()?;
        let is_pem = |algorithm: Hash| self.pem_forms().iter().any(|pem| algorithm.digest(pem.as_bytes()) == hash);
        let der = |algorithm: Hash| algorithm.digest(self.der());
        let reversed = || hash.iter().rev().copied().collect::<Vec<_>>();
        let how = match hash.len() {
            32 if hash == der(Hash::Streebog256) => Some(HashMatch::Streebog256),
            32 if hash == der(Hash::Sha256) => Some(HashMatch::Sha256),
            32 if reversed() == der(Hash::Streebog256) => Some(HashMatch::Reversed),
            32 if is_pem(Hash::Streebog256) => Some(HashMatch::PemStreebog256),
            32 if is_pem(Hash::Sha256) => Some(HashMatch::PemSha256),
            20 if digest(&SHA1_FOR_LEGACY_USE_ONLY, self.der()).as_ref() == hash => Some(HashMatch::Sha1),
            64 if hash == der(Hash::Streebog512) => Some(HashMatch::Streebog512),
            _ => None,
        };
        how.map(|how| if has_colons && how.is_accepted() { HashMatch::Colons } else { how })
    }

    /// The certificate that a `client_certificate_hash` names: by a hash that is accepted before one that is not.
    pub fn find_by_hash<'a>(hash: &str, certificates: &'a [Self]) -> Option<(&'a Self, HashMatch)> {
        let named = certificates.iter().filter_map(|one| one.hash_match(hash).map(|how| (one, how)));
        named.min_by_key(|(_, how)| !how.is_accepted())
    }

    /// The ways to write a PEM file: with the last line end, without it, and with the line ends of Windows.
    fn pem_forms(&self) -> [String; 4] {
        let pem = self.pem();
        let windows = pem.replace('\n', "\r\n");
        [pem.trim_end().to_owned(), windows.trim_end().to_owned(), pem, windows]
    }
}
