"""Pages of the provider, in its own words."""

from html import escape


def page(title, body):
    return f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{body}</body></html>'


def wrong(why):
    return page("Вход не получился", f'<p class="wrong">{escape(why)}</p>')


def who(ticket, why=""):
    told = f'<p class="wrong">{escape(why)}</p>' if why else ""
    return page(
        "Кто вы?",
        f'{told}<form id="who" method="post" action="/sso/who"><input type="hidden" name="ticket" value="{escape(ticket)}">'
        '<label for="n">Имя для входа</label><input id="n" name="name"><label for="p">Секрет</label><input id="p" name="pass" type="password">'
        "<button>Дальше</button></form>",
    )


def agree(ticket, person):
    return page(
        "Передать ваши данные дневнику?",
        f'<p>{escape(person["title"])}</p><form id="agree" method="post" action="/sso/agree">'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        '<button name="decision" value="yes">Разрешаю</button><button name="decision" value="no">Не разрешаю</button></form>',
    )


def me(person):
    return page("Вы вошли", f'<p id="me">{escape(person["title"])}</p><form method="post" action="/sso/me"><button>Уйти</button></form>')
