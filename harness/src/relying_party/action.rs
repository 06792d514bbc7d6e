//! Actions on a relying party other than its pages: an HTTP call or a command, each with placeholders.

use std::{collections::BTreeMap, process::Stdio, time::Duration};

use reqwest::{Client, Method};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{io::AsyncWriteExt as _, process::Command, time::timeout};
use url::Url;

use crate::{
    language::{pick, tr},
    net,
    words::of_system,
};

/// Time limit of a call or a command.
const PATIENCE: Duration = Duration::from_secs(30);
/// Maximum length of a response or error output in a message, characters.
const TOLD: usize = 300;

/// An HTTP call, or a command: one of the two. In texts of either, `{world}` is the name of the world, `{provider}` the base
/// URL of Gosuslugi in it, `{client}` the mnemonic, `{now}` the time there (RFC 3339), `{clock}` whether it stands
/// (`frozen`) or runs (`running`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Action {
    /// Method and address, from the base URL on: `POST stand/prepare`.
    pub call: Option<String>,
    /// Header fields of the call.
    pub headers: BTreeMap<String, String>,
    /// Body of the call, sent as JSON. A text that is `{register}` alone becomes that part of the seed.
    pub body: Option<Value>,
    /// Program and arguments, waited for until it ends with 0. It reads the `diary` part of the seed as JSON on standard input.
    pub command: Vec<String>,
}

/// Reason why an action failed, in the language of the run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ActionError(String);

impl ActionError {
    /// Wraps the error of an address that is not a valid URL.
    pub(super) fn of(error: url::ParseError) -> Self {
        Self(error.to_string())
    }
}

/// Values of the placeholders, by name.
pub(super) type Given = BTreeMap<&'static str, Value>;

impl Action {
    /// Returns what is wrong with the description of the action, or `None` if it can be run.
    pub(super) fn mistake(&self) -> Option<String> {
        let told = match (&self.call, self.command.is_empty()) {
            (None, true) => pick("нужен call или command", "call or command is needed"),
            (Some(_), false) => {
                pick("нужно одно из двух: call или command", "one of the two is needed: call or command")
            }
            (Some(call), true) if parsed(call).is_none() => pick(
                "call — метод и адрес, например: POST stand/prepare",
                "call is a method and an address: POST stand/prepare",
            ),
            (None, false) if !self.headers.is_empty() || self.body.is_some() => {
                pick("headers и body бывают только у call", "only call has headers and body")
            }
            _ => return None,
        };
        Some(told.to_owned())
    }

    /// Runs the action; paths of calls are relative to `base`.
    ///
    /// # Errors
    /// Fails if a call is not answered with 2xx, if a command does not end with 0, or if either takes too long.
    pub(super) async fn run(&self, base: &Url, given: &Given) -> Result<(), ActionError> {
        let done = async {
            match &self.call {
                Some(call) => self.ask(base, call, given).await,
                None => self.start(given).await,
            }
        };
        timeout(PATIENCE, done).await.unwrap_or_else(|_| {
            let seconds = PATIENCE.as_secs();
            Err(ActionError(tr!("за {seconds} с не кончилось: {}", "did not end within {seconds} s: {}", self.told())))
        })
    }

    async fn ask(&self, base: &Url, call: &str, given: &Given) -> Result<(), ActionError> {
        let wrong = |why: &dyn std::fmt::Display| ActionError(format!("{call}: {why}"));
        let (method, path) = parsed(call).ok_or_else(|| wrong(&self.mistake().unwrap_or_default()))?;
        let url = base.join(&filled(path, given)).map_err(|error| wrong(&error))?;
        let client: Client = net::client(&url).build().map_err(|error| wrong(&error))?;
        let mut request = client.request(method, url);
        for (name, value) in &self.headers {
            request = request.header(name, filled(value, given));
        }
        if let Some(body) = &self.body {
            request = request.json(&filled_in(body, given));
        }
        let answer = request.send().await.map_err(|error| ActionError(net::reason(&error)))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let said = short(&answer.text().await.unwrap_or_default());
        Err(wrong(&tr!("ответ {} {said}", "answer {} {said}", status.as_u16())))
    }

