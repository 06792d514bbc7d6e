//! Claims about a person, as userinfo returns them. Claims that OpenID Connect Core §5.1 lacks are our own: `snils`,
//! `birth_certificate`, `id_document`, `trusted`, `account_level`, `child_account`, `children`.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{
    FullName, Mnemonic, Scopes,
    person::{AddressKind, Gender},
};
use serde_json::{Map, Value, json};

use crate::{
    grants::{Grant, OidcGrant, Tokens, all_behind, scopes_of},
    portal::{
        accounts::{Account, Level, OwnAddress},
        agencies::BirthDocument,
        family::Card,
    },
    state::Gosuslugi,
};

/// Names of ЕСИА's scopes of a token that consents in force still grant.
pub(super) type Granted = BTreeSet<String>;

fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::M => "male",
        Gender::F => "female",
    }
}

fn put_name(claims: &mut Map<String, Value>, name: &FullName) {
    claims.insert("name".to_owned(), json!(name.to_string()));
    claims.insert("family_name".to_owned(), json!(name.last()));
    claims.insert("given_name".to_owned(), json!(name.first()));
    if let Some(middle) = name.middle() {
        claims.insert("middle_name".to_owned(), json!(middle));
    }
}

fn birth_certificate(paper: &BirthDocument, verified: bool) -> Value {
    match paper {
        BirthDocument::Russian(paper) | BirthDocument::Consular(paper) | BirthDocument::Ussr(paper) => {
            json!({ "series": paper.series(), "number": paper.number(), "verified": verified })
        }
        // A foreign document is shown as text, as it was entered.
        BirthDocument::Foreign(text) => json!({ "number": text, "verified": verified }),
    }
}

/// Returns the address of residence, otherwise of registration, otherwise of temporary registration.
fn preferred(addresses: &[OwnAddress]) -> Option<&OwnAddress> {
    let of = |kind| addresses.iter().find(|address| address.kind == kind);
    [AddressKind::Plv, AddressKind::Prg, AddressKind::Pta].into_iter().find_map(of)
}

/// Returns the claim `address` (OpenID Connect Core §5.1.1) without unknown parts.
fn address(own: &OwnAddress) -> Value {
    let formatted = own.zip.iter().cloned().chain([own.full()]).collect::<Vec<_>>().join(", ");
    let parts = [
        ("formatted", Some(formatted)),
        ("street_address", Some(own.street_and_house()).filter(|text| !text.is_empty())),
        ("locality", own.city.clone().or_else(|| own.settlement.clone())),
        ("region", own.region.clone()),
        ("postal_code", own.zip.clone()),
        ("country", Some("Россия".to_owned())),
    ];
    parts.into_iter().filter_map(|(name, part)| Some((name.to_owned(), json!(part?)))).collect::<Map<_, _>>().into()
}

/// Whether the agencies have checked the account's documents. They have for a standard account, and for a child's
/// account before it was created.
fn is_verified(account: &Account) -> bool {
    account.level >= Level::Standard || account.made_by.is_some()
}

/// Scopes and single claims that are requested.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// Scopes whose claims are opened; `None` for single claims alone.
    pub(super) scopes: Option<&'a Scopes>,
    pub(super) claims: &'a BTreeSet<String>,
}

/// Returns the claims about the person in an id token: those that the request names for it, and, if the client is
/// registered so, all that the scopes open.
pub(super) fn of_id_token(
    state: &Gosuslugi,
    account: &Account,
    tokens: &Tokens,
    details: &OidcGrant,
) -> Map<String, Value> {
    let client = &tokens.grant.client;
    let opens_scopes = state.clients.get(client).is_some_and(|client| client.oidc().id_token_claims);
    let named = &details.claims.id_token;
    if !opens_scopes && named.is_empty() {
        return Map::new();
    }
    let asked = Named { scopes: opens_scopes.then_some(&tokens.scopes), claims: named };
    let mut claims = claims_of(state, account, client, asked, tokens.issued_at);
    // `sub` is set with the id token's own claims. Claims that need no scope are included only if they are requested.
    claims.retain(|name, _| name != "sub" && (opens_scopes || named.contains(name)));
    claims
}

/// Returns the claims that scopes open and those requested by name, limited to the consents in force.
pub(super) fn claims_of(
    state: &Gosuslugi,
    account: &Account,
    client: &Mnemonic,
    asked: Named<'_>,
    now: DateTime<Utc>,
) -> Map<String, Value> {
    let given = state.portal.consents.scopes(account.oid, client);
    let today = worlds::moscow::date(now);
    let behind = asked.scopes.map(all_behind).unwrap_or_default();
    let by_scope: BTreeSet<_> = behind.into_iter().filter(|name| given.contains(name.as_str())).collect();
    let mut claims = userinfo(state, account, &by_scope, today);
    let by_name = asked.claims.iter().flat_map(|claim| scopes_of(claim)).filter(|name| given.contains(name.as_str()));
    let opened: BTreeSet<_> = by_scope.iter().cloned().chain(by_name).collect();
    if opened != by_scope {
        let named = userinfo(state, account, &opened, today).into_iter();
        claims.extend(named.filter(|(name, _)| asked.claims.contains(name)));
    }
    claims
}

