//! Reference page of the seed of a world.

use super::schema::tables;
use crate::{exit::CliError, language::pick, suite};

pub(super) fn page() -> Result<String, CliError> {
    let schema = serde_json::to_value(suite::seed::schema()).map_err(CliError::could_not_run)?;
    let head = pick(
        "# Файл мира\n\nС этого файла (YAML или JSON) начинается мир: люди, их семьи и учётные записи, школа и её журнал, часы. Целый \
         пример печатает `esia-stand world демо`, ошибки с номерами строк — `esia-stand check ФАЙЛ`, схему для редактора — `esia-stand \
         check --schema`. Описания ключей взяты из схемы, поэтому они по-английски.\n\n## Верхний уровень\n\n",
        "# The file of a world\n\nA world begins with this file (YAML or JSON): people, their families and accounts, the school and its \
         register, the clock. `esia-stand world демо` prints a whole one, `esia-stand check FILE` tells mistakes with their lines, \
         `esia-stand check --schema` prints the schema for an editor.\n\n## The whole\n\n",
    );
    Ok(format!("{head}{}", tables(&schema)).trim_end().to_owned() + "\n")
}
