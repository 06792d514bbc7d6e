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
    /// Requests of a program.
    Requests,
    /// Several people at the same time.
    AtOnce,
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
            Self::Requests => pick("Запросы программы", "Requests of a program"),
            Self::AtOnce => pick("Одновременно", "At the same time"),
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
    /// The text in `"""` that belongs under it.
    pub text: Text,
    /// The side on whose page it leaves the person.
    pub leads: Leads,
    /// What it needs of the side where the diary is.
    pub needs: Needs,
    /// What it asks of the side where people sign in, beside its pages.
    pub asks: Asks,
}

/// The side on whose page a step leaves the person whom it is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// Where the person was.
    Nowhere,
    /// On a page of Gosuslugi.
    ToGosuslugi,
    /// On the way from the diary through Gosuslugi and back, at one or the other.
    ThroughSignIn,
    /// On a page of the diary.
    ToDiary,
    /// On a page of the team's own site.
    ToSite,
}

/// What a step needs of the side where the diary is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// No more than that people can sign in.
    Nothing,
    /// A world of its own seed.
    World,
    /// A clock that can be moved.
    Clock,
    /// A register that can be corrected from outside.
    Correction,
    /// Pages for the staff.
    Staff,
    /// The refusal with this heading.
    Heading,
    /// The refusal that says this.
    Refusal,
    /// The names of buttons, links and fields of the open page.
    Words,
    /// A text of the open page, or one that stands for a section or a refusal.
    Text,
    /// Nothing of the diary: the team's own site.
    Site,
}

/// What a step asks of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing, or what the open page has.
    Nothing,
    /// An account of the person whom it is said of.
    Account,
    /// The same, and a page of the provider's own that shows who is signed in.
    Home,
    /// The question of consent.
    Consent,
    /// The control API.
    Control,
    /// Notifications, letters or messages.
    Letters,
    /// A world of its own, which it may spoil.
    OwnWorld,
    /// Pages of our Gosuslugi.
    OurPages,
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
    /// Columns that are sides, and cells that are their steps.
    Sides,
}

/// The text in `"""` that belongs under a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// No text belongs there.
    Nothing,
    /// One may stand there.
    May,
    /// One is needed.
    Must,
}

impl StepDefinition {
    /// The same, looking at something.
    pub(super) const fn checks(self) -> Self {
        Self { checks: true, ..self }
    }

    /// The same, opening a page of Gosuslugi.
    pub(super) const fn opens(self) -> Self {
        Self { page: PageUse::Opens, leads: Leads::ToGosuslugi, ..self }
    }

    /// The same, on an open page, whose names it says.
    pub(super) const fn on_page(self) -> Self {
        Self { page: PageUse::Needs, needs: Needs::Words, ..self }
    }

    /// The same, leaving the person there.
    pub(super) const fn leads(self, leads: Leads) -> Self {
        Self { leads, ..self }
    }

    /// The same, with this need.
    pub(super) const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    /// The same, asking this of the provider.
    pub(super) const fn asks(self, asks: Asks) -> Self {
        Self { asks, ..self }
    }

    /// Whether it signs out, from whatever page is open.
    pub(crate) fn signs_out(&self) -> bool {
        self.pattern == "{кто} выходит"
    }

    /// Whether it waits for a person.
    pub(crate) fn pauses(&self) -> bool {
        self.pattern == "пауза"
    }

    /// Whether the sides of its table play it at once.
    pub(crate) fn has_sides(&self) -> bool {
        self.table == Table::Sides
    }

    /// Whether it is about those who have acted at once before it.
    pub(crate) fn is_of_racers(&self) -> bool {
        self.group == StepGroup::AtOnce && !self.has_sides()
    }

    /// Whether it begins the world of a scenario.
    pub(crate) fn begins_a_world(&self) -> bool {
        self.needs == Needs::World
    }

    /// Whether it has to do with the diary, whatever page is open.
    pub(crate) fn meets_the_diary(&self) -> bool {
        let leads_there = matches!(self.leads, Leads::ThroughSignIn | Leads::ToDiary);
        leads_there || matches!(self.needs, Needs::Correction | Needs::Staff | Needs::Heading | Needs::Refusal)
    }

    /// Whether it looks for a button or a field and uses none.
    pub(crate) fn only_looks_for_a_control(&self) -> bool {
        self.group == StepGroup::Sight && self.needs == Needs::Words
    }

    /// Whether it is that something is not there.
    pub(super) fn denies(&self) -> bool {
        self.pattern.contains(" не ")
    }

    /// The same, with a text under it.
    pub(super) const fn takes(self, text: Text) -> Self {
        Self { text, ..self }
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
            text: $crate::steps::definition::Text::Nothing,
            leads: $crate::steps::definition::Leads::Nowhere,
            needs: $crate::steps::definition::Needs::Nothing,
            asks: $crate::steps::definition::Asks::Nothing,
        }
    };
}
pub(super) use step;
