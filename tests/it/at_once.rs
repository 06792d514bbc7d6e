//! «Одновременно»: people of a scenario who act at the same time, in an order that is drawn from their world, printed when it
//! fails, and played again.

use std::{fs, path::Path};

use tests::{Ended, Program};

/// Коля has the code of his mother in two tabs.
const BEGUN: &str = "    Дано мир «кузнецовы»
    Когда Елена входит на Госуслуги
    И Елена открывает «Семья и дети» → «Кузнецов Николай Андреевич» → «Привязать»
    И Елена вводит «kolya@example.test» в поле «Электронная почта ребёнка»
    И Елена нажимает «Продолжить»
    И Елена запоминает код
    И Коля входит на Госуслуги
    И Коля вводит код в поле «Код»
    И Коля (вкладка 2) открывает Госуслуги
    И Коля (вкладка 2) вводит код в поле «Код»
";

/// A folder with one scenario, which ends with these steps.
struct Own(tempfile::TempDir);

impl Own {
    fn ending(steps: &str) -> Self {
        let own = Self(tempfile::tempdir().expect("folder"));
        let text = format!("# language: ru\nФункция: гонка\n\n  Сценарий: код в двух вкладках\n{BEGUN}{steps}");
        fs::write(own.at("my.feature"), text).expect("feature");
        own
    }

    /// Both tabs send the code at once, and this is expected.
    fn expecting(last: &str) -> Self {
        Self::ending(&format!(
            "    Когда одновременно:\n      | Коля нажимает «Привязать» | Коля (вкладка 2) нажимает «Привязать» |\n    \
             Тогда {last}\n"
        ))
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    async fn run(&self, more: &[&str]) -> Ended {
        Program::run(&[&["run", &self.at("my.feature")], more].concat()).await
    }
}

/// The orders that a run has printed, each as an option takes it.
fn orders(ended: &Ended) -> Vec<&str> {
    ended.out.lines().filter_map(|line| Some(line.split_once("снова так же: --order ")?.1)).collect()
}

#[tokio::test]
async fn an_order_that_fails_is_printed_and_played_again() {
    // True only if the first tab's request is the first.
    let own = Own::expecting("Коля видит «Учётная запись привязана»");
    let (html, evidence) = (own.at("r.html"), own.at("evidence"));
    let ended = own.run(&["--repeat", "12", "--html", &html, "--evidence", &evidence]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    let failed = orders(&ended);
    assert!(!failed.is_empty() && failed.len() < 12, "some pass and some fail: {}", ended.out);
    assert!(failed.iter().all(|order| order.starts_with('2')), "{failed:?}");
    assert!(ended.out.contains(" (1 — Коля, 2 — Коля (вкладка 2)); снова так же: --order 2"), "{}", ended.out);

    let order = failed[0];
    for told in [fs::read_to_string(&html).expect("report"), replays(Path::new(&evidence))] {
        assert!(told.contains(&format!("--order {order}")), "{order}: {told}");
    }
    let again = own.run(&["--order", order]).await;
    assert_eq!((again.code, orders(&again)), (Some(1), vec![order]), "{}", again.out);
    let other: String = order.chars().map(|side| if side == '1' { '2' } else { '1' }).collect();
    let passed = own.run(&["--order", &other]).await;
    assert_eq!(passed.code, Some(0), "{other}: {}", passed.out);
}

/// The scripts that play failures again.
fn replays(evidence: &Path) -> String {
    let folders = fs::read_dir(evidence).expect("evidence").map(|folder| folder.expect("a folder").path());
    folders.map(|folder| fs::read_to_string(folder.join("replay.sh")).expect("a script")).collect()
}

#[tokio::test]
async fn one_world_gives_one_order_and_a_sentence_gives_any() {
    let own = Own::expecting("каждому из них сказано «слон»");
    let (one, other) = (own.run(&[]).await, own.run(&[]).await);
    assert_eq!((one.code, orders(&one).len()), (Some(1), 1), "{}\n{}", one.out, one.err);
    assert_eq!(orders(&one), orders(&other));
    assert!(one.out.contains("сказано не всем:\n"), "{}", one.out);

    let press = "      | Коля нажимает «Привязать» | Коля (вкладка 2) нажимает «Привязать» |\n";
    let said = |order: &str| format!("    Когда одновременно в порядке {order}:\n{press}");
    for (order, first) in [("12", "Коля"), ("21", "Коля (вкладка 2)")] {
        let own = Own::ending(&format!("{}    Тогда {first} видит «Учётная запись привязана»\n", said(order)));
        let ended = own.run(&[]).await;
        assert_eq!(ended.code, Some(0), "{order}: {}\n{}", ended.out, ended.err);
    }
    let unfit = Own::ending(&said("13")).run(&[]).await;
    assert_eq!(unfit.code, Some(1), "{}", unfit.out);
    let told = "заданный порядок не подходит: запрос 2 после 1 — стороны 3, а такой стороны нет";
    assert!(unfit.out.contains(told), "{}", unfit.out);
}

#[tokio::test]
async fn a_side_that_fails_is_named_with_its_step() {
    let own = Own::ending(
        "    Когда одновременно:\n      | Коля нажимает «Привязать» | Елена обновляет страницу |\n      \
         |                           | Елена видит «слон»       |\n",
    );
    let ended = own.run(&[]).await;
    assert_eq!(ended.code, Some(1), "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("Елена видит «слон»: на странице нет «слон»"), "{}", ended.out);
    assert!(ended.out.contains("страница (Елена): "), "{}", ended.out);
}

#[tokio::test]
async fn an_order_for_no_race_and_one_that_is_none_are_refused() {
    let own = Own::ending("    Тогда Коля видит «слон»\n");
    let ended = own.run(&["--order", "12"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.out);
    let none = "--order ничего не даст: среди выбранных сценариев нет шага «одновременно»\n";
    assert!(ended.err.ends_with(none), "{}", ended.err);
    let ended = own.run(&["--order", "1-2"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.out);
    let told = "нужен порядок запросов, как его печатает прогон: 1221 — первая сторона, вторая дважды, снова первая";
    assert!(ended.err.contains(told), "{}", ended.err);
}
