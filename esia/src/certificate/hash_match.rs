use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use der::Decode as _;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{AnyHash, Certificate, Hash};
use crate::base64_any::decode_base64_any;
use crate::language::{pick, tr};

/// What of a certificate a `client_certificate_hash` is, and how it is written (ESIA §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashMatch {
    /// What was hashed.
    pub of: Hashed,
    /// Which hash; none where the thing itself was sent.
    pub hash: Option<AnyHash>,
    /// How it is written.
    pub writing: Writing,
}

/// What was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashed {
    /// The DER, as documented.
    Der,
    /// The DER from its end.
    ReversedDer,
    /// The PEM text.
    Pem,
    /// The base64 inside the PEM.
    Base64,
    /// The public key: `SubjectPublicKeyInfo`, or its bits alone.
    PublicKey,
    /// The part of the certificate that its issuer signs.
    Body,
    /// The serial number.
    Serial,
    /// The subject's name.
    Subject,
    /// The identifier of the key.
    KeyId,
}

/// How a hash is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Hexadecimal, of either case.
    Hex,
    /// With colons between its bytes, as programs print a fingerprint.
    Colons,
    /// With blanks or hyphens between its bytes, as a window of Windows shows it.
    Blanks,
    /// In quotes, with `0x` or with the name of the hash before it.
    Decorated,
    /// In base64 of either alphabet.
    Base64,
    /// Hexadecimal, the bytes in the reverse order.
    Reversed,
}

impl HashMatch {
    /// Whether ЕСИА takes it, or it is only to be explained.
    pub const fn is_accepted(self) -> bool {
        let is_hash = matches!(self.hash, Some(AnyHash::Taken(Hash::Streebog256 | Hash::Sha256)));
        is_hash && matches!((self.of, self.writing), (Hashed::Der, Writing::Hex))
    }

    /// Whether it is computed with SHA-256.
    pub const fn is_sha256(self) -> bool {
        matches!(self.hash, Some(AnyHash::Taken(Hash::Sha256)))
    }

    /// Stable name for verdicts and tests.
    pub const fn code(self) -> &'static str {
        match (self.of, self.hash, self.writing) {
            (Hashed::Serial, None, _) => "hash-is-serial",
            (Hashed::Subject, None, _) => "hash-is-subject",
            (Hashed::KeyId, None, _) => "hash-is-key-id",
            (_, None, _) => "hash-is-certificate",
            (Hashed::Pem, ..) => "hash-of-pem",
            (Hashed::Base64, ..) => "hash-of-base64",
            (Hashed::PublicKey | Hashed::KeyId, ..) => "hash-of-key",
            (Hashed::Body, ..) => "hash-of-body",
            (Hashed::Serial | Hashed::Subject, ..) => "hash-of-name",
            (Hashed::ReversedDer, ..) | (Hashed::Der, _, Writing::Reversed) => "hash-reversed",
            (Hashed::Der, Some(AnyHash::Taken(Hash::Streebog512)), _) => "hash-512",
            (Hashed::Der, Some(AnyHash::Sha1), _) => "hash-sha1",
            (Hashed::Der, Some(AnyHash::Taken(Hash::Sha512 | Hash::Sha384) | AnyHash::Sha224), _) => "hash-other-sha",
            (Hashed::Der, _, Writing::Hex) => "hash-right",
            (Hashed::Der, _, Writing::Colons) => "hash-colons",
            (Hashed::Der, _, Writing::Blanks) => "hash-blanks",
            (Hashed::Der, _, Writing::Decorated) => "hash-decorated",
            (Hashed::Der, _, Writing::Base64) => "hash-base64",
        }
    }
}

