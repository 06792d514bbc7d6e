//! The provider's key, read once per process, and its public half under `/public/` (§3.9).

use std::{
    io::{Cursor, Write as _},
    sync::OnceLock,
};

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use esia::{PublicKey, keys, token::Signer};
use web::Trouble;
use zip::{ZipWriter, result::ZipResult, write::SimpleFileOptions};

/// Signs tokens and checks them.
pub(crate) struct Keys {
    pub(crate) signer: Signer,
    pub(crate) public: PublicKey,
}

/// The process's keys.
///
/// # Errors
/// 500 when the built-in key cannot be read, which it has no reason to.
pub(crate) fn keys() -> Result<&'static Keys, Trouble> {
    static READ: OnceLock<Keys> = OnceLock::new();
    if let Some(keys) = READ.get() {
        return Ok(keys);
    }
    let signer = Signer::from_pem(keys::PROVIDER_KEY_PEM, keys::PROVIDER_CERTIFICATE_PEM).map_err(Trouble::internal)?;
    let public = signer.certificate().public_key().map_err(Trouble::internal)?.clone();
    Ok(READ.get_or_init(|| Keys { signer, public }))
}

/// Names and contents of the files under `/public/`.
fn files() -> Result<[(&'static str, Vec<u8>); 4], Trouble> {
    let Keys { signer, public } = keys()?;
    let certificate = signer.certificate();
    let jwk = serde_json::json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "n": public.jwk_n(), "e": public.jwk_e(),
    });
    Ok([
        ("RSA_TESIA.cer", certificate.der().to_owned()),
        ("RSA_TESIA.pem", certificate.pem().into_bytes()),
        ("RSA_TESIA_PUBLIC.pem", public.pem().into_bytes()),
        ("RSA_TESIA_JWK.jwk", jwk.to_string().into_bytes()),
    ])
}

/// The archive of all of them, packed once per process.
fn archive() -> Result<&'static [u8], Trouble> {
    static PACKED: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(packed) = PACKED.get() {
        return Ok(packed);
    }
    let packed = pack(&files()?).map_err(Trouble::internal)?;
    Ok(PACKED.get_or_init(|| packed))
}

fn pack(files: &[(&str, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn file(name: &str, content_type: &'static str) -> Result<Response, Trouble> {
    let found = files()?.into_iter().find(|(known, _)| *known == name).map(|(_, content)| content);
    let content = found.ok_or_else(|| Trouble::not_found("Такого файла здесь нет"))?;
    Ok(([(header::CONTENT_TYPE, content_type)], content).into_response())
}

/// `/public/…`
pub(super) fn routes() -> Router {
    Router::new()
        .route("/public/RSA_TESIA.cer", get(async || file("RSA_TESIA.cer", "application/pkix-cert")))
        .route("/public/RSA_TESIA.pem", get(async || file("RSA_TESIA.pem", "application/x-pem-file")))
        .route("/public/RSA_TESIA_PUBLIC.pem", get(async || file("RSA_TESIA_PUBLIC.pem", "application/x-pem-file")))
        .route("/public/RSA_TESIA_JWK.jwk", get(async || file("RSA_TESIA_JWK.jwk", "application/jwk+json")))
        .route(
            "/public/esia.zip",
            get(async || archive().map(|zip| ([(header::CONTENT_TYPE, "application/zip")], zip))),
        )
}
