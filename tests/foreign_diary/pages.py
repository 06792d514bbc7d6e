"""The diary's pages, in its own words."""

from markupsafe import Markup, escape

# Each wall: its heading and what to do.
WALLS = {
    "parent-must-agree": ("Нужен взрослый", "Пусть мама или папа разрешит школе видеть твои данные: письмо об этом уже в их Госуслугах."),
    "you-must-agree": ("Без разрешения никак", "Вы не разрешили передать данные. Разрешите в уведомлении Госуслуг и вернитесь."),
    "nobody-is-bound": ("Родителя не видно", "Учётная запись ученика не связана с родителем: спросить разрешения не у кого."),
    "confirm-yourself": ("Госуслуги вас ещё не знают", "Подтвердите учётную запись в банке или МФЦ и вернитесь."),
    "pupil-unknown": ("Такого ученика в школе нет", "Данные в школе и на Госуслугах разные. Пусть родители скажут об этом школе."),
    "adult-unknown": ("Мы вас не нашли", "Данные в школе и на Госуслугах разные. Скажите об этом школе."),
    "no-child-of-yours": ("За вами не записан ни один ученик", "Попросите школу записать вас в карточку ребёнка."),
    "not-switched-on": ("Вас ещё не включили", "Школа должна включить ваш доступ."),
    "permission-is-gone": ("Разрешение закончилось", "Разрешение отозвано или истекло, поэтому вы вышли."),
    "gosuslugi-forgot": ("Госуслуги вас забыли", "Войдите заново."),
}
SHELL = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>{title} · Школьная тетрадь</title></head>
<body><header><b>Школьная тетрадь</b></header><main id="{mark}">{content}</main></body></html>"""
STATUSES = {"late": "пришёл позже", "absent": "не был", "ill": "болел"}


def page(mark, title, content):
    return SHELL.format(title=escape(title), mark=mark, content=Markup(content))


def text(tag, said, mark=""):
    return f'<{tag}{f" class={mark}" if mark else ""}>{escape(said)}</{tag}>'


def enter(message=""):
    told = text("p", message, "note") if message else ""
    return page("porch", "Начало", text("h1", "Добро пожаловать") + told + '<a class="go" href="away">Пройти через Госуслуги</a>')


def wall(name):
    heading, advice = WALLS[name]
    return page("wall", heading, f'<div class="wall {name}">{text("h1", heading)}{text("p", advice)}</div><a href="enter">К началу</a>')


def broken(distrusted):
    heading = "Мы не поверили ответу Госуслуг" if distrusted else "Госуслуги не ответили как надо"
    return page("broken", heading, text("h1", heading) + '<a href="enter">Попробовать снова</a>')


def menu():
    links = [("notebook", "Тетрадь"), ("lessons", "Уроки недели"), ("points", "Баллы"), ("gaps", "Пропуски"), ("tasks", "Что задали")]
    items = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in links)
    return f'<nav><ul>{items}</ul></nav><form method="post" action="leave"><button>Закрыть тетрадь</button></form>'


def notebook(who, pupils, chosen):
    content = menu() + text("h1", who["name"], "owner")
    if who["kind"] == "staff":
        return page("notebook", "Тетрадь", content + text("p", "Вы работаете в школе."))
    if who["kind"] == "parents":
        others = "".join(f'<li><a href="turn/{escape(pupil["key"])}">{escape(pupil["name"])}</a>{text("p", pupil["school"])}</li>' for pupil in pupils)
        content += f"<ul class=children>{others}</ul>"
    if chosen is not None:
        content += f'<section class=pupil>{text("h2", chosen["name"])}{text("p", chosen["class"] or "")}</section>'
    return page("notebook", "Тетрадь", content)


def section(mark, title, chosen, rows):
    lines = "".join("<tr>" + "".join(text("td", cell) for cell in row) + "</tr>" for row in rows)
    table = f"<table>{lines}</table>" if rows else text("p", "Пока пусто.")
    return page(mark, title, menu() + text("h1", title) + text("p", chosen["name"]) + table)


def lessons(register, world, pupil):
    rows = register.all("select day, place, subject from lesson where world = ? and school = ? and class = ? order by rowid", world, pupil["school"], pupil["class"])
    return section("lessons", "Уроки недели", pupil, [(row["day"], str(row["place"] + 1), row["subject"]) for row in rows])


def points(register, world, pupil):
    rows = register.all("select date, subject, mark from mark where world = ? and pupil = ? order by date", world, pupil["key"])
    return section("points", "Баллы", pupil, [tuple(row) for row in rows])


def gaps(register, world, pupil):
    rows = register.all("select date, subject, status from absence where world = ? and pupil = ? order by date", world, pupil["key"])
    return section("gaps", "Пропуски", pupil, [(row["date"], row["subject"], STATUSES.get(row["status"], row["status"])) for row in rows])


def tasks(register, world, pupil):
    rows = register.all("select date, subject, task from homework where world = ? and school = ? and class = ? order by date", world, pupil["school"], pupil["class"])
    return section("tasks", "Что задали", pupil, [tuple(row) for row in rows])
