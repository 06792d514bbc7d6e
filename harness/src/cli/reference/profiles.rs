//! Reference page of the diary's profiles, which differ from region to region.

use super::{markdown::block, schema::tables};
use crate::{exit::CliError, language::pick, suite};

pub(super) fn page() -> Result<String, CliError> {
    let schema = serde_json::to_value(diary::profile_schema()).map_err(CliError::could_not_run)?;
    let head = pick(
        "# Профили\n\nПрофиль говорит, чем дневник одного региона отличается от дневника другого: как и с какого дня входят, по каким \
         данным узнают ученика, какие нужны согласия, что сказано в отказах. `esia-stand profile ИМЯ` печатает профиль целиком — его \
         копируют и меняют. Встроенные:\n\n",
        "# Profiles\n\nA profile says in what the diary of one region differs from that of another: how people sign in and from which day \
         on, by what a pupil is recognised, which consents are needed, what refusals say. `esia-stand profile NAME` prints one whole, to \
         copy and change. Built in are:\n\n",
    );
    let keys = pick(
        "## Файл профиля\n\nОписания ключей взяты из схемы (`esia-stand profile --schema`), поэтому они по-английски.\n\n",
        "## The file of a profile\n\nThe same as a schema: `esia-stand profile --schema`.\n\n",
    );
    let text = format!("{head}{}{keys}{}", block(&suite::profile::list()), tables(&schema));
    Ok(text.trim_end().to_owned() + "\n")
}
