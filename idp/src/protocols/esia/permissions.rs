//! Parameter `permissions`: consents of the digital profile that a request asks for (ESIA §5.2, ESIA-036700 to 036727).

use std::collections::BTreeSet;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use esia::{
    EsiaError, PermissionsError, Scopes,
    language::{Told, both},
};
use serde::Deserialize;
use serde_json::Value;
use worlds::{Check, mistakes::named};

use super::judge::{Judge, Rule};
use crate::{
    clients::{Client, ConsentType},
    grants::{Named, Permission},
};

const RULE: Rule = ("permissions", "ESIA §5.2, §1.5");

/// Known values of `actions`: what may be done with the data (ESIA §5.2).
const ACTIONS: [&str; 3] = ["ALL_ACTIONS_TO_DATA", "USE_DATA", "SHARE_DATA"];

/// Maximum term if the type of consent sets none, minutes: five years.
const MAX_EXPIRE_MIN: u32 = 5 * 365 * 24 * 60;

/// Maximum number of consents in one request.
const MAX_ITEMS: usize = 20;

/// Item of the parameter before validation. Every field is optional here, because each mistake has a code of its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Item {
    responsible_object: Option<String>,
    sysname: String,
    expire: Option<Value>,
    actions: Vec<Named>,
    purposes: Vec<Named>,
    scopes: Vec<Named>,
}

/// base64url with or without padding, which some clients add.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Judge<'_> {
    /// Validates `permissions` against the client's types of consent. Returns an empty list if the parameter is
    /// missing.
    pub(super) fn permissions(&self, client: &Client, scopes: &Scopes) -> Result<Vec<Permission>, EsiaError> {
        let Some(text) = self.optional("permissions")? else { return Ok(Vec::new()) };
        let items = read(text);
        let is_nothing = items.as_ref().is_ok_and(Vec::is_empty);
        let padded = text.ends_with('=').then(|| named("base64-padded", "permissions"));
        self.tolerate(RULE, both!("base64url без «=»", "base64url without «=»"), text, padded);
        if is_nothing {
            // One public client, in Go, always sends the parameter, empty or `null`.
            let nothing = ["permissions-nothing".to_owned()];
            self.tolerate(
                RULE,
                both!("без permissions, если согласий не просят", "no permissions where no consents are asked for"),
                both!("null или пустой массив", "null or an empty array"),
                nothing,
            );
            return Ok(Vec::new());
        }
        let got = match &items {
            Ok(items) => both!("согласий: {}", "consents: {}", items.len()),
            Err(wrong) => wrong.clone(),
        };
        let found =
            Check::of(RULE, both!("массив JSON в base64url", "an array of JSON in base64url"), got, items.is_ok())
                .mistakes(["permissions-form"]);
        self.require(found, EsiaError::UnreadableParameters)?;
        let has_openid = scopes.contains("openid");
        let with_openid = both!("с permissions в scope есть openid", "with permissions the scope has openid");
        let found = Check::of(RULE, with_openid, scopes.raw(), has_openid).mistakes(["scope-openid"]);
        self.require(found, EsiaError::InvalidScope)?;
        items.unwrap_or_default().into_iter().map(|item| self.permission(client, item)).collect()
    }

    fn permission(&self, client: &Client, item: Item) -> Result<Permission, EsiaError> {
        let name = item.sysname.clone();
        match allowed(client, item) {
            Ok(permission) => {
                let got = permission.scope_names().into_iter().collect::<Vec<_>>().join(" ");
                self.checks.expect(
                    RULE,
                    both!("согласие, разрешённое системе", "a consent that the client may ask for"),
                    format!("{name}: {got}"),
                    true,
                );
                Ok(permission)
            }
            Err((error, got)) => {
                let types: Vec<_> = client.spec.esia.consent_types.iter().map(|kind| kind.sysname.as_str()).collect();
                let found = Check::failed(
                    RULE,
                    both!("согласие, разрешённое системе", "a consent that the client may ask for"),
                    both!("{name}: {got}", "{name}: {got}"),
                )
                .mistakes(["permissions-refused"])
                .detail("Типы согласий системы", types.join(", "));
                Err(self.checks.refuse(found, EsiaError::Permissions(error)))
            }
        }
    }
}

fn read(text: &str) -> Result<Vec<Item>, Told> {
    let json = BASE64.decode(text).map_err(|_| both!("не base64url", "no base64url"))?;
    let items: Option<Vec<Item>> =
        serde_json::from_slice(&json).map_err(|error| both!("не тот JSON: {error}", "not the right JSON: {error}"))?;
    let items = items.unwrap_or_default();
    if items.len() > MAX_ITEMS {
        Err(both!("больше {MAX_ITEMS} согласий", "more than {MAX_ITEMS} consents"))
    } else {
        Ok(items)
    }
}

