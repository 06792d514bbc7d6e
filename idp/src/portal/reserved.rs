//! Reserved values, which no real person has. A seed may use no others, so that no person of a world is a real one.
//!
//! | what | reserved | why |
//! | --- | --- | --- |
//! | СНИЛС | up to 001-001-998 | numbers are issued from 001-001-999 on |
//! | phone | +7(000)… | no area code begins with 0 |
//! | e-mail | `.test`, `.example`, … | RFC 2606, RFC 6761 |
//! | passport | series 00 … | the first two digits are a region's, and no region is 00 |
//! | ИНН, КПП, driving licence, travel passport, ОМС policy, vehicle certificate | begins with 00 | as with passports |
//! | ОГРН | 4th and 5th digit 00 | a region's |
//! | number plate | region 00 | a region's |
//! | postal code | 000… | the first three digits are a region's |
//! | ФИАС | 00000000-… | by our own choice: the codes are random UUIDs |
//! | military id | series ОО | by our own choice |
//! | birth certificate | series …-ОО | by our own choice: no list of registry offices that we know has these letters |

use esia::{
    BirthCertificate, Email, Phone, Snils,
    language::pick,
    person::{AddressKind, DocumentKind},
};

use crate::{
    portal::{
        accounts::{OwnAddress, OwnDocument, OwnVehicle, Passport, Profile},
        organisations::OrganisationSpec,
    },
    seed::{Person, SeedAccount, Typed},
};

/// Field of a seed whose value could be a real person's, and the advice what to use instead. The field is relative to
/// its person or account.
pub(crate) type Doubt = (&'static str, &'static str);

/// Checks a person's documents as the agencies have them.
pub(crate) fn check_person(person: &Person) -> Result<(), Doubt> {
    check_snils(person.snils.as_ref())?;
    check_certificate(person.birth_certificate.as_ref())?;
    check_act("paternity-certificate", person.paternity_certificate.as_ref())?;
    check_act("name-change-certificate", person.name_change_certificate.as_ref())?;
    person.passport.as_ref().map_or(Ok(()), check_passport)
}

/// Checks the values that a guardian mistypes: a wrong value must not be a real person's either.
pub(crate) fn check_typed(typed: &Typed) -> Result<(), Doubt> {
    check_snils(typed.snils.as_ref())?;
    check_certificate(typed.birth_certificate.as_ref())
}

/// Checks the logins of an account.
pub(crate) fn check_account(account: &SeedAccount) -> Result<(), Doubt> {
    check_contacts(account.email.as_ref(), &[account.phone])
}

fn check_snils(snils: Option<&Snils>) -> Result<(), Doubt> {
    if snils.is_none_or(Snils::is_reserved) {
        Ok(())
    } else {
        Err((
            "snils",
            pick(
                "такой СНИЛС может быть у настоящего человека: берите до 001-001-998",
                "this SNILS may be a real person's: take one up to 001-001-998",
            ),
        ))
    }
}

fn check_certificate(certificate: Option<&BirthCertificate>) -> Result<(), Doubt> {
    if certificate.is_none_or(|certificate| certificate.series().ends_with("-ОО")) {
        Ok(())
    } else {
        Err((
            "birth-certificate",
            pick(
                "такое свидетельство может быть у настоящего человека: берите серии на -ОО, например I-ОО",
                "this certificate may be a real person's: take a series that ends with «-ОО», for instance «I-ОО»",
            ),
        ))
    }
}

fn check_act(field: &'static str, certificate: Option<&BirthCertificate>) -> Result<(), Doubt> {
    check_certificate(certificate).map_err(|(_, advice)| (field, advice))
}

