//! What a client may do differently from what is asked of it, and the Russian sentence about each.

use std::fmt;

use super::{
    super::{Field, Order},
    encoding::Encoding,
    whole::Whole,
};
use crate::certificate::{Algorithm, AnyHash, HashMatch};

/// One thing that a client does differently from what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The order of another call.
    Order(Order),
    /// The right values in an order that no call has.
    Permuted(Vec<Field>),
    /// A parameter is left out.
    Missing(Field),
    /// A parameter is signed twice.
    Twice(Field),
    /// A parameter is signed that this call does not sign.
    Extra(Field),
    /// One value is signed otherwise than it is sent.
    Value {
        /// The parameter whose value differs.
        field: Field,
        /// In which way.
        how: Spelling,
        /// As it is signed.
        signed: String,
    },
    /// All values are signed as they are encoded for a URL.
    Encoded(Encoding),
    /// Values are joined with this between them.
    Separator(&'static str),
    /// Names and values are signed, as in a query: with what between name and value, and between the pairs.
    Named(&'static str, &'static str),
    /// All parameters of the request are signed, as a query or as JSON.
    AllParameters(&'static str),
    /// The string is right, and something is done to it as a whole.
    Whole(Whole),
    /// The string of an earlier request is signed. Holds which.
    Earlier(String),
    /// The signature is written from its end.
    ReversedBytes,
    /// The signature is written as `r ‖ s`.
    SwappedHalves,
    /// Each half of the signature is written from its end.
    ReversedHalves,
    /// The signature is a DER `SEQUENCE` of two numbers.
    DerSequence,
    /// RSA with the padding PSS instead of PKCS#1 v1.5.
    Pss,
    /// RSA over the bare hash, without `DigestInfo`.
    NoDigestInfo,
    /// Another hash of the string is signed.
    OtherDigest(AnyHash),
    /// A hash is signed that nobody takes: its object identifier.
    UnknownDigest(String),
    /// The bytes of the hash are in the reverse order.
    ReversedDigest,
    /// The signed attributes of a CMS are hashed with the tag that they have in the message.
    AttributesTag,
    /// A CMS has signed attributes, and the signature is over the content.
    AttributesUnsigned,
    /// Signed with a key whose certificate is no more in force. Holds its subject and number.
    StaleCertificate(String),
    /// Signed with the key of another system. Holds its mnemonic.
    AnotherClient(String),
    /// No registered key has made the signature: opened with any of them, it holds nothing.
    ForeignKey,
    /// The key is none of those known here. Holds the certificate that it is said to be of.
    WrongKey(String),
    /// The signature is as long as one of another kind of key: what it is like, and the kind of the certificate.
    KeyKind(&'static str, Algorithm),
    /// `client_certificate_hash` is another hash of the right certificate.
    CertificateHash(HashMatch),
    /// `client_certificate_hash` names another certificate of this client.
    OtherCertificate,
}

/// In which way a value is signed otherwise than it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// Encoded for a URL or a page.
    Encoded(Encoding),
    /// The value is encoded twice.
    EncodedTwice,
    /// Decoded, where the value itself has signs of an encoding.
    Decoded,
    /// A word that programs write where there is nothing.
    Placeholder,
    /// The value stands in quotes.
    Quoted,
    /// With a blank, a line end or a mark at one end.
    Ends,
    /// Without the blanks or line ends that are sent.
    Trimmed,
    /// In other letters: capitals or small.
    Case,
    /// With other signs between its parts, or in brackets.
    Punctuation,
    /// The same instant in another form.
    TimeForm,
    /// The same instant in another zone, or the same figures with another.
    TimeZone,
    /// Another instant: seconds after the one that is sent.
    TimeShift(i64),
    /// Hours of a twelve-hour clock.
    TimeHalfDay,
    /// The year of the week, or months and minutes interchanged, as one letter of a format does.
    TimeLetters,
    /// Scopes in another order.
    ScopeOrder,
    /// Scopes with something else between them.
    ScopeSeparator,
    /// Other scopes than those that are sent.
    ScopeSet,
    /// An address with or without the slash at its end.
    Slash,
    /// `http` for `https`, or the other way round.
    Scheme,
    /// With or without a port.
    Port,
    /// Another name of the same host.
    Host,
    /// With or without a part of the address.
    Part,
    /// The value of an earlier request. Holds which.
    Earlier(String),
    /// Another value that is registered. Holds whose.
    Registered(String),
}

const ONE_TIME: &str = "возьмите его один раз и для строки, и для запроса";

impl Spelling {
    /// The slip's stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Encoded(Encoding::Html) => "slip-html",
            Self::Encoded(_) => "slip-encoded",
            Self::EncodedTwice => "slip-encoded-twice",
            Self::Decoded => "slip-decoded",
            Self::Placeholder => "slip-placeholder",
            Self::Quoted => "slip-quoted",
            Self::Ends => "slip-ends",
            Self::Trimmed => "slip-trimmed",
            Self::Case => "slip-case",
            Self::Punctuation => "slip-punctuation",
            Self::TimeForm => "slip-time-form",
            Self::TimeZone => "slip-time-zone",
            Self::TimeShift(..0) => "slip-time-early",
            Self::TimeShift(_) => "slip-time-late",
            Self::TimeHalfDay => "slip-time-half-day",
            Self::TimeLetters => "slip-time-letters",
            Self::ScopeOrder => "slip-scope-order",
            Self::ScopeSeparator => "slip-scope-separator",
            Self::ScopeSet => "slip-scope-set",
            Self::Slash => "slip-slash",
            Self::Scheme => "slip-scheme",
            Self::Port => "slip-port",
            Self::Host => "slip-host",
            Self::Part => "slip-part",
            Self::Earlier(_) => "slip-earlier",
            Self::Registered(_) => "slip-other-registered",
        }
    }

    fn told(&self, field: Field) -> String {
        match self {
            Self::Encoded(how) => {
                format!("{field} подписан закодированным ({how}), а подписывается до кодирования")
            }
            Self::EncodedTwice => format!("{field} подписан закодированным дважды, а подписывается до кодирования"),
            Self::Decoded => format!("{field} подписан раскодированным ещё раз: не таким, каким отправлен"),
            Self::Placeholder => format!("на месте {field} в строке слово вместо значения: переменная была пуста"),
            Self::Quoted => format!("{field} подписан вместе с кавычками"),
            Self::Ends => format!("{field} подписан с лишним знаком по краям"),
            Self::Trimmed => format!("{field} подписан без пробелов или переводов строки, с которыми отправлен"),
            Self::Case => format!("{field} подписан буквами другого регистра, чем отправлен"),
            Self::Punctuation => format!("{field} подписан с другими дефисами или скобками, чем отправлен"),
            Self::TimeForm => "время подписано в другом виде, чем отправлено".to_owned(),
            Self::TimeZone => "время подписано с другим часовым поясом, чем отправлено".to_owned(),
            Self::TimeShift(seconds) => {
                let way = if *seconds < 0 { "раньше" } else { "позже" };
                let (size, mend) = match seconds.unsigned_abs() {
                    size if size % 3600 == 0 => (format!("{} ч", size / 3600), "дело в часовом поясе"),
                    size if size % 60 == 0 => (format!("{} мин", size / 60), ONE_TIME),
                    size => (format!("{size} с"), ONE_TIME),
                };
                format!("подписано время на {size} {way} отправленного: {mend}")
            }
            Self::TimeHalfDay => "время подписано 12-часовыми часами: нужен формат HH, а не hh".to_owned(),
            Self::TimeLetters => {
                "в формате времени перепутаны буквы: нужны yyyy, MM и mm, а не YYYY, mm и MM".to_owned()
            }
            Self::ScopeOrder => "области в scope подписаны в другом порядке, чем отправлены".to_owned(),
            Self::ScopeSeparator => "области в scope соединены в строке не пробелом, как отправлены".to_owned(),
            Self::ScopeSet => format!("в строке другие области, чем отправлены в {field}"),
            Self::Slash => format!("{field} подписан с косой чертой в конце иначе, чем отправлен"),
            Self::Scheme => format!("{field} подписан с другой схемой (http или https), чем отправлен"),
            Self::Port => format!("{field} подписан с другим портом, чем отправлен"),
            Self::Host => format!("{field} подписан с другим именем узла, чем отправлен"),
            Self::Part => format!("{field} подписан не тем же адресом, что отправлен: без его части или с лишней"),
            Self::Earlier(which) => format!("подписан {field} прежнего запроса ({which})"),
            Self::Registered(whose) => format!("подписан другой {field}: {whose}"),
        }
    }
}

