//! Candidates for the string that was signed, the likeliest first.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
};

use super::{
    super::{Field, Order, Request},
    encoding::Encoding,
    model::Refused,
    slip::{Slip, Spelling},
    spellings::{permutations, spellings},
    whole::Whole,
};
use crate::language::Words;

/// More values than this are not tried in every order.
const MAX_PERMUTED: usize = 6;
/// How many changes of the whole string are likely.
const LIKELY_WHOLES: usize = 9;
/// How many of the likeliest slips are tried in pairs.
const MAX_PAIRED: usize = 150;

/// One slip, with the text that it leads to where that does not follow from the values.
pub(super) struct Single {
    pub(super) slip: Slip,
    text: Option<String>,
    is_likely: bool,
}

impl Single {
    /// What it is about: a value, or something else of the string.
    fn kind(&self) -> (Option<Field>, &'static str) {
        match &self.slip {
            Slip::Value { field, .. } => (Some(*field), ""),
            other => (None, other.code()),
        }
    }
}

/// The likeliest slips, in turn one of each kind: a pair is nearly always of two kinds.
fn paired(singles: &[Single]) -> Vec<usize> {
    let mut ranks = HashMap::new();
    let likely = singles.iter().enumerate().take_while(|(_, single)| single.is_likely);
    let mut ranked: Vec<(usize, usize)> = likely
        .map(|(at, single)| {
            let rank = ranks.entry(single.kind()).or_insert(0_usize);
            *rank += 1;
            (*rank, at)
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, at)| at).take(MAX_PAIRED).collect()
}

/// Strings that may have been signed: the right one, then those of one slip, then of two, the likeliest first.
pub(super) struct Candidates<'a> {
    order: Order,
    request: &'a Request<'a>,
    singles: Vec<Single>,
    /// Which of them are tried in pairs, the likeliest first.
    paired: Vec<usize>,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(refused: &'a Refused<'a>) -> Self {
        let mut all = Gathered { refused, singles: Vec::new() };
        all.shapes();
        all.earlier();
        all.strings();
        all.values();
        all.joined();
        all.orders();
        let mut singles = all.singles;
        // Stable: within likely and unlikely the order is that of gathering.
        singles.sort_by_key(|single| !single.is_likely);
        let paired = paired(&singles);
        Self { order: refused.order, request: &refused.request, singles, paired }
    }

    /// Each with its slips, until `takes` is satisfied or so many are tried. Answers with what satisfied it, and with how
    /// many were tried.
    pub(super) fn search<T>(
        &self,
        limit: usize,
        mut takes: impl FnMut(&[&Single], &[u8]) -> Option<T>,
    ) -> (Option<T>, usize) {
        // Their fingerprints are enough: two that meet by chance cost one candidate.
        let (mut known, fingerprints) = (HashSet::new(), RandomState::new());
        for slips in self.in_order() {
            let Some(bytes) = self.render(&slips) else { continue };
            if known.len() >= limit {
                break;
            }
            if !known.insert(fingerprints.hash_one(&bytes)) {
                continue;
            }
            if let Some(found) = takes(&slips, &bytes) {
                return (Some(found), known.len());
            }
        }
        (None, known.len())
    }

    fn in_order(&self) -> impl Iterator<Item = Vec<&Single>> {
        let ones = self.singles.iter().map(|single| vec![single]);
        let paired = self.paired.len();
        // Along the diagonals: the sum of two places is how unlikely the pair is.
        let pairs = (1..2 * paired).flat_map(move |sum| {
            let first = sum.saturating_sub(paired - 1);
            (first..sum.div_ceil(2)).map(move |at| (at, sum - at))
        });
        let twos = pairs.map(|(one, other)| vec![&self.singles[self.paired[one]], &self.singles[self.paired[other]]]);
        std::iter::once(Vec::new()).chain(ones).chain(twos.filter(|two| go_together(two[0], two[1])))
    }

    /// The bytes that are signed with these slips. `None` where they do not go together.
    pub(super) fn render(&self, slips: &[&Single]) -> Option<Vec<u8>> {
        let given = slips.iter().find_map(|single| single.text.as_deref());
        let text = given.map_or_else(|| Cow::Owned(self.joined(slips)), Cow::Borrowed);
        let mut wholes = slips.iter().filter_map(|single| match &single.slip {
            Slip::Whole(whole) => Some(*whole),
            _ => None,
        });
        let bytes = match (wholes.next(), wholes.next()) {
            (None, _) => text.into_owned().into_bytes(),
            (Some(one), None) => one.apply(&text),
            (Some(one), Some(other)) => other.apply(std::str::from_utf8(&one.apply(&text)).ok()?),
        };
        Some(bytes)
    }

    fn joined(&self, slips: &[&Single]) -> String {
        let mut fields: Vec<Field> = self.order.fields().to_vec();
        for single in slips {
            reshape(&mut fields, &single.slip);
        }
        let value = |field: Field| {
            let mut value = Cow::Borrowed(field.of(self.request));
            for single in slips {
                match &single.slip {
                    Slip::Value { field: of, signed, .. } if *of == field => value = Cow::Borrowed(signed),
                    _ => {}
                }
            }
            for single in slips {
                if let Slip::Encoded(how) = &single.slip {
                    value = Cow::Owned(how.encode(&value));
                }
            }
            value
        };
        let present = || fields.iter().map(|field| (*field, value(*field))).filter(|(_, value)| !value.is_empty());
        let join = slips.iter().find_map(|single| match &single.slip {
            Slip::Separator(between) => Some(present().map(|(_, value)| value).collect::<Vec<_>>().join(between)),
            Slip::Named(is, between) => {
                let pairs: Vec<_> = present().map(|(field, value)| format!("{field}{is}{value}")).collect();
                Some(pairs.join(between))
            }
            _ => None,
        });
        join.unwrap_or_else(|| fields.iter().map(|field| value(*field)).collect())
    }
}

