"""A world, as tests use it."""

import asyncio
import re
from datetime import datetime, timedelta, timezone
from http.cookiejar import CookieJar

import httpx
import pytest
import requests

from pytest_esia_stand import ControlError, Stand, World
from pytest_esia_stand.clock import instant, sortable
from pytest_esia_stand.stand import new_name

#: What a client asks that nobody has registered.
STRANGER = "/aas/oauth2/ac?client_id=NOBODY"


def test_what_is_done_in_a_world_is_seen_in_no_other(esia_stand: Stand, world: World) -> None:
    other = esia_stand.fork()
    world.person("анна").open_session()
    assert any("Анна" in line.text for line in world.timeline())
    assert not any("Анна" in line.text for line in other.timeline())
    other.drop()
    with pytest.raises(ControlError) as gone:
        esia_stand.world(other.name)
    assert gone.value.status == 404
    other.drop()


def test_a_world_that_cannot_be_made_everywhere_is_made_nowhere(esia_stand: Stand) -> None:
    halfway = esia_stand.fork()
    halfway.server("idp").within(esia_stand.main.url).reach("DELETE", f"/control/worlds/{halfway.name}")
    with pytest.raises(ControlError) as refused:
        esia_stand.fork(name=halfway.name)
    assert refused.value.status == 409
    with pytest.raises(ControlError):
        halfway.idp.get("/control/clock")
    halfway.drop()


@pytest.mark.esia_world("петровы")
def test_a_documented_world_is_made_by_its_name(world: World) -> None:
    assert world.person("маша").name == "Петрова Мария Сергеевна"


def test_both_clocks_are_moved(world: World) -> None:
    before = world.clock.now
    assert world.clock.advance("15m") - before >= timedelta(minutes=15)
    now = [datetime.fromisoformat(server.get("/control/clock")["now"][:19]) for server in world.servers]
    assert abs(now[0] - now[1]) < timedelta(seconds=5)
    assert now[0] - before.replace(tzinfo=None) > timedelta(minutes=14)
    assert world.clock.advance(timedelta(hours=1)) - before >= timedelta(minutes=75)


def test_a_frozen_clock_stands_at_one_instant(world: World) -> None:
    stopped = world.clock.freeze()
    assert world.clock.now == stopped
    assert [server.get("/control/clock")["mode"] for server in world.servers] == ["frozen", "frozen"]
    assert len({server.get("/control/clock")["now"] for server in world.servers}) == 1
    later = datetime(2035, 1, 9, 9, tzinfo=timezone(timedelta(hours=3)))
    assert world.clock.to(later) == later
    assert world.clock.advance_working_days(1) == later + timedelta(days=1)
    with pytest.raises(ValueError, match="no time zone"):
        world.clock.to(datetime(2036, 1, 1))
    world.clock.run()
    assert world.idp.get("/control/clock")["mode"] != "frozen"


def test_requests_is_signed_in_at_both_servers(world: World) -> None:
    with requests.Session() as session:
        assert "Петрова" not in session.get(f"{world.url}/lk").text
        world.person("анна").sign_in(session)
        assert "Петрова Анна" in session.get(f"{world.url}/lk").text
        world.person("анна").sign_in(session, at="diary")
        assert session.get(f"{world.diary.url}/diary", allow_redirects=False).status_code == 200


def test_httpx_is_signed_in(world: World) -> None:
    with httpx.Client(follow_redirects=True) as client:
        world.person("anna@example.test").sign_in(client)
        assert "Петрова Анна" in client.get(f"{world.url}/lk").text


@pytest.mark.asyncio
async def test_asynchronous_httpx_is_signed_in(world: World) -> None:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        session, _ = await asyncio.gather(world.person("анна").sign_in_async(client), asyncio.sleep(0))
        assert "Петрова Анна" in (await client.get(f"{world.url}/lk")).text
        bearer = {"Authorization": f"Bearer {session.token}", "Accept": "application/json"}
        assert (await httpx.AsyncClient().get(f"{world.url}/lk/api/family", headers=bearer)).status_code == 200


def test_a_link_signs_in_once_and_leads_on(world: World) -> None:
    session = world.person("анна").open_session()
    first = requests.get(session.link_to("/lk/family"), timeout=5)
    assert first.url == f"{world.url}/lk/family"
    assert "Семья и дети" in first.text
    assert requests.get(session.link, timeout=5).status_code == 410


