//! Notifications in the personal account; letters and messages outside it.

use super::{Args, Done, Step, StepError, pages::expect, step};
use crate::{control::Letter, play::Play};

pub(super) const STEPS: &[Step] = &[
    step!(
        Letters,
        "{кто} получает уведомление {текст}",
        "Тогда Анна получает уведомление «Запрошено согласие»",
        is_told
    ),
    step!(
        Letters,
        "{кто} не получает уведомления {текст}",
        "Тогда Анна не получает уведомления «Запрошено согласие»",
        is_not_told
    ),
    step!(
        Letters,
        "{кто} получает ровно одно уведомление {текст}",
        "Тогда Анна получает ровно одно уведомление «Запрошено согласие»",
        is_told_once
    ),
    step!(
        Letters,
        "{кто} открывает уведомление {текст}",
        "Когда Анна открывает уведомление «Запрошено согласие»",
        opens_notification
    ),
    step!(
        Letters,
        "на адрес {текст} приходит письмо {текст}",
        "Тогда на адрес «anna@example.test» приходит письмо «Восстановление пароля»",
        letter_comes
    ),
    step!(
        Letters,
        "{кто} переходит по ссылке из письма на {текст}",
        "Когда Анна переходит по ссылке из письма на «anna@example.test»",
        follows_letter
    ),
    step!(
        Letters,
        "{кто} вводит код из SMS на {текст} в поле {текст}",
        "Когда Анна вводит код из SMS на «+7(000)0000003» в поле «Код из SMS»",
        types_sms_code
    ),
];

async fn notifications(play: &mut Play, who: &str) -> Result<bool, StepError> {
    let list = play.gosuslugi("lk/notifications")?;
    play.browser(who).await?.open(&list).await?;
    Ok(play.page(who).await?.says("Уведомления"))
}

async fn is_told(play: &mut Play, args: &Args) -> Done {
    let (who, text) = (args.get(0), args.get(1));
    expect(notifications(play, who).await?, || "раздел «Уведомления» не открылся".to_owned())?;
    expect(play.page(who).await?.says(text), || format!("среди уведомлений нет «{text}»"))
}

async fn is_told_once(play: &mut Play, args: &Args) -> Done {
    is_told(play, args).await?;
    let times = play.page(args.get(0)).await?.text().matches(args.get(1)).count();
    expect(times == 1, || format!("уведомлений «{}» пришло {times}, а должно одно", args.get(1)))
}

async fn is_not_told(play: &mut Play, args: &Args) -> Done {
    let (who, text) = (args.get(0), args.get(1));
    expect(notifications(play, who).await?, || "раздел «Уведомления» не открылся".to_owned())?;
    expect(!play.page(who).await?.says(text), || format!("среди уведомлений есть «{text}», а не должно"))
}

async fn opens_notification(play: &mut Play, args: &Args) -> Done {
    notifications(play, args.get(0)).await?;
    Ok(play.browser(args.get(0)).await?.follow(args.get(1).into()).await?)
}

/// From Gosuslugi, then from the diary; of each the newest first.
async fn letters_to(play: &Play, address: &str) -> Result<Vec<Letter>, StepError> {
    let (stage, world) = (play.stage()?, play.world()?);
    let mut letters = stage.idp.outbox(world, address).await?;
    letters.extend(stage.diary.outbox(world, address).await?);
    Ok(letters)
}

async fn letter_comes(play: &mut Play, args: &Args) -> Done {
    let letters = letters_to(play, args.get(0)).await?;
    let subjects: Vec<_> = letters.iter().map(|letter| letter.subject.clone().unwrap_or_default()).collect();
    let came = letters
        .iter()
        .zip(&subjects)
        .any(|(letter, subject)| subject.contains(args.get(1)) || letter.text.contains(args.get(1)));
    expect(came, || format!("такого письма нет; пришли: {subjects:?}"))
}

/// The six digits of the newest SMS.
async fn types_sms_code(play: &mut Play, args: &Args) -> Done {
    let letters = letters_to(play, args.get(1)).await?;
    let codes = letters
        .iter()
        .filter(|letter| letter.channel == "sms")
        .filter_map(|letter| letter.text.split(|sign: char| !sign.is_ascii_digit()).find(|digits| digits.len() == 6));
    let code = codes.map(str::to_owned).next();
    let code = code.ok_or_else(|| StepError::Unmet(format!("SMS с кодом на «{}» не было", args.get(1))))?;
    play.fill(args.get(0), args.get(2).into(), &code).await
}

async fn follows_letter(play: &mut Play, args: &Args) -> Done {
    let letters = letters_to(play, args.get(1)).await?;
    let link = letters.iter().find_map(|letter| letter.link.clone());
    let link = link.ok_or_else(|| StepError::Unmet(format!("писем со ссылкой на «{}» не было", args.get(1))))?;
    Ok(play.browser(args.get(0)).await?.open(&link).await?)
}