fn check_passport(passport: &Passport) -> Result<(), Doubt> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&passport.series, 4) {
        return Err((
            "passport.series",
            pick("серия паспорта состоит из 4 цифр", "the series of a passport has 4 digits"),
        ));
    }
    if !digits(&passport.number, 6) {
        return Err((
            "passport.number",
            pick("номер паспорта состоит из 6 цифр", "the number of a passport has 6 digits"),
        ));
    }
    if passport.series.starts_with("00") {
        Ok(())
    } else {
        Err((
            "passport.series",
            pick(
                "такой паспорт может быть у настоящего человека: берите серии на 00",
                "this passport may be a real person's: take a series that begins with 00",
            ),
        ))
    }
}

/// Like [`Doubt`], with the index in lists: `documents[0].series`.
type PlacedDoubt = (String, &'static str);

/// Checks an e-mail address and phone numbers.
pub(crate) fn check_contacts(email: Option<&Email>, phones: &[Option<Phone>]) -> Result<(), Doubt> {
    if email.is_some_and(|email| !email.is_reserved()) {
        return Err((
            "email",
            pick(
                "почта может быть настоящей: берите домены .test и .example",
                "this e-mail may be a real one: take the domains .test and .example",
            ),
        ));
    }
    if phones.iter().flatten().any(|phone| !phone.is_reserved()) {
        return Err((
            "phone",
            pick("телефон может быть настоящим: берите +7(000)…", "this phone may be a real one: take +7(000)…"),
        ));
    }
    Ok(())
}

fn not_reserved_inn() -> &'static str {
    pick(
        "такой ИНН может быть настоящим: берите на 00, например 000000000000 или 0000000000",
        "this INN may be a real one: take one that begins with 00, for instance 000000000000 or 0000000000",
    )
}

/// Checks the profile of an account.
pub(crate) fn check_profile(profile: &Profile) -> Result<(), PlacedDoubt> {
    let at = |field: &str, advice| (field.to_owned(), advice);
    if profile.inn.as_ref().is_some_and(|inn| !inn.is_of_person()) {
        return Err(at("inn", pick("у человека ИНН из 12 цифр", "a person's INN has 12 digits")));
    }
    if profile.inn.as_ref().is_some_and(|inn| !inn.is_reserved()) {
        return Err(at("inn", not_reserved_inn()));
    }
    if profile.citizenship.as_ref().is_some_and(|code| code.len() != 3 || !code.bytes().all(|c| c.is_ascii_uppercase()))
    {
        return Err(at(
            "citizenship",
            pick(
                "гражданство — три латинские буквы, например RUS",
                "a citizenship is three Latin letters, for instance RUS",
            ),
        ));
    }
    check_contacts(profile.work_email.as_ref(), &[]).map_err(|(_, advice)| at("work-email", advice))?;
    check_contacts(None, &[profile.home_phone]).map_err(|(_, advice)| at("home-phone", advice))?;
    check_contacts(None, &[profile.work_phone]).map_err(|(_, advice)| at("work-phone", advice))?;
    for (index, document) in profile.documents.iter().enumerate() {
        check_document(document).map_err(|(field, advice)| (format!("documents[{index}].{field}"), advice))?;
    }
    check_addresses(&profile.addresses, &[AddressKind::Plv, AddressKind::Prg, AddressKind::Pta])?;
    check_vehicles(&profile.vehicles)
}

/// Checks the numbers, contacts, addresses and vehicles of an organisation.
pub(crate) fn check_organisation(spec: &OrganisationSpec) -> Result<(), PlacedDoubt> {
    let at = |field: &str, advice| Err((field.to_owned(), advice));
    if spec.ogrn.as_ref().is_some_and(|ogrn| !ogrn.is_reserved()) {
        return at(
            "ogrn",
            pick(
                "такой ОГРН может быть настоящим: берите с 4-й и 5-й цифрой 00, например 1000000000000",
                "this OGRN may be a real one: take one whose 4th and 5th digits are 00, for instance 1000000000000",
            ),
        );
    }
    if spec.inn.as_ref().is_some_and(|inn| !inn.is_reserved()) {
        return at("inn", not_reserved_inn());
    }
    if spec.kpp.as_ref().is_some_and(|kpp| !kpp.is_reserved()) {
        return at(
            "kpp",
            pick(
                "такой КПП может быть настоящим: берите на 00",
                "this KPP may be a real one: take one that begins with 00",
            ),
        );
    }
    check_contacts(spec.email.as_ref(), &[spec.phone, spec.fax])
        .map_err(|(field, advice)| (field.to_owned(), advice))?;
    check_addresses(&spec.addresses, &[AddressKind::Ops, AddressKind::Olg])?;
    check_vehicles(&spec.vehicles)
}

