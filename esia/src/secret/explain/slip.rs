//! What a client may do differently from what is asked of it, and the sentence about each.

use std::fmt;

use super::{
    super::{Field, Order},
    encoding::Encoding,
    whole::Whole,
};
use crate::certificate::{Algorithm, AnyHash, HashMatch};
use crate::language::{Told, Words, pick, tr};

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
    AllParameters(Words),
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
    WrongKey(Told),
    /// The signature is as long as one of another kind of key: what it is like, and the kind of the certificate.
    KeyKind(Words, Algorithm),
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
    Registered(Told),
}

fn one_time() -> &'static str {
    pick("возьмите его один раз и для строки, и для запроса", "take it once, for the string and for the request")
}

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
                tr!(
                    "{field} подписан закодированным ({how}), а подписывается до кодирования",
                    "{field} is signed as it is encoded ({how}), and must be signed before it is encoded"
                )
            }
            Self::EncodedTwice => tr!(
                "{field} подписан закодированным дважды, а подписывается до кодирования",
                "{field} is signed encoded twice, and must be signed before it is encoded"
            ),
            Self::Decoded => tr!(
                "{field} подписан раскодированным ещё раз: не таким, каким отправлен",
                "{field} is signed decoded once more: not as it is sent"
            ),
            Self::Placeholder => tr!(
                "на месте {field} в строке слово вместо значения: переменная была пуста",
                "in place of {field} the string has a word and no value: a variable was empty"
            ),
            Self::Quoted => tr!("{field} подписан вместе с кавычками", "{field} is signed with its quotation marks"),
            Self::Ends => {
                tr!("{field} подписан с лишним знаком по краям", "{field} is signed with one more character at an end")
            }
            Self::Trimmed => tr!(
                "{field} подписан без пробелов или переводов строки, с которыми отправлен",
                "{field} is signed without the blanks or line ends that are sent"
            ),
            Self::Case => tr!(
                "{field} подписан буквами другого регистра, чем отправлен",
                "{field} is signed in another case than it is sent"
            ),
            Self::Punctuation => tr!(
                "{field} подписан с другими дефисами или скобками, чем отправлен",
                "{field} is signed with other hyphens or brackets than it is sent"
            ),
            Self::Earlier(which) => {
                tr!("подписан {field} прежнего запроса ({which})", "{field} of an earlier request is signed ({which})")
            }
            Self::Registered(whose) => tr!("подписан другой {field}: {whose}", "another {field} is signed: {whose}"),
            of_a_kind => of_a_kind
                .of_time()
                .or_else(|| of_a_kind.of_scopes(field))
                .unwrap_or_else(|| of_a_kind.of_address(field)),
        }
    }

    /// The words of what is wrong with the time.
    fn of_time(&self) -> Option<String> {
        Some(match self {
            Self::TimeForm => pick(
                "время подписано в другом виде, чем отправлено",
                "the time is signed in another form than it is sent",
            )
            .to_owned(),
            Self::TimeZone => pick(
                "время подписано с другим часовым поясом, чем отправлено",
                "the time is signed with another time zone than it is sent",
            )
            .to_owned(),
            Self::TimeShift(seconds) => {
                let way = if *seconds < 0 { pick("раньше", "before") } else { pick("позже", "after") };
                let (size, mend) = match seconds.unsigned_abs() {
                    size if size % 3600 == 0 => {
                        (tr!("{} ч", "{} h", size / 3600), pick("дело в часовом поясе", "it is the time zone"))
                    }
                    size if size % 60 == 0 => (tr!("{} мин", "{} min", size / 60), one_time()),
                    size => (tr!("{size} с", "{size} s"), one_time()),
                };
                tr!(
                    "подписано время на {size} {way} отправленного: {mend}",
                    "the time that is signed is {size} {way} the one that is sent: {mend}"
                )
            }
            Self::TimeHalfDay => pick(
                "время подписано 12-часовыми часами: нужен формат HH, а не hh",
                "the time is signed by a twelve-hour clock: the format is HH, not hh",
            )
            .to_owned(),
            Self::TimeLetters => pick(
                "в формате времени перепутаны буквы: нужны yyyy, MM и mm, а не YYYY, mm и MM",
                "letters of the time format are mixed up: needed are yyyy, MM and mm, not YYYY, mm and MM",
            )
            .to_owned(),
            _ => return None,
        })
    }

    /// The words of what is wrong with `scope`.
    fn of_scopes(&self, field: Field) -> Option<String> {
        Some(match self {
            Self::ScopeOrder => pick(
                "области в scope подписаны в другом порядке, чем отправлены",
                "the scopes are signed in another order than they are sent",
            )
            .to_owned(),
            Self::ScopeSeparator => pick(
                "области в scope соединены в строке не пробелом, как отправлены",
                "the scopes are joined in the string otherwise than by the blank that is sent",
            )
            .to_owned(),
            Self::ScopeSet => tr!(
                "в строке другие области, чем отправлены в {field}",
                "the string has other scopes than those that are sent in {field}"
            ),
            _ => return None,
        })
    }

    /// The words of what is wrong with an address.
    fn of_address(&self, field: Field) -> String {
        match self {
            Self::Slash => tr!(
                "{field} подписан с косой чертой в конце иначе, чем отправлен",
                "{field} is signed with another end than it is sent: a slash more or less"
            ),
            Self::Scheme => tr!(
                "{field} подписан с другой схемой (http или https), чем отправлен",
                "{field} is signed with another scheme (http or https) than it is sent"
            ),
            Self::Port => tr!(
                "{field} подписан с другим портом, чем отправлен",
                "{field} is signed with another port than it is sent"
            ),
            Self::Host => tr!(
                "{field} подписан с другим именем узла, чем отправлен",
                "{field} is signed with another host name than it is sent"
            ),
            Self::Part => tr!(
                "{field} подписан не тем же адресом, что отправлен: без его части или с лишней",
                "{field} is signed as another address than is sent: a part is missing or too much"
            ),
            _ => String::new(),
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
        "1.2.643.2.2.9" => pick("ГОСТ Р 34.11-94", "GOST R 34.11-94"),
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
        "\n" => pick("перевод строки", "a line end").to_owned(),
        " " => pick("пробел", "a blank").to_owned(),
        "\t" => pick("табуляция", "a tab").to_owned(),
        other => format!("«{}»", crate::visible::visible(other)),
    }
}

