use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[test]
fn every_mistake_is_there_once_and_told_in_both_languages() {
    let ids: BTreeSet<_> = all().map(|mistake| mistake.id).collect();
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = all().map(|mistake| mistake.id).filter(|id| !seen.insert(*id)).collect();
    assert_eq!(twice, [""; 0]);
    assert!(ids.iter().all(|id| id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))));
    for Mistake { id, cause, remedy } in all() {
        for text in [cause, remedy] {
            let is_sentence = |text: &str| text.ends_with(['.', '?']) && text.chars().count() > 9;
            assert!(is_sentence(text.ru) && is_sentence(text.en), "{id}: {text:?}");
            assert!(text.ru.chars().any(|sign| ('а'..='я').contains(&sign)), "{id}: {}", text.ru);
            assert_eq!(text.ru.matches("{}").count() > 0, text.en.matches("{}").count() > 0, "{id}: {text:?}");
        }
    }
}

#[test]
fn a_name_with_a_value_is_found_by_its_id() {
    assert_eq!(find("slip-missing=state").map(|found| found.id), Some("slip-missing"));
    assert_eq!(find("slip-missing"), find("slip-missing=code"));
    assert_eq!(find("no-such-thing"), None);
    assert_eq!(named("client-unknown", "KLIENT\n"), "client-unknown=KLIENT%0A");
    assert!(named("client-unknown", "мой; клиент").is_ascii());
    assert_eq!(split("client-unknown=KLIENT%0A"), ("client-unknown", Some("KLIENT\n".to_owned())));
    assert_eq!(split("a=100%"), ("a", Some("100%".to_owned())));
    assert!(named("a", &"x".repeat(1000)).len() < 80);
}

proptest! {
    #[test]
    fn any_value_is_one_word_of_ascii_and_reads_back(value in "\\PC{0,12}|[\\x00-\\x20]{0,5}") {
        let name = named("id", &value);
        prop_assert!(name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'));
        if !name.ends_with("...") {
            prop_assert_eq!(split(&name).1, Some(value));
        }
    }
}
