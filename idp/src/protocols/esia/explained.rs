//! Explanation of a signature that fails: the cause, and the string that was signed instead (VERDICTS: kinds 1 and 2).

use esia::{
    Certificate, EsiaError,
    cms::CmsError,
    language::{Told, both, pick, tr},
    secret::{self, Earlier, Explained, Field, Mistake, Order, Refused, Request, Secret, Signed, Slip},
    visible,
};
use url::form_urlencoded::parse;
use worlds::{Check, Entry};

use super::{
    judge::Judge,
    signature::{Call, Unsigned, Whose, describe, expecting, refusal},
};
use crate::{clients::Client, state::Gosuslugi};

/// Maximum number of journal entries searched for earlier requests of a client.
const MAX_ENTRIES: usize = 60;

/// Maximum number of earlier requests that are compared.
const MAX_EARLIER: usize = 8;

/// Maximum number of other clients that are compared.
const MAX_OTHERS: usize = 100;

impl Judge<'_> {
    /// Records a signature that fails, with its explanation.
    pub(super) async fn unsigned(
        &self,
        client: &Client,
        call: &Call<'_>,
        secret: Secret<'_>,
        error: &Unsigned,
    ) -> Result<(), EsiaError> {
        let explained = self.explained(client, call, secret).await;
        let whose = match error {
            Unsigned::Cms(CmsError::CertificateNotRegistered { sha256, .. }) => {
                self.stranger(client, |other| other.sha256_hex() == *sha256).await
            }
            _ => None,
        };
        let mistake = explained.mistake.as_ref();
        let slips = mistake.map(|mistake| mistake.slips.as_slice()).unwrap_or_default();
        // A mistake in the string does not explain a mistake in the certificate.
        let is_of_string = slips.iter().all(Slip::is_of_string);
        let unexplained = (slips.is_empty() || is_of_string && !error.is_vague()).then(|| error.code().to_owned());
        let names = slips.iter().map(Slip::name).chain(unexplained);
        let told = Told::of(|| told(error, &explained, whose.as_ref()));
        let found = expecting(client, call, told, false).mistakes(names);
        let found = with_strings(found, &call.string(), &explained);
        let registered: Vec<_> = client.certificates.iter().map(describe).collect();
        let found = found.detail("Зарегистрированные сертификаты", registered.join("\n"));
        let is_anothers = slips.iter().any(|slip| matches!(slip, Slip::AnotherClient(_)));
        let error = match (whose, error) {
            (Some(Whose::Another(_)), _) => EsiaError::CertificateNotOfClient,
            (_, Unsigned::Cms(CmsError::CertificateNotRegistered { .. })) if is_anothers => {
                EsiaError::CertificateNotOfClient
            }
            (_, Unsigned::Cms(error)) => refusal(error),
            (_, Unsigned::Raw(_)) => EsiaError::ClientSecretWrong,
        };
        self.prefer(found, error)
    }

    /// Searches for the mistake that explains the signature. This takes up to a second of processor time, so it does
    /// not run on the threads that serve requests.
    async fn explained(&self, client: &Client, call: &Call<'_>, secret: Secret<'_>) -> Explained {
        let (is_cms, bytes) = match secret {
            Secret::Cms(bytes) => (true, bytes.to_vec()),
            Secret::Raw(bytes) => (false, bytes.to_vec()),
        };
        let look = |state: &Gosuslugi, _| others(state, client);
        let (others, registered) = self.world.world.read(look).await.unwrap_or_default();
        let owned = Owned {
            is_cms,
            bytes,
            order: call.order,
            values: Values::of(&call.request),
            certificates: client.certificates.clone(),
            stale: client.retired.clone(),
            others,
            certificate_hash: self.params.one("client_certificate_hash").ok().map(str::to_owned),
            earlier: self.earlier(client),
            registered,
            sent: self.params.pairs().to_vec(),
        };
        let nothing = Explained { mistake: None, tried: 0, checked: 0, signer: None };
        tokio::task::spawn_blocking(move || owned.explain()).await.unwrap_or(nothing)
    }

    /// Returns earlier requests of the client to these endpoints, the latest first.
    fn earlier(&self, client: &Client) -> Vec<(String, Order, Values)> {
        let entries = self.world.world.journal().newest(MAX_ENTRIES, |entry| order_of(entry.path()).is_some());
        let of_client = |entry: &Entry| {
            let order = order_of(entry.path())?;
            let values = Values::sent(entry);
            let is_its = values.0[0] == client.spec.mnemonic.as_str();
            is_its.then(|| (format!("№ {}, {} {}", entry.id, entry.method, entry.path()), order, values))
        };
        entries.iter().filter_map(of_client).take(MAX_EARLIER).collect()
    }
}

/// Returns the order of values that a request to this address probably signs.
fn order_of(path: &str) -> Option<Order> {
    Some(match path {
        "/aas/oauth2/ac" | "/aas/oauth2/te" => Order::V1,
        "/aas/oauth2/v2/ac" => Order::V2Authorize,
        "/aas/oauth2/v2/te" | "/aas/oauth2/v3/te" => Order::V3Code,
        _ => return None,
    })
}

/// Certificates with their clients, and values with their owners.
type Others = (Vec<(String, Certificate)>, Vec<(Field, String, Told)>);

