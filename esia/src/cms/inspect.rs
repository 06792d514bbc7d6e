//! What can be read in a CMS without believing it.

use rasn::ber;

use super::{
    model::SignedData,
    verify::{Attributes, is_signer, read},
};
use crate::certificate::{AnyHash, Certificate};

/// What can be seen in a CMS without believing any of it: to say what was signed where it does not hold.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The hash that the signer names, and its object identifier.
    pub hash: (Option<AnyHash>, String),
    /// The attribute `messageDigest`: the hash of the string that was signed.
    pub message_digest: Option<Vec<u8>>,
    /// The string itself, where it is inside.
    pub content: Option<Vec<u8>>,
    /// What the signature may be over instead of the content: the signed attributes, in each form that a signer may give
    /// them, the right ones first. Empty without attributes.
    pub attributes: Vec<(AttributesForm, Vec<u8>)>,
    /// The signature's value.
    pub signature: Vec<u8>,
    /// The certificates inside.
    pub certificates: Vec<Certificate>,
}

/// How signed attributes are encoded for the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributesForm {
    /// As a `SET OF` (RFC 5652 §5.4).
    Set,
    /// With the tag `[0]` that they have in the message. A mistake.
    Tagged,
}

/// Looks into a CMS with one signature.
pub fn inspect(cms: &[u8]) -> Option<Inspected> {
    let data = read(cms).ok()?;
    let signers = data.signer_infos.to_vec();
    let [signer] = signers.as_slice() else { return None };
    let oid = signer.digest_algorithm.algorithm.to_string();
    let attributes = signer.signed_attrs.as_deref().and_then(|raw| Attributes::read(raw).ok());
    let digest = attributes.as_ref().and_then(|all| all.value::<rasn::types::OctetString>(rasn_cms::MESSAGE_DIGEST));
    Some(Inspected {
        hash: (AnyHash::of_oid(&oid), oid),
        message_digest: digest.map(|digest| digest.to_vec()),
        content: data.encap_content_info.content.as_ref().map(|content| content.to_vec()),
        attributes: attributes.as_ref().map(forms).unwrap_or_default(),
        signature: signer.signature.to_vec(),
        certificates: embedded(&data),
    })
}

/// The one of these certificates that the signer of a CMS names.
pub fn signer_among<'a>(
    cms: &[u8],
    certificates: impl IntoIterator<Item = &'a Certificate>,
) -> Option<&'a Certificate> {
    let data = read(cms).ok()?;
    let signers = data.signer_infos.to_vec();
    let sid = &signers.first()?.sid;
    certificates.into_iter().find(|certificate| is_signer(sid, certificate))
}

fn embedded(data: &SignedData) -> Vec<Certificate> {
    let all = data.certificates.as_deref().unwrap_or_default();
    all.iter().filter_map(|one| Certificate::from_der(one.as_bytes()).ok()).collect()
}

fn forms(attributes: &Attributes<'_>) -> Vec<(AttributesForm, Vec<u8>)> {
    let sets = attributes.signed_forms();
    let tagged = sets.clone().map(|mut set| {
        if let Some(tag) = set.first_mut() {
            *tag = 0xa0;
        }
        (AttributesForm::Tagged, set)
    });
    sets.into_iter().map(|set| (AttributesForm::Set, set)).chain(tagged).collect()
}

/// Whether these bytes are a `SignedData` that was not put into a `ContentInfo`.
pub fn is_bare_signed_data(der: &[u8]) -> bool {
    ber::decode::<SignedData>(der).is_ok()
}
