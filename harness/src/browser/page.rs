//! Page as a person reads it: texts, labels and buttons instead of selectors.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{
    BrowserError, Target,
    read::{begins, has_words, is_hidden, is_whole, nearest, normal, text_of},
    target::{Kind, Words},
};
use crate::{language::tr, words::may_be};

/// Parsed HTML page with its URL and status.
#[derive(Debug)]
pub struct Page {
    url: Url,
    html: Html,
    /// HTTP status of the page, if the browser knows it.
    status: Option<u16>,
}

/// CSS selector of a form's fields.
pub(super) const FIELDS: &str = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea";
const BUTTONS: &str = "button, input[type=submit], input[type=button], [role=button], summary";
const LINKS: &str = "a[href]";

impl Page {
    /// Parses a document from `url`.
    pub fn read(url: Url, source: &str) -> Self {
        Self { url, html: Html::parse_document(source), status: None }
    }

    /// Sets the HTTP status of the page.
    #[must_use]
    pub fn with_status(self, status: Option<u16>) -> Self {
        Self { status, ..self }
    }

    /// Checks that the page is open and not an error, because the absence of a text on any other page proves nothing.
    ///
    /// # Errors
    /// Fails if no page is open, if it is an error, or if it is empty.
    pub fn must_be_open(&self) -> Result<(), BrowserError> {
        let status = self.status.unwrap_or(200);
        // A search form without results is a 404 too; it can be filled in again.
        let is_form = self.all("main form").next().is_some();
        let why = if !matches!(self.url.scheme(), "http" | "https") {
            tr!("страница ещё не открыта: сначала её надо открыть", "no page is open yet: open one first")
        } else if status >= 500 || (matches!(status, 404 | 405 | 410) && !is_form) {
            tr!("страница не открылась: сервер ответил {status}", "the page did not open: the server answered {status}")
        } else if let Some(fault) = self.fault() {
            tr!("вместо страницы ошибка: «{fault}»", "an error instead of the page: «{fault}»")
        } else if self.text().is_empty() {
            tr!("страница пуста", "the page is empty")
        } else {
            return Ok(());
        };
        Err(BrowserError::NotThere(why))
    }

    /// Message of a page which says that a request failed. A form with a mistake in it is not such a page.
    fn fault(&self) -> Option<String> {
        let fault =
            self.all("section[data-test]").find(|e| e.attr("data-test").is_some_and(|m| m.starts_with("error-")));
        fault.map(|fault| text_of(fault).lines().next().unwrap_or_default().to_owned())
    }

    /// What a form says of the first field that it did not take.
    pub fn field_error(&self) -> Option<String> {
        let field = self.all("[aria-invalid=true]").next()?;
        let told = field.attr("aria-describedby").and_then(|ids| {
            let mut ids = ids.split_whitespace();
            ids.find_map(|id| self.all("[id]").find(|element| element.attr("id") == Some(id))).map(text_of)
        });
        Some(told.unwrap_or_else(|| text_of(field)))
    }

    /// Address of the page.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Title of the document.
    pub fn title(&self) -> String {
        self.all("title").next().map(|title| normal(&title.text().collect::<String>())).unwrap_or_default()
    }

    /// HTML source of the document.
    pub fn source(&self) -> String {
        self.html.html()
    }

    /// Visible text of the page, one line for each block.
    pub fn text(&self) -> String {
        text_of(self.body())
    }

