# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long does somebody wait for a message to be sealed, or to be opened?

22 fields, one reader, all of SL1: in Python, in Node, and in Chromium where it is there. Seals and
openings take turns. ``seal`` is the name of this benchmark.
"""

import json
import shutil
import statistics
import subprocess
import time
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from uuid_utils.compat import uuid7

from bench.browser import Times, in_chromium
from bench.catalogue import probe_content
from bench.ground import Ground
from bench.options import Options
from bench.place import ROOT
from bench.result import Ratio, Result
from bench.submissions import PROBE
from hub.sealing.canonical import b64
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.opening import open_message
from hub.sealing.seal import Claims, ReaderChoice, seal
from hub.trust.keys import jwk_members
from hub.trust.signatures import verify_signature

PYTHON_MS = 3
SCRIPT_MS = 100


def sealing(ground: Ground, options: Options) -> Result:
    """Measure wherever it can be done."""
    runs = 20 if options.is_quick else 200
    found = {"Python": _in_python(ground, runs), "Node": _in_node(ground, runs // 2)}
    browser = in_chromium(_question(ground, runs // 2))
    if browser is None:
        print("  LEFT OUT: there is no Chromium here")
    else:
        found["Chromium"] = browser
    result = Result("seal", raw={"runs": runs, "times_ms": {}})
    for place, times in found.items():
        for act, each in times.items():
            middle = statistics.median(each[len(each) // 10 :])
            goal = PYTHON_MS if place == "Python" else SCRIPT_MS
            result.ratios.append(Ratio(f"{act} in {place}", middle, goal, "at most", unit=" ms"))
        result.raw["times_ms"][place] = {
            act: [round(ms, 3) for ms in each[:50]] for act, each in times.items()
        }
    return result


def _claims(ground: Ground) -> Claims:
    school, now, name = ground.schools[0], int(time.time()), str(uuid7())
    return Claims(
        hub=school.hub.id,
        iss=school.id,
        aud=ground.office.id,
        jti=name,
        iat=now,
        end=now + 86_400,
        proto=PROBE,
        step="mitteilung",
        cnv=name,
        pos=1,
        urg="planbar",
        lb="kkg-4-3",
    )


def _in_python(ground: Ground, runs: int) -> Times:
    schema = ground.catalogue.schemas.by_name(f"{PROBE}/mitteilung")
    key, signer, content = ground.office.desk[0], ground.schools[0].signing, probe_content()
    times: Times = {"seal": [], "open": []}
    for _ in range(runs):
        claims = _claims(ground)
        begun = time.perf_counter()
        raw = seal(
            schema, _json(content), claims, signer, [ReaderChoice(key.public, schema.classes)]
        ).raw
        sealed = time.perf_counter()
        parsed = parse_message(raw)
        verify_signature(parsed, signer.public(0))
        opened = open_message(parsed, parse_claims(parsed), schema, key)
        times["seal"].append((sealed - begun) * 1000)
        times["open"].append((time.perf_counter() - sealed) * 1000)
        if opened.content != content:
            raise RuntimeError("another content")
    return times


def _in_node(ground: Ground, runs: int) -> Times:
    program = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    said = subprocess.run(
        [program, str(ROOT / "bench" / "seal_node.js")],
        cwd=ROOT,
        input=json.dumps(_question(ground, runs)).encode(),
        capture_output=True,
        check=True,
    )
    times: Times = json.loads(said.stdout)
    return times


def _question(ground: Ground, runs: int) -> dict[str, Any]:
    school, key = ground.schools[0], ground.office.desk[0]
    schema = ground.catalogue.schemas.by_name(f"{PROBE}/mitteilung")
    claims = _claims(ground)
    return {
        "schema": schema.plain,
        "content": probe_content(),
        "claims": claims.as_json(),
        "jwk": {**jwk_members(school.signing.jwk), "d": _secret(ground)},
        "readers": [{"pub": key.public.b64, "classes": [*schema.classes], "rel": "now"}],
        "seed": b64(key.seed),
        "expectation": {
            "hub": claims.hub,
            "parties": [claims.aud],
            "now": claims.iat,
            "signatories": [{"iss": claims.iss, "jwk": jwk_members(school.signing.jwk)}],
        },
        "runs": runs,
    }


def _secret(ground: Ground) -> str:
    """Return the private half of an invented school's key, which signs nothing after this run."""
    pem = (ground.schools[0].path / "keys" / "signing.pem").read_bytes()
    private = load_pem_private_key(pem, None)
    return b64(private.private_bytes_raw())  # type: ignore[union-attr]


def _json(content: dict[str, object]) -> Any:
    return content
