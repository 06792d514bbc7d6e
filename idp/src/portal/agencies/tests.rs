use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;
use crate::{
    portal::accounts::Passport,
    testing::{Rig, family, september, state},
};

fn citizen(name: &str, born: &str) -> Citizen {
    Citizen { name: name.parse().unwrap(), born: born.parse().unwrap() }
}

fn number(text: &str) -> esia::BirthCertificate {
    text.parse().unwrap()
}

#[test]
fn agencies_answer_from_their_records() {
    let mut section = family();
    section["people"]["анна"]["passport"] =
        json!({ "series": "0004", "number": "123456", "issued": "2005-04-01", "issued-by": "УМВД" });
    section["people"]["ваня"]["birth-certificate-kind"] = json!("consular");
    section["people"]["катя"]["name-change-certificate"] = json!("II-ОО 000001");
    let state = state(section);
    let records = &state.portal.agencies.records;
    let ivan = citizen("Петров Иван Петрович", "2013-05-20");
    let consular = BirthDocument::Consular(number("I-ОО 000011"));
    assert!(records.check_birth(&consular, &ivan));
    assert!(!records.check_birth(&number("I-ОО 000011").into(), &ivan), "another office issued it");
    assert!(!records.check_birth(&BirthDocument::Consular(number("I-ОО 000012")), &ivan));
    assert!(!records.check_birth(&consular, &citizen("Петров Иван", "2013-05-20")));
    assert!(!records.check_birth(&consular, &citizen("Петров Иван Петрович", "2013-05-21")));
    let own: esia::Snils = "001-000-011 00".parse().unwrap();
    assert!(records.check_snils(&own, &ivan));
    assert!(!records.check_snils(&"001-000-012 00".parse().unwrap(), &ivan));
    assert_eq!(records.find_snils(&ivan), Some(own));
    assert_eq!(records.find_snils(&citizen("Петров Иван", "2013-05-20")), None);
    let katya = citizen("Петрова Екатерина Петровна", "2009-02-03");
    assert!(records.check_act(Act::NameChange, &number("II-ОО 000001"), &katya));
    assert!(!records.check_act(Act::Paternity, &number("II-ОО 000001"), &katya));
    assert!(!records.check_act(Act::NameChange, &number("II-ОО 000001"), &ivan));
    let anna = citizen("Петрова Анна Сергеевна", "1985-03-14");
    let passport = |number: &str, issued: &str| Passport {
        series: "0004".to_owned(),
        number: number.to_owned(),
        issued: issued.parse().unwrap(),
        issued_by: String::new(),
        office: None,
    };
    assert!(records.check_passport(&passport("123456", "2005-04-01"), &anna));
    assert!(!records.check_passport(&passport("123456", "2005-04-02"), &anna));
    assert!(!records.check_passport(&passport("123457", "2005-04-01"), &anna));
    assert!(!records.check_passport(&passport("123456", "2005-04-01"), &ivan));
}

#[test]
fn terms_are_of_minutes_working_days_and_calendar_days() {
    let friday = "2024-09-06T06:00:00Z".parse().unwrap();
    let after = |term: Term| (term.after(friday) - friday).num_minutes();
    assert_eq!(after(Term::Minutes(15)), 15);
    assert_eq!(after(Term::WorkingDays(1)), 3 * 24 * 60);
    assert_eq!(after(Term::CalendarDays(5)), 5 * 24 * 60);
    assert_eq!(after(Term::CalendarDays(u32::MAX)), 366 * 24 * 60, "no term is endless");
    assert_eq!(after(Term::Minutes(u32::MAX)), 366 * 24 * 60);
}

/// World with given agency settings in which Анна has sent Ваня's card to be checked. Reads its statuses after given
/// numbers of minutes.
struct Check {
    rig: Rig,
    anna: String,
}

impl Check {
    async fn sent(agencies: Value) -> Self {
        let mut section = family();
        section["agencies"] = agencies;
        section["families"][0]["checked"] = json!(false);
        let rig = Rig::new(section).await;
        let anna = rig.session("анна").await;
        assert_eq!(rig.person(&anna).post("/lk/api/family/1/check", &json!({})).await.outcome(), "202");
        Self { rig, anna }
    }

