"""The accounts of the stand. All people are made up: no such number of insurance is given to anybody."""


def person(sub, name, born, snils, gender, *, certificate=None, confirmed=True):
    last, first, middle = name.split()
    claims = {
        "family_name": last,
        "given_name": first,
        "middle_name": middle,
        "name": name,
        "birthdate": born,
        "gender": gender,
        "snils": snils,
        "trusted": confirmed,
        "account_level": "confirmed" if confirmed else "standard",
        "child_account": False,
    }
    if certificate:
        claims["birth_certificate"] = {"series": certificate.split()[0], "number": certificate.split()[1], "verified": True}
    return {"sub": sub, "title": name, "password": f"key-of-{sub}", "claims": claims}


PEOPLE = {
    "orlov.m": person("1000000021", "Орлов Максим Игоревич", "2006-01-20", "001-000-021 00", "male", certificate="I-ОО 000121"),
    "belov.a": person("1000000022", "Белов Артур Романович", "2006-02-21", "001-000-022 00", "male", certificate="I-ОО 000122", confirmed=False),
    "orlova.n": person("1000000023", "Орлова Нина Фёдоровна", "1980-05-09", "001-000-023 00", "female"),
    "volkova.v": person("1000000024", "Волкова Вера Ильинична", "1984-08-17", "001-000-024 00", "female"),
    "galeev.t": person("1000000025", "Галеев Тимур Русланович", "1981-10-03", "001-000-025 00", "male"),
    "demidov.p": person("1000000026", "Демидов Павел Юрьевич", "1978-02-28", "001-000-026 00", "male"),
    "efimova.r": person("1000000027", "Ефимова Раиса Львовна", "1986-06-06", "001-000-027 00", "female", confirmed=False),
    "zhuravleva.o": person("1000000090", "Журавлёва Ольга Викторовна", "1979-11-02", "001-000-090 00", "female"),
}
