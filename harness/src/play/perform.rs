//! One step of a scenario: played, looked at, and kept.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    path::PathBuf,
    time::{Duration, Instant},
};

use cucumber::step::Context;
use futures::{FutureExt as _, future::LocalBoxFuture};
use tokio::select;

use super::{Event, Evidence, Halt, Play, Played, Refused, Seen, StepEnd};
use crate::{
    control::{Control, ControlError, Line, Party},
    steps::{Args, Chapter, Done, Found, StepError, find},
};

/// How many of the last requests of a world are looked at for failed checks.
const REQUESTS: usize = 3;

/// Runs one step. Cucumber learns by a panic that the scenario does not go on; everything else is in the [`super::Record`].
pub(crate) fn perform(play: &mut Play, context: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        if !play.step(&context.step).await {
            resume_unwind(Box::new("the scenario ends here"));
        }
    })
}

impl Play {
    /// Plays a step and keeps how it ended; `false` when the scenario does not go on.
    async fn step(&mut self, step: &gherkin::Step) -> bool {
        let Some(stage) = self.stage.clone().filter(|stage| stage.halted().is_none()) else { return false };
        let begun = Instant::now();
        let played = select! {
            biased;
            () = stage.stopped() => return false,
            played = self.whole_step(step) => played,
        };
        if let StepEnd::CouldNotAsk(why) = &played.end {
            stage.stop(Halt::CouldNotAsk(why.clone()));
        }
        let goes_on = played.end == StepEnd::Passed;
        self.record.steps.push(Played { took: begun.elapsed(), ..played });
        goes_on
    }

    /// What a step does, the picture afterwards, and what it has set off at both parties.
    async fn whole_step(&mut self, step: &gherkin::Step) -> Played {
        self.number += 1;
        let mut end = match AssertUnwindSafe(self.act(step)).catch_unwind().await {
            Ok(done) => done.map_or_else(StepEnd::from, |()| StepEnd::Passed),
            Err(_) => StepEnd::Unmet("шаг не выполнен: ошибка в самой программе, её текст выше".to_owned()),
        };
        let picture = match self.picture().await {
            Ok(picture) => picture,
            Err(error) => {
                // The step's own fault says more than that there is no picture of it.
                if end == StepEnd::Passed {
                    end = error.into();
                }
                None
            }
        };
        let mut events = Vec::new();
        if end != StepEnd::Passed || !only_looks(step) {
            match self.news().await {
                Ok(news) => events = news,
                Err(error) => end = StepEnd::CouldNotAsk(error.to_string()),
            }
        }
        if matches!(end, StepEnd::Unmet(_)) {
            match self.evidence().await {
                Ok(evidence) => self.record.evidence = evidence,
                Err(error) => end = StepEnd::CouldNotAsk(error.to_string()),
            }
        }
        Played { end, took: Duration::ZERO, events, picture }
    }

    async fn act(&mut self, step: &gherkin::Step) -> Done {
        let Found::Step(known, values) = find(&step.value) else {
            return Err(StepError::Unmet("такого шага нет".to_owned()));
        };
        let table = step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default();
        (known.run)(self, &Args { values, table }).await?;
        self.no_complaints().await
    }

    /// A picture of the page that was looked at last, also of a step that failed.
    async fn picture(&mut self) -> Result<Option<PathBuf>, StepError> {
        let Some(folder) = self.stage()?.screenshots.clone() else { return Ok(None) };
        let Some(who) = self.last.clone() else { return Ok(None) };
        let file = folder.join(format!("{}-{:02}-{who}.png", self.slug, self.number));
        let Some(browser) = self.browsers.get_mut(&who) else { return Ok(None) };
        browser.screenshot(&file).await?;
        Ok(Some(file))
    }

    /// What has happened at both parties since this was last asked.
    async fn news(&mut self) -> Result<Vec<Event>, ControlError> {
        let (Some(stage), Some(world)) = (self.stage.clone(), self.record.world.clone()) else { return Ok(Vec::new()) };
        let [idp, diary] = self.told;
        let (idp, diary) = tokio::join!(stage.idp.timeline(&world, idp), stage.diary.timeline(&world, diary));
        let (idp, diary) = (heard(idp)?, heard(diary)?);
        for (told, lines) in self.told.iter_mut().zip([&idp, &diary]) {
            *told = lines.last().map_or(*told, |line| line.seq);
        }
        let idp = idp.into_iter().map(|line| (Party::Idp, line));
        Ok(in_order(idp.chain(diary.into_iter().map(|line| (Party::Diary, line))).collect()))
    }

