//! https: whom clients trust, what is wrong on purpose, and sign-ins over it.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use insta::assert_snapshot;
use reqwest::{Certificate, Client};
use serde_json::Value;
use tests::{Program, Server};
use tokio::process::Command;

/// Longer than any handshake takes.
const PATIENCE: Duration = Duration::from_secs(30);

const FREE: [&str; 4] = ["--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"];

/// Both servers over https, with what they said when they were ready.
struct Stand {
    _serve: Program,
    ready: Value,
}

impl Stand {
    async fn serve(more: &[&str]) -> Self {
        let mut serve = Program::start(&[&["serve"], &FREE[..], more].concat());
        let ready = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
        Self { _serve: serve, ready }
    }

    fn said(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.ready))
    }

    /// A client that trusts the CA of the stand and nobody else.
    fn client(&self) -> Client {
        let pem = fs::read(self.said("ca_file")).expect("the CA's certificate");
        let ca = Certificate::from_pem(&pem).expect("PEM");
        Client::builder().tls_certs_only([ca]).no_proxy().timeout(PATIENCE).build().expect("a client")
    }

    async fn tls(&self) -> Value {
        let asked = self.client().get(format!("{}/control/tls", self.said("idp"))).send().await;
        asked.expect("an answer").json().await.expect("JSON")
    }
}

/// What `openssl s_client` finds wrong with a server's certificate; nothing is wrong when it is empty.
async fn found_by_openssl(url: &str, ca: &str, more: &[&str]) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(["s_client", "-connect", url.trim_start_matches("https://"), "-CAfile", ca, "-verify_return_error"]);
    let output = openssl.args(more).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(PATIENCE, output).await.expect("openssl does not end").expect("openssl");
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told).into_owned();
    let errors = told.lines().filter(|line| line.starts_with("verify error") || line.contains(":error:"));
    let errors: Vec<_> = errors.collect();
    assert_eq!(output.status.success(), errors.is_empty(), "{told}");
    errors.join("; ")
}

