//! Tabs of one person's browser: «Анна (вкладка 2)» is Анна, with her cookies and another page.

/// What stands before the number of a tab.
const TAB: &str = " (вкладка ";

/// The person whose browser it is.
pub(crate) fn person_of(who: &str) -> &str {
    who.split_once(TAB).map_or(who, |(person, _)| person)
}

/// Whether it is another tab than the first.
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
