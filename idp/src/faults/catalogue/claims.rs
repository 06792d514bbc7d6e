//! `claim.*`: faults of a token's claims.

use super::entry::{BOTH, ESIA, Entry, OIDC, Parameter, WHICH_TOKEN};
use crate::faults::act::{Act, ClaimFault as Claim};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Claim) -> Entry {
    Entry::new(id, protocols, Act::Claims(act))
}

const STAND: Parameter = Parameter { name: "iss", default: "test", one_of: &["test", "https", "no-slash"] };
const AZP: Parameter = Parameter { name: "azp", default: "none", one_of: &["none", "other"] };
const SMALL: Parameter = Parameter { name: "seconds", default: "30", one_of: &[] };
const LARGE: Parameter = Parameter { name: "seconds", default: "360", one_of: &[] };
const EMAIL: Parameter = Parameter { name: "email", default: "somebody-else@family.test", one_of: &[] };

/// Rows of this family.
pub(super) const TABLE: &[Entry] = &[
    row("claim.iss-other", BOTH, Claim::IssOther)
        .does("Издатель другой, ключ верный.", "Another issuer, the right key.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7")
        .with(&[WHICH_TOKEN]),
    row("claim.iss-missing", BOTH, Claim::IssMissing)
        .does("Издатель не назван.", "No issuer is named.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §2")
        .with(&[WHICH_TOKEN]),
    row("claim.iss-of-other-stand", ESIA, Claim::IssOfOtherStand)
        .does(
            "Издатель тестового стенда, с https или без косой черты в конце.",
            "The issuer of the test stand, with https, or without the slash at its end.",
        )
        .refused(&["S", "P"])
        .source("ESIA §3.6")
        .with(&[WHICH_TOKEN, STAND]),
    row("claim.aud-other", BOTH, Claim::AudOther)
        .does("Маркер выдан другой системе.", "The token is meant for another system.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7")
        .with(&[WHICH_TOKEN]),
    row("claim.aud-missing", BOTH, Claim::AudMissing)
        .does("Не сказано, кому выдан маркер.", "The token does not say whom it is meant for.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §2")
        .with(&[WHICH_TOKEN]),
    row("claim.aud-array-own", OIDC, Claim::AudArrayOwn)
        .does("В aud список из одной этой системы.", "The aud is a list of this system alone.")
        .accepted(&["S"])
        .source("RFC 7519 §4.1.3")
        .with(&[WHICH_TOKEN]),
    row("claim.aud-array-foreign", OIDC, Claim::AudArrayForeign)
        .does(
            "В aud эта система и чужая, azp нет или он чужой.",
            "The aud lists this system and a foreign one, the azp is missing or foreign.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7")
        .with(&[WHICH_TOKEN, AZP]),
    row("claim.client-id-other", ESIA, Claim::ClientIdOther)
        .does("В маркере доступа client_id другой системы.", "The access token has the client_id of another system.")
        .refused(&["S", "U"])
        .source("ESIA §3.6"),
    row("claim.exp-past", BOTH, Claim::ExpPast)
        .does("Срок маркера истёк час назад.", "The token expired an hour ago.")
        .refused(&["S", "U"])
        .source("RFC 7519 §4.1.4")
        .with(&[WHICH_TOKEN]),
    row("claim.exp-missing", BOTH, Claim::ExpMissing)
        .does("У маркера нет срока.", "The token has no expiry.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §2")
        .with(&[WHICH_TOKEN]),
    row("claim.exp-milliseconds", BOTH, Claim::ExpMilliseconds)
        .does("Срок маркера в миллисекундах.", "The expiry is in milliseconds.")
        .refused(&["S", "L"])
        .source("RFC 7519 §2")
        .with(&[WHICH_TOKEN]),
    row("claim.exp-as-string", BOTH, Claim::ExpAsString)
        .does("Срок маркера — строка, а не число.", "The expiry is a text and not a number.")
        .refused(&["S", "L"])
        .source("RFC 7519 §2")
        .with(&[WHICH_TOKEN]),
    row("claim.iat-future", BOTH, Claim::IatFuture)
        .does("Маркер выдан через час.", "The token is issued an hour from now.")
        .refused(&["S", "U"])
        .source("RFC 7519 §4.1.6")
        .with(&[WHICH_TOKEN]),
    row("claim.nbf-future", BOTH, Claim::NbfFuture)
        .does("Маркер начнёт действовать через час.", "The token is good from an hour from now on.")
        .refused(&["S", "U"])
        .source("RFC 7519 §4.1.5")
        .with(&[WHICH_TOKEN]),
    row("claim.iat-missing", OIDC, Claim::IatMissing)
        .does("Не сказано, когда выдан маркер.", "The token does not say when it was issued.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §2")
        .with(&[WHICH_TOKEN]),
    row("claim.skew-small", BOTH, Claim::Skew)
        .does("Времена маркера спешат на 30 секунд.", "The times of the token are 30 seconds ahead.")
        .accepted(&["S"])
        .source("RFC 7519 §4.1.4, §4.1.5")
        .with(&[WHICH_TOKEN, SMALL]),
    row("claim.skew-large", BOTH, Claim::Skew)
        .does("Времена маркера спешат на 6 минут.", "The times of the token are 6 minutes ahead.")
        .refused(&["S", "U"])
        .source("RFC 7519 §4.1.4, §4.1.5")
        .with(&[WHICH_TOKEN, LARGE]),
    row("claim.sub-missing", BOTH, Claim::SubMissing)
        .does("Не сказано, кто вошёл.", "The token does not say who has signed in.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §2")
        .with(&[WHICH_TOKEN]),
    row("claim.sub-type", BOTH, Claim::SubType)
        .does(
            "Номер человека строкой, где он бывает числом, или наоборот.",
            "The person's number is a text where it is a number, or the reverse.",
        )
        .degraded(&["P"])
        .source("ESIA §3.7; OpenID Connect Core §2")
        .with(&[WHICH_TOKEN]),
    row("claim.sub-above-2^53", ESIA, Claim::SubAbove2To53)
        .does(
            "Номер человека 9007199254740993: в числах двойной точности его нет.",
            "The person's number is 9007199254740993, which double precision does not have.",
        )
        .accepted(&["S"])
        .source("RFC 8259 §6"),
    row("claim.sbj-disagree", ESIA, Claim::SubjectsDisagree)
        .does(
            "id_token не о том человеке, о ком маркер доступа.",
            "The id token is about another person than the access token.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §5.3.2"),
    row("claim.nonce-other", OIDC, Claim::NonceOther)
        .does("nonce другого входа.", "The nonce of another sign-in.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7"),
    row("claim.nonce-absent", OIDC, Claim::NonceAbsent)
        .does("В ответ на запрос с nonce его нет.", "A request with a nonce is answered without it.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7"),
    row("claim.nonce-unsupported-flag", OIDC, Claim::NonceUnsupported)
        .does(
            "nonce нет, и маркер говорит, что поставщик его не знает.",
            "There is no nonce, and the token says that the provider does not support it.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7"),
    row("claim.at-hash-wrong", OIDC, Claim::AtHashWrong)
        .does("at_hash другого маркера доступа.", "The at_hash of another access token.")
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.8"),
    row("claim.acr-lower", OIDC, Claim::AcrLower)
        .does(
            "Вход слабее, чем просили: упрощённая запись, один пароль.",
            "A weaker sign-in than was asked for: a simplified account, a password alone.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7"),
    row("claim.auth-time-old", OIDC, Claim::AuthTimeOld)
        .does(
            "Человек вошёл час назад, сколько бы ни просили.",
            "The person signed in an hour ago, whatever was asked for.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7"),
    row("claim.is-tru-absent", ESIA, Claim::IsTrustedAbsent)
        .does(
            "Запись не подтверждена: признака нет, а не false.",
            "The account is not confirmed: the flag is missing, not false.",
        )
        .degraded(&["P"])
        .source("ESIA §3.7"),
    row("claim.bool-as-string", BOTH, Claim::BoolAsString)
        .does("Признак — строка «false», а не false.", "A flag is the text \"false\" and not false.")
        .degraded(&["P"])
        .source("OpenID Connect Core §5.1"),
    row("claim.level-child", ESIA, Claim::LevelChild)
        .does("Уровень записи — детская.", "The level is that of a child's account.")
        .degraded(&["P"])
        .source("ESIA §6.1"),
    row("claim.contact-unverified", BOTH, Claim::ContactUnverified)
        .does("Почта чужая и не подтверждена.", "The e-mail is somebody else's and not verified.")
        .degraded(&["S"])
        .source("OpenID Connect Core §5.7")
        .with(&[EMAIL]),
    row("claim.scope-narrowed", BOTH, Claim::ScopeNarrowed)
        .does("Маркер открывает один openid.", "The token opens openid alone.")
        .degraded(&["P", "U"])
        .source("RFC 6749 §5.1"),
    row("claim.scope-foreign-oid", ESIA, Claim::ScopeForeignOid)
        .does("Области маркера — о другом человеке.", "The scopes of the token are about another person.")
        .refused(&["S"])
        .source("ESIA §3.6"),
    row("claim.duplicate-key", BOTH, Claim::DuplicateKey)
        .does("Номер человека назван дважды, сначала чужой.", "The person's number stands twice, a foreign one first.")
        .refused(&["S"])
        .source("RFC 7519 §4")
        .with(&[WHICH_TOKEN]),
    row("claim.bomb", BOTH, Claim::Bomb)
        .does(
            "Маркер больше мегабайта, в нём 500 вложенных списков.",
            "The token is larger than a mebibyte and has 500 lists within each other.",
        )
        .degraded(&["P", "N"])
        .source("RFC 8259 §9")
        .with(&[WHICH_TOKEN]),
];
