//! Addresses of OpenID Connect.

use utoipa::{
    PartialSchema as _,
    openapi::HttpMethod::{Get, Post},
};

use super::address::{Address, Answer, FORM, Field, HTML, JSON, answer, may, must, page};
use crate::portal::consents::ConsentResponse;

const TAG: &str = "openid connect";
const CLIENT: Field = must("client_id", "Мнемоника системы", "MY-SYSTEM");
const REDIRECT: Field = must("redirect_uri", "Один из redirect-uris, до буквы", "http://127.0.0.1:3000/callback");
const HINT: Field = may("id_token_hint", "Маркер id этого человека", "eyJ…");

/// Fields that authenticate a client that does not use `Authorization: Basic`.
const BY_SECRET: Field = may("client_secret", "Секрет (client_secret_post)", "test");
const BY_ID: Field = may("client_id", "Мнемоника системы", "MY-SYSTEM");
const BY_KEY: Field = may("client_assertion", "JWT, подписанный ключом системы (private_key_jwt)", "eyJ…");
const KEY_TYPE: Field = may(
    "client_assertion_type",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
);
const TOKEN: Field = must("token", "Маркер доступа или обновления", "eyJ…");
const TOKEN_HINT: Field = may("token_type_hint", "access_token или refresh_token", "access_token");
const REFUSED: Answer = answer(
    "400",
    "Отказ (RFC 6749 §5.2). Что именно не так — в X-Esia-Stand-Verdict",
    JSON,
    r#"{"error":"invalid_grant","error_description":"expired"}"#,
);
const NOT_PROVED: Answer =
    answer("401", "Система не доказала, что это она", JSON, r#"{"error":"invalid_client","error_description":"…"}"#);
const WRONG_METHOD: Answer = answer("405", "Только POST", JSON, "");
const CLOSED: Answer = answer("503", "Технические работы: настройка мира", JSON, "");
const fn found(path: &'static str, summary: &'static str) -> Address {
    Address { path, methods: &[Get], tag: TAG, summary, fields: &[], body: FORM, by_token: false, answers: FOUND }
}
const FOUND: &[Answer] = &[answer("200", "Документ", JSON, "")];

pub(super) const ADDRESSES: &[Address] = &[
    found("/.well-known/openid-configuration", "Что здесь есть (OpenID Connect Discovery)"),
    found("/.well-known/oauth-authorization-server", "То же (RFC 8414)"),
    found("/oidc/jwks", "Ключи, которыми подписаны маркеры (RFC 7517)"),
    Address {
        path: "/oidc/authorize",
        methods: &[Get, Post],
        tag: TAG,
        summary: "Система отправляет человека войти",
        fields: &[
            CLIENT,
            must("response_type", "code", "code"),
            REDIRECT,
            must("scope", "Области через пробел, среди них openid", "openid fullname"),
            may("state", "Вернётся как есть", "af0ifjsldkj"),
            may("nonce", "Окажется в маркере id", "n-0S6_WzA2Mj"),
            may("code_challenge", "PKCE; публичной системе обязателен", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            may("code_challenge_method", "S256", "S256"),
            may("response_mode", "query или form_post", "query"),
            may("prompt", "none; login, consent, select_account", "login"),
            may("max_age", "Не старше скольких секунд может быть вход", "600"),
            may("claims", "Отдельные сведения (OpenID Connect Core §5.5)", r#"{"userinfo":{"email":null}}"#),
            may("login_hint", "Что стоит в поле логина", "anna@example.test"),
            HINT,
        ],
        body: FORM,
        by_token: false,
        answers: &[
            answer("200", "Форма, которая отправит ответ (response_mode=form_post)", HTML, ""),
            answer("302", "Обратно в систему: code, state, iss; или error", "", ""),
            answer("303", "На страницу входа", "", ""),
            answer("400", "Страница для человека: ни системе, ни её адресу верить нельзя", HTML, ""),
        ],
    },
    page(TAG, "/oidc/continue", &[Get], "Браузер вернулся со страницы входа: согласие или обратно в систему"),
    page(TAG, "/oidc/consent", &[Post], "Человек ответил на странице согласия"),
    page(TAG, "/oidc/logout/confirm", &[Post], "Человек ответил, что выходит"),
    Address {
        path: "/oidc/token",
        methods: &[Post],
        tag: TAG,
        summary: "Код или маркер обновления меняется на маркеры; client_credentials — маркер самой системы",
        fields: &[
            must("grant_type", "authorization_code, refresh_token или client_credentials", "authorization_code"),
            may("code", "Код", "3f0c…"),
            may("redirect_uri", "Тот же, что при входе", "http://127.0.0.1:3000/callback"),
            may("code_verifier", "PKCE", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            may("refresh_token", "Маркер обновления: действует один раз", "9a1b…"),
            may("scope", "Уже, чем при входе; у client_credentials — consent_request", "consent_request"),
            BY_ID,
            BY_SECRET,
            BY_KEY,
            KEY_TYPE,
        ],
        body: FORM,
        by_token: false,
        answers: &[
            answer(
                "200",
                "Маркеры. У несовершеннолетнего без согласия родителя scope — один openid",
                JSON,
                r#"{"access_token":"eyJ…","token_type":"Bearer","expires_in":3600,"id_token":"eyJ…","scope":"openid fullname"}"#,
            ),
            REFUSED,
            NOT_PROVED,
            WRONG_METHOD,
            CLOSED,
        ],
    },
    Address {
        path: "/oidc/userinfo",
        methods: &[Get, Post],
        tag: TAG,
        summary: "Сведения о человеке, которые открывают области маркера и действующие согласия",
        fields: &[],
        body: FORM,
        by_token: true,
        answers: &[
            answer(
                "200",
                "Сведения",
                JSON,
                r#"{"sub":"1000300001","given_name":"Анна","family_name":"Петрова","trusted":true}"#,
            ),
            answer("400", "Маркер передан дважды", JSON, ""),
            answer(
                "401",
                "Нет маркера, или он не действует",
                JSON,
                r#"{"error":"invalid_token","error_description":"expired"}"#,
            ),
            answer("403", "У маркера нет openid", JSON, ""),
        ],
    },
    Address {
        path: "/oidc/revoke",
        methods: &[Post],
        tag: TAG,
        summary: "Система возвращает маркер (RFC 7009)",
        fields: &[TOKEN, TOKEN_HINT, BY_ID, BY_SECRET, BY_KEY, KEY_TYPE],
        body: FORM,
        by_token: false,
        answers: &[
            answer("200", "Маркер больше не действует, или его и не было", "", ""),
            REFUSED,
            NOT_PROVED,
            WRONG_METHOD,
        ],
    },
    Address {
        path: "/oidc/introspect",
        methods: &[Post],
        tag: TAG,
        summary: "Что есть маркер (RFC 7662)",
        fields: &[TOKEN, TOKEN_HINT, BY_ID, BY_SECRET, BY_KEY, KEY_TYPE],
        body: FORM,
        by_token: false,
        answers: &[
            answer(
                "200",
                "Действует ли, и что открывает сейчас",
                JSON,
                r#"{"active":true,"scope":"openid fullname","sub":"1000300001"}"#,
            ),
            REFUSED,
            NOT_PROVED,
            WRONG_METHOD,
        ],
    },
    Address {
        path: "/oidc/logout",
        methods: &[Get, Post],
        tag: TAG,
        summary: "Выход (RP-Initiated Logout). Сеансы систем протокола ЕСИА этим не кончаются",
        fields: &[
            HINT,
            may("client_id", "Мнемоника системы", "MY-SYSTEM"),
            may("post_logout_redirect_uri", "Один из post-logout-redirect-uris", "http://127.0.0.1:3000/"),
            may("state", "Вернётся как есть", "af0ifjsldkj"),
        ],
        body: FORM,
        by_token: false,
        answers: &[
            answer("200", "Вопрос «Выйти?», когда человек не назван; или страница: вы вышли", HTML, ""),
            answer("302", "Обратно в систему", "", ""),
            answer("400", "Страница для человека: запросу верить нельзя, сеанс продолжается", HTML, ""),
        ],
    },
    Address {
        path: "/oidc/consent-requests",
        methods: &[Post],
        tag: TAG,
        summary: "Система просит согласие о человеке, своим маркером со scope consent_request. Наше: стандарта на это нет",
        fields: &[
            must("sub", "О ком: sub маркера id", "1000300002"),
            must("scope", "На что: области через пробел", "fullname birthdate"),
            must("purpose", "Зачем: фраза, которую прочтёт родитель", "Вход в кружок"),
        ],
        body: JSON,
        by_token: true,
        answers: &[
            answer(
                "200",
                "granted: согласие уже есть; requested: спросили столько-то родителей (второй раз не спрашивают); no-guardian: \
                 спросить некого",
                JSON,
                r#"{"status":"requested","guardians":1}"#,
            )
            .schema(ConsentResponse::schema),
            answer(
                "400",
                "Тело не читается, или такого человека нет",
                JSON,
                r#"{"error":"invalid_request","error_description":"sub: no such subject"}"#,
            ),
            answer("401", "Нет маркера, или он не действует", JSON, ""),
            answer("403", "Маркер не системы, или области ей не разрешены", JSON, ""),
        ],
    },
];
