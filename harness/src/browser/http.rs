//! Browser without a screen: forms, cookies and redirects over plain HTTP.

use std::{
    collections::BTreeMap,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{
    Client, RequestBuilder,
    cookie::Jar,
    redirect::{Attempt, Policy},
};
use scraper::ElementRef;
use url::Url;

use super::{
    Browser, BrowserError, Download, Page, Target,
    page::{is_disabled, option, option_value, path_of, takes_mark, takes_text, value_of},
};
use crate::{
    language::tr,
    net,
    race::Turn,
    wire::{Book, WalkError, Walked, Walker, Wire, disposition},
};

/// Time limit for one page.
const PATIENCE: Duration = Duration::from_secs(15);
/// Maximum number of redirects in a row.
const REDIRECTS: usize = 20;

/// Browser that reads pages and fills in forms over plain HTTP. A clone shares the cookies.
#[derive(Debug, Clone)]
pub struct HttpBrowser {
    client: Client,
    jar: Arc<Jar>,
    reach: Reach,
    /// Follows redirects request by request; if `None`, the client follows them itself.
    walker: Option<Walker>,
    /// Follows redirects in a race, where each request waits for its turn.
    racing: Option<Walker>,
    page: Rc<Page>,
    /// Page before the current one, for going back.
    before: Option<Rc<Page>>,
    /// Values typed or picked since the page was loaded, by the path of the field.
    typed: BTreeMap<String, Typed>,
}

#[derive(Debug, Clone)]
enum Typed {
    Text(String),
    Mark(bool),
}

/// Settings of the HTTP client.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// Whether proxies of the environment are bypassed.
    direct: bool,
    /// Time limit for one page.
    patience: Duration,
}

impl HttpBrowser {
    /// Creates a browser without cookies. `direct` bypasses proxies of the environment.
    ///
    /// # Errors
    /// Fails if no HTTP client can be built.
    pub fn new(direct: bool) -> Result<Self, BrowserError> {
        Self::with(direct, PATIENCE, Policy::limited(REDIRECTS))
    }

    /// Creates a browser whose requests are sent through a wire and recorded in a book.
    ///
    /// # Errors
    /// Fails if no HTTP client can be built.
    pub fn over(wire: &Arc<Wire>, book: &Arc<Book>, direct: bool) -> Result<Self, BrowserError> {
        let mut browser = Self::with(direct, PATIENCE, Policy::none())?;
        browser.walker = Some(browser.walking(wire, book)?);
        Ok(browser)
    }

    /// Creates a browser with another time limit for a page.
    ///
    /// # Errors
    /// Fails if no HTTP client can be built.
    pub(crate) fn patient(direct: bool, patience: Duration) -> Result<Self, BrowserError> {
        Self::with(direct, patience, Policy::limited(REDIRECTS))
    }

