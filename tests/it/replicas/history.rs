//! A checker of histories: whether what several replicas answered could have come from one of them alone (linearizability of
//! redeeming a code).

use std::{collections::BTreeMap, time::Duration};

/// What a call came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Tokens were given.
    Redeemed,
    /// The code is no good any more.
    Refused,
    /// Nobody knows: no answer, or one that says that it was not decided.
    Unknown,
}

/// A call with the instants between which it had its effect, if it had one.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) code: String,
    pub(super) begun: Duration,
    pub(super) ended: Duration,
    pub(super) outcome: Outcome,
}

/// Every way in which the calls contradict each other, in words.
pub(super) fn contradictions(calls: &[Call]) -> Vec<String> {
    let mut by_code = BTreeMap::<&str, Vec<&Call>>::new();
    for call in calls {
        by_code.entry(&call.code).or_default().push(call);
    }
    by_code.values().flat_map(|calls| of_code(calls)).collect()
}

fn of_code(calls: &[&Call]) -> Vec<String> {
    let of = |outcome| calls.iter().filter(move |call| call.outcome == outcome);
    let mut found = Vec::new();
    let redeemed: Vec<_> = of(Outcome::Redeemed).collect();
    if redeemed.len() > 1 {
        found.push(format!("redeemed {} times", redeemed.len()));
    }
    for refused in of(Outcome::Refused) {
        // It was used before, by a call that had begun by then; one of which nobody knows may have been it.
        let may_have_used = |call: &&&Call| call.outcome != Outcome::Refused && call.begun <= refused.ended;
        if !calls.iter().any(|call| may_have_used(&call)) {
            found.push("refused before anybody could have redeemed it".to_owned());
        }
        if redeemed.iter().any(|redeemed| redeemed.begun > refused.ended) {
            found.push("redeemed after it was refused".to_owned());
        }
    }
    found
}

#[test]
fn a_history_that_one_server_could_not_have_is_found() {
    let call = |begun, ended, outcome| {
        let (begun, ended) = (Duration::from_millis(begun), Duration::from_millis(ended));
        Call { code: "c".to_owned(), begun, ended, outcome }
    };
    let (redeemed, refused, unknown) = (Outcome::Redeemed, Outcome::Refused, Outcome::Unknown);
    let found = |calls: &[Call]| contradictions(calls).len();
    assert_eq!(found(&[call(0, 5, redeemed), call(2, 4, refused), call(9, 12, refused)]), 0);
    assert_eq!(found(&[call(0, 5, unknown), call(2, 4, refused)]), 0);
    assert_eq!(found(&[call(0, 5, redeemed), call(7, 9, redeemed)]), 1);
    assert_eq!(found(&[call(0, 5, refused), call(7, 9, unknown)]), 1);
    assert_eq!(found(&[call(0, 5, refused), call(7, 9, redeemed)]), 2);
}
