"""The whole stand: two servers, and the worlds that they hold."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from typing import Any

from pytest_esia_stand import contract
from pytest_esia_stand.contract import DIARY, IDP
from pytest_esia_stand.control import Control
from pytest_esia_stand.world import World

#: The world that a server begins with.
MAIN = "main"


class Stand:
    """Both servers of a stand that is running."""

    def __init__(self, idp: str, diary: str | None = None, *, token: str | None = None, ca: str | None = None) -> None:
        #: The file with the certificate of the stand's own CA, where it speaks https: for ``verify=`` of HTTP clients.
        self.ca = ca
        #: The control API of Gosuslugi and, where it is known, of the diary.
        self.servers = [Control(IDP, idp, token=token, ca=ca)]
        if diary:
            self.servers.append(Control(DIARY, diary, token=token, ca=ca))

    def __repr__(self) -> str:
        return f"Stand({', '.join(repr(server.url) for server in self.servers)})"

    @property
    def main(self) -> World:
        """The world that the servers began with. Tests that share it see each other: fork it instead."""
        return World(MAIN, self.servers)

    def world(self, name: str) -> World:
        """A world that is there already."""
        return World(name, [server.within(server.call(contract.SHOW, name=name)["url"]) for server in self.servers])

    def fork(self, of: str = MAIN, name: str | None = None) -> World:
        """A copy of a world: its people, consents and registered systems come along, sessions and tokens do not."""
        name = name or new_name()
        return self._everywhere(name, lambda server: server.call(contract.FORK, {"name": name}, name=of))

    def make(self, seed: str | dict[str, Any], name: str | None = None) -> World:
        """A world from a seed: the name of a documented one (``esia-stand world``), or a document of your own."""
        name = name or new_name()
        return self._everywhere(name, lambda server: server.call(contract.MAKE, {"name": name, "seed": seed}))

    def _everywhere(self, name: str, made_at: Any) -> World:
        made: list[Control] = []
        try:
            for server in self.servers:
                made.append(server.within(made_at(server)["url"]))
        except Exception:
            if made:
                World(name, made).drop()
            raise
        return World(name, made)


def new_name(about: str = "") -> str:
    """A name that no other world has, with as much of a text as a name can hold.

    At a shared stand it begins with ``ESIA_STAND_TEAM``.
    """
    told = f"{os.environ.get('ESIA_STAND_TEAM', '')}-{about}".lower()
    told = re.sub(r"[^a-z0-9]+", "-", told).strip("-")[:40].strip("-")
    return f"{told or 't'}-{secrets.token_hex(5)}"


def running(environment: Mapping[str, str] = os.environ) -> Stand | None:
    """The stand that ``ESIA_STAND_URL`` names, with ``ESIA_STAND_DIARY``, ``ESIA_STAND_CONTROL_TOKEN`` and ``ESIA_STAND_CA``."""
    url = environment.get("ESIA_STAND_URL")
    if not url:
        return None
    told = {name: environment.get(f"ESIA_STAND_{name}") or None for name in ("DIARY", "CONTROL_TOKEN", "CA")}
    return Stand(url, told["DIARY"], token=told["CONTROL_TOKEN"], ca=told["CA"])
