//! Generation of a test key and certificate, with the registration that they belong to.

use chrono::TimeDelta;
use esia::{
    Certificate, KeyKind, Mnemonic, SigningKey,
    language::{pick, tr},
};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;
use web::{InWorld, Problem};
use worlds::{Decided, WorldRng};

use super::{
    Client, ClientSpec, EsiaSpec, OidcSpec, Origin, TokenAlgorithm, TokenTerms,
    about::ClientView,
    settings::Setting,
    view::{ready_settings, registered, shown_one, unknown},
};
use crate::{event::Event, state::Gosuslugi};

/// Maximum length of a title or an organisation's name, characters.
const MAX_TITLE: usize = 200;

/// Validity of a test certificate.
const TERM: TimeDelta = TimeDelta::days(5 * 365);

/// Which kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyChoice {
    /// RSA with 2048 bits.
    Rsa,
    /// ГОСТ Р 34.10-2012 with 256 bits.
    Gost,
}

impl KeyChoice {
    const fn kind(self) -> KeyKind {
        match self {
            Self::Rsa => KeyKind::Rsa2048,
            Self::Gost => KeyKind::Gost256,
        }
    }
}

/// What a key is made for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct NewKey {
    /// Which kind of key.
    pub(super) key: KeyChoice,
    /// What the system is called on the consent page. Needed for a new one, like `redirect-uri`.
    #[serde(default)]
    pub(super) title: Option<String>,
    /// The organisation that runs it; left out: the title.
    #[serde(default)]
    pub(super) organisation: Option<String>,
    /// Where people come back to: a whole address, or its domain alone.
    #[serde(default)]
    #[schema(example = "http://127.0.0.1:3000/callback")]
    pub(super) redirect_uri: Option<String>,
    /// Scopes that it may ask for; left out: `openid fullname`.
    #[serde(default)]
    pub(super) scopes: Option<Vec<String>>,
    /// How its tokens are signed; left out: RS256.
    #[serde(default)]
    pub(super) token_algorithm: Option<TokenAlgorithm>,
    /// How long its codes and tokens work; left out: as in the world.
    #[serde(default)]
    pub(super) tokens: Option<TokenTerms>,
    /// The id token of OpenID Connect too holds the claims about the person; left out: userinfo alone does.
    #[serde(default)]
    pub(super) id_token_claims: Option<bool>,
}

impl NewKey {
    /// Request for a new key of a client that is already registered.
    pub(super) const fn renewing(key: KeyChoice) -> Self {
        let (title, organisation, redirect_uri, scopes) = (None, None, None, None);
        let (token_algorithm, tokens, id_token_claims) = (None, None, None);
        Self { key, title, organisation, redirect_uri, scopes, token_algorithm, tokens, id_token_claims }
    }
}

/// A key that was made, and all that goes with it. Nothing keeps the key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Made {
    /// PEM of the private key (PKCS#8, not encrypted).
    pub(super) key: String,
    /// PEM of the certificate.
    pub(super) certificate: String,
    /// The system with the certificate.
    pub(super) client: ClientView,
    /// Ready settings for the common client libraries.
    pub(super) settings: Vec<Setting>,
}

/// Validated request for a key.
pub(super) struct Newcomer {
    mnemonic: Mnemonic,
    key: KeyChoice,
    /// Registration of a new client; `None` for one that is already registered.
    spec: Option<ClientSpec>,
}

impl Newcomer {
    /// Validates a request for a key.
    ///
    /// # Errors
    /// Names the invalid field.
    pub(super) fn new(mnemonic: Mnemonic, new: NewKey) -> Result<Self, Problem> {
        let key = new.key;
        let says_nothing = new.title.is_none()
            && new.organisation.is_none()
            && new.redirect_uri.is_none()
            && new.scopes.is_none()
            && new.token_algorithm.is_none()
            && new.tokens.is_none()
            && new.id_token_claims.is_none();
        let spec = if says_nothing { None } else { Some(described(&mnemonic, new)?) };
        Ok(Self { mnemonic, key, spec })
    }

    /// Generates the key and registers its certificate.
    pub(super) async fn register(self, world: &InWorld<Gosuslugi>) -> Result<Made, Problem> {
        let (mnemonic, kind) = (self.mnemonic.clone(), self.key.kind());
        // Checked before the key is generated, so that a refusal comes without delay.
        world.world.read(|state, _| self.check(state)).await??;
        let now = world.world.now();
        let pair = move || {
            let (key, pem) = SigningKey::generate(kind)?;
            let subject = format!("CN={mnemonic},O=esia-stand");
            // Valid from one day before, for clients whose clock is slow.
            Certificate::self_signed(&key, &subject, now - TimeDelta::days(1)..=now + TERM).map(|made| (pem, made))
        };
        let made = tokio::task::spawn_blocking(pair).await.map_err(Problem::internal)?;
        let (key, certificate) = made.map_err(Problem::internal)?;
        let certificate = certificate.pem();
        world.world.act(|state, _, rng| self.decide(state, &certificate, rng)).await?;
        let client = shown_one(world, &self.mnemonic).await?;
        let settings = ready_settings(world, &self.mnemonic).await?;
        Ok(Made { key, certificate, client, settings })
    }

