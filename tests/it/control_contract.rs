//! The part of the control API that both servers share: people, acting as one of them, letters. One test run, two servers.

use reqwest::{Method, header};
use serde_json::{Value, json};
use tests::{ReadAnswer, Server};

/// A person who is known to both servers.
fn seed() -> Value {
    let name = "Петрова Анна Сергеевна";
    json!({
        "clock": { "frozen": "2024-09-02T09:00:00+03:00" },
        "gosuslugi": { "people": { "анна": {
            "name": name, "gender": "F", "born": "1985-03-14", "snils": "001-000-001 00",
            "account": { "email": "anna@family.test", "password": "a-secret-word", "level": "confirmed" },
        } } },
        "diary": { "password-until": "2030-01-01", "parents": { "анна": {
            "name": name, "snils": "001-000-001 00", "active": true,
            "password-login": { "login": "anna", "password": "a-secret-word", "email": "anna@family.test" },
        } } },
    })
}

/// A server with the world `town`, and how it is made to send a letter.
struct Town {
    server: Server,
    forgotten: (&'static str, Value),
}

impl Town {
    async fn both() -> [Self; 2] {
        let idp = Server::idp().await;
        let diary = Server::diary(&idp.url).await;
        let idp = Self { server: idp, forgotten: ("/lk/api/recovery", json!({ "login": "anna@family.test" })) };
        let diary = Self { server: diary, forgotten: ("/api/login/forgotten", json!({ "login": "anna" })) };
        for town in [&idp, &diary] {
            let world = json!({ "name": "town", "seed": seed() });
            assert_eq!(town.server.post("/control/worlds", &world).await.outcome(), "201");
        }
        [idp, diary]
    }

    async fn get(&self, path: &str) -> ReadAnswer {
        self.server.get(&format!("/w/town{path}")).await
    }

    async fn act_as(&self, key: &str) -> ReadAnswer {
        self.server.post(&format!("/w/town/control/people/{key}/session"), &json!({})).await
    }
}

fn fields(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test]
async fn people_are_told_in_one_shape() {
    for town in Town::both().await {
        let people = town.get("/control/people").await.ok();
        let [anna] = people.as_array().expect("a list").as_slice() else { panic!("one person: {people}") };
        assert_eq!((&anna["key"], &anna["name"]), (&json!("анна"), &json!("Петрова Анна Сергеевна")));
        assert_eq!(anna["password"], "a-secret-word");
        assert!(anna["about"].is_string() && anna["login"].is_string(), "{anna}");
        let known = ["about", "contacts", "key", "login", "name", "oid", "password"];
        assert!(fields(anna).iter().all(|field| known.contains(field)), "{anna}");
    }
}

#[tokio::test]
async fn a_session_is_opened_with_201_a_cookie_and_a_link() {
    for town in Town::both().await {
        let answer = town.act_as("анна").await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let opened = answer.json(201);
        assert_eq!(fields(&opened), ["session", "link", "link_expires_at"]);
        assert_eq!(opened["link_expires_at"], "2024-09-02T06:05:00Z");
        let session = opened["session"].as_str().expect("a session");
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains(&format!("_town={session}; Path=/w/town; HttpOnly")), "{cookie}");
        let page = town.server.request(Method::GET, "/w/town/").header(header::COOKIE, cookie);
        assert_eq!(town.server.send(page).await.status, 200);
    }
}

#[tokio::test]
async fn a_link_hands_the_session_to_a_browser_once() {
    for town in Town::both().await {
        let opened = town.act_as("анна").await.json(201);
        let link = opened["link"].as_str().expect("a link");
        let path = link.strip_prefix(&town.server.url).expect("an address of this server");
        assert!(path.starts_with("/w/town/login/link/"), "{path}");
        let first = town.server.get(path).await;
        let session = opened["session"].as_str().expect("a session");
        assert_eq!(first.status, 303, "{}", first.body);
        assert!(first.header("set-cookie").contains(session) && first.header("location").starts_with("/w/town/"));
        assert_eq!(town.server.get(path).await.status, 410, "once");
        let never = town.server.request(Method::GET, "/w/town/login/link/0").header(header::ACCEPT, "application/json");
        assert_eq!(town.server.send(never).await.status, 410);
    }
}

#[tokio::test]
async fn nobody_acts_as_somebody_who_is_not_there() {
    for town in Town::both().await {
        let refused = town.act_as("никто").await.problem(404);
        assert_eq!((&refused["code"], &refused["field"]), (&json!("not-found"), &json!("key")));
        assert!(refused["way_out"].as_str().is_some_and(|way| way.contains("GET /control/people")), "{refused}");
    }
}

#[tokio::test]
async fn letters_are_kept_in_one_shape_newest_first() {
    for town in Town::both().await {
        assert_eq!(town.get("/control/outbox").await.ok(), json!([]));
        let (path, body) = &town.forgotten;
        for _ in 0..2 {
            let asked = town.server.post(&format!("/w/town{path}"), body).await;
            assert!(asked.status.is_success(), "{}", asked.body);
        }
        let sent = town.get("/control/outbox?to=anna@family.test").await.ok();
        let letters = sent.as_array().expect("a list");
        let numbers: Vec<_> = letters.iter().filter_map(|letter| letter["seq"].as_u64()).collect();
        assert_eq!(numbers, [2, 1], "{sent}");
        for letter in letters {
            assert_eq!((&letter["channel"], &letter["to"]), (&json!("email"), &json!("anna@family.test")));
            assert_eq!(letter["at"], "2024-09-02T06:00:00Z");
            assert!(letter["subject"].is_string() && letter["text"].is_string(), "{letter}");
            let link = letter["link"].as_str();
            assert!(link.is_none_or(|link| link.starts_with(&format!("{}/w/town/", town.server.url))), "{letter}");
        }
        let others = town.get("/control/outbox?to=nobody@family.test").await.ok();
        assert_eq!(others, json!([]));
    }
}

#[tokio::test]
async fn both_documents_describe_the_contract_in_the_same_words() {
    let [idp, diary] = Town::both().await;
    let documents = [idp.get("/control/openapi.json").await.ok(), diary.get("/control/openapi.json").await.ok()];
    for path in ["/control/people", "/control/people/{key}/session", "/control/outbox"] {
        let [first, second] = documents.each_ref().map(|document| &document["paths"][path]);
        assert!(first.is_object(), "{path}");
        assert_eq!(first, second, "{path}");
    }
    for schema in ["PersonView", "OpenedSession", "OutboxMessage", "OutboxChannel"] {
        let [first, second] = documents.each_ref().map(|document| &document["components"]["schemas"][schema]);
        assert!(first.is_object(), "{schema}");
        assert_eq!(first, second, "{schema}");
    }
}
