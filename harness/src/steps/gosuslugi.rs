//! Steps at Gosuslugi: signing in and out, navigation, binding codes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    definition::{Asks, Needs, StepDefinition, step},
    pages::expect,
    theirs::AtTheirs,
};
use crate::{
    browser::normal,
    control::ControlError,
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError, TestBed, person_of},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(Gosuslugi, "{кто} входит на Госуслуги", "Когда Анна входит на Госуслуги", signs_in).asks(Asks::Home).opens().checks(),
    step!(
        Gosuslugi,
        "{кто} входит на Госуслуги с логином {значение} и паролем {значение}",
        "Когда Ваня входит на Госуслуги с логином «vanya@example.test» и паролем «vanya-2024»",
        signs_in_with
    ).asks(Asks::OwnWorld).opens(),
    step!(
        Gosuslugi,
        "{кто} пробует войти с неверным паролем {число} раз",
        "Когда Анна пробует войти с неверным паролем 10 раз",
        signs_in_wrongly
    ).asks(Asks::OwnWorld).opens(),
    step!(Gosuslugi, "{кто} открывает Госуслуги", "Когда Анна открывает Госуслуги", opens).asks(Asks::Home).opens(),
    step!(
        Gosuslugi,
        "{кто} открывает страницу входа на Госуслуги",
        "Когда Анна открывает страницу входа на Госуслуги",
        opens_login
    ).opens(),
    step!(Gosuslugi, "{кто} выходит", "Когда Ваня выходит", signs_out).on_page().needs(Needs::Nothing),
    step!(
        Gosuslugi,
        "{кто} подтверждает учётную запись в МФЦ",
        "Когда Лиза подтверждает учётную запись в МФЦ",
        confirms_at_desk
    ).asks(Asks::Control),
    step!(
        Gosuslugi,
        "{кто} подтверждает учётную запись через онлайн-банк со взрослой картой",
        "Когда Лиза подтверждает учётную запись через онлайн-банк со взрослой картой",
        confirms_with_card
    ).asks(Asks::Control),
    step!(
        Gosuslugi,
        "{кто} не может подтвердить учётную запись через онлайн-банк с детской картой: {текст}",
        "Тогда Лиза не может подтвердить учётную запись через онлайн-банк с детской картой: «Банковская карта должна быть взрослая, оформленная на имя владельца»",
        cannot_confirm
    ).asks(Asks::Control).checks(),
    step!(
        Gosuslugi,
        "{кто} получает в МФЦ одноразовый пароль",
        "Когда Лиза получает в МФЦ одноразовый пароль",
        gets_one_time_password
    ).asks(Asks::Control),
    step!(
        Gosuslugi,
        "{кто} вводит одноразовый пароль в поле {текст}",
        "Когда Лиза вводит одноразовый пароль в поле «Пароль»",
        types_one_time_password
    ).asks(Asks::Control).on_page(),
    step!(
        Gosuslugi,
        "{кто} вводит код из приложения в поле {текст}",
        "Когда Лиза вводит код из приложения в поле «Код»",
        types_totp
    ).asks(Asks::Control).on_page(),
    step!(
        Gosuslugi,
        "{кто} открывает служебную страницу {путь}",
        "Когда Анна открывает служебную страницу «Ведомства»",
        opens_console
    ).asks(Asks::OurPages).opens(),
    step!(Gosuslugi, "ведомство {текст} не отвечает", "Когда ведомство «ЗАГС» не отвечает", agency_is_down).asks(Asks::Control),
    step!(Gosuslugi, "ведомство {текст} отвечает медленно", "Когда ведомство «СФР» отвечает медленно", agency_is_slow).asks(Asks::Control),
    step!(Gosuslugi, "ведомство {текст} снова работает", "Когда ведомство «ЗАГС» снова работает", agency_works).asks(Asks::Control),
    step!(Gosuslugi, "{кто} запоминает код", "Когда Анна запоминает код", remembers).asks(Asks::OurPages).on_page().checks()
        .needs(Needs::Nothing),
    step!(Gosuslugi, "{кто} вводит код в поле {текст}", "Когда Ваня вводит код в поле «Код»", types_code).asks(Asks::OurPages).on_page(),
    step!(
        Gosuslugi,
        "{кто} вводит прежний код в поле {текст}",
        "Когда Ваня вводит прежний код в поле «Код»",
        types_old_code
    ).asks(Asks::OurPages).on_page(),
    step!(
        Gosuslugi,
        "{кто} вводит неверный код в поле {текст}",
        "Когда Ваня вводит неверный код в поле «Код»",
        types_wrong_code
    ).asks(Asks::OurPages).on_page(),
    step!(Gosuslugi, "{кто} видит окно для кода", "Тогда Ваня видит окно для кода", sees_window).asks(Asks::OurPages).on_page().checks()
        .needs(Needs::Nothing),
    step!(Gosuslugi, "{кто} не видит окна для кода", "Тогда Ваня не видит окна для кода", sees_no_window).asks(Asks::OurPages).on_page().checks()
        .needs(Needs::Nothing),
];

