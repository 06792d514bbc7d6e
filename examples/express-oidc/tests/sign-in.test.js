import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { withWorld } from "@esia-stand/test";
import { site } from "../site.js";
import { Browser } from "./browser.js";

const CLIENT = { clientId: "MY-SITE", clientSecret: "test", sessionSecret: "of this test" };

/** A site on a free port, registered in a world of its own; `body` gets its address. */
const withSite = (body) => withWorld(async ({ world }) => {
  await world.register(CLIENT.clientId, {
    title: "Мой сайт",
    scopes: ["openid", "fullname"],
    // The port of a loopback address is not compared.
    oidc: { "redirect-uris": ["http://127.0.0.1/callback"], secret: CLIENT.clientSecret },
  });
  const server = site({ issuer: world.url, ...CLIENT }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await body({ world, home: `http://127.0.0.1:${server.address().port}` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** Presses «Войти через Госуслуги» as somebody who is signed in there, and consents where that is asked. */
async function signIn(browser, person, home) {
  await person.signIn(browser.jar);
  const page = await browser.open(`${home}/login`);
  return page.url.startsWith(home) ? page : browser.press(page, "grant");
}

describe("the site", { concurrency: true }, () => {
  test("signs Anna in, and out", withSite(async ({ world, home }) => {
    const browser = new Browser();
    const page = await signIn(browser, world.person("анна"), home);
    assert.equal(page.content.querySelector("#who")?.text, "Петрова Анна Сергеевна");
    assert.match((await browser.open(`${home}/logout`)).text, /Вы не вошли/);
  }));

  test("lets a child in when a parent has consented, and not before", withSite(async ({ world, home }) => {
    const [masha, browser] = [world.person("маша"), new Browser()];
    const refused = await signIn(browser, masha, home);
    assert.equal(refused.status, 403);
    assert.match(refused.text, /Нужно согласие одного из родителей/);

    const mother = { authorization: `Bearer ${(await world.person("анна").openSession()).token}` };
    const asked = await (await fetch(`${world.url}/lk/api/consents/requests`, { headers: mother })).json();
    const mine = asked.find(({ client }) => client === CLIENT.clientId);
    assert.equal(mine?.purpose, "Вход на сайт");
    const granted = await fetch(`${world.url}/lk/api/consents/requests/${mine.id}/grant`, { method: "POST", headers: mother });
    assert.ok(granted.ok, await granted.text());

    const page = await signIn(browser, masha, home);
    assert.equal(page.content.querySelector("#who")?.text, "Петрова Мария Сергеевна");
  }));

  test("notices that the session at Gosuslugi is over", withSite(async ({ world, home }) => {
    const browser = new Browser();
    await signIn(browser, world.person("анна"), home);
    await world.clock.advance("1day");
    const page = await browser.open(home);
    assert.equal(page.status, 401);
    assert.match(page.text, /Сессия закончилась/);
  }));

  test("refuses an id token that is meant for somebody else", withSite(async ({ world, home }) => {
    const browser = new Browser();
    await world.faults.set("claim.aud-other", { requests: 1 });
    const refused = await signIn(browser, world.person("анна"), home);
    assert.equal(refused.status, 403);
    assert.match(refused.text, /Вход не выполнен/);
    assert.match((await browser.open(home)).text, /Вы не вошли/);
    // The fault was for one answer.
    assert.equal((await signIn(browser, world.person("анна"), home)).status, 200);
  }));
});
