//! Scopes: what a relying party asks for, and the words for it on the consent page.

use std::{collections::BTreeSet, fmt, str::FromStr};

use crate::ids::{Oid, OidError, as_string};
use crate::language::{pick, tr};

/// One scope, with the account or the organisation it is narrowed to if it names one: `fullname?oid=1000299654`,
/// `org_shortname?org_oid=1000000111`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// Without the query part. Old scopes are whole addresses: `http://esia.gosuslugi.ru/usr_inf`.
    pub name: String,
    /// Oid after `?oid=`: whose data the scope is about.
    pub oid: Option<Oid>,
    /// The organisation's number, in scopes of organisations.
    pub org_oid: Option<Oid>,
}

/// What stands before the name in scopes of the first years and of organisations, in every environment.
const PREFIX: &str = "http://esia.gosuslugi.ru/";

impl Scope {
    /// The name without `http://esia.gosuslugi.ru/`.
    pub fn bare_name(&self) -> &str {
        self.name.strip_prefix(PREFIX).unwrap_or(&self.name)
    }

    /// What the scope opens, if it is one of [`KNOWN`], [`KNOWN_OF_ORGANISATIONS`] or [`DIGITAL_PROFILE`].
    pub fn known(&self) -> Option<&'static Known> {
        all_known().find(|known| known.name == self.bare_name())
    }

    /// Whether it opens data of an organisation.
    pub fn is_of_organisation(&self) -> bool {
        KNOWN_OF_ORGANISATIONS.iter().any(|known| known.name == self.bare_name())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.oid.iter().try_for_each(|oid| write!(f, "?oid={oid}"))?;
        self.org_oid.iter().try_for_each(|oid| write!(f, "?org_oid={oid}"))
    }
}

/// Why a text is not a list of scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// No scope at all.
    #[error("{}", pick("не названа ни одна область доступа", "no scope is named"))]
    Empty,
    /// A character that RFC 6749 §3.3 does not allow in a scope, or no name before `?`.
    #[error("{}", tr!("область доступа «{_0}» записана неверно", "the scope «{_0}» is written wrongly"))]
    Malformed(String),
    /// A query part other than `oid=…` or `org_oid=…`.
    #[error(
        "{}",
        tr!(
            "у области доступа «{_0}» может быть только параметр oid или org_oid",
            "the scope «{_0}» may have the parameter oid or org_oid only"
        )
    )]
    Query(String),
    /// What follows `oid=` or `org_oid=`.
    #[error("{}", tr!("у области доступа «{_0}»: {_1}", "the scope «{_0}»: {_1}"))]
    Oid(String, #[source] OidError),
}

impl ScopeError {
    /// Stable name for logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "scope-empty",
            Self::Malformed(_) => "scope-malformed",
            Self::Query(_) => "scope-query",
            Self::Oid(..) => "scope-oid",
        }
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let (name, query) = text.split_once('?').map_or((text, None), |(name, query)| (name, Some(query)));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(ScopeError::Malformed(text.to_owned()));
        }
        let number = |oid: &str| oid.parse().map(Some).map_err(|error| ScopeError::Oid(text.to_owned(), error));
        let (oid, org_oid) = match query.and_then(|query| query.split_once('=')) {
            None if query.is_none() => (None, None),
            Some(("oid", oid)) => (number(oid)?, None),
            Some(("org_oid", oid)) => (None, number(oid)?),
            _ => return Err(ScopeError::Query(text.to_owned())),
        };
        Ok(Self { name: name.to_owned(), oid, org_oid })
    }
}

/// The scopes of one request: in its order, without repetitions, and with the text as it came, since that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes {
    raw: String,
    scopes: Vec<Scope>,
}

as_string!(Scopes, "Scopes", "Области доступа через пробел", "openid fullname snils");