fn listed(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(" + ")
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(order) => {
                f.write_str(&tr!("порядок другого запроса: {order}", "the order of another request: {order}"))
            }
            Self::Permuted(fields) => f.write_str(&tr!(
                "значения подписаны в другом порядке: {}",
                "the values are signed in another order: {}",
                listed(fields)
            )),
            Self::Missing(field) => {
                f.write_str(&tr!("в подписанной строке нет {field}", "the string that is signed has no {field}"))
            }
            Self::Twice(field) => {
                f.write_str(&tr!("{field} в подписанной строке дважды", "{field} is in the signed string twice"))
            }
            Self::Extra(field) => {
                f.write_str(&tr!("в подписанной строке лишний {field}", "{field} in the signed string is too much"))
            }
            Self::Value { field, how, signed } => {
                write!(f, "{}: «{}»", how.told(*field), crate::visible::visible(signed))
            }
            Self::Encoded(how) => f.write_str(&tr!(
                "значения подписаны уже закодированными ({how}), а подписываются до кодирования",
                "the values are signed as they are encoded ({how}), and must be signed before they are encoded"
            )),
            Self::Separator(text) => f.write_str(&tr!(
                "между значениями стоит {}, а должно не быть ничего",
                "between the values is {}, and nothing must be there",
                separator(text)
            )),
            Self::Named(..) => f.write_str(pick(
                "подписаны пары «имя=значение», а нужны одни значения подряд",
                "pairs «name=value» are signed, and needed are the values alone",
            )),
            Self::AllParameters(how) => f.write_str(&tr!(
                "подписаны все параметры запроса ({how}), а нужны одни значения подряд",
                "all parameters of the request are signed ({how}), and needed are the values alone"
            )),
            Self::Whole(how) => how.fmt(f),
            Self::Earlier(which) => f.write_str(&tr!(
                "это подпись строки прежнего запроса ({which}): подписывайте каждый запрос заново",
                "this is the signature of an earlier request ({which}): sign each request anew"
            )),
            signature => f.write_str(&signature.of_signature()),
        }
    }
}

