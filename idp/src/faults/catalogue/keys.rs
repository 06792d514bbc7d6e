//! `keys.*`: faults of the published keys; `disc.*`: faults of the discovery document.

use super::entry::{BOTH, ESIA, Entry, OIDC, Parameter};
use crate::faults::act::{Act, DiscoveryFault as Discovery, KeyFault as Keys};

const fn row(id: &'static str, protocols: &'static [&'static str], act: Keys) -> Entry {
    Entry::new(id, protocols, Act::Keys(act))
}

const fn document(id: &'static str, act: Discovery) -> Entry {
    Entry::new(id, OIDC, Act::Discovery(act))
}

const SECONDS: Parameter = Parameter { name: "seconds", default: "60", one_of: &[] };
const ARCHIVE: Parameter = Parameter { name: "how", default: "renamed", one_of: &["renamed", "cut"] };
const TRAP: Parameter = Parameter { name: "to", default: "http://127.0.0.1:9/token", one_of: &[] };
const JUNK: Parameter = Parameter { name: "answer", default: "html", one_of: &["html", "404", "500"] };

/// Rows of these families.
pub(super) const TABLE: &[Entry] = &[
    row("keys.rotated-after-login", OIDC, Keys::RotatedAfterLogin)
        .does("Подписывает новый ключ, опубликованы оба.", "A new key signs, both are published.")
        .accepted(&["K", "S"])
        .source("OpenID Connect Core §10.1.1"),
    row("keys.rotated-before-signing", OIDC, Keys::RotatedBeforeSigning)
        .does(
            "Ключ сменён прямо перед подписью: новый опубликован первым.",
            "The key is changed just before signing: the new one is published first.",
        )
        .accepted(&["S"])
        .source("OpenID Connect Core §10.1.1"),
    row("keys.no-overlap", BOTH, Keys::NoOverlap)
        .does("Подписывает новый ключ, прежний сразу убран.", "A new key signs, the old one is gone at once.")
        .accepted(&["P", "N"])
        .source("OpenID Connect Core §10.1.1; ESIA §3.9"),
    row("keys.published-not-used", OIDC, Keys::PublishedNotUsed)
        .does("Опубликован второй ключ, подписывает первый.", "A second key is published, the first one still signs.")
        .accepted(&["S"])
        .source("OpenID Connect Core §10.1.1"),
    row("keys.withdrawn", OIDC, Keys::Withdrawn)
        .does("Подписывает ключ, который уже убран.", "A key signs that is withdrawn already.")
        .refused(&["S"])
        .source("OpenID Connect Core §10.1.1"),
    row("keys.fetch-500-cold", OIDC, Keys::FetchFails)
        .does("Ключи не отдаются при первом входе: 500.", "The keys are not to be had at the first sign-in: 500.")
        .degraded(&["P", "C", "N"])
        .source("RFC 9110 §15.6.1"),
    row("keys.fetch-500-warm", OIDC, Keys::FetchFails)
        .does(
            "Ключи не отдаются, когда они у системы уже есть: 500.",
            "The keys are not to be had when the client has them already: 500.",
        )
        .accepted(&["S"])
        .source("RFC 9110 §15.6.1"),
    row("keys.empty-set", OIDC, Keys::EmptySet)
        .does("Ни одного ключа.", "There is not one key.")
        .refused(&["S", "N"])
        .source("RFC 7517 §5"),
    row("keys.slow", OIDC, Keys::Slow)
        .does("Ключи отдаются через 60 секунд.", "The keys come after 60 seconds.")
        .degraded(&["P"])
        .with(&[SECONDS]),
    row("keys.huge", OIDC, Keys::Huge).does("Ключи занимают 10 МиБ.", "The keys take 10 MiB.").degraded(&["P"]),
    row("keys.jwk-without-alg", OIDC, Keys::WithoutAlg)
        .does("У ключа нет ни alg, ни use.", "The key has neither alg nor use.")
        .accepted(&["S"])
        .source("RFC 7517 §4.2, §4.4"),
    row("keys.jwk-use-enc", OIDC, Keys::UseEnc)
        .does("Единственный ключ — для шифрования.", "The only key is one for encryption.")
        .refused(&["S"])
        .source("RFC 7517 §4.2"),
    Entry::new("keys.unknown-kid-storm", OIDC, Act::Browser)
        .does("50 ответов подряд, в каждом новый kid.", "50 answers in a row, each with another kid.")
        .degraded(&["K"])
        .source("OpenID Connect Core §10.1.1"),
    row("keys.archive-changed", ESIA, Keys::ArchiveChanged)
        .does(
            "В esia.zip другие имена файлов, или архив обрывается.",
            "The members of esia.zip have other names, or the archive breaks off.",
        )
        .degraded(&["P", "N"])
        .source("ESIA §3.9")
        .with(&[ARCHIVE]),
    row("keys.certificate-over", ESIA, Keys::CertificateOver)
        .does(
            "Срок сертификата подписи истёк, ключ прежний.",
            "The signing certificate is expired, the key is the same.",
        )
        .degraded(&["S"])
        .source("ESIA §3.9"),
    document("disc.issuer-other", Discovery::IssuerOther)
        .does("В описании поставщика другой издатель.", "The discovery document names another issuer.")
        .refused(&["S", "T"])
        .source("OpenID Connect Discovery §4.3"),
    document("disc.token-endpoint-foreign", Discovery::TokenEndpointForeign)
        .does("За маркерами отправляют на чужой адрес.", "The token endpoint is a foreign address.")
        .refused(&["H"])
        .source("OpenID Connect Discovery §3")
        .with(&[TRAP]),
    document("disc.moved", Discovery::Moved)
        .does(
            "Адреса ключей и данных переехали, прежние ещё работают.",
            "Keys and data have moved, the old addresses still work.",
        )
        .accepted(&["S"])
        .source("OpenID Connect Discovery §4"),
    document("disc.junk", Discovery::Junk)
        .does("Вместо описания страница, 404 или 500.", "A page, 404 or 500 in place of the document.")
        .degraded(&["P", "N"])
        .source("OpenID Connect Discovery §4.2")
        .with(&[JUNK]),
];
