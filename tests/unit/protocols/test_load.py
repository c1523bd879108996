# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a file becomes a protocol, and which files do not."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.model.protocol import Protocol
from hub.protocols.catalogue import load_catalogue
from hub.protocols.load import FILE, PUBLISHED, ProtocolInvalid, load_protocol
from hub.protocols.published import canonical
from hub.sealing.canonical import digest, jcs
from tests.unit.protocols.builders import LAW, SCHEMAS

SOUND = """
id: erfunden
version: 1.0.0
number: P00
title: Erfundenes Verfahren
purpose: Probe
status: entwurf
status_reason: Probe
source: Vereinbarung der Probe
ends_after: P90D
retention: Kurz.
roles:
  - {id: schule, title: Schule}
  - {id: jugendamt, title: Jugendamt}
clocks:
  planbar: {noticed: PT0S office-hours, taken: PT4H, acknowledged: P1D working-days, overdue: P1D}
steps:
  - id: mitteilung
    title: Mitteilung
    sender: [schule]
    recipient: [jugendamt]
    opens: true
    basis_sender: [kkg-4-3]
    basis_recipient: [sgb8-8a-1]
    urgencies: [planbar]
    schema_name: erfunden/1.0.0/mitteilung
    content_limit: {within: P14D, source: Gesetz}
    guidance: Lesen.
"""

NOT_CORRECTED = "    absent_corrections: [{steps: [frage], basis: bgb-1, reason: Probe.}]"


def written(folder: Path, text: str = SOUND, place: str = "erfunden/1.0.0") -> Path:
    path = folder / place / FILE
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return path


def loaded(folder: Path, text: str = SOUND) -> Protocol:
    return load_protocol(written(folder, text), SCHEMAS, LAW)


def test_what_follows_from_a_file_is_filled_in(tmp_path: Path) -> None:
    protocol = loaded(tmp_path)

    assert protocol.steps[0].schema_digest == SCHEMAS.digest_of("erfunden/1.0.0/mitteilung")
    assert protocol.ends_after.source == "Vereinbarung der Probe"
    assert protocol.steps[0].content_limit.source == "Gesetz"
    assert protocol.clocks["planbar"].noticed.counted == "office-hours"
    assert protocol.clocks["planbar"].acknowledged.counted == "working-days"
    assert protocol.clocks["planbar"].taken.within == timedelta(hours=4)


def test_the_digest_is_that_of_what_is_published(tmp_path: Path) -> None:
    protocol = loaded(tmp_path)

    assert protocol.digest == digest(jcs(canonical(protocol)))


def test_a_new_optional_member_would_not_change_what_was_published(tmp_path: Path) -> None:
    """What nobody wrote is not in the digest, so a later default is not either."""
    step = canonical(loaded(tmp_path))["steps"]

    assert isinstance(step, list)
    assert isinstance(step[0], dict)
    assert not {"closes", "absent", "content_limit_to", "reminder"} & step[0].keys()


def test_what_is_published_is_the_protocol_again(tmp_path: Path) -> None:
    protocol = loaded(tmp_path)
    again = {**canonical(protocol), "digest": protocol.digest, "status": "in-kraft"}

    assert canonical(Protocol.model_validate_json(jcs(again))) == canonical(protocol)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("sender: [schule]", "sender: [polizei]", "steps/mitteilung: unbekannte Rolle polizei"),
        ("    opens: true", "    after: [frage]", "steps/mitteilung: unbekannter Schritt frage"),
        ("    opens: true", "    answers: frage", "steps/mitteilung: unbekannter Schritt frage"),
        ("    opens: true", "    corrects: [frage]", "steps/mitteilung: unbekannter Schritt frage"),
        ("    opens: true", NOT_CORRECTED, "steps/mitteilung: unbekannter Schritt frage"),
        ("    opens: true", NOT_CORRECTED, "steps/mitteilung: bgb-1 steht nicht in specs/law"),
        ("[kkg-4-3]", "[bgb-1]", "steps/mitteilung: bgb-1 steht nicht in specs/law"),
        ("[kkg-4-3]", "[]", "steps/mitteilung: nennt nicht für beide Seiten"),
        ("1.0.0/mitteilung", "1.0.0/brief", "Schema erfunden/1.0.0/brief fehlt"),
        ("id: jugendamt", "id: schule", "roles/schule: steht doppelt"),
        ("version: 1.0.0", "version: 1.0.1", "liegt nicht im Ordner"),
        ("P90D", "neunzig Tage", "ends_after/within"),
        ("urgencies: [planbar]", "urgencies: [dringend]", "steps/0/urgencies/0"),
        ("guidance: Lesen.", "guidance: Lesen.\n    erfindung: ja", "steps/0/erfindung"),
        ("    guidance: Lesen.", "", "steps/0/guidance"),
        ("steps:", "steps: 1\nschritte:", "steps"),
        ("roles:", "roles:\n  -", "roles/0"),
        ("purpose: Probe", "purpose: Probe\npurpose: Probe", "ein Name steht doppelt"),
        ("purpose: Probe", "purpose: 2026-01-01", "Werte, die kein JSON sind"),
    ],
)
def test_a_file_that_does_not_hold_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    assert old in SOUND

    with pytest.raises(ProtocolInvalid) as refused:
        loaded(tmp_path, SOUND.replace(old, new, 1))

    assert any(place in each for each in refused.value.places), refused.value.places


