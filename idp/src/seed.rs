//! The provider's section of a seed document, and the world that it makes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{BirthCertificate, Email, FullName, Mnemonic, Oid, Phone, Snils, person::Gender};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use worlds::SeedError;

use crate::{
    clients::{Client, ClientSpec, Clients, Origin, TokenSettings},
    grants::Grants,
    portal::{
        Portal,
        accounts::{Account, Accounts, Level, NewAccount, Passport, Profile, Role},
        agencies::{Act, Agencies, AgencySettings, BirthDocument, BirthKind, Citizen, Term},
        consents::{Consent, ConsentEvent, MAX_DAYS},
        family::{Card, CardData, CheckStatus, look_for_snils},
        organisations::{self, OrganisationSpec},
        reserved,
    },
    state::Gosuslugi,
};

/// The `gosuslugi` section of a seed document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Seed {
    /// How the portal behaves.
    pub settings: Settings,
    /// How ЗАГС, СФР and МВД answer.
    pub agencies: AgencySettings,
    /// Who lives in this world, by a short name (a given name, as scenarios say it).
    pub people: BTreeMap<String, Person>,
    /// Cards in «Семья и дети».
    pub families: Vec<FamilyCard>,
    /// Child accounts bound to guardians.
    pub bindings: Vec<Binding>,
    /// Consents in force from the start.
    pub consents: Vec<SeedConsent>,
    /// Client systems.
    pub clients: Vec<ClientSpec>,
    /// Client systems that the program was started with (`--client`): it writes them here itself when it makes a world.
    /// One that `clients` names too is passed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients_of_settings: Vec<ClientSpec>,
    /// Organisations, by a short name.
    pub organisations: BTreeMap<String, OrganisationSpec>,
}

/// How a world's portal behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Settings {
    /// While a consent to this organisation is in force, a child's binding window does not appear (R000.10).
    pub education_ministry: String,
    /// How long a binding code works, seconds.
    pub binding_code_ttl_s: u32,
    /// Whose rules decide for whom a guardian may make an account.
    pub ruleset: Ruleset,
    /// Whether auto-update from ЗАГС is on until a guardian switches it off (R003.9).
    pub auto_update: bool,
    /// How long it takes to switch auto-update off, and ЗАГС to check what is there when it is switched on: 15 minutes to
    /// 5 calendar days (R003.9).
    pub auto_update_term: Term,
    /// How long a consent lasts when nobody says otherwise, days.
    #[schemars(range(min = 1, max = 1825))]
    pub consent_days: u32,
    /// How long a request for a consent may be granted, days.
    pub consent_request_days: u32,
    /// How far `timestamp` may be off, seconds.
    pub timestamp_window_s: u32,
    /// Let through what ЕСИА would refuse, and say so in the verdict.
    pub lenient: bool,
    /// The doors answer ESIA-007008, as during maintenance.
    pub maintenance: bool,
    /// How long codes and tokens work.
    pub tokens: TokenSettings,
    /// `iss` of tokens: the real literal, whatever the mock's own address is (ESIA §3.6).
    pub iss: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            education_ministry: "Министерство образования Рязанской области".to_owned(),
            binding_code_ttl_s: 600,
            ruleset: Ruleset::default(),
            auto_update: false,
            auto_update_term: Term::Minutes(15),
            consent_days: 365,
            consent_request_days: 30,
            timestamp_window_s: 300,
            lenient: false,
            maintenance: false,
            tokens: TokenSettings::default(),
            iss: esia::token::DEFAULT_ISSUER.to_owned(),
        }
    }
}

/// The year whose rules decide for whom a guardian may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Ruleset {
    /// Up to 13 full years, and by a Russian certificate only (R003.3, R003.10).
    #[serde(rename = "2023")]
    Of2023,
    /// Up to 17 full years; with a foreign document, once a service centre has made the card (R004.6, R004.7).
    #[default]
    #[serde(rename = "2024")]
    Of2024,
}

impl Ruleset {
    /// The oldest child for whom «Создать» is shown, full years.
    pub const fn oldest_child(self) -> i32 {
        match self {
            Self::Of2023 => 13,
            Self::Of2024 => 17,
        }
    }
}

