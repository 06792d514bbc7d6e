"""The page of a site."""

PAGE = '<!doctype html><html lang="ru"><head><title>Сайт</title></head><body><main>{} <a href="/login">Войти</a></main></body></html>'
