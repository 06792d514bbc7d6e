use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::testing::{Answer, Rig, family, newest, russian_on, september, six_digits};

/// Анна and Пётр both have a checked card of Ваня, Анна one of Лев as well.
fn section() -> Value {
    let mut section = family();
    section["people"]["лев"] = json!({ "name": "Петров Лев Петрович", "gender": "M", "born": "2015-05-20",
        "snils": "001-000-015 00", "birth-certificate": "I-ОО 000015" });
    section["families"] = json!([
        { "guardian": "анна", "child": "ваня" },
        { "guardian": "пётр", "child": "ваня" },
        { "guardian": "анна", "child": "лев" },
    ]);
    section["bindings"] = json!([]);
    section
}

/// Session of a guardian, with one of the guardian's cards.
struct At<'r> {
    rig: &'r Rig,
    session: String,
    card: u32,
}

impl<'r> At<'r> {
    async fn new(rig: &'r Rig, who: &str, card: u32) -> Self {
        Self { rig, session: rig.session(who).await, card }
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let path = format!("/lk/api/family/{}/account{path}", self.card);
        self.rig.person(&self.session).call(method, &path, &body).await
    }

    async fn start(&self, body: Value) -> String {
        self.call("POST", "", body).await.outcome()
    }

    async fn finish(&self) -> String {
        self.call("POST", "/password", json!({ "password": "vanya-secret", "repeated": "vanya-secret" }))
            .await
            .outcome()
    }
}

/// Returns the path of the link in the newest e-mail to an address.
async fn link(rig: &Rig, to: &str) -> String {
    let letter = newest(rig, to).await;
    letter["link"].as_str().unwrap().split_once(":8001").unwrap().1.to_owned()
}

async fn follow(rig: &Rig, link: &str) -> String {
    let answer = rig.anyone().page(link).await;
    if answer.status.is_success() {
        "200".to_owned()
    } else {
        format!("{} {}", answer.status.as_u16(), answer.body.contains("Ссылка не действует"))
    }
}

async fn code(rig: &Rig, to: &str) -> String {
    six_digits(&newest(rig, to).await)
}

#[tokio::test]
async fn an_account_exists_only_when_everything_is_confirmed() {
    let rig = Rig::new(section()).await;
    let anna = At::new(&rig, "анна", 1).await;
    assert_eq!(anna.call("GET", "", json!({})).await.outcome(), "409 not-started");
    assert_eq!(anna.finish().await, "409 not-started");
    assert_eq!(anna.start(json!({ "email": "vanya@family.test", "phone": "+7(000)0000011" })).await, "202");
    assert_eq!(anna.start(json!({ "email": "other@family.test" })).await, "409 already-started");
    assert_eq!(anna.finish().await, "409 email-not-confirmed email");
    let first = link(&rig, "vanya@family.test").await;
    assert_eq!(anna.call("POST", "/email/again", json!({})).await.outcome(), "202");
    assert_eq!(follow(&rig, &first).await, "409 true", "a new letter puts the old link out of use");
    let token = link(&rig, "vanya@family.test").await.split("token=").nth(1).unwrap().to_owned();
    let followed = rig.anyone().post("/lk/api/child-account/email", &json!({ "token": token })).await;
    assert_eq!(followed.ok(), json!({ "email": "vanya@family.test" }));
    let spent = rig.anyone().post("/lk/api/child-account/email", &json!({ "token": "spent" })).await;
    assert_eq!(spent.outcome(), "409 link-lapsed");
    assert_eq!(anna.call("POST", "/email/again", json!({})).await.outcome(), "409 nothing-to-confirm");
    assert_eq!(anna.finish().await, "409 phone-not-confirmed phone");
    assert_eq!(anna.call("POST", "/phone", json!({ "code": "12" })).await.outcome(), "400 not-a-code code");
    let sms = code(&rig, "+7(000)0000011").await;
    let wrong = if sms == "000000" { "111111" } else { "000000" };
    for left in (0..5).rev() {
        let missed = anna.call("POST", "/phone", json!({ "code": wrong })).await;
        assert_eq!(missed.outcome(), "409 wrong-code code");
        assert!(missed.body.contains(&format!("Осталось попыток: {left}")), "{}", missed.body);
    }
    assert_eq!(anna.call("POST", "/phone", json!({ "code": sms })).await.outcome(), "409 code-lapsed code");
    assert_eq!(anna.call("POST", "/phone/again", json!({})).await.outcome(), "202");
    rig.wall.set(september() + TimeDelta::minutes(10));
    let sms = code(&rig, "+7(000)0000011").await;
    assert_eq!(anna.call("POST", "/phone", json!({ "code": sms })).await.outcome(), "409 code-lapsed code");
    anna.call("POST", "/phone/again", json!({})).await;
    let sms = code(&rig, "+7(000)0000011").await;
    assert_eq!(anna.call("POST", "/phone", json!({ "code": sms })).await.ok()["confirmed"], true);
    let short = json!({ "password": "short", "repeated": "short" });
    assert_eq!(anna.call("POST", "/password", short).await.outcome(), "400 bad-field password");
    let made = anna.call("POST", "/password", json!({ "password": "vanya-secret", "repeated": "vanya-secret" })).await;
    assert!(made.json(201)["account"].is_u64(), "made and bound by itself: {}", made.body);
    assert_eq!(anna.finish().await, "409 has-account");
    assert_eq!(anna.start(json!({ "email": "new@family.test" })).await, "409 has-account");
}

