//! Random values: even, of the right form, and the same again from the same place.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::WorldRng;

#[test]
fn each_digit_is_equally_likely() {
    let digits = WorldRng::new(1, 0).digits(400_000);
    assert_eq!(digits.len(), 400_000);
    let mut counts = [0_u32; 10];
    for digit in digits.bytes() {
        counts[usize::from(digit - b'0')] += 1;
    }
    // Seven standard deviations around 40,000.
    assert!(counts.iter().all(|count| (38_672..=41_328).contains(count)), "{counts:?}");
    // Six around 240,000; a plain `byte % 10` gives some 243,750.
    let small: u32 = counts[..6].iter().sum();
    assert!((238_200..=241_800).contains(&small), "{counts:?}");
}

#[test]
fn a_uuid_says_that_it_is_random_and_is_never_given_twice() {
    let mut rng = WorldRng::new(1, 0);
    let given: BTreeSet<String> = (0..10_000).map(|_| rng.uuid()).collect();
    assert_eq!(given.len(), 10_000);
    for uuid in given {
        let parts: Vec<&str> = uuid.split('-').collect();
        assert!(parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]), "{uuid}");
        assert!(uuid.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f' | b'-')), "{uuid}");
        assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
    }
}

#[test]
fn another_seed_gives_other_values() {
    assert_ne!(WorldRng::new(1, 0).hex::<16>(), WorldRng::new(2, 0).hex::<16>());
    assert_eq!(WorldRng::new(1, 0).hex::<16>().len(), 32);
}

proptest! {
    #[test]
    fn a_source_goes_on_from_its_position(seed: u64, draws in prop::collection::vec(0..5_u8, 0..80)) {
        let mut rng = WorldRng::new(seed, 0);
        for draw in draws {
            match draw {
                0 => drop(rng.digits(6)),
                1 => drop(rng.uuid()),
                2 => drop(rng.number()),
                3 => drop(rng.hex::<3>()),
                _ => drop(rng.bytes::<1>()),
            }
        }
        let mut again = WorldRng::new(seed, rng.position());
        let mut sought = WorldRng::new(seed, 5);
        sought.seek(rng.position());
        let next = (rng.number(), rng.digits(6), rng.uuid(), rng.position());
        prop_assert_eq!(&next, &(again.number(), again.digits(6), again.uuid(), again.position()));
        prop_assert_eq!(&next, &(sought.number(), sought.digits(6), sought.uuid(), sought.position()));
    }
}
