//! Addresses of ЕСИА's own protocol: authorization, tokens, logout, keys, login page.

use utoipa::{
    PartialSchema as _,
    openapi::HttpMethod::{Get, Post},
};

use super::{
    address::{Address, Answer, FORM, Field, HTML, JSON, answer, may, must, page},
    rs::rest_error,
};
use crate::portal::consents::ConsentResponse;

const TAG: &str = "esia";
const SECRET: Field =
    must("client_secret", "Подпись запроса, base64url: CMS в первой версии, «голая» подпись во второй", "MIIG…");
const CLIENT: Field = must("client_id", "Мнемоника системы", "MY-SYSTEM");
const REDIRECT: Field =
    must("redirect_uri", "Куда вернуть человека: домен из redirect-domains", "http://127.0.0.1:3000/callback");
const SCOPE: Field = must("scope", "Области доступа через пробел", "openid fullname");
const STATE: Field = must("state", "UUID этого запроса", "0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11");
const TIME: Field = must("timestamp", "Когда запрос собран: yyyy.MM.dd HH:mm:ss Z", "2024.09.02 09:00:00 +0300");
const HASH: Field = must("client_certificate_hash", "Streebog-256 сертификата системы, hex", "6F1C…");
const RESPONSE: Field = must("response_type", "code", "code");
const ACCESS: Field = may("access_type", "online или offline: с маркером обновления", "online");
const ORGANISATION: Field = may("scope_org", "Области доступа к данным организации", "org_shortname");
const PERMISSIONS: Field = may("permissions", "Согласия цифрового профиля: JSON в base64url", "W10");
const CHALLENGE: Field =
    may("code_challenge", "PKCE: SHA-256 от code_verifier, base64url", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
const GRANT: Field =
    must("grant_type", "authorization_code, refresh_token или client_credentials", "authorization_code");
const CODE: Field = may("code", "Код, с которым человек вернулся", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
const REFRESH: Field = may("refresh_token", "Маркер обновления", "6f0c2a7e-4d0e-4b5f-a6b2-0d3c1f9e8a77");
const TOKEN_TYPE: Field = must("token_type", "Bearer", "Bearer");
const VERIFIER: Field =
    may("code_verifier", "PKCE: строка, от которой был code_challenge", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
const OID: Field = must("oid", "Номер учётной записи: urn:esia:sbj_id маркера", "1000300001");
const ASKED: &[Answer] = &[
    answer("302", "На страницу входа; или обратно в систему, с error и error_description ЕСИА", "", ""),
    answer("400", "Страница для человека: ни системе, ни её адресу верить нельзя", HTML, ""),
];
const TOKENS: &[Answer] = &[
    answer(
        "200",
        "Маркеры",
        JSON,
        r#"{"access_token":"eyJ…","id_token":"eyJ…","state":"0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11","token_type":"Bearer","expires_in":3600}"#,
    ),
    answer(
        "400",
        "Отказ словами ЕСИА. Что именно не так — в X-Esia-Stand-Verdict",
        JSON,
        r#"{"error":"invalid_grant","error_description":"ESIA-007011: …","state":"0b7f3a52-6a0e-4f0c-9a3e-2f6a1c1d7e11"}"#,
    ),
    answer("405", "Маркеры просят только методом POST", JSON, ""),
    answer("503", "ESIA-007008: технические работы, настройка мира", JSON, ""),
];
const fn asks(path: &'static str, summary: &'static str, fields: &'static [Field]) -> Address {
    Address { path, methods: &[Get, Post], tag: TAG, summary, fields, body: FORM, by_token: false, answers: ASKED }
}
const fn tokens(path: &'static str, summary: &'static str, fields: &'static [Field]) -> Address {
    Address { path, methods: &[Post], tag: TAG, summary, fields, body: FORM, by_token: false, answers: TOKENS }
}
/// Describes a step of the login page that programs call instead of a browser (ESIA §6.4).
const fn step(path: &'static str, summary: &'static str, fields: &'static [Field]) -> Address {
    Address { path, methods: &[Post], tag: "login page", summary, fields, body: JSON, by_token: false, answers: NEXT }
}

const NEXT: &[Answer] =
    &[answer("200", "Что дальше", JSON, r#"{"action":"DONE","redirect_url":"http://127.0.0.1:3000/callback?code=…"}"#)];

const WITHOUT_HASH: &[Field] = &[CLIENT, SECRET, REDIRECT, SCOPE, RESPONSE, STATE, TIME, ACCESS];
const WITH_HASH: &[Field] =
    &[CLIENT, SECRET, HASH, REDIRECT, SCOPE, RESPONSE, STATE, TIME, ACCESS, ORGANISATION, PERMISSIONS, CHALLENGE];
const FOR_TOKENS: &[Field] =
    &[CLIENT, SECRET, GRANT, SCOPE, STATE, TIME, TOKEN_TYPE, REDIRECT, CODE, REFRESH, VERIFIER];
const FOR_TOKENS_WITH_HASH: &[Field] =
    &[CLIENT, SECRET, HASH, GRANT, SCOPE, STATE, TIME, TOKEN_TYPE, REDIRECT, CODE, REFRESH, VERIFIER, ORGANISATION];
pub(super) const ADDRESSES: &[Address] = &[
    asks("/aas/oauth2/ac", "Система отправляет человека войти: первая версия, подпись — CMS", WITHOUT_HASH),
    asks("/aas/oauth2/v2/ac", "То же, вторая версия: «голая» подпись и хэш сертификата", WITH_HASH),
    page(TAG, "/aas/oauth2/continue", &[Get], "Браузер вернулся со страницы входа: согласие или обратно в систему"),
    page(TAG, "/aas/oauth2/consent", &[Post], "Человек ответил на странице согласия"),
    tokens("/aas/oauth2/te", "Код меняется на маркеры: первая версия, подпись — CMS", FOR_TOKENS),
    tokens("/aas/oauth2/v2/te", "То же, что /aas/oauth2/v3/te", FOR_TOKENS_WITH_HASH),
    tokens("/aas/oauth2/v3/te", "Код меняется на маркеры: «голая» подпись и хэш сертификата", FOR_TOKENS_WITH_HASH),
    Address {
        path: "/idp/ext/Logout",
        methods: &[Get],
        tag: TAG,
        summary: "Выход. Сеансы OpenID Connect, начатые в этом сеансе, кончаются вместе с ним",
        fields: &[CLIENT, may("redirect_url", "Куда вернуть человека", "http://127.0.0.1:3000/")],
        body: FORM,
        by_token: false,
        answers: &[
            answer("200", "Страница: вы вышли", HTML, ""),
            answer("302", "Обратно в систему", "", ""),
            answer("400", "Страница для человека: адресу верить нельзя", HTML, ""),
        ],
    },
    Address {
        path: "/esia-rs/api/public/v1/orgs/ext-app/{api_key}/tkn",
        methods: &[Get],
        tag: TAG,
        summary: "Маркер по API-ключу (МР Б.12)",
        fields: &[
            must("api_key", "api-key системы", "0f6c1d2e-3a4b"),
            must("signature", "CMS над ключом, base64", "MIIG…"),
        ],
        body: FORM,
        by_token: false,
        answers: &[
            answer("200", "Маркер", JSON, r#"{"accessTkn":"eyJ…"}"#),
            answer("401", "Ключ или подпись не те", JSON, ""),
        ],
    },
    Address {
        path: "/public/{name}",
        methods: &[Get],
        tag: TAG,
        summary: "Ключи и сертификаты Госуслуг: RSA_TESIA.cer, GOST_TESIA_2012.pem, …_PUBLIC.pem, esia.zip",
        fields: &[must("name", "Имя файла", "RSA_TESIA_PUBLIC.pem")],
        body: FORM,
        by_token: false,
        answers: &[
            answer(
                "200",
                "Файл",
                "application/pkix-cert application/x-pem-file application/jwk+json application/zip",
                "",
            ),
            answer("404", "Такого файла нет", HTML, ""),
        ],
    },
    Address {
        path: "/rs/prns/{oid}/permissions/requests",
        methods: &[Post],
        tag: "rs",
        summary: "Система просит согласие о человеке, маркером prm_req?oid=…. Наше: у ЕСИА это не опубликовано",
        fields: &[
            OID,
            must("purpose", "Зачем: EDUCATION_DIARY или фраза, которую прочтёт родитель", "EDUCATION_DIARY"),
            must("scopes", "Какие области", "[fullname birthdate]"),
        ],
        body: JSON,
        by_token: true,
        answers: &[
            answer(
                "200",
                "granted: уже дано; requested: спросили столько-то родителей; no-guardian: спросить некого",
                JSON,
                r#"{"status":"requested","guardians":1}"#,
            )
            .schema(ConsentResponse::schema),
            answer("400", "Тело не читается", JSON, r#"{"code":"ESIA-007038","message":"scopes: …"}"#)
                .schema(rest_error),
            answer(
                "401",
                "Нет маркера, или он не действует",
                JSON,
                r#"{"code":"ESIA-005011","message":"SecurityErrorEnum.invalidToken"}"#,
            )
            .schema(rest_error),
            answer(
                "403",
                "Маркер не о том человеке, или система не может просить эти области",
                JSON,
                r#"{"code":"ESIA-005029","message":"SecurityErrorEnum.scopeNotAllowed"}"#,
            )
            .schema(rest_error),
            answer(
                "404",
                "Такого человека нет",
                JSON,
                r#"{"code":"ESIA-005404","message":"SecurityErrorEnum.notFound"}"#,
            )
            .schema(rest_error),
        ],
    },
    Address {
        path: "/aas/oauth2/config",
        methods: &[Get],
        tag: "login page",
        summary: "То, что боты запрашивают перед входом",
        fields: &[],
        body: JSON,
        by_token: false,
        answers: &[answer("200", "Ничего нужного", JSON, "")],
    },
    step("/aas/oauth2/api/login/otp-max/verify", "Код из MAX: то же, что otp/verify", &[]),
    step("/aas/oauth2/api/login/quiz-max/skip", "Пропустить вопрос: то же, что next-step", &[]),
    step("/aas/oauth2/api/login/change-password/skip", "Пропустить смену пароля: то же, что next-step", &[]),
    step("/aas/oauth2/api/login/promo-mfa/fill-mfa", "Пропустить предложение: то же, что next-step", &[]),
];