async fn signs_in(state: &mut ScenarioState, args: &Args) -> Done {
    let who = args.get(0);
    let (login, password) = state.account(who).await?;
    state.sign_in(who, &login, &password).await?;
    state.expect_signed_in(who).await
}

async fn signs_in_with(state: &mut ScenarioState, args: &Args) -> Done {
    state.sign_in(args.get(0), args.get(1), args.get(2)).await
}

/// Signs in several times with the right login and a wrong password.
async fn signs_in_wrongly(state: &mut ScenarioState, args: &Args) -> Done {
    let who = args.get(0);
    let (login, password) = state.account(who).await?;
    let wrong = format!("not {password}");
    for _ in 0..args.get(1).parse().unwrap_or(0) {
        state.sign_in(who, &login, &wrong).await?;
    }
    Ok(())
}

async fn opens(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    let signed_in = bed.idp.foreign().map(|stand| stand.description.signed_in.as_ref());
    let own = signed_in.map(|sign| sign.and_then(|sign| sign.open.as_deref()).unwrap_or_default());
    let home = state.gosuslugi(own.unwrap_or("lk"))?;
    Ok(state.browser(args.get(0)).await?.open(&home).await?)
}

async fn opens_login(state: &mut ScenarioState, args: &Args) -> Done {
    let bed = Arc::clone(state.test_bed()?);
    let login = state.gosuslugi(bed.idp.foreign().map_or("login", |stand| &stand.description.sign_in.open))?;
    Ok(state.browser(args.get(0)).await?.open(&login).await?)
}

/// Signs out, and confirms it if Gosuslugi asks.
async fn signs_out(state: &mut ScenarioState, args: &Args) -> Done {
    let (bed, who) = (Arc::clone(state.test_bed()?), args.get(0));
    let theirs = bed.diary.foreign().map(|_| AtTheirs::of(&bed, state, who)).transpose()?;
    match theirs {
        Some(theirs) if theirs.is_open(state).await? => theirs.leave(state).await?,
        _ if is_at_stand(&bed, state, who).await? => {
            let Some(stand) = bed.idp.foreign() else { return Ok(()) };
            return state.leave_stand(who, stand).await;
        }
        _ => state.browser(who).await?.press("Выйти".into()).await?,
    }
    if is_at_stand(&bed, state, who).await? {
        let press = bed.idp.foreign().and_then(|stand| stand.description.sign_out.as_ref()?.press.clone());
        if let Some(press) = press {
            state.browser(who).await?.press(press.as_str().into()).await?;
        }
    } else if state.page(who).await?.has("logout") {
        state.browser(who).await?.press("Выйти".into()).await?;
    }
    Ok(())
}

/// Checks whether the open page belongs to a foreign provider.
async fn is_at_stand(bed: &TestBed, state: &mut ScenarioState, who: &str) -> Result<bool, StepError> {
    let Some(stand) = bed.idp.foreign() else { return Ok(false) };
    Ok(stand.description.has_page(state.page(who).await?.url()))
}

/// Returns the key of a person in the seed.
async fn key_of(state: &ScenarioState, who: &str) -> Result<String, StepError> {
    let people = state.test_bed()?.idp.people(state.world()?).await?;
    let wanted = person_of(who).to_lowercase();
    let key = people.into_iter().map(|person| person.key).find(|key| key.to_lowercase() == wanted);
    key.ok_or_else(|| StepError::Unmet(tr!("в мире нет человека «{who}»", "there is no person «{who}» in the world")))
}

async fn confirm(state: &ScenarioState, who: &str, desk: Value) -> Done {
    Ok(state.test_bed()?.idp.control()?.confirm(state.world()?, &key_of(state, who).await?, &desk).await?)
}

async fn confirms_at_desk(state: &mut ScenarioState, args: &Args) -> Done {
    confirm(state, args.get(0), json!({ "place": "mfc" })).await
}

async fn confirms_with_card(state: &mut ScenarioState, args: &Args) -> Done {
    confirm(state, args.get(0), json!({ "place": "bank", "card": "adult" })).await
}

async fn cannot_confirm(state: &mut ScenarioState, args: &Args) -> Done {
    let (idp, key) = (&state.test_bed()?.idp, key_of(state, args.get(0)).await?);
    match idp.control()?.confirm(state.world()?, &key, &json!({ "place": "bank", "card": "child" })).await {
        Err(ControlError::Refused { title, .. }) => expect(normal(&title) == normal(args.get(1)), || {
            tr!("отказ другой: «{title}»", "another refusal: «{title}»")
        }),
        Err(other) => Err(other.into()),
        Ok(()) => Err(StepError::Unmet(tr!(
            "учётная запись подтверждена, а не должна",
            "the account is confirmed and should not be"
        ))),
    }
}

