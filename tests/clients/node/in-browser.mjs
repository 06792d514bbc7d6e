// A single-page application around the ready settings of its library, and a person who signs in to it in Chromium.
// Prints one line: what the page shows at the end.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { PORT, url } from './shown.cjs';

const { SETTINGS, GLUE, LOGIN, PASSWORD } = process.env;
const PATIENCE_MS = 60_000;

// Imports stand first in the settings; what uses them comes after, as in a program of one file.
async function bundle() {
  const contents = `${fs.readFileSync(SETTINGS, 'utf8')}\n${fs.readFileSync(GLUE, 'utf8')}`;
  const built = await esbuild.build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'jsx' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'error',
  });
  return built.outputFiles[0].text;
}

const PAGE = '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Приложение</title><body><div id="root"></div>'
  + '<script type="module" src="/application.js"></script></body></html>';

async function serve() {
  const application = await bundle();
  const server = http.createServer((request, response) => {
    const isScript = request.url === '/application.js';
    const [type, body] = isScript ? ['text/javascript', application] : ['text/html; charset=utf-8', PAGE];
    response.writeHead(200, { 'Content-Type': type }).end(body);
  });
  await new Promise((ready) => server.listen(PORT, '127.0.0.1', ready));
  return server;
}

async function signIn(page) {
  await page.goto(url);
  await page.locator('input[name=login]').fill(LOGIN);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('form:has(input[name=password]) button').first().click();
  await page.locator('[data-test=consent] button[value=grant]').click();
  return JSON.parse(await page.locator('#told').textContent());
}

const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
const complaints = [];
const page = await browser.newPage();
try {
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  console.log(JSON.stringify(await signIn(page)));
} catch (error) {
  console.log(JSON.stringify({ error: String(error), complaints, page: page.url(), content: await page.content() }));
} finally {
  await browser.close();
  server.close();
}
