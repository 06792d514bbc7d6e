use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use sha2::{Digest as _, Sha224};

use super::Hash;

/// A hash that a client may have computed, whether it is taken or only told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyHash {
    /// One that signatures are checked with.
    Taken(Hash),
    /// SHA-1, no longer accepted.
    Sha1,
    /// SHA-224, never accepted.
    Sha224,
}

impl AnyHash {
    /// Every hash, the likeliest first.
    pub const ALL: [Self; 7] = [
        Self::Taken(Hash::Sha256),
        Self::Taken(Hash::Streebog256),
        Self::Taken(Hash::Streebog512),
        Self::Sha1,
        Self::Taken(Hash::Sha512),
        Self::Taken(Hash::Sha384),
        Self::Sha224,
    ];

    /// The hash of these bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Taken(hash) => hash.digest(bytes),
            Self::Sha1 => digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec(),
            Self::Sha224 => Sha224::digest(bytes).to_vec(),
        }
    }

    /// Length of its values, bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::Taken(Hash::Sha256 | Hash::Streebog256) => 32,
            Self::Taken(Hash::Sha384) => 48,
            Self::Taken(Hash::Sha512 | Hash::Streebog512) => 64,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
        }
    }

    /// By the object identifier of an algorithm.
    pub fn of_oid(oid: &str) -> Option<Self> {
        Some(match oid {
            "2.16.840.1.101.3.4.2.1" => Self::Taken(Hash::Sha256),
            "2.16.840.1.101.3.4.2.2" => Self::Taken(Hash::Sha384),
            "2.16.840.1.101.3.4.2.3" => Self::Taken(Hash::Sha512),
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "1.2.643.7.1.1.2.2" => Self::Taken(Hash::Streebog256),
            "1.2.643.7.1.1.2.3" => Self::Taken(Hash::Streebog512),
            "1.3.14.3.2.26" => Self::Sha1,
            _ => return None,
        })
    }

    /// Stable name in ASCII: `sha-256`, `streebog-256`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Taken(Hash::Sha256) => "sha-256",
            Self::Taken(Hash::Sha384) => "sha-384",
            Self::Taken(Hash::Sha512) => "sha-512",
            Self::Taken(Hash::Streebog256) => "streebog-256",
            Self::Taken(Hash::Streebog512) => "streebog-512",
            Self::Sha1 => "sha-1",
            Self::Sha224 => "sha-224",
        }
    }
}

impl fmt::Display for AnyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(hash) => hash.fmt(f),
            Self::Sha1 => f.write_str("SHA-1"),
            Self::Sha224 => f.write_str("SHA-224"),
        }
    }
}