/// Somebody who lives in the world. ЗАГС, СФР and МВД know what stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// Фамилия Имя Отчество.
    pub name: FullName,
    /// Who this is in the story, for the table of people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Пол.
    pub gender: Gender,
    /// Day of birth: `2012-11-23` or `23.11.2012`.
    #[serde(deserialize_with = "worlds::day::deserialize_day")]
    pub born: NaiveDate,
    /// СНИЛС, up to 001-001-998: no real person has one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Birth certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<BirthCertificate>,
    /// Who issued that certificate; not `foreign`.
    #[serde(default, skip_serializing_if = "is_russian")]
    pub birth_certificate_kind: BirthKind,
    /// A foreign document about the birth, for who has no certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_birth_document: Option<String>,
    /// Свидетельство об отцовстве, as ЗАГС knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paternity_certificate: Option<BirthCertificate>,
    /// Свидетельство о перемене имени, as ЗАГС knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_change_certificate: Option<BirthCertificate>,
    /// Passport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passport: Option<Passport>,
    /// Account on Gosuslugi, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<SeedAccount>,
    /// What else the account holds: further documents, addresses, vehicles.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
}

/// An account that is there from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedAccount {
    /// Its number; the next free one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<Oid>,
    /// E-mail, a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Mobile phone, a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Password.
    pub password: String,
    /// How sure the state is of the owner.
    #[serde(default)]
    pub level: Level,
    /// The guardian who made it; binds it as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// Organisations that the person acts for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
}

/// A child's card in a guardian's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FamilyCard {
    /// Whose account.
    pub guardian: String,
    /// Whose card.
    pub child: String,
    /// What was typed otherwise than it is.
    #[serde(default)]
    pub card: Typed,
    /// Whether ЗАГС and СФР have looked at it already.
    #[serde(default = "yes")]
    pub checked: bool,
}

/// What a guardian typed wrongly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Typed {
    /// Фамилия Имя Отчество.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<FullName>,
    /// Day of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "worlds::day::deserialize_any_day")]
    pub born: Option<NaiveDate>,
    /// СНИЛС.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Birth certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<BirthCertificate>,
}

/// A child account bound to a guardian's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Binding {
    /// The guardian.
    pub guardian: String,
    /// The child.
    pub child: String,
}

/// A consent that is in force from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedConsent {
    /// Whose data.
    pub subject: String,
    /// Who consented.
    pub given_by: String,
    /// Which system.
    pub client: Mnemonic,
    /// Which scopes.
    pub scopes: BTreeSet<String>,
    /// What for.
    #[serde(default)]
    pub purpose: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_russian(kind: &BirthKind) -> bool {
    *kind == BirthKind::Russian
}

fn yes() -> bool {
    true
}

/// People as the seed names them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cast {
    people: BTreeMap<String, Member>,
}

/// One of the cast.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Full name.
    pub name: FullName,
    /// Who this is in the story.
    pub about: String,
    /// СНИЛС: finds the account, also one that is made later.
    pub snils: Option<Snils>,
    /// The account from the start.
    pub oid: Option<Oid>,
}

impl Cast {
    /// Everybody, in order of keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.people.iter().map(|(key, member)| (key.as_str(), member))
    }

    /// Somebody's account now.
    pub(crate) fn account<'s>(&self, key: &str, accounts: &'s Accounts) -> Option<&'s Account> {
        let member = self.people.get(key)?;
        let by_snils = || member.snils.as_ref().and_then(|snils| accounts.with_snils(snils));
        member.oid.and_then(|oid| accounts.get(oid)).or_else(by_snils)
    }
}

/// Makes the world that a seed describes.
///
/// # Errors
/// Names what is wrong and where.
pub(crate) fn genesis(seed: &Seed, at: DateTime<Utc>) -> Result<Gosuslugi, SeedError> {
    if !(1..=MAX_DAYS).contains(&seed.settings.consent_days) {
        return Err(SeedError::at("gosuslugi.settings.consent-days", &format!("нужно от 1 до {MAX_DAYS}")));
    }
    let mut state = Gosuslugi {
        portal: Portal::new(seed.settings.clone(), Agencies::new(seed.agencies)),
        clients: Clients::default(),
        grants: Grants::default(),
    };
    settle_clients(&mut state, seed)?;
    for (key, person) in &seed.people {
        settle_person(&mut state, key, person, at)?;
    }
    for (key, person) in &seed.people {
        let made_by = person.account.as_ref().and_then(|account| account.made_by.as_deref());
        if let Some(guardian) = made_by {
            let path = format!("gosuslugi.people.{key}.account.made-by");
            let (guardian, child) = (oid_of(&state.portal, guardian, &path)?, oid_of(&state.portal, key, &path)?);
            state.portal.bindings.bind(guardian, child);
            state.portal.accounts.made_by(child, guardian);
        }
    }
    organisations::settle(&mut state.portal, &state.clients, &seed.organisations, oid_of)?;
    for (index, card) in seed.families.iter().enumerate() {
        settle_card(&mut state, seed, card, &format!("gosuslugi.families[{index}]"))?;
    }
    for (index, binding) in seed.bindings.iter().enumerate() {
        let path = format!("gosuslugi.bindings[{index}]");
        let guardian = oid_of(&state.portal, &binding.guardian, &format!("{path}.guardian"))?;
        let child = oid_of(&state.portal, &binding.child, &format!("{path}.child"))?;
        if !state.portal.accounts.get(child).is_some_and(|account| account.is_minor(worlds::moscow::date(at))) {
            return Err(SeedError::at(format!("{path}.child"), &"привязать можно только учётную запись младше 18 лет"));
        }
        state.portal.bindings.bind(guardian, child);
    }
    for (index, consent) in seed.consents.iter().enumerate() {
        settle_consent(&mut state, consent, &format!("gosuslugi.consents[{index}]"), at)?;
    }
    Ok(state)
}

