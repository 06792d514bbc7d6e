use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use rasn::{
    der,
    types::{Any, GeneralizedTime, ObjectIdentifier, OctetString, Oid, SetOf, UtcTime},
};

use super::model::{
    AlgorithmIdentifier, Attribute, ContentInfo, EncapsulatedContentInfo, IssuerAndSerialNumber, SignedData,
    SignerIdentifier, SignerInfo,
};
use crate::certificate::{Algorithm, Certificate, KeyError, SigningKey};

/// Signs as most clients do: DER, detached, with the certificate and signed attributes inside; RSA with SHA-256, or
/// ГОСТ with the hash of the key's length.
///
/// # Errors
/// [`KeyError::Signing`] when the library refuses, which it has no reason to.
pub fn sign_detached(
    content: &[u8],
    key: &SigningKey,
    certificate: &Certificate,
    signed_at: DateTime<Utc>,
) -> Result<Vec<u8>, KeyError> {
    let digest = OctetString::from(key.algorithm().hash().digest(content));
    let mut attributes = vec![
        attribute(rasn_cms::CONTENT_TYPE, &rasn_cms::CONTENT_DATA.to_owned())?,
        attribute(rasn_cms::MESSAGE_DIGEST, &digest)?,
        signing_time(signed_at)?,
    ];
    attributes.sort();
    assemble(&attributes, key, certificate)
}

/// The message with these signed attributes, in this order.
pub(super) fn assemble(
    attributes: &[Vec<u8>],
    key: &SigningKey,
    certificate: &Certificate,
) -> Result<Vec<u8>, KeyError> {
    let (digest, signature): (&[u32], &[u32]) = match key.algorithm() {
        Algorithm::Rsa => (&[2, 16, 840, 1, 101, 3, 4, 2, 1], &[1, 2, 840, 113_549, 1, 1, 1]),
        Algorithm::Gost256 => (&[1, 2, 643, 7, 1, 1, 2, 2], &[1, 2, 643, 7, 1, 1, 1, 1]),
        Algorithm::Gost512 => (&[1, 2, 643, 7, 1, 1, 2, 3], &[1, 2, 643, 7, 1, 1, 1, 2]),
    };
    let digest = algorithm(digest)?;
    let signer = SignerInfo {
        version: 1.into(),
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: Any::new(certificate.issuer_der.clone()),
            serial_number: Any::new(certificate.serial_der.clone()),
        }),
        digest_algorithm: digest.clone(),
        signed_attrs: Some(attributes.iter().cloned().map(Any::new).collect()),
        signature_algorithm: algorithm(signature)?,
        signature: key.sign(&set_of(attributes))?.into(),
        unsigned_attrs: None,
    };
    let data = SignedData {
        version: 1.into(),
        digest_algorithms: SetOf::from_vec(vec![digest]),
        encap_content_info: EncapsulatedContentInfo { content_type: rasn_cms::CONTENT_DATA.to_owned(), content: None },
        certificates: Some(vec![Any::new(certificate.der().to_owned())]),
        crls: None,
        signer_infos: SetOf::from_vec(vec![signer]),
    };
    let content_type = rasn_cms::CONTENT_SIGNED_DATA.to_owned();
    encode(&ContentInfo { content_type, content: Any::new(encode(&data)?) })
}

/// A DER `SET OF` of elements that are encoded already, in the given order.
pub(super) fn set_of(elements: &[Vec<u8>]) -> Vec<u8> {
    let contents = elements.concat();
    let length = contents.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|&&byte| byte == 0).count()..];
    let mut set = vec![0x31];
    match significant {
        [] => set.push(0),
        [short @ 0..=0x7f] => set.push(*short),
        // At most eight bytes, so the count fits beside the bit.
        long => {
            set.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            set.extend_from_slice(long);
        }
    }
    set.extend(contents);
    set
}

fn encode<T: rasn::Encode>(value: &T) -> Result<Vec<u8>, KeyError> {
    der::encode(value).map_err(|_| KeyError::Signing)
}

fn algorithm(arcs: &[u32]) -> Result<AlgorithmIdentifier, KeyError> {
    let algorithm = ObjectIdentifier::new(arcs.to_vec()).ok_or(KeyError::Signing)?;
    Ok(AlgorithmIdentifier { algorithm, parameters: Some(Any::new(vec![5, 0])) })
}

pub(super) fn attribute<T: rasn::Encode>(oid: &Oid, value: &T) -> Result<Vec<u8>, KeyError> {
    let values = SetOf::from_vec(vec![Any::new(encode(value)?)]);
    encode(&Attribute { r#type: oid.to_owned(), values })
}

/// `UTCTime` until 2049, `GeneralizedTime` after (RFC 5652 §11.3), to the second.
fn signing_time(at: DateTime<Utc>) -> Result<Vec<u8>, KeyError> {
    let at: UtcTime = at.with_nanosecond(0).unwrap_or(at);
    if (1950..2050).contains(&at.year()) {
        attribute(rasn_cms::SIGNING_TIME, &at)
    } else {
        attribute(rasn_cms::SIGNING_TIME, &GeneralizedTime::from(at))
    }
}
