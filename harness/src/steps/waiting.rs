//! Steps that wait for a text to appear on a page.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{
    definition::{Needs, StepDefinition, step},
    pages::expect,
    world::span,
};
use crate::{
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(Pages, "{кто} ждёт, пока появится {текст}", "Когда Анна ждёт, пока появится «Заказ собран»", waits)
        .on_page()
        .checks()
        .needs(Needs::Text),
    step!(
        Pages,
        "{кто} ждёт до {срок}, пока появится {текст}",
        "Когда Анна ждёт до 2 минут, пока появится «Заказ собран»",
        waits_so_long
    )
    .on_page()
    .checks()
    .needs(Needs::Text),
];

/// Time limit if the sentence has none.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 10 });
/// Time between two looks at the page.
const INTERVAL: Duration = Duration::from_millis(250);

async fn waits(state: &mut ScenarioState, args: &Args) -> Done {
    until(state, args.get(0), args.get(1), PATIENCE).await
}

async fn waits_so_long(state: &mut ScenarioState, args: &Args) -> Done {
    let limit = humantime::parse_duration(&span(args.get(1))).map_err(|error| StepError::Unmet(error.to_string()))?;
    until(state, args.get(0), args.get(2), limit).await
}

/// Looks at the page repeatedly; a page without scripts is loaded again each time. The limit is in real time, whether
/// or not the world's clock goes on.
async fn until(state: &mut ScenarioState, who: &str, text: &str, limit: Duration) -> Done {
    let begun = Instant::now();
    let mut next = interval(INTERVAL);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        next.tick().await;
        let page = state.page(who).await?;
        if page.mentions(text) {
            return Ok(());
        }
        let waited = begun.elapsed();
        expect(waited < limit, || {
            let (seconds, near) = (waited.as_secs(), page.like(text));
            let near = if near.is_empty() {
                String::new()
            } else {
                tr!("; похожее: {}", "; like it: {}", near.join(", "))
            };
            tr!(
                "за {seconds} с на странице не появилось «{text}»{near}",
                "«{text}» did not appear on the page in {seconds} s{near}"
            )
        })?;
        state.browser(who).await?.refresh().await?;
    }
}
