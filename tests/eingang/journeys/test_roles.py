# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who manages people or watches over reading: do they come upon anything of a notice, anywhere?

They go wherever a page leads them, and try what is not linked as well.
"""

import html
import re
from collections.abc import Iterator

import pytest

from tests.eingang.journeys.stories import ENTRUSTED, entrusted_by_the_kreis
from tests.eingang.world import Inbox, Visitor, words_of

NAMES = ("Musterkind", "Lena", "Jonas", "Emil", "Mia", "Musterfrau", "Lehrerin-Erfunden")
SAID = ("ohne Jacke", "schlug die Mutter", "Großmutter", "4710123", "3920019", ENTRUSTED)
_LEADS = re.compile(r'(?:href|action)="(/eingang[^"#]*)')


def _walk(visitor: Visitor, *starts: str) -> Iterator[tuple[str, int, str]]:
    """Yield every page that can be reached, with its status and all that it says."""
    waiting, seen = list(starts), set(starts)
    while waiting:
        path = waiting.pop()
        answer = visitor.client.get(path, follow_redirects=True)
        yield path, answer.status_code, answer.text + answer.headers.get("content-disposition", "")
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for found in _LEADS.findall(answer.text):
            there = html.unescape(found)
            if there not in seen and "/static/" not in there and "abmelden" not in there:
                seen.add(there)
                waiting.append(there)


def _everything_there_is(inbox: Inbox) -> list[str]:
    """Return the addresses of all that can be known of the notices."""
    below = ("", "/druck", ".pdf", "/rueckmeldung", "/rueckfrage", "/weitergabe", "/unverwertbar")
    notices = [each.id for each in inbox.sent.values()]
    return [f"/eingang/mitteilung/{id_}{more}" for id_ in notices for more in below]


@pytest.fixture(scope="module")
def read(inbox: Inbox) -> Inbox:
    """The inbox, after somebody on duty has read everything, and opened what was entrusted."""
    inbox.sent["kreis"] = entrusted_by_the_kreis(inbox)
    duty = inbox.visitor("bereitschaft", name="Bereitschaft Erfunden-Leserin")
    for each in inbox.sent.values():
        assert "Musterkind" in duty.text(f"mitteilung/{each.id}")
    return inbox


@pytest.mark.parametrize("role", ["verwalten", "datenschutz"])
def test_no_page_tells_them_anything_of_a_notice(read: Inbox, role: str) -> None:
    visitor = read.visitor(role, name=f"{role.title()} Erfunden-Amt")
    starts = ["/eingang", "/eingang?liste=alle", "/eingang/uebergabe", "/eingang/stand"]
    seen = list(_walk(visitor, *starts, *_everything_there_is(read)))

    assert len([status for _, status, _ in seen if status == 200]) >= 4
    for path, status, text in seen:
        told = [each for each in (*NAMES, *SAID) if each in text]
        assert told == [], (path, status)


def test_the_search_finds_what_whoever_is_on_duty_reads(read: Inbox) -> None:
    """Otherwise it would find nothing anywhere because it is blind."""
    duty = read.visitor("bereitschaft", name="Bereitschaft Erfunden-Zwei")
    text = " ".join(text for _, _, text in _walk(duty, *_everything_there_is(read)))

    assert [each for each in (*NAMES, *SAID[:-1]) if each not in text] == []


def test_who_watches_sees_who_has_read_and_who_was_refused(read: Inbox) -> None:
    watch = read.visitor("datenschutz", name="Datenschutz Erfunden-Wacht")
    watch.get(f"mitteilung/{read.sent['polizei'].id}")
    purpose = re.search(r'name="zweck" value="([^"]+)"', watch.get("lesebuch").text)
    assert purpose is not None

    page = words_of(watch.get(f"lesebuch?zweck={purpose[1]}").text)

    assert "Bereitschaft Erfunden-Leserin" in page
    assert read.sent["polizei"].id in page
    assert "Datenschutz Erfunden-Wacht" in page


def test_who_manages_does_not_see_the_log_of_reading(read: Inbox) -> None:
    manager = read.visitor("verwalten", name="Verwaltung Erfunden-Wacht")

    answer = manager.get("lesebuch")

    assert answer.status_code == 403
    assert "Bereitschaft Erfunden-Leserin" not in answer.text
