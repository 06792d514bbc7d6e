//! `esia-stand lsp` as an editor starts it: messages over standard input and output.

use std::{fs, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tests::esia_stand;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// The program with an editor at its other end.
struct Editor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Editor {
    fn start() -> Self {
        let mut command = Command::new(esia_stand());
        command.args(["lsp", "--lang", "ru"]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the program");
        let (to, from) = (child.stdin.take().expect("stdin"), child.stdout.take().expect("stdout"));
        Self { child, to, from: BufReader::new(from) }
    }

    async fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        let body = message.to_string();
        let whole = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(whole.as_bytes()).await.expect("sent");
    }

    async fn next(&mut self) -> Value {
        let read = async {
            let mut length = 0;
            loop {
                let mut line = String::new();
                self.from.read_line(&mut line).await.expect("a header");
                match line.trim().split_once(": ") {
                    Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                        length = value.parse().expect("a length");
                    }
                    Some(_) => {}
                    None => break,
                }
            }
            let mut body = vec![0; length];
            self.from.read_exact(&mut body).await.expect("a body");
            serde_json::from_slice(&body).expect("JSON")
        };
        timeout(Duration::from_secs(30), read).await.expect("an answer in time")
    }

    /// The next message that has this.
    async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.next().await;
            if wanted(&message) {
                return message;
            }
        }
    }

    async fn ask(&mut self, id: u32, method: &str, params: Value) -> Value {
        self.send(json!({ "id": id, "method": method, "params": params })).await;
        self.until(|message| message["id"] == id).await["result"].clone()
    }
}

#[tokio::test]
async fn an_editor_is_served_from_its_greeting_to_its_exit() {
    let folder = tempfile::tempdir().expect("folder");
    let steps = "Шаг: {человек} впервые входит\n  Когда {человек} входит в дневник\n";
    fs::write(folder.path().join("свои.steps"), steps).expect("steps");
    let uri = reqwest::Url::from_file_path(folder.path().join("мой.feature")).expect("its address").to_string();
    let text =
        "Функция: Ф\n  Сценарий: С\n    Дано мир «петровы»\n    Когда Анна впервые входит\n    И Анна нажала «Выйти»\n";
    let mut editor = Editor::start();
    let told = editor.ask(1, "initialize", json!({ "capabilities": {} })).await;
    assert_eq!(told["capabilities"]["definitionProvider"], true, "{told}");
    editor.send(json!({ "method": "initialized", "params": {} })).await;
    let document = json!({ "uri": uri, "languageId": "feature", "version": 1, "text": text });
    editor.send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } })).await;
    let told = editor.until(|message| message["params"]["uri"] == uri.as_str()).await;
    let wrong = &told["params"]["diagnostics"][0];
    assert_eq!(wrong["message"], "такого шага нет: «Анна нажала «Выйти»»\nможет быть: {кто} нажимает {текст}");
    assert_eq!(
        wrong["range"],
        json!({ "start": { "line": 4, "character": 4 }, "end": { "line": 4, "character": 25 } })
    );
    let at = |line: u32, character: u32| json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
    let list = editor.ask(2, "textDocument/completion", at(4, 14)).await;
    let items = list["items"].as_array().expect("items");
    assert!(items.iter().any(|item| item["label"] == "{кто} нажимает {текст}"), "{list}");
    let hover = editor.ask(3, "textDocument/hover", at(3, 20)).await;
    assert!(hover["contents"]["value"].as_str().expect("text").contains("Когда {человек} входит в дневник"), "{hover}");
    let found = editor.ask(4, "textDocument/definition", at(3, 20)).await;
    assert!(found["uri"].as_str().expect("a file").contains("%D0%B8.steps"), "{found}");
    assert_eq!(editor.ask(5, "shutdown", Value::Null).await, Value::Null);
    editor.send(json!({ "method": "exit" })).await;
    let status = timeout(Duration::from_secs(30), editor.child.wait()).await.expect("in time").expect("an end");
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn an_editor_that_goes_without_a_word_leaves_no_server() {
    let mut editor = Editor::start();
    editor.ask(1, "initialize", json!({ "capabilities": {} })).await;
    let Editor { mut child, to, .. } = editor;
    drop(to);
    let status = timeout(Duration::from_secs(30), child.wait()).await.expect("in time").expect("an end");
    assert_eq!(status.code(), Some(3), "it was not told to end");
}
