//! Registered clients: `client_id`, allowed scopes, redirect URIs and certificates.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use esia::{Certificate, Mnemonic, language::tr};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;
use worlds::SeedError;

use super::{EsiaSpec, OidcSpec, TokenTerms, certificates};

/// A client system as a seed or the control API describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientSpec {
    /// Мнемоника of the system: its `client_id`.
    #[schema(value_type = String, example = "RYAZAN-DIARY")]
    pub mnemonic: Mnemonic,
    /// What it is called on the consent page.
    pub title: String,
    /// The organisation that runs it.
    pub organisation: String,
    /// Domains that `redirect_uri` and `redirect_url` may have (ЕСИА compares domains, ESIA §1.3).
    #[serde(default = "loopback")]
    pub redirect_domains: Vec<String>,
    /// Scopes that it may ask for.
    #[serde(default = "openid")]
    pub scopes: Vec<String>,
    /// Its certificates in PEM; without any, the built-in certificate of the diary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// A guardian may consent to it beforehand in «Школьное портфолио».
    #[serde(default)]
    pub school_portfolio: bool,
    /// What it registers for OpenID Connect; without it, what the built-in diary does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcSpec>,
    /// What ЕСИА's own protocol needs to know of it.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub esia: EsiaSpec,
    /// How long its codes and tokens work, at both protocols; left out: as in the world.
    #[serde(default, skip_serializing_if = "TokenTerms::is_empty")]
    pub tokens: TokenTerms,
}

fn is_usual(spec: &EsiaSpec) -> bool {
    *spec == EsiaSpec::default()
}

fn loopback() -> Vec<String> {
    ["127.0.0.1", "localhost", "[::1]"].map(str::to_owned).to_vec()
}

fn openid() -> Vec<String> {
    vec!["openid".to_owned()]
}

/// Where a registration comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The world's seed names it.
    Seed,
    /// The program was started with it: `--client`, or `clients` of a settings file.
    Settings,
    /// Somebody registered it at the control API or on the console.
    #[default]
    Control,
}

/// Registered client with its certificates parsed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Client {
    /// Description of the client.
    pub spec: ClientSpec,
    /// Origin of the registration.
    pub origin: Origin,
    /// Whether the program was started with another registration of this mnemonic, which the seed's registration
    /// overrides.
    pub is_shadowing: bool,
    /// Certificates that the client's signatures are verified with.
    pub certificates: Vec<Certificate>,
    /// Certificates of earlier registrations, the newest last. They explain a signature made with one of them.
    pub retired: Vec<Certificate>,
}

/// Maximum number of earlier certificates that are kept per client.
const MAX_RETIRED: usize = 8;

/// Event of the registered clients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ClientEvent {
    /// A client was registered, or its registration was replaced.
    Registered {
        /// Description of the client.
        client: Box<ClientSpec>,
        /// Origin of the registration.
        #[serde(default)]
        origin: Origin,
    },
    /// A client's registration was removed.
    Removed { mnemonic: Mnemonic },
}

/// All registered clients of a world, by mnemonic.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Clients(BTreeMap<Mnemonic, Arc<Client>>);

impl Clients {
    /// Returns the registered mnemonic that an unknown `client_id` most resembles.
    pub(crate) fn near(&self, id: &str) -> Option<String> {
        crate::slips::unknown::nearest(id, self.0.keys().map(Mnemonic::as_str)).map(str::to_owned)
    }
}

impl Client {
    /// Returns the client's registration for OpenID Connect, or that of the built-in diary if it has none.
    pub fn oidc(&self) -> Cow<'_, OidcSpec> {
        self.spec.oidc.as_ref().map_or_else(|| Cow::Owned(OidcSpec::builtin()), Cow::Borrowed)
    }

    /// Validates a description and parses its certificates.
    ///
    /// # Errors
    /// Names the invalid field: a certificate that cannot be parsed, an invalid domain or scope, or another invalid
    /// value.
    pub fn new(mut spec: ClientSpec, origin: Origin) -> Result<Self, SeedError> {
        for (index, scope) in spec.scopes.iter().enumerate() {
            scope.parse::<esia::Scope>().map_err(|error| SeedError::at(format!("scopes[{index}]"), &error))?;
        }
        for (index, domain) in spec.redirect_domains.iter().enumerate() {
            check_domain(domain).map_err(|why| SeedError::at(format!("redirect-domains[{index}]"), &why))?;
        }
        let inside = |part: &str, error: &SeedError| SeedError::at(format!("{part}.{}", error.path), &error.message);
        spec.esia.check().map_err(|error| inside("esia", &error))?;
        spec.tokens.check().map_err(|error| inside("tokens", &error))?;
        if let Some(oidc) = &spec.oidc {
            oidc.check().map_err(|error| inside("oidc", &error))?;
        }
        let unreadable = |index: usize, error: &esia::KeyError| SeedError::at(format!("certificates[{index}]"), error);
        let read =
            |(index, text): (usize, &String)| certificates::usable(text).map_err(|error| unreadable(index, &error));
        let read = spec.certificates.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut certificates: Vec<Certificate> = Vec::new();
        for one in read.into_iter().flatten() {
            if !certificates.contains(&one) {
                certificates.push(one);
            }
        }
        // Certificates are written again from what was parsed, so that a private key beside them is not kept.
        spec.certificates = certificates.iter().map(Certificate::pem).collect();
        if certificates.is_empty() {
            certificates.push(builtin_certificate().map_err(|error| unreadable(0, &error))?);
        }
        Ok(Self { spec, origin, is_shadowing: false, certificates, retired: Vec::new() })
    }
}

