//! Descriptions of foreign providers: reading and checking them, each mistake with its place.

use std::path::Path;

use super::{Diagnostic, File, content::of_content, places::Places, yaml};
use crate::provider::StandDescription;

/// Reads a description. Files that it names are found relative to it.
///
/// # Errors
/// Returns the mistakes of the file, each with its place.
pub fn read(path: &Path) -> Result<StandDescription, Vec<Diagnostic>> {
    let mut read = of_file(&File::read(path).map_err(|wrong| vec![wrong])?)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for file in [&mut read.ca, &mut read.token_certificate].into_iter().flatten() {
        *file = folder.join(&*file);
    }
    Ok(read)
}

fn of_file(file: &File) -> Result<StandDescription, Vec<Diagnostic>> {
    let told = |error: serde_saphyr::Error| vec![yaml::told(file, &error)];
    let places = Places::of(&file.text).map_err(told)?;
    let read: StandDescription = serde_saphyr::from_str(&file.text).map_err(told)?;
    let wrong: Vec<_> = read.mistakes().iter().map(|mistake| of_content(file, &places, mistake)).collect();
    if wrong.is_empty() { Ok(read) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    const TEXT: &str = "title: Стенд\nbase: http://127.0.0.1:9100/sso\nprotocol: oidc\nmnemonic-variable: STAND_ID\n\
                        secret-variable: STAND_SECRET\nworlds: [взрослые]\n\
                        sign-in: {shows: {css: form}, login: Логин, password: Пароль, press: Войти}\n";

    fn told(text: &str) -> String {
        let wrong = of_file(&File { name: "p.yaml".to_owned(), text: text.to_owned() }).unwrap_err();
        wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_provider_is_described_by_its_address_its_page_and_names_of_variables() {
        let read = of_file(&File { name: "p.yaml".to_owned(), text: TEXT.to_owned() }).unwrap();
        assert_eq!(
            (read.home().as_str(), read.issuer().as_str()),
            ("http://127.0.0.1:9100/sso/", "http://127.0.0.1:9100/sso")
        );
        assert_eq!((read.world.as_str(), read.pace_ms), ("stand", 0));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_field() {
        assert_snapshot!(told(&TEXT.replace("secret-variable", "secret")), @"
        p.yaml:5:1: поля «secret» здесь не бывает
          может быть: secret-variable
        ");
        assert_snapshot!(told(&TEXT.replace("secret-variable: STAND_SECRET\n", "")), @"p.yaml:3:11: protocol: не хватает поля «secret-variable»");
        assert_snapshot!(told(&TEXT.replace("oidc", "esia")), @"
        p.yaml:3:11: protocol: не хватает поля «key-variable»
        p.yaml:3:11: protocol: не хватает поля «certificate-variable»
        ");
        assert_snapshot!(told(&TEXT.replace("http://127.0.0.1:9100/sso", "ftp://a/")), @"p.yaml:2:7: base: нужен адрес http:// или https://");
        assert_snapshot!(told(&TEXT.replace("{css: form}", "{css: '['}")), @"p.yaml:7:24: sign-in.shows.css: селектор «[» не читается");
        assert_snapshot!(told(&TEXT.replace("{css: form}", "{}")), @"p.yaml:7:18: sign-in.shows: нужны css, data-test, text или url");
        assert_snapshot!(told(&TEXT.replace("[взрослые]", "[]")), @"p.yaml:6:9: worlds: нужен хотя бы один мир");
        assert_snapshot!(told(&format!("{TEXT}iss: http://other\nhosts: [stand.test, 'https://a/']\nworld: main\n")), @"
        p.yaml:8:6: iss: в OpenID Connect iss — это base: уберите iss или исправьте base
        p.yaml:10:8: world: нужно имя мира, кроме main: stand
        p.yaml:9:21: hosts[1]: нужен узел без http:// и пути, а не «https://a/»
        ");
        assert_snapshot!(told(&format!("{TEXT}people: {{нина: {{login: nina, password: n}}}}\n")), @"
        p.yaml:8:30: поля «password» здесь не бывает
          может быть: password-variable
        ");
    }
}
