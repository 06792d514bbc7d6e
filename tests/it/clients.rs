//! Client systems that the program is started with, and that sign with the keys which it makes.

use std::{fs, path::Path, process::Command};

use insta::assert_snapshot;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{Program, ReadAnswer, Server};

/// A key for a system, made at the control API, in the files that the page offers.
async fn made(server: &Server, folder: &Path, mnemonic: &str, key: &str) {
    let new = json!({ "key": key, "title": "Мой сайт", "redirect-uri": "http://127.0.0.1:3000/callback" });
    let request = server.request(Method::POST, &format!("/control/clients/{mnemonic}/key")).json(&new);
    let made = server.send(request).await;
    for (field, name) in [("key", "key"), ("certificate", "cert")] {
        let pem = made.json(201)[field].as_str().expect("PEM").to_owned();
        fs::write(folder.join(format!("{mnemonic}.{name}.pem")), pem).expect("a file");
    }
}

/// What OpenSSL signs with the files of a system, base64url.
fn signed(folder: &Path, mnemonic: &str, text: &str) -> String {
    fs::write(folder.join("text"), text).expect("a file");
    let engine = if mnemonic.starts_with("GOST") { "-engine gost" } else { "-md sha256" };
    let line = format!(
        "openssl smime -sign {engine} -binary -in text -signer {mnemonic}.cert.pem -inkey {mnemonic}.key.pem -outform DER \
         | basenc --base64url -w0"
    );
    let output = Command::new("bash").args(["-o", "pipefail", "-c", &line]).current_dir(folder).output();
    let output = output.expect("bash");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Asks for a token of the system's own, about the first person of the world, signed by OpenSSL.
async fn token(server: &Server, folder: &Path, mnemonic: &str) -> ReadAnswer {
    let people = server.get("/control/people").await.ok();
    let oid = people.as_array().expect("people").iter().find_map(|one| one["oid"].as_u64()).expect("an account");
    let clock = server.get("/control/clock").await.ok();
    let now = clock["now"].as_str().expect("the world's time").to_owned();
    let timestamp = format!("{} {} +0000", now[..10].replace('-', "."), &now[11..19]);
    let (scope, state) = (format!("prm_req?oid={oid}"), "0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11");
    let secret = signed(folder, mnemonic, &format!("{scope}{timestamp}{mnemonic}{state}"));
    let mut form = Url::parse("http://form").expect("a URL");
    form.query_pairs_mut().extend_pairs([
        ("client_id", mnemonic),
        ("client_secret", &secret),
        ("grant_type", "client_credentials"),
        ("scope", &scope),
        ("state", state),
        ("timestamp", &timestamp),
        ("redirect_uri", "http://127.0.0.1:3000/callback"),
        ("token_type", "Bearer"),
    ]);
    let request = server.request(Method::POST, "/aas/oauth2/te");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    server.send(request.body(form.query().unwrap_or_default().to_owned())).await
}

/// A folder with two systems, their keys and the file that names them by path.
async fn prepared() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::idp().await;
    made(&server, folder.path(), "RSA-SITE", "rsa").await;
    made(&server, folder.path(), "GOST-SITE", "gost").await;
    let one = |mnemonic: &str| {
        format!(
            "- mnemonic: {mnemonic}\n  title: Мой сайт\n  organisation: Мы\n  certificates: [./{mnemonic}.cert.pem]\n"
        )
    };
    fs::write(folder.path().join("clients.yaml"), [one("RSA-SITE"), one("GOST-SITE")].concat()).expect("a file");
    folder
}