impl Slip {
    /// Stable name without the value that it is about.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Order(_) | Self::Permuted(_) => "slip-order",
            Self::Missing(_) => "slip-missing",
            Self::Twice(_) => "slip-twice",
            Self::Extra(_) => "slip-extra",
            Self::Value { how, .. } => how.code(),
            Self::Encoded(_) => "slip-encoded",
            Self::Separator(_) => "slip-separator",
            Self::Named(..) => "slip-names",
            Self::AllParameters(_) => "slip-all-parameters",
            Self::Whole(how) => how.code(),
            Self::Earlier(_) => "slip-earlier",
            Self::ReversedBytes => "slip-reversed-bytes",
            Self::SwappedHalves => "slip-swapped-halves",
            Self::ReversedHalves => "slip-reversed-halves",
            Self::DerSequence => "slip-der-sequence",
            Self::Pss => "slip-pss",
            Self::NoDigestInfo => "slip-no-digest-info",
            Self::OtherDigest(_) | Self::UnknownDigest(_) => "slip-digest",
            Self::ReversedDigest => "slip-reversed-digest",
            Self::AttributesTag => "slip-attributes-tag",
            Self::AttributesUnsigned => "slip-attributes-unsigned",
            Self::StaleCertificate(_) => "slip-stale-certificate",
            Self::AnotherClient(_) => "slip-another-client",
            Self::WrongKey(_) => "slip-wrong-key",
            Self::ForeignKey => "slip-foreign-key",
            Self::KeyKind(..) => "slip-key-kind",
            Self::CertificateHash(_) => "slip-certificate-hash",
            Self::OtherCertificate => "slip-other-certificate",
        }
    }

    /// Stable name with the value that it is about, in ASCII without blanks: `slip-missing=state`.
    pub fn name(&self) -> String {
        let code = self.code();
        let about = match self {
            Self::Order(order) => order.code().to_owned(),
            Self::Permuted(fields) => fields.iter().map(|field| field.name()).collect::<Vec<_>>().join("+"),
            Self::Value { how: Spelling::TimeShift(seconds), .. } => term(*seconds),
            Self::Missing(field) | Self::Twice(field) | Self::Extra(field) | Self::Value { field, .. } => {
                field.name().to_owned()
            }
            Self::Encoded(_) => "all".to_owned(),
            Self::AnotherClient(mnemonic) => mnemonic.clone(),
            Self::OtherDigest(hash) => hash.code().to_owned(),
            Self::CertificateHash(how) => how.code().to_owned(),
            _ => return code.to_owned(),
        };
        let about: String = about.chars().filter(char::is_ascii_graphic).collect();
        format!("{code}={about}")
    }

    /// Whether it is about the string, and not about how it was signed and by whom.
    pub const fn is_of_string(&self) -> bool {
        matches!(
            self,
            Self::Order(_)
                | Self::Permuted(_)
                | Self::Missing(_)
                | Self::Twice(_)
                | Self::Extra(_)
                | Self::Value { .. }
                | Self::Encoded(_)
                | Self::Separator(_)
                | Self::Named(..)
                | Self::AllParameters(_)
                | Self::Whole(_)
                | Self::Earlier(_)
        )
    }
}

