//! Verdicts from given observations.

use std::time::Duration;

use idp::{Fault, Right, faults};

use super::{
    attempt::Seen,
    end::End,
    judge::{Met, Verdict, judge},
    shown::Shown,
};
use crate::{
    cli::Protocol,
    relying_party::{Client, RecognisedBy},
};

fn client() -> Client {
    Client {
        title: "Сайт".to_owned(),
        base: "http://127.0.0.1:1".to_owned(),
        provider: "http://127.0.0.1:2".parse().ok(),
        protocol: Protocol::Oidc,
        world: "main".to_owned(),
        person: "нина".to_owned(),
        ..Client::default()
    }
}

fn judged(fault: &Fault, seen: &Seen, after: &Seen) -> Verdict {
    let met = Met { seen: seen.clone(), after: after.clone(), caught: Vec::new(), cold: false };
    judge(fault, &client(), &met)
}

fn named(id: &str) -> &'static Fault {
    faults().find(|fault| fault.id == id).unwrap()
}

fn fault(right: Right) -> &'static Fault {
    named(if right == Right::Refuse { "sig.stranger" } else { "te.500" })
}

fn seen(fault: &Fault, signed_in: bool, path: &str) -> Seen {
    let entry = serde_json::json!({ "id": 1, "method": "POST", "target": path, "status": 200, "faults": [fault.id] });
    let page = Shown {
        status: 200,
        title: "Вход не выполнен".to_owned(),
        text: "Войти ещё раз".to_owned(),
        goes_on: true,
        ..Shown::default()
    };
    let requests = vec![serde_json::from_value(entry).unwrap()];
    Seen {
        end: End::Returned,
        page,
        signed_in,
        refused: !signed_in,
        lasted: None,
        took: Duration::from_secs(1),
        requests,
    }
}