#[tokio::test]
async fn openssl_trusts_the_stand_and_finds_what_is_wrong_on_purpose() {
    let stand = Stand::serve(&["--tls", "--tls-faults"]).await;
    let ca = stand.said("ca_file");
    for (url, server_name) in [(stand.said("idp"), "localhost"), (stand.said("diary"), "petrovy.localhost")] {
        let named = ["-servername", server_name, "-verify_hostname", server_name];
        assert_eq!(found_by_openssl(url, ca, &named).await, "");
        assert_eq!(found_by_openssl(url, ca, &["-verify_ip", "127.0.0.1"]).await, "");
        assert_eq!(found_by_openssl(url, ca, &["-tls1_2", "-verify_ip", "127.0.0.1"]).await, "");
    }
    let fault = |name: &str| stand.ready["tls_faults"][name].as_str().expect("a port");
    for (name, found) in [
        ("net.tls-expired", "certificate has expired"),
        ("net.tls-wrong-host", "IP address mismatch"),
        ("net.tls-unknown-ca", "unable to get local issuer certificate"),
        ("net.tls-old-protocol", "unsupported protocol"),
    ] {
        // Some builds of OpenSSL still speak TLS 1.1 when nobody forbids it.
        let told = found_by_openssl(fault(name), ca, &["-verify_ip", "127.0.0.1", "-min_protocol", "TLSv1.2"]).await;
        assert!(told.contains(found), "{name}: {told}");
    }
    // One that looks at nothing goes on.
    let careless = Client::builder().tls_danger_accept_invalid_certs(true).no_proxy().build().expect("a client");
    let answer = careless.get(format!("{}/oidc/jwks", fault("net.tls-expired"))).send().await.expect("an answer");
    assert_eq!(answer.headers()["x-esia-stand-fault"], "net.tls-expired");
    drop((answer, careless));
    let lax = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
    let told = found_by_openssl(fault("net.tls-old-protocol"), ca, &lax).await;
    assert!(told.contains("SSL alert number 40"), "{told}");
    let tls = loop {
        let tls = stand.tls().await;
        if tls["faults"][0]["accepted"] == 1 {
            break tls;
        }
    };
    let counted = tls["faults"].as_array().expect("faults");
    let counted: Vec<_> =
        counted.iter().map(|one| format!("{} {} {}", one["fault"], one["refused"], one["accepted"])).collect();
    assert_snapshot!(counted.join("\n"), @r#"
    "net.tls-expired" 1 1
    "net.tls-wrong-host" 1 0
    "net.tls-unknown-ca" 1 0
    "net.tls-old-protocol" 1 1
    "#);
}

#[tokio::test]
async fn people_sign_in_over_https_in_both_protocols_at_servers_whose_ca_is_named() {
    let stand = Stand::serve(&["--tls"]).await;
    let servers = ["--idp", stand.said("idp"), "--diary", stand.said("diary")];
    for protocol in ["esia", "oidc"] {
        let scenario = ["run", "--name", "входит в дневник", "--protocol", protocol];
        let ended = Program::run(&[&scenario, &servers[..], &["--ca", stand.said("ca_file")]].concat()).await;
        assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
    }
    let untold = Program::run(&[&["run", "--name", "входит в дневник"], &servers[..]].concat()).await;
    assert_eq!(untold.code, Some(3), "{}", untold.out);
    assert!(untold.err.contains("--ca ФАЙЛ"), "{}", untold.err);
    let discovery = format!("{}/.well-known/openid-configuration", stand.said("idp"));
    let told = stand.client().get(discovery).send().await.expect("an answer").text().await.expect("text");
    assert!(told.contains("https://127.0.0.1:") && !told.contains("http://"), "{told}");
}

#[tokio::test]
async fn a_run_plays_over_https_and_health_asks_whom_it_trusts() {
    let ended = Program::run(&["run", "--tls", "--name", "входит в дневник"]).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
    let stand = Stand::serve(&["--tls", "--tls-faults"]).await;
    let health = async |args: &[&str]| {
        let ended = Program::run(&[&["health"], args].concat()).await;
        (ended.code, ended.err)
    };
    let ca = ["--ca", stand.said("ca_file")];
    assert_eq!(health(&[&ca[..], &[stand.said("diary")]].concat()).await, (Some(0), String::new()));
    let fault = |name: &str| stand.ready["tls_faults"][name].as_str().expect("a port").to_owned();
    let plain = stand.said("idp").replace("https", "http");
    for (url, told) in [
        (fault("net.tls-expired"), "срок действия сертификата сервера истёк"),
        (fault("net.tls-wrong-host"), "выдан другому узлу"),
        (fault("net.tls-unknown-ca"), "--ca ФАЙЛ"),
        (fault("net.tls-old-protocol"), "по устаревшему TLS"),
    ] {
        let (code, err) = health(&[&ca[..], &[&url]].concat()).await;
        assert!(code == Some(3) && err.contains(told), "{url}: {err}");
    }
    assert_eq!(health(&[&plain]).await.0, Some(1), "another protocol is no answer");
    let idp = Server::idp().await;
    let (code, err) = health(&[&idp.url.replace("http", "https")]).await;
    assert!(code == Some(3) && err.contains("начните адрес с http://"), "{err}");
}

/// Four free ports in a row: the first of them.
fn four_in_a_row() -> u16 {
    for _ in 0..50 {
        let first = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
        let are_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if first < u16::MAX - 4 && (first..first + 4).all(are_free) {
            return first;
        }
    }
    panic!("no four ports in a row are free");
}

#[tokio::test]
async fn ports_that_are_wrong_on_purpose_stand_where_they_are_wanted() {
    let first = four_in_a_row();
    let stand = Stand::serve(&["--tls", "--tls-faults-port", &first.to_string()]).await;
    let names = ["net.tls-expired", "net.tls-wrong-host", "net.tls-unknown-ca", "net.tls-old-protocol"];
    for (name, port) in names.into_iter().zip(first..) {
        assert_eq!(stand.ready["tls_faults"][name], format!("https://127.0.0.1:{port}"), "{}", stand.ready);
    }
    let taken = Program::run(&["idp", "--listen", "127.0.0.1:0", "--tls-faults-port", &(first + 3).to_string()]).await;
    assert_eq!(taken.code, Some(3), "{}", taken.err);
    assert!(taken.err.contains("--tls-faults-port"), "{}", taken.err);
}

/// A key and a certificate that OpenSSL makes, for so many days.
async fn made_by_openssl(folder: &Path, name: &str, days: &str) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=stand", "-days", days]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout"]).arg(&key);
    let output = openssl.arg("-out").arg(&certificate).output().await.expect("openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (certificate, key)
}

