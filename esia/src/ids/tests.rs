use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::*;

/// The text as the type writes it, or why it refuses.
fn read<T: std::str::FromStr<Err: ToString> + ToString>(text: &str) -> String {
    text.parse::<T>().map_or_else(|error| format!("! {}", error.to_string()), |value| value.to_string())
}

fn survives_json<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{json}");
}

#[test]
fn a_snils_is_read_in_both_printed_forms() {
    let check = |text: &str, expected: &str| assert_eq!(read::<Snils>(text), expected, "{text}");
    check("112-233-445 95", "112-233-445 95");
    check("11223344595", "112-233-445 95");
    check("000-000-600 06", "000-000-600 06");
    for text in [
        "",
        "112-233-44595",
        "112 233 445 95",
        "112-233-445-95",
        "1122334459",
        "112233445950",
        " 11223344595",
        "１12-233-445 95",
    ] {
        check(text, "! СНИЛС записывается как 000-000-000 00 или 11 цифрами подряд");
    }
}

#[test]
fn the_check_number_of_a_snils_follows_the_official_rule() {
    let check = |text: &str, expected: &str| assert_eq!(read::<Snils>(text), expected, "{text}");
    check("112-233-445 94", "! контрольное число СНИЛС не сходится: ожидалось 95, получено 94");
    // The weighted sum is 100, 101, and 201, which leaves 100: all three give 00.
    check("920-000-100 00", "920-000-100 00");
    check("920-001-000 00", "920-001-000 00");
    check("996-100-000 00", "996-100-000 00");
    check("001-001-999 00", "! контрольное число СНИЛС не сходится: ожидалось 65, получено 00");
    check("001-001-998 00", "001-001-998 00");
}

#[test]
fn a_snils_up_to_001_001_998_belongs_to_nobody() {
    let is_reserved = |text: &str| text.parse::<Snils>().unwrap().is_reserved();
    assert!(is_reserved("001-001-998 00"));
    assert!(!is_reserved("112-233-445 95"));
    let made = |number| Snils::reserved(number).map(|snils| snils.to_string());
    assert_eq!(made(1_001_998).as_deref(), Some("001-001-998 00"));
    assert_eq!(made(7).as_deref(), Some("000-000-007 00"));
    assert_eq!((made(1_001_999), made(2_000_000_000)), (None, None));
}

#[test]
fn an_email_is_read_in_lower_case() {
    insta::assert_snapshot!(read::<Email>("Anna.Petrova+1@Family.Example"), @"anna.petrova+1@family.example");
    let code = |text: &str| text.parse::<Email>().map_or_else(|error| error.code(), |_| "ok");
    assert_eq!(code("anna"), "email-at");
    assert_eq!(code("anna@family@example.test"), "email-at");
    for text in [
        "@family.example",
        ".anna@family.example",
        "an..na@family.example",
        "анна@family.example",
        "a b@family.example",
    ] {
        assert_eq!(code(text), "email-local", "{text}");
    }
    for text in [
        "anna@",
        "anna@example",
        "anna@-family.example",
        "anna@family..example",
        "anna@family.1",
        "anna@127.0.0.1",
        "anna@почта.рф",
    ] {
        assert_eq!(code(text), "email-domain", "{text}");
    }
    assert_eq!(code(&format!("{}@family.example", "a".repeat(65))), "email-too-long");
}

#[test]
fn only_reserved_domains_belong_to_nobody() {
    let is_reserved = |text: &str| text.parse::<Email>().unwrap().is_reserved();
    assert!(["a@family.example", "a@mail.test", "a@example.org", "a@mail.example.com"].into_iter().all(is_reserved));
    assert!(!["a@yandex.ru", "a@myexample.org", "a@example.ru", "a@latest.ru"].into_iter().any(is_reserved));
}