impl fmt::Display for HashMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self.of {
            Hashed::Der => "DER",
            Hashed::ReversedDer => pick("DER, перевёрнутого от конца к началу,", "DER, reversed from its end,"),
            Hashed::Pem => pick("текста PEM", "the text of PEM"),
            Hashed::Base64 => pick("base64 внутри PEM", "the base64 inside of PEM"),
            Hashed::PublicKey => pick("открытого ключа", "the public key"),
            Hashed::Body => pick("подписываемой части (TBSCertificate)", "the part that is signed (TBSCertificate)"),
            Hashed::Serial => pick("серийного номера", "the serial number"),
            Hashed::Subject => pick("имени владельца", "the subject"),
            Hashed::KeyId => pick("идентификатора ключа", "the key identifier"),
        };
        match (self.hash, self.of) {
            (Some(hash), Hashed::Der) => f.write_str(&tr!("{hash} от DER", "{hash} of DER"))?,
            (Some(hash), _) => f.write_str(&tr!("{hash} от {of} вместо DER", "{hash} of {of} in place of DER"))?,
            (None, Hashed::Serial) => f.write_str(pick(
                "это серийный номер сертификата, а не хэш",
                "this is the serial number of the certificate, no hash",
            ))?,
            (None, Hashed::Subject) => f.write_str(pick(
                "это имя владельца сертификата, а не хэш",
                "this is the subject of the certificate, no hash",
            ))?,
            (None, Hashed::KeyId) => f.write_str(pick(
                "это идентификатор ключа, а не хэш сертификата",
                "this is the key identifier, no hash of the certificate",
            ))?,
            (None, _) => {
                f.write_str(pick("это сам сертификат, а не его хэш", "this is the certificate itself, not its hash"))?;
            }
        }
        f.write_str(match self.writing {
            Writing::Hex => "",
            Writing::Colons => pick(", записан с двоеточиями", ", written with colons"),
            Writing::Blanks => pick(
                ", записан с пробелами или дефисами между байтами",
                ", written with blanks or hyphens between bytes",
            ),
            Writing::Decorated => {
                pick(", записан с лишними знаками вокруг", ", written with other characters around it")
            }
            Writing::Base64 => {
                pick(", записан в base64 вместо шестнадцатеричного", ", written in base64 in place of hexadecimal")
            }
            Writing::Reversed => {
                pick(", байты записаны в обратном порядке", ", its bytes written in the reverse order")
            }
        })?;
        if self.hash.is_some() && !self.is_accepted() {
            f.write_str(pick(
                "; нужен ГОСТ Р 34.11-2012 (256) от DER, шестнадцатеричный",
                "; needed is GOST R 34.11-2012 (256) of DER, hexadecimal",
            ))?;
        }
        Ok(())
    }
}

impl Certificate {
    /// What of this certificate a text is, if anything of it.
    pub fn hash_match(&self, text: &str) -> Option<HashMatch> {
        let (bytes, writing) = read(text)?;
        let of_der = [Hash::Streebog256, Hash::Sha256].map(AnyHash::Taken);
        let is_der = |hash: &AnyHash, bytes: &[u8]| hash.size() == bytes.len() && hash.digest(self.der()) == bytes;
        if let Some(hash) = of_der.into_iter().find(|hash| is_der(hash, &bytes)) {
            return Some(HashMatch { of: Hashed::Der, hash: Some(hash), writing });
        }
        let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
        let turned = || of_der.into_iter().find(|hash| is_der(hash, &reversed));
        let turned = turned().map(|hash| HashMatch { of: Hashed::Der, hash: Some(hash), writing: Writing::Reversed });
        turned.or_else(|| self.itself(&bytes, writing)).or_else(|| self.unusual(&bytes, writing))
    }

