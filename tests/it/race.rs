//! Two people, or one person twice, do the same thing at once over real connections: one wins, and the others hear a clear
//! refusal. Which of them wins is nobody's business.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Program, ReadAnswer, Server};
use tokio::{sync::Barrier, task::JoinSet};

/// Requests at once.
const AT_ONCE: usize = 6;

/// A family: Анна and Пётр have cards of Ваня, who has no account, of Катя, who registered alone, and of Лев, whose account
/// Анна made and both manage.
fn family() -> Value {
    let person = |name: &str, born: &str, number: u32| {
        json!({ "name": name, "gender": if name.ends_with('а') { "F" } else { "M" }, "born": born,
            "snils": format!("001-000-{number:03} 00"), "birth-certificate": format!("I-ОО {number:06}") })
    };
    let with = |mut person: Value, email: &str, level: &str| {
        person["account"] = json!({ "email": email, "password": "a-secret-word", "level": level });
        person
    };
    let card = |guardian: &str, child: &str| json!({ "guardian": guardian, "child": child });
    json!({
        "people": {
            "анна": with(person("Петрова Анна Сергеевна", "1985-03-14", 1), "anna@family.test", "confirmed"),
            "пётр": with(person("Петров Пётр Ильич", "1983-07-01", 2), "petr@family.test", "confirmed"),
            "ваня": person("Петров Иван Петрович", "2013-05-20", 11),
            "катя": with(person("Петрова Екатерина Петровна", "2009-02-03", 12), "katya@family.test", "standard"),
            "лев": with(person("Петров Лев Петрович", "2014-06-06", 13), "lev@family.test", "standard"),
        },
        "families": [card("анна", "ваня"), card("анна", "катя"), card("анна", "лев"),
            card("пётр", "ваня"), card("пётр", "катя"), card("пётр", "лев")],
        "bindings": [card("анна", "лев"), card("пётр", "лев")],
        "clients": [{ "mnemonic": "DIARY", "title": "Дневник", "organisation": "Школа", "school-portfolio": true,
            "scopes": ["openid", "fullname"] }],
    })
}

/// The actor who sends a request.
#[derive(Clone)]
enum Actor {
    /// Somebody who is not signed in, or a tester at the control API.
    Stranger,
    /// Somebody with a session, by its token.
    SignedIn(String),
}

/// One thing to be done at once with others.
#[derive(Clone)]
struct Deed {
    by: Actor,
    method: Method,
    path: String,
    body: Value,
}

impl Actor {
    fn does(&self, method: Method, path: impl Into<String>, body: Value) -> Deed {
        Deed { by: self.clone(), method, path: path.into(), body }
    }

    fn posts(&self, path: impl Into<String>, body: Value) -> Deed {
        self.does(Method::POST, path, body)
    }

    fn deletes(&self, path: impl Into<String>) -> Deed {
        self.does(Method::DELETE, path, json!({}))
    }

    fn gets(&self, path: impl Into<String>) -> Deed {
        self.does(Method::GET, path, json!({}))
    }
}

impl Deed {
    /// The same in a world.
    fn within(self, world: &str) -> Self {
        Self { path: format!("/w/{world}{}", self.path), ..self }
    }

    /// The same deed, many times.
    fn many(&self) -> impl Iterator<Item = Self> {
        std::iter::repeat_n(self.clone(), AT_ONCE)
    }
}

/// A world of that family on a server of its own.
struct Town {
    server: Arc<Server>,
}

impl Town {
    async fn new() -> Self {
        let server = Server::idp().await;
        let world = json!({ "name": "town", "seed": { "gosuslugi": family(), "clock": { "frozen": "2024-09-02T09:00:00+03:00" } } });
        assert_eq!(server.post("/control/worlds", &world).await.outcome(), "201");
        Self { server: Arc::new(server) }
    }

    async fn ask(&self, deed: Deed) -> ReadAnswer {
        ask(&self.server, deed.within("town")).await
    }

    async fn sign_in(&self, login: &str) -> Actor {
        sign_in(&self.server, "town", login).await
    }

    /// The newest message to an address.
    async fn letter(&self, to: &str) -> Value {
        let path = format!("/control/outbox?to={}", to.replace('+', "%2B"));
        self.ask(Actor::Stranger.gets(path)).await.ok()[0].clone()
    }

