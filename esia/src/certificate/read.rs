//! Reading certificates and public keys as files hold them: PEM with one or several blocks, base64, DER.

use super::{
    Certificate, KeyError, PublicKey,
    pem::{pem_block, pem_blocks},
};
use crate::base64_any::decode_base64_any;

/// Labels of a certificate in PEM (RFC 7468 §5.1).
const LABELS: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
/// More certificates than this are no chain.
const MAX_CHAIN: usize = 16;

impl Certificate {
    /// Every certificate of a text: PEM with one or several blocks, whatever stands around them, or base64 of one DER.
    ///
    /// # Errors
    /// When there is none, or one of them cannot be read: then none is given.
    pub fn all_of(text: &str) -> Result<Vec<Self>, KeyError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let blocks: Vec<_> = LABELS.into_iter().flat_map(|label| pem_blocks(text, label)).collect();
        if blocks.len() > MAX_CHAIN {
            return Err(KeyError::Chain(blocks.len()));
        }
        if !blocks.is_empty() {
            let one = |block: Result<Vec<u8>, KeyError>| block.and_then(|der| Self::from_der(&der));
            return blocks.into_iter().map(one).collect();
        }
        if text.contains("-----BEGIN ") {
            return Err(other_pem(text));
        }
        let der = decode_base64_any(text).map_err(|_| KeyError::Pem("CERTIFICATE"))?;
        if der.first() != Some(&0x30) {
            return Err(KeyError::Pem("CERTIFICATE"));
        }
        Self::from_der(&der).map(|one| vec![one])
    }

    /// Every certificate of a file: PEM, or DER.
    ///
    /// # Errors
    /// As [`Certificate::all_of`].
    pub fn all_of_file(bytes: &[u8]) -> Result<Vec<Self>, KeyError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::all_of(text),
            Err(_) => Self::from_der(bytes).map(|one| vec![one]),
        }
    }
}

impl PublicKey {
    /// From PEM: a block `PUBLIC KEY`, or a block `CERTIFICATE`.
    ///
    /// # Errors
    /// When there is neither, or the key is of another algorithm.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match Certificate::from_pem(pem) {
            Ok(certificate) => certificate.public_key().cloned(),
            Err(_) => Self::from_spki(&pem_block(pem, "PUBLIC KEY")?),
        }
    }
}

/// What is in a PEM that has no certificate.
fn other_pem(text: &str) -> KeyError {
    let label = text.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----"));
    match label.map(|(label, _)| label).unwrap_or_default() {
        label if label.ends_with("PRIVATE KEY") => KeyError::OnlyPrivateKey,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => KeyError::Request,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => KeyError::OnlyPublicKey,
        _ => pem_block(text, "CERTIFICATE").err().unwrap_or(KeyError::Pem("CERTIFICATE")),
    }
}