    fn check(&self, state: &Gosuslugi) -> Result<(), Problem> {
        match (&self.spec, state.clients.get(&self.mnemonic)) {
            (None, None) => Err(unknown(&self.mnemonic).or(pick(
                "Для новой системы нужны ещё title и redirect-uri",
                "A new client needs title and redirect-uri too",
            ))),
            (Some(_), Some(_)) => {
                let told = tr!("Система «{}» уже есть", "There is a client «{}» already", self.mnemonic);
                Err(Problem::conflict("client-exists", told).of("mnemonic").or(pick(
                    "Выпустите ей новый ключ, или возьмите другую мнемонику",
                    "Issue a new key for it, or take another mnemonic",
                )))
            }
            _ => Ok(()),
        }
    }

    fn decide(&self, state: &Gosuslugi, certificate: &str, rng: &mut WorldRng) -> Result<Decided<Event, ()>, Problem> {
        self.check(state)?;
        let mut spec = match (&self.spec, state.clients.get(&self.mnemonic)) {
            (None, Some(client)) => client.spec.clone(),
            (Some(spec), _) => spec.clone(),
            (None, None) => return Err(unknown(&self.mnemonic)),
        };
        spec.certificates = vec![certificate.to_owned()];
        if self.spec.is_some()
            && let Some(oidc) = &mut spec.oidc
        {
            oidc.secret = Some(rng.hex::<16>());
        }
        Ok((vec![registered(&spec)], ()))
    }
}

/// Builds the registration of a new client, still without certificate and secret.
fn described(mnemonic: &Mnemonic, new: NewKey) -> Result<ClientSpec, Problem> {
    let title = name("title", new.title.as_deref())?;
    let organisation = match new.organisation.as_deref().map(str::trim) {
        None | Some("") => title.clone(),
        organisation => name("organisation", organisation)?,
    };
    let (domain, address) = place_of_return(new.redirect_uri.as_deref().unwrap_or_default())?;
    let mut scopes = new.scopes.unwrap_or_else(|| vec!["openid".to_owned(), "fullname".to_owned()]);
    if scopes.is_empty() {
        return Err(Problem::bad_request("scopes", pick("Не выбрано ни одной области доступа", "No scope is chosen"))
            .or(pick("Обычно нужны хотя бы openid и fullname", "Usually openid and fullname at least are needed")));
    }
    let mut seen = std::collections::BTreeSet::new();
    scopes.retain(|scope| seen.insert(scope.clone()));
    let spec = ClientSpec {
        mnemonic: mnemonic.clone(),
        title,
        organisation,
        redirect_domains: vec![domain],
        scopes,
        certificates: Vec::new(),
        school_portfolio: false,
        oidc: Some(OidcSpec {
            redirect_uris: vec![address],
            id_token_claims: new.id_token_claims.unwrap_or_default(),
            ..OidcSpec::default()
        }),
        esia: EsiaSpec { token_algorithm: new.token_algorithm.unwrap_or_default(), ..EsiaSpec::default() },
        tokens: new.tokens.unwrap_or_default(),
    };
    Client::new(spec, Origin::Control).map(|client| client.spec).map_err(|error| {
        // An error is reported under the form field that the person filled in.
        let field = if error.path.starts_with("oidc.") || error.path.starts_with("redirect-domains") {
            "redirect-uri".to_owned()
        } else {
            error.path
        };
        Problem::bad_request(field, error.message)
    })
}

fn name(field: &str, text: Option<&str>) -> Result<String, Problem> {
    let text = text.unwrap_or_default().trim();
    let length = text.chars().count();
    if !(1..=MAX_TITLE).contains(&length) || text.chars().any(char::is_control) {
        return Err(Problem::bad_request(
            field,
            tr!("Нужно название, от 1 до {MAX_TITLE} знаков", "A title of 1 to {MAX_TITLE} characters is needed"),
        ));
    }
    Ok(text.to_owned())
}

/// Returns the domain that ЕСИА compares and the address that OpenID Connect compares. The text is either of them.
fn place_of_return(text: &str) -> Result<(String, String), Problem> {
    let text = text.trim();
    let wrong = || {
        let told = if text.is_empty() {
            pick("Адрес возврата не назван", "No address to return to is given").to_owned()
        } else {
            tr!("«{text}» — не адрес и не домен", "«{text}» is neither an address nor a domain")
        };
        Problem::bad_request("redirect-uri", told).or(pick(
            "Нужен, например, http://127.0.0.1:3000/callback или app.example.test",
            "Needed is, for instance, http://127.0.0.1:3000/callback or app.example.test",
        ))
    };
    if !text.contains("://") {
        let host = Host::parse(text).map_err(|_| wrong())?;
        return Ok((host.to_string(), format!("http://{host}/callback")));
    }
    let url = Url::parse(text).map_err(|_| wrong())?;
    let domain = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")).ok_or_else(wrong)?;
    Ok((domain.to_owned(), text.to_owned()))
}
