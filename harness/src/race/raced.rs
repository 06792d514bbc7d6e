//! What is kept of a race.

use super::Order;
use crate::language::tr;

/// A race that was played, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raced {
    /// The index of its step among those of the scenario.
    pub step: usize,
    /// Names of its sides.
    pub sides: Vec<String>,
    /// The order in which they sent their requests.
    pub order: Order,
}

impl Raced {
    /// One line for people, as `1221 (1 — Анна, 2 — Сергей)`.
    pub fn told(&self) -> String {
        let sides: Vec<_> = self.sides.iter().zip(1..).map(|(side, number)| format!("{number} — {side}")).collect();
        let (order, sides) = (&self.order, sides.join(", "));
        tr!("порядок запросов: {order} ({sides})", "order of requests: {order} ({sides})")
    }
}

/// The option that plays races in the same orders again; empty where nobody has sent anything.
pub fn again(raced: &[Raced]) -> Vec<String> {
    let orders: Vec<_> = raced.iter().map(|raced| raced.order.to_string()).collect();
    // An order that was not begun cannot be written, and nothing comes after it.
    let begun: Vec<_> = orders.into_iter().take_while(|order| !order.is_empty()).collect();
    if begun.is_empty() { Vec::new() } else { vec!["--order".to_owned(), begun.join(",")] }
}

/// One line for people about the race that a step was, among those of its scenario; `None` where it was none.
pub fn told(raced: &[Raced], step: usize) -> Option<String> {
    let index = raced.iter().position(|raced| raced.step == step)?;
    let (own, option) = (raced.get(index)?, again(raced.get(..=index)?).join(" "));
    let told = own.told();
    Some(if own.order.is_empty() {
        told
    } else {
        tr!("{told}; снова так же: {option}", "{told}; the same again: {option}")
    })
}
