# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody at the inbox without a browser: opens its pages, and sends the forms they show."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

import httpx2

from deploy.demo.tell import Failed

_NOTICE: Final = re.compile(r"/eingang/mitteilung/([0-9a-f-]{36})\b")


@dataclass
class Form:
    """One form of a page: where it goes, and what it sends if nothing is changed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(said.get("action", "")))
        elif self.found and tag == "input" and said.get("type") == "hidden":
            self.found[-1].fields[said["name"]] = said.get("value", "")
        elif self.found and tag == "select":
            self._select = said["name"]
        elif self.found and tag == "option" and self._select:
            self._choose(said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def _choose(self, said: dict[str, str]) -> None:
        """Take the option that is chosen, or the first."""
        fields = self.found[-1].fields
        if "selected" in said or self._select not in fields:
            fields[self._select] = said.get("value", "")


@dataclass
class Worker:
    """Somebody at one browser."""

    url: str
    client: httpx2.Client = field(
        default_factory=lambda: httpx2.Client(timeout=60, follow_redirects=True)
    )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def enter(self, link: str) -> None:
        """Open a session with a one-time link, where the inbox is a demonstration."""
        [code] = parse_qs(urlsplit(link).fragment)["code"]
        self._send("/eingang/anmeldung/einmal/eintreten", {"code": code})

    def page(self, path: str) -> str:
        """Return a page; raises ``Failed`` where there is none for this person."""
        return self._checked(self.client.get(self.url + path), path)

    def listed(self) -> frozenset[str]:
        """Return the ids of what the list shows."""
        return frozenset(_NOTICE.findall(self.page("/eingang")))

    def act(self, message: str, act: str, **said: str) -> str:
        """Do something with a notice: by its button, or on the page of the act."""
        path = f"/eingang/mitteilung/{message}"
        forms = Forms(self.page(path)).found
        if not any(form.action == f"{path}/{act}" for form in forms):
            forms = Forms(self.page(f"{path}/{act}")).found
        wanted = [form for form in forms if form.action in {f"{path}/{act}", ""}]
        if not wanted:
            raise Failed(f"Die Seite bietet „{act}“ nicht an.")
        return self._send(f"{path}/{act}", wanted[0].fields | said)

    def _send(self, path: str, fields: dict[str, str]) -> str:
        sent = {"origin": self.url, "sec-fetch-site": "same-origin"}
        return self._checked(self.client.post(self.url + path, data=fields, headers=sent), path)

    def _checked(self, answer: httpx2.Response, path: str) -> str:
        if answer.status_code >= httpx2.codes.BAD_REQUEST:
            raise Failed(f"Der Eingang antwortet auf {path} mit {answer.status_code}.")
        return answer.text