    fn body(&self) -> ElementRef<'_> {
        self.all("body").next().unwrap_or_else(|| self.html.root_element())
    }

    /// Text of the main part, without the site's header, menu and skip link.
    pub fn main_text(&self) -> String {
        self.all("main").next().map_or_else(|| self.text(), text_of)
    }

    /// Checks whether the page contains the text anywhere, across line breaks too.
    pub fn says(&self, text: &str) -> bool {
        normal(&self.text()).contains(&normal(text))
    }

    /// Checks whether the text is all of an element, of a line, or of consecutive lines.
    pub fn shows(&self, text: &str) -> bool {
        is_whole(self.body(), &normal(text))
    }

    /// Checks whether the page contains the text as whole words.
    pub fn mentions(&self, text: &str) -> bool {
        has_words(&normal(&self.text()), &normal(text))
    }

    /// Returns the texts of the page that are most like a missing one.
    pub fn like(&self, text: &str) -> Vec<String> {
        let all = self.text();
        nearest(&normal(text), all.lines())
    }

    /// Checks whether an element with this `data-test` begins with the text, up to the end of a line.
    pub fn begins(&self, data_test: &str, text: &str) -> bool {
        let said = self.lines_of(data_test);
        begins(&said.lines().collect::<Vec<_>>(), &normal(text))
    }

    /// Checks whether an element with this `data-test` contains the text as whole words.
    pub fn mentions_in(&self, data_test: &str, text: &str) -> bool {
        has_words(&normal(&self.lines_of(data_test)), &normal(text))
    }

    /// Text of the element with this `data-test`, one line for each block; empty if there is no such element.
    pub fn lines_of(&self, data_test: &str) -> String {
        self.marked(data_test).map(text_of).unwrap_or_default()
    }

    /// Texts of the links within the element with this `data-test`.
    pub fn links_in(&self, data_test: &str) -> Vec<String> {
        let links = Selector::parse(LINKS).ok().zip(self.marked(data_test));
        links.map(|(links, within)| within.select(&links).map(name_of).collect()).unwrap_or_default()
    }

    /// Checks whether the page has an element with this `data-test`.
    pub fn has(&self, data_test: &str) -> bool {
        self.marked(data_test).is_some()
    }

    /// Text of the element with this `data-test`, in one line.
    pub fn element_text(&self, data_test: &str) -> Option<String> {
        self.marked(data_test).map(|element| normal(&text_of(element)))
    }

    /// Returns the first `data-test` of the page that begins with `prefix`.
    pub fn mark(&self, prefix: &str) -> Option<String> {
        self.all("[data-test]").filter_map(|e| e.attr("data-test")).find(|m| m.starts_with(prefix)).map(str::to_owned)
    }

    /// Checks whether the page has a button or link with this text, also if there are several or it is disabled.
    pub fn has_button(&self, text: &str) -> bool {
        let wanted = normal(text);
        self.all(BUTTONS).chain(self.all(LINKS)).any(|element| name_of(element) == wanted)
    }

    /// Checks that the page has an enabled button or a link with this text; there may be several.
    ///
    /// # Errors
    /// Fails if there is none, or if it is disabled.
    pub fn must_have_button(&self, text: &str) -> Result<(), BrowserError> {
        let wanted = normal(text);
        let pressable = |element: ElementRef<'_>| name_of(element) == wanted && element.attr("disabled").is_none();
        if self.all(BUTTONS).chain(self.all(LINKS)).any(pressable) {
            return Ok(());
        }
        self.button(text.into()).map(|_| ())
    }

    /// HTTP status of the page, if the browser knows it.
    pub(crate) const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Checks whether a CSS selector matches a visible element.
    pub(crate) fn finds(&self, selector: &str) -> bool {
        self.all(selector).next().is_some()
    }

    /// Checks whether the page has a field with this label.
    pub fn has_field(&self, label: &str) -> bool {
        !self.labelled(label).is_empty()
    }

    /// Checks that the page has a field with this label.
    ///
    /// # Errors
    /// Fails if there is none.
    pub fn must_have_field(&self, label: &str) -> Result<(), BrowserError> {
        if self.has_field(label) { Ok(()) } else { self.field(label.into()).map(|_| ()) }
    }

    /// Value of a field when the page was loaded, without later input.
    pub fn value(&self, label: &str) -> Option<String> {
        self.labelled(label).first().map(|field| value_of(*field))
    }

    /// Visible tables: rows with the texts of their cells.
    pub fn tables(&self) -> Vec<Vec<Vec<String>>> {
        let (Ok(rows), Ok(cells)) = (Selector::parse("tr"), Selector::parse("th, td")) else { return Vec::new() };
        let cells_of =
            |row: ElementRef<'_>| -> Vec<String> { row.select(&cells).map(|cell| normal(&text_of(cell))).collect() };
        self.all("table").map(|table| table.select(&rows).map(cells_of).collect()).collect()
    }

    /// URLs of all links, without fragments.
    pub fn links(&self) -> Vec<Url> {
        let found = self.all("a[href]").filter_map(|link| self.url.join(link.attr("href")?).ok());
        found
            .map(|mut url| {
                url.set_fragment(None);
                url
            })
            .collect()
    }

    fn marked(&self, data_test: &str) -> Option<ElementRef<'_>> {
        self.all("[data-test]").find(|element| element.attr("data-test") == Some(data_test))
    }

    /// Returns the visible elements that match a selector; none if the selector is invalid.
    pub(super) fn all(&self, selector: &str) -> impl Iterator<Item = ElementRef<'_>> {
        let selector = Selector::parse(selector).ok();
        let found: Vec<_> =
            selector.map(|selector| self.html.select(&selector).filter(|e| shown(*e)).collect()).unwrap_or_default();
        found.into_iter()
    }

    /// Returns the button with exactly this text, or else the link.
    pub(super) fn button(&self, what: Target<'_>) -> Result<ElementRef<'_>, BrowserError> {
        let named = |selector: &str| -> Vec<_> {
            self.all(selector).filter(|element| name_of(*element) == normal(what.text)).collect()
        };
        let mut found = named(BUTTONS);
        if found.is_empty() {
            found = named(LINKS);
        }
        let button = one(&found, what, Kind::Button, &self.names(BUTTONS))?;
        if button.attr("disabled").is_some() {
            return Err(BrowserError::NotThere(tr!(
                "кнопка «{}» недоступна",
                "the button «{}» is disabled",
                what.text
            )));
        }
        Ok(button)
    }

    /// Returns the link with exactly this text, or else the only one that contains it as whole words.
    pub(super) fn link(&self, what: Target<'_>) -> Result<ElementRef<'_>, BrowserError> {
        let wanted = normal(what.text);
        let links: Vec<_> = self.all(LINKS).collect();
        let mut found: Vec<_> = links.iter().copied().filter(|link| name_of(*link) == wanted).collect();
        if found.is_empty() {
            found = links.into_iter().filter(|link| has_words(&name_of(*link), &wanted)).collect();
        }
        one(&found, what, Kind::Link, &self.names(LINKS))
    }

    /// Returns the field with this label.
    pub(super) fn field(&self, what: Target<'_>) -> Result<ElementRef<'_>, BrowserError> {
        let known: Vec<_> = self.all(FIELDS).map(|field| self.label_of(field)).collect();
        one(&self.labelled(what.text), what, Kind::Field, &known)
    }

    /// Returns fields with exactly this label, or else those whose label begins with these words («Телефон
    /// (необязательно)»).
    fn labelled(&self, label: &str) -> Vec<ElementRef<'_>> {
        let wanted = normal(label);
        let fields: Vec<_> = self.all(FIELDS).map(|field| (field, self.label_of(field))).collect();
        let pick = |fits: &dyn Fn(&str) -> bool| -> Vec<_> {
            fields.iter().filter(|(_, label)| fits(label)).map(|(field, _)| *field).collect()
        };
        let exact = pick(&|label| label == wanted);
        let begins = |label: &str| label.starts_with(&wanted) && has_words(label, &wanted);
        if exact.is_empty() { pick(&begins) } else { exact }
    }

    /// Label of a field as browsers compute it: `aria-label` comes before a `label`.
    fn label_of(&self, field: ElementRef<'_>) -> String {
        if let Some(label) = field.attr("aria-label") {
            return normal(label);
        }
        let own = field.attr("id").and_then(|id| self.all("label").find(|label| label.attr("for") == Some(id)));
        let around =
            || field.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "label");
        own.or_else(around).map(|label| normal(&text_of(label))).unwrap_or_default()
    }

    fn names(&self, selector: &str) -> Vec<String> {
        self.all(selector).map(name_of).collect()
    }
}

