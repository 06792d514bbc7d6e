//! `hdr.*`: faults of a token's header, `alg` included.

use super::entry::{BOTH, ESIA, Entry, OIDC, Parameter, WHICH_TOKEN};
use crate::faults::act::{Act, HeaderFault as Header};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Header) -> Entry {
    Entry::new(id, protocols, Act::Header(act))
}

const TRAP: Parameter = Parameter { name: "to", default: "http://127.0.0.1:9/keys", one_of: &[] };
const KID: Parameter = Parameter { name: "kid", default: "path", one_of: &["path", "sql", "long"] };
const NOWHERE: Parameter = Parameter { name: "kid", default: "a-key-that-is-nowhere", one_of: &[] };
const SWAPPED: Parameter = Parameter { name: "token", default: "id", one_of: &["id", "access"] };

/// Rows of this family.
pub(super) const TABLE: &[Entry] = &[
    row("hdr.alg-none", BOTH, Header::AlgNone)
        .does("Маркер без подписи: alg — none.", "The token is not signed: alg is none.")
        .refused(&["S", "U"])
        .source("RFC 8725 §3.1")
        .with(&[WHICH_TOKEN]),
    row("hdr.alg-none-mixed-case", BOTH, Header::AlgNoneMixedCase)
        .does("Маркер без подписи: alg — nOnE.", "The token is not signed: alg is nOnE.")
        .refused(&["S", "U"])
        .source("RFC 8725 §3.1")
        .with(&[WHICH_TOKEN]),
    row("hdr.hs256-with-public-key", BOTH, Header::HmacWithPublicKey)
        .does(
            "Подпись HS256, ключ которой — опубликованный открытый ключ поставщика (PEM).",
            "Signed with HS256, the key being the provider's published public key (PEM).",
        )
        .refused(&["S", "U"])
        .source("RFC 8725 §2.1, §3.1")
        .with(&[WHICH_TOKEN]),
    row("hdr.hs256-empty-key", BOTH, Header::HmacWithEmptyKey)
        .does("Подпись HS256 с пустым ключом.", "Signed with HS256 and an empty key.")
        .refused(&["S", "U"])
        .source("RFC 7518 §3.2")
        .with(&[WHICH_TOKEN]),
    row("hdr.alg-mislabelled", ESIA, Header::AlgMislabelled)
        .does(
            "В заголовке RS256, а подпись по ГОСТ, или наоборот.",
            "The header says RS256 and the signature is of ГОСТ, or the reverse.",
        )
        .refused(&["S", "U"])
        .source("RFC 8725 §3.1")
        .with(&[WHICH_TOKEN]),
    row("hdr.alg-switched", ESIA, Header::AlgSwitched)
        .does(
            "Верные маркеры с другим алгоритмом: по ГОСТ вместо RS256, или наоборот.",
            "Valid tokens in the other algorithm: ГОСТ where RS256 is expected, or the reverse.",
        )
        .degraded(&["S", "P"])
        .source("ESIA §3.5"),
    row("hdr.alg-unadvertised", OIDC, Header::AlgUnadvertised)
        .does(
            "Верная подпись PS256, которой нет в описании поставщика.",
            "A valid signature in PS256, which the discovery document does not name.",
        )
        .refused(&["S", "U"])
        .source("OpenID Connect Core §3.1.3.7")
        .with(&[WHICH_TOKEN]),
    row("hdr.kid-unknown", OIDC, Header::KidUnknown)
        .does("kid, которого нет среди ключей.", "A kid that is not among the keys.")
        .refused(&["S", "K"])
        .source("OpenID Connect Core §10.1.1")
        .with(&[WHICH_TOKEN, NOWHERE]),
    row("hdr.kid-absent-one-key", OIDC, Header::KidAbsentOneKey)
        .does("В маркере нет kid, а ключ один.", "The token has no kid, and there is one key.")
        .accepted(&["S"])
        .source("OpenID Connect Core §10.1")
        .with(&[WHICH_TOKEN]),
    row("hdr.kid-absent-many-keys", OIDC, Header::KidAbsentManyKeys)
        .does(
            "В маркере нет kid, а ключей три, подходит один.",
            "The token has no kid, and there are three keys, one of which fits.",
        )
        .degraded(&["S"])
        .source("OpenID Connect Core §10.1")
        .with(&[WHICH_TOKEN]),
    row("hdr.kid-duplicate", OIDC, Header::KidDuplicate)
        .does(
            "Среди ключей два с одним kid, второй — другого вида (EC).",
            "Two of the keys have one kid, the second is of another type (EC).",
        )
        .accepted(&["S"])
        .source("RFC 7517 §4.5"),
    row("hdr.kid-hostile", OIDC, Header::KidHostile)
        .does(
            "В kid путь к файлу, кусок SQL или 64 КиБ.",
            "The kid is a path of a file, a piece of SQL, or 64 KiB long.",
        )
        .refused(&["S", "P"])
        .source("RFC 8725 §3.10")
        .with(&[WHICH_TOKEN, KID]),
    row("hdr.jwk-embedded", BOTH, Header::JwkEmbedded)
        .does(
            "Подпись чужим ключом, который приложен в заголовке (jwk).",
            "Signed by a stranger's key, which comes along in the header (jwk).",
        )
        .refused(&["S", "U", "H"])
        .source("RFC 8725 §3.10")
        .with(&[WHICH_TOKEN]),
    row("hdr.jku-foreign", BOTH, Header::JkuForeign)
        .does(
            "Подпись чужим ключом, за которым заголовок отправляет на чужой адрес (jku, x5u).",
            "Signed by a stranger's key, for which the header sends to a foreign address (jku, x5u).",
        )
        .refused(&["S", "U", "H"])
        .source("RFC 8725 §3.10")
        .with(&[WHICH_TOKEN, TRAP]),
    row("hdr.crit-unknown", BOTH, Header::CritUnknown)
        .does("В crit расширение, которого никто не знает.", "The header's crit names an extension that nobody knows.")
        .refused(&["S", "U"])
        .source("RFC 7515 §4.1.11")
        .with(&[WHICH_TOKEN]),
    row("hdr.kind-swapped", BOTH, Header::KindSwapped)
        .does(
            "Маркер доступа на месте id_token, или наоборот.",
            "The access token in the place of the id token, or the reverse.",
        )
        .refused(&["S", "U"])
        .source("RFC 8725 §3.11, §3.12")
        .with(&[SWAPPED]),
    row("hdr.base64-odd", BOTH, Header::Base64Odd)
        .does(
            "Части маркера в Base64 с «=», «+» и «/» вместо Base64url.",
            "The parts of the token are in Base64 with =, + and / and not in Base64url.",
        )
        .degraded(&["P"])
        .source("RFC 7515 §2")
        .with(&[WHICH_TOKEN]),
];
