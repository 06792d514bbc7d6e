//! Values that belong to nobody: a seed may hold no others, so that no person of a world can be a real one.
//!
//! | what | reserved | why |
//! | --- | --- | --- |
//! | СНИЛС | up to 001-001-998 | numbers are issued from 001-001-999 on |
//! | phone | +7(000)… | no area code begins with 0 |
//! | e-mail | `.test`, `.example`, … | RFC 2606, RFC 6761 |
//! | passport | series 00 … | the first two digits are a region's, and no region is 00 |
//! | birth certificate | series …-ОО | by our own choice: no list of registry offices that we know has these letters |

use esia::{BirthCertificate, Snils};

use crate::{
    accounts::Passport,
    seed::{Person, SeedAccount, Typed},
};

/// The field that could be a real person's, below a person of a seed, and what to take instead.
pub(crate) type Doubt = (&'static str, &'static str);

const SNILS: Doubt = ("snils", "такой СНИЛС может быть у настоящего человека: берите до 001-001-998");
const CERTIFICATE: Doubt =
    ("birth-certificate", "такое свидетельство может быть у настоящего человека: берите серии на -ОО, например I-ОО");
const SERIES: Doubt = ("passport.series", "такой паспорт может быть у настоящего человека: берите серии на 00");

/// Checks what the agencies know of a person.
pub(crate) fn check_person(person: &Person) -> Result<(), Doubt> {
    check_snils(person.snils.as_ref())?;
    check_certificate(person.birth_certificate.as_ref())?;
    check_act("paternity-certificate", person.paternity_certificate.as_ref())?;
    check_act("name-change-certificate", person.name_change_certificate.as_ref())?;
    person.passport.as_ref().map_or(Ok(()), check_passport)
}

/// Checks what a guardian typed otherwise than it is: a mistake must not hit a real person either.
pub(crate) fn check_typed(typed: &Typed) -> Result<(), Doubt> {
    check_snils(typed.snils.as_ref())?;
    check_certificate(typed.birth_certificate.as_ref())
}

/// Checks the logins of an account.
pub(crate) fn check_account(account: &SeedAccount) -> Result<(), Doubt> {
    if account.email.as_ref().is_some_and(|email| !email.is_reserved()) {
        return Err(("email", "почта может быть настоящей: берите домены .test и .example"));
    }
    if account.phone.as_ref().is_some_and(|phone| !phone.is_reserved()) {
        return Err(("phone", "телефон может быть настоящим: берите +7(000)…"));
    }
    Ok(())
}

fn check_snils(snils: Option<&Snils>) -> Result<(), Doubt> {
    if snils.is_none_or(Snils::is_reserved) { Ok(()) } else { Err(SNILS) }
}

fn check_certificate(certificate: Option<&BirthCertificate>) -> Result<(), Doubt> {
    if certificate.is_none_or(|certificate| certificate.series().ends_with("-ОО")) {
        Ok(())
    } else {
        Err(CERTIFICATE)
    }
}

fn check_act(field: &'static str, certificate: Option<&BirthCertificate>) -> Result<(), Doubt> {
    check_certificate(certificate).map_err(|(_, advice)| (field, advice))
}

fn check_passport(passport: &Passport) -> Result<(), Doubt> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&passport.series, 4) {
        return Err(("passport.series", "серия паспорта состоит из 4 цифр"));
    }
    if !digits(&passport.number, 6) {
        return Err(("passport.number", "номер паспорта состоит из 6 цифр"));
    }
    if passport.series.starts_with("00") { Ok(()) } else { Err(SERIES) }
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