/// Two slips that are not about the same thing.
fn go_together(one: &Single, other: &Single) -> bool {
    let is_join = |slip: &Slip| matches!(slip, Slip::Separator(_) | Slip::Named(..));
    let is_shape = |slip: &Slip| matches!(slip, Slip::Order(_) | Slip::Permuted(_));
    match (&one.slip, &other.slip) {
        (Slip::Value { field: one, .. }, Slip::Value { field: other, .. }) => one != other,
        (Slip::Value { field, .. }, Slip::Missing(missing)) | (Slip::Missing(missing), Slip::Value { field, .. }) => {
            field != missing
        }
        (Slip::Encoded(_), Slip::Encoded(_) | Slip::Value { how: Spelling::Encoded(_), .. })
        | (Slip::Value { how: Spelling::Encoded(_), .. }, Slip::Encoded(_)) => false,
        (one, other) if is_join(one) && is_join(other) || is_shape(one) && is_shape(other) => false,
        (left, right) => {
            let only_whole = |slip: &Slip| matches!(slip, Slip::Whole(_));
            (one.text.is_none() || only_whole(right)) && (other.text.is_none() || only_whole(left))
        }
    }
}

fn reshape(fields: &mut Vec<Field>, slip: &Slip) {
    match slip {
        Slip::Order(order) => *fields = order.fields().to_vec(),
        Slip::Permuted(other) => other.clone_into(fields),
        Slip::Missing(field) => fields.retain(|one| one != field),
        Slip::Twice(field) => {
            if let Some(at) = fields.iter().position(|one| one == field) {
                fields.insert(at, *field);
            }
        }
        Slip::Extra(field) if !fields.contains(field) => {
            let after_scope = fields.iter().position(|one| *one == Field::Scope).filter(|_| *field == Field::ScopeOrg);
            fields.insert(after_scope.map_or(fields.len(), |at| at + 1), *field);
        }
        _ => {}
    }
}

/// The single slips while they are gathered.
struct Gathered<'a> {
    refused: &'a Refused<'a>,
    singles: Vec<Single>,
}

