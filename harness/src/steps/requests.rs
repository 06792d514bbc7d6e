//! Steps about requests of a program to a team's own site, and about the answers.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::{
    definition::{Needs, StepDefinition, Text, step},
    pages::expect,
};
use crate::{
    browser::{has_words, normal},
    language::{pick, tr},
    scenario::{Args, Done, ScenarioState, StepError},
    words::cut,
};

pub(super) const STEPS: &[StepDefinition] = &[
    step!(
        Requests,
        "программа ставит заголовок {текст} со значением {значение}",
        "Когда программа ставит заголовок «Authorization» со значением «Bearer abc»",
        sets_header
    ),
    step!(
        Requests,
        "программа отправляет {метод} {текст}",
        "Когда программа отправляет POST «/api/orders»\n        \"\"\"\n        {\"item\": \"Чай\"}\n        \"\"\"",
        sends
    )
    .needs(Needs::Site)
    .takes(Text::May),
    step!(
        Requests,
        "программа запоминает из ответа {текст} как {текст}",
        "И программа запоминает из ответа «$.id» как «номер»\n      Когда программа отправляет GET «/api/orders/{{номер}}»",
        keeps
    ),
    step!(Requests, "программа получает ответ {число}", "Тогда программа получает ответ 201", has_status).checks(),
    step!(Requests, "программа видит в ответе {текст}", "Тогда программа видит в ответе «Чай»", says).checks(),
    step!(
        Requests,
        "программа видит в ответе {текст} со значением {значение}",
        "Тогда программа видит в ответе «$.items[0].name» со значением «Чай»",
        has_value
    )
    .checks(),
    step!(
        Requests,
        "программа видит в ответе {текст} раз: {число}",
        "Тогда программа видит в ответе «$.items[*]» раз: 3",
        has_so_many
    )
    .checks(),
    step!(
        Requests,
        "программа видит заголовок {текст} со значением {значение}",
        "Тогда программа видит заголовок «Content-Type» со значением «application/json»",
        has_header
    )
    .checks(),
];

/// Longest part of an answer in a message, in letters.
const SHOWN: usize = 300;

async fn sets_header(state: &mut ScenarioState, args: &Args) -> Done {
    state.set_header(args.get(0), args.get(1))
}

async fn sends(state: &mut ScenarioState, args: &Args) -> Done {
    state.send(args.get(0), args.get(1), args.text.as_deref()).await
}

async fn has_status(state: &mut ScenarioState, args: &Args) -> Done {
    let answer = state.answer()?;
    expect(answer.status.to_string() == args.get(0), || {
        tr!("ответ {}: {}", "the answer is {}: {}", answer.status, begin_of(&answer.body))
    })
}

async fn says(state: &mut ScenarioState, args: &Args) -> Done {
    let answer = state.answer()?;
    expect(has_words(&normal(&answer.body), &normal(args.get(0))), || {
        tr!("в ответе нет «{}»: {}", "the answer does not have «{}»: {}", args.get(0), begin_of(&answer.body))
    })
}

async fn keeps(state: &mut ScenarioState, args: &Args) -> Done {
    let value = the_one(&state.answer()?.body, args.get(0))?;
    state.keep_value(args.get(1), value)
}

async fn has_value(state: &mut ScenarioState, args: &Args) -> Done {
    let (path, wanted) = (args.get(0), args.get(1));
    let value = the_one(&state.answer()?.body, path)?;
    expect(value == wanted, || {
        tr!("по пути «{path}» в ответе «{}»", "the path «{path}» finds «{}» in the answer", begin_of(&value))
    })
}

async fn has_so_many(state: &mut ScenarioState, args: &Args) -> Done {
    let found = found(&state.answer()?.body, args.get(0))?;
    expect(found.len().to_string() == args.get(1), || {
        tr!(
            "по пути «{}» в ответе значений: {}",
            "the path «{}» finds values in the answer: {}",
            args.get(0),
            found.len()
        )
    })
}

async fn has_header(state: &mut ScenarioState, args: &Args) -> Done {
    let (name, wanted) = (args.get(0).to_lowercase(), args.get(1));
    let answer = state.answer()?;
    let own: Vec<_> = answer.headers.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str()).collect();
    // A header field may have parameters: `application/json; charset=utf-8` counts as `application/json`.
    let is = |value: &&str| *value == wanted || value.split(';').next().is_some_and(|first| first.trim() == wanted);
    expect(own.iter().any(is), || match own.as_slice() {
        [] => tr!("заголовка «{name}» в ответе нет", "the answer has no header field «{name}»"),
        own => tr!("заголовок «{name}»: «{}»", "the header field «{name}»: «{}»", own.join("», «")),
    })
}

/// Returns the only value that a JSON path finds; fails if there is none or more than one.
fn the_one(body: &str, path: &str) -> Result<String, StepError> {
    let mut found = found(body, path)?;
    match (found.len(), found.pop()) {
        (1, Some(value)) => Ok(value),
        (count, last) => {
            found.extend(last);
            Err(StepError::Unmet(tr!(
                "по пути «{path}» в ответе значений: {count}, а нужно одно: {}",
                "the path «{path}» finds values in the answer: {count}, and one is wanted: {}",
                begin_of(&found.join(", "))
            )))
        }
    }
}

/// Returns the values that a JSON path (RFC 9535) finds: strings without quotes, others as JSON.
fn found(body: &str, path: &str) -> Result<Vec<String>, StepError> {
    let document: Value = serde_json::from_str(body)
        .map_err(|_| StepError::Unmet(tr!("ответ — не JSON: {}", "the answer is no JSON: {}", begin_of(body))))?;
    let query = JsonPath::parse(path).map_err(|error| {
        StepError::Unmet(tr!(
            "«{path}» — не путь JSON, как «$.items[0].name»: {error}",
            "«{path}» is no JSON path, as «$.items[0].name»: {error}"
        ))
    })?;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(query.query(&document).all().into_iter().map(text).collect())
}

fn begin_of(body: &str) -> String {
    if body.is_empty() {
        return pick("пусто", "empty").to_owned();
    }
    cut(body, SHOWN)
}
