//! The key that may have made a signature: the client's own, a former one, another client's.

use super::{super::raw::RAW_SIZES, evidence::readings, model::Refused, slip::Slip};
use crate::{
    Algorithm, PublicKey,
    certificate::Certificate,
    cms::{AttributesForm, Inspected, signer_among},
    language::{Told, both},
};

/// Maximum number of certificates of other clients that are tried.
const MAX_OTHERS: usize = 200;

/// A certificate whose key may have made a signature.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) certificate: &'a Certificate,
    whose: Whose<'a>,
}

#[derive(Clone, Copy)]
enum Whose<'a> {
    Own,
    Stale,
    Another(&'a str),
}

impl<'a> Key<'a> {
    pub(super) const fn is_own(&self) -> bool {
        matches!(self.whose, Whose::Own)
    }

    pub(super) const fn is_stale(&self) -> bool {
        matches!(self.whose, Whose::Stale)
    }

    pub(super) fn public(&self) -> Option<&'a PublicKey> {
        self.certificate.public_key().ok()
    }

    pub(super) fn is_rsa(&self) -> bool {
        self.public().is_some_and(|key| key.algorithm() == Algorithm::Rsa)
    }

    /// What is wrong with it.
    pub(super) fn slip(&self) -> Option<Slip> {
        match self.whose {
            Whose::Own => None,
            Whose::Stale => Some(Slip::StaleCertificate(named(self.certificate))),
            Whose::Another(mnemonic) => Some(Slip::AnotherClient(mnemonic.to_owned())),
        }
    }
}

fn named(certificate: &Certificate) -> String {
    format!("{}, № {}", certificate.subject(), certificate.serial())
}

/// Keys in force, keys no longer in force, keys of other clients. A certificate that is registered twice is the client's
/// own.
pub(super) fn keys<'a>(refused: &Refused<'a>) -> Vec<Key<'a>> {
    let own = refused.certificates.iter().map(|certificate| Key { certificate, whose: Whose::Own });
    let stale = refused.stale.iter().map(|certificate| Key { certificate, whose: Whose::Stale });
    let of_another = |(mnemonic, certificate): &'a (String, Certificate)| {
        let is_own = refused.certificates.iter().chain(refused.stale).any(|own| own == certificate);
        (!is_own).then_some(Key { certificate, whose: Whose::Another(mnemonic) })
    };
    own.chain(stale).chain(refused.others.iter().filter_map(of_another).take(MAX_OTHERS)).collect()
}

/// The key that has signed a CMS with a known string, and the form of what was signed.
pub(super) fn of_cms<'k>(
    keys: &[Key<'k>],
    cms: &[u8],
    looked: &Inspected,
    content: &[u8],
) -> (Option<Key<'k>>, Vec<Slip>) {
    let content = looked.content.as_deref().unwrap_or(content);
    let set: Vec<_> = looked.attributes.iter().map(|(form, bytes)| (Some(*form), bytes.as_slice())).collect();
    let forms: Vec<_> = set.into_iter().chain([(None, content)]).collect();
    // The key of the signer that the message names comes first: it is the likeliest.
    let named = signer_among(cms, keys.iter().map(|key| key.certificate));
    let first = keys.iter().filter(|key| Some(key.certificate) == named);
    for key in first.chain(keys.iter().filter(|key| Some(key.certificate) != named)) {
        let Some(public) = key.public() else { continue };
        let is_named = Some(key.certificate) == named;
        for (evidence, slips) in readings(public, &looked.signature, is_named || key.is_own()) {
            let held = forms.iter().find_map(|(form, bytes)| Some((*form, evidence.fits(bytes, is_named)?)));
            if let Some((form, hashed)) = held {
                let form = match form {
                    Some(AttributesForm::Tagged) => Some(Slip::AttributesTag),
                    None if !looked.attributes.is_empty() => Some(Slip::AttributesUnsigned),
                    _ => None,
                };
                // Which hash it is stands in the message, and is the message's to choose.
                let slips = slips.into_iter().filter(|slip| !matches!(slip, Slip::OtherDigest(_)));
                return (Some(*key), slips.chain(hashed).chain(form).collect());
            }
        }
    }
    let is_theirs = |certificate: &Certificate| {
        let readings = certificate.public_key().map(|key| readings(key, &looked.signature, false)).unwrap_or_default();
        readings.iter().any(|(evidence, _)| forms.iter().any(|(_, bytes)| evidence.fits(bytes, false).is_some()))
    };
    // An unknown signer with a certificate of its own inside: the check of the certificate says so.
    if looked.certificates.iter().any(is_theirs) {
        return (None, Vec::new());
    }
    (None, vec![Slip::WrongKey(said_to_be(looked, named))])
}

fn said_to_be(looked: &Inspected, registered: Option<&Certificate>) -> Told {
    registered
        .or(looked.certificates.first())
        .map_or_else(|| both!("из подписи", "of the signature"), |one| named(one).into())
}

/// What is wrong with the hash that names the certificate.
pub(super) fn hash_slip(hash: &str, right: &Certificate, all: &[Key<'_>]) -> Option<Slip> {
    match right.hash_match(hash) {
        Some(how) => (!how.is_accepted()).then_some(Slip::CertificateHash(how)),
        None => all.iter().any(|other| other.certificate.hash_match(hash).is_some()).then_some(Slip::OtherCertificate),
    }
}

/// What the length of a signature, or its not opening, says of the key that made it.
pub(super) fn kind(signature: &[u8], own: &[&PublicKey]) -> Option<Slip> {
    let fits = |key: &&&PublicKey| matches!(signature.len().checked_sub(key.signature_size()), Some(0 | 1));
    if let Some(key) = own.iter().find(fits) {
        return (key.algorithm() == Algorithm::Rsa && readings(key, signature, false).is_empty())
            .then_some(Slip::ForeignKey);
    }
    let kind = own.first()?.algorithm();
    let like = |length: usize| RAW_SIZES.iter().find(|(size, _)| length == *size || length == size + 1);
    let (_, like) = like(signature.len())?;
    Some(Slip::KeyKind(*like, kind))
}
