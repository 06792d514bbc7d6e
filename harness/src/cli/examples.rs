//! Examples at the end of a command's help, in both languages.

use crate::{exit, language::pick};

/// Returns the end of a command's help by its name; that of the program for any other name.
pub(super) fn after_help(command: &str) -> String {
    match command {
        "health" => format!("{}\n\n{}", health_codes(), examples(command)),
        "run" | "serve" | "new" | "idp" | "diary" | "steps" | "world" | "people" | "profile" | "mistakes"
        | "faults" | "explain" | "check" | "lsp" | "diff" | "completions" | "man" | "docs" => examples(command),
        "conformance" => format!(
            "{}

{}",
            conformance_codes(),
            examples(command)
        ),
        "doctor" => format!("{}\n\n{}", doctor_codes(), examples(command)),
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

fn conformance_codes() -> &'static str {
    pick(
        "Коды возврата: 0 клиент верен · 1 есть непройденные · 3 клиента не удалось судить или прогон остановлен",
        "Exit codes: 0 the client is right · 1 some failed · 3 the client could not be judged, or the run was stopped",
    )
}

fn doctor_codes() -> &'static str {
    pick(
        "Коды возврата: 0 всё нужное работает · 1 что-то нужное не работает",
        "Exit codes: 0 all that is needed works · 1 something that is needed does not",
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
        "run" => run(),
        "serve" => serve(),
        "new" | "steps" | "lsp" | "world" | "conformance" | "doctor" | "completions" | "man" => {
            lines_of_helpers(command)
        }
        "idp" => IDP,
        "diary" => DIARY,
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
        "diff" => pick(
            "  esia-stand run --protocol oidc --record ours                  запись у наших Госуслуг
  esia-stand run --provider my-provider.yaml --record theirs    и у чужого поставщика
  esia-stand diff ours theirs
  esia-stand diff ours theirs --known known.yaml",
            "  esia-stand run --protocol oidc --record ours                  a recording at our Gosuslugi
  esia-stand run --provider my-provider.yaml --record theirs    and at a foreign provider
  esia-stand diff ours theirs
  esia-stand diff ours theirs --known known.yaml",
        ),
        "mistakes" | "faults" | "explain" | "health" => lines_of_answers(command),
        "check" => pick(
            "  esia-stand check                         документированный набор
  esia-stand check my.feature worlds/my.yaml
  esia-stand check my-scenarios/
  esia-stand check --profile mine.yaml
  esia-stand check --relying-party my-diary.yaml
  esia-stand check --provider my-provider.yaml
  esia-stand check --schema > seed.schema.json
  esia-stand check --schema config",
            "  esia-stand check                         the documented suite
  esia-stand check my.feature worlds/my.yaml
  esia-stand check my-scenarios/
  esia-stand check --profile mine.yaml
  esia-stand check --relying-party my-diary.yaml
  esia-stand check --provider my-provider.yaml
  esia-stand check --schema > seed.schema.json
  esia-stand check --schema config",
        ),
        _ => pick(
            "  esia-stand run                     проиграть документированный набор
  esia-stand serve                   оба сервера с демонстрационным миром
  esia-stand new my-scenarios/       свой набор: сценарий, мир, правила и задание CI
  esia-stand steps                   предложения, из которых складывают сценарии",
            "  esia-stand run                     play the documented suite
  esia-stand serve                   both servers with a demo world
  esia-stand new my-scenarios/       a suite of one's own: scenario, world, rules and a CI job
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
        "faults" => pick(
            "  esia-stand faults                   все ошибки, которые можно включить
  esia-stand faults claim keys        две семьи из них
  esia-stand faults --lang en te.slow
  esia-stand faults --json
  esia-stand faults --markdown        страница документации",
            "  esia-stand faults                   every fault that can be set
  esia-stand faults claim keys        two families of them
  esia-stand faults --lang ru te.slow
  esia-stand faults --json
  esia-stand faults --markdown        the page of the documentation",
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
  esia-stand health http://127.0.0.1:8081
  esia-stand health --ca tls/ca.pem https://127.0.0.1:8081",
            "  esia-stand health                          whichever listens on 127.0.0.1:8081 and :8082
  esia-stand health http://127.0.0.1:8081
  esia-stand health --ca tls/ca.pem https://127.0.0.1:8081",
        ),
    }
}

fn lines_of_helpers(command: &str) -> &'static str {
    match command {
        "new" => pick(
            "  esia-stand new my-scenarios/
  esia-stand run my-scenarios/       проходит сразу: меняйте его под себя",
            "  esia-stand new my-scenarios/
  esia-stand run my-scenarios/       passes at once: make it yours",
        ),
        "steps" => pick(
            "  esia-stand steps | less
  esia-stand steps my-scenarios/           и свои шаги: файлы .steps рядом со сценариями
  esia-stand steps my-scenarios/ --json",
            "  esia-stand steps | less
  esia-stand steps my-scenarios/           composed steps too: .steps files beside the scenarios
  esia-stand steps my-scenarios/ --json",
        ),
        "world" => pick(
            "  esia-stand world                   имена и заголовки всех миров
  esia-stand world демо > my.yaml    скопировать, изменить, а затем:
  esia-stand serve --world my.yaml
  esia-stand world демо --json       то же описание для POST /control/worlds",
            "  esia-stand world                   names and titles of all worlds
  esia-stand world демо > my.yaml    copy, change, and then:
  esia-stand serve --world my.yaml
  esia-stand world демо --json       the same seed for POST /control/worlds",
        ),
        "conformance" => {
            "  esia-stand conformance my-client.yaml --html report.html --junit report.xml
  esia-stand conformance my-client.yaml --only sig,claim.aud-other
  esia-stand conformance --diary
  esia-stand conformance --list --only refuse
  esia-stand conformance --schema > client.schema.json"
        }
        "lsp" => pick(
            "  esia-stand lsp                     запускает редактор; настройка — в документации, страница «Редактор»",
            "  esia-stand lsp                     an editor starts it; the page \"Your editor\" of the documentation sets it up",
        ),
        "doctor" => "  esia-stand doctor\n  esia-stand doctor --json",
        "docs" => pick(
            "  esia-stand docs book/                   то же, что /control/docs/, файлами: book/index.html
  esia-stand docs --reference --lang ru docs/src",
            "  esia-stand docs book/                   the same as /control/docs/, as files: book/index.html
  esia-stand docs --reference --lang en docs/src",
        ),
        "completions" => {
            "  esia-stand completions bash > ~/.local/share/bash-completion/completions/esia-stand
  esia-stand completions zsh > ~/.zfunc/_esia-stand
  esia-stand completions fish > ~/.config/fish/completions/esia-stand.fish"
        }
        _ => "  esia-stand man ~/.local/share/man/man1\n  man esia-stand-run",
    }
}

