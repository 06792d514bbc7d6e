//! The verdict on one fault, from what was seen.

use idp::{Fault, Right};
use serde::Serialize;

use super::attempt::{End, Seen};
use crate::{
    control::JournalEntry,
    language::{pick, tr},
};

/// A client judged by one fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reasons")]
pub enum Verdict {
    /// It does what a right client does.
    Passed,
    /// It does not, for these reasons.
    Failed(Vec<String>),
    /// It cannot meet this fault, for this reason.
    NotApplicable(String),
    /// Nothing can be said, for this reason.
    NotJudged(String),
}

/// Most requests for keys of one sign-in (letter K), and for tokens (letter C).
const FETCHES: usize = 2;
/// Letters that cannot be seen by one sign-in over HTTP: the end of a session, and a foreign host.
const UNSEEN: [&str; 2] = ["L", "H"];

/// Letters of a fault that the verdict does not cover.
pub(super) fn unseen(fault: &Fault) -> Vec<&'static str> {
    fault.seen_by.iter().copied().filter(|letter| UNSEEN.contains(letter)).collect()
}

/// Parameters of an authorization request without which a fault is none: the client did not ask for what it lacks.
const ASKED: [(&str, &str); 2] = [("claim.acr-lower", "acr_values"), ("claim.auth-time-old", "max_age")];

/// Whether the provider did what the fault says.
pub(super) fn was_met(fault: &Fault, seen: &Seen) -> bool {
    seen.requests.iter().any(|entry| entry.faults.iter().any(|id| id == fault.id))
}

/// Whether a fault changes the keys, which a client fetches seldom.
pub(super) fn is_of_keys(fault: &Fault) -> bool {
    fault.id.starts_with("keys.") || fault.id.starts_with("disc.") || fault.id == "hdr.kid-duplicate"
}

/// The capability that a client lacks to meet a fault.
fn lacks(fault: &Fault, seen: &Seen) -> Option<String> {
    let parameter = ASKED.iter().find(|(id, _)| *id == fault.id).map(|(_, parameter)| *parameter)?;
    let mark = format!("{parameter}=");
    let asked = seen.requests.iter().any(|entry| entry.target.contains(&mark));
    (!asked).then(|| tr!("клиент не просит {parameter}", "the client does not ask for {parameter}"))
}

/// Judges the sign-in with the fault, and the one after it without.
pub(super) fn judge(fault: &Fault, seen: &Seen, after: &Seen) -> Verdict {
    if let (End::NoAnswer(why), End::NoAnswer(_)) = (&seen.end, &after.end) {
        return Verdict::NotJudged(tr!("клиент перестал отвечать: {why}", "the client stopped answering: {why}"));
    }
    if !was_met(fault, seen) {
        if is_of_keys(fault) {
            let told = pick(
                "клиент не запросил ключей заново: назовите в описании команду restart",
                "the client fetched no keys anew: name the command restart in its description",
            );
            return Verdict::NotJudged(told.to_owned());
        }
        let told = pick(
            "клиент не запросил того, что меняет эта ошибка",
            "the client never asked for what this fault changes",
        );
        return Verdict::NotApplicable(told.to_owned());
    }
    if let Some(lacks) = lacks(fault, seen) {
        return Verdict::NotApplicable(lacks);
    }
    if fault.right == Right::Refuse && seen.signed_in && fault.seen_by.contains(&"L") {
        let told = pick(
            "впустил; верно и это, если сеанс кончится вовремя, а этого отсюда не видно",
            "let in, which is right as well where the session ends in time; that is not seen from here",
        );
        return Verdict::NotJudged(told.to_owned());
    }
    let mut reasons: Vec<_> = of_class(fault, seen).into_iter().collect();
    reasons.extend(of_page(seen));
    reasons.extend(of_requests(fault, seen));
    if !after.signed_in {
        let why = after.end.told("sign-in");
        reasons.push(tr!(
            "следующий вход, уже без ошибки, не удался: {why}",
            "the next sign-in, without the fault, failed: {why}"
        ));
    }
    if reasons.is_empty() { Verdict::Passed } else { Verdict::Failed(reasons) }
}

fn of_class(fault: &Fault, seen: &Seen) -> Option<String> {
    match fault.right {
        Right::Refuse if seen.signed_in => {
            Some(pick("впустил, а должен отказать", "let in, and should refuse").to_owned())
        }
        Right::Refuse if seen.end == End::Returned && !seen.refused => {
            let title = &seen.page.title;
            Some(tr!(
                "не впустил, но отказа на странице не видно: «{title}»",
                "did not let in, but the page shows no refusal: \"{title}\""
            ))
        }
        Right::Accept if !seen.signed_in => {
            Some(pick("не впустил, а ответ верен", "did not let in, though the answer is right").to_owned())
        }
        _ => None,
    }
}

