# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file from the school's program, in a real browser: chosen, dropped, looked at, taken over.

What is read of a file, and what is refused, is held under Node (``js/upload*.test.js``); here is
what somebody sees of it, and that nothing of it leaves the page.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from hub.schemas import SCHEMAS
from specs.portal.table import MADE, module, plain, table
from tests.browser import Page, a_page, chromium

STATIC: Final = Path(__file__).parents[2] / "hub" / "web" / "static"
KERN: Final = Path(__file__).parents[2] / "node_modules/@kern-ux/native/dist/kern.min.css"
WIDTHS: Final = (1280, 320)
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'none'; "
    "font-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE: Final = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Datei</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/kern.css"><link rel="stylesheet" href="/portal/upload/upload.css">
</head><body><main><h1 class="kern-heading-large">Mitteilung</h1><div id="ort"></div></main>
<p id="ansage" role="status"></p><script type="module" src="/start.js"></script></body></html>"""
START: Final = """
import { offerUpload } from "/portal/upload/view.js";
window.genommen = [];
window.biete = (kind, fields) => {
  window.angebot?.close();
  window.angebot = offerUpload(document.getElementById("ort"), {
    kind, fields, onTaken: async (state, row) => {
      if (window.stoert) throw new Error("kein Netz");
      window.genommen.push([state, row]);
    },
  });
};
document.body.dataset.bereit = "";
"""
CHILD: Final = ("/kind/name/familienname", "/kind/name/vorname", "/kind/geburt", "/kind/geschlecht")
LIST: Final = ("/kind/name/familienname", "/kind/name/vorname", "/fehltage")
CSV: Final = (
    "Name;Vorname;Geburtsdatum;Religion;Note\n"
    "Erfunden-Ç;Mia;03.05.2014;rk;2\nErfunden-Zwei;Leo;4.6.2013;ev;3\n"
)
ONE: Final = "Name;Vorname;Geburtsdatum;Religion\nErfunden-Beispiel;Mia;03.05.2014;rk\n"
SUMS: Final = "Name;Vorname;Fehltage\nErfunden-A;Mia;31\nErfunden-B;Leo;32\nErfunden-C;Ada;33\n"


class _Place(SimpleHTTPRequestHandler):
    """Gives the modules as they are in the source, and keeps no log."""

    asked: list[str] = []  # noqa: RUF012  one list for all requests, that is its purpose

    def do_GET(self) -> None:
        self.asked.append(self.path)
        made = {"/": (PAGE, "text/html"), "/start.js": (START, "text/javascript")}
        if self.path == "/kern.css":
            self._give(KERN.read_text("utf-8"), "text/css")
        elif self.path in made:
            self._give(*made[self.path])
        else:
            super().do_GET()

    def _give(self, text: str, kind: str) -> None:
        raw = text.encode()
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-security-policy", POLICY)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name is theirs
        del format, args


@dataclass
class Desk:
    """A page that offers to take over a file."""

    page: Page
    url: str

    def offer(self, kind: str, fields: tuple[str, ...], *, width: int = 1280) -> None:
        self.page.open(self.url, width=width)
        self.page.wait_for("'bereit' in document.body.dataset", "true")
        self.page.evaluate(f"window.biete({json.dumps(kind)}, {json.dumps(fields)});0")

    def choose(self, name: str, content: str, *, drop: bool = False, then: str = "") -> None:
        """Choose a file, or let it fall on the place for it."""
        self.page.evaluate(
            "(() => { const dt = new DataTransfer();"
            f"dt.items.add(new File([{json.dumps(content)}], {json.dumps(name)}));"
            f"if ({json.dumps(drop)}) document.getElementById('datei-ablage').dispatchEvent("
            "new DragEvent('drop', {dataTransfer: dt, bubbles: true, cancelable: true}));"
            "else { const i = document.getElementById('datei-auswahl'); i.files = dt.files;"
            f"i.dispatchEvent(new Event('change')); }} {then} }})();0"
        )

    def click(self, selector: str) -> None:
        self.page.evaluate(f"document.querySelector({json.dumps(selector)}).click();0")

    def text(self, selector: str = "#ort") -> str:
        found = self.page.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText")
        return " ".join(str(found).split())

    def await_text(self, part: str) -> None:
        self.page.wait_for("document.getElementById('ort').innerText", part)

    def taken(self) -> list[Any]:
        found: list[Any] = json.loads(self.page.evaluate("JSON.stringify(window.genommen)"))
        return found


@contextmanager
def _served() -> Iterator[str]:
    handler = partial(_Place, directory=str(STATIC))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if chromium() is None:
        pytest.skip("Chromium is missing")
    with _served() as url, a_page(tmp_path_factory.mktemp("upload")) as page:
        yield Desk(page, url)


def test_the_table_in_the_browser_says_what_stands_in_specs() -> None:
    """After a change of ``import.yaml``: ``python -m specs.portal.table``."""
    assert MADE.read_text("utf-8") == module()


def test_no_word_names_two_fields() -> None:
    said = [word for target in table()["targets"] for word in target["words"]]

    assert sorted({word for word in said if said.count(word) > 1}) == []
    assert "" not in said


def test_python_and_javascript_take_the_same_names_for_the_same() -> None:
    assert plain("Straße/Größe") == "strassegroesse"
    assert plain("ÇAĞRI é") == "cagrie"


def test_every_field_that_a_column_may_fill_is_one_of_a_schema() -> None:
    """A table that names a field nobody has would promise what no form can hold."""
    schemas = "".join(
        path.read_text("utf-8") for path in SCHEMAS.rglob("*.json") if "examples" not in path.parts
    )
    names = {
        part
        for target in table()["targets"]
        for field in target["fields"]
        for part in field.split("/")[1:]
        if not part.isdigit()
    }

    assert [name for name in sorted(names) if f'"{name}": {{' not in schemas] == []


def test_what_somebody_has_to_decide_is_in_no_column() -> None:
    """No message leaves because a file says so (§ 41 Abs. 4 SchulG NRW asks for one case)."""
    fields = {field for target in table()["targets"] for field in target["fields"]}
    decided = ("/einzelfall", "/information", "/massnahme/art", "/absender", "/beobachtungen")

    assert [each for each in fields if each.startswith(decided)] == []


def test_a_consultation_without_names_has_no_field_for_any_column() -> None:
    """§ 4 Abs. 2 KKG: the data „sind zu pseudonymisieren“, so nothing of a pupil's file fits."""
    schema = (SCHEMAS / "fachberatung/1.0.0/frage.schema.json").read_text("utf-8")
    fields = {target["fields"][0].rsplit("/", 1)[1] for target in table()["targets"]}

    assert [name for name in ("familienname", "strasse", "geburt") if f'"{name}"' in schema] == []
    assert {"familienname", "strasse", "geburt"} <= fields


