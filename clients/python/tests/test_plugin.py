"""The fixtures in somebody's tests."""

import re
from pathlib import Path

import pytest

from pytest_esia_stand import Stand

#: The example of the README, as it stands there.
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]


def test_the_example_of_the_readme_passes_in_parallel(pytester: pytest.Pytester) -> None:
    assert len(EXAMPLE.splitlines()) <= 15
    pytester.makepyfile(EXAMPLE)
    ended = pytester.runpytest_subprocess("-n", "2")
    ended.assert_outcomes(passed=2)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_one_server_serves_a_run(pytester: pytest.Pytester, workers: list[str]) -> None:
    pytester.makepyfile("""
        import pathlib, pytest

        @pytest.mark.parametrize("number", range(6))
        def test_one(world, esia_stand, number):
            pathlib.Path(f"seen-{number}").write_text(f"{esia_stand.main.url} {world.name}")
    """)
    pytester.runpytest_subprocess(*workers).assert_outcomes(passed=6)
    seen = [file.read_text().split() for file in pytester.path.glob("seen-*")]
    assert len({url for url, _ in seen}) == 1
    assert len({world for _, world in seen}) == 6


def test_a_failed_test_tells_its_timeline_and_refused_requests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import urllib.request

        def test_wrong(world):
            world.person("анна").open_session()
            urllib.request.urlopen(world.url + "/aas/oauth2/ac?client_id=NOBODY")
    """)
    ended = pytester.runpytest_subprocess("-n", "1")
    ended.assert_outcomes(failed=1)
    ended.stdout.fnmatch_lines(
        [
            "*esia-stand: world test-wrong-*",
            "Gosuslugi of this world: http://127.0.0.1:*/w/test-wrong-*",
            "failed verdicts: 1",
            "*GET /aas/oauth2/ac?client_id=NOBODY → 400 (http://*/control/console/requests/1)",
            "*failed client ESIA-008010 *",
            "*client-unknown=NOBODY*",
            "timeline (Moscow time):",
            "*Gosuslugi  Петрова Анна Сергеевна: вход на Госуслуги*",
        ]
    )


TWO = """
    def test_right(world):
        pass

    def test_wrong(world):
        assert False
"""


@pytest.mark.parametrize(("options", "kept"), [([], []), (["--esia-stand-keep"], ["test-wrong"])])
def test_worlds_go_after_their_tests(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    esia_stand: Stand,
    options: list[str],
    kept: list[str],
) -> None:
    idp, diary = esia_stand.servers
    monkeypatch.setenv("ESIA_STAND_URL", idp.url)
    monkeypatch.setenv("ESIA_STAND_DIARY", diary.url)
    pytester.makepyfile(TWO)
    pytester.runpytest_subprocess(*options).assert_outcomes(passed=1, failed=1)
    for server in esia_stand.servers:
        there = [one["name"] for one in server.get("/control/worlds") if re.match(r"test-(right|wrong)-", one["name"])]
        assert [name.rsplit("-", 1)[0] for name in there] == kept
        for name in there:
            server.reach("DELETE", f"/control/worlds/{name}")


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_without_a_program_every_test_says_the_way_out(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    monkeypatch.setenv("ESIA_STAND_BIN", "nowhere/esia-stand")
    pytester.makepyfile(TWO)
    ended = pytester.runpytest_subprocess(*workers)
    ended.assert_outcomes(errors=2)
    ended.stdout.fnmatch_lines(["ESIA_STAND_BIN=nowhere/esia-stand is no program: *"])


def test_the_stand_is_started_with_arguments_and_another_world(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml("""
        [tool.pytest.ini_options]
        esia_stand_args = ["--tls", "--world", "петровы,две-школы"]
        esia_stand_world = "dve-shkoly"
    """)
    pytester.makepyfile("""
        import requests

        def test_world(world, esia_stand):
            assert world.url.startswith("https://")
            with requests.Session() as browser:
                world.person("марина").sign_in(browser)
                assert "Ершова" in browser.get(f"{world.url}/lk", verify=esia_stand.ca).text
            assert world.person("марина").name == "Ершова Марина Сергеевна"
            assert world.timeline()[0].text.startswith("Мир скопирован с мира «dve-shkoly»")
    """)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
