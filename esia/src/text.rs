//! Letters as people bring them: composed and decomposed, of two alphabets that look alike, and such as nobody sees.

use std::{borrow::Cow, fmt::Write as _};

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::language::{pick, tr};

/// Latin and Cyrillic letters that look the same.
const LOOK_ALIKES: [(char, char); 25] = [
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('j', 'ј'),
    ('o', 'о'),
    ('p', 'р'),
    ('s', 'ѕ'),
    ('x', 'х'),
    ('y', 'у'),
];
/// Letters that look the same in some fonts or in handwriting.
const SIMILAR: [(char, char); 7] = [('k', 'к'), ('m', 'м'), ('t', 'т'), ('u', 'и'), ('n', 'п'), ('r', 'г'), ('b', 'ь')];

/// Unicode's canonical composition: й as one sign, as keyboards type it, and not as some file systems and programs write it.
pub fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Whether a sign takes no room and cannot be seen: zero-width and soft marks, byte order marks, controls.
pub fn is_invisible(sign: char) -> bool {
    sign.is_control()
        || matches!(sign,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}')
}

/// A sign for a message: «ж», or by its number when it is invisible or a blank.
pub fn shown(sign: char) -> String {
    match sign {
        ' ' => pick("пробел", "a blank").to_owned(),
        '\u{a0}' | '\u{202f}' => pick("неразрывный пробел", "a no-break space").to_owned(),
        sign if is_invisible(sign) || sign.is_whitespace() => {
            tr!("невидимый знак U+{:04X}", "an invisible character U+{:04X}", u32::from(sign))
        }
        sign => format!("«{sign}»"),
    }
}

/// The alphabet of a letter that Russian and Latin texts share the look of.
const fn is_latin(sign: char) -> bool {
    sign.is_ascii_alphabetic()
}

const fn is_cyrillic(sign: char) -> bool {
    matches!(sign, '\u{400}'..='\u{52f}')
}

/// The Latin letter that a Cyrillic one is mistaken for.
pub fn latin_look_alike(sign: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(_, cyrillic)| *cyrillic == sign).map(|(latin, _)| *latin)
}

/// A text with Cyrillic letters in place of the Latin ones that look like them, in some fonts at least.
pub fn in_cyrillic(text: &str) -> String {
    let cyrillic = |sign: char| {
        let found = LOOK_ALIKES.iter().chain(&SIMILAR).find(|(latin, _)| *latin == sign);
        found.map_or(sign, |(_, cyrillic)| *cyrillic)
    };
    text.chars().map(cyrillic).collect()
}

/// A text without what nobody sees, every run of white space (no-break space as well) one space, letters composed (NFC).
pub fn normal(text: &str) -> String {
    let seen: String = composed(text).chars().filter(|sign| sign.is_whitespace() || !is_invisible(*sign)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same for all texts that look the same to a person: of one alphabet, without invisible signs, any blank a space and
/// runs of them one. Not for comparing people, only for telling why two texts differ that look alike.
pub fn look(text: &str) -> String {
    in_cyrillic(&normal(text))
}

/// The first Latin letter that stands in a word with Cyrillic ones, or with a digit that a Cyrillic word should have, and
/// its place from 1.
pub fn foreign_letter(text: &str) -> Option<(char, usize)> {
    let mut at = 0;
    for word in text.split(|sign: char| !sign.is_alphabetic()) {
        if word.chars().any(is_cyrillic)
            && let Some(place) = word.chars().position(is_latin)
        {
            return word.chars().nth(place).map(|sign| (sign, at + place + 1));
        }
        at += word.chars().count() + 1;
    }
    None
}

/// Why two texts differ that look alike, in words for a tester: by ё and е, by case, by letters of another alphabet, by
/// blanks or invisible signs. None when they differ otherwise, or not at all.
pub fn likeness(one: &str, other: &str) -> Option<String> {
    if one == other {
        return None;
    }
    let without_yo = |text: &str| text.replace('ё', "е").replace('Ё', "Е");
    if without_yo(one) == without_yo(other) {
        return Some(pick("отличается только буквами ё и е", "it differs by the letters «ё» and «е» alone").to_owned());
    }
    if one.to_lowercase() == other.to_lowercase() {
        return Some(
            pick("отличается только прописными и строчными буквами", "it differs by capitals and small letters alone")
                .to_owned(),
        );
    }
    if look(one) != look(other) {
        let folded = |text: &str| without_yo(&look(text)).to_lowercase().replace('-', " ");
        let told = pick(
            "отличается только написанием: ё и е, регистр, дефис",
            "it differs by its spelling alone: «ё» and «е», case, hyphen",
        );
        return (folded(one) == folded(other)).then(|| told.to_owned());
    }
    let mut told = pick("выглядит так же, но отличается", "it looks the same, and differs").to_owned();
    let strange = |text: &str, than: &str| {
        text.chars()
            .zip(than.chars().map(Some).chain(std::iter::repeat(None)))
            .find_map(|(sign, beside)| (Some(sign) != beside).then_some(sign))
    };
    for (at, (text, than)) in [(one, other), (other, one)].into_iter().enumerate() {
        let Some(sign) = strange(text, than) else { continue };
        let kind = match sign {
            sign if is_latin(sign) => pick("латинская ", "the Latin "),
            sign if is_cyrillic(sign) => pick("русская ", "the Russian "),
            _ => "",
        };
        let join = if at == 0 { ": " } else { " — " };
        let _ = write!(told, "{join}{kind}{}", shown(sign));
    }
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decomposed_letter_is_composed() {
        assert_eq!(composed("Андреи\u{306}"), "Андрей");
        assert_eq!(composed("Е\u{308}лка"), "Ёлка");
        assert!(matches!(composed("Андрей"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_latin_letter_in_a_russian_word_is_found_with_its_place() {
        assert_eq!(foreign_letter("Петров Ивaн"), Some(('a', 10)));
        assert_eq!(foreign_letter("Cидоров"), Some(('C', 1)));
        for fine in ["Петров Иван", "Smith John", "Петров John", "7A", "7А", ""] {
            assert_eq!(foreign_letter(fine), None, "{fine}");
        }
    }

    #[test]
    fn texts_that_look_alike_are_told_apart() {
        let told = [
            ("Пётр", "Петр"),
            ("иван", "Иван"),
            ("7A", "7А"),
            ("Иван\u{200b}", "Иван"),
            ("Петров\u{a0}Иван", "Петров Иван"),
            ("Римский-Корсаков", "римский корсаков"),
            ("Анна", "Инна"),
            ("Анна", "Анна"),
        ]
        .map(|(one, other)| format!("{one} / {other}: {}", likeness(one, other).unwrap_or_else(|| "—".to_owned())));
        insta::assert_snapshot!(told.join("\n").replace('\u{200b}', "").replace('\u{a0}', " "), @r#"
    Пётр / Петр: отличается только буквами ё и е
    иван / Иван: отличается только прописными и строчными буквами
    7A / 7А: выглядит так же, но отличается: латинская «A» — русская «А»
    Иван / Иван: выглядит так же, но отличается: невидимый знак U+200B
    Петров Иван / Петров Иван: выглядит так же, но отличается: неразрывный пробел — пробел
    Римский-Корсаков / римский корсаков: отличается только написанием: ё и е, регистр, дефис
    Анна / Инна: —
    Анна / Анна: —
    "#);
    }
}
