//! Content of a verdict: the checks in order, the string that should have been signed, and the known mistake that
//! explains what was signed instead (issue 4, item 7).

use esia::{keys, secret};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::testing::{Fields, Rp, wide_section, with};
use crate::protocols::esia::testing::AuthorizationAnswer as _;
use crate::testing::{Answer, Rig, september};

async fn rig() -> Rig {
    Rig::new(wide_section()).await
}

/// Returns the failed check of a response as text, with the verdict's line above it.
async fn told(rig: &Rig, answer: &Answer) -> String {
    let checks = rig.checks(answer).await;
    let failed = checks.iter().find(|check| check["outcome"] == "failed").unwrap_or(&Value::Null);
    let line = answer.verdict_line().rsplit_once("; see").unwrap().0.to_owned();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut lines = vec![line, format!("[{}] {}", text(&failed["source"]), text(&failed["got"]))];
    for detail in failed["details"].as_array().into_iter().flatten() {
        lines.push(format!("{}: {}", text(&detail["name"]), text(&detail["text"])));
    }
    lines.join("\n")
}

/// A token request of the third version whose secret is a signature of another string.
async fn signs(rig: &Rig, signed: impl Fn(&Rp, &str) -> String) -> String {
    let rp = Rp::gost();
    let session = rig.session("анна").await;
    let code = rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let secret = rp.raw(&signed(&rp, &code));
    let answer = rig.v3_te(&with(rp.v3_by_code(&code), "client_secret", Some(&secret))).await;
    assert_eq!(answer.ended(), "400 access_denied ESIA-007053");
    told(rig, &answer).await.replace(&code, "<code>")
}