async fn gets_one_time_password(state: &mut ScenarioState, args: &Args) -> Done {
    let password = state.test_bed()?.idp.control()?.restore(state.world()?, &key_of(state, args.get(0)).await?).await?;
    state.one_time_password = Some(password);
    Ok(())
}

async fn types_one_time_password(state: &mut ScenarioState, args: &Args) -> Done {
    let password = state.one_time_password.clone();
    let password = password.ok_or_else(|| {
        StepError::Unmet(tr!("МФЦ не выдавал одноразовый пароль", "no one-time password was handed out"))
    })?;
    state.fill(args.get(0), args.get(1).into(), &password).await
}

async fn types_totp(state: &mut ScenarioState, args: &Args) -> Done {
    let code = state.test_bed()?.idp.control()?.totp(state.world()?, &key_of(state, args.get(0)).await?).await?;
    state.fill(args.get(0), args.get(1).into(), &code).await
}

/// Opens a page of the console, beginning at the start page of Gosuslugi.
async fn opens_console(state: &mut ScenarioState, args: &Args) -> Done {
    let (who, console) = (args.get(0), state.gosuslugi("")?);
    state.browser(who).await?.open(&console).await?;
    // A stand that is open to a network shows the console only after the control token is entered.
    let asks = state.page(who).await?.has("control-token");
    let token = state.test_bed()?.idp.control()?.token().filter(|_| asks).map(str::to_owned);
    let browser = state.browser(who).await?;
    if let Some(token) = token {
        browser.fill("Маркер".into(), &token).await?;
        browser.press("Открыть консоль".into()).await?;
    }
    for link in args.get(1).split(" → ") {
        browser.follow(link.trim_matches(['«', '»']).into()).await?;
    }
    Ok(())
}

async fn pace(state: &ScenarioState, title: &str, pace: &str) -> Done {
    let agency = match title {
        "ЗАГС" => "zags",
        "СФР" => "sfr",
        "МВД" => "mvd",
        _ => {
            return Err(StepError::Unmet(tr!(
                "ведомства «{title}» нет: есть «ЗАГС», «СФР», «МВД»",
                "there is no agency «{title}»: there are «ЗАГС», «СФР», «МВД»"
            )));
        }
    };
    Ok(state.test_bed()?.idp.control()?.agency(state.world()?, agency, &json!({ "pace": pace })).await?)
}

async fn agency_is_down(state: &mut ScenarioState, args: &Args) -> Done {
    pace(state, args.get(0), "down").await
}

async fn agency_is_slow(state: &mut ScenarioState, args: &Args) -> Done {
    pace(state, args.get(0), "slow").await
}

async fn agency_works(state: &mut ScenarioState, args: &Args) -> Done {
    pace(state, args.get(0), "normal").await
}

async fn remembers(state: &mut ScenarioState, args: &Args) -> Done {
    let page = state.page(args.get(0)).await?;
    let code = page.element_text("code").or_else(|| page.element_text("binding-code"));
    let code = code.ok_or_else(|| {
        StepError::Unmet(tr!("на странице нет кода привязки", "there is no binding code on the page"))
    })?;
    state.codes.push(code);
    Ok(())
}

async fn types_code(state: &mut ScenarioState, args: &Args) -> Done {
    let code = remembered(state, 0)?;
    state.fill(args.get(0), args.get(1).into(), &code).await
}

async fn types_old_code(state: &mut ScenarioState, args: &Args) -> Done {
    let code = remembered(state, 1)?;
    state.fill(args.get(0), args.get(1).into(), &code).await
}

/// Types a code of the right form that was never issued: the last one with its first digit changed.
async fn types_wrong_code(state: &mut ScenarioState, args: &Args) -> Done {
    let code = remembered(state, 0)?;
    let other = if code.starts_with('1') { "2" } else { "1" };
    let wrong = format!("{other}{}", code.chars().skip(1).collect::<String>());
    state.fill(args.get(0), args.get(1).into(), &wrong).await
}

fn remembered(state: &ScenarioState, before_last: usize) -> Result<String, StepError> {
    state
        .codes
        .iter()
        .rev()
        .nth(before_last)
        .cloned()
        .ok_or_else(|| StepError::Unmet(tr!("никто не запомнил код", "nobody has remembered a code")))
}

async fn sees_window(state: &mut ScenarioState, args: &Args) -> Done {
    state.expect_mark(args.get(0), "binding-window").await
}

async fn sees_no_window(state: &mut ScenarioState, args: &Args) -> Done {
    let page = state.page(args.get(0)).await?;
    page.must_be_open()?;
    if page.has("binding-window") {
        return Err(StepError::Unmet(tr!(
            "окно «Введите код привязки» показано, а не должно",
            "the window «Введите код привязки» is shown and should not be"
        )));
    }
    Ok(())
}
