//! Registration of a client for OpenID Connect.

use esia::language::{pick, tr};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use worlds::SeedError;

/// A client system in OpenID Connect (the metadata of OpenID Connect Dynamic Client Registration 1.0 §2, as far as
/// the provider knows it). Mnemonic, scopes and certificates are those of the system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OidcSpec {
    /// Whole addresses that `redirect_uri` may be, compared exactly. The port of a loopback address may differ
    /// (RFC 8252 §7.3), and `{world}` stands for the name of the world that is asked, so that forks need no other.
    pub redirect_uris: Vec<String>,
    /// The secret of a confidential client (RFC 6749 §2.3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// How it proves at the token endpoint who it is; left out: by its secret in either way, or by a key when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_method: Option<ClientAuth>,
    /// Keys for `private_key_jwt` besides those of its certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Jwks>,
    /// Whole addresses that `post_logout_redirect_uri` may be, compared as `redirect-uris` are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// The id token too holds the claims about the person that the scopes open: for libraries that never ask userinfo
    /// (OpenID Connect Core §5.4 keeps them for userinfo).
    #[serde(default, skip_serializing_if = "is_false")]
    pub id_token_claims: bool,
    /// Where logout tokens are posted. Plain `http`: the program speaks no TLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
}

/// How a client proves at the token endpoint who it is (OpenID Connect Core §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// Id and secret in `Authorization: Basic`.
    ClientSecretBasic,
    /// `client_secret` in the body.
    ClientSecretPost,
    /// A JWT signed RS256 (RFC 7523).
    PrivateKeyJwt,
    /// Not at all: a public client, which needs PKCE.
    None,
}

impl ClientAuth {
    /// Name of the method in metadata and requests.
    pub const fn text(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }
}

/// A JWK set (RFC 7517 §5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Jwks {
    /// Public keys, of which any may sign an assertion.
    pub keys: Vec<RsaJwk>,
}

/// A public RSA key (RFC 7518 §6.3.1); other members are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct RsaJwk {
    /// Key type (RFC 7517 §4.1): `RSA`.
    pub kty: RsaKind,
    /// Modulus of the key, base64url (RFC 7518 §6.3.1.1).
    pub n: String,
    /// Exponent of the key, base64url (RFC 7518 §6.3.1.2).
    pub e: String,
    /// The key's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
}

/// The one kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub enum RsaKind {
    /// `RSA`, the only type of key that is taken.
    #[serde(rename = "RSA")]
    Rsa,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Placeholder for the name of a world in a registered address.
pub(crate) const WORLD: &str = "{world}";

impl OidcSpec {
    /// Registration of the built-in diary, with every loopback address of a diary.
    pub fn builtin() -> Self {
        let hosts = |scheme: &str| ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{scheme}://{host}"));
        let places = |scheme: &str| {
            let paths = hosts(scheme).into_iter().flat_map(|host| [host.clone(), format!("{host}/w/{WORLD}")]);
            paths.chain([format!("{scheme}://{WORLD}.localhost")]).collect::<Vec<_>>()
        };
        let places = [places("http"), places("https")].concat();
        let all = |path: &str| places.iter().map(|base| format!("{base}{path}")).collect();
        Self {
            redirect_uris: all("/callback"),
            post_logout_redirect_uris: all("/login"),
            secret: Some(esia::keys::DIARY_SECRET.to_owned()),
            ..Self::default()
        }
    }

    /// Returns the address to which the built-in diary receives logout tokens, derived from the `redirect_uri` of the
    /// sign-in.
    pub(crate) fn builtin_listener(redirect_uri: &str) -> Option<String> {
        redirect_uri.strip_suffix("/callback").map(|base| format!("{base}/logout/backchannel"))
    }

    /// Checks whether the client may authenticate with this method.
    pub fn accepts(&self, method: ClientAuth) -> bool {
        let by_secret = matches!(method, ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost);
        match (self.auth_method, &self.secret) {
            (Some(registered), _) => registered == method,
            (None, Some(_)) => by_secret,
            (None, None) => method == ClientAuth::PrivateKeyJwt,
        }
    }

    /// Whether the client is public, which means that it has no secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.auth_method == Some(ClientAuth::None)
    }

    /// Validates the registration.
    ///
    /// # Errors
    /// Names the invalid field by its path within this registration.
    pub(super) fn check(&self) -> Result<(), SeedError> {
        for (index, uri) in self.redirect_uris.iter().enumerate() {
            check_uri(uri, false).map_err(|why| SeedError::at(format!("redirect-uris[{index}]"), &why))?;
        }
        for (index, uri) in self.post_logout_redirect_uris.iter().enumerate() {
            check_uri(uri, false).map_err(|why| SeedError::at(format!("post-logout-redirect-uris[{index}]"), &why))?;
        }
        if let Some(uri) = &self.backchannel_logout_uri {
            check_uri(uri, true).map_err(|why| SeedError::at("backchannel-logout-uri", &why))?;
        }
        let by_secret = matches!(self.auth_method, Some(ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost));
        match &self.secret {
            Some(secret) if secret.is_empty() => {
                return Err(SeedError::at("secret", &pick("не может быть пустым", "it cannot be empty")));
            }
            Some(_) if self.is_public() => {
                return Err(SeedError::at("secret", &pick("у публичной системы его нет", "a public client has none")));
            }
            None if by_secret => {
                return Err(SeedError::at(
                    "secret",
                    &pick("нужен для такого auth-method", "such an auth-method needs it"),
                ));
            }
            _ => {}
        }
        for (index, key) in self.jwks.iter().flat_map(|jwks| &jwks.keys).enumerate() {
            jsonwebtoken::DecodingKey::from_rsa_components(&key.n, &key.e)
                .map_err(|error| SeedError::at(format!("jwks.keys[{index}]"), &error))?;
        }
        Ok(())
    }
}

