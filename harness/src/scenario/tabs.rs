//! Tabs of one person's browser: «Анна (вкладка 2)» is Анна, with her cookies and another page.

/// Separator between the person and the number of a tab.
const TAB: &str = " (вкладка ";

/// Returns the person whose browser a tab belongs to.
pub(crate) fn person_of(who: &str) -> &str {
    who.split_once(TAB).map_or(who, |(person, _)| person)
}

/// Checks whether the name denotes a further tab.
pub(crate) fn is_tab(who: &str) -> bool {
    who.contains(TAB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_one_of_its_person() {
        assert_eq!((person_of("тётя Галя (вкладка 2)"), is_tab("тётя Галя (вкладка 2)")), ("тётя Галя", true));
        assert_eq!((person_of("Анна"), is_tab("Анна")), ("Анна", false));
    }
}
