//! Steps on any page: actions and expectations.

use std::{collections::BTreeSet, rc::Rc};

use super::definition::{Asks, Needs, StepDefinition, Table, step};
use crate::{
    browser::{Page, Target},
    language::{pick, tr},
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(Pages, "{кто} открывает {путь}", "Когда Анна открывает «Профиль» → «Согласия и доверенности»", opens).on_page(),
    step!(
        Pages,
        "{кто} открывает {путь} на Госуслугах",
        "Когда Анна открывает «Семья и дети» на Госуслугах",
        opens_from_home
    ).asks(Asks::OurPages).opens(),
    step!(Pages, "{кто} нажимает {текст}", "Когда Анна нажимает «Привязать»", presses).on_page(),
    step!(Pages, "{кто} нажимает {текст} у {текст}", "Когда Анна нажимает «Отозвать» у «Электронный дневник»", presses).on_page(),
    step!(
        Pages,
        "{кто} вводит {значение} в поле {текст}",
        "Когда Анна вводит «000101» в поле «Номер свидетельства о рождении»",
        types
    ).on_page(),
    step!(
        Pages,
        "{кто} вводит {значение} в поле {текст} у {текст}",
        "Когда Ольга вводит «001-000-001 00» в поле «СНИЛС» у «Петрова Анна Сергеевна»",
        types
    ).on_page(),
    step!(
        Pages,
        "{кто} выбирает {значение} в поле {текст} у {текст}",
        "Когда Анна выбирает «месяц» в поле «Срок согласия» у «Петрова Мария Сергеевна»",
        types
    ).on_page(),
    step!(Pages, "{кто} выбирает {значение} в поле {текст}", "Когда Анна выбирает «женский» в поле «Пол»", types).on_page(),
    step!(
        Pages,
        "{кто} заполняет",
        "Когда Анна заполняет\n        | Фамилия | Петров |\n        | Имя     | Иван   |",
        fills
    ).on_page().with(Table::Fields),
    step!(
        Pages,
        "{кто} вставляет таблицу в поле {текст}",
        "Когда Ольга вставляет таблицу в поле «Или содержимое файла»\n        | СНИЛС          | Класс |\n        | 001-000-003 00 | 7А    |",
        pastes
    ).on_page().with(Table::Rows),
    step!(Pages, "{кто} отмечает {текст}", "Когда Ольга отмечает «Активный пользователь»", ticks).on_page(),
    step!(
        Pages,
        "{кто} отмечает {текст} у {текст}",
        "Когда Ольга отмечает «Активный пользователь» у «Петрова Анна Сергеевна»",
        ticks
    ).on_page(),
    step!(
        Pages,
        "{кто} снимает отметку {текст} у {текст}",
        "Когда Ольга снимает отметку «Активный пользователь» у «Петрова Анна Сергеевна»",
        unticks
    ).on_page(),
    step!(Pages, "{кто} снимает отметку {текст}", "Когда Ольга снимает отметку «Активный пользователь»", unticks).on_page(),
    step!(
        Pages,
        "{кто} обходит все страницы личного кабинета",
        "Когда Анна обходит все страницы личного кабинета",
        visits_all
    ).asks(Asks::OurPages).opens().checks(),
    step!(Pages, "{кто} обновляет страницу", "Когда Ваня обновляет страницу", reloads).on_page()
        .needs(Needs::Nothing),
    step!(Pages, "{кто} возвращается назад", "Когда Коля возвращается назад", goes_back).on_page()
        .needs(Needs::Nothing),
    step!(Sight, "{кто} видит {текст}", "Тогда Анна видит «Проверено»", sees).on_page().checks().needs(Needs::Text),
    step!(
        Sight,
        "{кто} видит текст, где сказано {текст}",
        "Тогда Анна видит текст, где сказано «действует до 02.10.2024»",
        sees_part
    )
    .on_page()
    .checks()
    .needs(Needs::Text),
    step!(Sight, "{кто} не видит {текст}", "Тогда Анна не видит «Проверено»", sees_not).on_page().checks()
        .needs(Needs::Text),
    step!(Sight, "{кто} видит кнопку {текст}", "Тогда Анна видит кнопку «Создать»", sees_button).on_page().checks(),
    step!(Sight, "{кто} не видит кнопки {текст}", "Тогда Анна не видит кнопки «Привязать»", sees_no_button).on_page().checks(),
    step!(Sight, "{кто} видит поле {текст}", "Тогда Анна видит поле «Пароль»", sees_field).on_page().checks(),
    step!(Sight, "{кто} не видит поля {текст}", "Тогда Анна не видит поля «Пароль»", sees_no_field).on_page().checks(),
];

