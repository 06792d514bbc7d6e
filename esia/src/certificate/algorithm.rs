use std::fmt;

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};

use crate::language::pick;

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5.
    Rsa,
    /// ГОСТ Р 34.10-2012 with keys of 256 bits.
    Gost256,
    /// ГОСТ Р 34.10-2012 with keys of 512 bits.
    Gost512,
}

impl Algorithm {
    /// The hash that goes with it where nothing else is said.
    pub const fn hash(self) -> Hash {
        match self {
            Self::Rsa => Hash::Sha256,
            Self::Gost256 => Hash::Streebog256,
            Self::Gost512 => Hash::Streebog512,
        }
    }

    /// `alg` of ЕСИА's tokens, which are never signed with 512 bits.
    pub const fn jwt(self) -> Option<&'static str> {
        match self {
            Self::Rsa => Some("RS256"),
            Self::Gost256 => Some("GOST3410_2012_256"),
            Self::Gost512 => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa => "RSA",
            Self::Gost256 => pick("ГОСТ Р 34.10-2012 (256)", "GOST R 34.10-2012 (256)"),
            Self::Gost512 => pick("ГОСТ Р 34.10-2012 (512)", "GOST R 34.10-2012 (512)"),
        })
    }
}

/// The hash of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256, the only one of ЕСИА's RSA tokens.
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
    /// ГОСТ Р 34.11-2012, 256 bits: with ГОСТ keys of 256 bits.
    Streebog256,
    /// ГОСТ Р 34.11-2012, 512 bits: with ГОСТ keys of 512 bits.
    Streebog512,
}

impl Hash {
    /// The hash of these bytes.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
            Self::Streebog256 => Streebog256::digest(bytes).to_vec(),
            Self::Streebog512 => Streebog512::digest(bytes).to_vec(),
        }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Streebog256 => pick("ГОСТ Р 34.11-2012 (256)", "GOST R 34.11-2012 (256)"),
            Self::Streebog512 => pick("ГОСТ Р 34.11-2012 (512)", "GOST R 34.11-2012 (512)"),
        })
    }
}
