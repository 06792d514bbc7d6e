//! Initial state of a world, made from the `gosuslugi` section of its seed.

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use esia::language::{pick, tr};
use worlds::{SeedError, Shared};

use super::{
    document::{FamilyCard, Seed, SeedConsent},
    generate::generate,
    people::{Person, SeedAccount},
};
use crate::{
    clients::{Client, ClientSpec, Origin},
    faults::{
        Fault, SetBy,
        catalogue::{find, nearest},
    },
    grants::Grants,
    portal::{
        Member, Portal,
        accounts::{Account, NewAccount},
        agencies::{Act, Agencies, BirthDocument, Citizen},
        consents::{Consent, ConsentEvent, MAX_DAYS},
        family::{Card, CardData, CheckStatus, look_for_snils},
        organisations::{self},
        reserved,
    },
    signing::KeyRing,
    state::Gosuslugi,
};

/// Makes the initial state that a seed describes.
///
/// # Errors
/// Names the path of the invalid value and says why it is invalid.
pub(crate) fn genesis(seed: &Seed, at: DateTime<Utc>) -> Result<Gosuslugi, SeedError> {
    if !(1..=MAX_DAYS).contains(&seed.settings.consent_days) {
        return Err(SeedError::at(
            "gosuslugi.settings.consent-days",
            &tr!("нужно от 1 до {MAX_DAYS}", "1 to {MAX_DAYS} is needed"),
        ));
    }
    let mut state = Gosuslugi {
        portal: Portal::new(seed.settings.clone(), Agencies::new(seed.agencies)),
        clients: Shared::default(),
        grants: Grants::default(),
        keys: KeyRing::built_in().map_err(|error| SeedError::at("gosuslugi", &error))?,
        faults: Shared::default(),
    };
    settle_clients(&mut state, seed)?;
    for (key, person) in seed.people.iter() {
        settle_person(&mut state, key, person, at)?;
    }
    for (key, person) in seed.people.iter() {
        let made_by = person.account.as_ref().and_then(|account| account.made_by.as_deref());
        if let Some(guardian) = made_by {
            let path = format!("gosuslugi.people.{key}.account.made-by");
            let (guardian, child) = (oid_of(&state.portal, guardian, &path)?, oid_of(&state.portal, key, &path)?);
            state.portal.bindings.bind(guardian, child);
            state.portal.accounts.made_by(child, guardian);
        }
    }
    generate(&mut state, seed.people.generated, at)?;
    for (key, person) in seed.people.iter() {
        if let Some(id) = &person.fault {
            settle_fault(&mut state, key, id, at)?;
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
            return Err(SeedError::at(
                format!("{path}.child"),
                &pick(
                    "привязать можно только учётную запись младше 18 лет",
                    "only an account of somebody under 18 can be bound",
                ),
            ));
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
        return Err(SeedError::at(
            path("born"),
            &pick("дата рождения в будущем этого мира", "the birthday is in the future of this world"),
        ));
    }
    reserved::check_person(person).map_err(|(field, advice)| SeedError::at(path(field), &advice))?;
    reserved::check_profile(&person.profile)
        .map_err(|(field, advice)| SeedError::at(path(&format!("profile.{field}")), &advice))?;
    if person.account.is_none() && !person.profile.is_empty() {
        return Err(SeedError::at(
            path("profile"),
            &pick("без учётной записи это никто не увидит", "without an account nobody sees it"),
        ));
    }
    record(state, person, &citizen).map_err(|(field, advice)| SeedError::at(path(field), &advice))?;
    let oid = person.account.as_ref().map(|account| settle_account(state, key, person, account, at)).transpose()?;
    let member = Member { name: person.name.clone(), about: person.about.clone(), snils: person.snils, oid };
    state.portal.cast.people.insert(key.to_owned(), member);
    Ok(())
}

/// Adds a person to the records of ЗАГС, СФР and МВД.
fn record(state: &mut Gosuslugi, person: &Person, citizen: &Citizen) -> Result<(), (&'static str, &'static str)> {
    let others = pick("такое свидетельство уже у другого человека", "another person has this certificate");
    let records = &mut state.portal.agencies.records;
    if let Some(certificate) = &person.birth_certificate {
        let document = BirthDocument::of(person.birth_certificate_kind, certificate.clone());
        let Some(document) = document else {
            return Err((
                "birth-certificate-kind",
                pick(
                    "иностранный документ — в foreign-birth-document",
                    "a foreign document belongs into foreign-birth-document",
                ),
            ));
        };
        if !records.record_birth(document, citizen.clone()) {
            return Err(("birth-certificate", others));
        }
    }
    let paternity = (Act::Paternity, "paternity-certificate", &person.paternity_certificate);
    for (act, field, certificate) in
        [paternity, (Act::NameChange, "name-change-certificate", &person.name_change_certificate)]
    {
        if certificate.as_ref().is_some_and(|number| !records.record_act(act, number.clone(), citizen.clone())) {
            return Err((field, others));
        }
    }
    if person.snils.is_some_and(|snils| !records.insure(snils, citizen.clone())) {
        return Err(("snils", pick("такой СНИЛС уже у другого человека", "another person has this SNILS")));
    }
    if person.passport.as_ref().is_some_and(|passport| !records.issue_passport(passport, citizen.clone())) {
        return Err((
            "passport.number",
            pick("такой паспорт уже у другого человека", "another person has this passport"),
        ));
    }
    Ok(())
}

fn settle_account(
    state: &mut Gosuslugi,
    key: &str,
    person: &Person,
    account: &SeedAccount,
    at: DateTime<Utc>,
) -> Result<Oid, SeedError> {
    let wrong =
        |field: &str, message: &str| Err(SeedError::at(format!("gosuslugi.people.{key}.account.{field}"), &message));
    if let Err((field, advice)) = reserved::check_account(account) {
        return wrong(field, advice);
    }
    let oid = account.oid.unwrap_or_else(|| state.portal.accounts.next_oid());
    if state.portal.accounts.get(oid).is_some() {
        return wrong("oid", pick("такой номер уже у другой учётной записи", "another account has this number"));
    }
    if let Some(email) = &account.email
        && state.portal.accounts.with_email(email).is_some()
    {
        return wrong("email", pick("эта почта уже у другой учётной записи", "another account has this e-mail"));
    }
    if let Some(phone) = &account.phone
        && state.portal.accounts.with_phone(phone).is_some()
    {
        return wrong("phone", pick("этот телефон уже у другой учётной записи", "another account has this phone"));
    }
    if account.email.is_none() && account.phone.is_none() && person.snils.is_none() {
        return wrong(
            "email",
            pick("без почты, телефона и СНИЛС войти нельзя", "nobody can sign in without e-mail, phone and SNILS"),
        );
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

fn settle_fault(state: &mut Gosuslugi, key: &str, id: &str, at: DateTime<Utc>) -> Result<(), SeedError> {
    let path = format!("gosuslugi.people.{key}.fault");
    let Some(entry) = find(id) else {
        let near = nearest(id).map(|near| tr!("; похоже на {near}", "; it is like {near}")).unwrap_or_default();
        return Err(SeedError::at(
            path,
            &tr!("ошибки «{id}» нет: esia-stand faults{near}", "there is no fault «{id}»: esia-stand faults{near}"),
        ));
    };
    if !entry.can_be_of_one() {
        return Err(SeedError::at(path, &tr!("«{id}» не бывает у одного человека", "«{id}» cannot be one person's")));
    }
    let person = Some(oid_of(&state.portal, key, &path)?);
    let number = state.faults.next_number();
    state.faults.insert(number, Fault { person, ..Fault::new(id, SetBy::Seed) }, at);
    Ok(())
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
        return Err(SeedError::at(
            format!("{path}.client"),
            &tr!("системы «{}» нет в clients", "there is no client «{}» in clients", consent.client),
        ));
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
    account
        .map(|account| account.oid)
        .ok_or_else(|| SeedError::at(path, &tr!("у «{key}» нет учётной записи", "«{key}» has no account")))
}

fn nobody(path: &str, key: &str) -> SeedError {
    SeedError::at(path, &tr!("человека «{key}» нет в people", "there is no «{key}» in people"))
}