/// Target of an action. The value after the text, if the sentence has one, names what the target stands next to.
fn target(args: &Args, text: usize) -> Target<'_> {
    Target { text: args.get(text), near: args.values.get(text + 1).map(String::as_str) }
}

async fn opens(state: &mut ScenarioState, args: &Args) -> Done {
    let browser = state.browser(args.get(0)).await?;
    for link in args.get(1).split(" → ") {
        browser.follow(link.trim_matches(['«', '»']).into()).await?;
    }
    Ok(())
}

async fn opens_from_home(state: &mut ScenarioState, args: &Args) -> Done {
    let home = state.gosuslugi("lk")?;
    state.browser(args.get(0)).await?.open(&home).await?;
    opens(state, args).await
}

async fn presses(state: &mut ScenarioState, args: &Args) -> Done {
    Ok(state.browser(args.get(0)).await?.press(target(args, 1)).await?)
}

async fn types(state: &mut ScenarioState, args: &Args) -> Done {
    state.fill(args.get(0), target(args, 2), args.get(1)).await
}

async fn fills(state: &mut ScenarioState, args: &Args) -> Done {
    for row in &args.table {
        let [field, value] = row.as_slice() else {
            return Err(StepError::Unmet(tr!(
                "в таблице нужны два столбца: поле и значение",
                "the table needs two columns: field and value"
            )));
        };
        state.fill(args.get(0), field.as_str().into(), value).await?;
    }
    Ok(())
}

/// Pastes rows as from a spreadsheet saved as CSV.
async fn pastes(state: &mut ScenarioState, args: &Args) -> Done {
    let lines = args.table.iter().map(|row| row.join(";"));
    let text = lines.collect::<Vec<_>>().join("\n");
    state.fill(args.get(0), args.get(1).into(), &text).await
}

async fn ticks(state: &mut ScenarioState, args: &Args) -> Done {
    Ok(state.browser(args.get(0)).await?.check(target(args, 1), true).await?)
}

async fn unticks(state: &mut ScenarioState, args: &Args) -> Done {
    Ok(state.browser(args.get(0)).await?.check(target(args, 1), false).await?)
}

/// Maximum number of pages in a personal account.
const MANY: usize = 200;

/// Follows every link of the personal account to all pages. Each must open without an error, on the page or in the
/// browser's console.
async fn visits_all(state: &mut ScenarioState, args: &Args) -> Done {
    let (who, home) = (args.get(0), state.gosuslugi("lk")?);
    let (mut ahead, mut known) = (vec![home.clone()], BTreeSet::from([home.clone()]));
    while let Some(url) = ahead.pop() {
        state.browser(who).await?.open(&url).await?;
        state.no_console_errors().await.map_err(|error| StepError::Unmet(format!("{url}: {error}")))?;
        let page = state.page(who).await?;
        page.must_be_open().map_err(|error| StepError::Unmet(format!("{url}: {error}")))?;
        expect(page.url().path() == url.path(), || tr!("{url} ведёт на {}", "{url} leads to {}", page.url()))?;
        expect(page.mark("error-").is_none(), || format!("{url}: {}", page.title()))?;
        let links = page.links().into_iter();
        let ours = links.filter(|link| link.origin() == home.origin() && link.path().starts_with(home.path()));
        ahead.extend(ours.filter(|link| known.insert(link.clone())));
        expect(known.len() <= MANY, || {
            tr!("в личном кабинете больше {MANY} страниц", "the personal account has more than {MANY} pages")
        })?;
    }
    Ok(())
}

