//! Definition of a step: its sentence, an example, and the function that it runs.

use futures::future::LocalBoxFuture;

use crate::{
    language::pick,
    scenario::{Args, Done, ScenarioState},
};

/// Group of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepGroup {
    /// Worlds and time.
    World,
    /// Actions at Gosuslugi.
    Gosuslugi,
    /// Anything that is done on a page.
    Pages,
    /// Expectations about a page.
    Sight,
    /// Notifications, letters, messages.
    Letters,
    /// Signing in to the diary, and refusals.
    Diary,
    /// The school's side of the diary.
    School,
}

impl StepGroup {
    /// The heading of the group in the language of the run.
    pub fn title(self) -> &'static str {
        match self {
            Self::World => pick("Мир и время", "World and time"),
            Self::Gosuslugi => pick("Госуслуги", "Gosuslugi"),
            Self::Pages => pick("На странице", "On a page"),
            Self::Sight => pick("Что видно", "What is seen"),
            Self::Letters => pick("Уведомления и письма", "Notifications and letters"),
            Self::Diary => pick("Дневник", "The diary"),
            Self::School => pick("Школа", "The school"),
        }
    }
}

type Run = for<'a> fn(&'a mut ScenarioState, &'a Args) -> LocalBoxFuture<'a, Done>;

/// One sentence that scenarios may use.
#[derive(Debug, Clone, Copy)]
pub struct StepDefinition {
    /// Group of the vocabulary.
    pub group: StepGroup,
    /// The sentence, as `{кто} нажимает {текст}`.
    pub pattern: &'static str,
    /// One use of it.
    pub example: &'static str,
    /// Function that plays the step.
    pub run: Run,
    /// Whether it looks at something and fails when that is otherwise.
    pub checks: bool,
    /// Use of the page of the person whom it is said of.
    pub page: PageUse,
    /// The table that belongs under it.
    pub table: Table,
}

/// Use that a step makes of the page of the person whom it is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageUse {
    /// It is about no page.
    Nothing,
    /// It opens one.
    Opens,
    /// Is about the one that is open.
    Needs,
}

/// The table that belongs under a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// No table belongs there.
    Nothing,
    /// Two columns: a field and what is typed into it.
    Fields,
    /// A table of any columns, the first row being their names.
    Rows,
}

impl StepDefinition {
    /// The same, looking at something.
    pub(super) const fn checks(self) -> Self {
        Self { checks: true, ..self }
    }

    /// The same, opening a page.
    pub(super) const fn opens(self) -> Self {
        Self { page: PageUse::Opens, ..self }
    }

    /// The same, on an open page.
    pub(super) const fn on_page(self) -> Self {
        Self { page: PageUse::Needs, ..self }
    }

    /// The same, with a table under it.
    pub(super) const fn with(self, table: Table) -> Self {
        Self { table, ..self }
    }
}

/// Makes a [`StepDefinition`] of an async function.
macro_rules! step {
    ($group:ident, $pattern:literal, $example:literal, $run:path) => {
        $crate::steps::definition::StepDefinition {
            group: $crate::steps::definition::StepGroup::$group,
            pattern: $pattern,
            example: $example,
            run: |state, args| Box::pin($run(state, args)),
            checks: false,
            page: $crate::steps::definition::PageUse::Nothing,
            table: $crate::steps::definition::Table::Nothing,
        }
    };
}
pub(super) use step;
