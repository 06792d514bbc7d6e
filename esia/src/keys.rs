//! The test keys that come with the program, so that nothing is generated at start.
//!
//! They are public, as this source is, and secure nothing: use them on a stand only. RSA-2048, self-signed,
//! valid from 2020 to 2100, made by `esia/keys/make.sh`.

/// The provider's signing key (PKCS#8 PEM). Public test key.
pub const PROVIDER_KEY_PEM: &str = include_str!("../keys/provider.key.pem");
/// The provider's certificate, `CN=ESIA MOCK, O=esia-stand`.
pub const PROVIDER_CERTIFICATE_PEM: &str = include_str!("../keys/provider.crt.pem");
/// The diary's key as a client of the provider (PKCS#8 PEM). Public test key.
pub const DIARY_KEY_PEM: &str = include_str!("../keys/diary.key.pem");
/// The diary's certificate.
pub const DIARY_CERTIFICATE_PEM: &str = include_str!("../keys/diary.crt.pem");
/// The key of somebody who is registered nowhere (PKCS#8 PEM). Public test key.
pub const STRANGER_KEY_PEM: &str = include_str!("../keys/stranger.key.pem");
/// The certificate of somebody who is registered nowhere.
pub const STRANGER_CERTIFICATE_PEM: &str = include_str!("../keys/stranger.crt.pem");
