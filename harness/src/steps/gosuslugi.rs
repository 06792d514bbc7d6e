//! Gosuslugi: signing in and out, finding one's way, binding codes.

use serde_json::{Value, json};

use super::{Args, Done, Step, StepError, pages::expect, step};
use crate::{browser::normal, control::ControlError, play::Play};

pub(super) const STEPS: &[Step] = &[
    step!(Gosuslugi, "{кто} входит на Госуслуги", "Когда Анна входит на Госуслуги", signs_in).opens().checks(),
    step!(
        Gosuslugi,
        "{кто} входит на Госуслуги с логином {значение} и паролем {значение}",
        "Когда Ваня входит на Госуслуги с логином «vanya@example.test» и паролем «vanya-2024»",
        signs_in_with
    ).opens(),
    step!(
        Gosuslugi,
        "{кто} пробует войти с неверным паролем {число} раз",
        "Когда Анна пробует войти с неверным паролем 10 раз",
        signs_in_wrongly
    ).opens(),
    step!(Gosuslugi, "{кто} открывает Госуслуги", "Когда Анна открывает Госуслуги", opens).opens(),
    step!(
        Gosuslugi,
        "{кто} открывает страницу входа на Госуслуги",
        "Когда Анна открывает страницу входа на Госуслуги",
        opens_login
    ).opens(),
    step!(Gosuslugi, "{кто} выходит", "Когда Ваня выходит", signs_out).on_page(),
    step!(
        Gosuslugi,
        "{кто} подтверждает учётную запись в МФЦ",
        "Когда Лиза подтверждает учётную запись в МФЦ",
        confirms_at_desk
    ),
    step!(
        Gosuslugi,
        "{кто} подтверждает учётную запись через онлайн-банк со взрослой картой",
        "Когда Лиза подтверждает учётную запись через онлайн-банк со взрослой картой",
        confirms_with_card
    ),
    step!(
        Gosuslugi,
        "{кто} не может подтвердить учётную запись через онлайн-банк с детской картой: {текст}",
        "Тогда Лиза не может подтвердить учётную запись через онлайн-банк с детской картой: «Банковская карта должна быть взрослая, оформленная на имя владельца»",
        cannot_confirm
    ).checks(),
    step!(
        Gosuslugi,
        "{кто} получает в МФЦ одноразовый пароль",
        "Когда Лиза получает в МФЦ одноразовый пароль",
        gets_one_time_password
    ),
    step!(
        Gosuslugi,
        "{кто} вводит одноразовый пароль в поле {текст}",
        "Когда Лиза вводит одноразовый пароль в поле «Пароль»",
        types_one_time_password
    ).on_page(),
    step!(
        Gosuslugi,
        "{кто} вводит код из приложения в поле {текст}",
        "Когда Лиза вводит код из приложения в поле «Код»",
        types_totp
    ).on_page(),
    step!(
        Gosuslugi,
        "{кто} открывает служебную страницу {путь}",
        "Когда Анна открывает служебную страницу «Ведомства»",
        opens_console
    ).opens(),
    step!(Gosuslugi, "ведомство {текст} не отвечает", "Когда ведомство «ЗАГС» не отвечает", agency_is_down),
    step!(Gosuslugi, "ведомство {текст} отвечает медленно", "Когда ведомство «СФР» отвечает медленно", agency_is_slow),
    step!(Gosuslugi, "ведомство {текст} снова работает", "Когда ведомство «ЗАГС» снова работает", agency_works),
    step!(Gosuslugi, "{кто} запоминает код", "Когда Анна запоминает код", remembers).on_page().checks(),
    step!(Gosuslugi, "{кто} вводит код в поле {текст}", "Когда Ваня вводит код в поле «Код»", types_code).on_page(),
    step!(
        Gosuslugi,
        "{кто} вводит прежний код в поле {текст}",
        "Когда Ваня вводит прежний код в поле «Код»",
        types_old_code
    ).on_page(),
    step!(
        Gosuslugi,
        "{кто} вводит неверный код в поле {текст}",
        "Когда Ваня вводит неверный код в поле «Код»",
        types_wrong_code
    ).on_page(),
    step!(Gosuslugi, "{кто} видит окно для кода", "Тогда Ваня видит окно для кода", sees_window).on_page().checks(),
    step!(Gosuslugi, "{кто} не видит окна для кода", "Тогда Ваня не видит окна для кода", sees_no_window).on_page().checks(),
];

async fn signs_in(play: &mut Play, args: &Args) -> Done {
    let who = args.get(0);
    let (login, password) = play.account(who).await?;
    play.sign_in(who, &login, &password).await?;
    play.expect_mark(who, "lk").await
}

async fn signs_in_with(play: &mut Play, args: &Args) -> Done {
    play.sign_in(args.get(0), args.get(1), args.get(2)).await
}

/// Each time with the right login and a password that nobody has.
async fn signs_in_wrongly(play: &mut Play, args: &Args) -> Done {
    let who = args.get(0);
    let (login, password) = play.account(who).await?;
    let wrong = format!("not {password}");
    for _ in 0..args.get(1).parse().unwrap_or(0) {
        play.sign_in(who, &login, &wrong).await?;
    }
    Ok(())
}

async fn opens(play: &mut Play, args: &Args) -> Done {
    let home = play.gosuslugi("lk")?;
    Ok(play.browser(args.get(0)).await?.open(&home).await?)
}

async fn opens_login(play: &mut Play, args: &Args) -> Done {
    let login = play.gosuslugi("login")?;
    Ok(play.browser(args.get(0)).await?.open(&login).await?)
}

