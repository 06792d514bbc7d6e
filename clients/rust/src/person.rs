//! Somebody of a world.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use reqwest::{Client, cookie::Jar, header::SET_COOKIE};
use serde::Deserialize;
use url::Url;

use crate::{
    Error, Message, Outbox, Result, Server,
    contract::{LIST_PEOPLE, OPEN_SESSION},
    servers::Servers,
};

/// Somebody of a world.
#[derive(Debug, Clone)]
pub struct Person {
    pub(crate) key: String,
    pub(crate) servers: Arc<Servers>,
}

/// What the servers tell of somebody.
#[derive(Debug, Clone, Deserialize)]
pub struct About {
    /// The key in the seed, as `анна`.
    pub key: String,
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// What the person is in the story, in Russian.
    pub about: Option<String>,
    /// What is typed while passwords work.
    pub login: Option<String>,
    /// The password that goes with the login.
    pub password: Option<String>,
    /// E-mail addresses and phones, of both servers.
    #[serde(default)]
    pub contacts: Vec<String>,
    /// The number of the account at Gosuslugi.
    pub oid: Option<u64>,
}

/// A session that was opened without a password.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// For `Authorization: Bearer` at the JSON endpoints of the person.
    #[serde(rename = "session")]
    pub token: String,
    /// Signs in whatever browser opens it, once.
    pub link: Url,
    /// Instant of the world's clock until which the link works.
    pub link_expires_at: DateTime<Utc>,
    /// `Set-Cookie` of the pages.
    #[serde(skip)]
    pub cookies: Vec<String>,
}

impl Session {
    /// The link, leading on to a page of the same world, as `/lk/family`.
    pub fn link_to(&self, page: &str) -> Url {
        let mut link = self.link.clone();
        link.query_pairs_mut().append_pair("next", page);
        link
    }

    /// Signs a browser in whose cookies are kept here.
    pub fn keep_in(&self, jar: &Jar) {
        self.cookies.iter().for_each(|cookie| jar.add_cookie_str(cookie, &self.link));
    }
}

impl Person {
    /// Asks both servers about this person.
    ///
    /// # Errors
    /// [`Error::Nobody`] with those that there are.
    pub async fn about(&self) -> Result<About> {
        let mut found: Option<About> = None;
        let mut known = BTreeSet::new();
        for control in &self.servers.all {
            let people: Vec<About> = control.send(control.to(&LIST_PEOPLE)).await?;
            known.extend(people.iter().map(|person| person.key.clone()));
            let is_meant = |person: &About| person.key == self.key || person.login.as_deref() == Some(&self.key);
            let Some(person) = people.into_iter().find(is_meant) else { continue };
            match &mut found {
                Some(found) => {
                    let more: Vec<_> =
                        person.contacts.into_iter().filter(|contact| !found.contacts.contains(contact)).collect();
                    found.contacts.extend(more);
                }
                None => found = Some(person),
            }
        }
        found.ok_or_else(|| Error::Nobody {
            world: self.servers.world.clone(),
            key: self.key.clone(),
            known: known.into_iter().collect::<Vec<_>>().join(", "),
        })
    }

    /// Letters and SMS to this person, newest first.
    ///
    /// # Errors
    /// [`Error::Nobody`], or as the control API refuses.
    pub async fn outbox(&self) -> Result<Vec<Message>> {
        let contacts = self.about().await?.contacts;
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        Outbox(Arc::clone(&self.servers)).all(&contacts).await
    }

    /// Opens a session without a password, and leaves it to the caller what to do with it.
    ///
    /// # Errors
    /// As the control API refuses: nobody is called so, an account that may not sign in.
    pub async fn open_session(&self, server: Server) -> Result<Session> {
        let control = self.servers.at(server)?;
        let answer = control.answer(control.to_one(&OPEN_SESSION, &self.key)).await?;
        let cookies = answer.headers().get_all(SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok().map(str::to_owned)).collect();
        let session: Session = control.read(answer).await?;
        Ok(Session { cookies, ..session })
    }

    /// An HTTP client that keeps cookies, follows redirects and is signed in at Gosuslugi as this person.
    ///
    /// # Errors
    /// As [`Person::open_session`].
    pub async fn sign_in(&self) -> Result<Client> {
        self.sign_in_at(Server::Idp).await
    }

    /// The same at another server.
    ///
    /// # Errors
    /// As [`Person::open_session`].
    pub async fn sign_in_at(&self, server: Server) -> Result<Client> {
        let jar = Jar::default();
        self.open_session(server).await?.keep_in(&jar);
        let client = self.servers.at(server)?.address.client()?.cookie_provider(Arc::new(jar)).build();
        client.map_err(|error| Error::NoClient(error.to_string()))
    }
}