impl Slip {
    /// The words of what is not about the string.
    fn of_signature(&self) -> String {
        match self {
            Self::ReversedBytes => pick("байты подписи записаны в обратном порядке: их нужно развернуть", "the bytes of the signature are in the reverse order: turn them round").to_owned(),
            Self::SwappedHalves => pick("половины подписи переставлены: r ‖ s вместо s ‖ r", "the halves of the signature have changed places: r ‖ s in place of s ‖ r").to_owned(),
            Self::ReversedHalves => pick("байты каждой половины подписи записаны в обратном порядке", "the bytes of each half of the signature are in the reverse order").to_owned(),
            Self::DerSequence => {
                pick("подпись записана как SEQUENCE двух чисел в DER, а нужны одни числа s ‖ r подряд", "the signature is written as a SEQUENCE of two numbers in DER, and needed are the numbers s ‖ r alone").to_owned()
            }
            Self::Pss => pick("подписано с дополнением PSS, а нужно PKCS#1 v1.5 (RS256, SHA256withRSA)", "it is signed with the padding PSS, and needed is PKCS#1 v1.5 (RS256, SHA256withRSA)").to_owned(),
            Self::NoDigestInfo => {
                pick("зашифрован один хэш, без DigestInfo: подписывайте готовой операцией SHA256withRSA", "the bare hash is encrypted, without DigestInfo: sign by the ready operation SHA256withRSA").to_owned()
            }
            Self::OtherDigest(hash) => tr!("подписан другой хэш строки: {hash}", "another hash of the string is signed: {hash}"),
            Self::UnknownDigest(oid) => tr!("подписан хэш, который не принимается: {}", "a hash is signed that is not accepted: {}", weak_digest(oid)),
            Self::ReversedDigest => pick("байты хэша перед подписью записаны в обратном порядке", "the bytes of the hash are in the reverse order before it is signed").to_owned(),
            Self::AttributesTag => {
                pick("подписанные атрибуты хэшированы с меткой [0], а нужно с меткой SET (RFC 5652 §5.4)", "the signed attributes are hashed with the tag [0], and needed is the tag SET (RFC 5652 §5.4)").to_owned()
            }
            Self::AttributesUnsigned => {
                pick("в CMS есть подписанные атрибуты, а подпись сделана над самой строкой (RFC 5652 §5.4)", "the CMS has signed attributes, and the signature is over the string itself (RFC 5652 §5.4)").to_owned()
            }
            Self::StaleCertificate(which) => {
                tr!("подписано ключом сертификата, который больше не действует: {which}", "it is signed by the key of a certificate that holds no longer: {which}")
            }
            Self::AnotherClient(mnemonic) => tr!("подписано ключом другой системы: {mnemonic}", "it is signed by the key of another client: {mnemonic}"),
            Self::WrongKey(which) => {
                tr!("ключ не тот: подпись сделана не закрытым ключом сертификата {which}, или испорчена", "it is another key: the private key of the certificate {which} has not made the signature, or it is damaged")
            }
            Self::ForeignKey => {
                pick("подпись сделана не ключом зарегистрированного сертификата, или испорчена в пути: его открытый ключ её не открывает", "the key of the registered certificate has not made the signature, or it was damaged on its way: the public key does not open it")
                    .to_owned()
            }
            Self::KeyKind(like, kind) => tr!("подпись — как у {like}, а ключ сертификата — {kind}", "the signature is like one of {like}, and the key of the certificate is {kind}"),
            Self::CertificateHash(hash) => tr!("client_certificate_hash посчитан иначе: {hash}", "client_certificate_hash is computed otherwise: {hash}"),
            Self::OtherCertificate => {
                pick("client_certificate_hash называет другой сертификат системы, не тот, чьим ключом подписано", "client_certificate_hash names another certificate of the client than the one by whose key it is signed").to_owned()
            }
            _ => String::new(),
        }
    }
}