fn run() -> &'static str {
    pick(
        "  esia-stand run                                   весь документированный набор
  esia-stand run my-scenarios/ --jobs 4
  esia-stand run my.feature:12                     сценарий, который стоит в строке 12
  esia-stand run --name \"входит\" --list            какие сценарии так называются
  esia-stand run --tags \"@R000.11 or @R001.3\" --junit report.xml --json report.json
  esia-stand run --rerun failed.txt                не прошедшие в прошлый раз
  esia-stand run --retry 2 --slowest 10            неустойчивые названы отдельно
  esia-stand run --shard 2/5 --fail-fast
  esia-stand run --repeat 20 --shuffle 7 my.feature:12
  esia-stand run --coverage rules.md
  esia-stand run --html report.html --evidence evidence/   отчёт для людей и папка о каждой неудаче
  esia-stand run --allure allure-results/ --code-quality quality.json
  esia-stand run --pause my.feature:12             остановиться на неудаче и посмотреть
  esia-stand run --browser chromium --tags @browser --screenshots shots/
  esia-stand run --idp http://127.0.0.1:8081 --diary http://127.0.0.1:8082
  esia-stand run --protocol oidc
  esia-stand run --tls                             то же по https
  esia-stand run --relying-party my-diary.yaml --client my-system.yaml      со своим дневником; --list скажет, что невозможно
  esia-stand run --provider my-provider.yaml --record theirs/               у чужого поставщика, с записью
  esia-stand run my-scenarios/ --site http://127.0.0.1:3000                 со своими страницами и своим API",
        "  esia-stand run                                   the whole documented suite
  esia-stand run my-scenarios/ --jobs 4
  esia-stand run my.feature:12                     the scenario that stands in line 12
  esia-stand run --name \"sign in\" --list           which scenarios are called so
  esia-stand run --tags \"@R000.11 or @R001.3\" --junit report.xml --json report.json
  esia-stand run --rerun failed.txt                those that did not pass last time
  esia-stand run --retry 2 --slowest 10            flaky ones are named apart
  esia-stand run --shard 2/5 --fail-fast
  esia-stand run --repeat 20 --shuffle 7 my.feature:12
  esia-stand run --coverage rules.md
  esia-stand run --html report.html --evidence evidence/   a report for people, and a folder for each failure
  esia-stand run --allure allure-results/ --code-quality quality.json
  esia-stand run --pause my.feature:12             stop at a failure and look
  esia-stand run --browser chromium --tags @browser --screenshots shots/
  esia-stand run --idp http://127.0.0.1:8081 --diary http://127.0.0.1:8082
  esia-stand run --protocol oidc
  esia-stand run --tls                             the same over https
  esia-stand run --relying-party my-diary.yaml --client my-system.yaml      a diary of one's own; --list says what is not possible
  esia-stand run --provider my-provider.yaml --record theirs/               a foreign provider, recorded
  esia-stand run my-scenarios/ --site http://127.0.0.1:3000                 pages and an API of one's own",
    )
}

