# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does a teacher wait between the last question and the passkey?

The largest notice that a school can file, sealed to the office and to those who stand in for it, in
Chromium and by the bundle that the portal serves. Every place of a form is sealed, filled or not,
so there is no larger one. Beside it the same act in Python, in the same run.
"""

import json
import statistics
import subprocess
import time
from typing import Any, Final

from uuid_utils.compat import uuid7

from bench.browser import Times, in_chromium
from bench.ground import Ground
from bench.options import Options
from bench.place import ROOT, fresh
from bench.result import Ratio, Result
from hub.schemas import SCHEMAS
from hub.sealing.seal import Claims, ReaderChoice, seal
from hub.sealing.sealable import SealableSchema

GOAL_MS: Final = 100
LEARNT_MS: Final = 300
"""Nobody waits for it: it is done while somebody reads the first question."""
TIMES_PYTHON: Final = 15
"""A browser has no compiled ML-KEM, and asks its cryptography field by field."""
PROTOCOL: Final = "schule-mitteilung/1.0.0"
STEP: Final = "mitteilung"
PAGE: Final = "bench/portal_seal.html"


def portal_seal(ground: Ground, options: Options) -> Result:
    """Measure the first notice of a page, those after it, and Python; in turns."""
    runs = 10 if options.is_quick else 50
    _bundle()
    schema = ground.catalogue.schemas.by_name(f"{PROTOCOL}/{STEP}")
    choices = _choices(ground, schema)
    question = _question(ground, schema, choices, runs)
    browser: list[Times] = []
    python: list[float] = []
    for _ in range(options.rounds):
        python += _in_python(ground, schema, question["content"], choices, runs)
        found = in_chromium(question, PAGE)
        if found is None:
            print("  LEFT OUT: there is no Chromium here")
            break
        browser.append(found)
    return _result(schema, len(choices), python, browser)


def _result(
    schema: SealableSchema, readers: int, python: list[float], browser: list[Times]
) -> Result:
    result = Result(
        "portal-seal",
        raw={
            "leaves": len(schema.leaves),
            "body_bytes": schema.body_bytes,
            "readers": readers,
            "times_ms": {"Python": _shown(python)},
        },
    )
    if not browser:
        return result
    learnt = [each["learn"][0] for each in browser]
    first = [each["seal"][0] for each in browser]
    later = [ms for each in browser for ms in each["seal"][1:]]
    middle = statistics.median(later)
    times = middle / statistics.median(python)
    result.raw["times_ms"] |= {
        "learnt": _shown(learnt),
        "first": _shown(first),
        "later": _shown(later),
    }
    learning = statistics.median(learnt)
    result.ratios += [
        Ratio("form and keys learnt", learning, LEARNT_MS, "at most", unit=" ms"),
        Ratio("first notice of a page", statistics.median(first), GOAL_MS, "at most", unit=" ms"),
        Ratio("next notice of a page", middle, GOAL_MS, "at most", unit=" ms"),
        Ratio("Chromium / Python", times, TIMES_PYTHON, "at most"),
    ]
    return result


def _shown(times: list[float]) -> list[float]:
    return [round(ms, 3) for ms in times[:50]]


def _bundle() -> None:
    """Make of the modules what the portal's own build makes of them."""
    out = fresh("portal-seal") / "portal_seal.js"
    flags = ("--bundle", "--format=esm", "--target=es2022", "--minify", "--log-level=error")
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    source = ROOT / "bench" / "portal_seal.js"
    subprocess.run([esbuild, source, *flags, f"--outfile={out}"], cwd=ROOT, check=True)


def _choices(ground: Ground, schema: SealableSchema) -> list[ReaderChoice]:
    """Return the office with its keys, and in advance those who stand in for it."""
    own = [ReaderChoice(key.public, schema.classes) for key in ground.office.desk]
    others = [
        ReaderChoice(key.public, schema.classes, "escalation")
        for agency in (ground.watch, ground.urgent)
        for key in agency.desk
    ]
    return own + others


def _claims(ground: Ground) -> Claims:
    school, now, name = ground.schools[0], int(time.time()), str(uuid7())
    return Claims(
        hub=school.hub.id,
        iss=school.id,
        aud=ground.office.id,
        jti=name,
        iat=now,
        end=now + 86_400,
        proto=PROTOCOL,
        step=STEP,
        cnv=name,
        pos=1,
        urg="sofort",
        lb="kkg-4-3",
    )


def _content() -> dict[str, Any]:
    folder = SCHEMAS / PROTOCOL / "examples"
    longest = max(folder.glob(f"{STEP}.valid*.json"), key=lambda path: path.stat().st_size)
    content: dict[str, Any] = json.loads(longest.read_bytes())
    return content


def _question(
    ground: Ground, schema: SealableSchema, choices: list[ReaderChoice], runs: int
) -> dict[str, Any]:
    readers = [
        {"pub": each.public.b64, "classes": [*each.classes], "rel": each.rel} for each in choices
    ]
    claims = _claims(ground).as_json()
    content = _content()
    return {
        "schema": schema.plain,
        "content": content,
        "claims": claims,
        "readers": readers,
        "runs": runs,
    }


def _in_python(
    ground: Ground,
    schema: SealableSchema,
    content: dict[str, Any],
    choices: list[ReaderChoice],
    runs: int,
) -> list[float]:
    signer, times = ground.schools[0].signing, []
    for _ in range(runs):
        claims = _claims(ground)
        begun = time.perf_counter()
        seal(schema, content, claims, signer, choices)
        times.append((time.perf_counter() - begun) * 1000)
    return times