/// Returns the only element, or the closest one of several to the text that the target names.
fn one<'p>(
    found: &[ElementRef<'p>],
    what: Target<'_>,
    kind: Kind,
    known: &[String],
) -> Result<ElementRef<'p>, BrowserError> {
    let text = what.text;
    let Words { kind: english, kinds, genitive, many } = kind.words();
    let Some((first, rest)) = found.split_first() else {
        return Err(missing(text, kind, known));
    };
    if let Some(near) = what.near {
        let near = normal(near);
        let closest = found.iter().filter_map(|e| Some((closeness(*e, &near)?, e))).max_by_key(|(depth, _)| *depth);
        let missing = || {
            BrowserError::NotThere(tr!(
                "рядом с «{near}» нет {genitive} «{text}»",
                "there is no {english} «{text}» beside «{near}»"
            ))
        };
        return closest.map(|(_, element)| *element).ok_or_else(missing);
    }
    let same = |other: &ElementRef<'_>| first.attr("href").is_some() && first.attr("href") == other.attr("href");
    if rest.iter().all(same) {
        return Ok(*first);
    }
    Err(BrowserError::NotThere(tr!(
        "{many} «{text}» на странице несколько: скажите, у чего («… у «…»»)",
        "the page has several {kinds} «{text}»: say at what («… у «…»»)"
    )))
}

