//! All keys that a world has.

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

/// How many keys come with the program: the first ones of each world.
const BUILT_IN: u64 = 2;

/// A key of a world.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) key: Arc<ProviderKey>,
    /// Whether everybody sees it.
    pub(crate) is_published: bool,
}

/// All keys of a world. One of each algorithm signs.
#[derive(Debug, Clone)]
pub(crate) struct KeyRing {
    keys: BTreeMap<u64, Held>,
    planned: BTreeSet<(DateTime<Utc>, Step)>,
    rsa: Arc<ProviderKey>,
    gost: Arc<ProviderKey>,
    openid: Arc<OpenIdKey>,
    /// Made when it is first asked for.
    published: OnceLock<Arc<Published>>,
}

impl KeyRing {
    /// The keys that come with the program, read once per process.
    ///
    /// # Errors
    /// When one cannot be read, which it has no reason to.
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

    /// The key that signs tokens in that algorithm.
    pub(crate) const fn signer(&self, algorithm: TokenAlgorithm) -> &Arc<ProviderKey> {
        match algorithm {
            TokenAlgorithm::Rs256 => &self.rsa,
            TokenAlgorithm::Gost => &self.gost,
        }
    }

    /// The key that signs tokens of OpenID Connect.
    pub(crate) const fn openid(&self) -> &Arc<OpenIdKey> {
        &self.openid
    }

    /// The claims of a token of ЕСИА's protocol that a key of this world has signed, published or not. Each key checks its own
    /// algorithm alone, so that none can be passed off as the other.
    ///
    /// # Errors
    /// The check that fails with the key that signs in the token's algorithm.
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

    /// The claims of a token of OpenID Connect that a key of this world has signed, published or not; times are the caller's
    /// to look at.
    ///
    /// # Errors
    /// What is wrong with it.
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

    /// Whose certificate it is: one of this world's.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.keys.values().map(|held| held.key.certificate())
    }

    /// What everybody sees, under the names of the files.
    pub(crate) fn published(&self) -> Arc<Published> {
        let made = self.published.get_or_init(|| {
            let published: Vec<_> = self.published_keys().collect();
            Arc::new(Published::new(&published))
        });
        Arc::clone(made)
    }

    /// The keys that everybody sees with their numbers: those that sign first.
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

    /// Whether tokens are signed by that key.
    pub(crate) fn signs(&self, key: &Arc<ProviderKey>) -> bool {
        Arc::ptr_eq(self.signer(key.algorithm()), key)
    }

    /// All keys by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Held)> {
        self.keys.iter().map(|(number, held)| (*number, held))
    }

    /// The key of that number.
    pub(crate) fn get(&self, number: u64) -> Option<&Held> {
        self.keys.get(&number)
    }

    /// The number of the next one.
    pub(crate) fn next_number(&self) -> u64 {
        self.keys.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    /// What is planned, earliest first.
    pub(crate) fn planned(&self) -> impl Iterator<Item = (DateTime<Utc>, Step)> {
        self.planned.iter().copied()
    }

    /// What a checkpoint keeps of it.
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

    /// The keys that a checkpoint has kept; those that come with the program, where nothing else is kept.
    ///
    /// # Errors
    /// When a key cannot be read.
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
                // What cannot be read was never decided.
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