@pytest.mark.parametrize("drop", [False, True])
def test_one_child_goes_into_the_form(desk: Desk, drop: bool) -> None:
    desk.offer("kind", CHILD)
    desk.choose("kind.csv", ONE, drop=drop)
    desk.await_text("Das wird übernommen")

    assert "Religion" in desk.text("#datei-verworfen")
    assert "rk" not in desk.text()
    desk.click("#datei-uebernehmen")
    desk.await_text("Bitte prüfen Sie jede Angabe")

    state, row = desk.taken()[0]
    assert state == {
        "/kind/name/familienname": "Erfunden-Beispiel",
        "/kind/name/vorname": "Mia",
        "/kind/geburt/jahr": 2014,
        "/kind/geburt/monat": 5,
        "/kind/geburt/tag": 3,
    }
    assert row == {"number": 1, "of": 1}


def test_of_many_children_somebody_picks_one_by_a_part_of_the_name(desk: Desk) -> None:
    desk.offer("kind", CHILD)
    desk.choose("klasse.csv", CSV)
    desk.await_text("Welches Kind?")
    assert desk.page.evaluate("document.querySelector('#datei-uebernehmen')") is None

    desk.page.evaluate(
        "(() => { const i = document.getElementById('datei-suche'); i.value = 'ERFUNDEN-C';"
        "i.dispatchEvent(new Event('input')); })();0"
    )
    assert desk.text("#datei-treffer") == "Erfunden-Ç, Mia, 2014"
    desk.click("#datei-treffer input")
    desk.click("#datei-uebernehmen")
    desk.await_text("Übernommen")

    assert desk.taken()[0][0]["/kind/name/familienname"] == "Erfunden-Ç"


def test_each_row_of_a_list_is_taken_by_itself_and_the_file_goes_on_later(desk: Desk) -> None:
    """There is no button for all: a person decides on each child."""
    desk.offer("liste", LIST)
    desk.choose("liste.csv", SUMS)
    desk.await_text("Zeile 1 von 3: Erfunden-A, Mia")
    assert desk.page.evaluate("document.querySelectorAll('.kern-btn--primary').length") == 1

    desk.click("#datei-uebernehmen")
    desk.await_text("Zeile 2 von 3: Erfunden-B, Leo")
    desk.offer("liste", LIST)
    desk.choose("umbenannt.csv", SUMS)
    desk.await_text("schon 1 Zeilen übernommen")
    desk.await_text("Zeile 2 von 3")
    desk.click("#datei-naechste")
    desk.await_text("Zeile 3 von 3")
    desk.click("#datei-uebernehmen")
    desk.await_text("Zeile 2 von 3")
    desk.click("#datei-uebernehmen")
    desk.await_text("Alle Zeilen sind übernommen")

    assert [state["/fehltage"] for state, _ in desk.taken()] == [33, 32]