/// Returns ЕСИА's scopes behind an access token: first those that consents in force still grant, then those that they
/// no longer grant.
pub(super) fn opened(state: &Gosuslugi, grant: &Grant, scopes: &Scopes) -> (BTreeSet<String>, BTreeSet<String>) {
    let given = state.portal.consents.scopes(grant.subject, &grant.client);
    let named =
        grant.oidc().into_iter().flat_map(|details| &details.claims.userinfo).flat_map(|claim| scopes_of(claim));
    all_behind(scopes).into_iter().chain(named).partition(|name| given.contains(name.as_str()))
}

/// Returns all claims that the granted scopes open. `sub`, `trusted`, `account_level` and `child_account` (an
/// unconfirmed account that a guardian created) need no scope, because ЕСИА's id token contains as much.
fn userinfo(state: &Gosuslugi, account: &Account, granted: &Granted, today: NaiveDate) -> Map<String, Value> {
    let has = |name: &str| granted.contains(name);
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("sub", json!(account.oid.to_string()));
    put("trusted", json!(account.level == Level::Confirmed));
    put("account_level", json!(account.level.code()));
    put("child_account", json!(account.wire_level(today) == esia::token::Level::Kd));
    if let Some(born) = account.born.filter(|_| has("birthdate")) {
        put("birthdate", json!(born.to_string()));
    }
    if let Some(known) = account.gender.filter(|_| has("gender")) {
        put("gender", json!(gender(known)));
    }
    if let Some(snils) = account.snils.filter(|_| has("snils")) {
        put("snils", json!(snils.to_string()));
    }
    if let Some(email) = account.email.as_ref().filter(|_| has("email")) {
        put("email", json!(email.to_string()));
        put("email_verified", json!(true));
    }
    if let Some(phone) = account.phone.filter(|_| has("mobile")) {
        put("phone_number", json!(phone.bare()));
        put("phone_number_verified", json!(true));
    }
    let verified = is_verified(account);
    if let Some(paper) = account.birth_certificate.as_ref().filter(|_| has("birth_cert_doc")) {
        put("birth_certificate", json!({ "series": paper.series(), "number": paper.number(), "verified": verified }));
    }
    if let Some(paper) = account.passport.as_ref().filter(|_| has("id_doc")) {
        put(
            "id_document",
            json!({
                "type": "RF_PASSPORT", "series": paper.series, "number": paper.number,
                "issued_on": paper.issued.to_string(), "issued_by": paper.issued_by, "verified": verified,
            }),
        );
    }
    if let Some(address) = preferred(&account.profile.addresses).filter(|_| has("addresses")) {
        put("address", self::address(address));
    }
    if granted.iter().any(|name| name.starts_with("kid_")) {
        let children: Vec<_> = state.portal.family.of(account.oid).map(|card| child(state, card, granted)).collect();
        put("children", Value::Array(children));
    }
    if has("fullname") {
        put_name(&mut claims, &account.name);
        claims.insert("updated_at".to_owned(), json!(account.updated_at.timestamp()));
    }
    claims
}

/// Returns a child of «Семья и дети», an element of `children`. It has `sub` once the child's account is bound to the
/// guardian.
fn child(state: &Gosuslugi, card: &Card, granted: &Granted) -> Value {
    let has = |name: &str| granted.contains(name);
    let mut child = Map::new();
    if let Some(oid) = state.portal.bound_account(card) {
        child.insert("sub".to_owned(), json!(oid.to_string()));
    }
    if has("kid_fullname") {
        put_name(&mut child, &card.name);
    }
    if has("kid_birthdate") {
        child.insert("birthdate".to_owned(), json!(card.born.to_string()));
    }
    if has("kid_gender") {
        child.insert("gender".to_owned(), json!(gender(card.gender)));
    }
    if let Some(snils) = card.snils.value.as_ref().filter(|_| has("kid_snils")) {
        child.insert("snils".to_owned(), json!(snils.to_string()));
        child.insert("snils_verified".to_owned(), json!(card.snils.is_confirmed()));
    }
    if let Some(paper) = card.certificate.value.as_ref().filter(|_| has("kid_birth_cert_doc")) {
        let verified = card.certificate.is_confirmed();
        child.insert("birth_certificate".to_owned(), birth_certificate(paper, verified));
    }
    Value::Object(child)
}