    /// Creates a browser that does not follow redirects from `site` to another site; [`Held`] receives their target.
    ///
    /// # Errors
    /// Fails if no HTTP client can be built.
    pub(crate) fn held(direct: bool, patience: Duration, site: &Url) -> Result<(Self, Held), BrowserError> {
        let (held, site) = (Held::default(), site.to_string());
        let slot = held.clone();
        let policy = Policy::custom(move |attempt: Attempt<'_>| {
            let is_of = |url: &Url| url.as_str().starts_with(&site);
            if attempt.previous().last().is_some_and(is_of) && !is_of(attempt.url()) {
                slot.put(attempt.url().clone());
                return attempt.stop();
            }
            if attempt.previous().len() > REDIRECTS { attempt.error("too many redirects") } else { attempt.follow() }
        });
        Ok((Self::with(direct, patience, policy)?, held))
    }

    fn with(direct: bool, patience: Duration, policy: Policy) -> Result<Self, BrowserError> {
        let (jar, reach) = (Arc::new(Jar::default()), Reach { direct, patience });
        let client = reach.client(&jar, policy)?;
        let (page, typed) = (blank()?, BTreeMap::new());
        Ok(Self { client, jar, reach, walker: None, racing: None, page, before: None, typed })
    }

    /// Walker that follows redirects with the cookies of this browser.
    fn walking(&self, wire: &Arc<Wire>, book: &Arc<Book>) -> Result<Walker, BrowserError> {
        Ok(Walker {
            client: self.reach.client(&self.jar, Policy::none())?,
            wire: Arc::clone(wire),
            book: Arc::clone(book),
            jar: Arc::clone(&self.jar),
            redirects: REDIRECTS,
            turn: None,
        })
    }

    async fn load(&mut self, request: RequestBuilder) -> Result<(), BrowserError> {
        let Walked { url, status, source, .. } = self.answered(request).await?;
        let page = Rc::new(Page::read(url, &source).with_status(Some(status)));
        self.before = Some(std::mem::replace(&mut self.page, page));
        self.typed.clear();
        Ok(())
    }

    async fn answered(&self, request: RequestBuilder) -> Result<Walked, BrowserError> {
        if let Some(walker) = self.racing.as_ref().or(self.walker.as_ref()) {
            let request = request.build().map_err(|error| failed(&error))?;
            return walker.walk(request).await.map_err(|error| match error {
                WalkError::Refused(told) => BrowserError::NotThere(told),
                WalkError::Failed(error) => failed(&error),
                WalkError::Endless => endless(),
            });
        }
        let response = request.send().await.map_err(|error| failed(&error))?;
        let (url, status) = (response.url().clone(), response.status().as_u16());
        let disposition = disposition(response.headers());
        let source = net::text(response).await.map_err(|error| failed(&error))?;
        Ok(Walked { url, status, source, disposition })
    }

    async fn activate(&mut self, element: ElementRef<'_>) -> Result<(), BrowserError> {
        let request = self.request_of(element)?;
        self.load(request).await
    }

    /// Returns the request that a link or a button sends.
    fn request_of(&self, element: ElementRef<'_>) -> Result<RequestBuilder, BrowserError> {
        if element.value().name() == "a" {
            let to = join(self.page.url(), element.attr("href").unwrap_or_default())?;
            return Ok(self.client.get(to));
        }
        let Some(form) = self.form_of(element) else {
            return Err(BrowserError::NotThere(tr!(
                "кнопка не относится ни к какой форме",
                "the button belongs to no form"
            )));
        };
        let own = |name: &str| element.attr(&format!("form{name}")).or_else(|| form.attr(name));
        let mut to = join(self.page.url(), own("action").unwrap_or_default())?;
        let pairs = self.entries(form, element);
        if own("method").is_some_and(|method| method.eq_ignore_ascii_case("post")) {
            return Ok(self.client.post(to).form(&pairs));
        }
        to.query_pairs_mut().clear().extend_pairs(&pairs);
        Ok(self.client.get(to))
    }

    fn form_of<'p>(&'p self, element: ElementRef<'p>) -> Option<ElementRef<'p>> {
        if let Some(id) = element.attr("form") {
            return self.page.all("form").find(|form| form.attr("id") == Some(id));
        }
        element.ancestors().filter_map(ElementRef::wrap).find(|ancestor| ancestor.value().name() == "form")
    }

    /// Entries that a form submits when this button is pressed (HTML, *Constructing the entry list*).
    fn entries(&self, form: ElementRef<'_>, pressed: ElementRef<'_>) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for control in self.page.all("input, select, textarea, button") {
            let mine = self.form_of(control).is_some_and(|owner| owner.id() == form.id());
            let Some(name) = control.attr("name").filter(|_| mine && !is_disabled(control)) else {
                continue;
            };
            if let Some(value) = self.sent(control, pressed) {
                pairs.push((name.to_owned(), value));
            }
        }
        pairs
    }

    fn sent(&self, control: ElementRef<'_>, pressed: ElementRef<'_>) -> Option<String> {
        let typed = self.typed.get(&path_of(control));
        match (control.value().name(), control.attr("type").unwrap_or_default()) {
            ("button", _) | ("input", "submit" | "button" | "image" | "reset") => {
                (control.id() == pressed.id()).then(|| control.attr("value").unwrap_or_default().to_owned())
            }
            ("input", "checkbox" | "radio") => {
                let marked = match typed {
                    Some(Typed::Mark(on)) => *on,
                    _ => control.attr("checked").is_some(),
                };
                marked.then(|| control.attr("value").unwrap_or("on").to_owned())
            }
            _ => match typed {
                Some(Typed::Text(text)) => Some(text.clone()),
                _ => Some(value_of(control)),
            },
        }
    }
}

impl Reach {
    fn client(self, jar: &Arc<Jar>, policy: Policy) -> Result<Client, BrowserError> {
        let builder = web::http_client().timeout(self.patience).redirect(policy).user_agent("esia-stand");
        let builder = if self.direct { builder.no_proxy() } else { builder };
        let client = builder.cookie_provider(Arc::clone(jar)).build();
        client.map_err(|error| BrowserError::Unreachable(error.to_string()))
    }
}

