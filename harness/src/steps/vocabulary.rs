//! The vocabulary: every step that a scenario may use. What `esia-stand steps` prints, what scenarios are checked against
//! and what is run is this one list.

use std::{fmt::Write as _, sync::LazyLock};

use super::{
    at_once,
    definition::StepDefinition,
    diary, faults, files, gosuslugi, letters, pages,
    pattern::{self, Pattern},
    requests, school, site, tables, waiting, world,
};
use crate::language::pick;

/// All steps, group by group.
pub fn all() -> impl Iterator<Item = &'static StepDefinition> {
    let of_pages = [pages::STEPS, site::STEPS, waiting::STEPS, tables::STEPS, files::STEPS];
    let mut of_pages: Vec<_> = of_pages.into_iter().flatten().collect();
    of_pages.sort_by_key(|step| step.group);
    let before = [world::STEPS, gosuslugi::STEPS, faults::STEPS].into_iter().flatten();
    let after = [letters::STEPS, diary::STEPS, school::STEPS, requests::STEPS, at_once::STEPS].into_iter().flatten();
    before.chain(of_pages).chain(after)
}

static VOCABULARY: LazyLock<Vec<(Pattern, &'static StepDefinition)>> =
    LazyLock::new(|| all().map(|step| (Pattern::compile(step.pattern), step)).collect());

/// Result of looking a sentence up.
#[derive(Debug)]
pub enum Found {
    /// It is this step, said of these.
    Step(&'static StepDefinition, Vec<String>),
    /// No step is said so.
    Unknown(Unknown),
}

/// Help with a sentence that no step is said by.
#[derive(Debug, Default)]
pub struct Unknown {
    /// The nearest steps.
    pub near: Vec<&'static StepDefinition>,
    /// A place of a step that is filled in otherwise than it may be: what stands there, and what may.
    pub misfit: Option<(String, &'static str)>,
}

/// Looks a sentence up. Of several readings the one with the shortest names of people is right: in «Анна не видит …»
/// nobody is called «Анна не».
pub fn find(sentence: &str) -> Found {
    match read(sentence) {
        Some((step, values)) => Found::Step(step, values),
        None => Found::Unknown(Unknown { near: nearest(sentence), misfit: misfit(&pattern::begun_small(sentence)) }),
    }
}

/// The step that a sentence is said by, and the values in its places.
pub(crate) fn read(sentence: &str) -> Option<(&'static StepDefinition, Vec<String>)> {
    let read = |sentence: &str| {
        let read = VOCABULARY.iter().filter_map(|(pattern, step)| Some((*step, pattern.read(sentence)?)));
        read.min_by_key(|(step, values)| people_of(step, values).iter().map(String::len).sum::<usize>())
    };
    read(sentence).or_else(|| read(&pattern::begun_small(sentence)))
}

/// Value that does not fit its place, of the step that has most words in common.
fn misfit(sentence: &str) -> Option<(String, &'static str)> {
    // The last of equals is taken, and the first in the vocabulary is the plainest.
    let fitting = VOCABULARY.iter().rev().filter_map(|(pattern, step)| Some((step, pattern.misfit(sentence)?)));
    let most = |(step, _): &(&&StepDefinition, _)| pattern::own_words(step.pattern);
    fitting.max_by_key(most).map(|(_, misfit)| misfit)
}

/// How like one sentence another is built, from 0 to 1.
pub(crate) fn likeness(sentence: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&pattern::outline(sentence), &pattern::outline(other))
}

/// Length of a step's own words, bytes: of several readings of a sentence that with most of them is meant.
pub(crate) fn own_words(step: &StepDefinition) -> usize {
    pattern::own_words(step.pattern)
}

/// Up to three steps that read most like the sentence.
fn nearest(sentence: &str) -> Vec<&'static StepDefinition> {
    let mut scored: Vec<_> =
        all().map(|step| (likeness(sentence, step.example), step)).filter(|(likeness, _)| *likeness > 0.45).collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    scored.into_iter().take(3).map(|(_, step)| step).collect()
}

/// The names of people whom a sentence mentions, as it spells them.
pub fn people_of(step: &StepDefinition, values: &[String]) -> Vec<String> {
    pattern::places(step.pattern).zip(values).filter(|(place, _)| *place == "кто").map(|(_, who)| who.clone()).collect()
}

/// Explains how the texts of steps are compared with those of pages.
const HOW_TEXTS_ARE_COMPARED: &str = "
Как сравнивают тексты
  «видит {текст}»: текст целиком — строка, ячейка, выделенные слова или несколько строк подряд; часть строки
      проверяют шагом «видит текст, где сказано {текст}».
  «получает отказ {текст}»: заголовок отказа целиком; его часть, причину или совет — «получает отказ, где сказано».
  «где сказано»: целые слова, а не части слов.
  «не видит …»: только на открытой странице, на которой сервер не ответил ошибкой; текста не должно быть нигде.
  Кнопки и поля ищут по названию целиком (у поля может быть добавка: «Телефон (необязательно)»), ссылку — по
      названию целиком или по целым словам из него, если такая ссылка одна.
  Пробелы, неразрывные пробелы, мягкие переносы и переводы строк не различаются; буквы, ё и регистр различаются.
  Кавычки подходят любые: «…», \"…\", „…“, “…”, '…'.
";

const HOW_TEXTS_ARE_COMPARED_IN_ENGLISH: &str = "
How texts are compared
  «видит {текст}»: the whole of a line, a cell, marked words or several lines in a row; a part of a line is looked
      for by the step «видит текст, где сказано {текст}».
  «получает отказ {текст}»: the whole heading of a refusal; a part of it, its reason or advice by «получает отказ,
      где сказано».
  «где сказано»: whole words, not parts of words.
  «не видит …»: only on an open page that the server did not answer with an error; the text may be nowhere.
  Buttons and fields are found by their whole name (a field may have an addition: «Телефон (необязательно)»), a link
      by its whole name, or by whole words of it where there is one such link.
  Blanks, non-breaking blanks, soft hyphens and line breaks are the same; letters, ё and case differ.
  Any quotes will do: «…», \"…\", „…“, “…”, '…'.
";

/// A sentence as the vocabulary writes it: guillemets for other quotation marks, single blanks, no full stop at the end.
pub fn canonical(sentence: &str) -> String {
    pattern::canonical(sentence)
}

/// A person's name, as sentences begin with it, of the key in the seed.
pub fn name(key: &str) -> String {
    let mut characters = key.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The texts that a sentence looks for or names, each with what may stand in its place; typed values are not among them.
pub fn texts_of<'v>(step: &StepDefinition, values: &'v [String]) -> impl Iterator<Item = (&'v str, &'static str)> {
    let texts = pattern::places(step.pattern).zip(values).filter(|(place, _)| *place == "текст");
    let texts: Vec<_> = texts.map(|(_, text)| (text.as_str(), pattern::what("текст"))).collect();
    texts.into_iter()
}

/// The names of a page that a sentence says: its texts, and the links of a way.
pub fn words_of(step: &StepDefinition, values: &[String]) -> impl Iterator<Item = String> {
    let named = pattern::places(step.pattern).zip(values).filter(|(place, _)| matches!(*place, "текст" | "путь"));
    let words = named.flat_map(|(place, value)| match place {
        "путь" => value.split(" → ").map(|link| link.trim_matches(['«', '»']).to_owned()).collect(),
        _ => vec![value.clone()],
    });
    words.collect::<Vec<_>>().into_iter()
}

/// The names of a sentence's places, in order.
pub fn places_of(step: &StepDefinition) -> impl Iterator<Item = &'static str> {
    pattern::places(step.pattern)
}

/// Every place that sentences have, with what may stand in it.
pub fn explained() -> impl Iterator<Item = (&'static str, &'static str)> {
    pattern::explained()
}

/// The vocabulary as a text for people.
pub fn vocabulary() -> String {
    let mut text = String::new();
    let mut group = None;
    for step in all() {
        if group != Some(step.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", step.group.title());
            group = Some(step.group);
        }
        let _ = writeln!(text, "  {}\n      {}", step.pattern, step.example);
    }
    let _ = writeln!(text, "\n{}", pick("Что пишут на месте скобок", "What is written in place of braces"));
    for (place, what) in pattern::explained() {
        let _ = writeln!(text, "  {{{place}}}: {what}");
    }
    text + pick(HOW_TEXTS_ARE_COMPARED, HOW_TEXTS_ARE_COMPARED_IN_ENGLISH)
}
