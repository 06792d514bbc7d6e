//! Steps of several people at the same time: the step whose table has a column for each side, and expectations about
//! the result.

use super::{
    definition::{Asks, StepDefinition, Table, step},
    pages::expect,
};
use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(
        AtOnce,
        "одновременно",
        "Когда одновременно\n        | Анна нажимает «Предоставить» | Сергей нажимает «Предоставить» |",
        alone
    )
    .with(Table::Sides),
    step!(
        AtOnce,
        "одновременно в порядке {порядок}",
        "Когда одновременно в порядке 1221\n        | Анна нажимает «Предоставить» | Сергей нажимает «Предоставить» |",
        alone
    )
    .with(Table::Sides),
    step!(
        AtOnce,
        "одному из них сказано {текст}, а другому {текст}",
        "Тогда одному из них сказано «Учётная запись привязана», а другому «Код не действует»",
        one_and_others
    )
    .asks(Asks::OurPages)
    .checks(),
    step!(
        AtOnce,
        "одному из них сказано {текст}, а остальным {текст}",
        "Тогда одному из них сказано «Учётная запись привязана», а остальным «Код не действует»",
        one_and_others
    )
    .asks(Asks::OurPages)
    .checks(),
    step!(AtOnce, "каждому из них сказано {текст}", "Тогда каждому из них сказано «Согласие выдано»", each)
        .asks(Asks::OurPages)
        .checks(),
];

/// The run plays the sides of the table itself; without them the step has nothing to do.
async fn alone(_: &mut ScenarioState, _: &Args) -> Done {
    Err(StepError::Unmet(tr!("сторон нет", "there are no sides")))
}

/// Texts that a person's page shows as whole words.
struct Told {
    who: String,
    title: String,
    says: Vec<bool>,
}

impl Told {
    fn line(&self, texts: &[&str]) -> String {
        let said: Vec<_> = texts.iter().zip(&self.says).filter(|(_, says)| **says).collect();
        let said: Vec<_> = said.into_iter().map(|(text, _)| format!("«{text}»")).collect();
        let (who, title) = (&self.who, &self.title);
        if said.is_empty() {
            return tr!("\n  {who}: ничего из этого («{title}»)", "\n  {who}: none of these («{title}»)");
        }
        format!("\n  {who}: {}", said.join(", "))
    }
}

/// Looks for the texts on the page of each person who took part in the last race.
async fn told(state: &mut ScenarioState, texts: &[&str]) -> Result<Vec<Told>, StepError> {
    let mut told = Vec::new();
    for who in state.racers().to_vec() {
        let page = state.page(&who).await?;
        let says = texts.iter().map(|text| page.mentions(text)).collect();
        told.push(Told { who, title: page.title(), says });
    }
    expect(!told.is_empty(), || tr!("одновременно никто не действовал", "nobody has acted at the same time"))?;
    Ok(told)
}

fn lines(told: &[Told], texts: &[&str]) -> String {
    told.iter().map(|told| told.line(texts)).collect()
}

/// Checks that exactly one person sees the first text, and everybody else the second.
async fn one_and_others(state: &mut ScenarioState, args: &Args) -> Done {
    let texts = [args.get(0), args.get(1)];
    let told = told(state, &texts).await?;
    let one = told.iter().filter(|told| told.says[0]).count();
    let others = told.iter().filter(|told| told.says[1] && !told.says[0]).count();
    expect(one == 1 && one + others == told.len(), || {
        let lines = lines(&told, &texts);
        tr!("сказано не так:{lines}", "they are told otherwise:{lines}")
    })
}

async fn each(state: &mut ScenarioState, args: &Args) -> Done {
    let texts = [args.get(0)];
    let told = told(state, &texts).await?;
    expect(told.iter().all(|told| told.says[0]), || {
        let lines = lines(&told, &texts);
        tr!("сказано не всем:{lines}", "not all are told so:{lines}")
    })
}