/// Where Gosuslugi ask whether one means it, one does.
async fn signs_out(play: &mut Play, args: &Args) -> Done {
    let who = args.get(0);
    play.browser(who).await?.press("Выйти".into()).await?;
    if play.page(who).await?.has("logout") {
        play.browser(who).await?.press("Выйти".into()).await?;
    }
    Ok(())
}

/// The key of a person, as the seed writes it.
async fn key_of(play: &Play, who: &str) -> Result<String, StepError> {
    let people = play.stage()?.idp.people(play.world()?).await?;
    let key = people.into_iter().map(|person| person.key).find(|key| key.to_lowercase() == who.to_lowercase());
    key.ok_or_else(|| StepError::Unmet(format!("в мире нет человека «{who}»")))
}

async fn confirm(play: &Play, who: &str, desk: Value) -> Done {
    Ok(play.stage()?.idp.confirm(play.world()?, &key_of(play, who).await?, &desk).await?)
}

async fn confirms_at_desk(play: &mut Play, args: &Args) -> Done {
    confirm(play, args.get(0), json!({ "place": "mfc" })).await
}

async fn confirms_with_card(play: &mut Play, args: &Args) -> Done {
    confirm(play, args.get(0), json!({ "place": "bank", "card": "adult" })).await
}

async fn cannot_confirm(play: &mut Play, args: &Args) -> Done {
    let (idp, key) = (&play.stage()?.idp, key_of(play, args.get(0)).await?);
    match idp.confirm(play.world()?, &key, &json!({ "place": "bank", "card": "child" })).await {
        Err(ControlError::Refused { title, .. }) => {
            expect(normal(&title) == normal(args.get(1)), || format!("отказ другой: «{title}»"))
        }
        Err(other) => Err(other.into()),
        Ok(()) => Err(StepError::Unmet("учётная запись подтверждена, а не должна".to_owned())),
    }
}

async fn gets_one_time_password(play: &mut Play, args: &Args) -> Done {
    let password = play.stage()?.idp.restore(play.world()?, &key_of(play, args.get(0)).await?).await?;
    play.one_time_password = Some(password);
    Ok(())
}

async fn types_one_time_password(play: &mut Play, args: &Args) -> Done {
    let password = play.one_time_password.clone();
    let password = password.ok_or_else(|| StepError::Unmet("МФЦ не выдавал одноразовый пароль".to_owned()))?;
    play.fill(args.get(0), args.get(1).into(), &password).await
}

async fn types_totp(play: &mut Play, args: &Args) -> Done {
    let code = play.stage()?.idp.totp(play.world()?, &key_of(play, args.get(0)).await?).await?;
    play.fill(args.get(0), args.get(1).into(), &code).await
}

/// A tester's page, from the start page of Gosuslugi on.
async fn opens_console(play: &mut Play, args: &Args) -> Done {
    let console = play.gosuslugi("")?;
    let browser = play.browser(args.get(0)).await?;
    browser.open(&console).await?;
    for link in args.get(1).split(" → ") {
        browser.follow(link.trim_matches(['«', '»']).into()).await?;
    }
    Ok(())
}

async fn pace(play: &Play, title: &str, pace: &str) -> Done {
    let agency = match title {
        "ЗАГС" => "zags",
        "СФР" => "sfr",
        "МВД" => "mvd",
        _ => return Err(StepError::Unmet(format!("ведомства «{title}» нет: есть «ЗАГС», «СФР», «МВД»"))),
    };
    Ok(play.stage()?.idp.agency(play.world()?, agency, &json!({ "pace": pace })).await?)
}

async fn agency_is_down(play: &mut Play, args: &Args) -> Done {
    pace(play, args.get(0), "down").await
}

async fn agency_is_slow(play: &mut Play, args: &Args) -> Done {
    pace(play, args.get(0), "slow").await
}

async fn agency_works(play: &mut Play, args: &Args) -> Done {
    pace(play, args.get(0), "normal").await
}

async fn remembers(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    let code = page.element_text("code").or_else(|| page.element_text("binding-code"));
    let code = code.ok_or_else(|| StepError::Unmet("на странице нет кода привязки".to_owned()))?;
    play.codes.push(code);
    Ok(())
}

async fn types_code(play: &mut Play, args: &Args) -> Done {
    let code = remembered(play, 0)?;
    play.fill(args.get(0), args.get(1).into(), &code).await
}

async fn types_old_code(play: &mut Play, args: &Args) -> Done {
    let code = remembered(play, 1)?;
    play.fill(args.get(0), args.get(1).into(), &code).await
}

/// A code of the right form that was never given: the first digit of the last one changed.
async fn types_wrong_code(play: &mut Play, args: &Args) -> Done {
    let code = remembered(play, 0)?;
    let other = if code.starts_with('1') { "2" } else { "1" };
    let wrong = format!("{other}{}", code.chars().skip(1).collect::<String>());
    play.fill(args.get(0), args.get(1).into(), &wrong).await
}

fn remembered(play: &Play, before_last: usize) -> Result<String, StepError> {
    play.codes
        .iter()
        .rev()
        .nth(before_last)
        .cloned()
        .ok_or_else(|| StepError::Unmet("никто не запомнил код".to_owned()))
}

async fn sees_window(play: &mut Play, args: &Args) -> Done {
    play.expect_mark(args.get(0), "binding-window").await
}

async fn sees_no_window(play: &mut Play, args: &Args) -> Done {
    let page = play.page(args.get(0)).await?;
    page.must_be_open()?;
    if page.has("binding-window") {
        return Err(StepError::Unmet("окно «Введите код привязки» показано, а не должно".to_owned()));
    }
    Ok(())
}
