//! Record of a race.

use super::Order;
use crate::language::tr;

/// Race that was played, with its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raced {
    /// Index of its step within the scenario.
    pub step: usize,
    /// Names of its sides.
    pub sides: Vec<String>,
    /// Order in which the sides sent their requests.
    pub order: Order,
}

impl Raced {
    /// Line for people with order and sides, as `1221 (1 — Анна, 2 — Сергей)`.
    pub fn told(&self) -> String {
        let sides: Vec<_> = self.sides.iter().zip(1..).map(|(side, number)| format!("{number} — {side}")).collect();
        let (order, sides) = (&self.order, sides.join(", "));
        tr!("порядок запросов: {order} ({sides})", "order of requests: {order} ({sides})")
    }
}

/// Option that plays races in the same orders again; empty if no request was sent.
pub fn again(raced: &[Raced]) -> Vec<String> {
    let orders: Vec<_> = raced.iter().map(|raced| raced.order.to_string()).collect();
    // An empty order cannot be written, and no later race was played.
    let begun: Vec<_> = orders.into_iter().take_while(|order| !order.is_empty()).collect();
    if begun.is_empty() { Vec::new() } else { vec!["--order".to_owned(), begun.join(",")] }
}

/// Line for people about the race that was played at a step; `None` if there was none.
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
