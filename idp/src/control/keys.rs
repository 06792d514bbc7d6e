//! Control API of the provider's keys: listing, publishing, using, withdrawing and replacing them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Certificate, KeyError, KeyKind, SigningKey,
    language::{pick, tr},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, Problem, duration};
use worlds::{World, WorldRng};

use crate::{
    clients::TokenAlgorithm,
    event::Event,
    signing::{Held, KeyEvent, KeyPair, KeyRing, KeyUse, PROVIDER_SUBJECT, ProviderKey, Step},
    state::Gosuslugi,
};

/// Maximum number of keys of a world, including withdrawn ones.
const MOST_KEYS: u64 = 50;
/// Maximum number of planned changes of a world.
const MOST_PLANNED: usize = 500;
/// Validity of a new key's certificate.
const VALID_FOR: TimeDelta = TimeDelta::days(5 * 365);
/// Maximum length of `after` and `overlap`.
const LONGEST: TimeDelta = TimeDelta::days(3_660);

/// Returns the routes of `/control/keys`.
pub(crate) fn keys_api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list, change))
}

/// A key of the provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct KeyView {
    /// Its number in this world; 1 (RSA) and 2 (ГОСТ) come with the program.
    pub(super) number: u64,
    /// In which algorithm it signs.
    pub(super) algorithm: TokenAlgorithm,
    /// Whether everybody sees it: in JWKS, under `/public/`.
    pub(super) published: bool,
    /// Whether tokens are signed by it.
    pub(super) signs: bool,
    /// The header `kid` of its tokens of OpenID Connect; none of ГОСТ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kid: Option<String>,
    /// Its certificate (PEM).
    pub(super) certificate: String,
    /// What is planned for it, earliest first.
    pub(super) planned: Vec<PlannedView>,
}

/// What is planned for a key.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlannedView {
    /// When, by the world's clock.
    pub(super) at: DateTime<Utc>,
    /// What is done then.
    #[serde(rename = "do")]
    pub(super) what: KeyUse,
}

/// What is done with the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Order {
    /// Everybody sees the key: the one of that number, or a new one of that algorithm.
    Publish,
    /// Tokens are signed by the key of that number, published or not.
    Use,
    /// Nobody sees the key of that number any more, even if it signs.
    Withdraw,
    /// A new key of that algorithm is published and used; the one that signed before is withdrawn, at once or after an overlap.
    Replace,
}

/// A change of the keys.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KeyOrder {
    /// What is done.
    #[serde(rename = "do")]
    pub(super) order: Order,
    /// Number of the key.
    #[serde(default)]
    pub(super) key: Option<u64>,
    /// Algorithm of a new key.
    #[serde(default)]
    pub(super) algorithm: Option<TokenAlgorithm>,
    /// When, by the world's clock; now when it is left out.
    #[serde(default)]
    pub(super) at: Option<DateTime<Utc>>,
    /// The same from now on: `15m`, `8h`, `3days`.
    #[serde(default)]
    pub(super) after: Option<String>,
    /// How long the old key of a replacement stays published: `1h`, `30days`; not at all when it is left out.
    #[serde(default)]
    pub(super) overlap: Option<String>,
}

/// Keys of the provider in this world, in both protocols.
#[utoipa::path(get, path = "/control/keys", tag = "keys", responses((status = 200, body = [KeyView])))]
async fn list(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<Json<Vec<KeyView>>, Problem> {
    Ok(Json(keys_of(&world).await?))
}

/// Returns the keys of a world.
pub(super) async fn keys_of(world: &World<Gosuslugi>) -> Result<Vec<KeyView>, Problem> {
    let ring = world.read(|state, _| Arc::clone(&state.keys)).await?;
    Ok(ring.iter().map(|(number, held)| view(&ring, number, held)).collect())
}

/// Publishes, uses, withdraws or replaces a key, at once or when the world's clock comes to it. JWKS, the files under
/// `/public/` and their archive follow, in both protocols. Tokens that were signed before stay good at the provider itself.
/// Answers with all keys.
#[utoipa::path(post, path = "/control/keys", tag = "keys", request_body = KeyOrder,
    responses((status = 200, body = [KeyView]), (status = 400), (status = 404), (status = 409)))]