#[tokio::test]
async fn the_order_of_another_call() {
    let rig = rig().await;
    let v1 = signs(&rig, |rp, _| secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state)).await;
    assert_snapshot!(v1, @"
    failed client-signature; ESIA-007053; slip-order=v1
    [ESIA §2.1, §2.2] порядок другого запроса: scope + timestamp + client_id + state
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    На самом деле подписано: openid fullname snils2024.09.02 09:00:00 +0300GOST0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    Первое отличие: отличие со знака 1: ожидалось — латинская «G», получено — латинская «o»
    ▸GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    ▸openid fullname snils2024.09.02 09:00:00 +0300GOST0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn the_code_left_out() {
    let rig = rig().await;
    assert_snapshot!(signs(&rig, |rp, _| secret::v2_authorize(&rp.values(""))).await, @"
    failed client-signature; ESIA-007053; slip-missing=code
    [ESIA §2.1, §2.2] в подписанной строке нет code
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    На самом деле подписано: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Первое отличие: отличие со знака 124: ожидалось — латинская «e», получено — конец
    GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia▸<code>
    GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia▸⟨конец⟩
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn another_form_of_the_time() {
    let rig = rig().await;
    let iso = signs(&rig, |rp, code| {
        secret::v3_token(&secret::Signed { timestamp: "2024-09-02T09:00:00+03:00", ..rp.values("") }, code)
    });
    assert_snapshot!(iso.await, @"
    failed client-signature; ESIA-007053; slip-time-form=timestamp
    [ESIA §2.1, §2.2] время подписано в другом виде, чем отправлено: «2024-09-02T09:00:00+03:00»
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    На самом деле подписано: GOSTopenid fullname snils2024-09-02T09:00:00+03:000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    Первое отличие: отличие со знака 30: ожидалось — «.», получено — «-»
    GOSTopenid fullname snils2024▸.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    GOSTopenid fullname snils2024▸-09-02T09:00:00+03:000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn values_encoded_for_an_address() {
    let rig = rig().await;
    let encoded = signs(&rig, |rp, code| {
        let escape = |text: &str| super::testing::escaped(text);
        [rp.client_id, rp.scope, &rp.timestamp, rp.state, rp.redirect_uri, code].map(escape).concat()
    });
    assert_snapshot!(encoded.await, @"
    failed client-signature; ESIA-007053; slip-encoded=all
    [ESIA §2.1, §2.2] значения подписаны уже закодированными (как для формы, пробел стал «+»: URLEncoder, urlencode, quote_plus, QueryEscape), а подписываются до кодирования
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    На самом деле подписано: GOSTopenid+fullname+snils2024.09.02+09%3A00%3A00+%2B03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http%3A%2F%2F127.0.0.1%3A9%2Fcallback%3Ffrom%3Desia<code>
    Первое отличие: отличие со знака 11: ожидалось — пробел, получено — «+»
    GOSTopenid▸ fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    GOSTopenid▸+fullname+snils2024.09.02+09%3A00%3A00+%2B03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http%3A%2F%2F127.0.0.1%3A9%2Fcallback%3Ffrom%3Desia<code>
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn a_separator_between_the_values() {
    let rig = rig().await;
    let spaced =
        signs(&rig, |rp, code| [rp.client_id, rp.scope, &rp.timestamp, rp.state, rp.redirect_uri, code].join("&"));
    assert_snapshot!(spaced.await, @"
    failed client-signature; ESIA-007053; slip-separator
    [ESIA §2.1, §2.2] между значениями стоит «&», а должно не быть ничего
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    На самом деле подписано: GOST&openid fullname snils&2024.09.02 09:00:00 +0300&0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11&http://127.0.0.1:9/callback?from=esia&<code>
    Первое отличие: отличие со знака 5: ожидалось — латинская «o», получено — «&»
    GOST▸openid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    GOST▸&openid fullname snils&2024.09.02 09:00:00 +0300&0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11&http://127.0.0.1:9/callback?from=esia&<code>
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn a_line_end_after_the_string() {
    let rig = rig().await;
    let ended = signs(&rig, |rp, code| secret::v3_token(&rp.values(""), code) + "\n");
    assert_snapshot!(ended.await, @"
    failed client-signature; ESIA-007053; slip-line-end
    [ESIA §2.1, §2.2] в конце строки лишний перевод строки
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>
    На самом деле подписано: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>

    Первое отличие: отличие со знака 1075: ожидалось — конец, получено — перевод строки (U+000A)
    GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>▸⟨конец⟩
    GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia<code>▸␊
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn the_scopes_of_an_organisation_missing_from_the_string_or_too_many_in_it() {
    let (rig, rp) = (rig().await, Rp::gost());
    let own = [("scope_org", "org_shortname")];
    let without = rp.raw(&secret::v2_authorize(&rp.values("")));
    let missing = rig.anyone().v2_ac(&with(rp.v2_ac(&own), "client_secret", Some(&without))).await;
    assert_snapshot!(told(&rig, &missing).await, @"
    failed client-signature; ESIA-007053; slip-missing=scope_org
    [ESIA §2.1, §2.2] в подписанной строке нет scope_org
    Нужно подписать: GOSTopenid fullname snilsorg_shortname2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    На самом деле подписано: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Первое отличие: отличие со знака 26: ожидалось — латинская «o», получено — «2»
    GOSTopenid fullname snils▸org_shortname2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    GOSTopenid fullname snils▸2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
    let mut fields = rp.v3_by_itself("org_shortname?org_oid=1000000111");
    fields.push(("scope_org", "org_inn".to_owned()));
    let scope = "org_shortname?org_oid=1000000111";
    let extra = rp.raw(&secret::v2_authorize(&secret::Signed { scope, ..rp.values("org_inn") }));
    let extra = rig.v3_te(&with(fields, "client_secret", Some(&extra))).await;
    assert_snapshot!(told(&rig, &extra).await, @"
    failed client-signature; ESIA-007053; slip-extra=scope_org
    [ESIA §2.1, §2.2] в подписанной строке лишний scope_org
    Нужно подписать: GOSTorg_shortname?org_oid=10000001112024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    На самом деле подписано: GOSTorg_shortname?org_oid=1000000111org_inn2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Первое отличие: отличие со знака 37: ожидалось — «2», получено — латинская «o»
    GOSTorg_shortname?org_oid=1000000111▸2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    GOSTorg_shortname?org_oid=1000000111▸org_inn2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
}

#[tokio::test]
async fn bytes_in_another_order() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let (rig, rp) = (rig().await, Rp::gost());
    let right = rp.signature(&secret::v2_authorize(&rp.values("")));
    let ac = async |bytes: &[u8]| {
        let secret = URL_SAFE_NO_PAD.encode(bytes);
        told(&rig, &rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&secret))).await).await
    };
    let reversed: Vec<u8> = right.iter().rev().copied().collect();
    assert_snapshot!(ac(&reversed).await, @"
    failed client-signature; ESIA-007053; slip-reversed-bytes
    [ESIA §2.1, §2.2] строка подписана верная, а байты подписи записаны в обратном порядке: их нужно развернуть
    Нужно подписать: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    На самом деле подписано: GOSTopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    ");
    let swapped = [&right[32..], &right[..32]].concat();
    assert_snapshot!(ac(&swapped).await.lines().take(2).collect::<Vec<_>>().join("\n"), @"
    failed client-signature; ESIA-007053; slip-swapped-halves
    [ESIA §2.1, §2.2] строка подписана верная, а половины подписи переставлены: r ‖ s вместо s ‖ r
    ");
    assert_snapshot!(ac(&right[..60]).await.lines().take(2).collect::<Vec<_>>().join("\n"), @"
    failed client-signature; ESIA-007053; raw-length
    [ESIA §2.1, §2.2] подпись длиной 60 байт, у этого ключа 64
    ");
}

#[tokio::test]
async fn a_certificate_hashed_as_pem() {
    let (rig, rp) = (rig().await, Rp::gost());
    let pem = hex::encode_upper(esia::certificate::Hash::Streebog256.digest(rp.certificate.as_bytes()));
    let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_certificate_hash", Some(&pem))).await;
    assert_snapshot!(told(&rig, &answer).await, @"
    failed certificate-hash; ESIA-007053; hash-of-pem
    [ESIA §2.4] 9C81886349E1BCB97C81B6CB87A8125FE815F76B1463C71F25D0F07300805BFB: ГОСТ Р 34.11-2012 (256) от текста PEM вместо DER; нужен ГОСТ Р 34.11-2012 (256) от DER, шестнадцатеричный (CN=Electronic diary,O=esia-stand)
    Верные значения client_certificate_hash: 72B26855B71EBE8F2F9AC5C9EA149AD8D20F67E75ED0381887220A0644130D7E — ГОСТ Р 34.11-2012 (256) от DER, CN=Electronic diary,O=esia-stand
    ");
}

#[tokio::test]
async fn a_certificate_that_was_replaced() {
    let (rig, rp) = (rig().await, Rp::gost());
    let spec = json!({ "mnemonic": "GOST", "title": "Госсистема", "organisation": "Ведомство",
        "scopes": ["openid", "fullname", "snils"], "certificates": [keys::STRANGER_GOST_CERTIFICATE_PEM] });
    assert_eq!(rig.control().put("/control/clients/GOST", &spec).await.status, 200);
    let stale = rig.anyone().v2_ac(&rp.v2_ac(&[])).await;
    assert_snapshot!(told(&rig, &stale).await, @"
    failed certificate-hash; ESIA-007053; slip-stale-certificate
    [ESIA §2.4] 72B26855B71EBE8F2F9AC5C9EA149AD8D20F67E75ED0381887220A0644130D7E: прежний сертификат системы: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Верные значения client_certificate_hash: A8980DF6B9FBE2E791E8F09FCCCCEFA9F20716DDF3D70CF1B123B646197D688B — ГОСТ Р 34.11-2012 (256) от DER, CN=Stranger,O=esia-stand
    ");
    let cms = rig.anyone().ac(&rp.ac()).await;
    assert_snapshot!(told(&rig, &cms).await, @"
    failed client-signature; ESIA-007053; slip-stale-certificate
    [ESIA §2.1, §2.2] сертификат подписавшего (CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5) не зарегистрирован за системой; строка подписана верная, а подписано ключом сертификата, который больше не действует: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5; это прежний сертификат системы: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Нужно подписать: openid fullname snils2024.09.02 09:00:00 +0300GOST0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    На самом деле подписано: openid fullname snils2024.09.02 09:00:00 +0300GOST0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 0CAB45E300A814CADA863B8BC10C031B097041B5, SHA-256 36E5C121630C4B68D28917223D0D901A8E9825B6EFD862414B2AB83DB096C9DB
    Зарегистрированные сертификаты: CN=Stranger,O=esia-stand, № 29BB0008BDDF9C594BC5D2567B9B5744DAE4C323, SHA-256 611E06D621A07E736F3E98270D689BE2CE0FDE90E7C0062F09395026D33BAC2B
    ");
}

#[tokio::test]
async fn a_cms_over_another_string_and_one_of_a_stranger() {
    let (rig, rp) = (rig().await, Rp::default());
    let v2 = rp.sign(&secret::v2_authorize(&rp.values("")));
    let answer = rig.anyone().ac(&with(rp.ac(), "client_secret", Some(&v2))).await;
    assert_snapshot!(told(&rig, &answer).await, @"
    failed client-signature; ESIA-007053; slip-order=v2-ac
    [ESIA §2.1, §2.2] порядок другого запроса: client_id + scope + [scope_org] + timestamp + state + redirect_uri
    Нужно подписать: openid fullname snils2024.09.02 09:00:00 +0300DIARY0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    На самом деле подписано: DIARYopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Первое отличие: отличие со знака 1: ожидалось — латинская «o», получено — латинская «D»
    ▸openid fullname snils2024.09.02 09:00:00 +0300DIARY0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    ▸DIARYopenid fullname snils2024.09.02 09:00:00 +03000b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11http://127.0.0.1:9/callback?from=esia
    Сертификат подписи: CN=Electronic diary,O=esia-stand, № 08100E6297804F7820AD4CEF34FE481011575B29, SHA-256 2514140442258B2F074F776E321C697B5895A1447C26793CF0F3527CCBBEFDE4
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 08100E6297804F7820AD4CEF34FE481011575B29, SHA-256 2514140442258B2F074F776E321C697B5895A1447C26793CF0F3527CCBBEFDE4
    ");
    let stranger = Rp { key: keys::STRANGER_KEY_PEM, certificate: keys::STRANGER_CERTIFICATE_PEM, ..rp };
    assert_snapshot!(told(&rig, &rig.anyone().ac(&stranger.ac()).await).await, @"
    failed client-signature; ESIA-007053; cms-certificate-not-registered
    [ESIA §2.1, §2.2] сертификат подписавшего (CN=Stranger,O=esia-stand, № 41F3B6401990849077A24CCDFD41E9BC0B4D2E95) не зарегистрирован за системой
    Нужно подписать: openid fullname snils2024.09.02 09:00:00 +0300DIARY0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11
    Зарегистрированные сертификаты: CN=Electronic diary,O=esia-stand, № 08100E6297804F7820AD4CEF34FE481011575B29, SHA-256 2514140442258B2F074F776E321C697B5895A1447C26793CF0F3527CCBBEFDE4
    ");
}

#[tokio::test]
async fn each_fate_of_a_code() {
    let (rig, rp) = (rig().await, Rp::gost());
    let session = rig.session("анна").await;
    let new_code = async || rig.v2_code(&rp.v2_ac(&[]), &session).await.code();
    let te = async |fields: &Fields| {
        let answer = rig.v3_te(fields).await;
        assert_eq!(answer.oauth_error(400)["error"], "invalid_grant", "{}", answer.body);
        told(&rig, &answer).await
    };
    let code = new_code().await;
    assert_eq!(rig.v3_te(&rp.v3_by_code(&code)).await.status, 200);
    assert_snapshot!(te(&rp.v3_by_code(&code)).await, @"
    failed code; ESIA-007011; grant-used
    [ESIA §3.8, §1.5] уже использован 02.09.2024, 09:00
    Этот код использован запросом: /control/console/requests/4
    ");

    let code = new_code().await;
    let diary = Rp::default();
    assert_snapshot!(te(&diary.v3_by_code(&code)).await, @"
    failed code; ESIA-007011; grant-other-client=GOST
    [ESIA §3.8, §1.5] выдан системе GOST
    ");

    let elsewhere = Rp { redirect_uri: "http://127.0.0.1:9/other", ..rp.clone() };
    assert_snapshot!(te(&elsewhere.v3_by_code(&code)).await, @"
    failed code; ESIA-007011; grant-other-redirect
    [ESIA §3.8, §1.5] запрошен с redirect_uri http://127.0.0.1:9/callback?from=esia, а прислан http://127.0.0.1:9/other
    ");

    let answer = rig.v3_te(&rp.v3_by_code(&format!("{}AAAA", &code[..code.len() - 4]))).await;
    assert_snapshot!(told(&rig, &answer).await.lines().take(2).collect::<Vec<_>>().join("\n"), @"
    failed code; ESIA-007011; token-signature
    [ESIA §3.8, §1.5] подпись маркера не сходится
    ");

    let late = new_code().await;
    rig.wall.set(september() + chrono::TimeDelta::seconds(240));
    assert_snapshot!(te(&rp.v3_by_code(&late)).await, @"
    failed code; ESIA-007011; grant-expired=0s
    [ESIA §3.8, §1.5] срок истёк 02.09.2024, 09:04
    В коде сказано: система GOST, state 0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11, exp 1725257040
    ");
}

#[tokio::test]
async fn a_verifier_of_another_code_names_that_code() {
    let (rig, rp) = (rig().await, Rp::gost());
    let session = rig.session("анна").await;
    let code = async |verifier: &str, state: &'static str| {
        let challenge = crate::slips::pkce::challenge_of(verifier);
        let own = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
        rig.v2_code(&Rp { state, ..rp.clone() }.v2_ac(&own), &session).await.code()
    };
    let (first, _second) = (code("first-verifier", "first-state").await, code("second-verifier", "second-state").await);
    let te = async |verifier: &str| {
        let answer = rig.v3_te(&with(rp.v3_by_code(&first), "code_verifier", Some(verifier))).await;
        told(&rig, &answer).await
    };
    assert_snapshot!(te("second-verifier").await, @"
    failed pkce; ESIA-007040; pkce-other-code
    [ESIA §1.2, §1.5; RFC 7636] SHA-256 от code_verifier: 0AiHgzoGTj45qelp07nlwwRAN3xDdinq0whjxMdeIFc; подходит к другому входу системы GOST, state запроса second-state
    ");
    assert_snapshot!(te(&crate::slips::pkce::challenge_of("first-verifier")).await, @"
    failed pkce; ESIA-007040; pkce-challenge-sent
    [ESIA §1.2, §1.5; RFC 7636] SHA-256 от code_verifier: lIMTv382bWFrUYx68veMPUGoye2rcMW3D7BQYTIE_tY; прислан сам code_challenge
    ");
    assert_snapshot!(te("third-verifier").await, @"
    failed pkce; ESIA-007040; pkce-mismatch
    [ESIA §1.2, §1.5; RFC 7636] SHA-256 от code_verifier: 8NYSHvcGEiE6pwMtJvvW7PH8o5IpITapWSipqfxCXVU
    ");
}

/// An answer's verdict in English, and Russian letters in it: outside of quotes, where values stand.
async fn in_english(rig: &Rig, answer: &Answer) -> (String, String) {
    let id = answer.headers["x-esia-stand-request"].to_str().unwrap();
    let entry = rig.control().get(&format!("/control/requests/{id}?lang=en")).await.ok();
    let (mut told, mut russian) = (Vec::new(), String::new());
    for check in entry["verdict"].as_array().unwrap() {
        let details = check["details"].as_array().into_iter().flatten();
        let details = details.flat_map(|detail| [&detail["name"], &detail["text"]]);
        for text in [&check["expected"], &check["got"]].into_iter().chain(details) {
            let text = text.as_str().unwrap();
            let outside = text.split('«').enumerate().map(|(at, part)| match at {
                0 => part,
                _ => part.split_once('»').map_or("", |(_, rest)| rest),
            });
            russian
                .extend(outside.flat_map(str::chars).filter(|sign| matches!(sign, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')));
            told.push(text.to_owned());
        }
    }
    (told.join("\n"), russian)
}

#[tokio::test]
async fn a_signature_of_another_string_is_explained_in_english_to_whoever_asks_for_it() {
    let (rig, rp) = (rig().await, Rp::gost());
    let v1 = rp.raw(&secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state));
    let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&v1))).await;
    let (told, russian) = in_english(&rig, &answer).await;
    assert_eq!(russian, "", "{told}");
    for text in ["To be signed", "Signed instead", "Registered certificates", "the order of another request"] {
        assert!(told.contains(text), "{text}: {told}");
    }
    let good = rig.anyone().v2_ac(&rp.v2_ac(&[])).await;
    let (told, russian) = in_english(&rig, &good).await;
    assert!(russian.is_empty() && told.contains("the signature holds"), "what passed is English too: {told}");
}

#[tokio::test]
async fn the_page_for_people_shows_what_to_mend() {
    let (rig, rp) = (rig().await, Rp::gost());
    let v1 = rp.raw(&secret::v1(rp.scope, &rp.timestamp, rp.client_id, rp.state));
    let answer = rig.anyone().v2_ac(&with(rp.v2_ac(&[]), "client_secret", Some(&v1))).await;
    let line = answer.verdict_line();
    let id = answer.headers["x-esia-stand-request"].to_str().unwrap();
    assert!(line.ends_with(&format!("; see http://127.0.0.1:8001/control/console/requests/{id}")), "{line}");
    let page = rig.anyone().page(&format!("/control/console/requests/{id}")).await;
    for text in [
        "ESIA-007053",
        "Нужно подписать",
        "На самом деле подписано",
        "Зарегистрированные сертификаты",
        "порядок другого запроса",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
}
