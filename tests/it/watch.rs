//! `esia-stand watch`: rounds that follow the changes of files, between servers that stay.

use std::fs;

use tests::Program;

use crate::stop::{descendants, gone};

/// A folder with two features, each in a world of its own copied from the documented one, and a watch of it.
struct Watched {
    folder: tempfile::TempDir,
    watch: Program,
}

const WAITS: &str = "Жду изменений; Ctrl+C — закончить";

impl Watched {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        fs::create_dir(folder.path().join("worlds")).expect("folder");
        let world = Program::run(&["world", "взрослые"]).await.out;
        for (name, sees) in [("один", "Вход в электронный дневник"), ("два", "Вход в электронный дневник")]
        {
            fs::write(folder.path().join(format!("worlds/{name}.yaml")), &world).expect("world");
            fs::write(folder.path().join(format!("{name}.feature")), feature(name, sees)).expect("feature");
        }
        let watch = Program::start(&["watch", folder.path().to_str().expect("its name"), "--jobs", "1"]);
        Self { folder, watch }
    }

    /// Everything that is printed until it waits again.
    async fn round(&mut self) -> String {
        let mut told = String::new();
        loop {
            let line = self.watch.line().await.expect("a line");
            if line == WAITS {
                return told;
            }
            told += &(line + "\n");
        }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file");
    }
}

fn feature(name: &str, sees: &str) -> String {
    format!(
        "# language: ru\nФункция: {name}\n\n  Сценарий: номер {name}\n    Дано мир «{name}»\n    \
         Когда Нина открывает страницу входа в дневник\n    Тогда Нина видит «{sees}»\n"
    )
}

#[tokio::test]
async fn what_changes_is_played_again_and_the_servers_stay() {
    let mut own = Watched::start().await;
    let first = own.round().await;
    assert!(first.contains("2 сценария: 2 прошли, 0 не прошли"), "{first}");
    let servers = descendants(own.watch.id());
    assert_eq!(servers.len(), 2, "both servers");

    own.write("один.feature", &feature("один", "слон"));
    let second = own.round().await;
    assert!(second.starts_with("Изменилось: ") && second.contains("один.feature\n"), "{second}");
    assert!(second.contains("1 сценарий: 0 прошли, 1 не прошёл") && !second.contains("номер два"), "{second}");

    own.write("один.feature", "Функция: ф\n  Сценарий: с\n    Кагда Нина выходит\n");
    let wrong = own.round().await;
    assert!(wrong.contains("так Gherkin не пишут") || !wrong.contains("сценари"), "{wrong}");
    own.write("worlds/два.yaml", &fs::read_to_string(own.folder.path().join("worlds/один.yaml")).expect("world"));
    own.round().await;
    own.write("один.feature", &feature("один", "Вход в электронный дневник"));
    let mended = own.round().await;
    assert!(mended.contains("2 сценария: 2 прошли, 0 не прошли"), "what had changed meanwhile is played too: {mended}");

    assert_eq!(descendants(own.watch.id()), servers, "the same servers");
    own.watch.signal("INT");
    let ended = own.watch.ended().await;
    assert_eq!(ended.code, Some(0), "{}\n{}", ended.out, ended.err);
    assert!(ended.err.contains("один.feature:3:5: так Gherkin не пишут: «Кагда Нина выходит»"), "{}", ended.err);
    gone(&servers).await;
}

#[tokio::test]
async fn what_cannot_be_watched_is_told() {
    let ended = Program::run(&["watch"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    let ended = Program::run(&["watch", "нет-такой/папки.feature"]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    let told = "за нет-такой не проследить: такого файла или папки нет\n";
    assert!(ended.err.ends_with(told), "{}", ended.err);
}
