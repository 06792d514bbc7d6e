use std::fmt;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::encoding::Encoding;
use crate::certificate::{AnyHash, Hash};
use crate::language::{pick, tr};

/// A change of the whole string before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// A line end after it.
    LineEnd(&'static str),
    /// A blank or another sign that stands at one end: before, after.
    Ends(&'static str, &'static str),
    /// The mark of UTF-8 before it.
    Bom,
    /// Headers of S/MIME before it (`openssl smime -text`).
    MimeHeaders,
    /// The whole string stands in quotes of this kind.
    Quoted(&'static str),
    /// In UTF-16: big-endian, with the mark.
    Utf16(bool, bool),
    /// The string is encoded in windows-1251.
    Windows1251,
    /// UTF-8 that was read as windows-1251 and written again.
    Mojibake,
    /// In capitals or small letters.
    Case(bool),
    /// The string is without spaces.
    NoBlanks,
    /// Encoded as one value.
    Encoded(Encoding),
    /// In hexadecimal: of capitals.
    Hex(bool),
    /// In base64: base64url.
    Base64(bool),
    /// A hash in its place, in bytes.
    Hash(AnyHash),
    /// A hash in its place, in hexadecimal: of capitals.
    HashHex(AnyHash, bool),
    /// A hash in its place, in base64: base64url.
    HashBase64(AnyHash, bool),
    /// Nothing at all.
    Empty,
}

const HASHED: [AnyHash; 5] = [
    AnyHash::Taken(Hash::Sha256),
    AnyHash::Taken(Hash::Streebog256),
    AnyHash::Sha1,
    AnyHash::Taken(Hash::Sha512),
    AnyHash::Taken(Hash::Streebog512),
];

impl Whole {
    /// Every change, the likeliest first.
    pub(super) fn all() -> Vec<Self> {
        let simple = [
            Self::LineEnd("\n"),
            Self::LineEnd("\r\n"),
            Self::Bom,
            Self::Ends("", " "),
            Self::Ends(" ", ""),
            Self::Hash(HASHED[0]),
            Self::HashHex(HASHED[0], false),
            Self::Hash(HASHED[1]),
            Self::HashHex(HASHED[1], false),
            Self::Utf16(false, false),
            Self::Utf16(true, false),
            Self::Utf16(false, true),
            Self::Utf16(true, true),
            Self::Windows1251,
            Self::Ends(" ", " "),
            Self::Ends("\n", ""),
            Self::Ends("\n", "\n"),
            Self::Ends("", "\r"),
            Self::Ends("", "\t"),
            Self::Ends("", "\0"),
            Self::Ends("", "\n\n"),
            Self::Ends("", "\\n"),
            Self::Ends("", "&"),
            Self::Quoted("\""),
            Self::Quoted("'"),
            Self::Quoted("`"),
            Self::Base64(false),
            Self::Base64(true),
            Self::Hex(false),
            Self::Hex(true),
            Self::MimeHeaders,
            Self::Mojibake,
            Self::NoBlanks,
            Self::Case(false),
            Self::Case(true),
            Self::Empty,
        ];
        let encoded = Encoding::ALL.map(Self::Encoded);
        let hashed = HASHED.into_iter().flat_map(|hash| {
            [
                Self::Hash(hash),
                Self::HashHex(hash, false),
                Self::HashHex(hash, true),
                Self::HashBase64(hash, false),
                Self::HashBase64(hash, true),
            ]
        });
        simple.into_iter().chain(encoded).chain(hashed).collect()
    }

    /// The bytes that are signed then.
    pub(super) fn apply(self, text: &str) -> Vec<u8> {
        match self {
            Self::LineEnd(end) => format!("{text}{end}").into_bytes(),
            Self::Ends(before, after) => format!("{before}{text}{after}").into_bytes(),
            Self::Bom => format!("\u{feff}{text}").into_bytes(),
            Self::MimeHeaders => format!("Content-Type: text/plain\r\n\r\n{text}").into_bytes(),
            Self::Quoted(quote) => format!("{quote}{text}{quote}").into_bytes(),
            Self::Utf16(is_big, has_mark) => {
                let units = has_mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
                units.flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
            }
            Self::Windows1251 => text.chars().map(windows_1251).collect(),
            Self::Mojibake => text.bytes().map(of_windows_1251).collect::<String>().into_bytes(),
            Self::Case(is_upper) => if is_upper { text.to_uppercase() } else { text.to_lowercase() }.into_bytes(),
            Self::NoBlanks => text.replace(' ', "").into_bytes(),
            Self::Encoded(how) => how.encode(text).into_bytes(),
            Self::Hex(is_upper) => hex(text.as_bytes(), is_upper).into_bytes(),
            Self::Base64(is_url) => base64(text.as_bytes(), is_url).into_bytes(),
            Self::Hash(hash) => hash.digest(text.as_bytes()),
            Self::HashHex(hash, is_upper) => hex(&hash.digest(text.as_bytes()), is_upper).into_bytes(),
            Self::HashBase64(hash, is_url) => base64(&hash.digest(text.as_bytes()), is_url).into_bytes(),
            Self::Empty => Vec::new(),
        }
    }

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::LineEnd(_) => "slip-line-end",
            Self::Ends(..) => "slip-ends",
            Self::Bom => "slip-bom",
            Self::MimeHeaders => "slip-mime-headers",
            Self::Quoted(_) => "slip-quoted",
            Self::Utf16(..) => "slip-utf-16",
            Self::Windows1251 => "slip-windows-1251",
            Self::Mojibake => "slip-mojibake",
            Self::Case(_) => "slip-case",
            Self::NoBlanks => "slip-no-blanks",
            Self::Encoded(Encoding::Html) => "slip-html",
            Self::Encoded(_) => "slip-encoded",
            Self::Hex(_) => "slip-hex",
            Self::Base64(_) => "slip-base64",
            Self::Hash(_) => "slip-hashed-twice",
            Self::HashHex(..) | Self::HashBase64(..) => "slip-hash-as-text",
            Self::Empty => "slip-empty",
        }
    }
}