async fn reloads(state: &mut ScenarioState, args: &Args) -> Done {
    let url = state.page(args.get(0)).await?.url().clone();
    expect(url.scheme() != "about", || {
        tr!("обновлять нечего: страница ещё не открыта", "nothing to reload: no page is open yet")
    })?;
    Ok(state.browser(args.get(0)).await?.open(&url).await?)
}

/// Goes back to the previous page, like the browser's back button.
async fn goes_back(state: &mut ScenarioState, args: &Args) -> Done {
    Ok(state.browser(args.get(0)).await?.back().await?)
}

/// Checks that the page shows a text as a whole element.
async fn sees(state: &mut ScenarioState, args: &Args) -> Done {
    let (page, text) = (state.page(args.get(0)).await?, args.get(1));
    expect(page.shows(text), || {
        let part = page.mentions(text);
        let hint = if part {
            pick(
                "\n  для части текста есть шаг «… видит текст, где сказано «…»»",
                "\n  a part of the text has a step of its own: «… видит текст, где сказано «…»»",
            )
        } else {
            ""
        };
        not_seen(&page, text) + hint
    })
}

/// Checks that the page shows whole words, also within a longer text.
async fn sees_part(state: &mut ScenarioState, args: &Args) -> Done {
    let page = state.page(args.get(0)).await?;
    expect(page.mentions(args.get(1)), || not_seen(&page, args.get(1)))
}

/// Message about a missing text, with similar texts of the page.
fn not_seen(page: &Page, text: &str) -> String {
    let near = page.like(text);
    let near =
        if near.is_empty() { String::new() } else { tr!("; похожее: {}", "; like it: {}", near.join(", ")) };
    tr!("на странице нет «{text}»{near}", "the page has no «{text}»{near}")
}

/// Returns the page on which a text must be absent; fails if the page is an error.
async fn open_page(state: &mut ScenarioState, who: &str) -> Result<Rc<Page>, StepError> {
    let page = state.page(who).await?;
    page.must_be_open()?;
    Ok(page)
}

async fn sees_not(state: &mut ScenarioState, args: &Args) -> Done {
    let page = open_page(state, args.get(0)).await?;
    expect(!page.says(args.get(1)), || {
        tr!("на странице есть «{}», а не должно", "the page has «{}» and should not", args.get(1))
    })
}

async fn sees_button(state: &mut ScenarioState, args: &Args) -> Done {
    Ok(state.page(args.get(0)).await?.must_have_button(args.get(1))?)
}

async fn sees_no_button(state: &mut ScenarioState, args: &Args) -> Done {
    let page = open_page(state, args.get(0)).await?;
    expect(!page.has_button(args.get(1)), || {
        tr!("на странице есть кнопка «{}», а не должно", "the page has a button «{}» and should not", args.get(1))
    })
}

async fn sees_field(state: &mut ScenarioState, args: &Args) -> Done {
    Ok(state.page(args.get(0)).await?.must_have_field(args.get(1))?)
}

async fn sees_no_field(state: &mut ScenarioState, args: &Args) -> Done {
    let page = open_page(state, args.get(0)).await?;
    expect(!page.has_field(args.get(1)), || {
        tr!("на странице есть поле «{}», а не должно", "the page has a field «{}» and should not", args.get(1))
    })
}

/// Returns an error with the message if the condition is false.
pub(super) fn expect(so: bool, otherwise: impl FnOnce() -> String) -> Done {
    if so { Ok(()) } else { Err(StepError::Unmet(otherwise())) }
}
