//! Identifiers, scopes, wire types and signatures of ЕСИА, the identity provider of Gosuslugi.
//!
//! Everything here is pure: no I/O, no clock, no HTTP. The provider, the relying party and the harness share it.
//!
//! | for | see |
//! |---|---|
//! | СНИЛС, names, phones, registry numbers | [`ids`] |
//! | scopes and what each opens | [`scope`] |
//! | the string that a `client_secret` signs, and why a signature does not hold | [`secret`] |
//! | CMS signatures, certificates, ГОСТ Р 34.10-2012 | [`cms`], [`certificate`], [`gost`] |
//! | tokens | [`token`] |
//! | what `/rs` answers | [`person`] |
//! | errors with their codes | [`error`] |
//! | the language of what is told | [`language`] |
//!
//! # Example
//!
//! A client signs an authorization request of the second version, and the provider checks it:
//!
//! ```
//! use esia::{Certificate, SigningKey, keys, secret};
//!
//! let request = secret::Signed {
//!     client_id: "DIARY",
//!     scope: "openid fullname",
//!     scope_org: "",
//!     timestamp: "2024.09.02 09:00:00 +0300",
//!     state: "0d8f1a52-6b0e-4d6a-9e0b-2f5f3f3c1c55",
//!     redirect_uri: "https://diary.test/callback",
//! };
//! let string = secret::v2_authorize(&request);
//!
//! let key = SigningKey::from_pem(keys::DIARY_GOST_KEY_PEM)?;
//! let signature = key.sign(string.as_bytes())?;
//!
//! let registered = Certificate::from_pem(keys::DIARY_GOST_CERTIFICATE_PEM)?;
//! assert!(secret::verify_raw(&registered, string.as_bytes(), &signature).is_ok());
//!
//! let reversed: Vec<u8> = signature.into_iter().rev().collect();
//! let refused = secret::verify_raw(&registered, string.as_bytes(), &reversed).unwrap_err();
//! assert_eq!(refused.code(), "raw-reversed");
//! # Ok::<_, esia::KeyError>(())
//! ```

mod base64_any;
pub mod certificate;
pub mod cms;
mod der_length;
pub mod error;
pub mod gost;
pub mod ids;
pub mod keys;
pub mod language;
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
