//! Generation of a whole school from the world's seed: classes, pupils with parents, teachers, timetables. Equal seeds
//! make equal schools. СНИЛС come from the range that is not issued to real people.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use esia::{FullName, Snils};
use worlds::WorldRng;

use super::{Parent, Pupil, Register, Relation, Role, Staff};
use crate::seed::Weekday;

/// Number of pupils in a class.
const CLASS_SIZE: usize = 25;
/// First СНИЛС to try, without its check number: people named in seeds have smaller ones.
const FIRST_SNILS: u32 = 100_000;
/// Last СНИЛС that is not issued to real people.
const LAST_SNILS: u32 = 1_001_998;

const SURNAMES: [&str; 24] = [
    "Абрамов",
    "Белов",
    "Виноградов",
    "Гусев",
    "Данилов",
    "Егоров",
    "Жуков",
    "Зайцев",
    "Ильин",
    "Киселёв",
    "Лебедев",
    "Макаров",
    "Новиков",
    "Осипов",
    "Поляков",
    "Романов",
    "Соловьёв",
    "Титов",
    "Ушаков",
    "Фролов",
    "Харитонов",
    "Цветков",
    "Чернов",
    "Широков",
];
const BOYS: [&str; 12] = [
    "Александр",
    "Артём",
    "Даниил",
    "Дмитрий",
    "Егор",
    "Иван",
    "Кирилл",
    "Максим",
    "Матвей",
    "Михаил",
    "Роман",
    "Тимофей",
];
const GIRLS: [&str; 12] =
    ["Алиса", "Анна", "Варвара", "Вероника", "Дарья", "Ева", "Екатерина", "Мария", "Полина", "София", "Ульяна", "Юлия"];
const FATHERS: [(&str, &str, &str); 8] = [
    ("Андрей", "Андреевич", "Андреевна"),
    ("Владимир", "Владимирович", "Владимировна"),
    ("Денис", "Денисович", "Денисовна"),
    ("Константин", "Константинович", "Константиновна"),
    ("Николай", "Николаевич", "Николаевна"),
    ("Олег", "Олегович", "Олеговна"),
    ("Павел", "Павлович", "Павловна"),
    ("Сергей", "Сергеевич", "Сергеевна"),
];
const LETTERS: [&str; 6] = ["А", "Б", "В", "Г", "Д", "Е"];
/// Subjects of grades 1 to 4; foreign languages begin in grade 2.
const PRIMARY: [&str; 9] = [
    "Математика",
    "Русский язык",
    "Литературное чтение",
    "Окружающий мир",
    "Физкультура",
    "Изобразительное искусство",
    "Музыка",
    "Труд",
    "Английский язык",
];
/// Subjects of grades 5 and 6.
const MIDDLE: [&str; 11] = [
    "Математика",
    "Русский язык",
    "Литература",
    "История",
    "Биология",
    "География",
    "Английский язык",
    "Изобразительное искусство",
    "Музыка",
    "Труд",
    "Физкультура",
];
/// Subjects of grades 7 to 11; chemistry begins in grade 8.
const SENIOR: [&str; 13] = [
    "Алгебра",
    "Геометрия",
    "Русский язык",
    "Литература",
    "История",
    "Обществознание",
    "Биология",
    "География",
    "Физика",
    "Информатика",
    "Английский язык",
    "Физкультура",
    "Химия",
];
const DAYS: [Weekday; 5] = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

type Timetable = BTreeMap<Weekday, Vec<String>>;

/// Returns the grade, 1 to 11, of the class with this index.
const fn grade_of(number: usize) -> usize {
    number % 11 + 1
}

/// Returns the subjects of a grade.
fn subjects(grade: usize) -> &'static [&'static str] {
    match grade {
        1 => &PRIMARY[..8],
        2..=4 => &PRIMARY,
        5..=6 => &MIDDLE,
        7 => &SENIOR[..12],
        _ => &SENIOR,
    }
}

/// Returns the timetable of a class by its index: four lessons a day in grades 1 to 4, six in the others, five days a
/// week. Subjects rotate from a start that depends on the class.
pub(crate) fn class_lessons(number: usize) -> Timetable {
    let subjects = subjects(grade_of(number));
    let per_day = if grade_of(number) <= 4 { 4 } else { 6 };
    let day = |at: usize| {
        (0..per_day).map(|lesson| subjects[(number * 4 + at * per_day + lesson) % subjects.len()].to_owned()).collect()
    };
    DAYS.iter().enumerate().map(|(at, weekday)| (*weekday, day(at))).collect()
}

