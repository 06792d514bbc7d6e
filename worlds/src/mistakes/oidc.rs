//! What is asked at the OpenID Connect endpoints besides.

use super::{Mistake, mistake};

#[rustfmt::skip]
pub(super) const ALL: &[Mistake] = &[
    mistake("response-mode", ["response_mode должен быть query или form_post.", "response_mode must be query or form_post."],
        ["Уберите response_mode или передайте query или form_post.", "Leave response_mode out, or send query or form_post."]),
    mistake("state-nonce", ["Нет ни state, ни nonce: ответ можно подменить.", "There is neither state nor nonce: the answer could be forged."],
        ["Передайте случайные state и nonce и сравните их по возвращении.", "Send random state and nonce, and compare them on return."]),
    mistake("prompt", ["prompt: none отдельно или любые из login, consent, select_account.", "prompt: none alone, or any of login, consent, select_account."],
        ["Поправьте prompt.", "Correct prompt: its words are written in lower case."]),
    mistake("prompt-none", ["prompt=none, а человека нужно о чём-то спросить.", "prompt=none, but the person would have to be asked."],
        ["Повторите запрос без prompt=none.", "Ask again without prompt=none."]),
    mistake("claims", ["claims записан не так или просит того, чего здесь нет.", "claims is written wrongly, or asks for what is not there."],
        ["Передайте объект JSON с userinfo и id_token (OpenID Connect Core §5.5).", "Send a JSON object with userinfo and id_token (OpenID Connect Core §5.5)."]),
    mistake("max-age", ["max_age — не целое число секунд.", "max_age is not a whole number of seconds."],
        ["Передайте число секунд.", "Send a number of seconds."]),
    mistake("id-token-hint", ["id_token_hint — не id_token этого поставщика.", "id_token_hint is not an id token of this provider."],
        ["Передайте id_token из ответа целиком.", "Send the whole id_token of the answer."]),
    mistake("client-id", ["client_id не тот, что в id_token_hint.", "client_id is not the audience of id_token_hint."],
        ["Передайте client_id системы, которой выдан id_token.", "Send the client_id to which the id token was issued."]),
    mistake("post-logout-redirect-uri", ["post_logout_redirect_uri не зарегистрирован за системой.", "post_logout_redirect_uri is not registered for the client."],
        ["Зарегистрируйте его в post-logout-redirect-uris; сравнение буквальное.", "Register it in post-logout-redirect-uris; it is compared to the letter."]),
    mistake("logout-token", ["Система не приняла logout_token.", "The client did not take the logout token."],
        ["Отвечайте 200 на POST с logout_token.", "Answer 200 to the POST with logout_token."]),
    mistake("access-token", ["Маркер доступа не подходит.", "The access token does not fit."],
        ["Передайте Authorization: Bearer и access_token этого протокола.", "Send Authorization: Bearer and an access_token of this protocol."]),
    mistake("token-scope", ["Областей маркера не хватает.", "The token's scopes do not suffice."],
        ["Запросите нужные области при входе.", "Ask for the scopes at sign-in."]),
    mistake("token-known", ["Маркер отозван или этому миру неизвестен.", "The token is revoked, or unknown to this world."],
        ["Войдите заново.", "Sign in anew."]),
    mistake("token", ["О таком маркере системе ничего не говорится.", "The client is told nothing of this token."],
        ["Спрашивайте о маркерах своей системы, выданных этим миром.", "Ask about tokens of your own client and of this world."]),
    mistake("consents", ["Согласия на области маркера отозваны.", "The consents to the token's scopes have been revoked."],
        ["Запросите согласие заново.", "Ask for consent anew."]),
    mistake("consent-request", ["Запросить согласие не удалось.", "The consent could not be asked for."],
        ["Проверьте sub и scope.", "Look at sub and scope."]),
];
