//! The menu in the head of a site's pages. Pure.

/// A section of a site in its menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MenuItem {
    /// Address of the section's first page, within the world.
    pub path: &'static str,
    /// The section's name, in Russian.
    pub title: &'static str,
    /// How much there waits for the person; shown beside the name when there is any.
    pub news: usize,
    /// Where the section's pages stand that are not below its first one.
    pub below: Option<&'static str>,
}

impl MenuItem {
    /// A section in which nothing waits.
    pub const fn new(path: &'static str, title: &'static str) -> Self {
        Self { path, title, news: 0, below: None }
    }

    /// The same with pages at another address and below it.
    #[must_use]
    pub const fn and_below(self, path: &'static str) -> Self {
        Self { below: Some(path), ..self }
    }

    /// Length of the part of an address at which the section's pages stand; none when this is no page of the section.
    fn holds(&self, here: &str) -> Option<usize> {
        let rest = |path: &str| here.strip_prefix(path).map(|rest| rest.is_empty() || rest.starts_with('/'));
        let paths = [Some(self.path), self.below].into_iter().flatten();
        paths.filter(|path| rest(path) == Some(true)).map(str::len).max()
    }

    /// Value of `aria-current` of this section of a menu: `page` on its first page, `true` on one below it.
    pub(crate) fn current(&self, menu: &[Self], here: &str) -> Option<&'static str> {
        if self.path == here {
            return Some("page");
        }
        let own = self.holds(here)?;
        let is_nearest = menu.iter().filter_map(|one| one.holds(here)).all(|other| other <= own);
        is_nearest.then_some("true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_of_a_page_is_marked_and_no_other() {
        let [home, family, profile] = ["/lk", "/lk/family", "/lk/profile"].map(|path| MenuItem::new(path, "раздел"));
        let menu = [home, family, profile.and_below("/lk/consents")];
        let marked = |here: &str| {
            let marked = menu.iter().filter_map(|item| Some(format!("{} {}", item.path, item.current(&menu, here)?)));
            marked.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(marked("/lk"), "/lk page");
        assert_eq!(marked("/lk/family"), "/lk/family page");
        assert_eq!(marked("/lk/family/7/account"), "/lk/family true");
        assert_eq!(marked("/lk/familyhood"), "/lk true");
        assert_eq!([marked("/lk/consents"), marked("/lk/consents/history")], ["/lk/profile true", "/lk/profile true"]);
        assert_eq!(marked("/login"), "");
    }
}
