# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people see when their portal says something else than was signed, or than it said before."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.portal import mine
from hub.portal.books.people_keys import StoredHouseKey, add_house_key
from hub.portal.joining import settle_now
from hub.portal.offices_shelf import forget
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.keys import PrivateSigningKey, jwk_members
from hub.web.portal import assets
from tests.portal.arrivals import arrive_first, arrive_later, invited
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld
from tests.world import SCHOOL

_STRANGE = "ein Schlüssel Ihres Hauses, den hier niemand kennt"
_LEFT = """new Promise((done) => {
  const asked = indexedDB.open("meldeweg-portal");
  asked.onsuccess = () => {
    const kept = asked.result.transaction("shelf").objectStore("shelf").get("vault");
    kept.onsuccess = () => done(JSON.stringify(Object.entries(kept.result ?? {}).map(
      ([name, value]) => [name, typeof value])));
  };
})"""


@pytest.fixture(scope="module")
def head(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Whoever came first and manages the house."""
    place = tmp_path_factory.mktemp("leitung")
    with visiting(place, portal.url, "leitung") as visit:
        arrive_first(visit, portal, place / "datei", "Schulleitung Erfunden-Beispiel")
        yield visit


@pytest.fixture(scope="module")
def reader(
    portal: PortalWorld, head: Visit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    """Whoever reads for the house, and has its key."""
    link = invited(head, "Sekretariat Erfunden-Neu", "lesen")
    with visiting(tmp_path_factory.mktemp("sekretariat"), portal.url, "sekretariat") as visit:
        arrive_later(visit, link)
        head.go("/portal/haus")
        head.press("Schlüssel weitergeben an Sekretariat Erfunden-Neu")
        head.await_text("Der Schlüssel ist weitergegeben")
        yield visit


def _looked(visit: Visit, path: str) -> str:
    """Return what can be read; a page is ready when it has looked at the keys of the house."""
    visit.go(path)
    return visit.text


def test_a_new_key_of_the_house_alarms_nobody_who_had_the_one_before(
    head: Visit, reader: Visit
) -> None:
    head.go("/portal/haus")
    head.press("Jemand hat das Haus verlassen")
    head.press("Neuen Schlüssel anlegen")
    head.await_text("Der neue Schlüssel ist angelegt")

    # Nobody has passed it on to the reader yet; the key before is enough to know whose it is.
    for visit in (head, reader):
        for path in ("/portal", *(["/portal/haus"] if visit is head else [])):
            assert _STRANGE not in _looked(visit, path)


def test_a_key_that_a_colleague_renewed_is_passed_nothing_unasked(
    portal: PortalWorld, head: Visit, tmp_path: Path
) -> None:
    link = invited(head, "Lehrkraft Erfunden-Wechselt", "lesen")
    with visiting(tmp_path / "lehrkraft", portal.url, "lehrkraft") as visit:
        arrive_later(visit, link)
        _pass_on(head, "Lehrkraft Erfunden-Wechselt")
        head.await_text("Der Schlüssel ist weitergegeben")
        visit.go("/portal/konto")
        visit.press("Der Tresor lässt sich nirgends mehr öffnen")
        visit.press("Mit leerem Tresor neu beginnen")
        visit.await_text("Ihr Tresor ist neu")
        # The page says that the vault is new before it has worked the mark of its key out.
        shown = "document.querySelector('#eigener-schluessel code')?.textContent"
        visit.page.wait_for(f"({shown} ? 'da' : 'noch nicht')", "da")
        mark = str(visit.js(shown))

    _pass_on(head, "Lehrkraft Erfunden-Wechselt")
    head.await_text("Lehrkraft Erfunden-Wechselt hat einen neuen Schlüssel")
    assert head.sees(mark)
    head.press("Nein, abbrechen")
    head.await_text("Nichts weitergegeben")
    _pass_on(head, "Lehrkraft Erfunden-Wechselt")
    head.await_text("hat einen neuen Schlüssel")
    head.tick("frage-ja")
    head.await_text("Der Schlüssel ist weitergegeben")


def _pass_on(head: Visit, name: str) -> None:
    head.go("/portal/haus")
    head.press(f"Schlüssel weitergeben an {name}")
    head.await_text(name)


def test_a_key_that_the_portal_puts_among_those_of_the_house_is_noticed(
    portal: PortalWorld, head: Visit, reader: Visit
) -> None:
    rogue = ReaderPrivateKey.generate().public
    stored = StoredHouseKey(rogue.kid, SCHOOL, "dienst", rogue.b64, int(portal.desk.second), "")
    portal.desk.books.write_now(lambda connection: add_house_key(connection, stored))
    settle_now(portal.desk, SCHOOL)
    forget(portal.desk, SCHOOL)

    assert _STRANGE in _looked(head, "/portal/haus")
    assert rogue.kid[:4] in head.text
    assert _STRANGE in _looked(reader, "/portal")

    # Whoever has asked a colleague says so; what others see does not depend on it.
    reader.press("Ich habe gefragt, er gehört zu uns")
    reader.press("Nein, abbrechen")
    assert reader.sees(_STRANGE)
    reader.press("Ich habe gefragt, er gehört zu uns")
    reader.tick("frage-ja")
    reader.await_gone(_STRANGE)
    assert _STRANGE not in _looked(reader, "/portal")
    assert _STRANGE in _looked(head, "/portal")


def test_a_portal_with_another_hub_is_refused_until_somebody_has_compared_its_fingerprint(
    portal: PortalWorld, head: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = mine._hub_of(portal.desk, SCHOOL)
    key = PrivateSigningKey.generate()
    other = true["hub"]["receipt_key"] | {"kid": key.kid, "jwk": jwk_members(key.jwk)}
    told = true | {"hub": true["hub"] | {"receipt_key": other}}
    monkeypatch.setattr(mine, "_hub_of", lambda *_: told)

    head.go("/portal/mitteilung")
    assert head.sees("Das Portal nennt einen anderen Hub")
    assert not head.has_button("Weiter")
    _looked(head, "/portal")
    assert head.sees("Das Portal nennt einen anderen Hub als bisher")

    head.press("Ich habe verglichen, er stimmt")
    head.tick("frage-ja")
    head.await_gone("Das Portal nennt einen anderen Hub als bisher")
    monkeypatch.undo()
    # From now on it is the hub of before that would have to be compared.
    _looked(head, "/portal")
    assert head.sees("Das Portal nennt einen anderen Hub als bisher")


def test_a_part_of_the_program_that_was_changed_is_not_run(
    portal: PortalWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "gebaut"
    shutil.copytree(assets.BUILT, built)
    parts = [each.name for each in assets.listed().values() if each.name.endswith(".js")]
    [main] = [name for name in parts if name.startswith("main")]
    for name in parts:
        if name != main:
            changed = (built / name).read_bytes() + b"\nglobalThis.veraendert = true;\n"
            (built / name).write_bytes(changed)
    monkeypatch.setattr(assets, "BUILT", built)
    assets._content.cache_clear()

    with visiting(tmp_path / "besuch", portal.url, "besuch") as visit:
        visit.page.open(f"{portal.url}/portal/anmeldung", width=visit.width)
        visit.page.wait_for("document.readyState", "complete")
        visit.page.wait_for("performance.getEntriesByType('resource').length > 1 ? 'ja' : ''", "ja")

        assert visit.page.evaluate("globalThis.veraendert ?? 'nicht gelaufen'") == "nicht gelaufen"
        assert any("integrity" in each for each in visit.page.objections)
    assets._content.cache_clear()


def test_a_tab_that_was_shut_leaves_nothing_that_opens(reader: Visit) -> None:
    _looked(reader, "/portal")
    left = json.loads(str(reader.page.evaluate(_LEFT)))

    # Text under the token of the session, and a time: no key lies there.
    assert dict(left) == {"sealed": "string", "until": "number"}