    async fn start(&self, given: &Given) -> Result<(), ActionError> {
        let wrong = |why: String| ActionError(format!("{}: {why}", self.told()));
        let Some((program, arguments)) = self.command.split_first() else { return Ok(()) };
        let mut command = Command::new(filled(program, given));
        command.args(arguments.iter().map(|argument| filled(argument, given))).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| wrong(of_system(&error)))?;
        if let Some(mut input) = child.stdin.take() {
            let register = given.get("register").map(Value::to_string).unwrap_or_default();
            // A command that does not read its input may have ended already.
            let _ = input.write_all(register.as_bytes()).await;
        }
        let ended = child.wait_with_output().await.map_err(|error| wrong(of_system(&error)))?;
        if ended.status.success() {
            return Ok(());
        }
        Err(wrong(format!("{}; {}", ended.status, short(&String::from_utf8_lossy(&ended.stderr)))))
    }

    /// Returns the call or the command line, for messages.
    fn told(&self) -> String {
        self.call.clone().unwrap_or_else(|| self.command.join(" "))
    }
}

fn parsed(call: &str) -> Option<(Method, &str)> {
    let (method, path) = call.split_once(' ')?;
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    Some((known.into_iter().find(|known| known.as_str() == method)?, path.trim()))
}

/// Returns the text with its placeholders replaced.
fn filled(text: &str, given: &Given) -> String {
    given.iter().fold(text.to_owned(), |text, (name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.replace(&format!("{{{name}}}"), &value)
    })
}

/// Replaces the placeholders of a JSON document; a text that is just one placeholder becomes its JSON value.
fn filled_in(document: &Value, given: &Given) -> Value {
    match document {
        Value::String(text) => {
            let alone = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
            let alone = alone.and_then(|name| given.get(name)).cloned();
            alone.unwrap_or_else(|| filled(text, given).into())
        }
        Value::Array(items) => items.iter().map(|item| filled_in(item, given)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), filled_in(value, given))).collect(),
        other => other.clone(),
    }
}

fn short(text: &str) -> String {
    let line = text.trim().lines().last().unwrap_or_default();
    line.chars().take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn action(yaml: &str) -> Action {
        serde_saphyr::from_str(yaml).unwrap()
    }

    fn given() -> Given {
        [("world", json!("run-1")), ("register", json!({ "pupils": {} }))].into()
    }

    #[test]
    fn places_are_filled_in_and_the_register_stays_a_document() {
        let body = json!({ "name": "w-{world}", "data": ["{register}"], "other": "{pupils}" });
        let filled = filled_in(&body, &given());
        assert_eq!(filled, json!({ "name": "w-run-1", "data": [{ "pupils": {} }], "other": "{pupils}" }));
    }

    #[test]
    fn a_call_or_a_command_and_not_both() {
        let told = |yaml: &str| action(yaml).mistake().unwrap_or_default();
        assert_eq!(told("{call: POST a}"), "");
        assert_eq!(told("{command: [cat]}"), "");
        assert_eq!(told("{}"), "нужен call или command");
        assert_eq!(told("{call: POST a, command: [cat]}"), "нужно одно из двух: call или command");
        assert_eq!(told("{call: stand}"), "call — метод и адрес, например: POST stand/prepare");
        assert_eq!(told("{command: [cat], body: {}}"), "headers и body бывают только у call");
    }

    #[tokio::test]
    async fn a_command_reads_the_register_and_its_failure_is_told() {
        let base = "http://127.0.0.1:1/".parse().unwrap();
        let read =
            action(r#"{command: [sh, -c, 'test "$(cat)" = ''{"pupils":{}}'' && test "$0" = run-1', '{world}']}"#);
        assert_eq!(read.run(&base, &given()).await, Ok(()));
        let fails = action("{command: [sh, -c, 'echo no such school >&2; exit 3']}");
        let told = fails.run(&base, &given()).await.unwrap_err().to_string();
        assert!(told.ends_with("no such school") && told.contains('3'), "{told}");
        let told = action("{call: POST stand}").run(&base, &given()).await.unwrap_err().to_string();
        assert!(told.starts_with("http://127.0.0.1:1: "), "{told}");
    }
}
