//! Files of client systems that the provider is started with: reading and checking them, each mistake with its place.

use std::path::Path;

use idp::{Client, ClientSpec, Origin, certificates_of_file};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use worlds::SeedError;

use super::{Diagnostic, File, content::of_content, places::Places, typed::Document};
use crate::language::tr;

/// First words of a certificate in PEM; any other text in its place is the path of a file.
const PEM: &str = "-----BEGIN";

/// Of a settings file what concerns client systems.
#[derive(Deserialize, JsonSchema)]
struct Config {
    #[serde(default)]
    clients: Vec<ClientSpec>,
}

fn schema_of<T: JsonSchema>() -> Value {
    serde_json::to_value(schemars::schema_for!(T)).unwrap_or_default()
}

/// Reads the clients of a file that holds one or a list of them. A certificate is PEM, or a path relative to the file.
///
/// # Errors
/// Returns each mistake with its place.
pub fn read(file: &File) -> Result<Vec<ClientSpec>, Vec<Diagnostic>> {
    let file = &without_tabs(file);
    if Places::of(&file.text).is_ok_and(|places| places.is_list()) {
        let all = Document::of(file, &schema_of::<Vec<ClientSpec>>())?;
        checked(file, &all.places, all.read(file)?, &|index| format!("[{index}]."))
    } else {
        let one = Document::of(file, &schema_of::<ClientSpec>())?;
        checked(file, &one.places, vec![one.read(file)?], &|_| String::new())
    }
}

/// Reads the clients in `clients` of a settings file.
///
/// # Errors
/// Returns each mistake with its place.
pub fn of_config(file: &File) -> Result<Vec<ClientSpec>, Vec<Diagnostic>> {
    let file = &without_tabs(file);
    let document = Document::of(file, &schema_of::<Config>())?;
    let Config { clients } = document.read(file)?;
    checked(file, &document.places, clients, &|index| format!("clients[{index}]."))
}

/// Replaces tabs by blanks in JSON, which may be indented with tabs where YAML may not. A string of JSON holds no bare
/// tab, so places stay the same.
fn without_tabs(file: &File) -> File {
    let is_json = file.text.trim_start().starts_with(['{', '[']);
    let text = if is_json { file.text.replace('\t', " ") } else { file.text.clone() };
    File { name: file.name.clone(), text }
}

fn checked(
    file: &File,
    places: &Places,
    mut clients: Vec<ClientSpec>,
    path: &dyn Fn(usize) -> String,
) -> Result<Vec<ClientSpec>, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    for (index, client) in clients.iter_mut().enumerate() {
        let read = certificates(file, client).and_then(|()| Client::new(client.clone(), Origin::Settings));
        match read {
            // The specification as `Client::new` has read it, without anything else from the files of its certificates.
            Ok(read) => *client = read.spec,
            Err(error) => {
                let error = SeedError::at(format!("{}{}", path(index), error.path), &error.message);
                wrong.push(of_content(file, places, &error));
            }
        }
    }
    if wrong.is_empty() { Ok(clients) } else { Err(wrong) }
}

/// Replaces each path in the client's certificates by the certificates in that file.
fn certificates(file: &File, client: &mut ClientSpec) -> Result<(), SeedError> {
    let folder = Path::new(&file.name).parent().unwrap_or(Path::new(""));
    for (index, certificate) in client.certificates.iter_mut().enumerate() {
        if certificate.trim_start().starts_with(PEM) {
            continue;
        }
        let path = folder.join(certificate.trim());
        let unusable = |told: String| SeedError::at(format!("certificates[{index}]"), &told);
        let bytes = std::fs::read(&path).or_else(|_| File::read(&path).map(|file| file.text.into_bytes()));
        let bytes = bytes.map_err(|wrong| {
            let (path, why) = (path.display(), wrong.message);
            unusable(tr!(
                "{path}: {why}; нужен PEM или путь к нему от этого файла",
                "{path}: {why}; a PEM is needed, or its path from this file"
            ))
        })?;
        *certificate =
            certificates_of_file(&bytes).map_err(|error| unusable(format!("{}: {error}", path.display())))?;
    }
    Ok(())
}