#[tokio::test]
async fn each_field_is_refused_by_name_and_nothing_is_half_done() {
    let rig = Rig::new(section()).await;
    let anna = At::new(&rig, "анна", 1).await;
    for (body, outcome) in [
        (json!({}), "400 bad-field email"),
        (json!({ "email": "nonsense" }), "400 bad-field email"),
        (json!({ "email": "katya@family.test" }), "409 email-taken email"),
        (json!({ "email": "vanya@family.test", "phone": "12" }), "400 bad-field phone"),
        (json!({ "email": "vanya@family.test", "phone": "+7(000)0000001" }), "409 phone-taken phone"),
        (json!({ "email": "vanya@family.test", "childrens_mail": "vanya" }), "400 bad-field childrens_mail"),
        (json!({ "childrens_mail": "vanya@mail.test" }), "400 bad-field childrens_mail"),
    ] {
        assert_eq!(anna.start(body.clone()).await, outcome, "{body}");
    }
    assert_eq!(anna.call("GET", "", json!({})).await.outcome(), "409 not-started");
    assert_eq!(anna.call("DELETE", "", json!({})).await.outcome(), "409 not-started");
    let others = At::new(&rig, "пётр", 1).await;
    assert_eq!(others.start(json!({ "email": "vanya@family.test" })).await, "404 card-unknown");
}

#[tokio::test]
async fn childrens_mail_needs_no_letter_and_is_free_again_when_the_term_ends() {
    let rig = Rig::new(section()).await;
    let anna = At::new(&rig, "анна", 1).await;
    assert_eq!(anna.start(json!({ "childrens_mail": "vanya" })).await, "202");
    let lev = At::new(&rig, "анна", 3).await;
    assert_eq!(lev.start(json!({ "childrens_mail": "vanya" })).await, "409 email-taken email");
    rig.wall.set(september() + TimeDelta::days(1));
    let anna = At::new(&rig, "анна", 1).await;
    assert_eq!(anna.finish().await, "409 not-started", "a day has passed");
    let lev = At::new(&rig, "анна", 3).await;
    assert_eq!(lev.start(json!({ "childrens_mail": "vanya" })).await, "202");
    assert_eq!(lev.finish().await, "201");
    assert_eq!(anna.start(json!({ "childrens_mail": "vanya@detskaya-pochta.test" })).await, "409 email-taken email");
}

#[tokio::test]
async fn whoever_confirms_an_e_mail_first_has_it() {
    let rig = Rig::new(section()).await;
    let (vanya, lev) = (At::new(&rig, "анна", 1).await, At::new(&rig, "анна", 3).await);
    let reach = json!({ "email": "new@family.test", "phone": "+7(000)0000077" });
    assert_eq!(vanya.start(reach.clone()).await, "202");
    let (letter, sms) = (link(&rig, "new@family.test").await, code(&rig, "+7(000)0000077").await);
    assert_eq!(lev.start(reach).await, "202", "nobody has confirmed it yet");
    assert_eq!(follow(&rig, &link(&rig, "new@family.test").await).await, "200");
    assert_eq!(follow(&rig, &letter).await, "409 false", "not a dead link: the e-mail is taken");
    let own = code(&rig, "+7(000)0000077").await;
    assert_eq!(lev.call("POST", "/phone", json!({ "code": own })).await.outcome(), "200");
    assert_eq!(vanya.call("POST", "/phone", json!({ "code": sms })).await.outcome(), "409 phone-taken phone");
    assert_eq!(vanya.call("DELETE", "", json!({})).await.outcome(), "204", "other data may be entered");
    assert_eq!(vanya.start(json!({ "childrens_mail": "vanya" })).await, "202");
    assert_eq!((lev.finish().await.as_str(), vanya.finish().await.as_str()), ("201", "201"));
}

