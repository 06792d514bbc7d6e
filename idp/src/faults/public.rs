//! Faults of the files with keys: `/public/*` and their archive.

use std::io::{Cursor, Read as _, Write as _};

use chrono::TimeDelta;
use esia::{Certificate, SigningKey};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{act::KeyFault, answer::Answer, fault::Fault, occasion::Occasion};
use crate::{
    clients::TokenAlgorithm,
    signing::{PROVIDER_SUBJECT, of_certificate},
};

/// Returns a file with keys, or their archive, as the fault changes it.
pub(super) fn file(act: KeyFault, fault: &Fault, at: &Occasion, answer: &Answer) -> Option<Answer> {
    if !answer.status.is_success() {
        return None;
    }
    let name = at.path.strip_prefix("/public/")?;
    let is_archive = name == "esia.zip";
    let own = at.keys.signer(TokenAlgorithm::Rs256);
    let (key, from, until) = match act {
        KeyFault::ArchiveChanged if is_archive && fault.parameter("how") == "cut" => {
            let half = answer.body.slice(..answer.body.len() / 2);
            return Some(answer.clone().with_body(half));
        }
        KeyFault::ArchiveChanged if is_archive => {
            let packed = repacked(&answer.body, |name, content| Some((format!("keys/{name}.new"), content)))?;
            return Some(answer.clone().with_body(packed));
        }
        KeyFault::NoOverlap => (fault.key.as_deref()?, TimeDelta::days(-1), TimeDelta::days(365)),
        KeyFault::CertificateOver => (own.pem(), TimeDelta::days(-365), TimeDelta::days(-1)),
        _ => return None,
    };
    let key = SigningKey::from_pem(key).ok()?;
    let certificate = Certificate::self_signed(&key, PROVIDER_SUBJECT, at.now + from..=at.now + until).ok()?;
    let content = if is_archive {
        repacked(&answer.body, |name, content| {
            let other = content_of(&name, &certificate).unwrap_or(content);
            Some((name, other))
        })?
    } else {
        content_of(name, &certificate)?
    };
    (content != answer.body).then(|| answer.clone().with_body(content))
}

/// Returns the content of the file of that name for another RSA certificate; `None` for a file of another key.
fn content_of(name: &str, certificate: &Certificate) -> Option<Vec<u8>> {
    let mut files = of_certificate(TokenAlgorithm::Rs256, certificate).into_iter();
    files.find(|file| file.name == name).map(|file| file.content)
}

/// Packs an archive again with each member changed.
fn repacked(archive: &[u8], change: impl Fn(String, Vec<u8>) -> Option<(String, Vec<u8>)>) -> Option<Vec<u8>> {
    let mut read = ZipArchive::new(Cursor::new(archive)).ok()?;
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..read.len() {
        let mut member = read.by_index(at).ok()?;
        let mut content = Vec::new();
        member.read_to_end(&mut content).ok()?;
        let (name, content) = change(member.name().ok()?.into_owned(), content)?;
        written.start_file(name, SimpleFileOptions::default()).ok()?;
        written.write_all(&content).ok()?;
    }
    Some(written.finish().ok()?.into_inner())
}