def test_two_clicks_make_one_draft(desk: Desk) -> None:
    desk.offer("liste", LIST)
    desk.choose("doppelt.csv", SUMS.replace("Erfunden-", "Erfunden-D"))
    desk.await_text("Zeile 1 von 3")
    desk.page.evaluate(
        "(() => { const b = document.querySelector('#datei-uebernehmen'); b.click(); b.click();"
        " })();0"
    )
    desk.await_text("Zeile 2 von 3")

    assert len(desk.taken()) == 1


def test_a_row_that_could_not_be_kept_stays_open(desk: Desk) -> None:
    desk.offer("liste", LIST)
    desk.page.evaluate("window.stoert = true;0")
    desk.choose("stoerung.csv", SUMS.replace("Erfunden-", "Erfunden-S"))
    desk.await_text("Zeile 1 von 3")
    desk.click("#datei-uebernehmen")
    desk.await_text("ließ sich nicht übernehmen")
    desk.page.evaluate("window.stoert = false;0")
    desk.click("#datei-uebernehmen")
    desk.await_text("Zeile 2 von 3")

    assert [row["number"] for _, row in desk.taken()] == [1]


def test_a_column_is_assigned_by_hand(desk: Desk) -> None:
    desk.offer("kind", CHILD)
    desk.choose("kind.csv", "Vorname;Wie heißt es;Note\nMia;Erfunden-Hand;1\n")
    desk.await_text("Das wird übernommen")
    desk.page.evaluate(
        "(() => { document.getElementById('datei-spalte').value = '1';"
        "document.getElementById('datei-feld').value = 'familienname';"
        "document.getElementById('datei-zuordnen').click(); })();0"
    )
    desk.await_text("Erfunden-Hand")

    assert desk.text("#datei-verworfen") == "Note"
    assert desk.page.evaluate("document.activeElement.id") == "datei-spalte"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("liste.xls", "x", "Speichern Sie sie als XLSX"),
        ("bombe.xml", "<!DOCTYPE a><a/>", "DOCTYPE"),
        ("leer.csv", "", "Die Datei ist leer"),
        ("programm.exe", "MZ", "Möglich sind CSV, XLSX, XML und JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    desk: Desk, name: str, content: str, said: str
) -> None:
    desk.offer("kind", CHILD)
    desk.choose(name, content)
    desk.await_text(said)

    assert desk.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert desk.page.evaluate("document.getElementById('datei-auswahl') !== null")


def test_script_in_a_cell_and_in_the_name_of_a_column_is_text(desk: Desk) -> None:
    desk.offer("kind", CHILD)
    script = "<img src=x onerror=window.boese=1>"
    desk.choose("x.csv", f"Name;Vorname;{script}\n{script};Mia;{script}\n")
    desk.await_text(script)

    assert desk.page.evaluate("window.boese") is None
    assert desk.page.evaluate("document.querySelectorAll('#ort img').length") == 0


def test_somebody_stops_reading_and_nothing_is_taken(desk: Desk) -> None:
    desk.offer("kind", CHILD)
    line = "Erfunden;Mia;" + "x" * 5000 + "\n"
    stop = "document.getElementById('datei-abbrechen').click();"
    desk.choose("gross.csv", "Name;Vorname;Wort\n" + line * 900, then=stop)
    desk.await_text("Abgebrochen")

    assert desk.taken() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_state_can_be_used_by_everybody(desk: Desk, width: int) -> None:
    """axe-core, no sideways scrolling, and a label on everything that has the focus."""
    found: list[str] = []
    desk.offer("kind", CHILD, width=width)
    found += desk.page.axe()
    desk.choose("liste.pdf", "x")
    desk.await_text("kann nicht übernommen werden")
    found += desk.page.axe()
    desk.choose("klasse.csv", CSV)
    desk.await_text("Welches Kind?")
    desk.click("#datei-treffer input")
    desk.click("#datei-zuordnung summary")
    found += desk.page.axe()

    assert [each for each in found if not each.startswith("region")] == []
    assert desk.page.overflow(width) == 0
    assert "" not in desk.page.tab_through()


def test_nothing_is_asked_for_once_the_page_is_there(desk: Desk) -> None:
    """What is read of the file goes nowhere; the policy of the page would not let it either."""
    desk.offer("kind", CHILD)
    desk.page.wait_for("'bereit' in document.body.dataset", "true")
    asked = len(_Place.asked)
    desk.choose("kind.csv", ONE)
    desk.await_text("Das wird übernommen")
    desk.click("#datei-uebernehmen")
    desk.await_text("Übernommen")
    desk.page.settle()

    assert _Place.asked[asked:] == []
    assert [each for each in desk.page.objections if "olicy" in each or "Trusted" in each] == []
    kept = "Object.keys(localStorage).length + Object.keys(sessionStorage).length"
    assert desk.page.evaluate(kept) == 0
