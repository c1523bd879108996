# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a form shows in a real browser is what is read back from it, for everyone and every way."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from hub.forms.form import describe
from hub.protocols.catalogue import load_catalogue
from hub.schemas import SCHEMAS, SPECS
from tests.browser import ROOT, Page, a_page, chromium

STYLES: Final = (
    "/node_modules/@kern-ux/native/dist/kern.css",
    "/hub/web/static/portal/portal.css",
    "/hub/web/static/portal/form/form.css",
)
PAGE: Final = (
    '<!doctype html><html lang="de" data-kern-theme="light"><meta charset="utf-8">'
    "<title>Formular</title>"
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    + "".join(f'<link rel="stylesheet" href="{style}">' for style in STYLES)
    + '<body class="kern-body"><main><h1 id="titel">Formular</h1><div id="hier"></div></main>'
    '<p id="ansage" role="status"></p>'
)
BEGIN: Final = """
const form = "/hub/web/static/portal/form";
const {renderPage, readPage, mergePage, renderErrorSummary} = await import(`${form}/render.js`);
const {checkPage} = await import(`${form}/checks.js`);
const {findHints, renderHints, applyHint} = await import(`${form}/hints.js`);
const {forms, examples} = await (await fetch("/formulare.json")).json();
const here = document.getElementById("hier");
const ofForm = (name) => forms[name];
const show = (description, id, values, errors = []) => {
  const page = description.pages.find((each) => each.id === id);
  const root = renderPage(description, page, values, errors);
  document.getElementById("titel").textContent = page.title;
  const summary = renderErrorSummary(errors);
  here.replaceChildren(...(summary ? [summary] : []), root);
  return {page, root};
};
"""
NOTICE: Final = "schule-mitteilung/1.1.0/mitteilung"

pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium here")


class _Files(SimpleHTTPRequestHandler):
    """Serves the checkout, one empty page, and all forms with their valid examples."""

    forms = b""

    def do_GET(self) -> None:
        made = {"/": (PAGE.encode(), "text/html"), "/formulare.json": (self.forms, "text/json")}
        if self.path not in made:
            super().do_GET()
            return
        raw, kind = made[self.path]
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _forms() -> bytes:
    catalogue = load_catalogue(SPECS, SCHEMAS)
    forms, examples = {}, []
    for protocol in catalogue.all():
        for step in protocol.steps:
            key = f"{protocol.name}/{step.id}"
            forms[key] = describe(catalogue, protocol, step)
            folder, _, name = step.schema_name.rpartition("/")
            examples += [
                {"form": key, "content": json.loads(path.read_bytes())}
                for path in sorted((SCHEMAS / folder / "examples").glob(f"{name}.valid.*.json"))
            ]
    return json.dumps({"forms": forms, "examples": examples}).encode()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    _Files.forms = _forms()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(ROOT)))
    Thread(target=server.serve_forever, daemon=True).start()
    with a_page(tmp_path_factory.mktemp("chromium")) as tab:
        tab.open(f"http://127.0.0.1:{server.server_address[1]}/", width=1280)
        yield tab
    server.shutdown()
    server.server_close()


def _said(page: Page, script: str) -> Any:
    asked = f"JSON.stringify(await (async () => {{ {script} }})())"
    return json.loads(page.evaluate(f"(async () => {{ {BEGIN} return {asked}; }})()"))


def test_what_is_shown_is_what_is_read_back_in_every_form(page: Page) -> None:
    different = _said(
        page,
        """
        const odd = [];
        const texts = (part) => part.every((each) => typeof each === "string");
        const sorted = (part) => Array.isArray(part)
          ? (texts(part) ? [...part].sort() : part.map(sorted))
          : part && typeof part === "object"
            ? Object.fromEntries(Object.keys(part).sort().map((k) => [k, sorted(part[k])])) : part;
        const vacant = (part) => Array.isArray(part) ? part.every(vacant)
          : part && typeof part === "object" ? Object.values(part).every(vacant) : false;
        const strip = (part) => part && typeof part === "object" && !Array.isArray(part)
          ? Object.fromEntries(
              Object.entries(part).filter(([, v]) => !vacant(v)).map(([k, v]) => [k, strip(v)]))
          : part;
        for (const {form, content} of examples) {
          const description = ofForm(form);
          let values = structuredClone(content);
          for (const page of description.pages) {
            const root = renderPage(description, page, values);
            here.replaceChildren(root);
            values = mergePage(values, page, readPage(description, page, root));
          }
          const [was, is] = [content, values].map((each) => JSON.stringify(sorted(strip(each))));
          if (was !== is) odd.push([form, was, is]);
        }
        return {odd: odd.slice(0, 3), count: examples.length};
        """,
    )

    assert different["count"] > 100
    assert different["odd"] == []


def test_a_reason_is_asked_for_once_somebody_says_no(page: Page) -> None:
    shown = _said(
        page,
        f"""
        const {{root}} = show(ofForm("{NOTICE}"), "information", {{}});
        const asked = document.getElementById("feld-information-grund").closest(".form-field");
        const reason = () => !asked.hidden;
        const before = reason();
        const [yes, no] = root.querySelectorAll("input[type=radio]");
        no.click(); const afterNo = reason();
        yes.click();
        return [before, afterNo, reason()];
        """,
    )

    assert shown == [False, True, False]


