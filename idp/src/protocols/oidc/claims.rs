//! Claims about a person: what userinfo answers with. Names not of OpenID Connect Core §5.1 are ours: `snils`,
//! `birth_certificate`, `id_document`, `trusted`, `account_level`, `child_account`, `children`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use esia::{
    FullName,
    person::{AddressKind, Gender},
};
use serde_json::{Map, Value, json};

use crate::{
    portal::{
        accounts::{Account, Level, OwnAddress},
        agencies::BirthDocument,
        family::Card,
    },
    state::Gosuslugi,
};

/// Names of ЕСИА's scopes that a token has and that consents in force still give.
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
        // Of another state, as it is written there.
        BirthDocument::Foreign(text) => json!({ "number": text, "verified": verified }),
    }
}

/// Where a person lives, else where they are registered, else for the time being.
fn preferred(addresses: &[OwnAddress]) -> Option<&OwnAddress> {
    let of = |kind| addresses.iter().find(|address| address.kind == kind);
    [AddressKind::Plv, AddressKind::Prg, AddressKind::Pta].into_iter().find_map(of)
}

/// `address` (OpenID Connect Core §5.1.1); what is not known is left out.
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

/// Whether the registers have looked at an account's documents: at whatever a standard account holds, and at a child's
/// before its account was made.
fn is_verified(account: &Account) -> bool {
    account.level >= Level::Standard || account.made_by.is_some()
}

impl Gosuslugi {
    /// Everything that the granted scopes open about a person. `sub`, `trusted`, `account_level` and `child_account` (an
    /// unconfirmed one that a guardian made) need none: the id token of the other door says as much.
    pub(super) fn userinfo(&self, account: &Account, granted: &Granted, today: NaiveDate) -> Map<String, Value> {
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
            put(
                "birth_certificate",
                json!({ "series": paper.series(), "number": paper.number(), "verified": verified }),
            );
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
            let children: Vec<_> = self.portal.family.of(account.oid).map(|card| self.child(card, granted)).collect();
            put("children", Value::Array(children));
        }
        if has("fullname") {
            put_name(&mut claims, &account.name);
            claims.insert("updated_at".to_owned(), json!(account.updated_at.timestamp()));
        }
        claims
    }

    /// A child of «Семья и дети»: an element of `children`. `sub` is there once the child's account is bound to the guardian.
    fn child(&self, card: &Card, granted: &Granted) -> Value {
        let has = |name: &str| granted.contains(name);
        let mut child = Map::new();
        if let Some(oid) = self.portal.bound_account(card) {
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
}