/// Page before the first one is opened: `about:blank`.
fn blank() -> Result<Rc<Page>, BrowserError> {
    let blank = Url::parse("about:blank").map_err(|error| BrowserError::Unreachable(error.to_string()))?;
    Ok(Rc::new(Page::read(blank, "")))
}

/// Target of the redirect that a held browser did not follow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held(Arc<Mutex<Option<Url>>>);

impl Held {
    fn put(&self, url: Url) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(url);
    }

    /// Takes the target; `None` until the next redirect.
    pub(crate) fn take(&self) -> Option<Url> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn join(base: &Url, reference: &str) -> Result<Url, BrowserError> {
    base.join(reference).map_err(|error| {
        BrowserError::NotThere(tr!(
            "адрес «{reference}» не читается: {error}",
            "the address «{reference}» cannot be read: {error}"
        ))
    })
}

fn endless() -> BrowserError {
    BrowserError::NotThere(tr!(
        "страница перенаправляет больше {REDIRECTS} раз подряд",
        "the page redirects more than {REDIRECTS} times in a row"
    ))
}

fn failed(error: &reqwest::Error) -> BrowserError {
    if error.is_redirect() {
        return endless();
    }
    BrowserError::Unreachable(crate::control::reason(error))
}

#[async_trait(?Send)]
impl Browser for HttpBrowser {
    async fn open(&mut self, url: &Url) -> Result<(), BrowserError> {
        self.load(self.client.get(url.clone())).await
    }

    async fn back(&mut self) -> Result<(), BrowserError> {
        self.page = self
            .before
            .take()
            .ok_or_else(|| BrowserError::NotThere(tr!("возвращаться некуда", "there is no page to go back to")))?;
        self.typed.clear();
        Ok(())
    }

    /// Loads the page again, because without scripts only the server can change it. Typed values are lost, as in any
    /// browser.
    async fn refresh(&mut self) -> Result<(), BrowserError> {
        if !matches!(self.page.url().scheme(), "http" | "https") {
            return Ok(());
        }
        let url = self.page.url().clone();
        let before = self.before.take();
        self.open(&url).await?;
        self.before = before;
        Ok(())
    }

    async fn download(&mut self, what: Target<'_>) -> Result<Download, BrowserError> {
        let request = {
            let page = Rc::clone(&self.page);
            let element = page.button(what).or_else(|_| page.link(what))?;
            self.request_of(element)?
        };
        let Walked { url, status, source, disposition } = self.answered(request).await?;
        Ok(Download::of(&url, status, source, disposition.as_deref()))
    }

    async fn press(&mut self, what: Target<'_>) -> Result<(), BrowserError> {
        let page = Rc::clone(&self.page);
        self.activate(page.button(what)?).await
    }

    async fn follow(&mut self, what: Target<'_>) -> Result<(), BrowserError> {
        let page = Rc::clone(&self.page);
        self.activate(page.link(what)?).await
    }

    async fn fill(&mut self, field: Target<'_>, value: &str) -> Result<(), BrowserError> {
        let element = self.page.field(field)?;
        takes_text(element, field.text)?;
        let value =
            if element.value().name() == "select" { option_value(option(element, value)?) } else { value.to_owned() };
        self.typed.insert(path_of(element), Typed::Text(value));
        Ok(())
    }

    async fn check(&mut self, field: Target<'_>, on: bool) -> Result<(), BrowserError> {
        let page = Rc::clone(&self.page);
        let element = page.field(field)?;
        takes_mark(element, field.text, on)?;
        if element.attr("type") == Some("radio") {
            let group = page.all("input[type=radio]").filter(|other| other.attr("name") == element.attr("name"));
            self.typed.extend(group.map(|other| (path_of(other), Typed::Mark(false))));
        }
        self.typed.insert(path_of(element), Typed::Mark(on));
        Ok(())
    }

    async fn page(&mut self) -> Result<Rc<Page>, BrowserError> {
        Ok(Rc::clone(&self.page))
    }

    async fn tab(&mut self) -> Result<Box<dyn Browser>, BrowserError> {
        Ok(Box::new(Self { page: blank()?, before: None, typed: BTreeMap::new(), ..self.clone() }))
    }

    fn take_turns(&mut self, turn: Turn) -> Result<(), BrowserError> {
        let walker = match &self.walker {
            Some(walker) => walker.clone(),
            None => self.walking(&Arc::default(), &Arc::default())?,
        };
        self.racing = Some(Walker { turn: Some(turn), ..walker });
        Ok(())
    }

    fn leave_turns(&mut self) {
        self.racing = None;
    }
}