fn in_list(list: &Value, mnemonic: &str) -> Value {
    let all = list.as_array().expect("systems");
    all.iter().find(|one| one["mnemonic"] == mnemonic).cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_system_that_the_program_is_started_with_signs_with_the_key_that_was_made_for_it() {
    let folder = prepared().await;
    let file = folder.path().join("clients.yaml").display().to_string();
    let idp = ["idp", "--listen", "127.0.0.1:0", "--log", "error"];
    let server = Server::start(&[&idp[..], &["--client", &file]].concat()).await;
    for mnemonic in ["RSA-SITE", "GOST-SITE"] {
        let answer = token(&server, folder.path(), mnemonic).await;
        assert_eq!(answer.status, 200, "{mnemonic}: {} {}", answer.header("x-esia-stand-verdict"), answer.body);
    }
    // A world that is made from a seed has them too, and the seed's own registration wins.
    let named = json!([{ "mnemonic": "RSA-SITE", "title": "Из описания", "organisation": "Мы" }]);
    let world = json!({ "name": "mine", "seed": { "gosuslugi": { "clients": named } } });
    let request = server.request(Method::POST, "/control/worlds").json(&world);
    assert_eq!(server.send(request).await.status, 201);
    let list = server.get("/w/mine/control/clients").await.ok();
    assert_eq!(in_list(&list, "GOST-SITE")["about"]["origin"], "settings");
    let own = in_list(&list, "RSA-SITE");
    assert_eq!((&own["title"], &own["about"]["origin"]), (&json!("Из описания"), &json!("seed")));
    assert_eq!(own["about"]["notes"][0]["field"], "mnemonic", "{own}");
}

#[tokio::test]
async fn a_settings_file_and_the_environment_say_the_same_and_serve_hands_it_on() {
    let folder = prepared().await;
    let config = folder.path().join("config.yaml");
    let text = "clients:\n  - mnemonic: RSA-SITE\n    title: Мой сайт\n    organisation: Мы\n    certificates: [RSA-SITE.cert.pem]\n";
    fs::write(&config, text).expect("a file");
    let config = config.display().to_string();
    let args = ["serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0", "--config", &config];
    let other = folder.path().join("other.json");
    fs::write(&other, r#"{"mnemonic": "OTHER", "title": "a", "organisation": "b"}"#).expect("a file");
    let other = other.display().to_string();
    let mut serve = Program::start_as(&tests::esia_stand(), &args, &[("ESIA_STAND_CLIENT", &other)]);
    let urls: Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
    let list = format!("{}/control/clients", urls["idp"].as_str().expect("a URL"));
    let list: Value = tests::client().get(list).send().await.expect("systems").json().await.expect("JSON");
    for mnemonic in ["RSA-SITE", "OTHER"] {
        assert_eq!(in_list(&list, mnemonic)["about"]["origin"], "settings", "{list}");
    }
}

#[tokio::test]
async fn a_world_that_is_kept_takes_in_what_its_program_is_started_with_later() {
    let folder = prepared().await;
    let data = format!("sqlite:{}", folder.path().join("idp.db").display());
    let idp = ["idp", "--listen", "127.0.0.1:0", "--log", "error", "--data", &data];
    let first = Server::start(&idp).await;
    assert_eq!(in_list(&first.get("/control/clients").await.ok(), "RSA-SITE"), Value::Null);
    drop(first);
    let file = folder.path().join("clients.yaml").display().to_string();
    let second = Server::start(&[&idp[..], &["--client", &file]].concat()).await;
    assert_eq!(token(&second, folder.path(), "RSA-SITE").await.status, 200);
}

#[tokio::test]
async fn a_wrong_file_ends_the_start_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("clients.yaml");
    fs::write(&file, "- mnemonic: SITE\n  title: a\n  organisation: b\n  redirect-domains: ['https://a.test/']\n")
        .expect("a file");
    let file = file.display().to_string();
    let told = async |args: &[&str]| {
        let ended = Program::run(args).await;
        format!("{:?} {}", ended.code, ended.err.trim().replace(&*folder.path().display().to_string(), "DIR"))
    };
    let idp = ["idp", "--listen", "127.0.0.1:0", "--client"];
    assert_snapshot!(told(&[&idp[..], &[&file]].concat()).await, @"Some(2) esia-stand: DIR/clients.yaml:4:22: [0].redirect-domains[0]: нужен один домен, без схемы, порта и пути: «a.test» вместо «https://a.test/»");
    assert_snapshot!(told(&[&idp[..], &["nowhere.yaml"]].concat()).await, @"Some(2) esia-stand: nowhere.yaml: файл не читается: его нет");
    assert_snapshot!(told(&["run", "--client", &file]).await, @"Some(2) esia-stand: DIR/clients.yaml:4:22: [0].redirect-domains[0]: нужен один домен, без схемы, порта и пути: «a.test» вместо «https://a.test/»");
    let good = folder.path().join("good.yaml");
    fs::write(&good, "{mnemonic: SITE, title: a, organisation: b}").expect("a file");
    let elsewhere = ["run", "--idp", "http://127.0.0.1:1", "--diary", "http://127.0.0.1:2", "--client"];
    assert_snapshot!(told(&[&elsewhere[..], &[&good.display().to_string()]].concat()).await, @"Some(2) esia-stand: --client нужен серверам, которые запускает сама команда; у запущенных: PUT /control/clients/{мнемоника}");
}
