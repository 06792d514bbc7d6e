// A world, as tests use it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ControlError, Stand, withWorld } from "@esia-stand/test";

const STRANGER = "/aas/oauth2/ac?client_id=NOBODY";
const MINUTE = 60_000;

const refused = (status) => (error) => error instanceof ControlError && error.status === status;

describe("a world", { concurrency: 2 }, () => {
  test("shows what is done in it to no other", withWorld(async ({ world, stand }) => {
    const other = await stand.fork();
    await world.person("анна").openSession();
    const told = async (of) => (await of.timeline()).some(({ text }) => text.includes("Анна"));
    assert.deepEqual([await told(world), await told(other)], [true, false]);
    await other.drop();
    await assert.rejects(stand.world(other.name), refused(404));
    await other.drop();
  }));

  test("is made at both servers or at none", withWorld(async ({ world, stand }) => {
    await stand.main.idp.reach("DELETE", `/control/worlds/${world.name}`);
    await assert.rejects(stand.fork("main", world.name), refused(409));
    await assert.rejects(world.idp.get("/control/clock"), refused(404));
  }));

  test("is made from a documented seed", withWorld(async ({ world }) => {
    assert.equal((await world.person("марина").about()).name, "Ершова Марина Сергеевна");
    const keys = (await world.people()).map(({ key }) => key);
    assert.ok(keys.includes("марина"), keys.join());
  }, { seed: "две-школы" }));

  test("has one time at both servers", withWorld(async ({ world }) => {
    const before = await world.clock.now();
    assert.ok((await world.clock.advance("15m")) - before >= 15 * MINUTE);
    const [idp, diary] = await Promise.all(world.servers.map(async (server) => (await server.get("/control/clock")).now));
    assert.ok(Math.abs(Date.parse(idp) - Date.parse(diary)) < 5000, `${idp} ${diary}`);
    const stopped = await world.clock.freeze();
    for (const server of world.servers) {
      const { now, mode } = await server.get("/control/clock");
      assert.deepEqual([Date.parse(now), mode], [stopped.getTime(), "frozen"]);
    }
    const later = new Date("2035-01-09T09:00:00+03:00");
    assert.deepEqual(await world.clock.to(later), later);
    assert.deepEqual(await world.clock.advanceWorkingDays(1), new Date("2035-01-10T09:00:00+03:00"));
    await world.clock.run();
    assert.notEqual((await world.idp.get("/control/clock")).mode, "frozen");
  }));

  test("opens a session for fetch, for Bearer and as a link", withWorld(async ({ world }) => {
    const session = await world.person("anna@example.test").openSession();
    const text = async (url, headers) => (await fetch(url, { headers })).text();
    assert.doesNotMatch(await text(`${world.url}/lk`, {}), /Петрова Анна/);
    assert.match(await text(`${world.url}/lk`, { cookie: session.cookie }), /Петрова Анна/);
    const bearer = { authorization: `Bearer ${session.token}`, accept: "application/json" };
    assert.equal((await fetch(`${world.url}/lk/api/family`, { headers: bearer })).status, 200);
    const opened = await fetch(session.linkTo("/lk/family"), { redirect: "manual" });
    assert.equal(new URL(opened.headers.get("location"), world.url).href, `${world.url}/lk/family`);
    assert.equal((await fetch(session.link)).status, 410);
    const diary = await world.person("анна").openSession({ at: "diary" });
    const week = await fetch(`${world.diary.url}/diary`, { headers: { cookie: diary.cookie }, redirect: "manual" });
    assert.equal(week.status, 200);
  }));

  test("signs in what keeps cookies, and what opens addresses", withWorld(async ({ world }) => {
    const anna = world.person("анна");
    const done = [];
    const session = await anna.signIn({ addCookies: async (cookies) => done.push(...cookies) });
    const { hostname, pathname } = new URL(world.url);
    assert.deepEqual(done.splice(0), [{
      name: `idp_session_${world.name}`, value: session.token, domain: hostname, path: pathname,
      httpOnly: true, secure: false, sameSite: "Lax",
    }]);
    for (const way of ["goto", "get"]) await anna.signIn({ [way]: async (url) => done.push(url) }, { page: "/lk/family" });
    assert.ok(done.every((url) => /\/login\/link\/\w+\?next=%2Flk%2Ffamily$/.test(url)) && done.length === 2, done.join());
    const jar = [];
    await anna.signIn({ setCookie: (cookie, url) => jar.push([cookie, url]) });
    assert.match(jar[0][0], /HttpOnly/);
    await assert.rejects(anna.signIn({ setCookie: () => undefined }, { page: "/lk" }), /opens no page/);
    await assert.rejects(anna.signIn("a browser"), /given to string; it can be to: a page or context of Playwright/);
    await assert.rejects(world.person("никто").openSession(), /GET \/control\/people/);
    await assert.rejects(world.person("никто").about(), /there are: анна, /);
    await assert.rejects(anna.openSession({ at: "school" }), /'idp' or 'diary'/);
  }));

  test("keeps letters", withWorld(async ({ world }) => {
    const anna = world.person("анна");
    assert.deepEqual(await anna.outbox(), []);
    await assert.rejects(world.outbox.wait({ to: anna, timeoutMs: 0 }), /no message to анна .*nothing/s);
    await world.idp.post("/lk/api/recovery", { login: "anna@example.test" });
    const letter = await world.outbox.wait({ to: anna });
    assert.deepEqual([letter.server, letter.channel, letter.to], ["idp", "email", "anna@example.test"]);
    assert.ok(letter.link.startsWith(world.url), letter.link);
    assert.deepEqual(await world.outbox.all({ to: "anna@example.test" }), [letter]);
    assert.deepEqual(await world.outbox.all({ to: "masha@example.test" }), []);
  }));

  test("has faults", withWorld(async ({ world }) => {
    const options = { requests: 2, person: world.person("анна"), parameters: { token: "id" } };
    const fault = await world.faults.set("hdr.alg-none", options);
    const there = (await world.faults.all()).map(({ number, fault, left, parameters }) => [number, fault, left, parameters]);
    assert.deepEqual(there, [[fault.number, "hdr.alg-none", 2, { token: "id" }]]);
    await fault[Symbol.asyncDispose]();
    await fault.lift();
    assert.deepEqual(await world.faults.all(), []);
    await world.faults.set("claim.aud-other");
    await world.faults.clear();
    assert.deepEqual(await world.faults.all(), []);
    await assert.rejects(world.faults.set("claim.aud-oter"), ControlError);
  }));

  test("says what was wrong with a request", withWorld(async ({ world, stand }) => {
    assert.deepEqual(await world.verdicts.failed(), []);
    const answer = await fetch(world.url + STRANGER);
    const [failed] = await world.verdicts.failed();
    assert.deepEqual(failed, await world.verdicts.of(answer));
    assert.deepEqual([failed.server, failed.client, failed.status, failed.ok], ["idp", "NOBODY", 400, false]);
    const [{ rule, error, mistakes }] = failed.failed;
    assert.deepEqual([rule, error, mistakes], ["client", "ESIA-008010", ["client-unknown=NOBODY"]]);
    assert.equal((await fetch(failed.page)).status, 200);
    assert.deepEqual(await world.verdicts.failed({ client: "SOMEBODY" }), []);
    await assert.rejects(world.verdicts.of(await fetch(stand.main.url + STRANGER)), /is not of this world/);
  }));

  test("knows client systems of its own, until it begins anew", withWorld(async ({ world, stand }) => {
    const oidc = { "redirect-uris": ["http://127.0.0.1:3000/callback"], secret: "test" };
    await world.register("MY-SITE", { title: "My site", scopes: ["openid"], oidc });
    assert.equal((await world.idp.get("/control/clients/MY-SITE")).title, "My site");
    await assert.rejects(stand.main.idp.get("/control/clients/MY-SITE"), refused(404));
    await world.reset();
    await assert.rejects(world.idp.get("/control/clients/MY-SITE"), refused(404));
  }));
});

test("a stand that is named without its diary says so", async () => {
  assert.equal(Stand.running({}), undefined);
  const alone = Stand.running({ ESIA_STAND_URL: "http://127.0.0.1:1/" });
  assert.equal(alone.main.url, "http://127.0.0.1:1");
  assert.throws(() => alone.main.diary, /ESIA_STAND_DIARY/);
  await assert.rejects(alone.fork(), /does not answer/);
});

test("a name begins with the team where teams share a stand", withWorld(async ({ stand }) => {
  process.env.ESIA_STAND_TEAM = "alpha";
  const world = await stand.fork().finally(() => delete process.env.ESIA_STAND_TEAM);
  assert.match(world.name, /^alpha-[0-9a-f]{10}$/);
  await world.drop();
}));
