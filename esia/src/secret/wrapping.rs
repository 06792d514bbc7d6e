use std::fmt;

use crate::{certificate::AnyHash, visible};

/// What came instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// The value is empty.
    Empty,
    /// A word that programs or templates write where there is nothing. Holds it.
    Placeholder(String),
    /// A promise that nobody waited for.
    Promise,
    /// `b'…'` of Python.
    PythonBytes,
    /// The value stands in quotes.
    Quoted,
    /// A JSON value around it.
    Json,
    /// S/MIME with its headers.
    Smime,
    /// PEM. Holds the label.
    Pem(String),
    /// The certificate in place of the signature.
    Certificate,
    /// The private key.
    PrivateKey,
    /// A key store.
    Pkcs12,
    /// A JSON Web Token.
    Jwt,
    /// A URL of the form `data:…;base64,…`.
    DataUrl,
    /// Encoded for a URL once more.
    Percent,
    /// Encoded for HTML.
    Html,
    /// Hexadecimal in place of base64.
    Hex,
    /// Bytes as decimal numbers.
    Numbers,
    /// The string that must be signed, not signed.
    String,
    /// A hash of that string, not signed.
    Hash(AnyHash),
    /// The value of `client_certificate_hash`.
    CertificateHash,
    /// As long as a hash, and of nothing known.
    LikeHash(usize),
    /// Some other text: a password, or what a program printed.
    Text(String),
    /// A character that base64 does not have: which, and its place from one.
    Character(char, usize),
    /// Base64 of which some characters are lost: how many are there.
    CutText(usize),
    /// DER that ends too early: bytes by its header, and bytes that came.
    Cut(usize, usize),
    /// Base64 of something that is wrapped itself.
    Inside(Box<Self>),
    /// It is encoded in base64 twice.
    Twice,
    /// Bytes that went through text: U+FFFD stands in place of some.
    Damaged,
    /// Bytes that were taken for Latin-1 and written as UTF-8.
    AsUtf8,
    /// A `SignedData` without `ContentInfo` around it.
    BareSignedData,
    /// Two numbers in a DER `SEQUENCE`, as other libraries write a signature.
    DerSequence,
    /// A bare signature where a CMS is due. Holds whose it is like.
    RawForCms(&'static str),
    /// A CMS where a bare signature is due.
    CmsForRaw,
    /// Neither: how many bytes, and those at the beginning.
    Unknown(usize, String),
}