async fn change(world: InWorld<Gosuslugi>, Json(order): Json<KeyOrder>) -> Result<Json<Vec<KeyView>>, Problem> {
    change_in(&world.world, order).await?;
    list(world).await
}

/// Changes the keys of a world.
///
/// # Errors
/// Fails if the order is invalid, or cannot be carried out with the keys of this world.
pub(super) async fn change_in(world: &World<Gosuslugi>, order: KeyOrder) -> Result<(), Problem> {
    let now = world.now();
    let (at, wish) = (order.at(now)?, order.wish(now).await?);
    let decide = |state: &Gosuslugi, now, _: &mut WorldRng| {
        let events = decide(&state.keys, &wish, at.unwrap_or(now).max(now), now)?;
        Ok::<_, Problem>((events.into_iter().map(Event::Key).collect(), ()))
    };
    world.act(decide).await?;
    Ok(())
}

/// Validated order to change the keys.
#[derive(Debug, Clone)]
enum Wish {
    /// A change of an existing key.
    Step(Step),
    /// A new key is published. With `replaces_after`, it also signs, and the key that signed before stays published for
    /// that long.
    New { algorithm: TokenAlgorithm, pair: Box<KeyPair>, replaces_after: Option<TimeDelta> },
}

impl KeyOrder {
    fn at(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Problem> {
        match (self.at, &self.after) {
            (Some(_), Some(_)) => Err(Problem::bad_request(
                "after",
                pick("Нужно одно из двух: at или after", "One of the two is needed: at or after"),
            )),
            (Some(at), None) if at < now => Err(Problem::bad_request(
                "at",
                pick("В этом мире это время уже прошло", "In this world that time is past"),
            )),
            (at, None) => Ok(at),
            (None, Some(after)) => Ok(Some(now + span("after", after)?)),
        }
    }

    async fn wish(&self, now: DateTime<Utc>) -> Result<Wish, Problem> {
        if self.overlap.is_some() && self.order != Order::Replace {
            return Err(Problem::bad_request(
                "overlap",
                pick(
                    "Перекрытие бывает только у замены ключа: do: replace",
                    "Only a key that is replaced has an overlap: do: replace",
                ),
            ));
        }
        let number = || {
            self.key.ok_or_else(|| {
                Problem::bad_request(
                    "key",
                    pick("Нужен номер ключа: GET /control/keys", "The number of a key is needed: GET /control/keys"),
                )
            })
        };
        let what = match (self.order, self.algorithm) {
            (Order::Replace, Some(algorithm)) if self.key.is_none() => {
                let overlap = self.overlap.as_deref().map_or(Ok(TimeDelta::zero()), |text| span("overlap", text))?;
                let pair = new_pair(algorithm, now).await?;
                return Ok(Wish::New { algorithm, pair, replaces_after: Some(overlap) });
            }
            (Order::Publish, Some(algorithm)) if self.key.is_none() => {
                let pair = new_pair(algorithm, now).await?;
                return Ok(Wish::New { algorithm, pair, replaces_after: None });
            }
            (Order::Replace, _) => {
                let message = pick(
                    "Нужен алгоритм нового ключа (RS256 или GOST3410_2012_256), и без номера",
                    "The algorithm of the new key is needed (RS256 or GOST3410_2012_256), and no number",
                );
                return Err(Problem::bad_request("algorithm", message));
            }
            (Order::Publish, None) if self.key.is_none() => {
                let message = pick(
                    "Нужен алгоритм нового ключа (algorithm) или номер прежнего (key)",
                    "The algorithm of a new key (algorithm) or the number of an old one (key) is needed",
                );
                return Err(Problem::bad_request("algorithm", message));
            }
            (_, Some(_)) => {
                return Err(Problem::bad_request(
                    "algorithm",
                    pick("У ключа с номером алгоритм уже есть", "A key with a number has its algorithm already"),
                ));
            }
            (Order::Publish, None) => KeyUse::Publish,
            (Order::Use, None) => KeyUse::Use,
            (Order::Withdraw, None) => KeyUse::Withdraw,
        };
        Ok(Wish::Step(Step { number: number()?, what }))
    }
}

fn span(field: &'static str, text: &str) -> Result<TimeDelta, Problem> {
    let span = duration(field, text)?;
    if span > LONGEST {
        return Err(Problem::bad_request(field, tr!("Не дольше {} дней", "At most {} days", LONGEST.num_days())));
    }
    Ok(span)
}

/// Decides the events that carry out a wish at time `at`, which is `now` or later.
fn decide(ring: &KeyRing, wish: &Wish, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<KeyEvent>, Problem> {
    let step =
        |at: DateTime<Utc>, step| if at > now { KeyEvent::Planned { at, step } } else { KeyEvent::Done { step } };
    let events = match wish {
        Wish::New { algorithm, pair, replaces_after } => {
            let number = ring.next_number();
            if number > MOST_KEYS {
                return Err(Problem::conflict(
                    "too-many-keys",
                    tr!("В мире уже {MOST_KEYS} ключей", "The world has {MOST_KEYS} keys already"),
                ));
            }
            let made = KeyEvent::Made { number, pair: pair.clone() };
            let mut events = vec![made, step(at, Step { number, what: KeyUse::Publish })];
            if let Some(overlap) = *replaces_after {
                events.push(step(at, Step { number, what: KeyUse::Use }));
                let before = ring.iter().find(|(_, held)| Arc::ptr_eq(&held.key, ring.signer(*algorithm)));
                let withdraw = |number| Step { number, what: KeyUse::Withdraw };
                events.extend(before.map(|(number, _)| step(at + overlap, withdraw(number))));
            }
            events
        }
        Wish::Step(wished) => {
            let missing = || {
                Problem::not_found(tr!(
                    "Ключа № {} в этом мире нет",
                    "There is no key number {} in this world",
                    wished.number
                ))
            };
            ring.get(wished.number).ok_or_else(missing)?;
            vec![step(at, *wished)]
        }
    };
    if ring.planned().count() + events.len() > MOST_PLANNED {
        return Err(Problem::conflict(
            "too-many-planned",
            tr!("Назначено уже {MOST_PLANNED} изменений ключей", "{MOST_PLANNED} changes of keys are planned already"),
        ));
    }
    Ok(events)
}

/// Generates a key with a certificate that is valid from one day before `now`, so that clients whose clock is slow
/// accept it.
async fn new_pair(algorithm: TokenAlgorithm, now: DateTime<Utc>) -> Result<Box<KeyPair>, Problem> {
    let make = move || {
        let kind = match algorithm {
            TokenAlgorithm::Rs256 => KeyKind::Rsa2048,
            TokenAlgorithm::Gost => KeyKind::Gost256,
        };
        let (signing, key) = SigningKey::generate(kind)?;
        let valid = now - TimeDelta::days(1)..=now + VALID_FOR;
        let pair = KeyPair { key, certificate: Certificate::self_signed(&signing, PROVIDER_SUBJECT, valid)?.pem() };
        ProviderKey::read(&pair)?;
        Ok::<_, KeyError>(Box::new(pair))
    };
    tokio::task::spawn_blocking(make).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

fn view(ring: &KeyRing, number: u64, held: &Held) -> KeyView {
    let planned = ring.planned().filter(|(_, step)| step.number == number);
    KeyView {
        number,
        algorithm: held.key.algorithm(),
        published: held.is_published,
        signs: ring.signs(&held.key),
        kid: held.key.openid().and_then(|key| key.jwk.common.key_id.clone()),
        certificate: held.key.certificate().pem(),
        planned: planned.map(|(at, step)| PlannedView { at, what: step.what }).collect(),
    }
}