fn weak_digest(oid: &str) -> &str {
    match oid {
        "1.2.840.113549.2.5" => "MD5",
        "1.2.643.2.2.9" => "ГОСТ Р 34.11-94",
        other => other,
    }
}

/// How long a shift is: `3h`, `5m`, `2s`.
fn term(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        size if size % 3600 == 0 => format!("{}h", size / 3600),
        size if size % 60 == 0 => format!("{}m", size / 60),
        size => format!("{size}s"),
    }
}

/// A separator as it can be read.
fn separator(text: &str) -> String {
    match text {
        "\n" => "перевод строки".to_owned(),
        " " => "пробел".to_owned(),
        "\t" => "табуляция".to_owned(),
        other => format!("«{}»", crate::visible::visible(other)),
    }
}

fn listed(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(" + ")
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(order) => write!(f, "порядок другого запроса: {order}"),
            Self::Permuted(fields) => write!(f, "значения подписаны в другом порядке: {}", listed(fields)),
            Self::Missing(field) => write!(f, "в подписанной строке нет {field}"),
            Self::Twice(field) => write!(f, "{field} в подписанной строке дважды"),
            Self::Extra(field) => write!(f, "в подписанной строке лишний {field}"),
            Self::Value { field, how, signed } => {
                write!(f, "{}: «{}»", how.told(*field), crate::visible::visible(signed))
            }
            Self::Encoded(how) => {
                write!(f, "значения подписаны уже закодированными ({how}), а подписываются до кодирования")
            }
            Self::Separator(text) => write!(f, "между значениями стоит {}, а должно не быть ничего", separator(text)),
            Self::Named(..) => f.write_str("подписаны пары «имя=значение», а нужны одни значения подряд"),
            Self::AllParameters(how) => {
                write!(f, "подписаны все параметры запроса ({how}), а нужны одни значения подряд")
            }
            Self::Whole(how) => how.fmt(f),
            Self::Earlier(which) => {
                write!(f, "это подпись строки прежнего запроса ({which}): подписывайте каждый запрос заново")
            }
            signature => f.write_str(&signature.of_signature()),
        }
    }
}

