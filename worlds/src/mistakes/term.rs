//! How long something takes, in words: «3 часа», «1 день 2 часа»; as a value of a name: `3h`, `1d2h`.

use chrono::TimeDelta;

use super::Language;

/// A unit: its letter, its length in seconds, its Russian forms after «на» (1, 2, 5) and its English ones (1, 2).
type Unit = (char, i64, [&'static str; 3], [&'static str; 2]);

const UNITS: [Unit; 5] = [
    ('y', 365 * 86_400, ["год", "года", "лет"], ["year", "years"]),
    ('d', 86_400, ["день", "дня", "дней"], ["day", "days"]),
    ('h', 3600, ["час", "часа", "часов"], ["hour", "hours"]),
    ('m', 60, ["минуту", "минуты", "минут"], ["minute", "minutes"]),
    ('s', 1, ["секунду", "секунды", "секунд"], ["second", "seconds"]),
];

/// The two largest units, whatever the sign: `3h`, `1d2h`, `0s`.
pub fn short(term: TimeDelta) -> String {
    let parts = parts(term);
    parts.iter().map(|(count, unit)| format!("{count}{}", unit.0)).collect::<Vec<_>>().concat()
}

/// The same in words: «1 день 2 часа», in Russian as after «на», «через» and before «назад».
pub fn in_words(term: TimeDelta, language: Language) -> String {
    let said = |(count, unit): &(i64, &Unit)| format!("{count} {}", form(*count, unit, language));
    parts(term).iter().map(said).collect::<Vec<_>>().join(" ")
}

/// A value that is a term, in words; `None` for any other value.
pub(super) fn spelled(value: &str, language: Language) -> Option<String> {
    let mut words = Vec::new();
    let mut digits = String::new();
    for sign in value.chars() {
        if sign.is_ascii_digit() {
            digits.push(sign);
        } else {
            let unit = UNITS.iter().find(|unit| unit.0 == sign)?;
            let count = std::mem::take(&mut digits).parse::<i64>().ok()?;
            words.push(format!("{count} {}", form(count, unit, language)));
        }
    }
    (digits.is_empty() && !words.is_empty()).then(|| words.join(" "))
}

fn parts(term: TimeDelta) -> Vec<(i64, &'static Unit)> {
    let mut rest = rounded(term.num_seconds().saturating_abs());
    let mut parts = Vec::new();
    for (at, unit) in UNITS.iter().enumerate() {
        let count = rest / unit.1;
        rest %= unit.1;
        if count > 0 || (parts.is_empty() && at + 1 == UNITS.len()) {
            parts.push((count, unit));
        }
        if !parts.is_empty() && (parts.len() == 2 || count == 0) {
            break;
        }
    }
    parts
}

/// To whole minutes from an hour on: a signature is some seconds old when it is looked at, and three hours are still three.
const fn rounded(seconds: i64) -> i64 {
    if seconds < 3570 { seconds } else { seconds.saturating_add(30) / 60 * 60 }
}

fn form(count: i64, unit: &Unit, language: Language) -> &'static str {
    let (_, _, ru, en) = unit;
    let [one, few, many] = ru;
    match language {
        Language::English => en[usize::from(count != 1)],
        Language::Russian => match (count % 10, count % 100) {
            (_, 11..=14) => many,
            (1, _) => one,
            (2..=4, _) => few,
            _ => many,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_told_by_their_two_largest_units() {
        let check = |seconds: i64, code: &str, ru: &str, en: &str| {
            let term = TimeDelta::seconds(seconds);
            assert_eq!(short(term), code);
            assert_eq!(in_words(term, Language::Russian), ru);
            assert_eq!(in_words(term, Language::English), en);
            assert_eq!(spelled(code, Language::Russian).as_deref(), Some(ru));
        };
        check(0, "0s", "0 секунд", "0 seconds");
        check(1, "1s", "1 секунду", "1 second");
        check(-10_800, "3h", "3 часа", "3 hours");
        check(61, "1m1s", "1 минуту 1 секунду", "1 minute 1 second");
        check(3 * 3600 + 5, "3h", "3 часа", "3 hours");
        check(3 * 3600 - 2, "3h", "3 часа", "3 hours");
        check(86_400 - 20, "1d", "1 день", "1 day");
        check(59 * 60 + 20, "59m20s", "59 минут 20 секунд", "59 minutes 20 seconds");
        check(11 * 60, "11m", "11 минут", "11 minutes");
        check(22 * 3600 + 60, "22h1m", "22 часа 1 минуту", "22 hours 1 minute");
        check(91_897_815, "2y333d", "2 года 333 дня", "2 years 333 days");
        for other in ["", "3", "h", "state", "3x", "3h2"] {
            assert_eq!(spelled(other, Language::Russian), None, "{other}");
        }
    }
}
