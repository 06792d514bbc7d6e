//! Successful response of the token endpoint, decoded so that its tokens can be changed.

use serde_json::{Map, Value};

use super::jwt::Jwt;
use crate::signing::{KeyRing, at_hash};

/// Response with its tokens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TokenAnswer {
    /// Members of the response. Members with changed tokens are replaced when the response is serialized.
    pub(super) members: Map<String, Value>,
    pub(super) access: Option<Jwt>,
    pub(super) id: Option<Jwt>,
    /// Whether `at_hash` is computed again from the access token.
    pub(super) keeps_at_hash: bool,
}

impl TokenAnswer {
    /// Decodes a response; `None` if it is not a JSON object with an access token that is a JWT.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let members: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let token = |name: &str| members.get(name).and_then(Value::as_str).and_then(Jwt::parse);
        let (access, id) = (token("access_token"), token("id_token"));
        access.is_some().then_some(Self { members, access, id, keeps_at_hash: true })
    }

    /// Tokens that a fault changes: `id`, `access` or `both`.
    pub(super) fn named(&mut self, which: &str) -> impl Iterator<Item = &mut Jwt> {
        let access = self.access.as_mut().filter(|_| which != "id");
        let id = self.id.as_mut().filter(|_| which != "access");
        access.into_iter().chain(id)
    }

    /// Serializes the response, with changed tokens signed by keys of the world; `before` is the original response.
    pub(super) fn body(&self, before: &Self, keys: &KeyRing) -> Option<Vec<u8>> {
        let mut members = self.members.clone();
        let mut id = self.id.clone();
        let was = |name: &str| before.members.get(name) == members.get(name);
        let (is_access_own, is_id_own) = (was("access_token"), was("id_token"));
        if let Some(access) =
            self.access.as_ref().filter(|access| is_access_own && before.access.as_ref() != Some(access))
        {
            let token = access.signed(keys)?;
            if let Some(id) = id.as_mut().filter(|id| self.keeps_at_hash && id.has("at_hash")) {
                id.set("at_hash", at_hash(&token));
            }
            members.insert("access_token".to_owned(), token.into());
        }
        if let Some(id) = id.as_ref().filter(|id| is_id_own && before.id.as_ref() != Some(id)) {
            members.insert("id_token".to_owned(), id.signed(keys)?.into());
        }
        serde_json::to_vec(&members).ok()
    }
}