impl Scopes {
    /// The text as it was parsed; it displays the same.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// In the order of the request.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Scope> {
        self.scopes.iter()
    }

    /// Whether a scope of this (bare) name was asked for.
    pub fn contains(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.bare_name() == name)
    }

    /// Bare names, sorted: what a remembered consent is compared by.
    pub fn names(&self) -> BTreeSet<&str> {
        self.scopes.iter().map(Scope::bare_name).collect()
    }

    /// The `scope` of an access token and of a code: every scope with `?oid=…`, except `openid` and those of organisations.
    pub fn with_oid(&self, oid: Oid) -> String {
        self.narrowed(oid, None)
    }

    /// The same for who acts for an organisation: its scopes get `?org_oid=…`, unless they name one already.
    pub fn narrowed(&self, oid: Oid, organisation: Option<Oid>) -> String {
        let narrow = |scope: &Scope| {
            let organisation = scope.org_oid.or(organisation);
            let (oid, org_oid) = match scope.name.as_str() {
                "openid" => (None, None),
                _ if scope.is_of_organisation() => (None, organisation),
                _ => (Some(oid), None),
            };
            Scope { name: scope.name.clone(), oid, org_oid }.to_string()
        };
        self.scopes.iter().map(narrow).collect::<Vec<_>>().join(" ")
    }

    /// These and the others after them.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        let mut scopes = self.scopes.clone();
        scopes.extend(others.iter().filter(|scope| !self.scopes.contains(scope)).cloned());
        Self { raw: format!("{} {}", self.raw, others.raw), scopes }
    }

    /// Only the scopes that `keep` accepts; `None` when nothing is left.
    pub fn filtered(&self, keep: impl Fn(&Scope) -> bool) -> Option<Self> {
        let kept = self.scopes.iter().filter(|scope| keep(scope)).cloned().collect();
        Self::from_parts(None, kept)
    }

    fn from_parts(raw: Option<&str>, scopes: Vec<Scope>) -> Option<Self> {
        if scopes.is_empty() {
            return None;
        }
        let written = || scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let raw = raw.map_or_else(written, str::to_owned);
        Some(Self { raw, scopes })
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.raw)
    }
}

impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let mut scopes = Vec::new();
        let mut seen = BTreeSet::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let scope: Scope = word.parse()?;
            if seen.insert(scope.clone()) {
                scopes.push(scope);
            }
        }
        Self::from_parts(Some(text), scopes).ok_or(ScopeError::Empty)
    }
}

/// A scope of a natural person (or of their children) and what it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Name without parameters, as `fullname`.
    pub name: &'static str,
    /// For the consent page: what the relying party gets to see.
    pub description: &'static str,
}

const fn known(name: &'static str, description: &'static str) -> Known {
    Known { name, description }
}

/// [`KNOWN`], [`KNOWN_OF_ORGANISATIONS`] and [`DIGITAL_PROFILE`].
pub fn all_known() -> impl Iterator<Item = &'static Known> {
    KNOWN.iter().chain(KNOWN_OF_ORGANISATIONS).chain(DIGITAL_PROFILE)
}

/// Scopes of natural persons (ESIA §4.8), in the order in which a consent page lists them.
pub const KNOWN: &[Known] = &[
    known("openid", "Вход через учётную запись Госуслуг"),
    known("fullname", "Фамилия, имя и отчество"),
    known("birthdate", "Дата рождения"),
    known("gender", "Пол"),
    known("birthplace", "Место рождения"),
    known("citizenship", "Гражданство"),
    known("snils", "СНИЛС"),
    known("inn", "ИНН"),
    known("id_doc", "Документ, удостоверяющий личность, и гражданство"),
    known("birth_cert_doc", "Свидетельство о рождении"),
    known("drivers_licence_doc", "Водительское удостоверение"),
    known("foreign_passport_doc", "Заграничный паспорт"),
    known("military_doc", "Военный билет"),
    known("medical_doc", "Полис ОМС"),
    known("residence_doc", "Вид на жительство"),
    known("temporary_residence_doc", "Разрешение на временное проживание"),
    known("email", "Адрес электронной почты"),
    known("mobile", "Номер мобильного телефона"),
    known("contacts", "Контакты и адреса"),
    known("addresses", "Адреса регистрации и проживания"),
    known("vehicles", "Транспортные средства"),
    known("usr_org", "Организации, в которых вы состоите"),
    known("usr_avt", "Фотография профиля"),
    known("self_employed", "Статус самозанятого"),
    known("sbj_inf", "Сведения об учётной записи"),
    known("bio", "Биометрические данные"),
    known("ext_auth_result", "Результат проверки биометрии"),
    known("usr_inf", "Все данные профиля"),
    known("kid_fullname", "Фамилия, имя и отчество ребёнка"),
    known("kid_birthdate", "Дата рождения ребёнка"),
    known("kid_gender", "Пол ребёнка"),
    known("kid_snils", "СНИЛС ребёнка"),
    known("kid_inn", "ИНН ребёнка"),
    known("kid_birth_cert_doc", "Свидетельство о рождении ребёнка"),
    known("kid_medical_doc", "Полис ОМС ребёнка"),
    known("kid_mobile", "Номер мобильного телефона ребёнка"),
    known("kid_email", "Адрес электронной почты ребёнка"),
    known("kid_school_data", "Сведения об обучении ребёнка"),
];

