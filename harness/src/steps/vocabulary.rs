//! Vocabulary: all steps that scenarios may use. `esia-stand steps`, the checks of scenarios and the runs share this
//! list.

use std::{fmt::Write as _, sync::LazyLock};

use super::{
    at_once,
    definition::StepDefinition,
    diary, faults, files, gosuslugi, letters, pages,
    pattern::{self, Pattern},
    requests, school, site, tables, waiting, world,
};
use crate::language::pick;

/// Returns all steps, group by group.
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

/// Result of looking up a sentence.
#[derive(Debug)]
pub enum Found {
    /// Step with the values of its placeholders.
    Step(&'static StepDefinition, Vec<String>),
    /// Sentence of no known step.
    Unknown(Unknown),
}

/// Hints for a sentence that belongs to no step.
#[derive(Debug, Default)]
pub struct Unknown {
    /// Steps with the most similar sentences.
    pub near: Vec<&'static StepDefinition>,
    /// Value that does not fit its placeholder, and an explanation of the values that do.
    pub misfit: Option<(String, &'static str)>,
}

/// Looks up a sentence. Of several readings the one with the shortest names of people is chosen: in «Анна не видит …»
/// nobody is called «Анна не».
pub fn find(sentence: &str) -> Found {
    match read(sentence) {
        Some((step, values)) => Found::Step(step, values),
        None => Found::Unknown(Unknown { near: nearest(sentence), misfit: misfit(&pattern::begun_small(sentence)) }),
    }
}

/// Returns the step to which a sentence belongs, and the values of its placeholders.
pub(crate) fn read(sentence: &str) -> Option<(&'static StepDefinition, Vec<String>)> {
    let read = |sentence: &str| {
        let read = VOCABULARY.iter().filter_map(|(pattern, step)| Some((*step, pattern.read(sentence)?)));
        read.min_by_key(|(step, values)| people_of(step, values).iter().map(String::len).sum::<usize>())
    };
    read(sentence).or_else(|| read(&pattern::begun_small(sentence)))
}

/// Returns a value that does not fit its placeholder, from the step that shares most words with the sentence.
fn misfit(sentence: &str) -> Option<(String, &'static str)> {
    // `max_by_key` returns the last of equal elements; reversed, this is the first in the vocabulary, the simplest one.
    let fitting = VOCABULARY.iter().rev().filter_map(|(pattern, step)| Some((step, pattern.misfit(sentence)?)));
    let most = |(step, _): &(&&StepDefinition, _)| pattern::own_words(step.pattern);
    fitting.max_by_key(most).map(|(_, misfit)| misfit)
}

/// Similarity of the structure of two sentences, from 0 to 1.
pub(crate) fn likeness(sentence: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&pattern::outline(sentence), &pattern::outline(other))
}

/// Length of a step's words outside of placeholders, in bytes: of several readings of a sentence, the longest wins.
pub(crate) fn own_words(step: &StepDefinition) -> usize {
    pattern::own_words(step.pattern)
}

/// Returns up to three steps most similar to the sentence.
fn nearest(sentence: &str) -> Vec<&'static StepDefinition> {
    let mut scored: Vec<_> =
        all().map(|step| (likeness(sentence, step.example), step)).filter(|(likeness, _)| *likeness > 0.45).collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    scored.into_iter().take(3).map(|(_, step)| step).collect()
}

/// Returns the names of the people whom a sentence names, as written there.
pub fn people_of(step: &StepDefinition, values: &[String]) -> Vec<String> {
    pattern::places(step.pattern).zip(values).filter(|(place, _)| *place == "кто").map(|(_, who)| who.clone()).collect()
}

/// Explanation of how texts of steps are compared with those of pages.
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

/// Returns a sentence in the form of the vocabulary: guillemets for other quotation marks, single blanks, no full stop
/// at the end.
pub fn canonical(sentence: &str) -> String {
    pattern::canonical(sentence)
}

/// Returns a person's name, as at the beginning of sentences, from the key in the seed.
pub fn name(key: &str) -> String {
    let mut characters = key.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Returns the texts that a sentence looks for or names, each with an explanation of its placeholder; typed values are
/// left out.
pub fn texts_of<'v>(step: &StepDefinition, values: &'v [String]) -> impl Iterator<Item = (&'v str, &'static str)> {
    let texts = pattern::places(step.pattern).zip(values).filter(|(place, _)| *place == "текст");
    let texts: Vec<_> = texts.map(|(_, text)| (text.as_str(), pattern::what("текст"))).collect();
    texts.into_iter()
}

/// Returns the words of a page that a sentence names: its texts, and the links of a path.
pub fn words_of(step: &StepDefinition, values: &[String]) -> impl Iterator<Item = String> {
    let named = pattern::places(step.pattern).zip(values).filter(|(place, _)| matches!(*place, "текст" | "путь"));
    let words = named.flat_map(|(place, value)| match place {
        "путь" => value.split(" → ").map(|link| link.trim_matches(['«', '»']).to_owned()).collect(),
        _ => vec![value.clone()],
    });
    words.collect::<Vec<_>>().into_iter()
}

/// Returns the names of a sentence's placeholders, in order.
pub fn places_of(step: &StepDefinition) -> impl Iterator<Item = &'static str> {
    pattern::places(step.pattern)
}

/// Returns every placeholder with an explanation of its values.
pub fn explained() -> impl Iterator<Item = (&'static str, &'static str)> {
    pattern::explained()
}

/// Returns the vocabulary as text for people.
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
