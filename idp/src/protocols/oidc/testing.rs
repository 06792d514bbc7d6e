//! Test support for OpenID Connect: relying parties, and a person with a browser.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, decode, encode};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::signing::signature_only;
use crate::slips::pkce::challenge_of;
use crate::{
    protocols::esia::testing::Fields,
    testing::{Actor, Answer, Rig, family, september},
};

/// Issuer of the world `main` in these tests.
pub(crate) const ISSUER: &str = "http://127.0.0.1:8001";
/// Code verifier (RFC 7636 §4.1).
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Relying party; the diary with a secret by default.
#[derive(Clone)]
pub(crate) struct Rp {
    pub(crate) client_id: &'static str,
    pub(crate) secret: Option<&'static str>,
    pub(crate) scope: &'static str,
    pub(crate) redirect_uri: &'static str,
    pub(crate) verifier: Option<&'static str>,
}

impl Default for Rp {
    fn default() -> Self {
        Self {
            client_id: "DIARY",
            secret: Some("diary secret+1"),
            scope: "openid profile snils offline_access",
            redirect_uri: "http://127.0.0.1:9/callback?from=idp",
            verifier: Some(VERIFIER),
        }
    }
}

/// Returns a public client, which runs in a browser and has no secret.
pub(crate) fn spa() -> Rp {
    Rp {
        client_id: "SPA",
        secret: None,
        scope: "openid fullname",
        redirect_uri: "https://spa.example/cb",
        ..Rp::default()
    }
}

impl Rp {
    /// Returns a correct authorization request.
    pub(crate) fn asks(&self) -> Fields {
        let mut fields: Fields = vec![
            ("client_id", self.client_id.to_owned()),
            ("response_type", "code".to_owned()),
            ("redirect_uri", self.redirect_uri.to_owned()),
            ("scope", self.scope.to_owned()),
            ("state", "s-1".to_owned()),
            ("nonce", "n-1".to_owned()),
        ];
        if let Some(verifier) = self.verifier {
            fields.push(("code_challenge", challenge_of(verifier)));
            fields.push(("code_challenge_method", "S256".to_owned()));
        }
        fields
    }

    /// Returns a correct exchange of a code, with client authentication in the body.
    pub(crate) fn by_code(&self, code: &str) -> Fields {
        let mut fields = self.authenticated(vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri.to_owned()),
        ]);
        fields.extend(self.verifier.map(|verifier| ("code_verifier", verifier.to_owned())));
        fields
    }

    /// Returns a correct refresh.
    pub(crate) fn by_refresh(&self, token: &str) -> Fields {
        self.authenticated(vec![("grant_type", "refresh_token".to_owned()), ("refresh_token", token.to_owned())])
    }

    /// Adds `client_id` and `client_secret`.
    pub(crate) fn authenticated(&self, mut fields: Fields) -> Fields {
        fields.push(("client_id", self.client_id.to_owned()));
        fields.extend(self.secret.map(|secret| ("client_secret", secret.to_owned())));
        fields
    }
}

/// Returns the family's section with three clients of OpenID Connect: one with a secret, one in a browser, one with a
/// key.
pub(crate) fn section() -> Value {
    let mut section = family();
    let scopes = json!([
        "openid",
        "fullname",
        "snils",
        "birthdate",
        "gender",
        "birth_cert_doc",
        "id_doc",
        "email",
        "mobile",
        "kid_fullname",
        "kid_birthdate",
        "kid_gender",
        "kid_snils",
        "kid_birth_cert_doc",
    ]);
    section["clients"][0]["scopes"] = scopes;
    section["clients"][0]["oidc"] = json!({
        "redirect-uris": ["http://127.0.0.1/callback?from=idp", "https://rp.example/cb"],
        "secret": "diary secret+1",
        "post-logout-redirect-uris": ["https://rp.example/bye"],
    });
    let clients = section["clients"].as_array_mut().unwrap();
    clients
        .push(json!({ "mnemonic": "SPA", "title": "Кружки", "organisation": "Центр", "scopes": ["openid", "fullname"],
        "oidc": { "redirect-uris": ["https://spa.example/cb"], "auth-method": "none" } }));
    clients.push(
        json!({ "mnemonic": "KEYED", "title": "Очередь", "organisation": "Центр", "scopes": ["openid", "fullname"],
        "oidc": { "redirect-uris": ["https://keyed.example/cb"] } }),
    );
    section["people"]["анна"]["passport"] =
        json!({ "series": "0000", "number": "000001", "issued": "2005-04-01", "issued-by": "ОВД" });
    section
}

