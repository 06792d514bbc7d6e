//! Whether a CMS is a signature of a string by a registered certificate.

use chrono::{DateTime, Utc};
use rasn::{ber, types::ObjectIdentifier};

use super::model::{AlgorithmIdentifier, Attribute, ContentInfo, SignedData, SignerIdentifier, SignerInfo};
use crate::language::{Told, Words, both, pick, tr};
use crate::{
    certificate::{Certificate, Hash, KeyError},
    der_length::der_length,
};

/// A signature that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The registered certificate that has signed. Its dates are not compared with a clock here.
    pub certificate: &'a Certificate,
    /// The hash that was signed.
    pub hash: Hash,
    /// Whether the content was inside.
    pub is_attached: bool,
    /// Whether attributes were signed instead of the content itself.
    pub has_signed_attributes: bool,
    /// When the signer says it was made.
    pub signing_time: Option<DateTime<Utc>>,
}

/// Why a signature is refused. Digests are lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not BER, or not the structure of RFC 5652.
    #[error("{}", tr!("это не CMS: {_0}", "this is no CMS: {_0}"))]
    Malformed(Told),
    /// A CMS of another kind. Holds its object identifier.
    #[error(
        "{}",
        tr!(
            "ожидался CMS SignedData (1.2.840.113549.1.7.2), получен {_0}",
            "expected is a CMS SignedData (1.2.840.113549.1.7.2), got {_0}"
        )
    )]
    NotSignedData(String),
    /// None or several signatures.
    #[error("{}", tr!("ожидалась одна подпись, получено {_0}", "expected is one signature, got {_0}"))]
    SignerCount(usize),
    /// SHA-1, MD5 or ГОСТ Р 34.11-94. Holds the name.
    #[error(
        "{}",
        tr!(
            "хэш {} больше не принимается, нужен SHA-256 или ГОСТ Р 34.11-2012",
            "the hash {} is accepted no longer, needed is SHA-256 or GOST R 34.11-2012",
            weak(_0)
        )
    )]
    WeakDigest(&'static str),
    /// Neither RSA PKCS#1 v1.5 with SHA-256, SHA-384 or SHA-512, nor ГОСТ Р 34.10-2012 with ГОСТ Р 34.11-2012.
    /// Holds the object identifier.
    #[error(
        "{}",
        tr!(
            "алгоритм {_0} не поддерживается, нужен RSA с SHA-256 или ГОСТ Р 34.10-2012",
            "the algorithm {_0} is not supported, needed is RSA with SHA-256 or GOST R 34.10-2012"
        )
    )]
    UnsupportedAlgorithm(String),
    /// `signatureAlgorithm` names another hash than `digestAlgorithm`.
    #[error(
        "{}",
        tr!(
            "алгоритм подписи {signature} не подходит к хэшу {digest}",
            "the signature algorithm {signature} does not go with the hash {digest}"
        )
    )]
    AlgorithmMismatch {
        /// The hash of `digestAlgorithm`.
        digest: Hash,
        /// The object identifier of `signatureAlgorithm`.
        signature: String,
    },
    /// The signer's certificate is inside, and is not a registered one.
    #[error(
        "{}",
        tr!(
            "сертификат подписавшего ({subject}, № {serial}) не зарегистрирован за системой",
            "the certificate of the signer ({subject}, No. {serial}) is not registered for the client"
        )
    )]
    CertificateNotRegistered {
        /// The certificate's subject (RFC 4514).
        subject: String,
        /// Serial number, upper-case hex.
        serial: String,
        /// SHA-256 of its DER, upper-case hex.
        sha256: String,
    },
    /// The signer's certificate is neither inside nor among the registered.
    #[error(
        "{}",
        pick(
            "сертификата подписавшего нет ни в подписи, ни среди зарегистрированных",
            "the certificate of the signer is neither in the signature nor among the registered ones"
        )
    )]
    SignerNotFound,
    /// The signer's certificate cannot be used.
    #[error("{}", tr!("сертификат подписавшего: {_0}", "the certificate of the signer: {_0}"))]
    Certificate(#[source] KeyError),
    /// The content inside is not what should have been signed.
    #[error(
        "{}",
        tr!("подписана другая строка: «{}»", "another string is signed: «{}»", String::from_utf8_lossy(got))
    )]
    ContentMismatch {
        /// The content inside.
        got: Vec<u8>,
    },
    /// A signed attribute that must be there is not, or is there in a wrong form.
    #[error(
        "{}",
        tr!(
            "нет подписанного атрибута {_0}, или он записан неверно",
            "the signed attribute {_0} is missing, or written wrongly"
        )
    )]
    Attribute(&'static str),
    /// The attribute `contentType` names another type than the content's.
    #[error(
        "{}",
        tr!(
            "атрибут contentType не совпадает с типом содержимого: ожидалось {expected}, получено {got}",
            "the attribute contentType is not the type of the content: expected {expected}, got {got}"
        )
    )]
    ContentTypeMismatch {
        /// Object identifier of the content.
        expected: String,
        /// Object identifier in the attribute.
        got: String,
    },
    /// The attribute `messageDigest` is the hash of something else: another string was signed.
    #[error(
        "{}",
        tr!(
            "подписана другая строка: её {hash} {got}, ожидалось {expected}",
            "another string is signed: its {hash} is {got}, expected is {expected}"
        )
    )]
    DigestMismatch {
        /// The hash that was used.
        hash: Hash,
        /// Hash of the string that should have been signed.
        expected: String,
        /// Hash in the signature. Compare it with the hashes of likely mistakes.
        got: String,
    },
    /// The key of that certificate did not make this signature, or made it over something else.
    #[error(
        "{}",
        tr!(
            "подпись не сходится с ключом сертификата {subject}",
            "the signature does not hold by the key of the certificate {subject}"
        )
    )]
    SignatureMismatch {
        /// The certificate's subject (RFC 4514).
        subject: String,
    },
}

