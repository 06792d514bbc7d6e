//! Tokens and codes: nothing that the provider has not signed is believed.
#![no_main]

use chrono::TimeDelta;
use esia::{
    PublicKey,
    token::{AccessClaims, Claims, CodeClaims, IdClaims, decode_unverified, verify},
};
use fuzz::{PROVIDER, now};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Tokens that the provider did sign, long ago: they are in the corpus.
fn checked<T: Claims>(jwt: &str, key: &PublicKey) {
    if verify::<T>(jwt, key, now(), TimeDelta::zero()).is_ok() {
        let (header, _) = decode_unverified::<Value>(jwt).expect("what was verified can be read");
        assert_eq!(Some(header.alg.as_str()), key.algorithm().jwt());
        // Not a byte of it can be changed.
        let mut other = jwt.to_owned().into_bytes();
        let dot = jwt.find('.').unwrap();
        other[dot - 1] = if other[dot - 1] == b'A' { b'Q' } else { b'A' };
        assert!(verify::<T>(&String::from_utf8(other).unwrap(), key, now(), TimeDelta::zero()).is_err());
    }
}

fuzz_target!(|jwt: &str| {
    for key in &*PROVIDER {
        checked::<AccessClaims>(jwt, key);
        checked::<IdClaims>(jwt, key);
        checked::<CodeClaims>(jwt, key);
    }
    let _ = decode_unverified::<Value>(jwt);
});