/// Returns the number of consents that a value asks for, allowed or not.
pub(crate) fn asked(text: &str) -> Option<usize> {
    read(text).ok().map(|items| items.len())
}

type Refused = (PermissionsError, Told);

/// Validates an item against its type of consent, in the order of the error codes.
fn allowed(client: &Client, item: Item) -> Result<Permission, Refused> {
    use PermissionsError::{BadExpiry, NoType, UnknownType};
    let refuse = |error, got: Told| Err((error, got));
    if item.sysname.is_empty() {
        return refuse(NoType, both!("нет sysname", "no sysname"));
    }
    let mut types = client.spec.esia.consent_types.iter();
    let Some(kind) = types.find(|kind| kind.sysname == item.sysname) else {
        return refuse(UnknownType, both!("такого типа у системы нет", "the client has no such type"));
    };
    check_scopes(client, kind, &item.scopes)?;
    check_actions(&item.actions)?;
    check_purposes(kind, &item.purposes)?;
    let longest = kind.max_expire_min.unwrap_or(MAX_EXPIRE_MIN);
    let expire = match &item.expire {
        None | Some(Value::Null) => None,
        Some(term) => {
            let minutes = term.as_u64().and_then(|minutes| u32::try_from(minutes).ok());
            let Some(minutes) = minutes.filter(|minutes| (1..=longest).contains(minutes)) else {
                return refuse(
                    BadExpiry,
                    both!(
                        "expire {term}, а нужно от 1 до {longest} минут",
                        "expire {term}, and 1 to {longest} minutes are needed"
                    ),
                );
            };
            Some(minutes)
        }
    };
    let Item { responsible_object, sysname, actions, purposes, scopes, .. } = item;
    Ok(Permission { responsible_object, sysname, expire, actions, purposes, scopes })
}

fn check_scopes(client: &Client, kind: &ConsentType, scopes: &[Named]) -> Result<(), Refused> {
    use PermissionsError::{ExcessScopes, ForbiddenScopes, MandatoryScope};
    let names: BTreeSet<&str> = scopes.iter().map(|scope| scope.sysname.as_str()).collect();
    let refuse = |error, names: Vec<&str>| Err((error, Told::from(names.join(" "))));
    let missing: Vec<_> =
        kind.mandatory_scopes.iter().map(String::as_str).filter(|name| !names.contains(name)).collect();
    if !missing.is_empty() || names.is_empty() {
        return if names.is_empty() {
            Err((MandatoryScope, both!("нет scopes", "no scopes")))
        } else {
            refuse(MandatoryScope, missing)
        };
    }
    let forbidden: Vec<_> = names.iter().copied().filter(|name| kind.forbidden_scopes.contains(*name)).collect();
    if !forbidden.is_empty() {
        return refuse(ForbiddenScopes, forbidden);
    }
    let of_type =
        |name: &str| kind.scopes.is_empty() || kind.scopes.contains(name) || kind.mandatory_scopes.contains(name);
    let is_had = |name: &str| client.spec.scopes.iter().any(|scope| scope == name);
    let excess: Vec<_> = names.into_iter().filter(|name| !of_type(name) || !is_had(name)).collect();
    if excess.is_empty() { Ok(()) } else { refuse(ExcessScopes, excess) }
}

fn check_actions(actions: &[Named]) -> Result<(), Refused> {
    if actions.is_empty() {
        return Err((PermissionsError::NoAction, both!("нет actions", "no actions")));
    }
    let unknown = actions.iter().find(|action| !ACTIONS.contains(&action.sysname.as_str()));
    unknown.map_or(Ok(()), |action| Err((PermissionsError::UnknownAction, action.sysname.as_str().into())))
}

fn check_purposes(kind: &ConsentType, purposes: &[Named]) -> Result<(), Refused> {
    if purposes.is_empty() {
        return Err((PermissionsError::NoPurpose, both!("нет purposes", "no purposes")));
    }
    let is_known =
        |name: &String| if kind.purposes.is_empty() { *name == kind.sysname } else { kind.purposes.contains(name) };
    if let Some(unknown) = purposes.iter().find(|purpose| !is_known(&purpose.sysname)) {
        return Err((PermissionsError::UnknownPurpose, unknown.sysname.as_str().into()));
    }
    if purposes.len() > 1 && !kind.several_purposes {
        return Err((PermissionsError::OnePurpose, both!("целей: {}", "purposes: {}", purposes.len())));
    }
    Ok(())
}