/// Error of a missing element, with the elements that exist and the most similar one.
fn missing(text: &str, kind: Kind, known: &[String]) -> BrowserError {
    let Words { kind, kinds, genitive, many } = kind.words();
    let mut names: Vec<_> = known.iter().filter(|name| !name.is_empty()).map(|name| format!("«{name}»")).collect();
    names.dedup();
    if names.is_empty() {
        return BrowserError::NotThere(tr!(
            "на странице нет {genitive} «{text}»: {many} на ней нет вообще",
            "the page has no {kind} «{text}»: it has no {kinds} at all"
        ));
    }
    let near = nearest(&normal(text), known.iter().map(String::as_str));
    let meant = near.first().map(|near| format!("\n  {}{near}", may_be())).unwrap_or_default();
    BrowserError::NotThere(tr!(
        "на странице нет {genitive} «{text}»: есть {}{meant}",
        "the page has no {kind} «{text}»: it has {}{meant}",
        names.join(", ")
    ))
}

/// Depth of the nearest ancestor that contains the text, in words or in a field: the deeper, the closer.
fn closeness(element: ElementRef<'_>, near: &str) -> Option<usize> {
    let ancestors: Vec<_> = element.ancestors().filter_map(ElementRef::wrap).collect();
    let nearest = ancestors.iter().position(|ancestor| {
        let fields = Selector::parse(FIELDS).ok();
        has_words(&normal(&text_of(*ancestor)), near)
            || fields.is_some_and(|fields| ancestor.select(&fields).any(|field| value_of(field) == near))
    })?;
    Some(ancestors.len() - nearest)
}

/// Initial value of a field.
pub(super) fn value_of(field: ElementRef<'_>) -> String {
    match field.value().name() {
        "select" => chosen(field).map(option_value).unwrap_or_default(),
        "textarea" => field.text().collect(),
        _ => field.attr("value").unwrap_or_default().to_owned(),
    }
}

/// Whether a field takes nothing: it is disabled itself, or with the group in which it stands (HTML, *Form controls: disabled*).
pub(super) fn is_disabled(field: ElementRef<'_>) -> bool {
    let mut groups = field.ancestors().filter_map(ElementRef::wrap);
    field.attr("disabled").is_some()
        || groups.any(|group| group.value().name() == "fieldset" && group.attr("disabled").is_some())
}