impl Wrapping {
    /// Stable name for verdicts and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "wrapping-empty",
            Self::Placeholder(_) => "wrapping-placeholder",
            Self::Promise => "wrapping-promise",
            Self::PythonBytes => "wrapping-python-bytes",
            Self::Quoted => "wrapping-quoted",
            Self::Json => "wrapping-json",
            Self::Smime => "wrapping-smime",
            Self::Pem(_) => "wrapping-pem",
            Self::Certificate => "wrapping-is-certificate",
            Self::PrivateKey => "wrapping-is-private-key",
            Self::Pkcs12 => "wrapping-is-pkcs12",
            Self::Jwt => "wrapping-is-jwt",
            Self::DataUrl => "wrapping-data-url",
            Self::Percent => "wrapping-percent-encoded",
            Self::Html => "wrapping-html",
            Self::Hex => "wrapping-hex",
            Self::Numbers => "wrapping-numbers",
            Self::String => "wrapping-is-string",
            Self::Hash(_) | Self::LikeHash(_) => "wrapping-is-hash",
            Self::CertificateHash => "wrapping-is-certificate-hash",
            Self::Text(_) => "wrapping-text",
            Self::Character(..) => "wrapping-character",
            Self::CutText(_) | Self::Cut(..) => "wrapping-cut",
            Self::Inside(inner) => match **inner {
                Self::Text(_) => "wrapping-text",
                ref inner => inner.code(),
            },
            Self::Twice => "wrapping-base64-twice",
            Self::Damaged => "wrapping-damaged",
            Self::AsUtf8 => "wrapping-as-utf-8",
            Self::BareSignedData => "wrapping-no-content-info",
            Self::DerSequence => "slip-der-sequence",
            Self::RawForCms(_) => "container-raw",
            Self::CmsForRaw => "container-cms",
            Self::Unknown(..) => "wrapping-unknown",
        }
    }

    /// What it is, without what to do about it.
    fn what(&self) -> String {
        match self {
            Self::Placeholder(word) => format!("«{word}» вместо подписи: переменная пуста или шаблон не подставлен"),
            Self::Pem(label) => format!("PEM (-----BEGIN {label}-----)"),
            Self::Hash(hash) => format!("хэш строки ({hash}) без подписи"),
            Self::LikeHash(size) => format!("{size} байт, как у хэша; подпись так коротка не бывает"),
            Self::Text(text) => format!("текст «{text}», а не подпись"),
            Self::Character(sign, at) => {
                format!("в base64 недопустим {at}-й знак: {}", visible::name_of(*sign))
            }
            Self::CutText(signs) => format!("base64 обрезан: {signs} значащих знаков, столько не бывает"),
            Self::Cut(expected, got) => format!("обрезано: по заголовку {expected} байт, пришло {got}"),
            Self::RawForCms(like) => format!("одно значение подписи, как у {like}, без CMS"),
            Self::Unknown(size, start) => format!("{size} байт, ни CMS, ни подпись; начинаются с {start}"),
            other => other.plainly().to_owned(),
        }
    }

    const fn plainly(&self) -> &'static str {
        match self {
            Self::Empty => "значение пусто",
            Self::Promise => "[object Promise]: результата подписи не дождались, забыт await",
            Self::PythonBytes => "байты Python вместе с записью b'…'",
            Self::Quoted => "значение вместе с кавычками",
            Self::Json => "JSON вместо подписи",
            Self::Smime => "письмо S/MIME с заголовками",
            Self::Certificate => "сам сертификат, а не подпись",
            Self::PrivateKey => "закрытый ключ, а не подпись: никому его не отправляйте",
            Self::Pkcs12 => "хранилище ключа PKCS#12, а не подпись: никому его не отправляйте",
            Self::Jwt => "маркер JWT, а не подпись ЕСИА",
            Self::DataUrl => "адрес data: с base64 внутри",
            Self::Percent => "закодировано для URL лишний раз (видны %2B, %3D и подобные)",
            Self::Html => "закодировано для HTML (видны &#43;, &amp; и подобные)",
            Self::Hex => "шестнадцатеричная запись, а не base64",
            Self::Numbers => "байты, записанные числами через запятую",
            Self::String => "сама строка, без подписи",
            Self::CertificateHash => "хэш сертификата, а не подпись",
            Self::Twice => "base64 применён дважды",
            Self::Damaged => "подпись испорчена: её байты прочитаны как текст UTF-8, часть заменена на U+FFFD",
            Self::AsUtf8 => "байты подписи прочитаны как Latin-1 и записаны в UTF-8",
            Self::BareSignedData => "SignedData без ContentInfo вокруг",
            Self::DerSequence => "SEQUENCE двух чисел в DER вместо s ‖ r подряд",
            Self::CmsForRaw => "CMS (PKCS#7)",
            _ => "",
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Smime | Self::Pem(_) => "нужен DER: openssl smime -sign … -outform DER, затем base64url",
            Self::PythonBytes => "переведите байты в текст: .decode()",
            Self::Quoted | Self::Json | Self::DataUrl => "отправляйте само значение base64",
            Self::Percent | Self::Html => "кодируйте значение один раз, при отправке формы или адреса",
            Self::Hex | Self::Numbers => "переведите байты подписи в base64url",
            Self::Twice | Self::Inside(_) => "в base64 переводятся один раз сами байты подписи",
            Self::Damaged | Self::AsUtf8 => "переводите байты в base64 прямо, не через строку",
            Self::Cut(..) | Self::CutText(_) => {
                "ищите, где значение укорачивают: размер поля, буфера, вывод по строкам"
            }
            Self::BareSignedData => "нужен ContentInfo с типом signedData (RFC 5652 §3)",
            Self::DerSequence => "нужны два числа по половине длины подряд, без DER",
            Self::RawForCms(_) => "первая версия ждёт CMS с сертификатом внутри",
            Self::CmsForRaw => "вторая и третья версии ждут одно значение подписи",
            _ => "нужна подпись строки ключом сертификата, в base64url",
        }
    }
}

/// «base64 применён дважды; …»
impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside(inner) => write!(f, "в base64 — {}; {}", inner.what(), inner.mend()),
            other => write!(f, "{}; {}", other.what(), other.mend()),
        }
    }
}