    /// The page, and the requests that a check failed.
    async fn evidence(&mut self) -> Result<Evidence, ControlError> {
        let page = self.seen().await;
        let mut requests = Vec::new();
        if let (Some(stage), Some(world)) = (self.stage.clone(), self.record.world.clone()) {
            for server in [&stage.idp, &stage.diary] {
                requests.extend(refused(server, &world).await?);
            }
        }
        Ok(Evidence { page, requests })
    }

    async fn seen(&mut self) -> Option<Seen> {
        let who = self.last.clone()?;
        let page = self.browsers.get_mut(&who)?.page().await.ok()?;
        let place = match (&self.stage, &self.record.world) {
            (Some(stage), Some(world)) => stage.place(world, page.url()),
            _ => page.url().to_string(),
        };
        Some(Seen { who, place, title: page.title(), text: page.main_text() })
    }
}

impl From<StepError> for StepEnd {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Unmet(what) => Self::Unmet(what),
            StepError::CouldNotAsk(why) => Self::CouldNotAsk(why),
        }
    }
}

/// Whether a step asks no server, so that nothing can have happened.
fn only_looks(step: &gherkin::Step) -> bool {
    matches!(find(&step.value), Found::Step(known, _) if known.chapter == Chapter::Sight)
}

/// What a server tells of a world, which it may not have.
fn heard<T: Default>(told: Result<T, ControlError>) -> Result<T, ControlError> {
    match told {
        Err(ControlError::Refused { .. }) => Ok(T::default()),
        other => other,
    }
}

/// Events of both parties in the order in which they were recorded; by the worlds' clocks where that is not known.
fn in_order(mut lines: Vec<(Party, Line)>) -> Vec<Event> {
    let known = lines.iter().all(|(_, line)| line.recorded_at.is_some());
    lines.sort_by_key(|(_, line)| line.recorded_at.filter(|_| known).unwrap_or(line.at));
    lines.into_iter().map(|(party, line)| Event { party, at: line.at, text: line.text }).collect()
}

async fn refused(server: &Control, world: &str) -> Result<Vec<Refused>, ControlError> {
    let asked = heard(server.requests(world).await)?;
    let refused = asked.into_iter().filter_map(|asked| {
        let checks: Vec<_> = asked.verdict.into_iter().filter(|check| check.outcome != "passed").collect();
        let path = asked.target.split('?').next().unwrap_or_default();
        let what = format!("{} {path} → {}", asked.method, asked.status);
        (!checks.is_empty()).then_some(Refused { party: server.party, id: asked.id, what, checks })
    });
    Ok(refused.take(REQUESTS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, recorded_at: Option<&str>, text: &str) -> Line {
        let instant = |text: &str| text.parse().unwrap();
        Line { seq: 1, at: instant(at), recorded_at: recorded_at.map(instant), text: text.to_owned() }
    }

    fn told(lines: Vec<(Party, Line)>) -> String {
        in_order(lines).into_iter().map(|event| event.text).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn under_a_frozen_clock_events_stand_in_the_order_in_which_they_were_recorded() {
        const FROZEN: &str = "2024-09-02T06:00:00Z";
        let lines = vec![
            (Party::Idp, line(FROZEN, Some("2026-11-29T12:00:02Z"), "код обменян")),
            (Party::Diary, line(FROZEN, Some("2026-11-29T12:00:01Z"), "вход начат")),
            (Party::Diary, line(FROZEN, Some("2026-11-29T12:00:03Z"), "вошла")),
        ];
        assert_eq!(told(lines), "вход начат, код обменян, вошла");
    }

    #[test]
    fn where_it_is_not_known_when_all_were_recorded_the_clocks_decide() {
        let lines = vec![
            (Party::Idp, line("2024-09-02T06:00:01Z", None, "вторая")),
            (Party::Diary, line("2024-09-02T06:00:00Z", Some("2026-11-29T12:00:01Z"), "первая")),
        ];
        assert_eq!(told(lines), "первая, вторая");
    }
}