    /// Does all of it at once and counts how it ended.
    async fn at_once(&self, deeds: impl IntoIterator<Item = Deed>) -> BTreeMap<String, usize> {
        counted(&self.answers(deeds).await)
    }

    /// Does all of it at once.
    async fn answers(&self, deeds: impl IntoIterator<Item = Deed>) -> Vec<ReadAnswer> {
        at_once(&self.server, deeds.into_iter().map(|deed| deed.within("town")).collect()).await
    }
}

async fn sign_in(server: &Server, world: &str, login: &str) -> Actor {
    let path = format!("/control/people/{login}/session");
    let answer = ask(server, Actor::Stranger.posts(path, json!({})).within(world)).await;
    Actor::SignedIn(answer.json(201)["session"].as_str().expect("a session").to_owned())
}

async fn ask(server: &Server, deed: Deed) -> ReadAnswer {
    let request = server.request(deed.method, &deed.path).json(&deed.body);
    let request = match deed.by {
        Actor::SignedIn(session) => request.bearer_auth(session),
        Actor::Stranger => request,
    };
    server.send(request).await
}

async fn at_once(server: &Arc<Server>, deeds: Vec<Deed>) -> Vec<ReadAnswer> {
    let asked = deeds.into_iter().map(|deed| {
        let server = Arc::clone(server);
        async move { ask(&server, deed).await }
    });
    together(asked.collect()).await
}

/// Begins all of it at once.
async fn together<T: Send + 'static>(all: Vec<impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    let (mut begun, start) = (JoinSet::new(), Arc::new(Barrier::new(all.len())));
    for one in all {
        let start = Arc::clone(&start);
        begun.spawn(async move {
            start.wait().await;
            one.await
        });
    }
    begun.join_all().await
}

fn counted(answers: &[ReadAnswer]) -> BTreeMap<String, usize> {
    let mut outcomes = BTreeMap::new();
    for answer in answers {
        *outcomes.entry(answer.outcome()).or_default() += 1;
    }
    outcomes
}