impl Slip {
    /// The words of what is not about the string.
    fn of_signature(&self) -> String {
        match self {
            Self::ReversedBytes => "байты подписи записаны в обратном порядке: их нужно развернуть".to_owned(),
            Self::SwappedHalves => "половины подписи переставлены: r ‖ s вместо s ‖ r".to_owned(),
            Self::ReversedHalves => "байты каждой половины подписи записаны в обратном порядке".to_owned(),
            Self::DerSequence => {
                "подпись записана как SEQUENCE двух чисел в DER, а нужны одни числа s ‖ r подряд".to_owned()
            }
            Self::Pss => "подписано с дополнением PSS, а нужно PKCS#1 v1.5 (RS256, SHA256withRSA)".to_owned(),
            Self::NoDigestInfo => {
                "зашифрован один хэш, без DigestInfo: подписывайте готовой операцией SHA256withRSA".to_owned()
            }
            Self::OtherDigest(hash) => format!("подписан другой хэш строки: {hash}"),
            Self::UnknownDigest(oid) => format!("подписан хэш, который не принимается: {}", weak_digest(oid)),
            Self::ReversedDigest => "байты хэша перед подписью записаны в обратном порядке".to_owned(),
            Self::AttributesTag => {
                "подписанные атрибуты хэшированы с меткой [0], а нужно с меткой SET (RFC 5652 §5.4)".to_owned()
            }
            Self::AttributesUnsigned => {
                "в CMS есть подписанные атрибуты, а подпись сделана над самой строкой (RFC 5652 §5.4)".to_owned()
            }
            Self::StaleCertificate(which) => {
                format!("подписано ключом сертификата, который больше не действует: {which}")
            }
            Self::AnotherClient(mnemonic) => format!("подписано ключом другой системы: {mnemonic}"),
            Self::WrongKey(which) => {
                format!("ключ не тот: подпись сделана не закрытым ключом сертификата {which}, или испорчена")
            }
            Self::ForeignKey => {
                "подпись сделана не ключом зарегистрированного сертификата, или испорчена в пути: его открытый ключ её не открывает"
                    .to_owned()
            }
            Self::KeyKind(like, kind) => format!("подпись — как у {like}, а ключ сертификата — {kind}"),
            Self::CertificateHash(hash) => format!("client_certificate_hash посчитан иначе: {hash}"),
            Self::OtherCertificate => {
                "client_certificate_hash называет другой сертификат системы, не тот, чьим ключом подписано".to_owned()
            }
            _ => String::new(),
        }
    }
}
