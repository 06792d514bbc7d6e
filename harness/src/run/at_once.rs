//! Plays «одновременно»: the sides of the table under the step take turns, one request at a time.

use super::act::{Under, act};
use crate::{
    language::tr,
    race::{End, Misfit, Raced, Racer, Turn, race},
    scenario::{Done, NoAnswer, ScenarioState, StepError},
    steps::{Found, PageUse, find, people_in, sides},
};

/// Sentence of a side that did not pass, with its error.
struct Broken {
    sentence: String,
    error: StepError,
}

/// Plays the sides of a table at the same time, in the given order or a random one; the first side that fails stops the
/// others.
pub(super) async fn at_once(state: &mut ScenarioState, table: &[Vec<String>], said: Option<&str>) -> Done {
    let columns = sides(table);
    let people: Vec<_> = columns.iter().map(|sentences| people_in(sentences)).collect();
    for people in &people {
        state.open_tabs(people).await?;
    }
    let turns: Vec<_> = columns.iter().map(|_| Turn::default()).collect();
    let mut sides = Vec::new();
    for (people, turn) in people.iter().zip(&turns) {
        sides.push(state.side(people, turn)?);
    }
    let mut draw = state.draw(said.and_then(|order| order.parse().ok()));
    let racers = sides
        .iter_mut()
        .zip(turns)
        .zip(&columns)
        .map(|((side, turn), sentences)| Racer { run: Box::pin(one_side(side, sentences, turn.clone())), turn });
    let (order, ended) = race(racers.collect(), &mut draw).await;
    let failed = match &ended {
        Err(End::Failed(side, _)) => *side,
        _ => 0,
    };
    state.take_back(sides, failed);
    let names = people
        .iter()
        .zip(1..)
        .map(|(people, number)| people.first().cloned().unwrap_or_else(|| tr!("сторона {number}", "side {number}")));
    let raced = Raced { step: state.step_index(), sides: names.collect(), order };
    let told = ended.map_err(|end| told(end, &raced));
    state.keep_race(raced, people.into_iter().filter_map(|people| people.into_iter().next()).collect());
    told
}

/// Plays the sentences of one side in order. A sentence without a page waits for its turn like a request.
async fn one_side(side: &mut ScenarioState, sentences: &[String], turn: Turn) -> Result<(), Broken> {
    for sentence in sentences {
        if matches!(find(sentence), Found::Step(known, _) if known.page == PageUse::Nothing) {
            turn.come().await;
        }
        act(side, sentence, Under::default()).await.map_err(|error| Broken { sentence: sentence.clone(), error })?;
    }
    Ok(())
}

fn told(end: End<Broken>, raced: &Raced) -> StepError {
    match end {
        End::Failed(_, Broken { sentence, error: StepError::Unmet(why) }) => {
            StepError::Unmet(format!("{sentence}: {why}"))
        }
        End::Failed(_, Broken { sentence, error: StepError::CouldNotAsk(why) }) => {
            StepError::CouldNotAsk(NoAnswer { reason: format!("{sentence}: {}", why.reason), ..why })
        }
        End::Misfit(misfit) => StepError::Unmet(unfit(misfit, raced)),
    }
}

/// Says why a given order does not fit the sides.
fn unfit(Misfit { side, request }: Misfit, raced: &Raced) -> String {
    let (number, none) = (side + 1, String::new());
    let name = raced.sides.get(side).unwrap_or(&none);
    let so_far = if raced.order.is_empty() { none.clone() } else { tr!(" после {}", " after {}", raced.order) };
    if name.is_empty() {
        return tr!(
            "заданный порядок не подходит: запрос {request}{so_far} — стороны {number}, а такой стороны нет",
            "the given order does not fit: request {request}{so_far} is one of side {number}, and there is no such side"
        );
    }
    tr!(
        "заданный порядок не подходит: запрос {request}{so_far} — стороны {number} ({name}), а запросов у неё больше нет",
        "the given order does not fit: request {request}{so_far} is one of side {number} ({name}), which has none left"
    )
}