@pytest.mark.parametrize("text", ["", "- eins", "Nur ein Satz."])
def test_what_is_no_protocol_at_all_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProtocolInvalid, match="kein Verfahren"):
        loaded(tmp_path, text)


def test_every_wrong_place_is_named_at_once(tmp_path: Path) -> None:
    wrong = SOUND.replace("[schule]", "[polizei]").replace("[kkg-4-3]", "[bgb-1]")

    with pytest.raises(ProtocolInvalid) as refused:
        loaded(tmp_path, wrong)

    assert len(refused.value.places) == 2


def test_a_step_that_is_absent_is_not_there(tmp_path: Path) -> None:
    absent = "absent_steps: [{id: mitteilung, basis: bgb-1, reason: Probe.}]\nsteps:"

    with pytest.raises(ProtocolInvalid) as refused:
        loaded(tmp_path, SOUND.replace("steps:", absent))

    assert [each.partition(": ")[2] for each in refused.value.places] == [
        "absent_steps/mitteilung: den Schritt gibt es",
        "absent_steps/mitteilung: bgb-1 steht nicht in specs/law",
    ]


def test_a_published_version_never_changes(tmp_path: Path) -> None:
    path = written(tmp_path)
    published = path.parent / PUBLISHED
    published.write_text(f"# Prüfsumme\n\n{load_protocol(path, SCHEMAS, LAW).digest}  probe\n")
    load_protocol(path, SCHEMAS, LAW)

    path.write_text(SOUND.replace("Lesen.", "Gründlich lesen."), "utf-8")

    with pytest.raises(ProtocolInvalid, match="veröffentlichten Fassung"):
        load_protocol(path, SCHEMAS, LAW)


def test_a_published_version_can_come_into_force_and_be_withdrawn(tmp_path: Path) -> None:
    path = written(tmp_path)
    (path.parent / PUBLISHED).write_text(load_protocol(path, SCHEMAS, LAW).digest)

    path.write_text(SOUND.replace("entwurf", "zurueckgezogen"), "utf-8")

    assert load_protocol(path, SCHEMAS, LAW).status == "zurueckgezogen"


def test_an_empty_note_of_publication_is_not_overlooked(tmp_path: Path) -> None:
    path = written(tmp_path)
    (path.parent / PUBLISHED).write_text("# verloren\n")

    with pytest.raises(ProtocolInvalid, match="veröffentlichten Fassung"):
        load_protocol(path, SCHEMAS, LAW)


def test_one_wrong_protocol_refuses_the_whole_catalogue(tmp_path: Path) -> None:
    """A hub that left one out would refuse messages for a reason that nobody sees."""
    (tmp_path / "schemas").mkdir()
    written(tmp_path / "protocols", SOUND, "erfunden/1.0.0")
    written(tmp_path / "protocols", "- eins", "kaputt/1.0.0")

    with pytest.raises(ProtocolInvalid) as refused:
        load_catalogue(tmp_path, tmp_path / "schemas")

    named = {place.partition(": ")[0] for place in refused.value.places}
    assert named == {"erfunden/1.0.0", f"kaputt/1.0.0/{FILE}"}
