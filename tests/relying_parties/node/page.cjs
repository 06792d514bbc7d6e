// What each site shows: who is signed in, or that nobody is; and a page for a sign-in that did not succeed.
'use strict';

const session = require('express-session');

const page = (response, status, body) => response.status(status).send(
  `<!doctype html><html lang="ru"><head><title>Сайт</title></head><body><main>${body} <a href="/login">Войти</a></main></body></html>`,
);

exports.sessions = () => session({ secret: 'of this run', resave: false, saveUninitialized: false });

exports.home = (response, who) => page(response, 200, who ? `<p id="who">${who}</p> <a href="/logout">Выйти</a>` : 'Никто не вошёл.');

exports.leave = (request, response) => request.session.destroy(() => response.redirect('/'));

// Express tells an error handler by its four arguments.
exports.refuse = (error, _request, response, _next) => {
  console.error(String(error.stack ?? error));
  page(response, 403, 'Вход не выполнен.');
};
