//! Test support for ЕСИА's protocol: a relying party, and a person with a browser.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use esia::{Certificate, SigningKey, cms::sign_detached, keys, secret, timestamp};
use serde_json::{Value, json};
use url::form_urlencoded::{Serializer, byte_serialize};
use worlds::Domain as _;

use crate::{
    Gosuslugi,
    testing::{Actor, Answer, Rig, family, september},
};

/// Parameters of a request, by name.
pub(crate) type Fields = Vec<(&'static str, String)>;

/// Relying party; the built-in diary by default.
#[derive(Clone)]
pub(crate) struct Rp {
    pub(crate) client_id: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) redirect_uri: &'static str,
    pub(crate) state: &'static str,
    pub(crate) timestamp: String,
    pub(crate) access_type: &'static str,
    pub(crate) key: &'static str,
    pub(crate) certificate: &'static str,
}

impl Default for Rp {
    fn default() -> Self {
        Self {
            client_id: "DIARY",
            scope: "openid fullname snils",
            redirect_uri: "http://127.0.0.1:9/callback?from=esia",
            state: "0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11",
            timestamp: timestamp::print(september()),
            access_type: "online",
            key: keys::DIARY_KEY_PEM,
            certificate: keys::DIARY_CERTIFICATE_PEM,
        }
    }
}

impl Rp {
    /// Signs the first version's string with this scope.
    pub(crate) fn secret(&self, scope: &str) -> String {
        self.sign(&secret::v1(scope, &self.timestamp, self.client_id, self.state))
    }

    pub(crate) fn sign(&self, text: &str) -> String {
        let (key, certificate) =
            (SigningKey::from_pem(self.key).unwrap(), Certificate::from_pem(self.certificate).unwrap());
        URL_SAFE_NO_PAD.encode(sign_detached(text.as_bytes(), &key, &certificate, september()).unwrap())
    }

    /// Returns a client with ГОСТ keys, whose tokens are signed with ГОСТ.
    pub(crate) fn gost() -> Self {
        let (key, certificate) = (keys::DIARY_GOST_KEY_PEM, keys::DIARY_GOST_CERTIFICATE_PEM);
        Self { client_id: "GOST", key, certificate, ..Self::default() }
    }

    /// Returns the values that the client signs.
    pub(crate) fn values<'a>(&'a self, scope_org: &'a str) -> secret::Signed<'a> {
        secret::Signed {
            client_id: self.client_id,
            scope: self.scope,
            scope_org,
            timestamp: &self.timestamp,
            state: self.state,
            redirect_uri: self.redirect_uri,
        }
    }

