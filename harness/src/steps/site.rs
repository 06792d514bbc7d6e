//! Steps that open pages of a team's own site by their addresses.

use super::{
    definition::{Leads, Needs, StepDefinition, step},
    pages::expect,
};
use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(Pages, "{кто} открывает страницу {текст}", "Когда Анна открывает страницу «/orders»", opens)
        .opens()
        .leads(Leads::ToSite)
        .needs(Needs::Site),
    step!(Sight, "{кто} на странице {текст}", "Тогда Анна на странице «/orders/1»", is_at)
        .on_page()
        .checks()
        .needs(Needs::Site),
];

async fn opens(state: &mut ScenarioState, args: &Args) -> Done {
    let url = state.site(args.get(1))?;
    Ok(state.browser(args.get(0)).await?.open(&url).await?)
}

/// Compares the page's address, without the query unless the step names one.
async fn is_at(state: &mut ScenarioState, args: &Args) -> Done {
    let wanted = state.site(args.get(1))?;
    let page = state.page(args.get(0)).await?;
    let mut found = page.url().clone();
    found.set_fragment(None);
    if wanted.query().is_none() {
        found.set_query(None);
    }
    expect(found == wanted, || tr!("открыта другая страница: {}", "another page is open: {}", page.url()))
}