/// Returns certificates of other clients, and values that a client may have confused with its own.
fn others(state: &Gosuslugi, client: &Client) -> Others {
    let others: Vec<_> =
        state.clients.iter().filter(|other| other.spec.mnemonic != client.spec.mnemonic).take(MAX_OTHERS).collect();
    let certificates = others.iter().flat_map(|other| {
        other.certificates.iter().map(|certificate| (other.spec.mnemonic.to_string(), certificate.clone()))
    });
    let mnemonics = others.iter().map(|other| {
        let mnemonic = other.spec.mnemonic.to_string();
        (Field::ClientId, mnemonic.clone(), both!("система {mnemonic}", "client {mnemonic}"))
    });
    let scopes = (
        Field::Scope,
        client.spec.scopes.join(" "),
        both!("все области, за которыми система зарегистрирована", "all scopes that the client is registered with"),
    );
    let redirects = client.spec.oidc.iter().flat_map(|oidc| &oidc.redirect_uris).map(|address| {
        (Field::RedirectUri, address.clone(), both!("другой зарегистрированный адрес", "another registered address"))
    });
    (certificates.collect(), mnemonics.chain([scopes]).chain(redirects).collect())
}

/// Values of the signed parameters, in the order of [`Field::ALL`].
struct Values([String; Field::ALL.len()]);

impl Values {
    fn of(request: &Request<'_>) -> Self {
        Self(Field::ALL.map(|field| field.of(request).to_owned()))
    }

    /// Returns the values of a request in the journal.
    fn sent(entry: &Entry) -> Self {
        let query = entry.target.split_once('?').map_or("", |(_, query)| query);
        let pairs: Vec<_> = parse(query.as_bytes()).chain(parse(entry.request.body.as_bytes())).collect();
        let value =
            |field: Field| pairs.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value.to_string());
        Self(Field::ALL.map(|field| value(field).unwrap_or_default()))
    }

    fn request(&self) -> Request<'_> {
        let [client_id, scope, scope_org, timestamp, state, redirect_uri, code, refresh_token] = &self.0;
        let signed = Signed { client_id, scope, scope_org, timestamp, state, redirect_uri };
        Request { signed, code, refresh_token }
    }
}

/// Everything that an explanation needs, owned so that it can move to another thread.
struct Owned {
    is_cms: bool,
    bytes: Vec<u8>,
    order: Order,
    values: Values,
    certificates: Vec<Certificate>,
    stale: Vec<Certificate>,
    others: Vec<(String, Certificate)>,
    certificate_hash: Option<String>,
    earlier: Vec<(String, Order, Values)>,
    registered: Vec<(Field, String, Told)>,
    sent: Vec<(String, String)>,
}

impl Owned {
    fn explain(&self) -> Explained {
        let earlier = self.earlier.iter();
        let earlier: Vec<_> = earlier
            .map(|(which, order, values)| Earlier { which: which.clone(), order: *order, request: values.request() })
            .collect();
        secret::explain(&Refused {
            secret: if self.is_cms { Secret::Cms(&self.bytes) } else { Secret::Raw(&self.bytes) },
            order: self.order,
            request: self.values.request(),
            certificates: &self.certificates,
            stale: &self.stale,
            others: &self.others,
            certificate_hash: self.certificate_hash.as_deref(),
            earlier: &earlier,
            registered: &self.registered,
            sent: &self.sent,
        })
    }
}

/// Returns the explanation: the mistakes of the client, or the facts if no mistake explains the signature.
fn told(error: &Unsigned, explained: &Explained, whose: Option<&Whose>) -> String {
    let slips = explained.mistake.iter().flat_map(|mistake| &mistake.slips);
    let mut told: Vec<_> = slips.map(ToString::to_string).collect();
    let of_string = explained.mistake.iter().flat_map(|mistake| &mistake.slips).any(Slip::is_of_string);
    if let Some(first) = told.first_mut()
        && !of_string
        && explained.mistake.as_ref().is_some_and(|mistake| mistake.signed.is_some())
    {
        first.insert_str(0, pick("строка подписана верная, а ", "the right string is signed, but "));
    }
    if told.is_empty() || !error.is_vague() {
        told.insert(0, error.to_string());
    }
    told.extend(
        whose.filter(|whose| !matches!(whose, Whose::Another(_))).map(|whose| tr!("это {whose}", "it is {whose}")),
    );
    if explained.mistake.is_none() && error.is_vague() && explained.tried > 0 {
        told.push(match &explained.signer {
            Some(certificate) => tr!(
                "ключ верный ({}), а подписана другая строка: ни одна из {} проверенных не подошла",
                "the key is right ({}), and another string is signed: none of {} that were tried fits",
                certificate.subject(),
                explained.tried
            ),
            None => {
                tr!(
                    "ни одна из {} проверенных строк не подошла: другая строка или другой ключ",
                    "none of {} strings that were tried fits: another string or another key",
                    explained.tried
                )
            }
        });
    }
    told.join("; ")
}

/// Returns the first difference of two strings, and both strings with a mark at that place.
fn differing(expected: &str, got: &str) -> Told {
    Told::of(|| {
        let found = visible::difference(expected, got);
        found.map_or_else(String::new, |it| format!("{it}\n{}\n{}", it.expected_marked, it.got_marked))
    })
}

/// Adds the expected and the signed string to a check, with their first difference.
fn with_strings(found: Check, expected: &str, explained: &Explained) -> Check {
    let found = found.detail("Нужно подписать", expected);
    let Some(Mistake { signed, certificate, .. }) = &explained.mistake else { return found };
    let found = match signed {
        Some(signed) => {
            let found = found.detail("На самом деле подписано", signed.clone());
            if expected == signed {
                found
            } else {
                found.detail("Первое отличие", differing(expected, signed))
            }
        }
        None => found,
    };
    match certificate {
        Some(certificate) => found.detail("Сертификат подписи", describe(certificate)),
        None => found,
    }
}
