//! What anybody does on any page, and what is seen there.

use std::collections::BTreeSet;

use super::{Args, Done, Step, StepError, step};
use crate::{browser::Target, play::Play};

pub(super) const STEPS: &[Step] = &[
    step!(Pages, "{кто} открывает {путь}", "Когда Анна открывает «Профиль» → «Согласия и доверенности»", opens),
    step!(
        Pages,
        "{кто} открывает {путь} на Госуслугах",
        "Когда Анна открывает «Семья и дети» на Госуслугах",
        opens_from_home
    ),
    step!(Pages, "{кто} нажимает {текст}", "Когда Анна нажимает «Привязать»", presses),
    step!(Pages, "{кто} нажимает {текст} у {текст}", "Когда Анна нажимает «Отозвать» у «Электронный дневник»", presses),
    step!(
        Pages,
        "{кто} вводит {текст} в поле {текст}",
        "Когда Анна вводит «000101» в поле «Номер свидетельства о рождении»",
        types
    ),
    step!(
        Pages,
        "{кто} вводит {текст} в поле {текст} у {текст}",
        "Когда Ольга вводит «001-000-001 00» в поле «СНИЛС» у «Петрова Анна Сергеевна»",
        types
    ),
    step!(
        Pages,
        "{кто} выбирает {текст} в поле {текст} у {текст}",
        "Когда Анна выбирает «месяц» в поле «Срок согласия» у «Петрова Мария Сергеевна»",
        types
    ),
    step!(Pages, "{кто} выбирает {текст} в поле {текст}", "Когда Анна выбирает «женский» в поле «Пол»", types),
    step!(
        Pages,
        "{кто} заполняет",
        "Когда Анна заполняет\n        | Фамилия | Петров |\n        | Имя     | Иван   |",
        fills
    ),
    step!(
        Pages,
        "{кто} вставляет таблицу в поле {текст}",
        "Когда Ольга вставляет таблицу в поле «Или содержимое файла»\n        | СНИЛС          | Класс |\n        | 001-000-003 00 | 7А    |",
        pastes
    ),
    step!(Pages, "{кто} отмечает {текст}", "Когда Ольга отмечает «Активный пользователь»", ticks),
    step!(
        Pages,
        "{кто} отмечает {текст} у {текст}",
        "Когда Ольга отмечает «Активный пользователь» у «Петрова Анна Сергеевна»",
        ticks
    ),
    step!(
        Pages,
        "{кто} снимает отметку {текст} у {текст}",
        "Когда Ольга снимает отметку «Активный пользователь» у «Петрова Анна Сергеевна»",
        unticks
    ),
    step!(Pages, "{кто} снимает отметку {текст}", "Когда Ольга снимает отметку «Активный пользователь»", unticks),
    step!(
        Pages,
        "{кто} обходит все страницы личного кабинета",
        "Когда Анна обходит все страницы личного кабинета",
        visits_all
    ),
    step!(Pages, "{кто} обновляет страницу", "Когда Ваня обновляет страницу", reloads),
    step!(Pages, "{кто} возвращается назад", "Когда Коля возвращается назад", goes_back),
    step!(Sight, "{кто} видит {текст}", "Тогда Анна видит «Проверено»", sees),
    step!(Sight, "{кто} не видит {текст}", "Тогда Анна не видит «Проверено»", sees_not),
    step!(Sight, "{кто} видит кнопку {текст}", "Тогда Анна видит кнопку «Создать»", sees_button),
    step!(Sight, "{кто} не видит кнопки {текст}", "Тогда Анна не видит кнопки «Привязать»", sees_no_button),
    step!(Sight, "{кто} видит поле {текст}", "Тогда Анна видит поле «Пароль»", sees_field),
    step!(Sight, "{кто} не видит поля {текст}", "Тогда Анна не видит поля «Пароль»", sees_no_field),
];

/// The third value, where the sentence has one, says at what the thing stands.
fn target(args: &Args, text: usize) -> Target<'_> {
    Target { text: args.get(text), near: args.values.get(text + 1).map(String::as_str) }
}

async fn opens(play: &mut Play, args: &Args) -> Done {
    let browser = play.browser(args.get(0)).await?;
    for link in args.get(1).split(" → ") {
        browser.follow(link.trim_matches(['«', '»']).into()).await?;
    }
    Ok(())
}