impl Gathered<'_> {
    fn add(&mut self, slip: Slip, is_likely: bool) {
        self.singles.push(Single { slip, text: None, is_likely });
    }

    fn present(&self) -> Vec<Field> {
        let is_there = |field: &Field| !field.of(&self.refused.request).is_empty();
        self.refused.order.fields().iter().copied().filter(is_there).collect()
    }

    /// A parameter too few or too many, and the strings of other calls.
    fn shapes(&mut self) {
        let present = self.present();
        let fields = self.refused.order.fields();
        for field in &present {
            self.add(Slip::Missing(*field), true);
        }
        let has = |field: &Field| !field.of(&self.refused.request).is_empty();
        let extra: Vec<_> = Field::ALL.into_iter().filter(|field| !fields.contains(field) && has(field)).collect();
        for field in extra {
            self.add(Slip::Extra(field), true);
        }
        for order in Order::ALL {
            if order != self.refused.order {
                self.add(Slip::Order(order), true);
            }
        }
        for field in present {
            self.add(Slip::Twice(field), false);
        }
    }

    /// The string of an earlier request, or one of its values.
    fn earlier(&mut self) {
        let now = &self.refused.request;
        for earlier in self.refused.earlier {
            let which = || earlier.which.clone();
            for order in [earlier.order, self.refused.order] {
                let text = order.string(&earlier.request);
                let slip = Slip::Earlier(which());
                self.singles.push(Single { slip, text: Some(text), is_likely: false });
            }
            for field in self.present() {
                let signed = field.of(&earlier.request);
                if !signed.is_empty() && signed != field.of(now) {
                    let how = Spelling::Earlier(which());
                    self.add(Slip::Value { field, how, signed: signed.to_owned() }, true);
                }
            }
        }
    }

    /// What is done to the whole string.
    fn strings(&mut self) {
        for (place, whole) in Whole::all().into_iter().enumerate() {
            self.add(Slip::Whole(whole), place < LIKELY_WHOLES);
        }
        for (place, how) in Encoding::ALL.into_iter().enumerate() {
            self.add(Slip::Encoded(how), place < 3);
        }
    }

    /// One value otherwise than it is sent.
    fn values(&mut self) {
        let request = self.refused.request;
        for field in self.present() {
            let mut all = spellings(field, field.of(&request));
            // What goes wrong in every field goes wrong in pairs.
            all.sort_by_key(|(how, ..)| !matches!(how, Spelling::Encoded(_) | Spelling::Placeholder));
            for (how, signed, is_likely) in all {
                self.add(Slip::Value { field, how, signed }, is_likely);
            }
        }
        // A value that is left out may have been signed as the word for nothing.
        let empty = |field: &&Field| field.of(&request).is_empty();
        for field in self.refused.order.fields().iter().filter(empty) {
            for word in ["undefined", "None", "null"] {
                let how = Spelling::Placeholder;
                self.add(Slip::Value { field: *field, how, signed: word.to_owned() }, true);
            }
        }
        for (field, value, whose) in self.refused.registered {
            if *value != field.of(&request) {
                let how = Spelling::Registered(whose.clone());
                self.add(Slip::Value { field: *field, how, signed: value.clone() }, false);
            }
        }
    }

    /// Separators between the values, or names with the values.
    fn joined(&mut self) {
        let separators = [" ", "\n", "&", ";", ",", "|", "\r\n", "\t", ":", "-", ".", "_", "/", "+", ", ", "%20", "\0"];
        for (place, between) in separators.into_iter().enumerate() {
            self.add(Slip::Separator(between), place < 3);
        }
        for (is, between) in
            [("=", "&"), ("=", ""), ("=", "\n"), ("=", ";"), ("=", ","), (":", ""), (":", ","), ("", "")]
        {
            self.add(Slip::Named(is, between), false);
        }
        for (how, text) in everything(self.refused.sent) {
            self.singles.push(Single { slip: Slip::AllParameters(how), text: Some(text), is_likely: false });
        }
        let request = &self.refused.request;
        let own: Vec<_> =
            self.present().iter().map(|field| (field.name().to_owned(), field.of(request).to_owned())).collect();
        for (how, text) in everything(&own) {
            self.singles.push(Single { slip: Slip::AllParameters(how), text: Some(text), is_likely: false });
        }
    }

    /// Every other order of the right values, or of those of the first version.
    fn orders(&mut self) {
        let present = self.present();
        if present.len() <= MAX_PERMUTED {
            for fields in permutations(&present) {
                self.add(Slip::Permuted(fields), false);
            }
        }
    }
}

/// How all parameters are written that a client has signed.
const QUERY: Words = Words { russian: "строка запроса", english: "the query" };
const VALUES: Words = Words { russian: "одни значения", english: "the values alone" };
const JSON: Words = Words { russian: "JSON", english: "JSON" };

/// All parameters but the signature: as a query, plain and encoded, and as JSON, in the order of arrival and by name.
fn everything(sent: &[(String, String)]) -> Vec<(Words, String)> {
    let arrived: Vec<_> = sent.iter().filter(|(name, _)| name != "client_secret").collect();
    if arrived.is_empty() {
        return Vec::new();
    }
    let mut sorted = arrived.clone();
    sorted.sort();
    let mut all = Vec::new();
    for pairs in [arrived, sorted] {
        let joined = |encode: &dyn Fn(&str) -> String| {
            let each: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
            each.join("&")
        };
        all.push((QUERY, joined(&str::to_owned)));
        all.push((QUERY, joined(&|value| Encoding::Form.encode(value))));
        all.push((QUERY, joined(&|value| Encoding::Percent.encode(value))));
        all.push((QUERY, joined(&|value| Encoding::Component.encode(value))));
        all.push((VALUES, pairs.iter().map(|(_, value)| value.as_str()).collect()));
        let text = |value: &String| serde_json::Value::from(value.as_str()).to_string();
        for (is, between) in [(":", ","), (": ", ", ")] {
            let each: Vec<_> = pairs.iter().map(|(name, value)| format!("{}{is}{}", text(name), text(value))).collect();
            all.push((JSON, format!("{{{}}}", each.join(between))));
        }
    }
    all
}