fn check_document(document: &OwnDocument) -> Result<(), Doubt> {
    let series = document.series.as_deref().unwrap_or_default();
    let starts = |text: &str, advice| if text.starts_with("00") { Ok(()) } else { Err(advice) };
    match document.kind {
        DocumentKind::RfPassport => Err((
            "type",
            pick("паспорт — в поле passport человека", "a passport belongs into the field passport of a person"),
        )),
        DocumentKind::RfBrthCert | DocumentKind::OldBrthCert | DocumentKind::FidBrthCert => Err((
            "type",
            pick(
                "документ о рождении — в поле birth-certificate или foreign-birth-document человека",
                "a birth document belongs into the field birth-certificate or foreign-birth-document of a person",
            ),
        )),
        DocumentKind::FatherhoodCert | DocumentKind::NameChangeCert => Err((
            "type",
            pick(
                "это свидетельство — в поле paternity-certificate или name-change-certificate человека",
                "this certificate belongs into the field paternity-certificate or name-change-certificate of a person",
            ),
        )),
        DocumentKind::MltrId if series == "ОО" => Ok(()),
        DocumentKind::MltrId => Err((
            "series",
            pick(
                "такой военный билет может быть настоящим: берите серию ОО",
                "this military ID may be a real one: take the series «ОО»",
            ),
        )),
        DocumentKind::MdclPlcy if document.number.len() != 16 => {
            Err(("number", pick("номер полиса ОМС состоит из 16 цифр", "the number of a medical policy has 16 digits")))
        }
        DocumentKind::MdclPlcy => starts(
            &document.number,
            (
                "number",
                pick(
                    "такой полис может быть настоящим: берите на 00",
                    "this policy may be a real one: take one that begins with 00",
                ),
            ),
        ),
        DocumentKind::RfDrivingLicense | DocumentKind::FrgnPass | DocumentKind::RsdncPermit => starts(
            series,
            (
                "series",
                pick(
                    "такой документ может быть настоящим: берите серии на 00",
                    "this document may be a real one: take a series that begins with 00",
                ),
            ),
        ),
        DocumentKind::FidDoc => starts(
            &document.number,
            (
                "number",
                pick(
                    "такой документ может быть настоящим: берите номера на 00",
                    "this document may be a real one: take a number that begins with 00",
                ),
            ),
        ),
    }
}

fn check_addresses(addresses: &[OwnAddress], kinds: &[AddressKind]) -> Result<(), PlacedDoubt> {
    for (index, address) in addresses.iter().enumerate() {
        let at = |field: &str, advice| Err((format!("addresses[{index}].{field}"), advice));
        if !kinds.contains(&address.kind) {
            return at(
                "type",
                pick(
                    "у человека PLV, PRG и PTA, у организации OPS и OLG",
                    "a person has PLV, PRG and PTA, an organisation OPS and OLG",
                ),
            );
        }
        if address.zip.as_ref().is_some_and(|zip| !zip.starts_with("000")) {
            return at(
                "zip",
                pick(
                    "такой индекс может быть настоящим: берите на 000",
                    "this postal code may be a real one: take one that begins with 000",
                ),
            );
        }
        if address.fias.as_ref().is_some_and(|fias| !fias.starts_with("00000000-")) {
            return at(
                "fias",
                pick(
                    "такой код ФИАС может быть настоящим: берите на 00000000-",
                    "this FIAS code may be a real one: take one that begins with 00000000-",
                ),
            );
        }
    }
    Ok(())
}

