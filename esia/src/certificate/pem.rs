use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::KeyError;
use crate::base64_any::decode_base64_any;

/// The DER in the first block of this label. Lines may be of any length; what stands around the block is skipped.
pub(super) fn pem_block(pem: &str, label: &'static str) -> Result<Vec<u8>, KeyError> {
    let missing = || KeyError::Pem(label);
    let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----")).ok_or_else(missing)?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----")).ok_or_else(missing)?;
    let body: String = body.split_whitespace().collect();
    decode_base64_any(&body).map_err(|_| missing())
}

/// The DER of every block of this label, in their order; a block that does not end or cannot be decoded is an error of its
/// own.
pub(super) fn pem_blocks(pem: &str, label: &'static str) -> Vec<Result<Vec<u8>, KeyError>> {
    let begin = format!("-----BEGIN {label}-----");
    pem.match_indices(&begin).map(|(at, _)| pem_block(&pem[at..], label)).collect()
}

/// Lines of 64 characters (RFC 7468).
pub(super) fn to_pem(label: &'static str, der: &[u8]) -> String {
    let mut pem = format!("-----BEGIN {label}-----\n");
    for (at, sign) in STANDARD.encode(der).chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(sign);
    }
    pem + &format!("\n-----END {label}-----\n")
}
