//! Steps about notifications in the personal account, and letters and messages outside it.

use super::{
    definition::{Asks, StepDefinition, step},
    pages::expect,
};
use crate::{
    browser::{has_words, normal},
    control::Letter,
    language::tr,
    scenario::{Args, Done, ScenarioState, StepError},
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(
        Letters,
        "{кто} получает уведомление {текст}",
        "Тогда Анна получает уведомление «Запрошено согласие»",
        is_told
    )
    .asks(Asks::Letters)
    .opens()
    .checks(),
    step!(
        Letters,
        "{кто} получает уведомление, где сказано {текст}",
        "Тогда Анна получает уведомление, где сказано «согласие на доступ»",
        is_told_with
    )
    .asks(Asks::Letters)
    .opens()
    .checks(),
    step!(
        Letters,
        "{кто} не получает уведомления {текст}",
        "Тогда Анна не получает уведомления «Запрошено согласие»",
        is_not_told
    )
    .asks(Asks::Letters)
    .opens()
    .checks(),
    step!(
        Letters,
        "{кто} получает ровно одно уведомление {текст}",
        "Тогда Анна получает ровно одно уведомление «Запрошено согласие»",
        is_told_once
    )
    .asks(Asks::Letters)
    .opens()
    .checks(),
    step!(
        Letters,
        "{кто} открывает уведомление {текст}",
        "Когда Анна открывает уведомление «Запрошено согласие»",
        opens_notification
    )
    .asks(Asks::Letters)
    .opens(),
    step!(
        Letters,
        "на адрес {текст} приходит письмо {текст}",
        "Тогда на адрес «anna@example.test» приходит письмо «Восстановление пароля»",
        letter_comes
    )
    .asks(Asks::Letters)
    .checks(),
    step!(
        Letters,
        "на адрес {текст} приходит письмо, где сказано {текст}",
        "Тогда на адрес «anna@example.test» приходит письмо, где сказано «перейдите по ссылке»",
        letter_comes_with
    )
    .asks(Asks::Letters)
    .checks(),
    step!(
        Letters,
        "{кто} переходит по ссылке из письма на {текст}",
        "Когда Анна переходит по ссылке из письма на «anna@example.test»",
        follows_letter
    )
    .asks(Asks::Letters)
    .opens(),
    step!(
        Letters,
        "{кто} вводит код из SMS на {текст} в поле {текст}",
        "Когда Анна вводит код из SMS на «+7(000)0000003» в поле «Код из SMS»",
        types_sms_code
    )
    .asks(Asks::Letters)
    .on_page(),
];

/// Returns the texts of the notifications, newest first.
async fn notifications(state: &mut ScenarioState, who: &str) -> Result<Vec<String>, StepError> {
    let list = state.gosuslugi("lk/notifications")?;
    state.browser(who).await?.open(&list).await?;
    let page = state.page(who).await?;
    page.must_be_open()?;
    expect(page.has("notifications"), || {
        tr!("раздел «Уведомления» не открылся", "the section «Уведомления» did not open")
    })?;
    Ok(page.links_in("notifications"))
}

fn came(texts: &[String]) -> String {
    let shown: Vec<_> = texts.iter().map(|text| format!("\n  «{text}»")).collect();
    if shown.is_empty() {
        tr!("ничего не пришло", "nothing came")
    } else {
        tr!("пришли:{}", "these came:{}", shown.concat())
    }
}

async fn is_told(state: &mut ScenarioState, args: &Args) -> Done {
    let (told, text) = (notifications(state, args.get(0)).await?, normal(args.get(1)));
    expect(told.contains(&text), || {
        tr!("среди уведомлений нет «{text}»; {}", "no notification is «{text}»; {}", came(&told))
    })
}

async fn is_told_with(state: &mut ScenarioState, args: &Args) -> Done {
    let (told, text) = (notifications(state, args.get(0)).await?, normal(args.get(1)));
    expect(told.iter().any(|own| has_words(own, &text)), || {
        tr!("нет уведомления, где сказано «{text}»; {}", "no notification says «{text}»; {}", came(&told))
    })
}