impl CmsError {
    /// Stable name for verdicts and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "cms-malformed",
            Self::NotSignedData(_) => "cms-not-signed-data",
            Self::SignerCount(_) => "cms-signer-count",
            Self::WeakDigest(_) => "cms-weak-digest",
            Self::UnsupportedAlgorithm(_) => "cms-unsupported-algorithm",
            Self::AlgorithmMismatch { .. } => "cms-algorithm-mismatch",
            Self::CertificateNotRegistered { .. } => "cms-certificate-not-registered",
            Self::SignerNotFound => "cms-signer-not-found",
            Self::Certificate(_) => "cms-certificate",
            Self::ContentMismatch { .. } => "cms-content-mismatch",
            Self::Attribute(_) => "cms-attribute",
            Self::ContentTypeMismatch { .. } => "cms-content-type-mismatch",
            Self::DigestMismatch { .. } => "cms-digest-mismatch",
            Self::SignatureMismatch { .. } => "cms-signature-mismatch",
        }
    }
}

/// Checks that `cms` is a signature of `content` by one of the `registered` certificates. What follows the outer
/// element is ignored (ESIA §2.5).
///
/// # Errors
/// The first check that fails: form, algorithms, certificate, content, attributes, signature.
pub fn verify<'a>(cms: &[u8], content: &[u8], registered: &'a [Certificate]) -> Result<Verified<'a>, CmsError> {
    let data = read(cms)?;
    let signers = data.signer_infos.to_vec();
    let [signer] = signers.as_slice() else { return Err(CmsError::SignerCount(signers.len())) };
    let hash = hash_of(signer)?;
    let certificate = find_certificate(&signer.sid, data.certificates.as_deref().unwrap_or_default(), registered)?;
    let key = certificate.public_key().map_err(CmsError::Certificate)?;

    let embedded = data.encap_content_info.content.as_ref();
    if let Some(got) = embedded.filter(|got| got.as_ref() != content) {
        return Err(CmsError::ContentMismatch { got: got.to_vec() });
    }
    let (is_signed, signing_time) = match &signer.signed_attrs {
        None => (key.verifies(hash, content, &signer.signature), None),
        Some(raw) => {
            let attributes = Attributes::read(raw)?;
            attributes.check(&data.encap_content_info.content_type, hash, content)?;
            let is_signed = attributes.signed_forms().iter().any(|form| key.verifies(hash, form, &signer.signature));
            (is_signed, attributes.signing_time())
        }
    };
    if !is_signed {
        return Err(CmsError::SignatureMismatch { subject: certificate.subject().to_owned() });
    }
    Ok(Verified {
        certificate,
        hash,
        is_attached: embedded.is_some(),
        has_signed_attributes: signer.signed_attrs.is_some(),
        signing_time,
    })
}

/// ГОСТ Р 34.11-94, as [`CmsError::WeakDigest`] names it.
const OLD_GOST: Words = Words { russian: "ГОСТ Р 34.11-94", english: "GOST R 34.11-94" };

