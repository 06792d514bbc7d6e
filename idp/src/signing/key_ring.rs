//! All signing keys of a world.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use esia::{
    Certificate, KeyError, keys,
    language::Told,
    token::{Claims, TokenVerifyError},
};

use super::{
    event::KeyEvent,
    jwt::{Kind, OpenIdKey},
    key::{KeyPair, ProviderKey},
    published::Published,
    record::RingRecord,
    step::{KeyUse, Step},
};
use crate::clients::TokenAlgorithm;

/// Number of built-in keys, which are the first keys of each world.
const BUILT_IN: u64 = 2;

/// Key of a world, with its publication.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) key: Arc<ProviderKey>,
    /// Whether the key is published in JWKS and under `/public/`.
    pub(crate) is_published: bool,
}

/// All keys of a world. Exactly one key of each algorithm signs.
#[derive(Debug, Clone)]
pub(crate) struct KeyRing {
    keys: BTreeMap<u64, Held>,
    planned: BTreeSet<(DateTime<Utc>, Step)>,
    rsa: Arc<ProviderKey>,
    gost: Arc<ProviderKey>,
    openid: Arc<OpenIdKey>,
    /// JWKS and files, built on first use.
    published: OnceLock<Arc<Published>>,
}

impl KeyRing {
    /// Returns the ring of the built-in keys, parsed once per process.
    ///
    /// # Errors
    /// Fails if a built-in key cannot be parsed, which is not expected.
    pub(crate) fn built_in() -> Result<Arc<Self>, KeyError> {
        static READ: OnceLock<Arc<KeyRing>> = OnceLock::new();
        if let Some(ring) = READ.get() {
            return Ok(Arc::clone(ring));
        }
        let read = |key: &str, certificate: &str| {
            let pair = KeyPair { key: key.to_owned(), certificate: certificate.to_owned() };
            Ok::<_, KeyError>(Arc::new(ProviderKey::read(&pair)?))
        };
        let rsa = read(keys::PROVIDER_KEY_PEM, keys::PROVIDER_CERTIFICATE_PEM)?;
        let gost = read(keys::PROVIDER_GOST_KEY_PEM, keys::PROVIDER_GOST_CERTIFICATE_PEM)?;
        let openid = rsa.openid().cloned().ok_or(KeyError::Unsupported)?;
        let held = |key: &Arc<ProviderKey>| Held { key: Arc::clone(key), is_published: true };
        let keys = BTreeMap::from([(1, held(&rsa)), (2, held(&gost))]);
        let ring = Self { keys, planned: BTreeSet::new(), rsa, gost, openid, published: OnceLock::new() };
        Ok(Arc::clone(READ.get_or_init(|| Arc::new(ring))))
    }

    /// Returns the key that signs tokens of that algorithm.
    pub(crate) const fn signer(&self, algorithm: TokenAlgorithm) -> &Arc<ProviderKey> {
        match algorithm {
            TokenAlgorithm::Rs256 => &self.rsa,
            TokenAlgorithm::Gost => &self.gost,
        }
    }

    /// Returns the key that signs tokens of OpenID Connect.
    pub(crate) const fn openid(&self) -> &Arc<OpenIdKey> {
        &self.openid
    }

    /// Verifies a token of ЕСИА's protocol with all keys of this world, published or not, and returns its claims. A key
    /// verifies only tokens of its own algorithm, so that none can pass as one of the other.
    ///
    /// # Errors
    /// Returns the check that fails with the signing key of the token's algorithm.
    pub(crate) fn verify<T: Claims>(&self, jwt: &str, now: DateTime<Utc>) -> Result<T, TokenVerifyError> {
        let mut failed = None;
        for key in self.signing_first() {
            match key.verify(jwt, now) {
                Err(TokenVerifyError::Algorithm(alg)) => {
                    failed.get_or_insert(TokenVerifyError::Algorithm(alg));
                }
                Err(TokenVerifyError::Signature) => failed = Some(TokenVerifyError::Signature),
                verified => return verified,
            }
        }
        Err(failed.unwrap_or(TokenVerifyError::Signature))
    }

    /// Verifies a token of OpenID Connect with all keys of this world, published or not, and returns its claims. The
    /// caller checks the times.
    ///
    /// # Errors
    /// Says why the token is not valid.
    pub(crate) fn verify_openid<T>(&self, kind: Kind, token: &str) -> Result<T, Told>
    where
        T: serde::de::DeserializeOwned + Clone,
    {
        let failed = match self.openid.verify(kind, token) {
            Ok(claims) => return Ok(claims),
            Err(failed) => failed,
        };
        let mut others = self.signing_first().filter_map(|key| key.openid()).skip(1);
        others.find_map(|key| key.verify(kind, token).ok()).ok_or(failed)
    }

