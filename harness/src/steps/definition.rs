//! Definition of a step: its sentence, an example, and the function that plays it.

use futures::future::LocalBoxFuture;

use crate::{
    language::pick,
    scenario::{Args, Done, ScenarioState},
};

/// Group of steps in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepGroup {
    /// Worlds and time.
    World,
    /// Actions at Gosuslugi.
    Gosuslugi,
    /// Actions on any page.
    Pages,
    /// Expectations about a page.
    Sight,
    /// Notifications, letters, messages.
    Letters,
    /// Signing in to the diary, and refusals.
    Diary,
    /// The school's pages of the diary.
    School,
    /// Requests of a program to a team's own site.
    Requests,
    /// Several people at the same time.
    AtOnce,
}

impl StepGroup {
    /// Heading of the group in the language of the run.
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

/// Step that scenarios may use.
#[derive(Debug, Clone, Copy)]
pub struct StepDefinition {
    /// Group of the step in the vocabulary.
    pub group: StepGroup,
    /// Sentence with placeholders, as `{кто} нажимает {текст}`.
    pub pattern: &'static str,
    /// Example of the sentence, with a table under it where the step needs one.
    pub example: &'static str,
    /// Function that plays the step.
    pub run: Run,
    /// Whether the step is an expectation, which fails if the page or the answer differs.
    pub checks: bool,
    /// Use of the page of the person whom the sentence names.
    pub page: PageUse,
    /// Table that belongs under the step.
    pub table: Table,
    /// Text in `"""` that belongs under the step.
    pub text: Text,
    /// Side on whose page the step leaves the person.
    pub leads: Leads,
    /// Requirement of the step for the diary's side.
    pub needs: Needs,
    /// Requirement of the step for the provider's side, apart from its pages.
    pub asks: Asks,
}

/// Side on whose page a step leaves the person whom it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// The page where the person was.
    Nowhere,
    /// A page of Gosuslugi.
    ToGosuslugi,
    /// The diary or Gosuslugi, on the way through a sign-in and back.
    ThroughSignIn,
    /// A page of the diary.
    ToDiary,
    /// A page of the team's own site.
    ToSite,
}

/// Requirement of a step for the side on which the diary is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing except that people can sign in.
    Nothing,
    /// A world with a seed of its own.
    World,
    /// A clock that can be moved.
    Clock,
    /// A register that can be corrected from outside.
    Correction,
    /// Pages for the staff of the school.
    Staff,
    /// A refusal with the heading that the step names.
    Heading,
    /// A refusal that contains the text that the step names.
    Refusal,
    /// The names of buttons, links and fields on the open page.
    Words,
    /// A text on the open page, or a text that stands for a section or a refusal.
    Text,
    /// Nothing of the diary: the step uses the team's own site.
    Site,
}

/// Requirement of a step for the provider's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing, or only what the open page has.
    Nothing,
    /// An account of the person whom the step names.
    Account,
    /// An account, and a page of the provider that shows who is signed in.
    Home,
    /// The consent page.
    Consent,
    /// The control API.
    Control,
    /// Notifications, letters or messages.
    Letters,
    /// A world of its own, which the step may damage.
    OwnWorld,
    /// Pages of our Gosuslugi.
    OurPages,
}

/// Use of the page of the person whom a step names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageUse {
    /// The step is not about a page.
    Nothing,
    /// The step opens a page.
    Opens,
    /// The step is about the page that is open.
    Needs,
}

/// Table that belongs under a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// No table is allowed.
    Nothing,
    /// Two columns: a field and the value typed into it.
    Fields,
    /// Any columns; the first row has their names.
    Rows,
    /// Each column is a side, each cell one of its steps.
    Sides,
}

/// Text in `"""` that belongs under a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// No text is allowed.
    Nothing,
    /// A text is optional.
    May,
    /// A text is required.
    Must,
}

impl StepDefinition {
    /// Marks the step as an expectation.
    pub(super) const fn checks(self) -> Self {
        Self { checks: true, ..self }
    }

    /// Marks the step as opening a page of Gosuslugi.
    pub(super) const fn opens(self) -> Self {
        Self { page: PageUse::Opens, leads: Leads::ToGosuslugi, ..self }
    }

    /// Marks the step as using the open page and the names on it.
    pub(super) const fn on_page(self) -> Self {
        Self { page: PageUse::Needs, needs: Needs::Words, ..self }
    }

    /// Sets the side on whose page the step leaves the person.
    pub(super) const fn leads(self, leads: Leads) -> Self {
        Self { leads, ..self }
    }

    /// Sets the requirement for the diary's side.
    pub(super) const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    /// Sets the requirement for the provider's side.
    pub(super) const fn asks(self, asks: Asks) -> Self {
        Self { asks, ..self }
    }

    /// Checks whether the step signs out, from whatever page is open.
    pub(crate) fn signs_out(&self) -> bool {
        self.pattern == "{кто} выходит"
    }

    /// Checks whether the step waits for a person.
    pub(crate) fn pauses(&self) -> bool {
        self.pattern == "пауза"
    }

    /// Checks whether the sides of the step's table are played at the same time.
    pub(crate) fn has_sides(&self) -> bool {
        self.table == Table::Sides
    }

    /// Checks whether the step is about the people of the last race.
    pub(crate) fn is_of_racers(&self) -> bool {
        self.group == StepGroup::AtOnce && !self.has_sides()
    }

    /// Checks whether the step begins the world of a scenario.
    pub(crate) fn begins_a_world(&self) -> bool {
        self.needs == Needs::World
    }

    /// Checks whether the step uses the diary, whatever page is open.
    pub(crate) fn meets_the_diary(&self) -> bool {
        let leads_there = matches!(self.leads, Leads::ThroughSignIn | Leads::ToDiary);
        leads_there || matches!(self.needs, Needs::Correction | Needs::Staff | Needs::Heading | Needs::Refusal)
    }

    /// Checks whether the step only looks for a button or a field without using it.
    pub(crate) fn only_looks_for_a_control(&self) -> bool {
        self.group == StepGroup::Sight && self.needs == Needs::Words
    }

    /// Checks whether the step expects that something is absent.
    pub(super) fn denies(&self) -> bool {
        self.pattern.contains(" не ")
    }

    /// Sets the text that belongs under the step.
    pub(super) const fn takes(self, text: Text) -> Self {
        Self { text, ..self }
    }

    /// Sets the table that belongs under the step.
    pub(super) const fn with(self, table: Table) -> Self {
        Self { table, ..self }
    }
}

/// Builds a [`StepDefinition`] from an async function.
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
