//! Reading of profiles: the built-in files, and the profile of a seed.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use esia::language::{pick, tr};
use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};
use worlds::{SeedDocument, SeedError, from_json};

use super::{Profile, ProfileSeed};
use crate::signin::Refusal;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/profiles");

/// File whose values every built-in profile starts from.
const COMMON: &str = "common";
const AT: &str = "diary.profile";

type Read = Result<BTreeMap<String, Value>, String>;

static BUILT_IN: LazyLock<Read> = LazyLock::new(|| {
    let files = FILES.files().filter_map(|file| {
        let path = file.path();
        path.extension().is_some_and(|extension| extension == "yaml").then_some((path.file_stem()?.to_str()?, file))
    });
    let read = files.map(|(name, file)| {
        let text = file.contents_utf8().unwrap_or_default();
        let value = serde_saphyr::from_str(text).map_err(|error| format!("{name}.yaml: {error}"))?;
        Ok((name.to_owned(), value))
    });
    read.collect()
});

/// Complete built-in profiles, cached after the first read.
static WHOLE: LazyLock<parking_lot::Mutex<BTreeMap<String, Arc<Profile>>>> = LazyLock::new(parking_lot::Mutex::default);

/// Returns the names of the built-in profiles.
pub fn profile_names() -> impl Iterator<Item = &'static str> {
    let names = BUILT_IN.iter().flat_map(BTreeMap::keys);
    names.map(String::as_str).filter(|name| *name != COMMON)
}

/// Returns the profile of a seed, or the default one when the seed names none.
///
/// # Errors
/// Fails on an unknown profile or field, or a missing text.
pub(crate) fn whole(seed: Option<&ProfileSeed>) -> Result<Arc<Profile>, SeedError> {
    let default = || FILES.get_file("default.txt").and_then(|file| file.contents_utf8()).unwrap_or_default().trim();
    let name = match seed {
        Some(ProfileSeed::Own(own)) => return read(&own_over_its_base(own)?).map(Arc::new),
        Some(ProfileSeed::Named(name)) => name.as_str(),
        None => default(),
    };
    if let Some(known) = WHOLE.lock().get(name) {
        return Ok(Arc::clone(known));
    }
    let profile = Arc::new(read(&built_in(name)?)?);
    WHOLE.lock().insert(name.to_owned(), Arc::clone(&profile));
    Ok(profile)
}

fn own_over_its_base(own: &Map<String, Value>) -> Result<Value, SeedError> {
    let mut own = own.clone();
    let base = match own.remove("like") {
        None => file(COMMON)?.clone(),
        Some(Value::String(name)) => {
            built_in(&name).map_err(|error| SeedError::at(format!("{AT}.like"), &error.message))?
        }
        Some(_) => {
            return Err(SeedError::at(
                format!("{AT}.like"),
                &pick("здесь нужно имя профиля", "the name of a profile is needed here"),
            ));
        }
    };
    Ok(over(base, Value::Object(own)))
}

fn built_in(name: &str) -> Result<Value, SeedError> {
    if !profile_names().any(|known| known == name) {
        let known = profile_names().collect::<Vec<_>>().join(", ");
        return Err(SeedError::at(
            AT,
            &tr!("профиля «{name}» нет; есть {known}", "there is no profile «{name}»; there are {known}"),
        ));
    }
    Ok(over(file(COMMON)?.clone(), file(name)?.clone()))
}

fn file(name: &str) -> Result<&'static Value, SeedError> {
    let files = BUILT_IN.as_ref().map_err(|error| SeedError::at(AT, error))?;
    files.get(name).ok_or_else(|| SeedError::at(AT, &tr!("нет файла {name}.yaml", "there is no file {name}.yaml")))
}

/// Merges two values: objects field by field; any other value of `change` replaces that of `base`.
fn over(base: Value, change: Value) -> Value {
    match (base, change) {
        (Value::Object(mut base), Value::Object(change)) => {
            for (field, value) in change {
                let kept = base.remove(&field).unwrap_or_default();
                base.insert(field, over(kept, value));
            }
            Value::Object(base)
        }
        (_, change) => change,
    }
}

fn read(value: &Value) -> Result<Profile, SeedError> {
    let profile: Profile = from_json(&value.to_string()).map_err(|error| SeedError::within(AT, error))?;
    profile.check()?;
    Ok(profile)
}

impl Profile {
    /// Returns a complete built-in profile.
    ///
    /// # Errors
    /// Fails if there is no profile of that name.
    pub fn built_in(name: &str) -> Result<Arc<Self>, SeedError> {
        whole(Some(&ProfileSeed::Named(name.to_owned())))
    }

    /// Returns the complete profile that a seed describes.
    ///
    /// # Errors
    /// Fails at the first invalid value, with its place under `diary.profile`.
    pub fn whole(described: &ProfileSeed) -> Result<Arc<Self>, SeedError> {
        whole(Some(described))
    }

    fn check(&self) -> Result<(), SeedError> {
        for code in Refusal::CODES {
            if !self.texts.contains_key(*code) {
                return Err(SeedError::at(
                    format!("{AT}.texts"),
                    &tr!("нет текста «{code}»", "there is no text «{code}»"),
                ));
            }
        }
        if let Some(strange) = self.texts.keys().find(|code| !Refusal::CODES.contains(&code.as_str())) {
            let known = Refusal::CODES.join("`, `");
            let message = format!("unknown field `{strange}`, expected one of `{known}`");
            return Err(SeedError::at(format!("{AT}.texts.{strange}"), &message));
        }
        let scopes = self.scopes.join(" ");
        let read = scopes.parse::<esia::Scopes>().map_err(|error| SeedError::at(format!("{AT}.scopes"), &error))?;
        if !read.contains("openid") || !read.contains("snils") {
            return Err(SeedError::at(
                format!("{AT}.scopes"),
                &pick("нужны хотя бы openid и snils", "openid and snils at least are needed"),
            ));
        }
        if self.services.iter().any(|service| !service.url.starts_with("http")) {
            return Err(SeedError::at(
                format!("{AT}.services"),
                &pick("адрес начинается с http", "an address begins with http"),
            ));
        }
        Ok(())
    }
}

impl ProfileSeed {
    /// Parses every value of the profile.
    ///
    /// # Errors
    /// Fails at the first invalid value, with its place under `diary.profile`.
    pub fn check(&self) -> Result<(), SeedError> {
        whole(Some(self)).map(|_| ())
    }

    /// Adds this profile to a seed document that does not name one.
    pub fn complete(&self, seed: &mut SeedDocument) {
        if seed.diary.is_null() {
            seed.diary = Value::Object(Map::new());
        }
        if let (Some(section), Ok(own)) = (seed.diary.as_object_mut(), serde_json::to_value(self)) {
            section.entry("profile").or_insert(own);
        }
    }
}