/// A message of our own: those of a parser do not help to mend the signature.
fn malformed(what: impl Into<Told>) -> CmsError {
    CmsError::Malformed(what.into())
}

pub(super) fn read(cms: &[u8]) -> Result<SignedData, CmsError> {
    let outer = ber::decode_with_remainder::<ContentInfo>(cms);
    let (info, _trailing) = outer.map_err(|_| malformed(outer_fault(cms)))?;
    if info.content_type != *rasn_cms::CONTENT_SIGNED_DATA {
        return Err(CmsError::NotSignedData(info.content_type.to_string()));
    }
    ber::decode(info.content.as_bytes()).map_err(|_| {
        malformed(both!(
            "ContentInfo читается, SignedData внутри него — нет",
            "ContentInfo can be read, and the SignedData in it cannot"
        ))
    })
}

/// The name of a hash in the language that is spoken.
fn weak(name: &'static str) -> &'static str {
    if name == OLD_GOST.russian { pick(OLD_GOST.russian, OLD_GOST.english) } else { name }
}

fn outer_fault(cms: &[u8]) -> Told {
    match (cms, der_length(cms)) {
        ([], _) => both!("значение пусто", "the value is empty"),
        (_, Some(length)) if length > cms.len() => {
            both!(
                "обрезано: по заголовку {length} байт, пришло {}",
                "cut off: {length} bytes by its header, {} came",
                cms.len()
            )
        }
        ([0x30, ..], _) => both!("внутри не ContentInfo (RFC 5652 §3)", "inside is no ContentInfo (RFC 5652 §3)"),
        ([first, ..], _) => both!(
            "первый байт {first:02x}, а нужен 30 (SEQUENCE)",
            "the first byte is {first:02x}, and 30 (SEQUENCE) is needed"
        ),
    }
}

/// By the signer's own words: the set `digestAlgorithms` of the outer structure is wrong in some clients.
fn hash_of(signer: &SignerInfo) -> Result<Hash, CmsError> {
    let name = |algorithm: &AlgorithmIdentifier| algorithm.algorithm.to_string();
    let (digest, signature) = (name(&signer.digest_algorithm), name(&signer.signature_algorithm));
    let hash = match digest.as_str() {
        "2.16.840.1.101.3.4.2.1" => Hash::Sha256,
        "2.16.840.1.101.3.4.2.2" => Hash::Sha384,
        "2.16.840.1.101.3.4.2.3" => Hash::Sha512,
        "1.2.643.7.1.1.2.2" => Hash::Streebog256,
        "1.2.643.7.1.1.2.3" => Hash::Streebog512,
        "1.2.643.2.2.9" => return Err(CmsError::WeakDigest(OLD_GOST.russian)),
        "1.3.14.3.2.26" => return Err(CmsError::WeakDigest("SHA-1")),
        "1.2.840.113549.2.5" => return Err(CmsError::WeakDigest("MD5")),
        _ => return Err(CmsError::UnsupportedAlgorithm(digest)),
    };
    match (signature.as_str(), hash) {
        // The key's own identifier, or the one that names the hash as well.
        ("1.2.840.113549.1.1.1", Hash::Sha256 | Hash::Sha384 | Hash::Sha512)
        | ("1.2.840.113549.1.1.11", Hash::Sha256)
        | ("1.2.840.113549.1.1.12", Hash::Sha384)
        | ("1.2.840.113549.1.1.13", Hash::Sha512)
        | ("1.2.643.7.1.1.1.1" | "1.2.643.7.1.1.3.2", Hash::Streebog256)
        | ("1.2.643.7.1.1.1.2" | "1.2.643.7.1.1.3.3", Hash::Streebog512) => Ok(hash),
        (other, _) if is_known_signature(other) => Err(CmsError::AlgorithmMismatch { digest: hash, signature }),
        _ => Err(CmsError::UnsupportedAlgorithm(signature)),
    }
}

/// RSA PKCS#1 v1.5 with some hash (4 is MD5, 5 SHA-1, 11 to 13 SHA-256 to SHA-512), or ГОСТ Р 34.10-2012.
fn is_known_signature(oid: &str) -> bool {
    matches!(oid.strip_prefix("1.2.840.113549.1.1."), Some("1" | "4" | "5" | "11" | "12" | "13"))
        || matches!(oid.strip_prefix("1.2.643.7.1.1."), Some("1.1" | "1.2" | "3.2" | "3.3"))
}

/// Whether the signer is named as this certificate is.
pub(super) fn is_signer(sid: &SignerIdentifier, certificate: &Certificate) -> bool {
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer.as_bytes() == certificate.issuer_der
                && named.serial_number.as_bytes() == certificate.serial_der
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => certificate.subject_key_id.as_deref() == Some(id.as_ref()),
    }
}

