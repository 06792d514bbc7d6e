//! Editor in memory that opens files of a folder and sends requests.

use std::{fs, path::Path, thread};

use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};

use super::{documents::uri_of, server::serve_over};

/// Editor with a folder open.
struct Client {
    folder: tempfile::TempDir,
    connection: Connection,
    server: Option<thread::JoinHandle<()>>,
    last: i32,
}

const STEPS: &str = "# language: ru\nШаг: {человек} впервые входит в дневник\n  Со страницей согласия.\n  Когда {человек} входит в \
                     дневник\n  И {человек} нажимает «Предоставить»\n";
const FEATURE: &str = "# language: ru\nФункция: Ф\n  @R000.13\n  Сценарий: С\n    Дано мир «петровы»\n    Когда Анна впервые входит \
                       в дневник\n    Тогда Анна видит «Оценки»\n    И \n";

impl Client {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let (connection, of_server) = Connection::memory();
        let server = thread::spawn(move || serve_over(&of_server).unwrap());
        let mut client = Self { folder, connection, server: Some(server), last: 0 };
        let item = json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
        let told = client.ask("initialize", json!({ "capabilities": item }));
        assert_eq!(told["serverInfo"]["name"], "esia-stand");
        assert_eq!(told["capabilities"]["hoverProvider"], true);
        client.tell("initialized", json!({}));
        client
    }

    fn uri(&self, name: &str) -> String {
        uri_of(&self.folder.path().join(name).display().to_string()).unwrap().as_str().to_owned()
    }

    fn tell(&self, method: &str, params: Value) {
        self.connection.sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let request = Request::new(self.last.into(), method.to_owned(), params);
        self.connection.sender.send(request.into()).unwrap();
        loop {
            match self.connection.receiver.recv().unwrap() {
                Message::Response(response) if response.id == self.last.into() => {
                    return response.response_result.unwrap_or_else(|error| json!({ "error": error.code }));
                }
                _ => {}
            }
        }
    }

    /// Opens a file with a text and returns its diagnostics.
    fn opens(&self, name: &str, text: &str) -> String {
        self.sends(name, text);
        self.told(name)
    }

    fn sends(&self, name: &str, text: &str) {
        let document = json!({ "uri": self.uri(name), "languageId": "feature", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    fn changes(&self, name: &str, text: &str) {
        let document = json!({ "uri": self.uri(name), "version": 2 });
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Waits for the next diagnostics of a file.
    fn told(&self, name: &str) -> String {
        loop {
            let Message::Notification(told) = self.connection.receiver.recv().unwrap() else { continue };
            if told.params["uri"] != self.uri(name) {
                continue;
            }
            let line = |wrong: &Value| {
                let (start, end) = (&wrong["range"]["start"], &wrong["range"]["end"]);
                format!(
                    "{}:{}-{}: {}",
                    start["line"],
                    start["character"],
                    end["character"],
                    wrong["message"].as_str().unwrap()
                )
            };
            return told.params["diagnostics"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("\n");
        }
    }

    fn at(&self, name: &str, line: usize, character: usize) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) }, "position": { "line": line, "character": character } })
    }

    /// Labels of completions at the end of a line, in the order in which an editor shows them.
    fn completes(&mut self, name: &str, text: &str) -> Vec<Value> {
        self.changes(name, text);
        let line = text.lines().count() - 1;
        let character = text.lines().last().unwrap().chars().map(char::len_utf16).sum();
        let list = self.ask("textDocument/completion", self.at(name, line, character));
        let mut items = list["items"].as_array().unwrap().clone();
        items.sort_by_key(|item| item["sortText"].as_str().unwrap_or_default().to_owned());
        items
    }

    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.server.take().unwrap().join().unwrap();
    }
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["label"].as_str()).collect()
}

