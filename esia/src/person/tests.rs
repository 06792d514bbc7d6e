use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::*;

/// The recorded document, read and written, is the same to the byte.
fn reproduces<T: Serialize + DeserializeOwned>(document: &str) {
    let read: T = serde_json::from_str(document).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), document);
}

#[test]
fn the_documented_person_is_reproduced() {
    reproduces::<Person>(concat!(
        r#"{"stateFacts":["EntityRoot"],"firstName":"Имя006","lastName":"Фамилия006","middleName":"Отчество006","birthDate":"26.05.2000","#,
        r#""birthPlace":"Москва","gender":"F","trusted":true,"citizenship":"RUS","snils":"000-000-600 06","inn":"585204118212","updatedOn":1523386683,"#,
        r#""rfgUOperatorCheck":false,"status":"REGISTERED","verifying":false,"rIdDoc":3571,"containsUpCfmCode":false,"#,
        r#""kidAccCreatedByParent":false,"eTag":"61F2A6BF9D17B97E6B56F8B10EB28A7C814FF0B4"}"#,
    ));
}

#[test]
fn the_documented_collections_are_reproduced() {
    reproduces::<Collection<Contact>>(
        r#"{"stateFacts":["hasSize"],"size":2,"eTag":"5F535ACC","elements":["https://esia.gosuslugi.ru/rs/prns/1000299654/ctts/14216773","https://esia.gosuslugi.ru/rs/prns/1000299654/ctts/14249750"]}"#,
    );
    reproduces::<Collection<Contact>>(
        r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"stateFacts":["Identifiable"],"id":14216773,"type":"MBT","value":"+7(000)0000006","vrfStu":"VERIFIED"}]}"#,
    );
    reproduces::<Collection<Contact>>(r#"{"stateFacts":["hasSize"],"size":0,"elements":[]}"#);
}

#[test]
fn the_documented_kids_are_reproduced() {
    reproduces::<Collection<Kid>>(concat!(
        r#"{"stateFacts":["hasSize"],"size":1,"eTag":"00","elements":["#,
        r#"{"stateFacts":["Identifiable"],"id":51001,"firstName":"Анна","lastName":"Фамилия006","middleName":"Ивановна","birthDate":"01.09.2014","#,
        r#""gender":"F","snils":"000-000-601 01","inn":"770000000001","trusted":true,"updatedOn":1700000000,"#,
        r#""documents":{"stateFacts":["hasSize"],"size":1,"elements":["#,
        r#"{"stateFacts":["EntityRoot"],"id":61001,"type":"RF_BRTH_CERT","vrfStu":"VERIFIED","series":"I-МЮ","number":"123456","#,
        r#""issueDate":"10.09.2014","issuedBy":"ЗАГС","actNo":"1234","actDate":"10.09.2014","eTag":"00"}]},"#,
        r#""eTag":"00"}]}"#,
    ));
}

#[test]
fn the_documented_roles_are_reproduced() {
    reproduces::<Collection<Role>>(concat!(
        r#"{"stateFacts":["hasSize"],"size":1,"elements":[{"oid":1000000111,"prnOid":1000299654,"fullName":"ООО «Ромашка»","shortName":"Ромашка","#,
        r#""ogrn":"1027700000000","type":"LEGAL","chief":true,"admin":true,"phone":"+7(000)0000001","email":"org@example.ru","active":true,"#,
        r#""hasRightOfSubstitution":false,"hasApprovalTabAccess":false,"isLiquidated":false}]}"#,
    ));
}

#[test]
fn documents_addresses_and_vehicles_have_the_documented_fields() {
    reproduces::<Document>(concat!(
        r#"{"stateFacts":["EntityRoot"],"id":7,"type":"FRGN_PASS","vrfStu":"VERIFIED","series":"00","number":"0000001","issueDate":"01.02.2020","#,
        r#""issueId":"000001","issuedBy":"МВД","expiryDate":"01.02.2030","firstName":"ANNA","lastName":"PETROVA","eTag":"00"}"#,
    ));
    reproduces::<Document>(concat!(
        r#"{"stateFacts":["EntityRoot"],"id":8,"type":"MDCL_PLCY","vrfStu":"VERIFIED","number":"0000000000000001","#,
        r#""unitedNumber":"0000000000000001","medicalOrg":"Страховая компания"}"#,
    ));
    reproduces::<Address>(concat!(
        r#"{"stateFacts":["Identifiable"],"id":9,"type":"PLV","addressStr":"Рязанская обл, г Рязань","fiasCode":"00000000-0000-0000-0000-000000000001","#,
        r#""countryId":"RUS","zipCode":"000001","region":"Рязанская","city":"Рязань","street":"Первая","house":"1","frame":"2","building":"3","flat":"4","#,
        r#""vrfDdt":"0,0,0","eTag":"00"}"#,
    ));
    reproduces::<Vehicle>(
        r#"{"stateFacts":["Identifiable"],"id":10,"name":"Лада","numberPlate":"А123АА00","regCertificate":{"series":"0000","number":"000001"},"eTag":"00"}"#,
    );
}

#[test]
fn what_was_not_granted_is_left_out_and_the_tag_follows_the_rest() {
    let person = Person { first_name: Some("Анна".to_owned()), ..Person::default() }.tagged();
    insta::assert_snapshot!(serde_json::to_string(&person).unwrap(), @r#"{"stateFacts":["EntityRoot"],"firstName":"Анна","trusted":false,"updatedOn":0,"rfgUOperatorCheck":false,"status":"REGISTERED","verifying":false,"containsUpCfmCode":false,"kidAccCreatedByParent":false,"eTag":"041629B542E4CAA88287AC224FAC9A996DD492CC"}"#);
    assert_eq!(person.clone().tagged(), person);
    let renamed = Person { first_name: Some("Инна".to_owned()), ..person.clone() }.tagged();
    assert_ne!(renamed.e_tag, person.e_tag);
}

#[test]
fn a_date_is_read_in_its_one_form() {
    assert_eq!("29.02.2024".parse::<WireDate>().unwrap().to_string(), "29.02.2024");
    for text in ["", "1.9.2014", "2014-09-01", "29.02.2023", "01.09.14", "+1.09.2014", "01.09.2014 "] {
        assert_eq!(text.parse::<WireDate>(), Err(WireDateError), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_date_that_reads_back_or_is_refused(text in ".*", near in "[0-9]{2}.[0-9]{2}.[0-9]{4}") {
        for text in [text, near] {
            if let Ok(date) = text.parse::<WireDate>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