fn settle_clients(state: &mut Gosuslugi, seed: &Seed) -> Result<(), SeedError> {
    let read = |list: &str, (index, spec): (usize, &ClientSpec), origin| {
        let path =
            |error: SeedError| SeedError::at(format!("gosuslugi.{list}[{index}].{}", error.path), &error.message);
        Client::new(spec.clone(), origin).map_err(path)
    };
    for spec in seed.clients.iter().enumerate() {
        state.clients.insert(read("clients", spec, Origin::Seed)?);
    }
    for spec in seed.clients_of_settings.iter().enumerate() {
        state.clients.insert_of_settings(read("clients-of-settings", spec, Origin::Settings)?);
    }
    state.note_ministry_clients();
    Ok(())
}

fn settle_person(state: &mut Gosuslugi, key: &str, person: &Person, at: DateTime<Utc>) -> Result<(), SeedError> {
    let path = |field: &str| format!("gosuslugi.people.{key}.{field}");
    let citizen = Citizen { name: person.name.clone(), born: person.born };
    if person.born > worlds::moscow::date(at) {
        return Err(SeedError::at(path("born"), &"дата рождения в будущем этого мира"));
    }
    reserved::check_person(person).map_err(|(field, advice)| SeedError::at(path(field), &advice))?;
    reserved::check_profile(&person.profile)
        .map_err(|(field, advice)| SeedError::at(path(&format!("profile.{field}")), &advice))?;
    if person.account.is_none() && !person.profile.is_empty() {
        return Err(SeedError::at(path("profile"), &"без учётной записи это никто не увидит"));
    }
    record(state, person, &citizen).map_err(|(field, advice)| SeedError::at(path(field), &advice))?;
    let oid = person.account.as_ref().map(|account| settle_account(state, key, person, (account, at))).transpose()?;
    let member = Member { name: person.name.clone(), about: person.about.clone(), snils: person.snils, oid };
    state.portal.cast.people.insert(key.to_owned(), member);
    Ok(())
}

/// Writes a person into the agencies' records.
fn record(state: &mut Gosuslugi, person: &Person, citizen: &Citizen) -> Result<(), (&'static str, &'static str)> {
    const OTHERS: &str = "такое свидетельство уже у другого человека";
    let records = &mut state.portal.agencies.records;
    if let Some(certificate) = &person.birth_certificate {
        let document = BirthDocument::of(person.birth_certificate_kind, certificate.clone());
        let Some(document) = document else {
            return Err(("birth-certificate-kind", "иностранный документ — в foreign-birth-document"));
        };
        if !records.record_birth(document, citizen.clone()) {
            return Err(("birth-certificate", OTHERS));
        }
    }
    let paternity = (Act::Paternity, "paternity-certificate", &person.paternity_certificate);
    for (act, field, certificate) in
        [paternity, (Act::NameChange, "name-change-certificate", &person.name_change_certificate)]
    {
        if certificate.as_ref().is_some_and(|number| !records.record_act(act, number.clone(), citizen.clone())) {
            return Err((field, OTHERS));
        }
    }
    if person.snils.is_some_and(|snils| !records.insure(snils, citizen.clone())) {
        return Err(("snils", "такой СНИЛС уже у другого человека"));
    }
    if person.passport.as_ref().is_some_and(|passport| !records.issue_passport(passport, citizen.clone())) {
        return Err(("passport.number", "такой паспорт уже у другого человека"));
    }
    Ok(())
}