#[tokio::test]
async fn a_certificate_of_ones_own_serves_and_a_wrong_one_says_why_it_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = |path: &Path| path.to_str().expect("text").to_owned();
    let (certificate, key) = made_by_openssl(folder.path(), "own", "30").await;
    let (other, other_key) = made_by_openssl(folder.path(), "other", "30").await;
    let (certificate, key) = (text(&certificate), text(&key));
    let own = ["--tls-cert", &certificate, "--tls-key", &key];
    // Both servers trust it without being told: the diary signs in at the provider.
    let mut serve = Program::start(&[&["serve"], &FREE[..], &own].concat());
    let ready: Value = serde_json::from_str(&serve.line().await.expect("a line")).expect("JSON");
    assert_eq!(ready.get("ca"), None);
    let (idp, diary) = (ready["idp"].as_str().expect("idp"), ready["diary"].as_str().expect("diary"));
    let scenario = ["run", "--name", "входит в дневник", "--idp", idp, "--diary", diary, "--ca", &certificate];
    let ended = Program::run(&scenario).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);

    let told = async |args: &[&str]| {
        let ended = Program::run(&[&["idp", "--listen", "127.0.0.1:0"], args].concat()).await;
        assert_eq!(ended.code, Some(2), "{args:?}");
        ended.err.trim().replace(&*folder.path().display().to_string(), "DIR")
    };
    let (other, other_key) = (text(&other), text(&other_key));
    assert_snapshot!(told(&["--tls-cert", &certificate]).await, @"esia-stand: --tls-cert нужен вместе с --tls-key: ключом от этого сертификата");
    assert_snapshot!(told(&["--tls-cert", &certificate, "--tls-key", &other_key]).await, @"esia-stand: ключ DIR/other.key не от сертификата DIR/own.pem: назовите тот, с которым сертификат выпускали");
    assert_snapshot!(told(&["--tls-cert", &other, "--tls-key", "nowhere.key"]).await, @"esia-stand: nowhere.key: нет такого файла или папки");
    assert_snapshot!(told(&["--tls-cert", &key, "--tls-key", &key, "--lang", "en"]).await, @"esia-stand: DIR/own.key: there is no certificate in PEM (-----BEGIN CERTIFICATE-----); openssl x509 -inform der makes it of DER");
    assert_snapshot!(told(&["--ca", &key]).await, @"esia-stand: DIR/own.key: здесь нет сертификата в виде PEM (-----BEGIN CERTIFICATE-----); из DER его делает openssl x509 -inform der");
    assert_snapshot!(told(&["--tls-faults", "--tls-cert", &certificate, "--tls-key", &key]).await, @"esia-stand: --tls-cert — свой сертификат, а --tls-dir и --tls-faults — для тех, что выпускает стенд: уберите одно или другое");
}

#[tokio::test]
async fn a_folder_keeps_the_ca_from_start_to_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let tls = folder.path().join("tls").display().to_string();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let mut idp = Program::start(&["idp", "--listen", "127.0.0.1:0", "--tls-dir", &tls]);
        let ready: Value = serde_json::from_str(&idp.line().await.expect("a line")).expect("JSON");
        let stand = Stand { _serve: idp, ready };
        assert_eq!(stand.said("ca_file"), format!("{tls}/ca.pem"));
        let told = stand.client().get(stand.said("ca")).send().await.expect("an answer");
        seen.push(told.text().await.expect("PEM"));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], fs::read_to_string(format!("{tls}/ca.pem")).expect("a file"));
}
