//! Order of a race in its written form: `1221`.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::language::tr;

/// Maximum number of sides in a race: an order has one digit for each.
pub const MOST: usize = 9;

/// Sides in the order of their requests, numbered from 1 by the columns of their table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Order(Vec<u8>);

impl Order {
    /// Appends a request of the side with this index, from 0.
    pub(super) fn push(&mut self, side: usize) {
        self.0.extend(u8::try_from(side + 1));
    }

    /// Returns the index of the side that sends the request with this index; `None` after the end.
    pub(super) fn side(&self, request: usize) -> Option<usize> {
        self.0.get(request).map(|side| usize::from(*side) - 1)
    }

    /// Checks whether no request was sent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides: Option<Vec<u8>> = text
            .chars()
            .map(|digit| digit.to_digit(10).filter(|side| *side > 0).and_then(|side| u8::try_from(side).ok()))
            .collect();
        sides.filter(|sides| !sides.is_empty()).map(Self).ok_or_else(|| {
            tr!(
                "нужен порядок запросов, как его печатает прогон: 1221 — первая сторона, вторая дважды, снова первая",
                "the order of requests is needed as a run prints it: 1221 is the first side, twice the second, the first again"
            )
        })
    }
}

impl TryFrom<String> for Order {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|why| tr!("«{text}» — {why}", "\"{text}\": {why}"))
    }
}

impl From<Order> for String {
    fn from(order: Order) -> Self {
        order.to_string()
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|side| write!(f, "{side}"))
    }
}

impl JsonSchema for Order {
    fn schema_name() -> Cow<'static, str> {
        "Order".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[1-9]+$" })
    }
}