/// Scopes of organisations (ESIA §4.8), in the order in which a consent page lists them.
pub const KNOWN_OF_ORGANISATIONS: &[Known] = &[
    known("org_shortname", "Краткое наименование организации"),
    known("org_fullname", "Полное наименование организации"),
    known("org_type", "Тип организации"),
    known("org_ogrn", "ОГРН организации"),
    known("org_inn", "ИНН организации"),
    known("org_leg", "Организационно-правовая форма организации"),
    known("org_kpp", "КПП организации"),
    known("org_agencyterrange", "Территориальная принадлежность органа власти"),
    known("org_agencytype", "Тип органа власти"),
    known("org_oktmo", "ОКТМО организации"),
    known("org_ctts", "Контакты организации"),
    known("org_addrs", "Адреса организации"),
    known("org_vhls", "Транспортные средства организации"),
    known("org_grps", "Группы организации"),
    known("org_emps", "Сотрудники организации"),
    known("org_brhs", "Филиалы организации"),
    known("org_brhs_ctts", "Контакты филиалов организации"),
    known("org_brhs_addrs", "Адреса филиалов организации"),
    known("org_rcs", "Центры регистрации организации"),
    known("org_stms", "Информационные системы организации"),
    known("org_invts", "Приглашения в организацию"),
    known("org_ra", "Сотрудники центров регистрации"),
    known("categories", "Категории организации"),
];