fn ended(outcomes: &[(&str, usize)]) -> BTreeMap<String, usize> {
    outcomes.iter().map(|(outcome, times)| ((*outcome).to_owned(), *times)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_registrations_with_one_e_mail_one_becomes_an_account() {
    let town = Town::new().await;
    let mut finish = Vec::new();
    for _ in 0..AT_ONCE {
        let who = json!({ "last": "Новиков", "first": "Лев", "email": "new@family.test" });
        let begun = town.ask(Actor::Stranger.posts("/lk/api/registration", who)).await.json(201);
        let id = begun["id"].as_str().expect("a registration").to_owned();
        let link = town.letter("new@family.test").await["link"].as_str().expect("a link").to_owned();
        let letter = json!({ "letter": link.split("letter=").nth(1) });
        assert_eq!(
            town.ask(Actor::Stranger.posts(format!("/lk/api/registration/{id}/email"), letter)).await.outcome(),
            "200"
        );
        let password = json!({ "password": "a-secret-word", "repeated": "a-secret-word" });
        finish.push(Actor::Stranger.posts(format!("/lk/api/registration/{id}/password"), password));
    }
    assert_eq!(town.at_once(finish).await, ended(&[("201", 1), ("409 email-taken email", AT_ONCE - 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_guardians_one_makes_the_childs_account() {
    let town = Town::new().await;
    let (anna, petr) = (town.sign_in("anna@family.test").await, town.sign_in("petr@family.test").await);
    let mail = |name: &str| json!({ "childrens_mail": name });
    let begun =
        [anna.posts("/lk/api/family/1/account", mail("vanya")), petr.posts("/lk/api/family/4/account", mail("vanya"))];
    assert_eq!(town.at_once(begun).await, ended(&[("202", 1), ("409 email-taken email", 1)]));
    for (card, guardian) in [(1, &anna), (4, &petr)] {
        let path = format!("/lk/api/family/{card}/account");
        town.ask(guardian.deletes(&path)).await;
        assert_eq!(town.ask(guardian.posts(&path, mail(&format!("vanya-{card}")))).await.outcome(), "202");
    }
    let password = json!({ "password": "a-secret-word", "repeated": "a-secret-word" });
    let made = [(1, &anna), (4, &petr)]
        .map(|(card, guardian)| guardian.posts(format!("/lk/api/family/{card}/account/password"), password.clone()));
    assert_eq!(town.at_once(made).await, ended(&[("201", 1), ("409 has-account", 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_code_binds_once() {
    let town = Town::new().await;
    let (anna, katya) = (town.sign_in("anna@family.test").await, town.sign_in("katya@family.test").await);
    let email = json!({ "email": "katya@family.test" });
    let code = town.ask(anna.posts("/lk/api/family/2/binding", email)).await.json(201);
    let redeem = katya.posts("/lk/api/binding/redeem", json!({ "code": code["code"] }));
    let outcomes = town.at_once(redeem.many()).await;
    assert_eq!(outcomes, ended(&[("200", 1), ("409 nothing-to-redeem code", AT_ONCE - 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_asked_for_at_once_leave_one_that_works() {
    let town = Town::new().await;
    let (anna, katya) = (town.sign_in("anna@family.test").await, town.sign_in("katya@family.test").await);
    let ask = anna.posts("/lk/api/family/2/binding", json!({ "email": "katya@family.test" }));
    // Four, for a code survives four wrong ones.
    let answers = town.answers(ask.many().take(4)).await;
    let codes: BTreeSet<_> =
        answers.iter().map(|answer| answer.json(201)["code"].as_str().expect("a code").to_owned()).collect();
    assert_eq!(codes.len(), 4, "{codes:?}");
    let redeem = |code: &String| town.ask(katya.posts("/lk/api/binding/redeem", json!({ "code": code })));
    let mut worked = 0;
    for code in &codes {
        worked += usize::from(redeem(code).await.status == 200);
    }
    assert_eq!(worked, 1, "{codes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_card_is_added_once_and_sent_to_be_checked_once() {
    let town = Town::new().await;
    let anna = town.sign_in("anna@family.test").await;
    let child = json!({ "last": "Петров", "first": "Егор", "gender": "M", "born": "2016-01-01", "series": "II-ОО", "number": "000099" });
    let added = town.at_once(anna.posts("/lk/api/family", child).many()).await;
    assert_eq!(added, ended(&[("201", 1), ("409 card-already-there name", AT_ONCE - 1)]));
    let sent = town.at_once(anna.posts("/lk/api/family/7/check", json!({})).many()).await;
    assert_eq!(sent, ended(&[("202", 1), ("409 checking", AT_ONCE - 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_confirms_once_and_a_letter_restores_once() {
    let town = Town::new().await;
    let confirm = Actor::Stranger.posts("/control/people/katya@family.test/confirm", json!({ "place": "mfc" }));
    assert_eq!(town.at_once(confirm.many()).await, ended(&[("200", 1), ("409 already-confirmed", AT_ONCE - 1)]));
    town.ask(Actor::Stranger.posts("/lk/api/recovery", json!({ "login": "katya@family.test" }))).await;
    let link = town.letter("katya@family.test").await["link"].as_str().expect("a link").to_owned();
    let password =
        json!({ "token": link.split("token=").nth(1), "password": "another-word", "repeated": "another-word" });
    let restore = Actor::Stranger.posts("/lk/api/recovery/password", password);
    assert_eq!(town.at_once(restore.many()).await, ended(&[("204", 1), ("409 recovery-lapsed", AT_ONCE - 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_who_act_on_one_account_at_once_do_not_both_succeed() {
    let town = Town::new().await;
    let (anna, petr) = (town.sign_in("anna@family.test").await, town.sign_in("petr@family.test").await);
    let people = town.ask(Actor::Stranger.gets("/control/people")).await.ok();
    let lev =
        people.as_array().expect("people").iter().find(|person| person["key"] == "лев").expect("Лев")["oid"].clone();
    let beforehand = json!({ "child": lev, "client": "DIARY" });
    let granted = [&anna, &petr].map(|guardian| guardian.posts("/lk/api/portfolio", beforehand.clone()));
    assert_eq!(town.at_once(granted).await, ended(&[("204", 1), ("409 consent-already-granted", 1)]));
    let revoked = [&anna, &petr].map(|guardian| guardian.deletes("/lk/api/consents/1"));
    assert_eq!(town.at_once(revoked).await, ended(&[("204", 1), ("404 consent-unknown", 1)]));
    let logins = [(3, &anna, "katya@family.test"), (6, &petr, "katya@family.test")].map(|(card, guardian, email)| {
        guardian.does(Method::PUT, format!("/lk/api/family/{card}/manage"), json!({ "email": email }))
    });
    assert_eq!(town.at_once(logins).await, ended(&[("409 email-taken email", 2)]));
    let deleted =
        [(3, &anna), (6, &petr)].map(|(card, guardian)| guardian.deletes(format!("/lk/api/family/{card}/manage")));
    assert_eq!(town.at_once(deleted).await, ended(&[("204", 1), ("409 not-bound", 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_of_an_application_opens_one_session() {
    let town = Town::new().await;
    let anna = town.sign_in("anna@family.test").await;
    let choice = json!({ "factor": "totp", "current": "a-secret-word" });
    let offered = anna.does(Method::PUT, "/lk/api/security/factor", choice);
    assert_eq!(town.ask(offered).await.outcome(), "200");
    let shown = async || {
        let path = "/control/people/anna@family.test/totp";
        town.ask(Actor::Stranger.gets(path)).await.ok()["code"].clone()
    };
    let confirmed = town.ask(anna.posts("/lk/api/security/totp", json!({ "code": shown().await }))).await;
    assert_eq!(confirmed.outcome(), "200");
    town.ask(Actor::Stranger.posts("/control/clock", json!({ "advance": "30s" }))).await;
    let mut tried = Vec::new();
    for _ in 0..AT_ONCE {
        let login = json!({ "login": "anna@family.test", "password": "a-secret-word" });
        let entered = town.ask(Actor::Stranger.posts("/aas/oauth2/api/login", login)).await;
        let cookies = entered.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let cookies = cookies.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        let path = format!("/w/town/aas/oauth2/api/login/totp/verify?code={}", shown().await.as_str().expect("a code"));
        let server = Arc::clone(&town.server);
        tried.push(async move {
            let reply = server.send(server.request(Method::POST, &path).header("cookie", cookies)).await.ok();
            reply["failed"].as_str().or(reply["action"].as_str()).expect("how it ended").to_owned()
        });
    }
    let mut outcomes = BTreeMap::new();
    for outcome in together(tried).await {
        *outcomes.entry(outcome).or_default() += 1;
    }
    assert_eq!(outcomes, ended(&[("DONE", 1), ("INVALID_OTP", AT_ONCE - 1)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_consent_is_settled_by_one_of_two_guardians() {
    let idp = Arc::new(Server::idp().await);
    let diary = Server::diary(&idp.url).await;
    // The diary asks for the consent as it does in life, and the world stays.
    let folder = tempfile::tempdir().expect("folder");
    fs::create_dir(folder.path().join("worlds")).expect("folder");
    let seed = include_str!("../../scenarios/worlds/родные.yaml");
    let bindings = "bindings:\n    - {guardian: олег, child: лёша}\n";
    fs::write(folder.path().join("worlds/двое.yaml"), seed.replace("bindings:\n", bindings)).expect("seed");
    let feature = folder.path().join("asked.feature");
    let text = "# language: ru\nФункция: запрос\n\n  Сценарий: дневник спросил обоих родителей\n    Дано мир «двое»\n    \
                Когда Лёша входит в дневник\n";
    fs::write(&feature, text).expect("feature");
    let feature = feature.to_str().expect("its name");
    let played = Program::run(&["run", "--keep", "--idp", &idp.url, "--diary", &diary.url, feature]).await;
    assert_eq!(played.code, Some(0), "{}\n{}", played.out, played.err);
    let worlds = idp.get("/control/worlds").await.ok();
    let mut names = worlds.as_array().expect("worlds").iter().filter_map(|world| world["name"].as_str());
    let world = names.rfind(|name| *name != "main").expect("the world").to_owned();

    let mut grants = Vec::new();
    for guardian in ["marina", "oleg"] {
        let login = format!("{guardian}@example.test");
        let guardian = sign_in(&idp, &world, &login).await;
        grants.push(guardian.posts("/lk/api/consents/requests/1/grant", json!({})).within(&world));
    }
    assert_eq!(counted(&at_once(&idp, grants).await), ended(&[("204", 1), ("409 consent-already-granted", 1)]));
}