fn serve() -> &'static str {
    pick(
        "  esia-stand serve
  esia-stand serve --world петровы,две-школы       миры документированного набора; первый — main
  esia-stand serve --world my-world.yaml
  esia-stand serve --idp-listen 127.0.0.1:9001 --diary-listen 127.0.0.1:9002
  esia-stand serve --client my-site.yaml
  esia-stand serve --tls --tls-faults              https; ещё четыре порта, где TLS нарочно неверен
  esia-stand serve --tls-dir tls/                  https; клиенты доверяют файлу tls/ca.pem",
        "  esia-stand serve
  esia-stand serve --world петровы,две-школы       worlds of the documented suite; the first is main
  esia-stand serve --world my-world.yaml
  esia-stand serve --idp-listen 127.0.0.1:9001 --diary-listen 127.0.0.1:9002
  esia-stand serve --client my-site.yaml
  esia-stand serve --tls --tls-faults              https, and four ports where TLS is wrong on purpose
  esia-stand serve --tls-dir tls/                  https; clients trust the file tls/ca.pem",
    )
}

const IDP: &str = "  esia-stand idp --listen 127.0.0.1:8081
  esia-stand idp --listen 127.0.0.1:0 --data sqlite:idp.db
  esia-stand idp --listen 0.0.0.0:8081 --control-token secret --public-url https://esia.test.example
  esia-stand idp --listen 127.0.0.1:8081 --tls-dir tls/
  esia-stand idp --tls-cert esia.pem --tls-key esia.key";

const DIARY: &str = "  esia-stand diary --listen 127.0.0.1:8082 --idp http://127.0.0.1:8081
  esia-stand diary --listen 127.0.0.1:0 --idp http://127.0.0.1:8081 --data sqlite:diary.db
  esia-stand diary --idp https://127.0.0.1:8081 --tls-dir tls/ --ca tls/ca.pem";