def test_what_is_shown_on_demand_is_offered_only_where_it_applies(page: Page) -> None:
    shown = _said(
        page,
        f"""
        const {{root}} = show(ofForm("{NOTICE}"), "schritte", {{}});
        const offered = () => !document.getElementById("feld-schritte-gespraech-kind-am")
          .closest("details").hidden;
        const [yes, no] = root.querySelectorAll("input[type=radio]");
        yes.click(); const afterYes = offered();
        no.click();
        return [afterYes, offered()];
        """,
    )

    assert shown == [True, False]


def test_entries_are_added_and_removed_and_the_others_stay(page: Page) -> None:
    read = _said(
        page,
        f"""
        const description = ofForm("{NOTICE}");
        const {{page, root}} = show(description, "beobachtungen", {{}});
        const type = (i, text) => {{
          const area = document.getElementById(`feld-beobachtungen-${{i}}-text`);
          area.value = text; area.dispatchEvent(new Event("input", {{bubbles: true}}));
        }};
        const press = (text) => [...root.querySelectorAll("button")]
          .find((button) => button.textContent.includes(text)).click();
        type(0, "Erste."); press("hinzufügen");
        const focused = document.activeElement.id;
        type(1, "Zweite."); press("hinzufügen"); type(2, "Dritte.");
        press("2 entfernen");
        return [focused, readPage(description, page, root).beobachtungen.map((each) => each.text)];
        """,
    )

    assert read == ["feld-beobachtungen-1-datum", ["Erste.", "Dritte."]]


def test_dates_are_read_as_people_write_them(page: Page) -> None:
    read = _said(
        page,
        f"""
        const description = ofForm("{NOTICE}");
        const {{page, root}} = show(description, "anruf", {{}});
        root.querySelector("input[type=radio]").click();
        const into = (part, text) => {{
          root.querySelector(`[data-part=${{part}}]`).value = text;
        }};
        const times = [];
        const typed = ["7 März 26 14.30", "07 3 2026 9", "30 2 2026 10:00"];
        for (const parts of typed.map((each) => each.split(" "))) {{
          ["tag", "monat", "jahr", "uhr"].forEach((name, i) => into(name, parts[i]));
          times.push(readPage(description, page, root).anruf.zeitpunkt);
        }}
        return times;
        """,
    )

    assert read[:2] == ["2026-03-07T14:30:00+01:00", "2026-03-07T09:00:00+01:00"]
    assert read[2] == {"_": {"tag": "30", "monat": "2", "jahr": "2026", "uhr": "10:00"}}


def test_a_link_of_the_summary_leads_to_the_field_and_says_the_same_words(page: Page) -> None:
    ends = _said(
        page,
        f"""
        const description = ofForm("{NOTICE}");
        const page = description.pages.find((each) => each.id === "absender");
        const errors = checkPage(description, page, {{}});
        show(description, "absender", {{}}, errors);
        return [...document.querySelectorAll(".form-errors a")].map((link) => {{
          link.click();
          const at = document.activeElement;
          const around = at.closest(".kern-fieldset--error, .kern-form-input--error");
          const isThere = link.getAttribute("href") === `#${{at.id}}`;
          return [isThere, around?.textContent.includes(link.textContent)];
        }});
        """,
    )

    assert len(ends) >= 3
    assert ends == [[True, True]] * len(ends)


def test_a_hint_replaces_only_when_somebody_says_so(page: Page) -> None:
    changed = _said(
        page,
        f"""
        const values = {{kind: {{name: {{familienname: "Erfunden-Beispiel", vorname: "Mia"}}}},
          beobachtungen: [{{text: "Mia sagte, dass Kevin sie gesehen hat."}}]}};
        const hints = await findHints(ofForm("{NOTICE}"), values);
        const kept = [];
        let now = values;
        const list = renderHints(hints, {{
          replace: (hint, text) => {{ now = applyHint(now, hint, text); }},
          keep: (hint) => kept.push(hint.word),
        }});
        here.replaceChildren(list);
        const buttons = list.querySelectorAll("button");
        buttons[buttons.length - 1].click();
        const before = now.beobachtungen[0].text;
        buttons[0].click();
        return [hints.map((each) => each.word), kept, before, now.beobachtungen[0].text];
        """,
    )

    assert changed == [
        ["Kevin"],
        ["Kevin"],
        "Mia sagte, dass Kevin sie gesehen hat.",
        "Mia sagte, dass ein Mitschüler sie gesehen hat.",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_a_notice_is_there_for_everybody(
    page: Page, scheme: str, width: int, tmp_path: Path
) -> None:
    page.prefer(scheme)
    page.resize(width)
    for name in [each["id"] for each in _said(page, f'return ofForm("{NOTICE}").pages;')]:
        _said(
            page,
            f"""
            document.documentElement.dataset.kernTheme = "{scheme}";
            const description = ofForm("{NOTICE}");
            const page = description.pages.find((each) => each.id === "{name}");
            show(description, "{name}", {{}}, checkPage(description, page, {{}}));
            return 0;
            """,
        )
        assert page.axe() == [], name
        assert page.overflow(width) == 0, name
        page.screenshot(tmp_path / f"{name}-{width}-{scheme}.png")