pub(crate) async fn rig() -> Rig {
    Rig::new(section()).await
}

pub(crate) fn encode_fields(fields: &Fields) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Verifies a token with the keys of JWKS, and returns its claims.
pub(crate) fn claims(jwks: &Value, token: &str) -> Value {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let jwk = jwks["keys"].as_array().unwrap().iter().find(|jwk| jwk["kid"] == json!(header.kid)).unwrap();
    let key = DecodingKey::from_jwk(&serde_json::from_value(jwk.clone()).unwrap()).unwrap();
    decode::<Value>(token, &key, &signature_only()).unwrap().claims
}

/// Returns a client assertion signed with the diary's built-in key, which clients without certificates have.
pub(crate) fn assertion(changes: &Value) -> String {
    let mut claims =
        json!({ "iss": "KEYED", "sub": "KEYED", "aud": ISSUER, "exp": september().timestamp() + 60, "jti": "j-1" });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let key = EncodingKey::from_rsa_pem(esia::keys::DIARY_KEY_PEM.as_bytes()).unwrap();
    encode(&Header::new(Algorithm::RS256), &claims, &key).unwrap()
}

impl Actor<'_> {
    /// Sends an authorization request, and follows its redirect within the provider.
    pub(crate) async fn authorize(self, fields: &Fields) -> Answer {
        let sent = self.page(&format!("/oidc/authorize?{}", encode_fields(fields))).await;
        if sent.location().starts_with("/oidc/continue") { self.page(sent.location()).await } else { sent }
    }
}

impl Rig {
    /// Submits the consent page with an answer, if the page is one.
    pub(crate) async fn agree(&self, page: Answer, session: &str, answer: &str) -> Answer {
        if page.status != 200 || !page.body.contains(r#"data-test="consent""#) {
            return page;
        }
        let request =
            page.body.split(r#"name="request" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
        self.person(session).form("/oidc/consent", &[("request", request), ("answer", answer.to_owned())]).await
    }

    /// Returns a code for a person of the seed, granting consent on the way.
    pub(crate) async fn oidc_code(&self, rp: &Rp, key: &str) -> String {
        let session = self.session(key).await;
        let page = self.person(&session).authorize(&rp.asks()).await;
        self.agree(page, &session, "grant").await.code()
    }

    /// Posts parameters in the body, as a client does.
    pub(crate) async fn post(&self, path: &str, fields: &Fields) -> Answer {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encode_fields(fields))).unwrap()).await
    }

    /// Posts parameters in the body with `Authorization: Basic`.
    pub(crate) async fn post_basic(&self, path: &str, (user, password): (&str, &str), fields: &Fields) -> Answer {
        let basic = STANDARD.encode(format!("{user}:{password}"));
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("Basic {basic}"));
        self.send(request.body(Body::from(encode_fields(fields))).unwrap()).await
    }

    /// Returns tokens for a person of the seed.
    pub(crate) async fn oidc_tokens(&self, rp: &Rp, key: &str) -> Value {
        let code = self.oidc_code(rp, key).await;
        let answer = self.post("/oidc/token", &rp.by_code(&code)).await;
        answer.ok()
    }

    /// Requests userinfo with an access token.
    pub(crate) async fn userinfo(&self, tokens: &Value) -> Answer {
        self.rs("/oidc/userinfo", tokens["access_token"].as_str().unwrap()).await
    }

    pub(crate) async fn jwks(&self) -> Value {
        self.anyone().get("/oidc/jwks").await.ok()
    }
}