fn find_certificate<'a>(
    sid: &SignerIdentifier,
    embedded: &[rasn::types::Any],
    registered: &'a [Certificate],
) -> Result<&'a Certificate, CmsError> {
    let is_named = |certificate: &Certificate| is_signer(sid, certificate);
    let is_embedded = |certificate: &Certificate| embedded.iter().any(|one| one.as_bytes() == certificate.der());
    let mut named = registered.iter().filter(|certificate| is_named(certificate)).peekable();
    let first = named.peek().copied();
    if let Some(certificate) = named.find(|certificate| is_embedded(certificate)) {
        return Ok(certificate);
    }
    // A certificate inside that bears the signer's name decides; without one, the name alone does.
    let inside = embedded.iter().filter_map(|one| Certificate::from_der(one.as_bytes()).ok()).find(is_named);
    match (inside, first) {
        (Some(stranger), _) => Err(CmsError::CertificateNotRegistered {
            subject: stranger.subject().to_owned(),
            serial: stranger.serial().to_owned(),
            sha256: stranger.sha256_hex(),
        }),
        (None, Some(certificate)) => Ok(certificate),
        (None, None) => Err(CmsError::SignerNotFound),
    }
}

/// Signed attributes: as they came, and read.
pub(super) struct Attributes<'a> {
    raw: &'a [rasn::types::Any],
    read: Vec<Attribute>,
}

impl<'a> Attributes<'a> {
    pub(super) fn read(raw: &'a [rasn::types::Any]) -> Result<Self, CmsError> {
        let read = raw.iter().map(|attribute| ber::decode(attribute.as_bytes())).collect::<Result<Vec<_>, _>>();
        read.map(|read| Self { raw, read })
            .map_err(|_| malformed(both!("подписанные атрибуты не читаются", "the signed attributes cannot be read")))
    }

    /// The only value of the only attribute of this type.
    pub(super) fn value<T: rasn::Decode>(&self, oid: &rasn::types::Oid) -> Option<T> {
        let mut of_type = self.read.iter().filter(|attribute| attribute.r#type == *oid);
        let values = of_type.next().filter(|_| of_type.next().is_none())?.values.to_vec();
        let [value] = values.as_slice() else { return None };
        ber::decode(value.as_bytes()).ok()
    }

    fn check(&self, content_type: &ObjectIdentifier, hash: Hash, content: &[u8]) -> Result<(), CmsError> {
        let named: ObjectIdentifier = self.value(rasn_cms::CONTENT_TYPE).ok_or(CmsError::Attribute("contentType"))?;
        if named != *content_type {
            return Err(CmsError::ContentTypeMismatch { expected: content_type.to_string(), got: named.to_string() });
        }
        let got: rasn::types::OctetString =
            self.value(rasn_cms::MESSAGE_DIGEST).ok_or(CmsError::Attribute("messageDigest"))?;
        let expected = hash.digest(content);
        if got.as_ref() != expected {
            return Err(CmsError::DigestMismatch { hash, expected: hex::encode(expected), got: hex::encode(got) });
        }
        Ok(())
    }

    /// What may have been signed: the attributes as a DER `SET OF` in the order of arrival (node-forge does not sort),
    /// or sorted and encoded anew, as RFC 5652 §5.4 wants it.
    pub(super) fn signed_forms(&self) -> [Vec<u8>; 2] {
        let arrived = self.raw.iter().map(|attribute| attribute.as_bytes().to_vec()).collect();
        let anew = self.read.iter().filter_map(|attribute| rasn::der::encode(attribute).ok());
        let mut sorted: Vec<_> = anew.collect();
        sorted.sort();
        [arrived, sorted].map(|attributes: Vec<Vec<u8>>| super::sign::set_of(&attributes))
    }

    fn signing_time(&self) -> Option<DateTime<Utc>> {
        let utc = || self.value::<rasn::types::UtcTime>(rasn_cms::SIGNING_TIME);
        let generalized = || self.value::<rasn::types::GeneralizedTime>(rasn_cms::SIGNING_TIME).map(|at| at.to_utc());
        utc().or_else(generalized)
    }
}
