//! The search for known mistakes that make a refused signature hold.

use super::{
    candidates::{Candidates, Single},
    evidence::{Evidence, is_sure, readings},
    model::{Explained, Mistake, Refused, Secret},
    signer::{self, Key, keys},
    slip::Slip,
};
use crate::language::tr;
use crate::{
    Algorithm, PublicKey,
    certificate::Certificate,
    cms::{self, Inspected},
};

/// Maximum number of strings compared where the hash of the signed one is known.
pub(super) const MAX_TRIED: usize = 20_000;
/// Maximum number of strings checked against a ГОСТ signature with 256 bits, for all registered keys together: some
/// tenths of a second.
pub(super) const MAX_CHECKED: usize = 3_000;
/// The same with 512 bits, where each check costs five times as much.
const MAX_CHECKED_512: usize = 400;
/// How many of the likeliest strings are checked with other forms of a signature, and with keys no longer in force.
pub(super) const MAX_UNUSUAL: usize = 40;
/// How many of them with keys of other clients.
const MAX_FOREIGN: usize = 4;
/// How many of them with other hashes.
const MAX_OTHER_HASH: usize = 8;

/// One way to read the signature, as one of some key.
struct Trace<'k> {
    evidence: Evidence,
    /// How it is written.
    slips: Vec<Slip>,
    key: Option<Key<'k>>,
    /// How many candidates are compared with it.
    limit: usize,
}

/// Looks for known mistakes that make the signature hold: the fewest that do.
pub fn explain(refused: &Refused<'_>) -> Explained {
    let keys = keys(refused);
    let looked = match refused.secret {
        Secret::Cms(cms) => cms::inspect(cms),
        Secret::Raw(_) => None,
    };
    let traces = traces(refused, &keys, looked.as_ref());
    let cheap = traces.iter().any(|trace| trace.evidence.is_cheap());
    let limit = if cheap { MAX_TRIED } else { traces.iter().map(|trace| trace.limit).max().unwrap_or_default() };
    let (mut place, mut checked) = (0, 0);
    let candidates = Candidates::of(refused);
    let takes = |slips: &[&Single], bytes: &[u8]| {
        let (at, is_worth_it) = (place, place < MAX_OTHER_HASH);
        place += 1;
        traces.iter().filter(|trace| at < trace.limit).find_map(|trace| {
            checked += usize::from(!trace.evidence.is_cheap());
            let hashed = trace.evidence.fits(bytes, is_worth_it)?;
            let of_string: Vec<_> = slips.iter().map(|single| single.slip.clone()).collect();
            Some((of_string, shown(bytes), trace, hashed))
        })
    };
    let (found, tried) = candidates.search(limit, takes);
    let mistake = match found {
        Some((slips, signed, trace, hashed)) => {
            let written = trace.slips.iter().cloned().chain(hashed);
            let found =
                Found { slips: slips.into_iter().chain(written).collect(), signed: Some(signed), key: trace.key };
            Some(found.finished(refused, &keys, looked.as_ref()))
        }
        None => without_string(refused, &keys, &traces, looked.as_ref()),
    };
    let signer = sure_signer(&traces).or_else(|| mistake.as_ref()?.certificate.clone());
    Explained { mistake: mistake.filter(|mistake| !mistake.slips.is_empty()), tried, checked, signer }
}

/// The candidate that the search has found.
struct Found<'k> {
    slips: Vec<Slip>,
    signed: Option<String>,
    key: Option<Key<'k>>,
}

impl Found<'_> {
    /// Adds the key that has signed, and what is wrong with `client_certificate_hash`.
    fn finished(self, refused: &Refused<'_>, keys: &[Key<'_>], looked: Option<&Inspected>) -> Mistake {
        let Self { mut slips, signed, key } = self;
        let (key, written) = match (key, looked, refused.secret) {
            (Some(key), ..) => (Some(key), Vec::new()),
            (None, Some(looked), Secret::Cms(cms)) => {
                let content = signed.as_deref().unwrap_or_default();
                signer::of_cms(keys, cms, looked, content.as_bytes())
            }
            _ => (None, Vec::new()),
        };
        slips.extend(written);
        slips.extend(key.and_then(|key| key.slip()));
        let hash = refused
            .certificate_hash
            .zip(key.filter(Key::is_own))
            .and_then(|(hash, key)| signer::hash_slip(hash, key.certificate, keys));
        slips.extend(hash);
        Mistake { slips, signed, certificate: key.map(|key| key.certificate.clone()) }
    }
}

