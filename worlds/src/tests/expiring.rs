//! Things with a term.

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::{Expiring, Limit, Term};

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn put(kept: &mut Expiring<u32>, key: &str, owner: &str, limit: Limit) -> Option<(String, u32)> {
    let value = key.trim_start_matches(char::is_alphabetic).parse().unwrap();
    kept.insert_within((key.to_owned(), value), Term { owner, ends_at: at(100) }, limit, at(0))
}

#[test]
fn what_has_ended_is_gone_does_not_count_and_is_remembered_for_a_while() {
    let limit = Limit { each: 2, all: 2 };
    let mut kept = Expiring::default();
    let mut put = |key: &str, ends_at, now| {
        kept.insert_within((key.to_owned(), 1), Term { owner: "", ends_at: at(ends_at) }, limit, at(now))
    };
    assert_eq!((put("a", 10, 0), put("b", 10, 0), put("c", 20, 10), put("d", 20, 10)), (None, None, None, None));
    assert_eq!(kept.len(), 2);
    assert_eq!((kept.get("c", at(19)), kept.get("c", at(20)), kept.remembered("c")), (Some(&1), None, Some(&1)));
    assert_eq!(kept.iter(at(19)).count(), 2);
    assert_eq!(kept.iter(at(20)).count(), 0);
}

#[test]
fn an_owner_who_has_their_fill_loses_their_own_oldest() {
    let limit = Limit { each: 3, all: 100 };
    let mut kept = Expiring::default();
    assert_eq!(put(&mut kept, "b9", "other", limit), None);
    for key in ["a1", "a2", "a3"] {
        assert_eq!(put(&mut kept, key, "one", limit), None, "{key}");
    }
    assert_eq!(put(&mut kept, "a4", "one", limit), Some(("one".to_owned(), 1)));
    kept.remove("a2");
    assert_eq!(put(&mut kept, "a5", "one", limit), None, "what was taken out makes room");
    assert_eq!(put(&mut kept, "a6", "one", limit), Some(("one".to_owned(), 3)));
    assert_eq!(put(&mut kept, "a6", "one", limit), None, "the same key again is no other thing");
    assert!(kept.get("b9", at(0)).is_some(), "somebody else's stays");
}

#[test]
fn when_all_is_full_whoever_has_the_most_gives_way_and_among_equals_who_came_first() {
    let limit = Limit { each: 10, all: 4 };
    let mut kept = Expiring::default();
    for (key, owner) in [("a1", "one"), ("b2", "many"), ("b3", "many"), ("b4", "many")] {
        assert_eq!(put(&mut kept, key, owner, limit), None);
    }
    assert_eq!(put(&mut kept, "c5", "new", limit), Some(("many".to_owned(), 2)));
    assert_eq!(put(&mut kept, "d6", "newer", limit), Some(("many".to_owned(), 3)));
    assert_eq!(put(&mut kept, "e7", "newest", limit), Some(("one".to_owned(), 1)));
}

proptest! {
    #[test]
    fn a_map_of_bounded_things_never_holds_more_and_its_books_agree(
        steps in proptest::collection::vec((0u8..40, 0u8..5, 0i64..30, any::<bool>()), 0..200),
    ) {
        let limit = Limit { each: 3, all: 8 };
        let (mut kept, mut now) = (Expiring::default(), 0);
        for (key, owner, term, is_put) in steps {
            now += term / 10;
            let (key, owner) = (format!("k{key}"), format!("o{owner}"));
            if is_put {
                kept.insert_within((key, owner.clone()), Term { owner: &owner, ends_at: at(now + term) }, limit, at(now));
            } else {
                kept.remove(&key);
            }
            let living: Vec<_> = kept.iter(at(now)).map(|(_, owner)| owner.clone()).collect();
            prop_assert!(living.len() <= limit.all && kept.len() <= limit.all);
            let most = living.iter().map(|one| living.iter().filter(|other| *other == one).count()).max();
            prop_assert!(most.unwrap_or_default() <= limit.each);
            prop_assert!(kept.agrees());
        }
    }
}