#[test]
fn a_phone_is_read_as_people_write_it_and_written_as_esia_does() {
    for text in ["+79001234567", "8 900 123-45-67", "+7(900)1234567", "8(900)123 45 67"] {
        assert_eq!(read::<Phone>(text), "+7(900)1234567", "{text}");
    }
    let phone: Phone = "+7(000)0000006".parse().unwrap();
    assert!(phone.is_reserved());
    assert_eq!(phone.bare(), "+70000000006");
    assert!(!"+7(900)0000006".parse::<Phone>().unwrap().is_reserved());
    insta::assert_snapshot!(read::<Phone>("9001234567"), @"! номер телефона начинается с +7 или с 8");
    insta::assert_snapshot!(read::<Phone>("+7900123456"), @"! после +7 или 8 ожидалось 10 цифр, получено 9");
    insta::assert_snapshot!(read::<Phone>("+790012345678"), @"! после +7 или 8 ожидалось 10 цифр, получено 11");
    insta::assert_snapshot!(read::<Phone>("+7900123456О"), @"! в номере телефона недопустим знак «О»");
}

#[test]
fn a_mnemonic_has_its_alphabet_and_length() {
    assert_eq!(read::<Mnemonic>("230A03"), "230A03");
    insta::assert_snapshot!(read::<Mnemonic>("FJ-VOLGA_2"), @"FJ-VOLGA_2");
    insta::assert_snapshot!(read::<Mnemonic>("A"), @"! мнемоника содержит от 2 до 50 знаков, получено 1");
    insta::assert_snapshot!(read::<Mnemonic>("Diary"), @"! в мнемонике допустимы заглавные латинские буквы, цифры, дефис и подчёркивание, а не «i»");
    insta::assert_snapshot!(read::<Mnemonic>("ДНЕВНИК"), @"! в мнемонике допустимы заглавные латинские буквы, цифры, дефис и подчёркивание, а не «Д»");
}

#[test]
fn a_birth_certificate_is_read_however_its_letters_were_typed() {
    for text in ["I-МЮ 123456", "i-мю №123456", "І-МЮ № 123456", "I-MЮ 123456"] {
        assert_eq!(read::<BirthCertificate>(text), "I-МЮ 123456", "{text}");
    }
    assert_eq!(read::<BirthCertificate>("ХIV-ОБ 000001"), "XIV-ОБ 000001");
    let code = |text: &str| text.parse::<BirthCertificate>().map_or_else(|error| error.code(), |_| "ok");
    assert_eq!(code("I-МЮ123456"), "birth-certificate-format");
    assert_eq!(code("IМЮ 123456"), "birth-certificate-series");
    for text in ["IIII-МЮ 123456", "IC-МЮ 123456", "-МЮ 123456", "1-МЮ 123456"] {
        assert_eq!(code(text), "birth-certificate-numeral", "{text}");
    }
    for text in ["I-М 123456", "I-МЮЯ 123456", "I-М1 123456", "I-МD 123456"] {
        assert_eq!(code(text), "birth-certificate-letters", "{text}");
    }
    for text in ["I-МЮ 12345", "I-МЮ 1234567", "I-МЮ 12345а"] {
        assert_eq!(code(text), "birth-certificate-number", "{text}");
    }
}

#[test]
fn a_name_is_written_on_one_line() {
    insta::assert_snapshot!(read::<FullName>(" Иванова   Анна Петровна"), @"Иванова Анна Петровна");
    insta::assert_snapshot!(read::<FullName>("Мамедов Али Гасан оглы"), @"Мамедов Али Гасан оглы");
    insta::assert_snapshot!(read::<FullName>("O’Connor Sinéad"), @"O’Connor Sinéad");
    insta::assert_snapshot!(read::<FullName>("Иванова"), @"! имя: нужно заполнить");
    insta::assert_snapshot!(read::<FullName>("Иванова Анна 2"), @"! отчество: допустимы русские и латинские буквы, дефис, пробел и апостроф, первой стоит буква; получено «2»");
    insta::assert_snapshot!(read::<FullName>("-Иванова Анна"), @"! фамилия: допустимы русские и латинские буквы, дефис, пробел и апостроф, первой стоит буква; получено «-»");
    assert_eq!(FullName::new(&"а".repeat(101), "Анна", None), Err(NameError::TooLong(NamePart::Last)));
    assert_eq!(FullName::new("Иванова", "Анна", Some(" ")).unwrap().middle(), None);
}