/// A person can type into the field.
///
/// # Errors
/// A field that is disabled or only read, or a mark.
pub(super) fn takes_text(field: ElementRef<'_>, name: &str) -> Result<(), BrowserError> {
    let why = match field.attr("type").unwrap_or_default() {
        _ if is_disabled(field) => tr!("поле «{name}» недоступно для ввода", "the field «{name}» is disabled"),
        _ if field.attr("readonly").is_some() => {
            tr!("поле «{name}» только для чтения", "the field «{name}» is read-only")
        }
        "checkbox" | "radio" => tr!(
            "«{name}» — отметка, а не текст: её ставит шаг «отмечает «{name}»»",
            "«{name}» is a mark and no text: the step «отмечает «{name}»» sets it"
        ),
        _ => return Ok(()),
    };
    Err(BrowserError::NotThere(why))
}

/// A person can set this mark, or take it away.
///
/// # Errors
/// A field that is disabled or no mark; a choice of one among several, which is taken away by another choice alone.
pub(super) fn takes_mark(field: ElementRef<'_>, name: &str, on: bool) -> Result<(), BrowserError> {
    let why = match field.attr("type").unwrap_or_default() {
        _ if is_disabled(field) => tr!("отметка «{name}» недоступна", "the mark «{name}» is disabled"),
        "checkbox" => return Ok(()),
        "radio" if on => return Ok(()),
        "radio" => tr!(
            "отметку «{name}» не снять: выбирают другой вариант",
            "the mark «{name}» cannot be taken away: another one is chosen"
        ),
        _ => {
            tr!("«{name}» — не отметка: в это поле вводят текст", "«{name}» is no mark: text is typed into this field")
        }
    };
    Err(BrowserError::NotThere(why))
}

/// Returns the option with this text.
pub(super) fn option<'p>(select: ElementRef<'p>, text: &str) -> Result<ElementRef<'p>, BrowserError> {
    let named = |option: &ElementRef<'_>| normal(&option.text().collect::<String>());
    let all = options(select);
    all.iter().find(|option| named(option) == normal(text)).copied().ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|option| format!("«{}»", named(option))).collect();
        BrowserError::NotThere(tr!(
            "в списке нет «{text}»: есть {}",
            "the list has no «{text}»: it has {}",
            known.join(", ")
        ))
    })
}

fn options(select: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    Selector::parse("option").map(|selector| select.select(&selector).collect()).unwrap_or_default()
}

fn chosen(select: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let all = options(select);
    all.iter().find(|option| option.attr("selected").is_some()).or(all.first()).copied()
}

/// Value that an option submits.
pub(super) fn option_value(option: ElementRef<'_>) -> String {
    option.attr("value").map_or_else(|| normal(&option.text().collect::<String>()), str::to_owned)
}

/// CSS path that selects exactly this element, also in a real browser.
pub(super) fn path_of(element: ElementRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut here = Some(element);
    while let Some(element) = here {
        let before = element.prev_siblings().filter_map(ElementRef::wrap).count();
        steps.push(format!("{}:nth-child({})", element.value().name(), before + 1));
        here = element.parent().and_then(ElementRef::wrap);
    }
    steps.reverse();
    steps.join(" > ")
}

/// CSS paths of the `summary` elements that must be clicked to unfold an element, the outermost first.
pub(super) fn folds_of(element: ElementRef<'_>) -> Vec<String> {
    let (mut folds, mut inner) = (Vec::new(), element);
    for around in element.ancestors().filter_map(ElementRef::wrap) {
        let is_folded = around.value().name() == "details" && around.attr("open").is_none();
        if is_folded && inner.value().name() != "summary" {
            folds.push(format!("{} > summary", path_of(around)));
        }
        inner = around;
    }
    folds.reverse();
    folds
}

fn name_of(element: ElementRef<'_>) -> String {
    let text = normal(&text_of(element));
    if !text.is_empty() {
        return text;
    }
    normal(element.attr("value").or_else(|| element.attr("aria-label")).unwrap_or_default())
}

/// Checks that neither the element nor an ancestor is hidden.
fn shown(element: ElementRef<'_>) -> bool {
    let hidden = |e: ElementRef<'_>| is_hidden(e) || e.value().name() == "template";
    !hidden(element) && !element.ancestors().filter_map(ElementRef::wrap).any(hidden)
}
