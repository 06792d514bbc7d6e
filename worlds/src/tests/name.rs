//! Names fit a path segment and a DNS label.

use proptest::prelude::*;

use crate::WorldName;

#[test]
fn a_name_is_a_dns_label_in_small_letters() {
    let longest = "a".repeat(63);
    for good in ["main", "a", "7", "r001-3", "a--b", &longest] {
        assert_eq!(good.parse::<WorldName>().unwrap().as_str(), good);
    }
    let longer = "a".repeat(64);
    for bad in ["", "-", "-a", "a-", "A", "мир", "a.b", "a b", "a/b", "..", "a_b", "a\n", &longer] {
        assert!(bad.parse::<WorldName>().is_err(), "{bad:?}");
        assert!(serde_json::from_value::<WorldName>(bad.into()).is_err(), "{bad:?}");
    }
    assert!(WorldName::main().is_main());
    assert!(!"main2".parse::<WorldName>().unwrap().is_main());
}

proptest! {
    #[test]
    fn no_text_makes_a_name_that_needs_escaping(text in "\\PC*|[a-z0-9-]{0,70}|[a-zA-Z0-9./%-]{0,8}") {
        match text.parse::<WorldName>() {
            Ok(name) => {
                prop_assert_eq!(name.to_string(), &text[..]);
                prop_assert!((1..=63).contains(&text.len()));
                prop_assert!(text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-')));
                prop_assert!(!text.starts_with('-') && !text.ends_with('-'));
                prop_assert_eq!(serde_json::to_value(&name).unwrap(), text);
            }
            Err(error) => prop_assert!(error.to_string().chars().count() < 200),
        }
    }

    #[test]
    fn every_label_is_a_name(text in "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?") {
        prop_assert!(text.parse::<WorldName>().is_ok());
    }
}