    async fn after(&mut self, minutes: i64) -> (String, String) {
        self.rig.wall.set(september() + TimeDelta::minutes(minutes));
        if minutes > 179 {
            self.anna = self.rig.session("анна").await;
        }
        let card = self.rig.person(&self.anna).get("/lk/api/family/1").await.ok();
        let status = |field: &str| card[field].as_str().unwrap().to_owned();
        (status("certificate_status"), status("snils_status"))
    }

    async fn order(&self, agency: &str, body: Value) -> String {
        self.rig.control().patch(&format!("/control/agencies/{agency}"), &body).await.outcome()
    }
}

fn pair(certificate: &str, snils: &str) -> (String, String) {
    (certificate.to_owned(), snils.to_owned())
}

const DAY: i64 = 24 * 60;

#[tokio::test]
async fn each_agency_answers_in_its_own_time() {
    let mut check = Check::sent(json!({ "zags": { "answer-after": { "working-days": 5 } } })).await;
    assert_eq!(check.after(14).await, pair("checking", "searching"));
    assert_eq!(check.after(15).await, pair("checking", "confirmed"));
    assert_eq!(check.after(7 * DAY - 1).await, pair("checking", "confirmed"), "Monday to Monday");
    assert_eq!(check.after(7 * DAY).await, pair("confirmed", "confirmed"));
}

#[tokio::test]
async fn a_slow_agency_takes_longer_for_what_it_is_asked_then() {
    let mut check =
        Check::sent(json!({ "sfr": { "pace": "slow", "slow-answer-after": { "calendar-days": 2 } } })).await;
    assert_eq!(check.after(15).await, pair("confirmed", "searching"));
    assert_eq!(check.order("sfr", json!({ "pace": "normal" })).await, "200");
    assert_eq!(check.after(2 * DAY - 1).await, pair("confirmed", "searching"), "asked while it was slow");
    assert_eq!(check.after(2 * DAY).await, pair("confirmed", "confirmed"));
}

#[tokio::test]
async fn while_an_agency_is_down_a_check_waits_and_ends_after_it_is_up_again() {
    let mut check = Check::sent(json!({})).await;
    assert_eq!(check.order("zags", json!({ "pace": "down" })).await, "200");
    assert_eq!(check.after(DAY).await, pair("checking", "confirmed"));
    let card = check.rig.person(&check.anna).get("/lk/api/family/1").await.ok();
    assert_eq!(card["down"], json!(["ЗАГС"]));
    let waiting = check.rig.control().get("/control/agencies").await.ok();
    assert_eq!((&waiting[0]["agency"], &waiting[0]["waiting"]), (&json!("zags"), &json!(1)));
    assert_eq!(check.order("zags", json!({ "pace": "slow" })).await, "200");
    assert_eq!(check.after(DAY).await, pair("confirmed", "confirmed"), "what is overdue is answered at once");
}

#[tokio::test]
async fn a_check_that_begins_while_an_agency_is_down_waits_for_its_term_at_least() {
    let mut check = Check::sent(json!({ "zags": { "pace": "down" } })).await;
    assert_eq!(check.after(5).await, pair("checking", "searching"));
    assert_eq!(check.order("zags", json!({ "pace": "normal" })).await, "200");
    assert_eq!(check.after(14).await, pair("checking", "searching"));
    assert_eq!(check.after(15).await, pair("confirmed", "confirmed"));
}

#[tokio::test]
async fn an_agency_that_is_down_when_it_is_asked_answers_nothing_until_it_is_up() {
    let mut check = Check::sent(json!({ "zags": { "pace": "down" } })).await;
    assert_eq!(check.after(7 * DAY).await, pair("checking", "confirmed"));
    assert_eq!(check.order("zags", json!({ "pace": "normal" })).await, "200");
    assert_eq!(check.after(7 * DAY).await, pair("confirmed", "confirmed"));
}

#[tokio::test]
async fn orders_that_mean_nothing_are_refused() {
    let check = Check::sent(json!({})).await;
    assert_eq!(check.order("fns", json!({ "pace": "down" })).await, "404 not-found");
    assert_eq!(check.order("zags", json!({ "pace": "dead" })).await, "400 bad-request pace");
    assert_eq!(check.order("zags", json!({ "speed": 1 })).await, "400 bad-request speed");
}