    /// The certificate that a `client_certificate_hash` names: by a hash that is accepted before one that is not.
    pub fn find_by_hash<'a>(hash: &str, certificates: &'a [Self]) -> Option<(&'a Self, HashMatch)> {
        let named = certificates.iter().filter_map(|one| one.hash_match(hash).map(|how| (one, how)));
        named.min_by_key(|(_, how)| !how.is_accepted())
    }

    /// Not a hash, but something of the certificate.
    fn itself(&self, bytes: &[u8], writing: Writing) -> Option<HashMatch> {
        let serial = hex::decode(self.serial()).unwrap_or_default();
        let of = match () {
            () if bytes == self.der() => Hashed::Der,
            () if !serial.is_empty() && bytes == serial => Hashed::Serial,
            () if self.subject_key_id.as_deref() == Some(bytes) => Hashed::KeyId,
            () if std::str::from_utf8(bytes).is_ok_and(|text| text.trim() == self.subject()) => Hashed::Subject,
            () => return None,
        };
        Some(HashMatch { of, hash: None, writing })
    }

    /// Other hashes, and hashes of other things.
    fn unusual(&self, bytes: &[u8], writing: Writing) -> Option<HashMatch> {
        let hashes: Vec<_> = AnyHash::ALL.into_iter().filter(|hash| hash.size() == bytes.len()).collect();
        if hashes.is_empty() {
            return None;
        }
        let found = self.parts().into_iter().find_map(|(of, part)| {
            let hash = hashes.iter().find(|hash| hash.digest(&part) == bytes)?;
            Some((of, *hash))
        });
        found.map(|(of, hash)| HashMatch { of, hash: Some(hash), writing })
    }

    /// All that a hash may be of.
    fn parts(&self) -> Vec<(Hashed, Vec<u8>)> {
        let pem = self.pem();
        let windows = pem.replace('\n', "\r\n");
        let lines: Vec<&str> = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let bodies = [STANDARD.encode(self.der()), lines.join("\n"), lines.join("\n") + "\n", lines.join("\r\n")];
        let pems = [pem.trim_end().to_owned(), windows.trim_end().to_owned(), pem, windows];
        let mut parts = vec![
            (Hashed::Der, self.der().to_vec()),
            (Hashed::ReversedDer, self.der().iter().rev().copied().collect()),
            (Hashed::PublicKey, self.spki().to_vec()),
            (Hashed::PublicKey, self.public_key_pem().into_bytes()),
            (Hashed::Subject, self.subject().as_bytes().to_vec()),
            (Hashed::Serial, self.serial().as_bytes().to_vec()),
            (Hashed::Serial, hex::decode(self.serial()).unwrap_or_default()),
        ];
        parts.extend(pems.into_iter().map(|text| (Hashed::Pem, text.into_bytes())));
        parts.extend(bodies.into_iter().map(|text| (Hashed::Base64, text.into_bytes())));
        if let Ok(info) = SubjectPublicKeyInfoOwned::from_der(self.spki()) {
            parts.push((Hashed::PublicKey, info.subject_public_key.raw_bytes().to_vec()));
        }
        // The first element of the sequence.
        if let Some(body) = Vec::<der::Any>::from_der(self.der()).ok().and_then(|all| all.into_iter().next()) {
            parts.extend(der::Encode::to_der(&body).ok().map(|body| (Hashed::Body, body)));
        }
        parts
    }
}

/// The bytes that a text writes, and how.
fn read(text: &str) -> Option<(Vec<u8>, Writing)> {
    let trimmed = text.trim();
    if let Ok(bytes) = hex::decode(trimmed)
        && !bytes.is_empty()
    {
        return Some((bytes, Writing::Hex));
    }
    let bare = trimmed.trim_matches(['"', '\'', '<', '>', '{', '}']);
    // `sha256:…`, `SHA256 Fingerprint=…`, `0x…`
    let after_name = bare.rsplit(['=', ' ']).next().filter(|rest| rest.len() > 16).unwrap_or(bare);
    let after_name = after_name.split_once(':').filter(|(name, _)| name.len() > 2).map_or(after_name, |(_, rest)| rest);
    let after_name = after_name.strip_prefix("0x").or_else(|| after_name.strip_prefix("0X")).unwrap_or(after_name);
    let is_decorated = after_name != trimmed && after_name.len() < trimmed.len();
    let digits =
        |text: &str| text.chars().filter(|sign| !matches!(sign, ':' | ' ' | '-' | '\u{a0}')).collect::<String>();
    for (form, how) in [(bare, Writing::Blanks), (after_name, Writing::Decorated)] {
        if let Ok(bytes) = hex::decode(digits(form))
            && !bytes.is_empty()
        {
            let how = match how {
                Writing::Blanks if bare != trimmed => Writing::Decorated,
                Writing::Blanks if form.contains(':') => Writing::Colons,
                how => how,
            };
            return Some((bytes, how));
        }
    }
    let pem = bare.lines().filter(|line| !line.starts_with("-----")).collect::<String>();
    if let Ok(bytes) = decode_base64_any(&pem)
        && (AnyHash::ALL.iter().any(|hash| hash.size() == bytes.len()) || bytes.len() > 200)
    {
        return Some((bytes, Writing::Base64));
    }
    let how = if is_decorated { Writing::Decorated } else { Writing::Hex };
    (!bare.is_empty()).then(|| (bare.as_bytes().to_vec(), how))
}