fn reasons(fault: &Fault, seen: &Seen) -> Vec<String> {
    let after = self::seen(fault, true, "/x");
    match judged(fault, seen, &after) {
        Verdict::Passed => Vec::new(),
        Verdict::Failed(reasons) => reasons,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refusal_passes_only_where_nobody_is_signed_in_and_a_page_says_so() {
    let fault = fault(Right::Refuse);
    let right = seen(fault, false, "/aas/oauth2/te");
    assert_eq!(reasons(fault, &right), Vec::<String>::new());
    assert_eq!(reasons(fault, &seen(fault, true, "/aas/oauth2/te")), ["впустил, а должен отказать"]);
    let silent = Seen { refused: false, ..right.clone() };
    assert_eq!(reasons(fault, &silent), ["не впустил, но отказа на странице не видно: «Вход не выполнен»"]);
    let broken = Seen {
        page: Shown { status: 500, leaks: vec!["trace"], goes_on: false, ..right.page.clone() },
        ..right.clone()
    };
    assert_eq!(reasons(fault, &broken).len(), 3);
    let asks = Seen {
        requests: [right.requests.clone(), seen(fault, false, "/rs/prns/1").requests].concat(),
        ..right.clone()
    };
    assert_eq!(!reasons(fault, &asks).is_empty(), fault.seen_by.contains(&"U"));
}

#[test]
fn a_client_that_never_works_again_fails_and_one_that_is_gone_is_not_judged() {
    let fault = fault(Right::Refuse);
    let right = seen(fault, false, "/aas/oauth2/te");
    let stuck = Seen { signed_in: false, ..right.clone() };
    assert!(matches!(judged(fault, &right, &stuck), Verdict::Failed(reasons) if reasons[0].contains("следующий вход")));
    let gone = Seen { end: End::NoAnswer("нет".to_owned()), ..stuck };
    assert!(matches!(judged(fault, &gone, &gone), Verdict::NotJudged(_)));
    assert!(matches!(judged(fault, &gone, &seen(fault, true, "/x")), Verdict::NotJudged(_) | Verdict::Failed(_)));
}

#[test]
fn a_right_answer_must_be_accepted_and_a_fault_that_nobody_met_says_nothing() {
    if let Some(fault) = faults().find(|fault| fault.right == Right::Accept) {
        assert_eq!(reasons(fault, &seen(fault, true, "/oidc/token")), Vec::<String>::new());
        assert_eq!(reasons(fault, &seen(fault, false, "/oidc/token")), ["не впустил, а ответ верен"]);
    }
    let fault = fault(Right::Refuse);
    let unmet = Seen { requests: Vec::new(), ..seen(fault, false, "/x") };
    let verdict = judged(fault, &unmet, &seen(fault, true, "/x"));
    assert!(matches!(verdict, Verdict::NotApplicable(why) if why.contains("не запросил")));
}

#[test]
fn what_a_client_never_asked_for_it_cannot_miss() {
    let fault = faults().find(|fault| fault.id == "claim.auth-time-old").unwrap();
    let verdict = |path| judged(fault, &seen(fault, true, path), &seen(fault, true, "/x"));
    assert!(matches!(verdict("/oidc/authorize?scope=openid"), Verdict::NotApplicable(why) if why.contains("max_age")));
    assert!(matches!(verdict("/oidc/authorize?max_age=60"), Verdict::Failed(_)));
}

#[test]
fn a_client_that_stops_before_it_goes_to_the_provider_refuses_rightly_when_its_page_says_so() {
    for id in ["disc.issuer-other", "disc.junk", "keys.empty-set"] {
        let fault = named(id);
        let stays = Seen { end: End::NeverLeft, refused: false, ..seen(fault, false, "/oidc/jwks") };
        assert_eq!(reasons(fault, &stays), Vec::<String>::new(), "{id}");
        let broken = Seen { page: Shown { status: 502, ..stays.page.clone() }, ..stays.clone() };
        assert_eq!(reasons(fault, &broken), ["страница с ответом 502"], "{id}");
        let blind = Seen { page: Shown { goes_on: false, ..stays.page.clone() }, ..stays };
        assert_eq!(reasons(fault, &blind), ["со страницы некуда идти: попробовать снова нельзя"], "{id}");
    }
}

#[test]
fn a_session_may_be_there_if_it_ends_in_time() {
    let fault = named("te.refresh-other-person");
    let open = seen(fault, true, "/oidc/token");
    let lasted = |lasted| Seen { lasted, ..open.clone() };
    let after = seen(fault, true, "/x");
    assert!(matches!(judged(fault, &lasted(None), &after), Verdict::NotJudged(why) if why.contains("часов")));
    assert_eq!(judged(fault, &lasted(Some(false)), &after), Verdict::Passed);
    let told = judged(fault, &lasted(Some(true)), &after);
    assert!(matches!(told, Verdict::Failed(reasons) if reasons[0].contains("сеанс остался")));
    let unmet = Seen { requests: Vec::new(), ..open };
    assert!(matches!(judged(fault, &unmet, &after), Verdict::NotApplicable(why) if why.contains("не обновляет")));
}

#[test]
fn what_came_to_a_foreign_host_and_what_took_too_long_is_told() {
    let fault = named("te.redirect");
    let seen = seen(fault, false, "/oidc/token");
    let after = self::seen(fault, true, "/x");
    let caught = vec!["POST /token HTTP/1.1".to_owned()];
    let met = Met { seen: seen.clone(), after: after.clone(), caught, cold: false };
    let told = judge(fault, &client(), &met);
    assert_eq!(told, Verdict::Failed(vec!["пошёл на чужой адрес: POST /token HTTP/1.1".to_owned()]));
    // Pages are allowed some time in addition to the limit of 30 s.
    let patient = Seen { took: Duration::from_secs(31), ..seen.clone() };
    assert_eq!(reasons(fault, &patient), Vec::<String>::new());
    let slow = Seen { took: Duration::from_secs(33), ..seen };
    assert_eq!(reasons(fault, &slow), ["человек ждал 33 с, а должен не больше 30"]);
}

#[test]
fn keys_that_are_kept_need_not_be_fetched_and_others_are_met_by_a_client_that_keeps_none() {
    let warm = named("keys.fetch-500-warm");
    let after = seen(warm, true, "/x");
    let unmet = |fault: &Fault, signed_in| Seen { requests: Vec::new(), ..seen(fault, signed_in, "/x") };
    assert_eq!(judged(warm, &unmet(warm, true), &after), Verdict::Passed);
    assert!(matches!(judged(warm, &seen(warm, false, "/oidc/jwks"), &after), Verdict::Failed(_)));
    let cold = named("keys.huge");
    assert!(matches!(judged(cold, &unmet(cold, true), &after), Verdict::NotJudged(why) if why.contains("restart")));
    let met = Met { seen: unmet(cold, true), after, caught: Vec::new(), cold: true };
    assert!(matches!(judge(cold, &client(), &met), Verdict::NotApplicable(_)));
}

#[test]
fn a_client_that_compares_data_with_a_register_tells_whose_data_differ() {
    let by_data = Client { recognised_by: RecognisedBy::Data, ..client() };
    for id in ["rs.person-changed", "rs.fields-missing"] {
        let fault = named(id);
        let refused = seen(fault, false, "/oidc/userinfo");
        let met = |seen: &Seen| Met {
            seen: seen.clone(),
            after: self::seen(fault, true, "/x"),
            caught: Vec::new(),
            cold: false,
        };
        assert_eq!(judge(fault, &by_data, &met(&refused)), Verdict::Passed);
        assert!(matches!(judge(fault, &client(), &met(&refused)), Verdict::Failed(_)));
        let broken = Seen { page: Shown { status: 500, ..refused.page.clone() }, ..refused };
        assert!(matches!(judge(fault, &by_data, &met(&broken)), Verdict::Failed(_)));
    }
}
