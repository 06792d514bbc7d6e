//! Published keys: JWKS, and the files under `/public/` with their archive (ESIA §3.9, RFC 7517).

use std::{
    io::{Cursor, Write as _},
    sync::Arc,
};

use esia::Certificate;
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};
use zip::{DateTime, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::key::ProviderKey;
use crate::clients::TokenAlgorithm;

const CER: &str = "application/pkix-cert";
const PEM: &str = "application/x-pem-file";
const JWK: &str = "application/jwk+json";

/// File under `/public/`.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    /// Second name, easier to type into an address.
    pub(crate) alias: Option<&'static str>,
    pub(crate) content_type: &'static str,
    pub(crate) content: Vec<u8>,
}

/// JWKS, files and archive of the published keys.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) jwks: JwkSet,
    pub(crate) files: Vec<File>,
    /// `esia.zip`. Equal keys give equal bytes.
    pub(crate) archive: Vec<u8>,
}

impl Published {
    /// Builds JWKS and files of numbered keys. The first key of each algorithm gets the file names of the real archive
    /// of the test stand (ESIA §3.9); the names of a further key contain its number.
    pub(super) fn new(keys: &[(u64, &Arc<ProviderKey>)]) -> Self {
        let openid = keys.iter().filter_map(|(_, key)| key.openid());
        let jwks = JwkSet { keys: openid.map(|key| key.jwk.clone()).collect() };
        let files: Vec<_> = [TokenAlgorithm::Rs256, TokenAlgorithm::Gost]
            .into_iter()
            .flat_map(|algorithm| keys.iter().filter(move |(_, key)| key.algorithm() == algorithm).enumerate())
            .flat_map(|(at, (number, key))| {
                let files = of_certificate(key.algorithm(), key.certificate());
                files.into_iter().map(move |file| if at == 0 { file } else { file.numbered(*number) })
            })
            .collect();
        let archive = pack(&files).unwrap_or_default();
        Self { jwks, files, archive }
    }

    /// Returns the file of that name or alias.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name || file.alias == Some(name))
    }
}

impl File {
    fn new(name: &str, content_type: &'static str, content: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), alias: None, content_type, content: content.into() }
    }

    fn numbered(self, number: u64) -> Self {
        let (stem, extension) = self.name.rsplit_once('.').unwrap_or((&self.name, ""));
        Self { name: format!("{stem}_{number}.{extension}"), alias: None, ..self }
    }
}

/// Returns the files that publish a certificate.
pub(crate) fn of_certificate(algorithm: TokenAlgorithm, certificate: &Certificate) -> Vec<File> {
    let (der, pem, public) = (certificate.der(), certificate.pem(), certificate.public_key_pem());
    match algorithm {
        TokenAlgorithm::Rs256 => vec![
            File::new("RSA_TESIA.cer", CER, der),
            File::new("RSA_TESIA.pem", PEM, pem),
            File::new("RSA_TESIA_PUBLIC.pem", PEM, public),
            File::new("RSA_TESIA_JWK.jwk", JWK, jwk(certificate).to_string()),
        ],
        TokenAlgorithm::Gost => vec![
            File { alias: Some("GOST_TESIA_2012.cer"), ..File::new("ГОСТ ТЕСИА 2012.cer", CER, der) },
            File::new("GOST_TESIA_2012.pem", PEM, pem),
            File::new("GOST_TESIA_2012_PUBLIC.pem", PEM, public),
        ],
    }
}

fn jwk(certificate: &Certificate) -> Value {
    let key = certificate.public_key().ok();
    let part = |read: fn(&esia::PublicKey) -> Option<String>| key.and_then(read);
    json!({
        "kty": "RSA", "use": "sig", "alg": "RS256",
        "n": part(esia::PublicKey::jwk_n), "e": part(esia::PublicKey::jwk_e),
    })
}

fn pack(files: &[File]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    for File { name, content, .. } in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}