fn hex(bytes: &[u8], is_upper: bool) -> String {
    if is_upper { hex::encode_upper(bytes) } else { hex::encode(bytes) }
}

fn base64(bytes: &[u8], is_url: bool) -> String {
    if is_url { URL_SAFE_NO_PAD.encode(bytes) } else { STANDARD.encode(bytes) }
}

/// The signs that texts here have; others are a question mark, as encoders write them.
fn windows_1251(sign: char) -> u8 {
    let code = u32::from(sign);
    let code = match sign {
        '\0'..='\x7f' | '\u{a0}' => code,
        'А'..='я' => code - 0x410 + 0xc0,
        'Ё' => 0xa8,
        'ё' => 0xb8,
        '№' => 0xb9,
        '«' => 0xab,
        '»' => 0xbb,
        _ => u32::from('?'),
    };
    u8::try_from(code).unwrap_or(b'?')
}

fn of_windows_1251(byte: u8) -> char {
    const UPPER: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї";
    match byte {
        0..=0x7f => char::from(byte),
        0x80..=0xbf => UPPER.chars().nth(usize::from(byte - 0x80)).unwrap_or('?'),
        0xc0..=0xff => char::from_u32(u32::from(byte) - 0xc0 + 0x410).unwrap_or('?'),
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineEnd(_) => f.write_str(pick("в конце строки лишний перевод строки", "the string has a line end too much at its end")),
            Self::Ends(before, after) => {
                let shown = crate::visible::visible(&format!("{before}{after}"));
                f.write_str(&tr!("по краям строки лишние знаки: «{shown}»", "the string has characters too many at its ends: «{shown}»"))
            }
            Self::Bom => f.write_str(pick("перед строкой стоит метка порядка байтов (BOM)", "before the string is a byte order mark (BOM)")),
            Self::MimeHeaders => f.write_str(pick("перед строкой стоят заголовки MIME: уберите ключ -text у openssl smime", "before the string are headers of MIME: leave out -text of openssl smime")),
            Self::Quoted(quote) => f.write_str(&tr!("строка подписана вместе с кавычками {quote}", "the string is signed with the quotation marks {quote}")),
            Self::Utf16(is_big, _) => {
                let order = if *is_big { "UTF-16BE" } else { "UTF-16LE" };
                f.write_str(&tr!("строка подписана в кодировке {order}, а нужна UTF-8", "the string is signed in {order}, and needed is UTF-8"))
            }
            Self::Windows1251 => f.write_str(pick("строка подписана в кодировке windows-1251, а нужна UTF-8", "the string is signed in windows-1251, and needed is UTF-8")),
            Self::Mojibake => f.write_str(pick("строка в UTF-8 прочитана как windows-1251 и записана в UTF-8 ещё раз", "the string in UTF-8 was read as windows-1251 and written in UTF-8 once more")),
            Self::Case(is_upper) => {
                f.write_str(&tr!("строка подписана {} буквами", "the string is signed in {} letters", if *is_upper { pick("прописными", "capital") } else { pick("строчными", "small") }))
            }
            Self::NoBlanks => f.write_str(pick("из строки убраны пробелы", "the blanks were taken out of the string")),
            Self::Encoded(how) => f.write_str(&tr!("вся строка подписана закодированной ({how})", "the whole string is signed as it is encoded ({how})")),
            Self::Hex(_) => f.write_str(pick("подписана шестнадцатеричная запись строки, а не сама строка", "the string in hexadecimal is signed, not the string itself")),
            Self::Base64(_) => f.write_str(pick("подписан base64 строки, а не сама строка", "the string in base64 is signed, not the string itself")),
            Self::Hash(hash) => {
                f.write_str(&tr!("подписан хэш строки ({hash}) вместо строки: хэш вычислен дважды, его считает сама подпись", "the hash of the string ({hash}) is signed in place of the string: it is hashed twice, for signing hashes it"))
            }
            Self::HashHex(hash, _) => f.write_str(&tr!("подписана запись хэша строки ({hash}, hex) вместо самой строки", "the written hash of the string ({hash}, hex) is signed in place of the string")),
            Self::HashBase64(hash, _) => {
                f.write_str(&tr!("подписана запись хэша строки ({hash}, base64) вместо самой строки", "the written hash of the string ({hash}, base64) is signed in place of the string"))
            }
            Self::Empty => f.write_str(pick("подписана пустая строка", "an empty string is signed")),
        }
    }
}
