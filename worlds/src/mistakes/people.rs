//! What is demanded of the person who signs in, consents, and what the diary checks of an answer.

use super::{Mistake, mistake};

#[rustfmt::skip]
pub(super) const ALL: &[Mistake] = &[
    mistake("person-filter", ["Учётная запись человека не та, что требуется, или person_filter записан неверно.", "The person's account is not of the kind demanded, or person_filter is written wrongly."],
        ["Войдите другим человеком либо передайте conf_acc, acc_kid или acc_not_kid.", "Sign in as somebody else, or send conf_acc, acc_kid or acc_not_kid."]),
    mistake("second-factor", ["Область требует второго фактора, а у человека его нет.", "The scope demands a second factor, and the person has none."],
        ["Включите человеку второй фактор или уберите область.", "Give the person a second factor, or leave the scope out."]),
    mistake("subject-type", ["Человек вошёл не в той роли, или obj_type либо roles записан неверно.", "The person entered in another role, or obj_type or roles is written wrongly."],
        ["Выберите другую роль или поправьте obj_type и roles.", "Choose another role, or correct obj_type and roles."]),
    mistake("organisation", ["Человек не сотрудник организации, данные которой запрошены.", "The person is not employed by the organisation asked about."],
        ["Войдите сотрудником этой организации или поправьте org_oid.", "Sign in as its employee, or correct org_oid."]),
    mistake("session", ["Сеанс, в котором выдан маркер, этому миру неизвестен.", "The token's session is unknown to this world."],
        ["Войдите заново.", "Sign in anew."]),
    mistake("consent", ["Ни одно согласие этого человека не действует.", "No consent of this person is in force."],
        ["Запросите согласие.", "Ask for consent first."]),
    mistake("consent-refused", ["Человек отказал во входе.", "The person has refused."],
        ["Покажите ему, зачем нужны данные, и предложите войти снова.", "Say what the data are for, and offer to sign in again."]),
    mistake("permission", ["Запросить согласие не удалось.", "The consent could not be asked for."],
        ["Проверьте oid, области и маркер системы.", "Look at oid, scopes and the client's token."]),
    mistake("gosuslugi", ["Госуслуги ответили не по протоколу.", "The provider did not answer as the protocol says."],
        ["Посмотрите журнал Госуслуг: там есть вердикт этого запроса.", "Look at the provider's journal: it has the verdict of this request."]),
    mistake("iss", ["Маркер выдан другим поставщиком.", "The token was issued by another provider."],
        ["Сверьте issuer в настройках дневника.", "Compare the issuer in the diary's settings."]),
];