    /// Certificates of all keys of this world.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.keys.values().map(|held| held.key.certificate())
    }

    /// Returns JWKS and the files under `/public/`.
    pub(crate) fn published(&self) -> Arc<Published> {
        let made = self.published.get_or_init(|| {
            let published: Vec<_> = self.published_keys().collect();
            Arc::new(Published::new(&published))
        });
        Arc::clone(made)
    }

    /// Published keys with their numbers, signing keys first.
    fn published_keys(&self) -> impl Iterator<Item = (u64, &Arc<ProviderKey>)> {
        let of = |is_signing: bool| {
            let chosen = move |(_, held): &(&u64, &Held)| self.signs(&held.key) == is_signing && held.is_published;
            self.keys.iter().filter(chosen).map(|(number, held)| (*number, &held.key))
        };
        of(true).chain(of(false))
    }

    fn signing_first(&self) -> impl Iterator<Item = &Arc<ProviderKey>> {
        let others = self.keys.values().map(|held| &held.key).filter(|key| !self.signs(key));
        [&self.rsa, &self.gost].into_iter().chain(others)
    }

    /// Whether this key is the one that signs tokens of its algorithm.
    pub(crate) fn signs(&self, key: &Arc<ProviderKey>) -> bool {
        Arc::ptr_eq(self.signer(key.algorithm()), key)
    }

    /// All keys with their numbers, in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Held)> {
        self.keys.iter().map(|(number, held)| (*number, held))
    }

    /// Returns the key of that number.
    pub(crate) fn get(&self, number: u64) -> Option<&Held> {
        self.keys.get(&number)
    }

    /// Number that the next key of this world gets.
    pub(crate) fn next_number(&self) -> u64 {
        self.keys.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    /// Planned changes, earliest first.
    pub(crate) fn planned(&self) -> impl Iterator<Item = (DateTime<Utc>, Step)> {
        self.planned.iter().copied()
    }

    /// Returns the keys as a checkpoint stores them.
    pub(super) fn record(&self) -> RingRecord {
        let made = self.keys.iter().filter(|(number, _)| **number > BUILT_IN);
        let published = self.keys.iter().filter(|(_, held)| held.is_published);
        let signing = self.keys.iter().filter(|(_, held)| self.signs(&held.key));
        RingRecord {
            made: made.map(|(number, held)| (*number, held.key.pair().clone())).collect(),
            published: published.map(|(number, _)| *number).collect(),
            signing: signing.map(|(number, _)| *number).collect(),
            planned: self.planned.clone(),
        }
    }

    /// Restores the keys of a checkpoint. Returns the shared built-in ring if the checkpoint holds nothing else.
    ///
    /// # Errors
    /// Fails if a key cannot be parsed.
    pub(super) fn restore(record: RingRecord) -> Result<Arc<Self>, KeyError> {
        let built_in = Self::built_in()?;
        if record == built_in.record() {
            return Ok(built_in);
        }
        let mut ring = (*built_in).clone();
        ring.published = OnceLock::new();
        for (number, pair) in record.made {
            let key = Arc::new(ProviderKey::read(&pair)?);
            ring.keys.insert(number, Held { key, is_published: false });
        }
        for (number, held) in &mut ring.keys {
            held.is_published = record.published.contains(number);
        }
        for number in record.signing {
            ring.done(Step { number, what: KeyUse::Use });
        }
        ring.planned = record.planned;
        Ok(Arc::new(ring))
    }

    pub(crate) fn apply(&mut self, event: &KeyEvent) {
        self.published = OnceLock::new();
        match event {
            KeyEvent::Made { number, pair } => {
                // A key that cannot be parsed is never recorded.
                if let Ok(key) = ProviderKey::read(pair) {
                    self.keys.insert(*number, Held { key: Arc::new(key), is_published: false });
                }
            }
            KeyEvent::Planned { at, step } => drop(self.planned.insert((*at, *step))),
            KeyEvent::Done { step } => self.done(*step),
        }
    }

    fn done(&mut self, step: Step) {
        let first = self.planned.iter().find(|(_, planned)| *planned == step).copied();
        if let Some(planned) = first {
            self.planned.remove(&planned);
        }
        let Some(held) = self.keys.get_mut(&step.number) else { return };
        match (step.what, held.key.openid()) {
            (KeyUse::Publish, _) => held.is_published = true,
            (KeyUse::Withdraw, _) => held.is_published = false,
            (KeyUse::Use, None) => self.gost = Arc::clone(&held.key),
            (KeyUse::Use, Some(openid)) => {
                self.openid = Arc::clone(openid);
                self.rsa = Arc::clone(&held.key);
            }
        }
    }
}
