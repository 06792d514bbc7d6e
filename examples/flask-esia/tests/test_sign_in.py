"""What the site owes the people who sign in to it."""

from conftest import CLIENT, Browser
from pytest_esia_stand import World


def test_anna_signs_in_and_out(world: World, home: str, browser: Browser) -> None:
    assert browser.sign_in(world.person("анна"), home).who == "Петрова Анна Сергеевна"
    assert "Вы не вошли" in browser.open(f"{home}/logout").text


def test_the_site_notices_that_the_session_at_gosuslugi_is_over(world: World, home: str, browser: Browser) -> None:
    browser.sign_in(world.person("анна"), home)
    world.clock.advance("1day")
    page = browser.open(home)
    assert page.status == 401
    assert "Сессия закончилась" in page.text


def test_a_token_for_somebody_else_is_refused(world: World, home: str, browser: Browser) -> None:
    with world.faults.set("claim.aud-other"):
        refused = browser.sign_in(world.person("анна"), home)
    assert (refused.status, refused.who) == (403, None)
    assert "Вход не выполнен" in refused.text
    assert browser.sign_in(world.person("анна"), home).who == "Петрова Анна Сергеевна"


def test_a_verdict_names_what_is_wrong_with_a_signature(world: World, home: str, browser: Browser) -> None:
    # From now on another key is registered; the site goes on signing with the one that it has.
    world.idp.post(f"/control/clients/{CLIENT}/key", {"key": "rsa"})
    refused = browser.sign_in(world.person("анна"), home)
    assert refused.status == 403
    [verdict] = world.verdicts.failed(client=CLIENT)
    [check] = verdict.failed
    assert (check.rule, check.error) == ("client-signature", "ESIA-007053")


def test_a_child_is_not_shown_before_a_guardian_has_consented(world: World, home: str, browser: Browser) -> None:
    page = browser.sign_in(world.person("маша"), home)
    assert (page.status, page.who) == (403, None)
    assert "Нужно согласие одного из родителей" in page.text