fn pick<T: Copy>(rng: &mut WorldRng, of: &[T]) -> T {
    let at = usize::try_from(rng.number() % of.len() as u64).unwrap_or(0);
    of[at]
}

struct Numbers {
    next: u32,
}

impl Numbers {
    /// Returns the next СНИЛС that the register does not have, or `None` when the range is used up.
    fn draw(&mut self, register: &Register) -> Option<Snils> {
        while self.next <= LAST_SNILS {
            let number = self.next;
            self.next += 1;
            let text = format!("{:03}-{:03}-{:03} 00", number / 1_000_000, number / 1000 % 1000, number % 1000);
            if let Ok(snils) = text.parse::<Snils>()
                && register.with_snils(snils).next().is_none()
            {
                return Some(snils);
            }
        }
        None
    }
}

fn name(last: &str, first: &str, middle: &str) -> Option<FullName> {
    FullName::new(last, first, Some(middle)).ok()
}

/// Adds `pupils` pupils to the first school, class by class, each with two parents, and a teacher for each class.
/// Returns the names of the classes.
pub(crate) fn generate(register: &mut Register, pupils: usize, seed: u64, at: NaiveDate) -> Vec<String> {
    let mut rng = WorldRng::new(seed ^ 0x5ca1_ab1e, 0);
    let mut numbers = Numbers { next: FIRST_SNILS };
    let count = pupils.div_ceil(CLASS_SIZE);
    let september = if at.month() >= 8 { at.year() } else { at.year() - 1 };
    let mut classes = Vec::with_capacity(count);
    for number in 0..count {
        let (grade, letter) = (grade_of(number), LETTERS.get(number / 11).copied());
        let letter = letter.map_or_else(|| format!("-{}", number / 11), str::to_owned);
        let class = format!("{grade}{letter}");
        let size = CLASS_SIZE.min(pupils - number * CLASS_SIZE);
        let year = september - 6 - i32::try_from(grade).unwrap_or(0);
        for _ in 0..size {
            if add_family(register, &mut rng, &mut numbers, &class, year).is_none() {
                return classes;
            }
        }
        add_teacher(register, &mut rng, &mut numbers, &class, subjects(grade));
        classes.push(class);
    }
    classes
}

fn add_family(
    register: &mut Register,
    rng: &mut WorldRng,
    numbers: &mut Numbers,
    class: &str,
    year: i32,
) -> Option<()> {
    let surname = pick(rng, &SURNAMES);
    let (father, sons, daughters) = pick(rng, &FATHERS);
    let is_girl = rng.number().is_multiple_of(2);
    let hers = format!("{surname}а");
    let own = if is_girl { name(&hers, pick(rng, &GIRLS), daughters)? } else { name(surname, pick(rng, &BOYS), sons)? };
    let mother = name(&hers, pick(rng, &GIRLS), pick(rng, &FATHERS).2)?;
    let father = name(surname, father, pick(rng, &FATHERS).1)?;
    let day = u32::try_from(rng.number() % 360).unwrap_or(0);
    let born = NaiveDate::from_ymd_opt(year, 1, 1)? + chrono::Days::new(day.into());
    let key = register.free_pupil_key(&BTreeSet::new());
    let pupil = Pupil {
        name: own,
        born,
        snils: numbers.draw(register)?,
        certificate: None,
        school: String::new(),
        class: class.to_owned(),
        phone: None,
        parents: Vec::new(),
    };
    register.put_pupil(&key, pupil);
    for (name, relation) in [(mother, Relation::Mother), (father, Relation::Father)] {
        let snils = numbers.draw(register)?;
        let parent = register.free_parent_key(&BTreeSet::new());
        let kept = Parent { name, snils, active: true, relation: Some(relation), children: BTreeSet::new() };
        register.put_parent(&parent, kept);
        register.attach(&key, &parent);
    }
    Some(())
}

fn add_teacher(
    register: &mut Register,
    rng: &mut WorldRng,
    numbers: &mut Numbers,
    class: &str,
    subjects: &[&str],
) -> Option<()> {
    let name = name(&format!("{}а", pick(rng, &SURNAMES)), pick(rng, &GIRLS), pick(rng, &FATHERS).2)?;
    let snils = numbers.draw(register)?;
    let key = format!("учитель-{class}");
    if register.staff(&key).is_some() {
        return None;
    }
    let teaches = subjects.iter().map(|subject| (class.to_owned(), (*subject).to_owned())).collect();
    let roles = [Role::ClassTeacher, Role::Teacher].into();
    let classes = [class.to_owned()].into();
    register.put_staff(&key, Staff { name, snils, school: String::new(), roles, classes, teaches });
    Some(())
}