/// Letter P: a page that people can read, on which nothing stands that should not, and from which one can try again.
fn of_page(seen: &Seen) -> Vec<String> {
    if seen.end != End::Returned {
        return vec![seen.end.told("sign-in")];
    }
    let page = &seen.page;
    let mut reasons = Vec::new();
    if page.status >= 500 {
        reasons.push(tr!("страница с ответом {}", "a page with status {}", page.status));
    }
    if page.text.trim().is_empty() {
        reasons.push(pick("страница пуста", "the page is empty").to_owned());
    }
    for leak in &page.leaks {
        reasons.push(match *leak {
            "token" => pick("на странице маркер", "a token stands on the page").to_owned(),
            _ => pick("на странице трасса ошибки", "the trace of a fault stands on the page").to_owned(),
        });
    }
    if !seen.signed_in && !page.goes_on {
        reasons.push(
            pick("со страницы некуда идти: попробовать снова нельзя", "the page leads nowhere: one cannot try again")
                .to_owned(),
        );
    }
    reasons
}

/// Letters T, U, K, C: what the provider was asked for, and how often.
fn of_requests(fault: &Fault, seen: &Seen) -> Vec<String> {
    let has = |letter: &str| fault.seen_by.contains(&letter);
    let of = |is: fn(&str) -> bool| seen.requests.iter().filter(|entry| is(entry.path())).collect::<Vec<_>>();
    let named = |entry: &JournalEntry| format!("{} {}", entry.method, entry.path());
    let (tokens, data, keys) = (of(is_token), of(is_data), of(is_key));
    let mut reasons = Vec::new();
    if let Some(first) = tokens.first().filter(|_| has("T") && fault.right == Right::Refuse) {
        let what = named(first);
        reasons.push(tr!("обменял код: {what}", "exchanged the code: {what}"));
    }
    if let Some(first) = data.first().filter(|_| has("U") && fault.right == Right::Refuse) {
        let what = named(first);
        reasons.push(tr!("пришёл за данными с этим маркером: {what}", "asked for data with this token: {what}"));
    }
    for (letter, asked) in [("K", &keys), ("C", &tokens)] {
        if has(letter) && asked.len() > FETCHES {
            let (number, what) = (asked.len(), named(asked[0]));
            reasons.push(tr!(
                "запросов {what}: {number}, а должно быть не больше {FETCHES}",
                "requests {what}: {number}, at most {FETCHES} are right"
            ));
        }
    }
    reasons
}

fn is_token(path: &str) -> bool {
    path.starts_with("/aas/oauth2/") && path.ends_with("/te") || path == "/oidc/token"
}

fn is_data(path: &str) -> bool {
    path.starts_with("/rs/") || path.starts_with("/esia-rs/") || path == "/oidc/userinfo"
}

fn is_key(path: &str) -> bool {
    path.starts_with("/public/") || path == "/oidc/jwks"
}

#[cfg(test)]
mod tests {
    use idp::faults;

    use super::*;
    use crate::conformance::attempt::Shown;

    fn fault(right: Right) -> &'static Fault {
        faults().find(|fault| fault.right == right && fault.seen_by.contains(&"S") == (right == Right::Refuse)).unwrap()
    }

    fn seen(fault: &Fault, signed_in: bool, path: &str) -> Seen {
        let entry =
            serde_json::json!({ "id": 1, "method": "POST", "target": path, "status": 200, "faults": [fault.id] });
        let page = Shown {
            status: 200,
            title: "Вход не выполнен".to_owned(),
            text: "Войти ещё раз".to_owned(),
            goes_on: true,
            ..Shown::default()
        };
        let requests = vec![serde_json::from_value(entry).unwrap()];
        Seen { end: End::Returned, page, signed_in, refused: !signed_in, requests }
    }

    fn reasons(fault: &Fault, seen: &Seen) -> Vec<String> {
        let after = self::seen(fault, true, "/x");
        match judge(fault, seen, &after) {
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
        assert!(
            matches!(judge(fault, &right, &stuck), Verdict::Failed(reasons) if reasons[0].contains("следующий вход"))
        );
        let gone = Seen { end: End::NoAnswer("нет".to_owned()), ..stuck };
        assert!(matches!(judge(fault, &gone, &gone), Verdict::NotJudged(_)));
        assert!(matches!(judge(fault, &gone, &seen(fault, true, "/x")), Verdict::NotJudged(_) | Verdict::Failed(_)));
    }

    #[test]
    fn a_right_answer_must_be_accepted_and_a_fault_that_nobody_met_says_nothing() {
        if let Some(fault) = faults().find(|fault| fault.right == Right::Accept) {
            assert_eq!(reasons(fault, &seen(fault, true, "/oidc/token")), Vec::<String>::new());
            assert_eq!(reasons(fault, &seen(fault, false, "/oidc/token")), ["не впустил, а ответ верен"]);
        }
        let fault = fault(Right::Refuse);
        let unmet = Seen { requests: Vec::new(), ..seen(fault, false, "/x") };
        let verdict = judge(fault, &unmet, &seen(fault, true, "/x"));
        assert!(matches!(verdict, Verdict::NotApplicable(why) if why.contains("не запросил")));
    }

    #[test]
    fn what_a_client_never_asked_for_it_cannot_miss() {
        let fault = faults().find(|fault| fault.id == "claim.auth-time-old").unwrap();
        let verdict = |path| judge(fault, &seen(fault, true, path), &seen(fault, true, "/x"));
        assert!(
            matches!(verdict("/oidc/authorize?scope=openid"), Verdict::NotApplicable(why) if why.contains("max_age"))
        );
        assert!(matches!(verdict("/oidc/authorize?max_age=60"), Verdict::Failed(_)));
    }
}
