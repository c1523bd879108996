# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``make demo`` plays its story with real processes, proves it, and leaves nothing behind."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from deploy.demo.clock import Week
from deploy.demo.halfyear import Past
from deploy.demo.place import MARKER, fresh_place
from deploy.demo.tell import Failed
from tests.databases import demo_only

ROOT = Path(__file__).parents[2]
DAY = 24 * 3600
LONGEST = 400
"""Seconds; it takes about ninety on a machine that has nothing else to do."""
pytestmark = [demo_only, pytest.mark.timeout(LONGEST + 60)]


@contextmanager
def demo(*arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "deploy.demo", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            # It ends its own processes; whoever kills it would leave them behind.
            process.terminate()


def end_of(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """Return what it said on both channels, with all white space made one blank."""
    out, errors = (" ".join(text.split()) for text in process.communicate(timeout=LONGEST))
    return out, errors


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one whole run tells; it is checked from several sides.

    Tests that run in several processes share the run: the first plays, the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    said = shared / "demo.txt"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            with demo("--port", "0", "--once", "--dir", shared / "demo") as process:
                out, errors = end_of(process)
            assert (process.returncode, errors) == (0, "")
            said.write_text(out, "utf-8")
    return said.read_text("utf-8")


def test_the_notice_goes_to_the_office_of_the_child_and_nowhere_else(told: str) -> None:
    assert "Für ein Kind in Rheinberg (Kreis Wesel) ist „Jugendamt der Stadt Rheinberg“" in told
    assert re.search(r"Angenommen als Nr\. \d+ im Protokoll, mit Quittung und Beweis", told)
    assert "Kreises Wesel, zuständig am Sitz der Schule, bekommt nichts: 0 Nachrichten" in told
    assert "(not-found)" in told


def test_the_school_sees_three_words_and_three_facts(told: str) -> None:
    assert "Die Schule sieht: Angenommen · Zugestellt · Eingang bestätigt." in told
    assert (
        "Genau drei Angaben: gewichtige Anhaltspunkte bestätigt: ja · tätig geworden: ja · "
        "noch tätig: nein." in told
    )


def test_the_police_get_receipts_and_no_feedback(told: str) -> None:
    assert "Die Polizei hat Quittungen: Angenommen · Zugestellt · Eingang bestätigt." in told
    assert "bekommt sie nicht: § 4 Abs. 4 KKG nennt sie nicht." in told


def test_a_school_without_software_files_at_the_portal_and_hears_back(told: str) -> None:
    scene = told.partition("Das Portal: eine Schule ohne eigene Software")[2]

    assert re.search(r"Das Portal läuft: http://localhost:\d+/portal \(Prozess \d+\)", scene)
    assert "Kein Leseschlüssel liegt bei ihm" in scene
    assert "auf der Startseite der Lehrerin steht „Eingang bestätigt“" in scene
    assert "Die Schulleitung bekommt sie nicht (not-found)" in scene
    assert "in den Datenbanken oder Meldungen von Hub und Portal" in told


def test_others_say_what_the_law_lets_them_say_and_no_more(told: str) -> None:
    assert "Noch ist nichts gesendet; das Programm zeigt die Stellen: Das kann ein Name" in told
    assert "eine spätere Mitteilung knüpft an nichts davon an (§ 4 Abs. 2 KKG)" in told
    assert "signer-not-entitled (422)" in told
    assert "Grundlage: § 5 Abs. 1 KKG" in told
    assert "Wer sich auf § 73 SGB X beruft, nennt Gericht, Datum und Aktenzeichen" in told


def test_a_notice_to_the_wrong_office_goes_on_and_is_answered_from_there(told: str) -> None:
    assert "bleibt der Kreis zuständig (§ 86d SGB VIII)" in told
    assert re.search(r"Die Schule sieht: Weitergegeben an .+, \+49 221 4710 109", told)
    assert "Die Rückmeldung schuldet jetzt Rheinberg" in told


def test_the_night_in_werne_has_its_hour_its_chain_and_its_morning(told: str) -> None:
    night = told.partition("Die Nacht in Werne")[2]

    assert re.search(r"Die Uhr der Vorführung: Samstag, \d\d\.\d\d\.\d{4}, 21:52 Uhr\.", night)
    assert "1. Rufbereitschaft, +49 171 39200 01 2. Leitung" in night
    assert "Samstag 21:52 Uhr, das Amt ist geschlossen" in night
    assert re.search(r"das Ordnungsamt sieht: Frist überschritten.+\+49 ", night)
    mail = (
        r"Mail an leitung@jugendamt-werne\.invalid: .*1 Mitteilung, sofort, Kennung [0-9a-f-]{36}"
    )
    assert re.search(mail, night)
    assert "hat beides: die ganze Mitteilung und die ganze Übergabe" in night
    assert "hat ihre Kopie gelöscht und das unterschrieben" in night


def test_mails_say_nothing_of_a_child_or_an_office(told: str) -> None:
    mails = re.findall(r"Mail an \S+: (.{0,100})", told)

    assert mails
    assert not [mail for mail in mails if re.search("Lina|Erfunden|Jugendamt Werne|Kind", mail)]


def test_elsewhere_an_agreement_switches_an_exchange_on(told: str) -> None:
    assert (
        "Für ein Kind in Breckerfeld (Ennepe-Ruhr-Kreis) ist „Jugendamt der Stadt Ennepetal“"
        in told
    )
    assert "no-agreement (409)" in told
    assert "Dieselbe Mitteilung kommt nun an" in told
    assert "Im Verfahren der Polizei hat sie nichts zu sagen: step-not-allowed (409)" in told


@pytest.mark.parametrize(
    ("number", "code", "place", "basis"),
    [
        (1, "scope-exceeded (422)", "Stelle: /body/kind.", "§ 4 Abs. 3 KKG"),
        (2, "signature-invalid (422)", "gilt nicht.", "keine Vorschrift, sondern die Form"),
        (3, "step-not-allowed (409)", "Stelle: /step.", "§ 4 Abs. 3 KKG"),
        (4, "scope-exceeded (422)", "Stelle: /body.", "§ 4 Abs. 4 KKG"),
        (5, "step-not-allowed (409)", "nennt die Polizei nicht.", "§ 4 Abs. 4 KKG"),
    ],
)
def test_each_refusal_has_code_place_statute_and_advice(
    told: str, number: int, code: str, place: str, basis: str
) -> None:
    refusal = told.partition(f"Zurückgewiesen ({number} von 5): ")[2].partition("Zurückgewies")[0]

    assert code in refusal
    assert place in refusal
    assert f"Grundlage: {basis}" in refusal
    assert re.search(r"Was tun: \w{3,}", refusal)


def test_krefeld_sees_its_half_year_in_numbers_and_no_small_one(told: str) -> None:
    shown = told.partition("Krefeld: die Auswertung des Halbjahrs")[2]

    assert "72 Mitteilungen einer Schule, einer Praxis und der Polizei" in told
    assert "43 Rückmeldungen" in told
    assert (
        "Alle Stellen 72 · Schulen 33 · Gesundheitswesen 15 · Polizei 5 bis 24 · Zoll unt" in shown
    )
    assert "sofort 24 · unverzüglich 33 · planbar 15" in shown
    assert re.search(r"http://localhost:\d+/netzwerk/05114/auswertung\?halbjahr=20\d\d-[12]", shown)


@pytest.mark.parametrize("year", range(2026, 2031))
def test_the_demo_finds_a_half_year_on_whatever_day_it_is_started(year: int) -> None:
    """Its rosters hold from thirty days before the founding to a year after it."""
    for number in range(366):
        thursday = Week(date(year, 1, 1) + timedelta(number)).at(0, 10)
        past = Past.before(thursday)
        moments = [
            past.founding,
            past.by_day(1, 10, 40),
            past.on_sunday(1, 22, 30),
            past.by_day(2, 10, 40),
            past.by_day(3, 1, 20),
            past.by_day(4, 10, 40),
            past.by_day(5, 11),
        ]

        assert moments == sorted(moments)
        assert past.half.begins < moments[0].timestamp()
        assert moments[-1].timestamp() < past.half.ends - 7 * DAY
        assert past.half.settled <= thursday.timestamp()
        assert timedelta(0) < thursday - past.founding < timedelta(330)


def test_everything_is_verified_and_a_flipped_bit_is_found(told: str) -> None:
    assert "22 Beweispakete, von den Absendern abgeholt und geprüft: unverändert." in told
    assert re.search(r"In Ordnung\. Geprüft: \d+ Einträge, \d+ Prüfpunkte, 138 Nachrichten\.", told)
    # The bit is in the time of an entry, so the receipt entered with it is named as well.
    body = r"audit_body\[[0-9a-f-]{36}\]\.body: "
    entered = r"receipt\[[0-9a-f-]{36}\]\.entered_at: "
    assert re.search(rf"{body}.+ {entered}.+ 2 Befunde\.", told)
    assert "22 Nachrichten und 115 aus Krefeld, 8 Zurückweisungen, alles geprüft" in told
    assert told.endswith("Alle Prozesse sind beendet.")


def test_the_log_has_a_signer_and_two_witnesses_who_have_seen_all_of_it(told: str) -> None:
    assert "nur was sein letztes Wort fortsetzt. Der Hub hat den Schlüssel nicht mehr." in told
    assert "Zwei Zeugen sehen dem Protokoll zu" in told
    assert re.search(r"bezeugt bis Nr\. \d+, von beiden Zeugen", told)
    assert "Das ganze Protokoll mit seinen Zeugen, an einer Kopie der Datenbank" in told


def test_a_matter_is_forgotten_and_its_old_receipt_holds(told: str) -> None:
    scene = told.partition("Die Familie verlangt, dass der Hub den Vorgang vergisst")[2]

    assert "Datenschutzbeauftragte unterschreibt die Freigabe mit ihrem Schlüssel" in scene
    gone = r"den Schlüssel von (\d+) Einträgen und die Umschläge von 2 Nachrichten"
    [entries] = re.findall(gone, scene)
    assert int(entries) >= 8, "of each message: accepted, opened, taken, acknowledged"
    assert "Gesucht mit seiner Kennung, im ganzen Protokoll: nichts." in scene
    assert "gilt weiter, mit ihrem Beweis: In Ordnung." in scene
    assert re.search(r"Der Löschnachweis .+loeschnachweis\.pdf", scene)


def test_both_sides_hold_the_same_and_what_is_missing_is_found(told: str) -> None:
    assert re.search(r"[1-9]\d* Quittungen auf beiden Seiten, kein Unterschied", told)
    assert re.search(r"in der eine fehlt: „Nur beim Hub: \w+", told)


def test_a_log_rewritten_with_its_own_key_is_refused_by_the_witness(told: str) -> None:
    scene = told.partition("dazu den Schlüssel des Protokolls gestohlen")[2]

    assert "allein mit Datenbank und Schlüssel: In Ordnung." in scene
    assert "Antwort 422, keine Unterschrift." in scene
    shown = r"bezeugt: (\d+) Einträge, Wurzel (\S+) vorgelegt: (\d+) Einträge, Wurzel (\S+)"
    [(seen, root, size, other)] = re.findall(shown, scene)
    assert (seen, root != other) == (size, True)


def test_what_is_exported_verifies_by_itself(told: str) -> None:
    scene = told.partition("meldeweg audit export: ")[2]

    assert re.search(r"^(\d+) Einträge, bezeugt von beiden.+In Ordnung\. Geprüft: \1 Ein", scene)
    assert re.search(r"\S+/check/export/pruefen\.html", scene)


def test_it_says_that_nobody_in_it_is_real(told: str) -> None:
    assert told.startswith("VORFÜHRUNG. Alle Personen und Schulen sind erfunden.")


def test_it_stops_when_it_is_told_to(tmp_path: Path) -> None:
    """Strg-C in the middle of the story ends every process, and that is no failure."""
    with demo("--port", "0", "--dir", tmp_path / "run") as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        [pid] = next(found for line in lines if (found := re.findall(r"Prozess (\d+)", line)))

        process.send_signal(signal.SIGINT)
        _, errors = end_of(process)

    assert (process.returncode, errors) == (0, "")
    assert not Path(f"/proc/{pid}").exists()


def test_it_says_when_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with demo("--port", str(port), "--once", "--dir", tmp_path / "run") as process:
            _, errors = end_of(process)

    assert process.returncode == 1
    assert f"Auf dem Anschluss {port} lässt sich nicht hören" in errors
    assert not (tmp_path / "run").exists()


def test_it_deletes_what_is_its_own(tmp_path: Path) -> None:
    with fresh_place(tmp_path / "run") as place:
        (place.hub).mkdir()
        (place.logs / "hub.log").write_text("from before")

    with fresh_place(tmp_path / "run") as place:
        assert not place.hub.exists()
        assert not list(place.logs.iterdir())


def test_it_deletes_nothing_that_is_not_its_own(tmp_path: Path) -> None:
    other = tmp_path / "akten"
    other.mkdir()
    (other / "akte.txt").write_text("kept")

    with pytest.raises(Failed, match="wird nicht gelöscht"), fresh_place(other):
        pass
    (other / MARKER).write_text("somebody else's")
    with pytest.raises(Failed, match="wird nicht gelöscht"), fresh_place(other):
        pass

    assert (other / "akte.txt").read_text() == "kept"


def test_it_deletes_nothing_through_a_link(tmp_path: Path) -> None:
    """Neither where the folder is a link, nor behind a link that lies in it."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "akte.txt").write_text("kept")
    (tmp_path / "link").symlink_to(kept)
    with pytest.raises(Failed, match="kein Ordner"), fresh_place(tmp_path / "link"):
        pass

    with fresh_place(tmp_path / "run") as place:
        (place.path / "hub").symlink_to(kept)
    with fresh_place(tmp_path / "run"):
        pass

    assert (kept / "akte.txt").read_text() == "kept"


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        fresh_place(tmp_path / "run") as place,
        pytest.raises(Failed, match="läuft schon"),
        fresh_place(place.path),
    ):
        pass