    /// Returns a bare signature in base64url.
    pub(crate) fn raw(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.signature(text))
    }

    /// Returns the bytes of a bare signature.
    pub(crate) fn signature(&self, text: &str) -> Vec<u8> {
        SigningKey::from_pem(self.key).unwrap().sign(text.as_bytes()).unwrap()
    }

    /// The parameter `client_certificate_hash`.
    pub(crate) fn hash(&self) -> String {
        Certificate::from_pem(self.certificate).unwrap().streebog256_hex()
    }

    fn second(&self, (scope, signed): (&str, &str), own: &[(&'static str, &str)]) -> Fields {
        let common = [
            ("client_id", self.client_id.to_owned()),
            ("client_secret", self.raw(signed)),
            ("client_certificate_hash", self.hash()),
            ("redirect_uri", self.redirect_uri.to_owned()),
            ("scope", scope.to_owned()),
            ("state", self.state.to_owned()),
            ("timestamp", self.timestamp.clone()),
        ];
        common.into_iter().chain(own.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
    }

    /// Returns a correct authorization request of the second version.
    pub(crate) fn v2_ac(&self, own: &[(&'static str, &str)]) -> Fields {
        let scope_org = own.iter().find(|(name, _)| *name == "scope_org").map_or("", |(_, value)| value);
        let signed = secret::v2_authorize(&self.values(scope_org));
        let usual = [("response_type", "code"), ("access_type", self.access_type)];
        self.second((self.scope, &signed), &[&usual, own].concat())
    }

    /// Returns a correct exchange of a code at `/v3/te`.
    pub(crate) fn v3_by_code(&self, code: &str) -> Fields {
        let signed = secret::v3_token(&self.values(""), code);
        self.second((self.scope, &signed), &[("grant_type", "authorization_code"), ("code", code)])
    }

    /// Returns a correct refresh at `/v3/te`, row (a).
    pub(crate) fn v3_by_refresh(&self, token: &str) -> Fields {
        let signed = secret::v3_refresh(&self.values(""));
        self.second((self.scope, &signed), &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// Returns a correct refresh at `/v3/te`, row (b): neither address nor hash.
    pub(crate) fn v3_by_refresh_token(&self, token: &str) -> Fields {
        let signed = secret::v3_refresh_token(&self.values(""), token);
        let fields = self.second((self.scope, &signed), &[("grant_type", "refresh_token"), ("refresh_token", token)]);
        with(with(fields, "redirect_uri", None), "client_certificate_hash", None)
    }

    /// Returns a request for the client's own token at `/v3/te`.
    pub(crate) fn v3_by_itself(&self, scope: &str) -> Fields {
        let signed = secret::v3_client_credentials(&secret::Signed { scope, ..self.values("") });
        self.second((scope, &signed), &[("grant_type", "client_credentials")])
    }

    fn common(&self, scope: &str) -> Fields {
        vec![
            ("client_id", self.client_id.to_owned()),
            ("client_secret", self.secret(scope)),
            ("redirect_uri", self.redirect_uri.to_owned()),
            ("scope", scope.to_owned()),
            ("state", self.state.to_owned()),
            ("timestamp", self.timestamp.clone()),
        ]
    }

    /// Returns a correct authorization request.
    pub(crate) fn ac(&self) -> Fields {
        let own = [("response_type", "code".to_owned()), ("access_type", self.access_type.to_owned())];
        self.common(self.scope).into_iter().chain(own).collect()
    }

    /// Returns a correct exchange of a code.
    pub(crate) fn by_code(&self, code: &str) -> Fields {
        let own = [("grant_type", "authorization_code".to_owned()), ("code", code.to_owned())];
        self.common(self.scope).into_iter().chain(own).collect()
    }

    /// Returns a correct refresh.
    pub(crate) fn by_refresh(&self, token: &str) -> Fields {
        let own = [("grant_type", "refresh_token".to_owned()), ("refresh_token", token.to_owned())];
        self.common(self.scope).into_iter().chain(own).collect()
    }

    /// Returns a request for a client's own token.
    pub(crate) fn by_itself(&self, scope: &str) -> Fields {
        self.common(scope).into_iter().chain([("grant_type", "client_credentials".to_owned())]).collect()
    }
}

/// Replaces one parameter, or removes it.
pub(crate) fn with(mut fields: Fields, name: &'static str, value: Option<&str>) -> Fields {
    fields.retain(|(key, _)| *key != name);
    fields.extend(value.map(|value| (name, value.to_owned())));
    fields
}

/// Starts the family's world, in which Катя's and Глеб's accounts have a guardian, with a second client of the same
/// key.
pub(crate) async fn rig() -> Rig {
    Rig::new(section()).await
}

pub(crate) fn section() -> Value {
    let mut section = family();
    section["clients"][0]["scopes"] =
        json!(["openid", "fullname", "snils", "birthdate", "gender", "birth_cert_doc", "id_doc", "email", "mobile"]);
    section["people"]["анна"]["passport"] =
        json!({ "series": "0000", "number": "000001", "issued": "2005-04-01", "issued-by": "ОВД" });
    section
}

/// Returns a section with one client of each kind: `GOST` with ГОСТ keys, `DIGITAL` with types of consent, `AGENCY`
/// with an organisation's scopes; Пётр acts for two organisations.
pub(crate) fn wide_section() -> Value {
    let mut section = section();
    let gost = json!([keys::DIARY_GOST_CERTIFICATE_PEM]);
    let scopes = json!([
        "openid",
        "fullname",
        "snils",
        "mobile",
        "prm_chg",
        "org_shortname",
        "org_inn",
        "http://lk.gosuslugi.ru/api-order"
    ]);
    let clients = json!([
        { "mnemonic": "GOST", "title": "Госсистема", "organisation": "Ведомство", "certificates": gost, "scopes": scopes,
          "esia": { "token-algorithm": "GOST3410_2012_256" } },
        { "mnemonic": "DIGITAL", "title": "Банк", "organisation": "ООО «Банк»", "scopes": scopes,
          "esia": { "consent-types": [
            { "sysname": "CREDIT", "title": "Рассмотрение заявки на кредит", "mandatory-scopes": ["fullname"],
              "scopes": ["snils", "mobile"], "forbidden-scopes": ["org_inn"], "max-expire-min": 525_600 },
            { "sysname": "MANY", "purposes": ["ONE", "TWO"], "several-purposes": true },
          ], "api-key": "0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11" } },
        { "mnemonic": "BARE", "title": "Без подписи", "organisation": "Школа", "scopes": ["openid", "fullname", "snils"],
          "esia": { "no-secret-at-token": true, "confirmed-only": true, "grants": ["authorization_code"],
            "second-factor-scopes": ["snils"] } },
        { "mnemonic": "SOFT", "title": "Первая встреча", "organisation": "Школа", "certificates": gost,
          "scopes": ["openid", "fullname", "snils"], "esia": { "strictness": "lenient" } },
    ]);
    section["clients"].as_array_mut().unwrap().extend(clients.as_array().unwrap().iter().cloned());
    section["people"]["пётр"]["account"]["roles"] = json!([
        { "oid": 1_000_000_111, "organisation": "ООО «Ромашка»", "type": "LEGAL" },
        { "oid": 1_000_000_112, "organisation": "ИП Петров", "type": "BUSINESS" },
    ]);
    section
}

fn encode(fields: &Fields) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Actor<'_> {
    /// Sends an authorization request.
    pub(crate) async fn ac(self, fields: &Fields) -> Answer {
        self.page(&format!("/aas/oauth2/ac?{}", encode(fields))).await
    }

    /// Sends an authorization request of the second version.
    pub(crate) async fn v2_ac(self, fields: &Fields) -> Answer {
        self.page(&format!("/aas/oauth2/v2/ac?{}", encode(fields))).await
    }
}

impl Rig {
    /// Sends a token request to `/v3/te`.
    pub(crate) async fn v3_te(&self, fields: &Fields) -> Answer {
        self.te_at("/aas/oauth2/v3/te", fields).await
    }

    /// Sends a token request to an address, parameters in the body.
    pub(crate) async fn te_at(&self, path: &str, fields: &Fields) -> Answer {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encode(fields))).unwrap()).await
    }

    /// Sends a token request to the first version's address with one more header.
    pub(crate) async fn te_with(&self, fields: &Fields, (name, value): (&str, &str)) -> Answer {
        let request = Request::post("/aas/oauth2/te").header("content-type", "application/x-www-form-urlencoded");
        self.send(request.header(name, value).body(Body::from(encode(fields))).unwrap()).await
    }

    /// Follows a request of the second version to its code, granting consent on the way.
    pub(crate) async fn v2_code(&self, fields: &Fields, session: &str) -> Answer {
        let sent = self.person(session).v2_ac(fields).await;
        assert!(sent.location().starts_with("/aas/oauth2/continue?request="), "{} {}", sent.location(), sent.body);
        let there = self.person(session).page(sent.location()).await;
        if there.status == 302 {
            return there;
        }
        self.answer_page(&there, session, "grant").await
    }

    /// Submits the consent page with an answer.
    pub(crate) async fn answer_page(&self, page: &Answer, session: &str, answer: &str) -> Answer {
        assert!(page.body.contains(r#"data-test="consent""#), "{}", page.body);
        let request =
            page.body.split(r#"name="request" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
        self.person(session).form("/aas/oauth2/consent", &[("request", request), ("answer", answer.to_owned())]).await
    }

    /// Sends a token request, parameters in the body.
    pub(crate) async fn te(&self, fields: &Fields) -> Answer {
        self.te_at("/aas/oauth2/te", fields).await
    }

    /// Sends a token request, parameters in the query.
    pub(crate) async fn te_by_query(&self, fields: &Fields) -> Answer {
        self.send(Request::post(format!("/aas/oauth2/te?{}", encode(fields))).body(Body::empty()).unwrap()).await
    }

    /// Returns what a signed-in person sees after the authorization request: the consent page, or the redirect to the
    /// client.
    pub(crate) async fn arrive(&self, rp: &Rp, session: &str) -> Answer {
        let sent = self.person(session).ac(&rp.ac()).await;
        assert!(sent.location().starts_with("/aas/oauth2/continue?request="), "{}", sent.location());
        self.person(session).page(sent.location()).await
    }

    /// Submits the consent page of an authorization request with an answer.
    pub(crate) async fn consent(&self, rp: &Rp, session: &str, answer: &str) -> Answer {
        let page = self.arrive(rp, session).await;
        self.answer_page(&page, session, answer).await
    }

    /// Returns a code for a person of the seed, granting consent on the way.
    pub(crate) async fn code(&self, rp: &Rp, key: &str) -> String {
        let session = self.session(key).await;
        let there = self.arrive(rp, &session).await;
        if there.status == 302 { there.code() } else { self.consent(rp, &session, "grant").await.code() }
    }

    /// Returns tokens for a person of the seed.
    pub(crate) async fn tokens(&self, rp: &Rp, key: &str) -> Value {
        let code = self.code(rp, key).await;
        let answer = self.te(&rp.by_code(&code)).await;
        answer.ok()
    }

    /// Sends a `GET` with an access token.
    pub(crate) async fn rs(&self, path: &str, token: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Returns the account number of a person of the seed.
    pub(crate) async fn oid(&self, key: &str) -> u64 {
        let people = self.control().get("/control/people").await.ok();
        people.as_array().unwrap().iter().find(|person| person["key"] == key).unwrap()["oid"].as_u64().unwrap()
    }

    /// Returns the checks of a response's verdict, one per line: outcome, rule, received value.
    pub(crate) async fn verdict(&self, answer: &Answer) -> String {
        let lines = self.checks(answer).await;
        let line = |check: &Value| {
            let text = |name: &str| check[name].as_str().unwrap().to_owned();
            format!("{} {}: {}", text("outcome"), text("rule"), text("got"))
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Returns the world's state as replayed from its log.
    pub(crate) async fn replayed(&self) -> Gosuslugi {
        let export = self.control().get("/control/worlds/main/export").await.ok();
        let seed = serde_json::from_value(export["genesis"]["seed"].clone()).unwrap();
        let mut state = Gosuslugi::genesis(&seed, september()).unwrap();
        for record in export["records"].as_array().unwrap() {
            let event = serde_json::from_value(record["event"].clone()).unwrap();
            state.apply(record["at"].as_str().unwrap().parse().unwrap(), &event);
            assert!(!state.tell(&event).is_empty());
        }
        state
    }

    /// Returns the checks of a response's verdict as JSON.
    pub(crate) async fn checks(&self, answer: &Answer) -> Vec<Value> {
        let id = answer.headers["x-esia-stand-request"].to_str().unwrap();
        let entry = self.control().get(&format!("/control/requests/{id}")).await.ok();
        entry["verdict"].as_array().unwrap().clone()
    }
}

/// Redirect of a response, and outcome of an authorization request.
pub(crate) trait AuthorizationAnswer {
    /// Header `Location`, or an empty string.
    fn location(&self) -> &str;
    /// Returns a parameter of `Location`.
    fn parameter(&self, name: &str) -> Option<String>;
    /// Returns the code in `Location`.
    fn code(&self) -> String;
    /// Returns the outcome of a request: the redirect's path, or ЕСИА's error up to the colon.
    fn ended(&self) -> String;
}

impl AuthorizationAnswer for Answer {
    fn location(&self) -> &str {
        self.headers.get("location").map_or("", |location| location.to_str().unwrap())
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(self.location()).ok()?;
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    fn code(&self) -> String {
        self.parameter("code").unwrap_or_else(|| panic!("no code: {} {}", self.location(), self.body))
    }

    fn ended(&self) -> String {
        let status = self.status.as_u16();
        let is_told = !self.status.is_success() && self.media_type() == "application/json";
        let refusal = if is_told { self.oauth_error(status) } else { Value::Null };
        let of_body = |name: &str| refusal[name].as_str().map(str::to_owned);
        let error = self.parameter("error").or_else(|| of_body("error"));
        let description = self.parameter("error_description").or_else(|| of_body("error_description"));
        match (error, description) {
            (Some(error), Some(description)) => format!("{status} {error} {}", description.split(": ").next().unwrap()),
            _ if self.body.contains("data-test=\"error-") => {
                let of_page =
                    |start: &str, end: char| self.body.split(start).nth(1).map(|rest| rest.split(end).next().unwrap());
                let field = of_page("<code>", '<').unwrap_or("-");
                format!("{status} page {} {field}", of_page("data-test=\"error-", '"').unwrap())
            }
            _ => format!("{status} {}", self.location().split(['?', '=']).next().unwrap()),
        }
    }
}

/// Escapes a text for use in an address.
pub(crate) fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
