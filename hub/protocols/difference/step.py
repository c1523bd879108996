# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may say a step now that could not, on what, when, how often, and what guards it no more?"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from hub.model.law import LegalBasis
from hub.model.protocol import Deadline, Step
from hub.protocols.difference.change import (
    Change,
    Effect,
    Phrases,
    changed_number,
    changed_sets,
    listed,
)
from hub.protocols.wording import span

_SETS: Final = {
    "sender": Phrases("lässt {{}} den Schritt {step} sagen", "lässt {{}} {step} nicht mehr sagen"),
    "recipient": Phrases("richtet {step} auch an {{}}", "richtet {step} nicht mehr an {{}}"),
    "after": Phrases("lässt {step} auch nach {{}} zu", "lässt {step} nicht mehr nach {{}} zu"),
    "corrects": Phrases(
        "lässt mit {step} auch {{}} richtigstellen",
        "lässt mit {step} {{}} nicht mehr richtigstellen",
    ),
    "urgencies": Phrases(
        "erlaubt für {step} auch die Dringlichkeit {{}}",
        "erlaubt für {step} nicht mehr die Dringlichkeit {{}}",
    ),
    "rules": Phrases(
        "verlangt für {step} zusätzlich: {{}}",
        "verlangt für {step} nicht mehr: {{}}",
        is_guard=True,
    ),
    "after_each": Phrases(
        "lässt {step} erst zu, wenn auch {{}} gesagt ist",
        "lässt {step} zu, auch wenn {{}} nicht gesagt ist",
        is_guard=True,
    ),
}
_FLAGS: Final[dict[str, tuple[Effect, Effect, str, str]]] = {
    "opens": ("weiter", "weiter", "eröffnet mit {} einen Vorgang", "lässt {} im Vorgang folgen"),
    "closes": ("enger", "weiter", "schließt mit {} den Vorgang", "schließt mit {} nichts mehr"),
    "mandatory": ("enger", "weiter", "verlangt den Schritt {}", "verlangt {} nicht mehr"),
    "withdraws": ("weiter", "weiter", "nimmt mit {} zurück", "nimmt mit {} nicht mehr zurück"),
    "basis_chosen": (
        "enger",
        "weiter",
        "lässt für {} die Grundlage selbst wählen",
        "nennt für {} die Grundlage von selbst",
    ),
    "person_only": (
        "enger",
        "weiter",
        "lässt {} nur noch die mitteilende Person lesen",
        "lässt {} nicht mehr nur die mitteilende Person lesen",
    ),
}
"""Effect and words of a yes that was a no, and of a no that was a yes."""
_WORDS: Final = {
    "title": "nennt {} anders",
    "guidance": "sagt anders, was mit {} zu tun ist",
    "absent": "erklärt anders, was in {} fehlt",
    "absent_corrections": "erklärt anders, was {} nicht richtigstellt",
}
_OTHERS: Final = frozenset(
    {
        *("id", "schema_name", "schema_digest"),
        "information",  # Follows from the schema, and the checker holds the two together.
        *("basis_sender", "basis_sender_of", "basis_recipient", "basis_recipient_of"),
        *("basis_beside", "content_limit", "content_limit_to"),
        *("speaker", "answers", "at_most", "signed_by", "reminder"),
    }
)
"""Members that are compared by functions of their own."""


def changed_step(older: Step, newer: Step, law: Mapping[str, LegalBasis]) -> Iterator[Change]:
    """Compare two versions of a step, but for its schema."""
    for name, phrases in _SETS.items():
        yield from _changed_set(name, phrases, older, newer)
    for name, (on, off, is_now, is_no_more) in _FLAGS.items():
        if getattr(older, name) != getattr(newer, name):
            effect, text = (on, is_now) if getattr(newer, name) else (off, is_no_more)
            yield Change(_place(newer, name), effect, text.format(newer.id))
    for name, text in _WORDS.items():
        if getattr(older, name) != getattr(newer, name):
            yield Change(_place(newer, name), "wort", text.format(newer.id))
    for compare in (_changed_limits, _changed_sequence, _changed_signature, _changed_reminder):
        yield from compare(older, newer)
    yield from _changed_bases(older, newer, law)
    yield from _changed_unknown(older, newer)


def _place(step: Step, member: str) -> str:
    return f"steps/{step.id}/{member}"


def _changed_set(name: str, phrases: Phrases, older: Step, newer: Step) -> Iterator[Change]:
    before, after = getattr(older, name), getattr(newer, name)
    place = _place(newer, name)
    if name in {"after", "corrects"} and bool(before) != bool(after):
        # No ``after`` is no condition, and who corrects nothing speaks under other rules.
        effect: Effect = "enger" if name == "after" and after else "weiter"
        words = listed(after) or "nichts"
        yield Change(place, effect, f"bezieht {newer.id} auf: {words}")
        return
    worded = Phrases(
        phrases.more.format(step=newer.id), phrases.fewer.format(step=newer.id), phrases.is_guard
    )
    yield from changed_sets(place, before, after, worded)