fn check_vehicles(vehicles: &[OwnVehicle]) -> Result<(), PlacedDoubt> {
    for (index, vehicle) in vehicles.iter().enumerate() {
        let at = |field: &str, advice| Err((format!("vehicles[{index}].{field}"), advice));
        if !vehicle.plate.ends_with("00") || vehicle.plate.chars().count() != 8 {
            return at(
                "plate",
                pick(
                    "такой номер может быть настоящим: берите регион 00, например А123АА00",
                    "this plate may be a real one: take region 00, for instance «А123АА00»",
                ),
            );
        }
        if !vehicle.series.starts_with("00") {
            return at(
                "series",
                pick(
                    "такое свидетельство может быть настоящим: берите серии на 00",
                    "this certificate may be a real one: take a series that begins with 00",
                ),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::{Value, json};
    use worlds::{Domain as _, SeedDocument};

    use crate::{
        Gosuslugi,
        testing::{family, september},
    };

    /// The place and the advice for a seed changed so; empty when it is taken.
    fn refused(change: fn(&mut Value)) -> String {
        let mut section = family();
        change(&mut section);
        let document = SeedDocument { gosuslugi: section, ..SeedDocument::default() };
        Gosuslugi::genesis(&document, september()).err().map_or_else(String::new, |error| error.to_string())
    }

    fn passport(series: &str, number: &str) -> Value {
        json!({ "series": series, "number": number, "issued": "2005-04-01", "issued-by": "УМВД" })
    }

    #[test]
    fn every_kind_of_value_that_could_be_a_real_persons_is_refused() {
        assert_snapshot!(refused(|s| s["people"]["анна"]["snils"] = json!("112-233-445 95")), @"gosuslugi.people.анна.snils: такой СНИЛС может быть у настоящего человека: берите до 001-001-998");
        assert_snapshot!(refused(|s| s["people"]["ваня"]["birth-certificate"] = json!("I-МЮ 123456")), @"gosuslugi.people.ваня.birth-certificate: такое свидетельство может быть у настоящего человека: берите серии на -ОО, например I-ОО");
        assert_snapshot!(refused(|s| s["people"]["анна"]["passport"] = passport("6104", "123456")), @"gosuslugi.people.анна.passport.series: такой паспорт может быть у настоящего человека: берите серии на 00");
        assert_snapshot!(refused(|s| s["people"]["анна"]["account"]["email"] = json!("anna@mail.ru")), @"gosuslugi.people.анна.account.email: почта может быть настоящей: берите домены .test и .example");
        assert_snapshot!(refused(|s| s["people"]["анна"]["account"]["phone"] = json!("+79161234567")), @"gosuslugi.people.анна.account.phone: телефон может быть настоящим: берите +7(000)…");
        assert_snapshot!(refused(|s| s["families"][0]["card"] = json!({ "snils": "112-233-445 95" })), @"gosuslugi.families[0].card.snils: такой СНИЛС может быть у настоящего человека: берите до 001-001-998");
        assert_snapshot!(refused(|s| s["families"][0]["card"] = json!({ "birth-certificate": "I-МЮ 123456" })), @"gosuslugi.families[0].card.birth-certificate: такое свидетельство может быть у настоящего человека: берите серии на -ОО, например I-ОО");
    }

    #[test]
    fn a_passport_has_its_form_and_one_of_nobody_is_taken() {
        assert_eq!(refused(|s| s["people"]["анна"]["passport"] = passport("0004", "123456")), "");
        assert_snapshot!(refused(|s| s["people"]["анна"]["passport"] = passport("00", "123456")), @"gosuslugi.people.анна.passport.series: серия паспорта состоит из 4 цифр");
        assert_snapshot!(refused(|s| s["people"]["анна"]["passport"] = passport("0004", "12345x")), @"gosuslugi.people.анна.passport.number: номер паспорта состоит из 6 цифр");
    }
}