async fn opens_from_home(play: &mut Play, args: &Args) -> Done {
    let home = play.gosuslugi("lk")?;
    play.browser(args.get(0)).await?.open(&home).await?;
    opens(play, args).await
}

async fn presses(play: &mut Play, args: &Args) -> Done {
    Ok(play.browser(args.get(0)).await?.press(target(args, 1)).await?)
}

async fn types(play: &mut Play, args: &Args) -> Done {
    play.fill(args.get(0), target(args, 2), args.get(1)).await
}

async fn fills(play: &mut Play, args: &Args) -> Done {
    for row in &args.table {
        let [field, value] = row.as_slice() else {
            return Err(StepError::Unmet("в таблице нужны два столбца: поле и значение".to_owned()));
        };
        play.fill(args.get(0), field.as_str().into(), value).await?;
    }
    Ok(())
}

/// As from a spreadsheet that was saved as CSV.
async fn pastes(play: &mut Play, args: &Args) -> Done {
    let lines = args.table.iter().map(|row| row.join(";"));
    let text = lines.collect::<Vec<_>>().join("\n");
    play.fill(args.get(0), args.get(1).into(), &text).await
}

async fn ticks(play: &mut Play, args: &Args) -> Done {
    Ok(play.browser(args.get(0)).await?.check(target(args, 1), true).await?)
}

async fn unticks(play: &mut Play, args: &Args) -> Done {
    Ok(play.browser(args.get(0)).await?.check(target(args, 1), false).await?)
}

/// How many pages one person's account may have.
const MANY: usize = 200;

/// Follows every link of the personal account to every page that it leads to. Each must open without an error, on the page
/// or in the browser's console.
async fn visits_all(play: &mut Play, args: &Args) -> Done {
    let (who, home) = (args.get(0), play.gosuslugi("lk")?);
    let (mut ahead, mut known) = (vec![home.clone()], BTreeSet::from([home.clone()]));
    while let Some(url) = ahead.pop() {
        play.browser(who).await?.open(&url).await?;
        play.no_complaints().await.map_err(|error| StepError::Unmet(format!("{url}: {error}")))?;
        let page = play.page(who).await?;
        expect(page.url().path() == url.path(), || format!("{url} ведёт на {}", page.url()))?;
        expect(page.mark("error-").is_none(), || format!("{url}: {}", page.title()))?;
        let links = page.links().into_iter();
        let ours = links.filter(|link| link.origin() == home.origin() && link.path().starts_with(home.path()));
        ahead.extend(ours.filter(|link| known.insert(link.clone())));
        expect(known.len() <= MANY, || format!("в личном кабинете больше {MANY} страниц"))?;
    }
    Ok(())
}

async fn reloads(play: &mut Play, args: &Args) -> Done {
    let url = play.page(args.get(0)).await?.url().clone();
    Ok(play.browser(args.get(0)).await?.open(&url).await?)
}

/// To the page before, as it was: what a browser's arrow does.
async fn goes_back(play: &mut Play, args: &Args) -> Done {
    Ok(play.browser(args.get(0)).await?.back().await?)
}

async fn sees(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    expect(page.says(args.get(1)), || format!("на странице нет «{}»", args.get(1)))
}

async fn sees_not(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    expect(!page.says(args.get(1)), || format!("на странице есть «{}», а не должно", args.get(1)))
}

async fn sees_button(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    expect(page.has_button(args.get(1)), || format!("на странице нет кнопки «{}»", args.get(1)))
}

async fn sees_no_button(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    expect(!page.has_button(args.get(1)), || format!("на странице есть кнопка «{}», а не должно", args.get(1)))
}

async fn sees_field(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    expect(page.has_field(args.get(1)), || format!("на странице нет поля «{}»", args.get(1)))
}

async fn sees_no_field(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    expect(!page.has_field(args.get(1)), || format!("на странице есть поле «{}», а не должно", args.get(1)))
}

/// Fails with the message when it is not so.
pub(super) fn expect(so: bool, otherwise: impl FnOnce() -> String) -> Done {
    if so { Ok(()) } else { Err(StepError::Unmet(otherwise())) }
}
