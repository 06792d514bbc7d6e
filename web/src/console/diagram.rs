//! The sequence diagram: who asked whom, as an SVG and as a list. Each arrow leads to its request.

use askama::Template;

use super::exchange::{Exchange, Party};
use crate::ReaderLanguage;

/// Width of the drawing, and where its three lines stand, in its own units.
const WIDTH: i32 = 760;
const LANES: [i32; 3] = [90, 380, 670];
/// Height of the heads, and of one exchange.
const HEAD: i32 = 48;
const ROW: i32 = 52;
/// Longest text over an arrow, characters.
const LABEL: usize = 38;

/// One exchange, placed in the drawing.
struct Arrow {
    exchange: Exchange,
    /// Where the arrow begins and ends, and how high it stands.
    x1: i32,
    x2: i32,
    y: i32,
}

impl Arrow {
    /// The points of its head.
    fn head(&self) -> String {
        let back = if self.x2 > self.x1 { -8 } else { 8 };
        let (x, y) = (self.x2, self.y);
        format!("{x},{y} {},{} {},{}", x + back, y - 4, x + back, y + 4)
    }

    fn middle(&self) -> i32 {
        i32::midpoint(self.x1, self.x2)
    }

    fn label(&self) -> String {
        shortened(&self.exchange.request)
    }

    /// The answer in one line.
    fn answer(&self) -> String {
        let status = self.exchange.status;
        match &self.exchange.location {
            Some(location) => shortened(&format!("{status} → {location}")),
            None => status.to_string(),
        }
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LABEL {
        return text.to_owned();
    }
    text.chars().take(LABEL - 1).chain(['…']).collect()
}

fn lane(party: Party) -> i32 {
    match party {
        Party::Browser => LANES[0],
        Party::Client => LANES[1],
        Party::Gosuslugi => LANES[2],
    }
}

fn placed(exchanges: Vec<Exchange>) -> Vec<Arrow> {
    let arrow = |(index, exchange): (usize, Exchange)| {
        let row = i32::try_from(index).unwrap_or(i32::MAX / ROW - HEAD);
        let (x1, x2) = (lane(exchange.from), lane(exchange.to));
        Arrow { x1, x2, y: HEAD + row * ROW + 30, exchange }
    };
    exchanges.into_iter().enumerate().map(arrow).collect()
}

/// A drawing of exchanges between a person, a client and Gosuslugi, with the same as a list. A part of a page in HTML.
#[derive(Template)]
#[template(path = "console/diagram.html")]
pub struct Diagram {
    reads: ReaderLanguage,
    arrows: Vec<Arrow>,
    /// What tells it from other drawings of the page.
    name: String,
}

impl Diagram {
    /// Of exchanges in their order, the first above.
    pub fn of(exchanges: Vec<Exchange>, reads: ReaderLanguage) -> Self {
        Self { reads, arrows: placed(exchanges), name: String::new() }
    }

    /// The same with a name, where a page has several drawings.
    #[must_use]
    pub fn named(self, name: String) -> Self {
        Self { name, ..self }
    }

    /// The rules of style that it needs; they use the variables `--ink`, `--quiet`, `--line`, `--bad` and `--tone`.
    pub fn style() -> String {
        let own = include_str!("../../assets/base.css").lines().filter(|line| line.starts_with(".sequence"));
        own.collect::<Vec<_>>().join("\n")
    }

    /// Whether nobody asked anybody.
    pub fn is_empty(&self) -> bool {
        self.arrows.is_empty()
    }

    fn label(&self) -> String {
        let label = self.reads.t("Схема обмена", "Sequence diagram");
        if self.name.is_empty() { label.to_owned() } else { format!("{label}: {}", self.name) }
    }

    fn height(&self) -> i32 {
        self.arrows.last().map_or(HEAD, |arrow| arrow.y + 32)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn party(&self, party: &Party) -> &'static str {
        let reads = self.reads;
        match party {
            Party::Browser => reads.t("Человек", "Person"),
            Party::Client => reads.t("Дневник или система", "Diary or client"),
            Party::Gosuslugi => reads.t("Госуслуги", "Gosuslugi"),
        }
    }

    fn heads(&self) -> [(i32, &'static str); 3] {
        [Party::Browser, Party::Client, Party::Gosuslugi].map(|party| (lane(party), self.party(&party)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_stand_below_each_other_and_point_from_who_asks_to_who_answers() {
        let exchange = |from, to| Exchange {
            answered_at: chrono::DateTime::UNIX_EPOCH,
            from,
            to,
            request: format!("GET /{}", "a".repeat(60)),
            status: 302,
            location: Some("/login".to_owned()),
            is_refused: false,
            page: String::new(),
            person: None,
        };
        let arrows =
            placed(vec![exchange(Party::Browser, Party::Gosuslugi), exchange(Party::Gosuslugi, Party::Client)]);
        assert_eq!((arrows[0].x1, arrows[0].x2, arrows[0].y), (90, 670, 78));
        assert_eq!((arrows[1].x1, arrows[1].x2, arrows[1].y), (670, 380, 130));
        assert_eq!(arrows[0].head(), "670,78 662,74 662,82");
        assert_eq!(arrows[1].head(), "380,130 388,126 388,134");
        assert_eq!(arrows[0].label().chars().count(), LABEL);
        assert_eq!(arrows[0].answer(), "302 → /login");
    }
}