fn settle_account(
    state: &mut Gosuslugi,
    key: &str,
    person: &Person,
    (account, at): (&SeedAccount, DateTime<Utc>),
) -> Result<Oid, SeedError> {
    let wrong =
        |field: &str, message: &str| Err(SeedError::at(format!("gosuslugi.people.{key}.account.{field}"), &message));
    if let Err((field, advice)) = reserved::check_account(account) {
        return wrong(field, advice);
    }
    let oid = account.oid.unwrap_or_else(|| state.portal.accounts.next_oid());
    if state.portal.accounts.get(oid).is_some() {
        return wrong("oid", "такой номер уже у другой учётной записи");
    }
    if let Some(email) = &account.email
        && state.portal.accounts.with_email(email).is_some()
    {
        return wrong("email", "эта почта уже у другой учётной записи");
    }
    if let Some(phone) = &account.phone
        && state.portal.accounts.with_phone(phone).is_some()
    {
        return wrong("phone", "этот телефон уже у другой учётной записи");
    }
    if account.email.is_none() && account.phone.is_none() && person.snils.is_none() {
        return wrong("email", "без почты, телефона и СНИЛС войти нельзя");
    }
    let SeedAccount { email, phone, password, level, roles, .. } = account.clone();
    let Person { name, gender, born, snils, birth_certificate, passport, .. } = person.clone();
    let made_by = None;
    let new = NewAccount {
        oid,
        name,
        gender: Some(gender),
        born: Some(born),
        snils,
        birth_certificate,
        passport,
        email,
        phone,
        password,
        level,
        made_by,
        roles,
    };
    state.portal.accounts.insert(Account::from_new(new, at));
    state.portal.accounts.set_profile(oid, person.profile.clone());
    state.portal.await_majority(oid, person.born, at);
    Ok(oid)
}

fn settle_card(state: &mut Gosuslugi, seed: &Seed, card: &FamilyCard, path: &str) -> Result<(), SeedError> {
    let guardian = oid_of(&state.portal, &card.guardian, &format!("{path}.guardian"))?;
    let child = seed.people.get(&card.child).ok_or_else(|| nobody(&format!("{path}.child"), &card.child))?;
    let typed = card.card.clone();
    reserved::check_typed(&typed).map_err(|(field, advice)| SeedError::at(format!("{path}.card.{field}"), &advice))?;
    let typed_or_own = typed.birth_certificate.or_else(|| child.birth_certificate.clone());
    let foreign = || child.foreign_birth_document.clone().map(BirthDocument::Foreign);
    let certificate = typed_or_own.and_then(|number| BirthDocument::of(child.birth_certificate_kind, number));
    let data = CardData {
        name: typed.name.unwrap_or_else(|| child.name.clone()),
        gender: child.gender,
        born: typed.born.unwrap_or(child.born),
        certificate: certificate.or_else(foreign),
        snils: typed.snils.or(child.snils),
    };
    let mut entered = Card::entered(state.portal.family.next_id(), guardian, data);
    if card.checked {
        let (records, citizen) = (&state.portal.agencies.records, entered.citizen());
        if let Some(document) = entered.certificate.value.as_ref().filter(|_| !entered.certificate.is_confirmed()) {
            entered.certificate.status = CheckStatus::of_zags(records.check_birth(document, &citizen));
        }
        (entered.snils.status, entered.snils.value) = look_for_snils(records, entered.snils.value, &citizen);
    }
    state.portal.family.insert(entered);
    Ok(())
}

fn settle_consent(
    state: &mut Gosuslugi,
    consent: &SeedConsent,
    path: &str,
    at: DateTime<Utc>,
) -> Result<(), SeedError> {
    let subject = oid_of(&state.portal, &consent.subject, &format!("{path}.subject"))?;
    let given_by = oid_of(&state.portal, &consent.given_by, &format!("{path}.given-by"))?;
    let Some(client) = state.clients.get(&consent.client) else {
        return Err(SeedError::at(format!("{path}.client"), &format!("системы «{}» нет в clients", consent.client)));
    };
    let client = client.spec.mnemonic.clone();
    let (scopes, purpose) = (consent.scopes.clone(), consent.purpose.clone());
    let expires_at = at + TimeDelta::days(i64::from(state.portal.settings.consent_days));
    let consent = Consent { subject, client, scopes, purpose, given_by, given_at: at, expires_at };
    let event = ConsentEvent::Granted { id: state.portal.consents.next_consent(), consent };
    state.portal.apply_consent(at, &event);
    Ok(())
}

fn oid_of(portal: &Portal, key: &str, path: &str) -> Result<Oid, SeedError> {
    if !portal.cast.people.contains_key(key) {
        return Err(nobody(path, key));
    }
    let account = portal.cast.account(key, &portal.accounts);
    account.map(|account| account.oid).ok_or_else(|| SeedError::at(path, &format!("у «{key}» нет учётной записи")))
}

fn nobody(path: &str, key: &str) -> SeedError {
    SeedError::at(path, &format!("человека «{key}» нет в people"))
}