def _changed_bases(older: Step, newer: Step, law: Mapping[str, LegalBasis]) -> Iterator[Change]:
    sides: tuple[tuple[str, str, Callable[[Step, str], tuple[str, ...]]], ...] = (
        ("sender", "beim Senden", lambda step, role: step.bases_of({role})),
        ("recipient", "beim Empfangen", lambda step, role: step.collects_on({role})),
    )
    for side, when, bases in sides:
        for role in (each for each in getattr(newer, side) if each in getattr(older, side)):
            yield from changed_sets(
                _place(newer, f"basis_{side}"),
                (_cited(code, law) for code in bases(older, role)),
                (_cited(code, law) for code in bases(newer, role)),
                Phrases(
                    f"stützt {newer.id} {when} ({role}) auch auf {{}}",
                    f"stützt {newer.id} {when} ({role}) nicht mehr auf {{}}",
                ),
            )
    yield from changed_sets(
        _place(newer, "basis_beside"),
        (_cited(code, law) for code in older.basis_beside),
        (_cited(code, law) for code in newer.basis_beside),
        Phrases(f"nennt neben {newer.id} auch {{}}", f"nennt neben {newer.id} nicht mehr {{}}"),
    )


def _cited(code: str, law: Mapping[str, LegalBasis]) -> str:
    return law[code].citation if code in law else code


def _changed_limits(older: Step, newer: Step) -> Iterator[Change]:
    for role in (each for each in newer.recipient if each in older.recipient):
        before, after = older.limit_to({role}), newer.limit_to({role})
        text = f"bewahrt den Inhalt von {newer.id} beim Hub für {role}"
        yield from changed_deadline(_place(newer, "content_limit"), before, after, text)


def _changed_sequence(older: Step, newer: Step) -> Iterator[Change]:
    caps = (older.at_most, newer.at_most)
    text = f"lässt {newer.id} {{}}-mal statt {{}}-mal zu"
    yield from changed_number(_place(newer, "at_most"), caps, text)
    if older.answers != newer.answers:
        effect: Effect = "enger" if older.answers is None else "weiter"
        said = f"nur als Antwort auf {newer.answers}" if newer.answers else "auch ohne Frage"
        yield Change(_place(newer, "answers"), effect, f"lässt {newer.id} {said} zu")
    if older.speaker != newer.speaker:
        effect = "enger" if older.speaker is None else "weiter"
        who = {None: "beide Seiten", "opener": "nur die eröffnende Seite"}
        said = who.get(newer.speaker, "nur die andere Seite")
        yield Change(_place(newer, "speaker"), effect, f"lässt {newer.id} sagen: {said}")


def _changed_signature(older: Step, newer: Step) -> Iterator[Change]:
    before, after = set(older.signed_by), set(newer.signed_by)
    if before == after:
        return
    # Nobody named is no demand; whoever else is named may sign as well.
    is_narrower = bool(after) and (not before or after < before)
    text = f"verlangt für {newer.id} die Unterschrift: {listed(newer.signed_by) or 'niemandes'}"
    yield Change(_place(newer, "signed_by"), "enger" if is_narrower else "weiter", text)


def _changed_reminder(older: Step, newer: Step) -> Iterator[Change]:
    place, before, after = _place(newer, "reminder"), older.reminder, newer.reminder
    if before is not None and after is not None:
        yield from changed_deadline(place, before, after, f"erinnert an {newer.id} nach")
    elif after is not None:
        yield Change(place, "enger", f"erinnert an {newer.id}")
    elif before is not None:
        yield Change(place, "weiter", f"erinnert an {newer.id} nicht mehr")


def _changed_unknown(older: Step, newer: Step) -> Iterator[Change]:
    """Take a difference that nobody has put into words for a widening."""
    known = _SETS.keys() | _FLAGS.keys() | _WORDS.keys() | _OTHERS
    for name in sorted(Step.model_fields.keys() - known):
        if getattr(older, name) != getattr(newer, name):
            yield Change(_place(newer, name), "weiter", f"ändert {name} von {newer.id}")


def changed_deadline(place: str, older: Deadline, newer: Deadline, text: str) -> Iterator[Change]:
    """Compare two deadlines: later is wider, and so is what is counted in another way."""
    if (older.within, older.counted) != (newer.within, newer.counted):
        is_sooner = older.counted == newer.counted and newer.within < older.within
        words = f"{text} {span(newer)} statt {span(older)}"
        yield Change(place, "enger" if is_sooner else "weiter", words)
    elif older.source != newer.source:
        yield Change(place, "wort", f"{text} wie bisher, mit anderer Quelle")
