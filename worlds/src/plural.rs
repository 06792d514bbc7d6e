//! Words that go with numbers in Russian.

/// The form of a Russian word that goes with a number: with 1, 2 and 5, as `["день", "дня", "дней"]`.
pub fn plural(number: usize, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (number % 100, number % 10) {
        (11..=14, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        _ => many,
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn the_word_follows_the_number() {
        let days = |number| format!("{number} {}", plural(number, ["день", "дня", "дней"]));
        let told = [0, 1, 2, 5, 11, 12, 21, 22, 25, 101, 111, 112].map(days).join(", ");
        insta::assert_snapshot!(told, @"0 дней, 1 день, 2 дня, 5 дней, 11 дней, 12 дней, 21 день, 22 дня, 25 дней, 101 день, 111 дней, 112 дней");
    }
}
