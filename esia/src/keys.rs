//! The test keys that come with the program, so that nothing is generated at start.
//!
//! They are public, as this source is, and secure nothing: use them on a stand only. RSA-2048 and ГОСТ Р 34.10-2012
//! (256 bits, set A of `CryptoPro`), self-signed, valid from 2020 to 2100, made by `esia/keys/make.sh`.

/// The provider's signing key (PKCS#8 PEM). Public test key.
pub const PROVIDER_KEY_PEM: &str = include_str!("../keys/provider.key.pem");
/// The provider's certificate, `CN=ESIA MOCK, O=esia-stand`.
pub const PROVIDER_CERTIFICATE_PEM: &str = include_str!("../keys/provider.crt.pem");
/// The diary's key as a client of the provider (PKCS#8 PEM). Public test key.
pub const DIARY_KEY_PEM: &str = include_str!("../keys/diary.key.pem");
/// The diary's certificate.
pub const DIARY_CERTIFICATE_PEM: &str = include_str!("../keys/diary.crt.pem");
/// The diary's `client_secret` for OpenID Connect. Public, as the keys are.
pub const DIARY_SECRET: &str = "test-secret-of-the-diary";
/// The key of somebody who is registered nowhere (PKCS#8 PEM). Public test key.
pub const STRANGER_KEY_PEM: &str = include_str!("../keys/stranger.key.pem");
/// The certificate of somebody who is registered nowhere.
pub const STRANGER_CERTIFICATE_PEM: &str = include_str!("../keys/stranger.crt.pem");
/// The provider's ГОСТ key (PKCS#8 PEM). Public test key.
pub const PROVIDER_GOST_KEY_PEM: &str = include_str!("../keys/provider.gost.key.pem");
/// The provider's ГОСТ certificate.
pub const PROVIDER_GOST_CERTIFICATE_PEM: &str = include_str!("../keys/provider.gost.crt.pem");
/// The diary's ГОСТ key as a client of the provider (PKCS#8 PEM). Public test key.
pub const DIARY_GOST_KEY_PEM: &str = include_str!("../keys/diary.gost.key.pem");
/// The diary's ГОСТ certificate.
pub const DIARY_GOST_CERTIFICATE_PEM: &str = include_str!("../keys/diary.gost.crt.pem");
/// The ГОСТ key of somebody who is registered nowhere (PKCS#8 PEM). Public test key.
pub const STRANGER_GOST_KEY_PEM: &str = include_str!("../keys/stranger.gost.key.pem");
/// The ГОСТ certificate of somebody who is registered nowhere.
pub const STRANGER_GOST_CERTIFICATE_PEM: &str = include_str!("../keys/stranger.gost.crt.pem");