#[test]
fn a_name_is_a_string_in_json_unless_that_would_not_read_back() {
    let json = |last: &str| serde_json::to_string(&FullName::new(last, "Анна", Some("Петровна")).unwrap()).unwrap();
    insta::assert_snapshot!(json("Иванова"), @r#""Иванова Анна Петровна""#);
    insta::assert_snapshot!(json("Де Ла Крус"), @r#"{"last":"Де Ла Крус","first":"Анна","middle":"Петровна"}"#);
    insta::assert_snapshot!(serde_json::from_str::<FullName>(r#"{"last":"Иванова","first":""}"#).unwrap_err(), @"имя: нужно заполнить at line 1 column 36");
    assert!(serde_json::from_str::<FullName>(r#"{"last":"Иванова","first":"Анна","patronymic":"Петровна"}"#).is_err());
}

#[test]
fn an_oid_is_a_json_number() {
    survives_json(&Oid::new(1_000_299_654));
    assert_eq!(serde_json::to_string(&Oid::new(1_000_299_654)).unwrap(), "1000299654");
    assert!(serde_json::from_str::<Oid>("\"1000299654\"").is_err());
    assert_eq!(read::<Oid>("1000299654"), "1000299654");
    insta::assert_snapshot!(read::<Oid>("+1"), @"! номер учётной записи состоит из одних цифр");
    insta::assert_snapshot!(read::<Oid>("99999999999999999999"), @"! номер учётной записи слишком велик");
}

#[test]
fn a_wrong_value_in_json_is_refused_with_its_rule() {
    insta::assert_snapshot!(serde_json::from_str::<Snils>("\"11223344594\"").unwrap_err(), @"контрольное число СНИЛС не сходится: ожидалось 95, получено 94");
}

/// Texts, and texts that are nearly right.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        "[0-9 -]{10,16}",
        r"\+?[78][0-9 ()-]{8,16}",
        "[a-zA-Z0-9.@-]{0,20}",
        "[IVXСХ]{1,4}-[А-Яа-яA-Z]{2} №?[0-9]{6}",
        "[А-Яа-я '-]{0,30}"
    ]
}

proptest! {
    #[test]
    fn any_text_is_refused_or_reads_back(text in texts()) {
        macro_rules! check {
            ($($type:ty),+) => {$(
                if let Ok(value) = text.parse::<$type>() {
                    prop_assert_eq!(value.to_string().parse::<$type>(), Ok(value.clone()));
                    survives_json(&value);
                }
            )+};
        }
        check!(Oid, Snils, Email, Phone, Mnemonic, BirthCertificate, FullName);
    }

    #[test]
    fn any_name_survives_json(last in "[А-Яа-яё '-]{1,20}", first in "[А-Яа-яё '-]{1,20}", middle in "[А-Яа-яё '-]{0,20}") {
        if let Ok(name) = FullName::new(&last, &first, Some(&middle)) {
            survives_json(&name);
        }
    }

    #[test]
    fn exactly_one_check_number_fits_a_snils(number in 1_001_999..1_000_000_000_u32) {
        let fitting = (0..100).filter(|check| format!("{number:09}{check:02}").parse::<Snils>().is_ok());
        prop_assert_eq!(fitting.count(), 1);
    }
}

#[test]
fn a_name_is_the_same_name_whether_its_letters_are_composed_or_not() {
    let composed: FullName = "Алексеев Андрей Семёнович".parse().unwrap();
    let apart: FullName = " Алексеев  Андреи\u{306}\u{a0}Семе\u{308}нович ".parse().unwrap();
    assert_eq!(apart, composed);
    assert_ne!("Алексеев Андрей Семенович".parse::<FullName>().unwrap(), composed, "ё is ё");
    let told = "Петров\u{200b} Иван".parse::<FullName>().unwrap_err().to_string();
    assert!(told.ends_with("получено невидимый знак U+200B"), "{told}");
    for (json, told) in [
        ("7", "invalid type"),
        (r#"{"last":"Де Ла Крус"}"#, "missing field `first`"),
        (r#"{"last":"А","first":"1"}"#, "имя: "),
    ] {
        let error = serde_json::from_str::<FullName>(json).unwrap_err().to_string();
        assert!(error.starts_with(told), "{json}: {error}");
    }
}