async fn is_told_once(state: &mut ScenarioState, args: &Args) -> Done {
    let (told, text) = (notifications(state, args.get(0)).await?, normal(args.get(1)));
    let times = told.iter().filter(|own| **own == text).count();
    expect(times == 1, || {
        tr!(
            "уведомлений «{text}» пришло {times}, а должно одно; {}",
            "{times} notifications «{text}» came where one should; {}",
            came(&told)
        )
    })
}

/// The text must not be a part of a notification either.
async fn is_not_told(state: &mut ScenarioState, args: &Args) -> Done {
    let (told, text) = (notifications(state, args.get(0)).await?, normal(args.get(1)));
    expect(!told.iter().any(|own| own.contains(&text)), || {
        tr!("среди уведомлений есть «{text}», а не должно", "there is a notification «{text}», and should not be")
    })
}

async fn opens_notification(state: &mut ScenarioState, args: &Args) -> Done {
    notifications(state, args.get(0)).await?;
    Ok(state.browser(args.get(0)).await?.follow(args.get(1).into()).await?)
}

/// Returns the letters from Gosuslugi, then those from the diary, each newest first.
async fn letters_to(state: &ScenarioState, address: &str) -> Result<Vec<Letter>, StepError> {
    let (test_bed, world) = (state.test_bed()?, state.world()?);
    let mut letters = test_bed.idp.outbox(world, address).await?;
    letters.extend(test_bed.diary.outbox(world, address).await?);
    Ok(letters)
}

/// Compares the text with the whole subject, the whole body, or a whole line of it.
async fn letter_comes(state: &mut ScenarioState, args: &Args) -> Done {
    let text = normal(args.get(1));
    letter_that(state, args, &|said| said.lines().any(|line| normal(line) == text) || normal(said) == text).await
}

async fn letter_comes_with(state: &mut ScenarioState, args: &Args) -> Done {
    let text = normal(args.get(1));
    letter_that(state, args, &|said| has_words(&normal(said), &text)).await
}

async fn letter_that(state: &ScenarioState, args: &Args, fits: &dyn Fn(&str) -> bool) -> Done {
    let letters = letters_to(state, args.get(0)).await?;
    let fitting = |letter: &Letter| fits(&letter.text) || letter.subject.as_deref().is_some_and(fits);
    expect(letters.iter().any(fitting), || {
        let titles = letters.iter().map(|letter| letter.subject.clone().unwrap_or_else(|| letter.text.clone()));
        tr!(
            "письма «{}» на «{}» не было: {}",
            "no letter «{}» came to «{}»: {}",
            args.get(1),
            args.get(0),
            came(&titles.collect::<Vec<_>>())
        )
    })
}

/// Types the six digits of the newest SMS.
async fn types_sms_code(state: &mut ScenarioState, args: &Args) -> Done {
    let letters = letters_to(state, args.get(1)).await?;
    let codes = letters
        .iter()
        .filter(|letter| letter.channel == "sms")
        .filter_map(|letter| letter.text.split(|sign: char| !sign.is_ascii_digit()).find(|digits| digits.len() == 6));
    let code = codes.map(str::to_owned).next();
    let code = code.ok_or_else(|| {
        StepError::Unmet(tr!("SMS с кодом на «{}» не было", "no SMS with a code came to «{}»", args.get(1)))
    })?;
    state.fill(args.get(0), args.get(2).into(), &code).await
}

async fn follows_letter(state: &mut ScenarioState, args: &Args) -> Done {
    let letters = letters_to(state, args.get(1)).await?;
    let link = letters.iter().find_map(|letter| letter.link.clone());
    let link = link.ok_or_else(|| {
        StepError::Unmet(tr!("писем со ссылкой на «{}» не было", "no letter with a link came to «{}»", args.get(1)))
    })?;
    Ok(state.browser(args.get(0)).await?.open(&link).await?)
}
