"""Two tests in worlds of their own; in place of them stand those of your system."""

import requests


def test_anna_sees_her_children(world):
    with requests.Session() as browser:
        world.person("анна").sign_in(browser)
        assert "Семья и дети" in browser.get(f"{world.url}/lk/family", timeout=20).text


def test_a_link_works_for_five_minutes(world):
    session = world.person("анна").open_session()
    world.clock.advance("6m")
    assert requests.get(session.link, timeout=20).status_code == 410