/// Scopes of the digital profile (ESIA §4.8). They may be asked for and consented to; what they would open
/// is data of other agencies, which the mock has not.
pub const DIGITAL_PROFILE: &[Known] = &[
    known("history_passport_doc", "Сведения о ранее выданных паспортах"),
    known("vehicle_reg_cert_doc", "Свидетельства о регистрации транспортных средств"),
    known("number_plate_doc", "Государственные номера транспортных средств"),
    known("osago_policy", "Полисы ОСАГО"),
    known("change_fullname_cert_doc", "Свидетельство о перемене имени"),
    known("death_cert_doc", "Свидетельство о смерти"),
    known("marriage_cert_doc", "Свидетельство о браке"),
    known("divorce_cert_doc", "Свидетельство о расторжении брака"),
    known("paternity_cert_doc", "Свидетельство об установлении отцовства"),
    known("registry_office_data", "Сведения ЗАГС"),
    known("ils_doc", "Выписка из индивидуального лицевого счёта"),
    known("ndfl_person", "Сведения о доходах физического лица"),
    known("payout_income", "Сведения о выплатах"),
    known("electronic_workbook", "Электронная трудовая книжка"),
    known("pre_retirement_age", "Статус предпенсионера"),
    known("pension_reference", "Справка о пенсии"),
    known("payments_egisso", "Меры социальной поддержки"),
    known("social_support_info", "Сведения о социальной поддержке"),
    known("family_assets_balance", "Остаток материнского капитала"),
    known("legalcapacity", "Дееспособность"),
    known("reg_realestate", "Права на недвижимость"),
    known("link", "Ссылки на документы"),
    known("bank_account", "Банковские счета"),
    known("educational_doc", "Документы об образовании"),
    known("ege_result", "Результаты ЕГЭ"),
    known("olympics", "Участие в олимпиадах"),
    known("student_ticket", "Студенческий билет"),
    known("remd_medical_doc", "Медицинские документы"),
    known("volunteer_activity", "Волонтёрская деятельность"),
    known("family_status_ext", "Семейное положение (расширенный профиль)"),
    known("education_ext", "Образование (расширенный профиль)"),
    known("fullname_ext", "Фамилия, имя и отчество (расширенный профиль)"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scopes(text: &str) -> Scopes {
        text.parse().unwrap()
    }

    #[test]
    fn the_order_and_the_text_of_the_request_are_kept() {
        let parsed = scopes("openid  snils fullname?oid=1000 snils");
        assert_eq!(parsed.raw(), "openid  snils fullname?oid=1000 snils");
        assert_eq!(
            parsed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["openid", "snils", "fullname?oid=1000"]
        );
        assert!(parsed.contains("fullname") && !parsed.contains("inn"));
    }

    #[test]
    fn a_token_narrows_every_scope_but_openid() {
        insta::assert_snapshot!(
            scopes("birthdate openid id_doc?oid=7 http://esia.gosuslugi.ru/usr_inf?oid=7").with_oid(Oid::new(1_000_299_681)),
            @"birthdate?oid=1000299681 openid id_doc?oid=1000299681 http://esia.gosuslugi.ru/usr_inf?oid=1000299681"
        );
    }

    #[test]
    fn an_old_scope_is_known_by_its_bare_name() {
        let parsed = scopes("http://esia.gosuslugi.ru/usr_inf?oid=12");
        let scope = parsed.iter().next().unwrap();
        assert_eq!((scope.bare_name(), scope.oid), ("usr_inf", Some(Oid::new(12))));
        assert_eq!(scope.known().unwrap().description, "Все данные профиля");
    }

    #[test]
    fn a_scope_of_an_organisation_names_its_number() {
        let parsed = scopes("http://esia.gosuslugi.ru/org_shortname?org_oid=1000000111 org_inn");
        let first = parsed.iter().next().unwrap();
        assert_eq!((first.oid, first.org_oid, first.is_of_organisation()), (None, Some(Oid::new(1_000_000_111)), true));
        assert_eq!(parsed.to_string(), parsed.raw());
        insta::assert_snapshot!(
            scopes("openid snils").and(&parsed).narrowed(Oid::new(7), Some(Oid::new(1_000_000_112))),
            @"openid snils?oid=7 http://esia.gosuslugi.ru/org_shortname?org_oid=1000000111 org_inn?org_oid=1000000112"
        );
        assert!(!scopes("fullname").iter().next().unwrap().is_of_organisation());
    }

    #[test]
    fn filtering_everything_away_leaves_nothing() {
        let parsed = scopes("openid fullname");
        assert_eq!(parsed.filtered(|scope| scope.name == "openid").unwrap().raw(), "openid");
        assert_eq!(parsed.filtered(|_| false), None);
    }

    #[test]
    fn each_mistake_is_named() {
        let check = |text: &str, code| assert_eq!(text.parse::<Scopes>().unwrap_err().code(), code, "{text}");
        check("", "scope-empty");
        check("   ", "scope-empty");
        check("openid full\"name", "scope-malformed");
        check("openid ?oid=1", "scope-malformed");
        check("openid имя", "scope-malformed");
        check("fullname?org=1", "scope-query");
        check("fullname?", "scope-query");
        check("fullname?oid", "scope-query");
        check("fullname?org_oid=x", "scope-oid");
        check("fullname?oid=", "scope-oid");
        check("fullname?oid=1?oid=2", "scope-oid");
    }

    #[test]
    fn the_consent_page_has_one_text_for_each_known_scope() {
        let all = || KNOWN.iter().chain(KNOWN_OF_ORGANISATIONS);
        assert_eq!(all().map(|known| known.name).collect::<BTreeSet<_>>().len(), all().count());
        assert_eq!(all().map(|known| known.description).collect::<BTreeSet<_>>().len(), all().count());
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in ".*") {
            if let Ok(parsed) = text.parse::<Scopes>() {
                prop_assert_eq!(parsed.to_string(), text);
            }
        }

        #[test]
        fn a_scope_reads_back(name in "[a-z_]{1,20}", oid in proptest::option::of(any::<u64>())) {
            let oid = oid.map(Oid::new);
            let scopes = [Scope { name: name.clone(), oid, org_oid: None }, Scope { name, oid: None, org_oid: oid }];
            for scope in scopes {
                prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
            }
        }
    }
}
