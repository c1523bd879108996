# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does an agreement file say, and in which bytes is it signed?

Offices write the file. So everything in it must be understood, and each wrong place is named in
German at once, not one after the other.
"""

import json
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hub.model.agreement import Agreement
from hub.model.json import JsonObject
from hub.sealing.canonical import digest, jcs

MAX_BYTES: Final = 256 * 1024
"""Sixty parties with their contact points fit several times over."""
_WRONG: Final = {
    "missing": "fehlt",
    "extra_forbidden": "enthält eine Angabe, die es hier nicht gibt",
    "too_short": "hat zu wenige Einträge",
    "too_long": "hat zu viele Einträge",
    "string_too_short": "ist leer",
    "string_too_long": "ist zu lang",
    "string_pattern_mismatch": "hat nicht die vorgeschriebene Form",
    "literal_error": "ist keines der erlaubten Wörter",
    "date_from_datetime_parsing": "ist kein Tag (JJJJ-MM-TT)",
    "date_parsing": "ist kein Tag (JJJJ-MM-TT)",
    "date_type": "ist kein Tag (JJJJ-MM-TT)",
    "time_delta_parsing": "ist keine Dauer (etwa P90D oder PT4H)",
    "time_delta_type": "ist keine Dauer (etwa P90D oder PT4H)",
}
_OTHERWISE: Final = "hat nicht die vorgeschriebene Form"


class AgreementInvalid(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A file cannot be used; each finding is a JSON pointer and what is wrong there, in German."""

    def __init__(self, findings: Sequence[tuple[str, str]]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{pointer}: {wrong}" for pointer, wrong in self.findings))


def canonical(agreement: Agreement) -> bytes:
    """Return the bytes that every party signs, by their digest (RFC 8785)."""
    return jcs(agreement.as_json())


def agreement_digest(agreement: Agreement) -> str:
    """Return SHA-256 of the canonical bytes, in base64url."""
    return digest(canonical(agreement))


def load_agreement(path: Path) -> Agreement:
    """Read one file, or raise ``AgreementInvalid`` with every place that is wrong."""
    return parse_agreement(path.read_bytes())


def parse_agreement(raw: bytes) -> Agreement:
    """Read the YAML of an agreement; JSON is YAML too."""
    if len(raw) > MAX_BYTES:
        raise AgreementInvalid([("", "größer als jede Vereinbarung")])
    # The safe loader builds plain values only and refuses a member that stands there twice.
    yaml = YAML(typ="safe", pure=True)
    try:
        value: Any = yaml.load(raw)
        return Agreement.model_validate_json(json.dumps(value, default=_plain))
    except YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f" (Zeile {mark.line + 1})" if mark else ""
        raise AgreementInvalid(
            [("", f"kein YAML, oder eine Angabe steht doppelt{where}")]
        ) from None
    except ValidationError as unfit:
        raise AgreementInvalid(_findings(unfit)) from None
    except (RecursionError, ValueError, TypeError):
        raise AgreementInvalid([("", "kein YAML mit einer Vereinbarung")]) from None


def write_agreement(agreement: Agreement, remark: str = "") -> str:
    """Write an agreement as the file from which it can be read again."""
    return write_yaml(agreement.as_json(), remark)


def write_yaml(said: JsonObject, remark: str = "") -> str:
    """Write members in the order that the model has; ``remark`` stands above as a comment."""
    order = {name: place for place, name in enumerate(Agreement.model_fields)}
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 96
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump({name: said[name] for name in sorted(said, key=lambda each: order[each])}, text)
    return "".join(f"# {line}\n" for line in remark.splitlines()) + text.getvalue()


def _findings(unfit: ValidationError) -> list[tuple[str, str]]:
    found = []
    for error in unfit.errors(include_url=False, include_input=False):
        kind = error["type"]
        # The name of an unknown member is not repeated, so the finding points at its parent.
        place = error["loc"][:-1] if kind == "extra_forbidden" else error["loc"]
        found.append(("".join(f"/{step}" for step in place), _WRONG.get(kind, _OTHERWISE)))
    return list(dict.fromkeys(found))


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError("not a value of JSON")
