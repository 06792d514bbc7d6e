import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { withWorld } from "@esia-stand/test";
import { chromium } from "playwright-core";
import { server } from "../server.js";

const CLIENT = "MY-PAGE";
let chrome;
before(async () => {
  chrome = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
});
after(() => chrome.close());

/** The page on a free port, registered in a world of its own, open in a browser of its own. */
const withPage = (body) => withWorld(async ({ world }) => {
  await world.register(CLIENT, {
    title: "Моё приложение",
    scopes: ["openid", "fullname"],
    // A public client: no secret, so PKCE is demanded. The port of a loopback address is not compared.
    oidc: { "redirect-uris": ["http://127.0.0.1/callback"], "auth-method": "none" },
  });
  const serving = server({ authority: world.url, client_id: CLIENT }).listen(0, "127.0.0.1");
  await once(serving, "listening");
  const context = await chrome.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await body({ world, page, home: `http://127.0.0.1:${serving.address().port}/` });
  } finally {
    await context.close();
    serving.closeAllConnections();
    serving.close();
  }
});

/** Presses «Войти через Госуслуги» as somebody who is signed in there, and consents where that is asked. */
async function signIn(page, person, home) {
  await person.signIn(page);
  await page.goto(home);
  await page.getByRole("button", { name: "Войти через Госуслуги" }).click();
  await page.getByRole("button", { name: "Предоставить" }).or(page.locator("#told")).click();
}

/** Waits until the page says this. */
const says = (page, text) => page.locator("#told", { hasText: text }).waitFor();

describe("the page", { concurrency: true }, () => {
  test("signs Anna in, asking Gosuslugi across origins, and out", withPage(async ({ world, page, home }) => {
    const asked = [];
    page.on("response", (answer) => {
      if (answer.url().startsWith(`${world.url}/oidc/`)) asked.push(answer);
    });
    await signIn(page, world.person("анна"), home);
    await says(page, "Петрова Анна Сергеевна");

    const of = (path) => asked.find((one) => one.url() === `${world.url}/oidc/${path}` && one.request().method() !== "OPTIONS");
    const form = new URLSearchParams(of("token").request().postData());
    assert.ok(form.get("code_verifier") && !form.has("client_secret"), String(form));
    for (const path of ["token", "userinfo"]) assert.ok(await of(path).headerValue("access-control-allow-origin"), path);

    await page.reload();
    await says(page, "Петрова Анна Сергеевна");
    await page.getByRole("button", { name: "Выйти" }).click();
    await says(page, "Вы не вошли.");
  }));

  test("shows nothing of a child before a parent has consented", withPage(async ({ world, page, home }) => {
    await signIn(page, world.person("маша"), home);
    await says(page, "Нужно согласие одного из родителей.");
  }));

  test("refuses an answer to another request than its own", withPage(async ({ world, page, home }) => {
    await world.faults.set("ac.state-other", { requests: 1 });
    await signIn(page, world.person("анна"), home);
    await says(page, "Вход не выполнен.");
    await page.getByRole("button", { name: "Войти через Госуслуги" }).click();
    await says(page, "Петрова Анна Сергеевна");
  }));
});
