//! Bugs that are put into the diary on purpose: each is found by scenarios of the documented suite, and by no others.

use std::collections::BTreeSet;

use super::{Ended, Notebook, reported};

/// A bug of `tests/foreign_diary/bugs.py`, and the scenarios that find it.
struct Bug {
    name: &'static str,
    found_by: &'static [&'static str],
}

const BUGS: [Bug; 6] = [
    Bug {
        name: "no-guardian",
        found_by: &[
            "guardian-consent.feature: Мать отказала, а отец согласился по ссылке из уведомления",
            "guardian-consent.feature: Отозванное согласие закрывает дневник при следующем входе",
            "guardian-consent.feature: Согласие действует год",
            "session.feature: Мать отозвала согласие за ребёнка — сеанс ребёнка завершён, и согласие запрошено снова",
        ],
    },
    Bug {
        name: "careless-names",
        found_by: &[
            "child-not-found.feature: Ошибка в журнале: Фамилия Имя Отчество",
            "parent.feature: Родитель не найден, пока журнал не исправят: Фамилия Имя Отчество",
        ],
    },
    Bug {
        name: "deaf-session",
        found_by: &[
            "session.feature: Мать отозвала согласие — не позже чем через минуту сеанс завершён",
            "session.feature: Мать отозвала согласие за ребёнка — сеанс ребёнка завершён, и согласие запрошено снова",
        ],
    },
    Bug {
        name: "another-pupil",
        found_by: &["parent.feature: Родитель нескольких учеников выбирает, чей дневник открыть"],
    },
    Bug {
        name: "wrong-wall",
        found_by: &[
            "adult-pupil.feature: Неподтверждённая учётная запись дневник не открывает",
            "parent.feature: Неподтверждённая учётная запись дневник не открывает",
        ],
    },
    Bug {
        name: "believes-anything",
        found_by: &[
            "faults.feature: Маркеру, который нельзя проверить, дневник не верит — claim.aud-other",
            "faults.feature: Маркеру, который нельзя проверить, дневник не верит — claim.iss-other",
            "faults.feature: Маркеру, который нельзя проверить, дневник не верит — hdr.alg-none",
            "faults.feature: Маркеру, который нельзя проверить, дневник не верит — sig.bit-flipped",
        ],
    },
];

#[tokio::test]
async fn every_bug_that_is_put_into_the_diary_is_found_by_name() {
    let all: BTreeSet<&str> = BUGS.iter().flat_map(|bug| bug.found_by).copied().collect();
    let titles: Vec<&str> = all.iter().filter_map(|name| name.split_once(": ")).map(|(_, title)| title).collect();
    let chosen: Vec<&str> = titles.iter().flat_map(|title| ["--name", title]).collect();
    for bug in &BUGS {
        let notebook = Notebook::start(bug.name).await;
        let report = notebook.at("r.json");
        let ended = notebook.run(&[&chosen[..], &["--json", &report]].concat()).await;
        assert_eq!(ended.code, Some(1), "{}: {}\n{}", bug.name, ended.out, ended.err);
        let scenarios = reported(&notebook.read_json("r.json"));
        let failed: BTreeSet<_> =
            scenarios.iter().filter(|one| one.ended == Ended::Failed).map(|one| &*one.name).collect();
        assert_eq!(failed, bug.found_by.iter().copied().collect(), "{}", bug.name);
        assert!(scenarios.iter().all(|one| one.ended != Ended::NotPossible), "{}", bug.name);
    }
}