/// Reads the clients of several files and adds them to those of the settings; a mnemonic may stand once.
///
/// # Errors
/// Returns the mistakes of the first file that has any, or a mnemonic that stands twice.
pub fn gather(files: &[impl AsRef<Path>], of_config: Vec<ClientSpec>) -> Result<Vec<ClientSpec>, Vec<Diagnostic>> {
    let mut all = of_config;
    for path in files {
        let file = File::read(path.as_ref()).map_err(|wrong| vec![wrong])?;
        for client in read(&file)? {
            if all.iter().any(|known| known.mnemonic == client.mnemonic) {
                let told = tr!(
                    "система {} уже названа: оставьте одну из двух",
                    "the system {} is named already: keep one of the two",
                    client.mnemonic
                );
                return Err(vec![Diagnostic::of_file(&file.name, told)]);
            }
            all.push(client);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use insta::assert_snapshot;

    use super::*;

    const SITE: &str = "mnemonic: SITE\ntitle: Сайт\norganisation: Школа\n";

    fn told(name: &str, text: &str) -> String {
        let wrong = read(&File { name: name.to_owned(), text: text.to_owned() }).unwrap_err();
        wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn one_system_or_a_list_in_yaml_or_json() {
        let names = |text: &str| {
            let file = File { name: "clients.yaml".to_owned(), text: text.to_owned() };
            read(&file).unwrap().iter().map(|client| client.mnemonic.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(SITE), ["SITE"]);
        assert_eq!(
            names("- {mnemonic: ONE, title: a, organisation: b}\n- {mnemonic: TWO, title: a, organisation: b}"),
            ["ONE", "TWO"]
        );
        assert_eq!(
            names("[\n\t{\n\t\t\"mnemonic\": \"SITE\", \"title\": \"a\", \"organisation\": \"b\"\n\t}\n]"),
            ["SITE"]
        );
        assert!(names("[]").is_empty());
    }

    #[test]
    fn a_mistake_is_told_with_its_file_line_and_field_and_the_way_out() {
        assert_snapshot!(told("c.yaml", &SITE.replace("title", "tittle")), @r#"
        c.yaml:2:1: поля «tittle» здесь не бывает
          может быть: title
        "#);
        assert_snapshot!(told("c.yaml", "mnemonic: SITE\ntitle: Сайт\n"), @"c.yaml:1:1: не хватает поля «organisation»");
        assert_snapshot!(told("c.yaml", &format!("{SITE}redirect-domains:\n  - 127.0.0.1\n  - https://site.test/cb\n")), @"c.yaml:6:5: redirect-domains[1]: нужен один домен, без схемы, порта и пути: «site.test» вместо «https://site.test/cb»");
        assert_snapshot!(told("c.yaml", "- mnemonic: ONE\n  title: a\n  organisation: b\n  scopes: [openid, 'full name']\n"), @"c.yaml:4:20: [0].scopes[1]: область доступа «full name» записана неверно");
        assert_snapshot!(told("c.json", "{\"mnemonic\": \"SITE\", \"title\": \"a\",\n \"organisation\": \"b\", \"esia\": {\"token-algorithm\": \"HS256\"}}"), @r#"
        c.json:2:51: значения «HS256» здесь не бывает
          может быть: RS256
        "#);
        assert_snapshot!(told("nowhere/c.yaml", &format!("{SITE}certificates:\n  - ./gone.pem\n")), @"nowhere/c.yaml:5:5: certificates[0]: nowhere/./gone.pem: файл не читается: его нет; нужен PEM или путь к нему от этого файла");
        assert_snapshot!(told("c.yaml", &format!("{SITE}certificates:\n  - |\n    -----BEGIN PRIVATE KEY-----\n    AAAA\n    -----END PRIVATE KEY-----\n")), @"c.yaml:6:5: certificates[0]: здесь только закрытый ключ, а регистрируется сертификат; закрытый ключ никому не передают");
    }

    #[test]
    fn a_certificate_s_path_begins_at_the_file_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        fs::create_dir(&keys).unwrap();
        let pem = include_str!("../../../esia/keys/diary.crt.pem");
        fs::write(keys.join("cert.pem"), pem).unwrap();
        let clients = folder.path().join("clients.yaml");
        fs::write(&clients, format!("{SITE}certificates: [./keys/cert.pem]\n")).unwrap();
        assert_eq!(gather(&[&clients], Vec::new()).unwrap()[0].certificates, [pem]);
        // A key in the same file as the certificate is left out.
        let key = include_str!("../../../esia/keys/diary.key.pem");
        fs::write(keys.join("both.pem"), format!("{key}{pem}")).unwrap();
        fs::write(&clients, format!("{SITE}certificates: [keys/both.pem]\n")).unwrap();
        assert_eq!(gather(&[&clients], Vec::new()).unwrap()[0].certificates, [pem]);
        let twice = gather(&[&clients, &clients], Vec::new()).unwrap_err();
        assert!(twice[0].to_string().ends_with("система SITE уже названа: оставьте одну из двух"), "{}", twice[0]);
        let config = folder.path().join("config.yaml");
        let text = "idp: {listen: '127.0.0.1:0'}\nclients:\n  - mnemonic: SITE\n    title: a\n    organisation: b\n    certificates: [keys/gone.pem]\n";
        let wrong = of_config(&File { name: config.display().to_string(), text: text.to_owned() }).unwrap_err();
        assert!(wrong[0].to_string().contains("config.yaml:6:"), "{}", wrong[0]);
        assert!(wrong[0].to_string().contains("clients[0].certificates[0]: "), "{}", wrong[0]);
    }
}
