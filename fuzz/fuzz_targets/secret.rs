//! A refused signature, looked at for known mistakes (ESIA §2.1): eight parameters and the signature, one a line.
#![no_main]

use esia::secret::{
    Earlier, Order, Refused, Request, Secret, Signed, Wanted, decode_base64_any, explain, look, verify_raw,
};
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
    let text = next();
    let string = Order::V1.string(&request);
    for is_cms in [true, false] {
        if let Some(found) = look(text, &Wanted { is_cms, sizes: &[64], string: &string, certificate_hash: Some(hash) }) {
            assert!(!found.code().is_empty() && !found.to_string().is_empty());
        }
    }
    let Ok(bytes) = decode_base64_any(text) else { return };
    let earlier = [Earlier { which: "1".to_owned(), order: Order::V2Authorize, request }];
    for secret in [Secret::Cms(&bytes), Secret::Raw(&bytes)] {
        let refused = Refused {
            secret,
            order: Order::V1,
            request,
            certificates: &REGISTERED[..1],
            stale: &REGISTERED[1..],
            others: &[],
            certificate_hash: Some(hash).filter(|hash| !hash.is_empty()),
            earlier: &earlier,
            registered: &[],
            sent: &[],
        };
        let found = explain(&refused);
        assert!(found.checked <= 10_000 && found.tried <= 20_000);
        if let Some(mistake) = found.mistake {
            assert!(!mistake.slips.is_empty() && !mistake.to_string().is_empty());
            assert!(mistake.certificate.is_none_or(|certificate| REGISTERED.contains(&certificate)));
            assert!(mistake.slips.iter().all(|slip| slip.name().is_ascii() && !slip.name().contains(' ')));
        }
    }
    for certificate in &*REGISTERED {
        let _ = verify_raw(certificate, Order::V1.string(&request).as_bytes(), &bytes);
    }
});
