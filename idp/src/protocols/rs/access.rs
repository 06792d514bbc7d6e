//! Access to data of `/rs`: the access token, and the consents that are in force for it.

use std::sync::Arc;

use axum::http::{HeaderMap, Uri};
use chrono::TimeDelta;
use esia::{
    Oid, Scopes,
    error::RestError,
    language::{Told, both},
    token::{AccessClaims, Claims, SystemClaims, TokenKind, TokenVerifyError},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use web::Checks;
use worlds::{
    Check, Outcome, World,
    mistakes::{named, short},
};

use super::model::Granted;
use crate::{
    grants::{in_force, knows_sid},
    slips::{self, known::knows_of, token::Kind},
    state::Gosuslugi,
};

/// Rules of the checks of a token, with their sources.
pub(super) const TOKEN: (&str, &str) = ("access-token", "ESIA §3.6, §4.9");

pub(super) const SCOPE: (&str, &str) = ("token-scope", "ESIA §4.4, §4.8");

/// Access token of a request.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) token: Token,
    /// Mistake of a token that another world has issued.
    pub(super) of_other_world: Option<String>,
}

/// Claims of an access token: about a person who has signed in to the client, or of the client itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Person(AccessClaims),
    System(SystemClaims),
}

/// A token is about a person if it names one, so that an error is about the claims that such a token must have.
impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let claims = Map::deserialize(deserializer)?;
        let names_person = claims.contains_key("urn:esia:sbj_id");
        let claims = Value::Object(claims);
        let read = if names_person {
            AccessClaims::deserialize(claims).map(Self::Person)
        } else {
            SystemClaims::deserialize(claims).map(Self::System)
        };
        read.map_err(de::Error::custom)
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Person(claims) => claims.serialize(serializer),
            Self::System(claims) => claims.serialize(serializer),
        }
    }
}

impl Claims for Token {
    const KIND: TokenKind = TokenKind::Access;

    fn not_before(&self) -> i64 {
        match self {
            Self::Person(claims) => claims.nbf,
            Self::System(claims) => claims.nbf,
        }
    }

    fn issued_at(&self) -> i64 {
        match self {
            Self::Person(claims) => claims.iat,
            Self::System(claims) => claims.iat,
        }
    }

    fn expires_at(&self) -> i64 {
        match self {
            Self::Person(claims) => claims.exp,
            Self::System(claims) => claims.exp,
        }
    }
}

impl Token {
    /// Returns the random value that the issuing world has put into the token: session id or `jti`.
    fn drawn(&self) -> &str {
        match self {
            Self::Person(claims) => &claims.session_id,
            Self::System(claims) => &claims.jti,
        }
    }
}

impl Caller {
    /// Reads and verifies the token of a request.
    pub(super) async fn of(
        world: &World<Gosuslugi>,
        headers: &HeaderMap,
        uri: &Uri,
        checks: &Checks,
    ) -> Result<Self, RestError> {
        let token: Token = bearer(world, headers, uri.query().unwrap_or_default(), checks).await?;
        let of_other_world = token_of_other_world(world, token.drawn());
        Ok(Self { token, of_other_world })
    }

    /// Returns the claims of a person's token, which is needed to read a person's data.
    ///
    /// # Errors
    /// Fails for a token of the client itself.
    pub(super) fn opens_person(&self, checks: &Checks) -> Result<&AccessClaims, RestError> {
        self.person().ok_or_else(|| {
            let got = both!("маркер самой системы: {}", "a token of the client itself: {}", self.scope());
            let expected = both!("маркер о человеке, полученный по коду", "a token about a person, got for a code");
            let found = Check::failed(SCOPE, expected, got).mistakes(["token-of-client"]);
            checks.refuse(found, RestError::ScopeNotAllowed)
        })
    }

    /// Returns the claims if the token is about a person.
    const fn person(&self) -> Option<&AccessClaims> {
        match &self.token {
            Token::Person(claims) => Some(claims),
            Token::System(_) => None,
        }
    }

    /// Person that the token is about, if any.
    pub(super) fn subject(&self) -> Option<Oid> {
        self.person().map(|claims| claims.subject)
    }

    /// Scopes of the token.
    pub(super) fn scope(&self) -> &str {
        match &self.token {
            Token::Person(claims) => &claims.scope,
            Token::System(claims) => &claims.scope,
        }
    }
}

/// Returns the claims of the token that came with a request, after verifying signature and expiry.
pub(super) async fn bearer<T: Claims>(
    world: &World<Gosuslugi>,
    headers: &HeaderMap,
    query: &str,
    checks: &Checks,
) -> Result<T, RestError> {
    let expected = || {
        both!(
            "Authorization: Bearer и маркер этого поставщика, не просроченный",
            "Authorization: Bearer and a token of this provider that has not expired"
        )
    };
    let (token, tolerated) = match slips::token::bearer(headers, query) {
        Ok(came) => came,
        Err(names) => {
            return Err(checks.refuse(
                Check::failed(TOKEN, expected(), both!("нет", "none")).mistakes(names),
                RestError::InvalidToken,
            ));
        }
    };
    if url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token") {
        let got = both!("и в заголовке, и в адресе", "in the header and in the URL");
        let found = Check::failed(TOKEN, both!("маркер передан одним способом", "the token is sent in one way"), got);
        return Err(checks.refuse(found.mistakes(["token-twice"]), RestError::InvalidToken));
    }
    let keys = world.read(|state, _| Arc::clone(&state.keys)).await.map_err(|_| RestError::InvalidToken)?;
    let error = match keys.verify(&token, world.now()) {
        Ok(claims) => {
            if !tolerated.is_empty() {
                let check = Check::new(
                    TOKEN,
                    both!("Authorization: Bearer, один пробел, маркер", "Authorization: Bearer, one blank, the token"),
                    both!("иначе", "otherwise"),
                    Outcome::Tolerated,
                );
                checks.record(check.mistakes(tolerated));
            }
            checks.expect(
                TOKEN,
                expected(),
                both!("подпись и срок в порядке", "signature and term are in order"),
                true,
            );
            return Ok(claims);
        }
        Err(error) => error,
    };
    let names = came_instead(world, &token, &error).await;
    let answer = match error {
        TokenVerifyError::Expired { .. } => RestError::ExpiredToken,
        _ => RestError::InvalidToken,
    };
    Err(checks.refuse(Check::failed(TOKEN, expected(), Told::from_display(&error)).mistakes(names), answer))
}

