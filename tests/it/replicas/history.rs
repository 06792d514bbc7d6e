//! A checker of histories: whether what several replicas answered could have come from one server alone, as `stateright`
//! decides (linearizability).

use std::{collections::BTreeMap, time::Duration};

use stateright::semantics::{ConsistencyTester as _, LinearizabilityTester, SequentialSpec};

/// Something that can be taken once: a code that is redeemed, a code that binds an account, a consent that is revoked.
#[derive(Debug, Clone, Default)]
struct Once {
    is_taken: bool,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    /// That it be taken.
    Take,
    /// Whether it is still there.
    Look,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ret {
    /// It was taken by this call.
    Taken,
    /// It was taken before.
    Refused,
    /// It is still there.
    There,
    /// It is there no longer.
    NotThere,
}

impl SequentialSpec for Once {
    type Op = Op;
    type Ret = Ret;

    fn invoke(&mut self, op: &Op) -> Ret {
        match op {
            Op::Look if self.is_taken => Ret::NotThere,
            Op::Look => Ret::There,
            Op::Take if std::mem::replace(&mut self.is_taken, true) => Ret::Refused,
            Op::Take => Ret::Taken,
        }
    }
}

/// A call with the instants between which it had its effect, if it had one.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// What it was about.
    pub(super) what: String,
    pub(super) op: Op,
    pub(super) begun: Duration,
    pub(super) ended: Duration,
    /// Nobody knows where there was no answer, or one that says that it was not decided.
    pub(super) ret: Option<Ret>,
}

/// Everything about which the calls contradict each other, with these calls.
pub(super) fn contradictions(calls: &[Call]) -> Vec<String> {
    let mut histories = BTreeMap::<&str, Vec<&Call>>::new();
    for call in calls {
        histories.entry(&call.what).or_default().push(call);
    }
    let contradicts = |calls: &&Vec<&Call>| !could_be_of_one_server(calls);
    histories.values().filter(contradicts).map(|calls| format!("{calls:#?}")).collect()
}

fn could_be_of_one_server(calls: &[&Call]) -> bool {
    let begun = calls.iter().enumerate().map(|(caller, call)| (call.begun, false, caller));
    let ended = calls.iter().enumerate().map(|(caller, call)| (call.ended, true, caller));
    let mut instants: Vec<_> = begun.chain(ended).collect();
    instants.sort();
    // Each call has a caller of its own: one without an answer may have its effect at any later time, or never.
    let mut tester = LinearizabilityTester::new(Once::default());
    for (_, has_ended, caller) in instants {
        let call = calls[caller];
        let noted = match (has_ended, call.ret) {
            (false, _) => tester.on_invoke(caller, call.op),
            (true, Some(ret)) => tester.on_return(caller, ret),
            (true, None) => continue,
        };
        noted.expect("each call begins and ends once");
    }
    tester.is_consistent()
}

#[test]
fn a_history_that_one_server_could_not_have_is_found() {
    let call = |begun, ended, op, ret| {
        let (begun, ended) = (Duration::from_millis(begun), Duration::from_millis(ended));
        Call { what: "c".to_owned(), op, begun, ended, ret }
    };
    let take = |begun, ended, ret| call(begun, ended, Op::Take, ret);
    let look = |begun, ended, ret| call(begun, ended, Op::Look, Some(ret));
    let (taken, refused, unknown) = (Some(Ret::Taken), Some(Ret::Refused), None);
    let holds = |calls: &[Call]| contradictions(calls).is_empty();
    assert!(holds(&[take(0, 5, taken), take(2, 4, refused), take(9, 12, refused)]));
    assert!(holds(&[take(0, 5, unknown), take(2, 4, refused)]));
    assert!(!holds(&[take(0, 5, taken), take(7, 9, taken)]), "twice");
    assert!(!holds(&[take(0, 5, refused), take(7, 9, unknown)]), "refused before anybody could have taken it");
    assert!(!holds(&[take(0, 5, refused), take(7, 9, taken)]), "taken after it was refused");
    assert!(holds(&[take(0, 5, taken), look(1, 3, Ret::There), look(2, 4, Ret::NotThere), look(6, 7, Ret::NotThere)]));
    assert!(!holds(&[take(0, 5, taken), look(6, 7, Ret::There)]), "an old state was read");
    assert!(!holds(&[take(0, 9, taken), look(1, 2, Ret::NotThere), look(3, 4, Ret::There)]), "it came back");
    assert!(holds(&[take(0, 5, unknown), look(6, 7, Ret::There), look(8, 9, Ret::NotThere)]), "it came late");
}
