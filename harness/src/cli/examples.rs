//! The end of a command's help: examples, in either language.

use crate::{exit, language::pick};

/// The end of the help of a command, by its name; of the whole program for any other name.
pub(super) fn after_help(command: &str) -> String {
    match command {
        "health" => format!("{}\n\n{}", health_codes(), examples(command)),
        "run" | "serve" | "idp" | "diary" | "steps" | "people" | "profile" | "mistakes" | "explain" | "check" => {
            examples(command)
        }
        _ => format!("{}\n\n{}\n\n{}", examples(command), exit::codes(), layers()),
    }
}

fn examples(command: &str) -> String {
    format!("{}\n{}", pick("Примеры:", "Examples:"), lines(command))
}

fn health_codes() -> &'static str {
    pick(
        "Коды возврата: 0 исправен · 1 неисправен или отвечает другая программа · 3 никто не отвечает",
        "Exit codes: 0 well · 1 not well, or another program answers · 3 nobody answers",
    )
}

fn layers() -> &'static str {
    pick(
        "Любую настройку можно задать ключом файла --config ФАЙЛ или переменной ESIA_STAND_…: параметр важнее \
         переменной, переменная важнее файла.

Язык: --lang, иначе ESIA_STAND_LANG, иначе lang в файле настроек, иначе локаль (LC_ALL, LC_MESSAGES, LANG): ru* — русский, \
         другой язык — английский, не задана, C или POSIX — русский.",
        "Every setting is also a key of --config FILE and a variable ESIA_STAND_…; flags win over variables, variables \
         over the file.

Language: --lang, else ESIA_STAND_LANG, else lang in the settings file, else the locale (LC_ALL, LC_MESSAGES, LANG): ru* is \
         Russian, any other language English; none, C and POSIX are Russian.",
    )
}

fn lines(command: &str) -> &'static str {
    match command {
        "run" => RUN,
        "serve" => SERVE,
        "idp" => IDP,
        "diary" => DIARY,
        "steps" => "  esia-stand steps | less",
        "people" => pick(
            "  esia-stand people                все миры документированного набора
  esia-stand people петровы
  esia-stand people my-world.yaml --json",
            "  esia-stand people                every world of the documented suite
  esia-stand people петровы
  esia-stand people my-world.yaml --json",
        ),
        "profile" => pick(
            "  esia-stand profile --list
  esia-stand profile kuzbass > mine.yaml     скопировать, изменить, а затем:
  esia-stand check --profile mine.yaml
  esia-stand run my-scenarios/ --profile mine.yaml
  esia-stand profile --schema > profile.schema.json",
            "  esia-stand profile --list
  esia-stand profile kuzbass > mine.yaml     copy, change, and then:
  esia-stand check --profile mine.yaml
  esia-stand run my-scenarios/ --profile mine.yaml
  esia-stand profile --schema > profile.schema.json",
        ),
        "mistakes" | "explain" | "health" => lines_of_answers(command),
        "check" => pick(
            "  esia-stand check                         документированный набор
  esia-stand check my.feature worlds/my.yaml
  esia-stand check my-scenarios/
  esia-stand check --profile mine.yaml
  esia-stand check --schema > seed.schema.json
  esia-stand check --schema config",
            "  esia-stand check                         the documented suite
  esia-stand check my.feature worlds/my.yaml
  esia-stand check my-scenarios/
  esia-stand check --profile mine.yaml
  esia-stand check --schema > seed.schema.json
  esia-stand check --schema config",
        ),
        _ => pick(
            "  esia-stand run                     проиграть документированный набор
  esia-stand serve                   оба сервера с демонстрационным миром
  esia-stand steps                   предложения, из которых складывают сценарии",
            "  esia-stand run                     play the documented suite
  esia-stand serve                   both servers with a demo world
  esia-stand steps                   the sentences that scenarios may use",
        ),
    }
}

fn lines_of_answers(command: &str) -> &'static str {
    match command {
        "mistakes" => pick(
            "  esia-stand mistakes                      все ошибки, которые называет вердикт
  esia-stand mistakes slip-missing=state   что значит одна и как её исправить
  esia-stand mistakes --lang en token-kind
  esia-stand mistakes --json",
            "  esia-stand mistakes                      every mistake that a verdict may name
  esia-stand mistakes slip-missing=state   what one means, and how to mend it
  esia-stand mistakes --lang ru token-kind
  esia-stand mistakes --json",
        ),
        "explain" => pick(
            "  esia-stand explain R000.10             документированное правило
  esia-stand explain ESIA-007053         код ошибки
  esia-stand explain slip-missing=state  ошибка, которую называет вердикт
  esia-stand explain \"ESIA §3.2\"         раздел протокола",
            "  esia-stand explain R000.10             a documented rule
  esia-stand explain ESIA-007053         an error code
  esia-stand explain slip-missing=state  a mistake that a verdict names
  esia-stand explain \"ESIA §3.2\"         a section of the protocol",
        ),
        _ => pick(
            "  esia-stand health                          кто слушает 127.0.0.1:8081 и :8082
  esia-stand health http://127.0.0.1:8081",
            "  esia-stand health                          whichever listens on 127.0.0.1:8081 and :8082
  esia-stand health http://127.0.0.1:8081",
        ),
    }
}

const RUN: &str = "  esia-stand run
  esia-stand run --tags \"@R000.11 or @R001.3\" --junit report.xml --json report.json
  esia-stand run --coverage rules.md
  esia-stand run my-scenarios/ --jobs 4
  esia-stand run --browser chromium --tags @browser --screenshots shots/
  esia-stand run --idp http://127.0.0.1:8081 --diary http://127.0.0.1:8082
  esia-stand run --protocol oidc";

const SERVE: &str = "  esia-stand serve
  esia-stand serve --idp-listen 127.0.0.1:9001 --diary-listen 127.0.0.1:9002
  esia-stand serve --seed my-world.yaml
  esia-stand serve --client my-site.yaml";

const IDP: &str = "  esia-stand idp --listen 127.0.0.1:8081
  esia-stand idp --listen 127.0.0.1:0 --data sqlite:idp.db
  esia-stand idp --listen 0.0.0.0:8081 --control-token secret --public-url https://esia.test.example";

const DIARY: &str = "  esia-stand diary --listen 127.0.0.1:8082 --idp http://127.0.0.1:8081
  esia-stand diary --listen 127.0.0.1:0 --idp http://127.0.0.1:8081 --data sqlite:diary.db";
