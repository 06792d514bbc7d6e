//! Checks of seeds beyond those of the servers: seeds that both servers accept, but with which scenarios fail.

use std::collections::BTreeSet;

use crate::language::tr;
use diary::Profile;
use worlds::{
    SeedDocument, SeedError,
    text::{in_cyrillic, strangers},
};

/// Returns all mistakes of this kind.
pub(super) fn mistakes(document: &SeedDocument) -> Vec<SeedError> {
    let (Ok(gosuslugi), Ok(diary)) = (document.gosuslugi::<idp::Seed>(), document.diary::<diary::Seed>()) else {
        return Vec::new();
    };
    let mut wrong = makers(&gosuslugi);
    if !document.diary.is_null() {
        wrong.extend(client(&gosuslugi, &diary));
        wrong.extend(classes(&diary));
    }
    wrong
}

/// Checks that everyone who made an account for a child has the child's card.
fn makers(seed: &idp::Seed) -> Vec<SeedError> {
    let made = seed.people.iter().filter_map(|(key, person)| Some((key, person.account.as_ref()?.made_by.as_ref()?)));
    let strangers = made
        .filter(|(child, by)| !seed.families.iter().any(|family| family.guardian == **by && family.child == **child));
    let told = strangers.map(|(child, by)| {
        let guardians = seed.families.iter().filter(|family| family.child == *child).map(|family| &*family.guardian);
        let guardians: Vec<_> = guardians.collect();
        let way_out = if guardians.is_empty() {
            tr!(
                "добавьте карточку в families: {{guardian: {by}, child: {child}}}",
                "add a card to families: {{guardian: {by}, child: {child}}}"
            )
        } else {
            tr!("карточка есть у {}", "the card is with {}", guardians.join(", "))
        };
        let message = tr!(
            "у «{by}» нет карточки ребёнка «{child}»: {way_out}",
            "\"{by}\" has no card of the child \"{child}\": {way_out}"
        );
        SeedError::at(format!("gosuslugi.people.{child}.account.made-by"), &message)
    });
    told.collect()
}

/// Checks that Gosuslugi has a client with the diary's mnemonic.
fn client(gosuslugi: &idp::Seed, diary: &diary::Seed) -> Option<SeedError> {
    let profile = match &diary.profile {
        Some(named) => Profile::whole(named).ok()?,
        None => Profile::built_in("ryazan").ok()?,
    };
    let mnemonic = diary.provider.mnemonic.clone().unwrap_or_else(|| profile.mnemonic.clone());
    let mut clients = gosuslugi.clients.iter().chain(&gosuslugi.clients_of_settings);
    if clients.any(|client| client.mnemonic.to_string() == mnemonic) {
        return None;
    }
    let message = tr!(
        "дневник входит на Госуслуги как «{mnemonic}», а такой системы в gosuslugi.clients нет: добавьте её (пример — в мире \
         «петровы»)",
        "the diary is the client \"{mnemonic}\" of Gosuslugi, and gosuslugi.clients has no such system: add it (the world \
         «петровы» has an example)"
    );
    Some(SeedError::at(
        if diary.provider.mnemonic.is_some() { "diary.provider.mnemonic" } else { "gosuslugi.clients" },
        &message,
    ))
}

/// Checks that the classes named by staff and homework exist: in `classes`, in a school, or in a pupil's record.
fn classes(diary: &diary::Seed) -> Vec<SeedError> {
    if diary.generate.is_some() {
        return Vec::new();
    }
    let of_schools = diary.schools.values().flat_map(|school| school.classes.keys());
    let of_pupils = diary.pupils.values().map(|pupil| &pupil.class);
    let known: BTreeSet<_> = diary.classes.keys().chain(of_schools).chain(of_pupils).collect();
    let own = diary.staff.iter().flat_map(|(key, staff)| {
        let own = staff.classes.iter().enumerate();
        let own = own.map(move |(index, class)| (format!("diary.staff.{key}.classes[{index}]"), class));
        let taught = staff.teaches.iter().enumerate();
        own.chain(taught.map(move |(index, one)| (format!("diary.staff.{key}.teaches[{index}].class"), &one.class)))
    });
    let homework = diary.homework.iter().enumerate();
    let homework = homework.map(|(index, one)| (format!("diary.homework[{index}].class"), &one.class));
    let lost = own.chain(homework).filter(|(_, class)| !known.contains(class));
    let told = lost.map(|(path, class)| {
        let alike = known.iter().find(|known| in_cyrillic(known) == in_cyrillic(class));
        let letters = strangers(class) + alike.map(|class| strangers(class)).unwrap_or_default().as_str();
        let why = match alike {
            Some(alike) => tr!(
                "есть «{alike}», где другие буквы (латинские: «{letters}»)",
                "there is \"{alike}\" in other letters (Latin: \"{letters}\")"
            ),
            None => tr!("ни ученика в нём, ни расписания", "neither a pupil nor a timetable names it"),
        };
        SeedError::at(
            path,
            &tr!("класса «{class}» в дневнике нет: {why}", "there is no class \"{class}\" in the diary: {why}"),
        )
    });
    told.collect()
}
