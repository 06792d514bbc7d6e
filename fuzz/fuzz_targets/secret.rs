//! A refused signature, looked at for known mistakes (ESIA-PROTOCOL §2.1): eight parameters and the signature, one a line.
#![no_main]

use esia::secret::{Order, Refused, Request, Secret, Signed, decode_base64_any, explain, verify_raw};
use fuzz::REGISTERED;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let mut next = || lines.next().unwrap_or_default();
    let signed = Signed {
        client_id: next(),
        scope: next(),
        scope_org: next(),
        timestamp: next(),
        state: next(),
        redirect_uri: next(),
    };
    let request = Request { signed, code: next(), refresh_token: next() };
    let hash = next();
    let Ok(bytes) = decode_base64_any(next()) else { return };
    for secret in [Secret::Cms(&bytes), Secret::Raw(&bytes)] {
        let refused = Refused {
            secret,
            order: Order::V1,
            request,
            certificates: &REGISTERED[..1],
            stale: &REGISTERED[1..],
            certificate_hash: Some(hash).filter(|hash| !hash.is_empty()),
        };
        if let Some(mistake) = explain(&refused) {
            assert!(!mistake.slips.is_empty() && REGISTERED.contains(&mistake.certificate));
            assert!(!mistake.to_string().is_empty());
        }
    }
    for certificate in &*REGISTERED {
        let _ = verify_raw(certificate, Order::V1.string(&request).as_bytes(), &bytes);
    }
});