#[tokio::test]
async fn of_two_guardians_who_finish_at_once_one_makes_the_account() {
    let rig = Rig::new(section()).await;
    let (anna, petr) = (At::new(&rig, "анна", 1).await, At::new(&rig, "пётр", 2).await);
    let (one, other) = tokio::join!(
        anna.start(json!({ "childrens_mail": "vanya" })),
        petr.start(json!({ "childrens_mail": "vanya" }))
    );
    let mut outcomes = [one, other];
    outcomes.sort();
    assert_eq!(outcomes, ["202", "409 email-taken email"]);
    let _ = tokio::join!(
        anna.start(json!({ "childrens_mail": "vanya-anna" })),
        petr.start(json!({ "childrens_mail": "vanya-petr" }))
    );
    let (one, other) = tokio::join!(anna.finish(), petr.finish());
    let mut outcomes = [one, other];
    outcomes.sort();
    assert_eq!(outcomes, ["201", "409 has-account"]);
}

#[tokio::test]
async fn a_service_centre_makes_the_card_and_the_parent_goes_on() {
    let mut section = section();
    section["people"]["ли"] = json!({ "name": "Петров Ли", "gender": "M", "born": "2015-05-20", "snils": "001-000-016 00",
        "foreign-birth-document": "CN 77" });
    let rig = Rig::new(section).await;
    let card = json!({ "guardian": "анна", "last": "Петров", "first": "Ли", "gender": "M", "born": "2015-05-20", "document": "CN 77" });
    let make = async |change: fn(&mut Value)| {
        let mut card = card.clone();
        change(&mut card);
        rig.control().post("/control/service-centre/cards", &card).await.outcome()
    };
    assert_eq!(make(|card| card["document"] = json!(" ")).await, "400 bad-field number");
    assert_eq!(make(|card| card["guardian"] = json!("никто")).await, "400 bad-field guardian");
    assert_eq!(make(|card| card["guardian"] = json!("соседка")).await, "400 bad-field guardian");
    assert_eq!(make(|_| ()).await, "201");
    assert_eq!(make(|_| ()).await, "400 bad-field name", "one card per child");
    let anna = At::new(&rig, "анна", 4).await;
    assert_eq!(anna.start(json!({ "childrens_mail": "li" })).await, "409 documents-not-confirmed");
    rig.person(&anna.session).post("/lk/api/family/4/check", &json!({})).await;
    rig.wall.set(september() + TimeDelta::minutes(15));
    assert_eq!(anna.start(json!({ "childrens_mail": "li" })).await, "202");
    assert_eq!(anna.finish().await, "201");
}

#[tokio::test]
async fn the_service_centre_is_english_to_whoever_asks_in_english() {
    let rig = Rig::new(section()).await;
    let session = rig.session("анна").await;
    let path = "/control/console/service-centre?lang=en";
    let page = rig.anyone().page(path).await.body;
    assert_eq!(russian_on(&page, &[]), "", "{page}");
    assert!(page.contains("Service centre") && page.contains("Date of birth"), "{page}");
    let card = [("last", "Петров"), ("first", "Ли"), ("gender", "M"), ("born", "2015-05-20"), ("document", "CN 77")];
    for (guardian, status, told) in [("никто", 400, "This person has no account"), ("анна", 200, "The card is made.")]
    {
        let fields = card.into_iter().chain([("guardian", guardian)]);
        let fields: Vec<_> = fields.map(|(name, value)| (name, value.to_owned())).collect();
        let page = rig.person(&session).form(path, &fields).await;
        assert_eq!(page.status, status, "{}", page.body);
        assert!(page.body.contains(told), "{}", page.body);
        assert_eq!(russian_on(&page.body, &["Петров", "Ли", guardian]), "", "{}", page.body);
    }
    let page = rig.anyone().page("/control/console/service-centre?lang=ru").await.body;
    assert!(page.contains("Дата рождения") && page.contains("Не выбран"), "{page}");
}
