//! Sign-in links: a program opens a session without a password, and a browser takes it over by a link that works once.

use chrono::{DateTime, Utc};
use web::{LINK_TTL, is_link_of};
use worlds::{Decided, WorldRng};

use super::{Account, AccountEvent, Accounts, Session};
use crate::{event::Event, portal::Portal};

impl Accounts {
    /// Returns the session whose unused link has this code, and its id; `None` if the session or the link has expired.
    fn linked(&self, code: &str, now: DateTime<Utc>) -> Option<(&str, &Session)> {
        let waits = |session: &Session| now < session.expires_at && session.link_until.is_some_and(|until| now < until);
        self.sessions.iter(now).find(|(id, session)| waits(session) && is_link_of(code, id))
    }
}

impl Portal {
    /// Opens a session without a password, as a private person, with a link by which a browser takes it over. Returns
    /// the session's id.
    pub(crate) fn open_session(
        &self,
        account: &Account,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Decided<Event, String> {
        let (mut events, session) = self.sign_in(account, now, rng);
        let until = now + LINK_TTL;
        for event in &mut events {
            if let Event::Account(AccountEvent::SignedIn { link_until, .. }) = event {
                *link_until = Some(until);
            }
        }
        events.push(Event::Account(AccountEvent::RoleChosen { session: session.clone(), organisation: None }));
        (events, session)
    }

    /// Lets a browser take over the session whose unused link has this code. Returns the session's id.
    pub(crate) fn take_over(&self, code: &str, now: DateTime<Utc>) -> Option<Decided<Event, String>> {
        let (id, session) = self.accounts.linked(code, now)?;
        let opened = AccountEvent::LinkOpened { oid: session.oid, session: id.to_owned() };
        Some((vec![Event::Account(opened)], id.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use crate::{
        protocols::esia::testing::AuthorizationAnswer as _,
        testing::{Answer, Rig, family, september},
    };

    async fn opened(rig: &Rig, path: &str) -> Answer {
        rig.control().post(&format!("{path}/control/people/%D0%B0%D0%BD%D0%BD%D0%B0/session"), &json!({})).await
    }

    /// Opens a link in a browser without cookies.
    async fn follow(rig: &Rig, link: &str, query: &str) -> Answer {
        let path = link.strip_prefix("http://127.0.0.1:8001").unwrap_or_else(|| panic!("{link}"));
        rig.send(Request::get(format!("{path}{query}")).body(Body::empty()).unwrap()).await
    }

    fn cookie(answer: &Answer) -> &str {
        let all = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        all.into_iter().find(|cookie| cookie.starts_with("idp_session_")).unwrap_or("none")
    }

    #[tokio::test]
    async fn a_session_opened_by_a_program_signs_in_whoever_keeps_cookies() {
        let rig = Rig::new(family()).await;
        rig.control().post("/control/worlds", &json!({ "name": "w1", "seed": { "gosuslugi": family() } })).await;
        for (path, name, scope) in [("", "main", "/"), ("/w/w1", "w1", "/w/w1")] {
            let answer = opened(&rig, path).await;
            assert_eq!(answer.headers["cache-control"], "no-store");
            let session = answer.json(201)["session"].as_str().unwrap().to_owned();
            let expected = format!("idp_session_{name}={session}; Path={scope}; HttpOnly; SameSite=Lax");
            assert_eq!(cookie(&answer), expected);
            let page = Request::get(format!("{path}/lk")).header("cookie", format!("idp_session_{name}={session}"));
            assert!(rig.send(page.body(Body::empty()).unwrap()).await.body.contains("Анна"), "{path}");
        }
    }

    #[tokio::test]
    async fn a_link_signs_a_browser_in_once_and_only_for_a_while() {
        let rig = Rig::new(family()).await;
        let told = opened(&rig, "").await.json(201);
        let (link, session) = (told["link"].as_str().unwrap(), told["session"].as_str().unwrap());
        assert!(!link.contains(session), "a link tells nothing of the session");
        assert_eq!(told["link_expires_at"], "2024-09-02T06:05:00Z");
        let first = follow(&rig, link, "").await;
        assert_eq!((first.status.as_u16(), first.location()), (303, "/lk"), "{}", first.body);
        assert!(cookie(&first).starts_with(&format!("idp_session_main={session}; Path=/; HttpOnly")));
        let again = follow(&rig, link, "").await;
        assert_eq!((again.status.as_u16(), cookie(&again)), (410, "none"), "once");
        let late = opened(&rig, "").await.json(201);
        rig.wall.set(september() + TimeDelta::minutes(5));
        assert_eq!(follow(&rig, late["link"].as_str().unwrap(), "").await.status, 410, "five minutes");
        for code in ["0", session, "%D1%8F", "../../lk"] {
            let answer = follow(&rig, &format!("http://127.0.0.1:8001/login/link/{code}"), "").await;
            assert!(answer.status.is_client_error() && cookie(&answer) == "none", "{code}: {}", answer.status);
        }
        let timeline = rig.control().get("/control/timeline").await.body;
        assert!(timeline.contains("Петрова Анна Сергеевна: сеанс открыт в браузере по ссылке"), "{timeline}");
    }

    #[tokio::test]
    async fn a_link_leads_inside_its_world_wherever_it_is_told_to() {
        let rig = Rig::new(family()).await;
        rig.control().post("/control/worlds", &json!({ "name": "w1", "seed": { "gosuslugi": family() } })).await;
        for (path, next, to) in [
            ("", "/lk/family", "/lk/family"),
            ("", "/lk/%D1%8F?a=1%262", "/lk/%D1%8F?a=1&2"),
            ("", "http%3A%2F%2F127.0.0.1%3A8001%2Flk%2Ffamily", "/lk/family"),
            ("/w/w1", "/lk/family", "/w/w1/lk/family"),
            ("/w/w1", "/w/w1/lk/family", "/w/w1/lk/family"),
            ("", "//evil.example/", "/lk"),
            ("", "/%5Cevil.example/", "/lk"),
            ("", "/%09/evil.example/", "/lk"),
            ("", "/.//evil.example/", "/lk"),
            ("", "%2F%0A%2Fevil.example", "/lk"),
            ("", "https%3A%2F%2Fevil.example%2Flk", "/lk"),
            ("", "javascript%3Aalert(1)", "/lk"),
            ("", "", "/lk"),
        ] {
            let told: Value = opened(&rig, path).await.json(201);
            let answer = follow(&rig, told["link"].as_str().unwrap(), &format!("?next={next}")).await;
            assert_eq!((answer.status.as_u16(), answer.location()), (303, to), "{path} {next}");
        }
    }

    #[tokio::test]
    async fn a_page_of_another_site_opens_no_session() {
        let rig = Rig::new(family()).await;
        let request = Request::post("/control/people/%D0%B0%D0%BD%D0%BD%D0%B0/session");
        let request = request.header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
        let answer = rig.send(request).await;
        assert_eq!((answer.status.as_u16(), cookie(&answer)), (403, "none"));
    }
}