/// Checks that a text is a domain. ЕСИА compares domains, so a whole address would never match; the error then names
/// the domain in it.
fn check_domain(text: &str) -> Result<(), String> {
    if Host::parse(text).is_ok() {
        return Ok(());
    }
    let within = Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned));
    let within =
        within.or_else(|| Some(text.split([':', '/']).next()?.to_owned()).filter(|host| Host::parse(host).is_ok()));
    Err(match within {
        Some(domain) if text != domain => {
            tr!(
                "нужен один домен, без схемы, порта и пути: «{domain}» вместо «{text}»",
                "one domain is needed, without scheme, port and path: «{domain}» in place of «{text}»"
            )
        }
        _ => tr!(
            "«{text}» — не домен; нужен, например, app.example.test или 127.0.0.1",
            "«{text}» is no domain; needed is, for instance, app.example.test or 127.0.0.1"
        ),
    })
}

impl Client {
    /// Checks whether the client is registered for a scope.
    pub fn may_ask(&self, scope: &esia::Scope) -> bool {
        self.spec.scopes.iter().any(|one| one == scope.bare_name() || *one == scope.name)
    }

    /// Keeps the certificates of the earlier registration as retired ones.
    fn succeed(&mut self, earlier: &Self) {
        let before = earlier.retired.iter().chain(&earlier.certificates);
        let gone = before.filter(|certificate| !self.certificates.contains(certificate));
        self.retired = gone.cloned().collect();
        let surplus = self.retired.len().saturating_sub(MAX_RETIRED);
        self.retired.drain(..surplus);
    }
}

/// Returns the built-in diary's certificate, parsed once.
fn builtin_certificate() -> Result<Certificate, esia::KeyError> {
    static READ: std::sync::OnceLock<Certificate> = std::sync::OnceLock::new();
    if let Some(certificate) = READ.get() {
        return Ok(certificate.clone());
    }
    let certificate = Certificate::from_pem(esia::keys::DIARY_CERTIFICATE_PEM)?;
    Ok(READ.get_or_init(|| certificate).clone())
}

impl Clients {
    /// Returns a client by its mnemonic.
    pub(crate) fn get(&self, mnemonic: &Mnemonic) -> Option<&Client> {
        self.0.get(mnemonic).map(|client| &**client)
    }

    /// Returns a client that outlives the access to the state, because verifying a signature takes longer than anything
    /// else in a request.
    pub(crate) fn shared(&self, mnemonic: &Mnemonic) -> Option<Arc<Client>> {
        self.0.get(mnemonic).map(Arc::clone)
    }

    /// All clients, in order of their mnemonics.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Client> {
        self.0.values().map(|client| &**client)
    }

    /// Adds a client that the program was started with. If the seed has that mnemonic, its client stays and is marked
    /// as shadowing.
    pub(crate) fn insert_of_settings(&mut self, client: Client) {
        match self.0.get_mut(&client.spec.mnemonic) {
            Some(named) => Arc::make_mut(named).is_shadowing = true,
            None => self.insert(client),
        }
    }

    pub(crate) fn insert(&mut self, mut client: Client) {
        if let Some(earlier) = self.0.get(&client.spec.mnemonic) {
            client.succeed(earlier);
        }
        self.0.insert(client.spec.mnemonic.clone(), Arc::new(client));
    }

    pub(crate) fn apply(&mut self, event: &ClientEvent) {
        match event {
            ClientEvent::Registered { client, origin } => {
                // A recorded description was valid before. If it no longer is, the old registration stays.
                if let Ok(client) = Client::new((**client).clone(), *origin) {
                    self.insert(client);
                }
            }
            ClientEvent::Removed { mnemonic } => {
                self.0.remove(mnemonic);
            }
        }
    }
}