def test_what_cannot_take_a_session_is_told(world: World) -> None:
    anna = world.person("анна")
    with pytest.raises(TypeError, match=r"given to str; it can be to: requests\.Session"):
        anna.sign_in("a browser")
    with pytest.raises(TypeError, match="opens no page"):
        anna.sign_in(CookieJar(), page="/lk")
    with pytest.raises(ControlError, match="GET /control/people"):
        world.person("никто").open_session()
    with pytest.raises(LookupError, match="there are: анна, "):
        _ = world.person("никто").name
    with pytest.raises(ValueError, match="'idp' or 'diary'"):
        anna.open_session(at="school")


def test_letters_are_read_by_address_and_by_person(world: World) -> None:
    anna = world.person("анна")
    assert anna.outbox == []
    with pytest.raises(TimeoutError, match="no message to анна"):
        world.outbox.wait(to=anna, timeout_s=0)
    world.idp.post("/lk/api/recovery", {"login": anna.login})
    letter = world.outbox.wait(to=anna)
    assert (letter.server, letter.channel, letter.to) == ("idp", "email", "anna@example.test")
    assert letter.link is not None
    assert letter.link.startswith(world.url)
    assert world.outbox.all(to="anna@example.test") == [letter] == list(world.outbox)
    assert world.outbox.all(to="masha@example.test") == []


def test_a_fault_is_set_for_some_answers_and_lifted(world: World) -> None:
    with world.faults.set("hdr.alg-none", requests=2, person=world.person("анна"), token="id") as fault:
        assert [(one.fault, one.left, one.parameters) for one in world.faults.all()] == [
            ("hdr.alg-none", 2, {"token": "id"})
        ]
        assert fault.number == world.faults.all()[0].number
    assert world.faults.all() == []
    world.faults.set("claim.aud-other")
    world.faults.clear()
    fault.lift()
    with pytest.raises(ControlError) as unknown:
        world.faults.set("claim.aud-oter")
    assert unknown.value.status in (400, 404)


def test_verdicts_say_what_was_wrong_with_a_request(world: World) -> None:
    assert world.verdicts.failed() == []
    answer = requests.get(world.url + STRANGER, timeout=5)
    [failed] = world.verdicts.failed()
    assert failed == world.verdicts.of(answer)
    assert (failed.server, failed.client, failed.status, failed.ok) == ("idp", "NOBODY", 400, False)
    [check] = failed.failed
    assert (check.rule, check.error, check.mistakes) == ("client", "ESIA-008010", ("client-unknown=NOBODY",))
    assert "failed client ESIA-008010" in str(failed)
    assert requests.get(failed.page, timeout=5).status_code == 200
    assert world.verdicts.failed(client="SOMEBODY") == []
    other = requests.get(world.url.replace(world.name, "main") + STRANGER, timeout=5)
    with pytest.raises(LookupError, match=r"is not of (this world|a server)"):
        world.verdicts.of(other)


def test_a_client_system_is_registered_in_one_world(esia_stand: Stand, world: World) -> None:
    client = {"scopes": ["openid"], "oidc": {"redirect-uris": ["http://127.0.0.1:3000/callback"], "secret": "test"}}
    assert world.register("MY-SITE", title="My site", **client) == "MY-SITE"
    assert world.idp.get("/control/clients/MY-SITE")["title"] == "My site"
    with pytest.raises(ControlError):
        esia_stand.main.idp.get("/control/clients/MY-SITE")


def test_instants_are_ordered_as_time_is_whatever_their_digits() -> None:
    told = ["2024-09-02T06:05:00Z", "2024-09-02T06:05:00.05Z", "2024-09-02T06:05:00.1Z", "2024-09-02T06:05:01Z"]
    assert sorted(told, key=sortable) == told
    assert instant(told[1]) == datetime(2024, 9, 2, 6, 5, 0, 50_000, timezone.utc)


def test_a_world_begins_anew(world: World) -> None:
    world.register("MY-SITE")
    world.reset()
    with pytest.raises(ControlError):
        world.idp.get("/control/clients/MY-SITE")


def test_a_name_begins_with_the_team_where_teams_share_a_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.fullmatch(r"test-a-[0-9a-f]{10}", new_name("test_a"))
    monkeypatch.setenv("ESIA_STAND_TEAM", "alpha")
    assert re.fullmatch(r"alpha-test-a-[0-9a-f]{10}", new_name("test_a"))
    assert re.fullmatch(r"alpha-[0-9a-f]{10}", new_name())
    assert re.fullmatch(r"alpha-t{34}-[0-9a-f]{10}", new_name("t" * 99))