fn shown(folder: &Path, told: &str) -> String {
    told.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn mistakes_are_told_while_one_types_and_taken_back() {
    let client = Client::new(&[("свои.steps", STEPS)]);
    insta::assert_snapshot!(client.opens("мой.feature", FEATURE), @"7:4-5: после «И» нет шага");
    client.changes("мой.feature", &FEATURE.replace("    И \n", "").replace("Анна видит", "Аня видит"));
    insta::assert_snapshot!(client.told("мой.feature"), @"
    6:4-28: в мире нет человека «Аня»: есть Анна, Сергей, Ваня, Маша, Тёма, Глеб, Кира, Ольга
    может быть: Анна
    ");
    client.changes("мой.feature", &FEATURE.replace("    И \n", ""));
    assert_eq!(client.told("мой.feature"), "");
    // An unsaved file of composed steps counts.
    assert_eq!(client.opens("свои.steps", STEPS), "");
    client.changes("свои.steps", &STEPS.replace("впервые входит", "снова входит"));
    insta::assert_snapshot!(client.told("мой.feature"), @"
    5:4-39: такого шага нет: «Анна впервые входит в дневник»
    может быть: {кто} входит в дневник
    6:4-29: Анна ещё не открывает ни одной страницы, а шаг говорит о ней
    может быть: перед ним «Анна входит в дневник» или «Анна открывает Госуслуги»
    ");
    assert_eq!(client.told("свои.steps"), "");
    client.changes("свои.steps", &STEPS.replace("нажимает", "нажмёт"));
    let told = client.told("свои.steps");
    assert!(told.starts_with("4:2-35: такого шага нет: «{человек} нажмёт «Предоставить»»\nможет быть: "), "{told}");
    client.end();
}

#[test]
fn mistakes_of_a_world_are_told_in_the_world() {
    let client = Client::new(&[("worlds/мой.yaml", "titel: Мой\n")]);
    client.sends("мой.feature", "Функция: Ф\n  Сценарий: С\n    Дано мир «мой»\n");
    insta::assert_snapshot!(client.told("worlds/мой.yaml"), @"
    0:0-10: поля «titel» здесь не бывает
    может быть: title
    ");
    client.end();
}

#[test]
fn sentences_people_worlds_tags_and_keywords_are_completed() {
    let mut client = Client::new(&[("свои.steps", STEPS), ("rules.yaml", "Р-1: Первое правило\n")]);
    client.opens("мой.feature", "Функция: Ф\n");
    let begin = "Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n";
    let people = client.completes("мой.feature", &format!("{begin}    Когда А"));
    assert_eq!(labels(&people)[..1], ["Анна"]);
    assert!(people[0]["detail"].as_str().unwrap().starts_with("Петрова Анна Сергеевна"), "{}", people[0]);
    let presses = client.completes("мой.feature", &format!("{begin}    Когда Анна наж"));
    assert_eq!(labels(&presses), ["{кто} нажимает {текст}", "{кто} нажимает {текст} у {текст}"]);
    insta::assert_snapshot!(presses[0]["textEdit"], @r#"{"range":{"start":{"line":3,"character":10},"end":{"line":3,"character":18}},"newText":"Анна нажимает «${1:текст}»"}"#);
    assert_eq!(presses[0]["filterText"], "Анна наж");
    let enters = client.completes("мой.feature", &format!("{begin}    Когда Анна вх дн"));
    assert_eq!(labels(&enters)[..2], ["{человек} впервые входит в дневник", "{кто} входит в дневник"]);
    let fills = client.completes("мой.feature", &format!("{begin}    Когда Анна заполняет"));
    insta::assert_snapshot!(fills[0]["textEdit"]["newText"], @r#""Анна заполняет\n  | ${1:поле} | ${2:значение} |""#);
    let worlds = client.completes("мой.feature", "Функция: Ф\n  Сценарий: С\n    Дано мир «петр");
    assert_eq!(labels(&worlds), ["петровы"]);
    let tags = client.completes("мой.feature", "Функция: Ф\n  @Р");
    assert_eq!((labels(&tags), &tags[0]["detail"]), (vec!["@Р-1"], &"Первое правило".into()));
    let starts = client.completes("мой.feature", "Функция: Ф\n  Стр");
    assert_eq!(labels(&starts), ["Структура сценария:"]);
    client.opens("ещё.steps", "");
    let starts = client.completes("ещё.steps", "Ш");
    assert_eq!(labels(&starts), ["Шаг:"]);
    assert!(
        client
            .completes("мой.feature", &format!("{begin}    Когда Анна пишет\n      \"\"\"\n      Анна наж"))
            .is_empty()
    );
    client.end();
}

#[test]
fn a_hover_tells_of_a_step_a_person_and_a_rule() {
    let mut client = Client::new(&[("свои.steps", STEPS)]);
    client.opens("мой.feature", FEATURE);
    let mut hover = |line, character| {
        let at = client.at("мой.feature", line, character);
        client.ask("textDocument/hover", at)["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    let own = hover(5, 20);
    assert!(own.contains("Со страницей согласия.\n\n```gherkin\nКогда {человек} входит в дневник\n"), "{own}");
    let sees = hover(6, 20);
    assert!(
        sees.starts_with("**{кто} видит {текст}**\n\nЧто видно\n\n```gherkin\nТогда Анна видит «Проверено»\n```\n"),
        "{sees}"
    );
    assert!(
        sees.contains("- `{текст}`: текст в кавычках") && sees.contains("**Анна**: Петрова Анна Сергеевна"),
        "{sees}"
    );
    assert!(hover(4, 12).contains("- **Ваня**: "), "{}", hover(4, 12));
    assert!(hover(2, 5).starts_with("**@R000.13**: "), "{}", hover(2, 5));
    assert_eq!(hover(1, 3), "");
    client.end();
}

#[test]
fn definitions_are_found_in_steps_worlds_and_rules() {
    let world =
        super::super::suite::documented_worlds().into_iter().find(|(name, _)| name == "петровы").unwrap().1.text;
    let files =
        [("свои.steps", STEPS), ("worlds/петровы.yaml", &world), ("rules.yaml", "# правила\nR000.13: Тринадцатое\n")];
    let mut client = Client::new(&files);
    client.opens("мой.feature", FEATURE);
    let folder = client.folder.path().to_owned();
    let mut definition = |line, character| {
        let at = client.at("мой.feature", line, character);
        let found = client.ask("textDocument/definition", at);
        let Some(uri) = found["uri"].as_str() else { return String::new() };
        let path = url::Url::parse(uri).unwrap().to_file_path().unwrap().display().to_string();
        format!("{}:{}", shown(&folder, &path), found["range"]["start"]["line"])
    };
    assert_eq!(definition(5, 20), "свои.steps:1");
    assert_eq!(definition(4, 14), "worlds/петровы.yaml:0");
    assert_eq!(definition(2, 6), "rules.yaml:1");
    let place = world.lines().position(|line| line.trim_start().starts_with("анна:")).unwrap();
    assert!(
        [place, place + 1].map(|line| format!("worlds/петровы.yaml:{line}")).contains(&definition(6, 12)),
        "{}",
        definition(6, 12)
    );
    assert_eq!(definition(6, 25), "", "a step of the program");
    client.end();
}

#[test]
fn what_is_not_known_is_refused_and_the_server_goes_on() {
    let mut client = Client::new(&[]);
    assert_eq!(client.ask("textDocument/rename", json!({})), json!({ "error": -32601 }));
    assert_eq!(client.ask("textDocument/hover", json!({ "position": 1 })), json!({ "error": -32602 }));
    let nowhere = json!({ "textDocument": { "uri": "untitled:1" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.ask("textDocument/hover", nowhere.clone()), Value::Null);
    assert_eq!(client.ask("textDocument/completion", nowhere), Value::Null);
    client.end();
}