/// Checks for an absolute address without a fragment (RFC 6749 §3.1.2): `http`, `https`, or an application's own
/// scheme, which contains a dot (RFC 8252 §7.1). With `only_http`, only `http` is allowed.
fn check_uri(uri: &str, only_http: bool) -> Result<(), String> {
    let url = Url::parse(&uri.replace(WORLD, "main"))
        .map_err(|_| tr!("«{uri}» — не полный адрес", "«{uri}» is no whole address"))?;
    let is_known = match url.scheme() {
        "http" => true,
        "https" => !only_http,
        scheme => !only_http && scheme.contains('.'),
    };
    if !is_known {
        return Err(tr!("схема «{}» здесь не годится", "the scheme «{}» does not do here", url.scheme()));
    }
    if url.fragment().is_some() {
        return Err(pick("в адресе есть часть после #", "the address has a part after #").to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_that_cannot_work_names_its_field() {
        let good = OidcSpec { redirect_uris: vec!["http://127.0.0.1/cb".to_owned()], ..OidcSpec::default() };
        let path = |spec: OidcSpec| spec.check().unwrap_err().path;
        assert_eq!((good.check(), OidcSpec::builtin().check()), (Ok(()), Ok(())));
        let uris = |uri: &str| vec!["http://127.0.0.1/".to_owned(), uri.to_owned()];
        for uri in ["/cb", "javascript:alert(1)", "data:text/html,x", "ftp://127.0.0.1/", "http://127.0.0.1/#part"] {
            assert_eq!(path(OidcSpec { redirect_uris: uris(uri), ..good.clone() }), "redirect-uris[1]", "{uri}");
            let spec = OidcSpec { post_logout_redirect_uris: uris(uri), ..good.clone() };
            assert_eq!(path(spec), "post-logout-redirect-uris[1]", "{uri}");
        }
        let told = |uri: &str| OidcSpec { backchannel_logout_uri: Some(uri.to_owned()), ..good.clone() };
        assert_eq!(told("http://127.0.0.1:9/out").check(), Ok(()));
        assert_eq!(path(told("https://rp.example/out")), "backchannel-logout-uri");
        let secret = |secret: Option<&str>, auth_method| OidcSpec {
            secret: secret.map(str::to_owned),
            auth_method,
            ..good.clone()
        };
        assert_eq!(path(secret(Some(""), None)), "secret");
        assert_eq!(path(secret(Some("x"), Some(ClientAuth::None))), "secret");
        assert_eq!(path(secret(None, Some(ClientAuth::ClientSecretPost))), "secret");
        let key = RsaJwk { kty: RsaKind::Rsa, n: "не base64".to_owned(), e: "AQAB".to_owned(), kid: None };
        assert_eq!(path(OidcSpec { jwks: Some(Jwks { keys: vec![key] }), ..good }), "jwks.keys[0]");
    }

    #[test]
    fn who_has_a_secret_may_show_it_either_way_unless_one_is_registered() {
        use ClientAuth::{ClientSecretBasic, ClientSecretPost, None as Public, PrivateKeyJwt};
        let accepted = |spec: &OidcSpec| {
            [ClientSecretBasic, ClientSecretPost, PrivateKeyJwt, Public].map(|method| spec.accepts(method))
        };
        let mut spec = OidcSpec::default();
        assert_eq!(accepted(&spec), [false, false, true, false]);
        spec.secret = Some("secret".to_owned());
        assert_eq!(accepted(&spec), [true, true, false, false]);
        spec.auth_method = Some(ClientSecretPost);
        assert_eq!(accepted(&spec), [false, true, false, false]);
        spec.auth_method = Some(Public);
        assert_eq!(accepted(&spec), [false, false, false, true]);
    }

    #[test]
    fn the_built_in_diary_is_told_beside_its_redirect_uri() {
        let listener = |uri: &str| OidcSpec::builtin_listener(uri);
        let told = listener("http://127.0.0.1:9/w/t/callback");
        assert_eq!(told.as_deref(), Some("http://127.0.0.1:9/w/t/logout/backchannel"));
        assert_eq!(listener("http://127.0.0.1:9/elsewhere"), None);
    }
}