/// Names the mistakes behind a token that is refused.
async fn came_instead(world: &World<Gosuslugi>, token: &str, error: &TokenVerifyError) -> Vec<String> {
    let came = slips::token::look(token);
    let look = |state: &Gosuslugi, _| (knows_of(state, &came.core), state.portal.settings.iss.clone());
    let Ok((known, iss)) = world.read(look).await else { return vec![error.code().to_owned()] };
    let names = came.mistakes(Kind::EsiaAccess, known, &iss);
    if !names.is_empty() {
        return names;
    }
    let term = |seconds: i64| short(TimeDelta::seconds(seconds));
    let foreign = came.claim("iss").filter(|issuer| *issuer != iss);
    vec![match (error, foreign) {
        (TokenVerifyError::Expired { expires_at, now }, _) => named("token-expired", &term(now - expires_at)),
        (TokenVerifyError::NotYet { not_before, now }, _) => named("token-not-yet", &term(not_before - now)),
        (TokenVerifyError::Claims(_), _) if came.claim("scope").is_some() => "token-of-person".to_owned(),
        (TokenVerifyError::Signature, Some(issuer)) => named("token-other-issuer", issuer),
        (error, _) => error.code().to_owned(),
    }]
}

/// Names the mistake of a token that another world has issued, recognised by the random value in it.
pub(super) fn token_of_other_world(world: &World<Gosuslugi>, drawn: &str) -> Option<String> {
    world.issuing_world(drawn).map(|name| named("token-other-world", name.as_str()))
}

/// Returns the scopes of a token that consents in force still grant. A revoked consent therefore takes effect at once.
pub(super) fn opened(state: &Gosuslugi, caller: &Caller, oid: Oid, checks: &Checks) -> Result<Granted, RestError> {
    let claims = caller.opens_person(checks)?;
    let is_known = knows_sid(state, &claims.session_id, claims.subject);
    let session = if is_known {
        both!("его сеанс здесь известен", "its session is known here")
    } else {
        both!("сеанс этому миру неизвестен", "this world does not know the session")
    };
    let unknown = caller.of_other_world.clone().unwrap_or_else(|| "token-session-gone".to_owned());
    let rule = ("session", "Design, Worlds are worlds");
    let found =
        Check::of(rule, both!("маркер выдан в этом мире", "the token was issued in this world"), session, is_known)
            .mistakes([unknown]);
    checks.require(found, RestError::InvalidToken)?;
    let is_registered = state.clients.get(&claims.client_id).is_some();
    let rule = ("client", "ESIA §3.6");
    let found = Check::of(
        rule,
        both!("система зарегистрирована", "the client is registered"),
        claims.client_id.as_str(),
        is_registered,
    );
    checks.require(found.mistakes(["token-client-gone"]), RestError::InvalidToken)?;
    checks.of_client(claims.client_id.as_str());
    if let Some(name) = state.portal.accounts.name(claims.subject) {
        checks.of_person(name.to_string());
    }
    if state.grants.has_ended(&claims.client_id, claims.nbf) {
        let anew = Check::failed(
            TOKEN,
            both!("маркер нынешней регистрации системы", "a token of the present registration of the client"),
            both!("выдан до того, как систему удалили", "issued before the client was deleted"),
        );
        return Err(checks.refuse(anew.mistakes(["token-client-gone"]), RestError::InvalidToken));
    }
    let expected = both!("данные владельца маркера, {}", "data of the token's owner, {}", claims.subject);
    let found = Check::of(SCOPE, expected, oid.to_string(), oid == claims.subject);
    let other = named("token-other-person", &claims.subject.to_string());
    checks.require(found.mistakes([other]), RestError::ScopeNotAllowed)?;
    let in_token = claims.scope.parse::<Scopes>().ok();
    let now = in_token.as_ref().and_then(|scopes| in_force(state, oid, &claims.client_id, scopes));
    let names: Granted = now.iter().flat_map(Scopes::names).map(str::to_owned).collect();
    let revoked: Vec<_> = in_token.iter().flat_map(Scopes::names).filter(|name| !names.contains(*name)).collect();
    let got = if revoked.is_empty() {
        both!("действуют все", "all are in force")
    } else {
        both!("отозваны: {}", "revoked: {}", revoked.join(" "))
    };
    let expected = both!("согласия на {}", "consents to {}", claims.scope);
    if revoked.is_empty() {
        checks.expect(SCOPE, expected, got, true);
    } else {
        let gone = named("scope-consent-gone", &revoked.join(","));
        checks.record(Check::new(SCOPE, expected, got, Outcome::Tolerated).mistakes([gone]));
    }
    Ok(names)
}
