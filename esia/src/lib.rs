//! The vocabulary of ЕСИА: identifiers, scopes, wire types, what is signed and how.
//!
//! Everything here is pure: no I/O, no clock, no HTTP. The provider, the relying party and the harness share it.

mod base64_any;
pub mod certificate;
pub mod cms;
mod der_length;
pub mod error;
pub mod gost;
pub mod ids;
pub mod keys;
pub mod person;
pub mod scope;
pub mod secret;
pub mod text;
pub mod timestamp;
pub mod token;
pub mod visible;

pub use certificate::{Algorithm, Certificate, HashMatch, KeyError, KeyKind, PublicKey, SigningKey};
pub use error::{ErrorCode, EsiaError, PermissionsError, RestError};
pub use ids::{BirthCertificate, Email, FullName, Inn, Kpp, Mnemonic, Ogrn, Oid, Phone, Snils};
pub use scope::{Scope, Scopes};