/// The mistake in a signature whose string was not found.
fn without_string(
    refused: &Refused<'_>,
    keys: &[Key<'_>],
    traces: &[Trace<'_>],
    looked: Option<&Inspected>,
) -> Option<Mistake> {
    if let Some(sure) = traces.iter().find(|trace| trace.key.is_some() && is_sure(&trace.evidence)) {
        let found = Found { slips: sure.slips.clone(), signed: None, key: sure.key };
        return Some(found.finished(refused, keys, looked));
    }
    let signature = match (refused.secret, looked) {
        (Secret::Raw(signature), _) => signature,
        (Secret::Cms(_), Some(looked)) if looked.message_digest.is_some() || looked.content.is_some() => {
            let found = Found { slips: Vec::new(), signed: looked.content.as_deref().map(shown), key: None };
            return Some(found.finished(refused, keys, Some(looked)));
        }
        (Secret::Cms(_), Some(looked)) => &looked.signature,
        (Secret::Cms(_), None) => return None,
    };
    let own: Vec<_> = keys.iter().filter(|key| key.is_own()).filter_map(Key::public).collect();
    let slip = signer::kind(signature, &own)?;
    Some(Mistake { slips: vec![slip], signed: None, certificate: None })
}

fn sure_signer(traces: &[Trace<'_>]) -> Option<Certificate> {
    let sure = traces.iter().find(|trace| is_sure(&trace.evidence) && trace.key.is_some())?;
    sure.key.map(|key| key.certificate.clone())
}

/// The ways to read the signature: a CMS that tells of its string, or the signature as one of each key.
fn traces<'k>(refused: &Refused<'_>, keys: &[Key<'k>], looked: Option<&Inspected>) -> Vec<Trace<'k>> {
    let told = |evidence| vec![Trace { evidence, slips: Vec::new(), key: None, limit: MAX_TRIED }];
    let signature = match (refused.secret, looked) {
        (Secret::Raw(signature), _) => signature,
        (Secret::Cms(_), None) => return Vec::new(),
        (Secret::Cms(_), Some(looked)) => match (&looked.content, looked.hash.0, &looked.message_digest) {
            (Some(content), ..) => return told(Evidence::Content(content.clone())),
            (None, Some(hash), Some(digest)) => return told(Evidence::Digest(hash, digest.clone())),
            (None, None, Some(_)) => return Vec::new(),
            (None, _, None) => &looked.signature,
        },
    };
    let own = keys.iter().filter(|key| key.is_own() && !key.is_rsa()).count().max(1);
    let mut traces = Vec::new();
    for key in keys {
        let Some(public) = key.public() else { continue };
        for (evidence, slips) in readings(public, signature, key.is_own()) {
            let limit = match () {
                () if evidence.is_cheap() => MAX_TRIED,
                () if !key.is_own() => {
                    if key.is_stale() {
                        MAX_UNUSUAL
                    } else {
                        MAX_FOREIGN
                    }
                }
                () if !slips.is_empty() => MAX_UNUSUAL,
                () => checked_of(public) / own,
            };
            traces.push(Trace { evidence, slips, key: Some(*key), limit });
        }
    }
    traces
}

fn checked_of(key: &PublicKey) -> usize {
    if key.algorithm() == Algorithm::Gost512 { MAX_CHECKED_512 } else { MAX_CHECKED }
}

/// Bytes for a reader: text as it is, others in hexadecimal.
fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => tr!("байты {}", "bytes {}", hex::encode(bytes)),
    }
}
