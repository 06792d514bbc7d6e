//! Identifiers of people, documents and systems, as people type them.
#![no_main]

use esia::{BirthCertificate, Email, FullName, Mnemonic, Oid, Phone, Snils};
use fuzz::reads_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    reads_back::<BirthCertificate>(text);
    reads_back::<Email>(text);
    reads_back::<FullName>(text);
    reads_back::<Mnemonic>(text);
    reads_back::<Oid>(text);
    reads_back::<Phone>(text);
    reads_back::<Snils>(text);
});
