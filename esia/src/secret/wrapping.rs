use std::fmt;

use crate::language::{Words, pick, tr};
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
    RawForCms(Words),
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
            Self::Placeholder(word) => tr!(
                "«{word}» вместо подписи: переменная пуста или шаблон не подставлен",
                "«{word}» in place of a signature: a variable is empty, or a template was not filled in"
            ),
            Self::Pem(label) => format!("PEM (-----BEGIN {label}-----)"),
            Self::Hash(hash) => {
                tr!("хэш строки ({hash}) без подписи", "the hash of the string ({hash}) without a signature")
            }
            Self::LikeHash(size) => tr!(
                "{size} байт, как у хэша; подпись так коротка не бывает",
                "{size} bytes, as a hash has; no signature is so short"
            ),
            Self::Text(text) => tr!("текст «{text}», а не подпись", "the text «{text}», no signature"),
            Self::Character(sign, at) => {
                tr!(
                    "в base64 недопустим {at}-й знак: {}",
                    "base64 may not have character {at}: {}",
                    visible::name_of(*sign)
                )
            }
            Self::CutText(signs) => tr!(
                "base64 обрезан: {signs} значащих знаков, столько не бывает",
                "the base64 is cut off: no value has {signs} characters"
            ),
            Self::Cut(expected, got) => tr!(
                "обрезано: по заголовку {expected} байт, пришло {got}",
                "cut off: {expected} bytes by its header, {got} came"
            ),
            Self::RawForCms(like) => tr!(
                "одно значение подписи, как у {like}, без CMS",
                "the value of a signature alone, as of {like}, no CMS"
            ),
            Self::Unknown(size, start) => tr!(
                "{size} байт, ни CMS, ни подпись; начинаются с {start}",
                "{size} bytes, neither a CMS nor a signature; they begin with {start}"
            ),
            other => other.plainly().to_owned(),
        }
    }

    fn plainly(&self) -> &'static str {
        match self {
            Self::Empty => pick("значение пусто", "the value is empty"),
            Self::Promise => pick(
                "[object Promise]: результата подписи не дождались, забыт await",
                "[object Promise]: nobody waited for the signature, an await is missing",
            ),
            Self::PythonBytes => pick("байты Python вместе с записью b'…'", "bytes of Python with b'…' around them"),
            Self::Quoted => pick("значение вместе с кавычками", "the value with its quotation marks"),
            Self::Json => pick("JSON вместо подписи", "JSON in place of a signature"),
            Self::Smime => pick("письмо S/MIME с заголовками", "an S/MIME message with its headers"),
            Self::Certificate => pick("сам сертификат, а не подпись", "the certificate itself, no signature"),
            Self::PrivateKey => pick(
                "закрытый ключ, а не подпись: никому его не отправляйте",
                "a private key, no signature: send it to nobody",
            ),
            Self::Pkcs12 => pick(
                "хранилище ключа PKCS#12, а не подпись: никому его не отправляйте",
                "a PKCS#12 key store, no signature: send it to nobody",
            ),
            Self::Jwt => pick("маркер JWT, а не подпись ЕСИА", "a JWT, no signature of ESIA"),
            Self::DataUrl => pick("адрес data: с base64 внутри", "an address data: with base64 inside"),
            Self::Percent => pick(
                "закодировано для URL лишний раз (видны %2B, %3D и подобные)",
                "encoded for a URL once too often (it shows %2B, %3D and the like)",
            ),
            Self::Html => pick(
                "закодировано для HTML (видны &#43;, &amp; и подобные)",
                "encoded for HTML (it shows &#43;, &amp; and the like)",
            ),
            Self::Hex => pick("шестнадцатеричная запись, а не base64", "hexadecimal, not base64"),
            Self::Numbers => pick("байты, записанные числами через запятую", "bytes written as numbers with commas"),
            Self::String => pick("сама строка, без подписи", "the string itself, without a signature"),
            Self::CertificateHash => pick("хэш сертификата, а не подпись", "the hash of the certificate, no signature"),
            Self::Twice => pick("base64 применён дважды", "base64 was applied twice"),
            Self::Damaged => pick(
                "подпись испорчена: её байты прочитаны как текст UTF-8, часть заменена на U+FFFD",
                "the signature is damaged: its bytes were read as UTF-8 text, and some became U+FFFD",
            ),
            Self::AsUtf8 => pick(
                "байты подписи прочитаны как Latin-1 и записаны в UTF-8",
                "the bytes of the signature were read as Latin-1 and written in UTF-8",
            ),
            Self::BareSignedData => {
                pick("SignedData без ContentInfo вокруг", "SignedData without a ContentInfo around it")
            }
            Self::DerSequence => pick(
                "SEQUENCE двух чисел в DER вместо s ‖ r подряд",
                "a SEQUENCE of two numbers in DER in place of s ‖ r",
            ),
            Self::CmsForRaw => "CMS (PKCS#7)",
            _ => "",
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Smime | Self::Pem(_) => pick(
                "нужен DER: openssl smime -sign … -outform DER, затем base64url",
                "DER is needed: openssl smime -sign … -outform DER, then base64url",
            ),
            Self::PythonBytes => pick("переведите байты в текст: .decode()", "make the bytes a text: .decode()"),
            Self::Quoted | Self::Json | Self::DataUrl => {
                pick("отправляйте само значение base64", "send the base64 value itself")
            }
            Self::Percent | Self::Html => pick(
                "кодируйте значение один раз, при отправке формы или адреса",
                "encode the value once, when the form or the address is sent",
            ),
            Self::Hex | Self::Numbers => {
                pick("переведите байты подписи в base64url", "write the bytes of the signature in base64url")
            }
            Self::Twice | Self::Inside(_) => pick(
                "в base64 переводятся один раз сами байты подписи",
                "the bytes of the signature themselves are written in base64, once",
            ),
            Self::Damaged | Self::AsUtf8 => pick(
                "переводите байты в base64 прямо, не через строку",
                "write the bytes in base64 directly, not by way of a string",
            ),
            Self::Cut(..) | Self::CutText(_) => pick(
                "ищите, где значение укорачивают: размер поля, буфера, вывод по строкам",
                "look where the value is shortened: size of a field or a buffer, output by lines",
            ),
            Self::BareSignedData => pick(
                "нужен ContentInfo с типом signedData (RFC 5652 §3)",
                "a ContentInfo of type signedData is needed (RFC 5652 §3)",
            ),
            Self::DerSequence => pick(
                "нужны два числа по половине длины подряд, без DER",
                "two numbers of half the length each are needed, no DER",
            ),
            Self::RawForCms(_) => pick(
                "первая версия ждёт CMS с сертификатом внутри",
                "the first version expects a CMS with the certificate inside",
            ),
            Self::CmsForRaw => pick(
                "вторая и третья версии ждут одно значение подписи",
                "the second and third versions expect the value of the signature alone",
            ),
            _ => pick(
                "нужна подпись строки ключом сертификата, в base64url",
                "needed is the signature of the string by the key of the certificate, in base64url",
            ),
        }
    }
}

/// «base64 применён дважды; …»
impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside(inner) => {
                f.write_str(&tr!("в base64 — {}; {}", "in base64: {}; {}", inner.what(), inner.mend()))
            }
            other => write!(f, "{}; {}", other.what(), other.mend()),
        }
    }
}
