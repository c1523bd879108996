# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The papers about SL1 say what the program does, value by value, so they cannot drift.

What stands in the worked example is taken from the paper and computed here once more, from the
formulas of the paper and without our sealing.
"""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from ruamel.yaml import YAML

from hub.model.message import Envelope, ReaderClaim
from hub.schemas import SPECS
from hub.sealing import profile, sealable, text
from hub.sealing.added import MAX_READERS, ReaderStatement
from hub.sealing.envelope import MAX_MESSAGE
from hub.sealing.sealable import Leaf
from hub.trust.envelope import AHEAD, OLDEST
from hub.web.problems import STATUS

PAPER: Final = (SPECS / "sl1.md").read_text("utf-8")
ATTEMPTS: Final = (SPECS / "over-sharing.md").read_text("utf-8")
PROBLEMS: Final[dict[str, Any]] = YAML(typ="safe", pure=True).load(SPECS / "problems.yaml")
SECTIONS: Final = re.split(r"^## ", PAPER, flags=re.MULTILINE)

Row = dict[str, str]


def load(name: str) -> Any:
    return json.loads((SPECS / "vectors" / "sl1" / name).read_text("utf-8"))


def section(number: str) -> str:
    """Return one section of the paper."""
    [found] = [each for each in SECTIONS if each.startswith(f"{number} ")]
    return found


def rows(source: str, *columns: str) -> list[Row]:
    """Return the rows of all tables with exactly these columns; without any, of all tables."""
    found: list[Row] = []
    names: list[str] = []
    for line in source.split("\n"):
        cells = [cell.strip() for cell in line[1:-1].split("|")]
        if not line.startswith("|"):
            names = []
        elif not names:
            names = cells
        elif set(line) - set("|-") and list(columns or names) == names:
            found.append(dict(zip(names, cells, strict=True)))
    return found


def named(cell: str) -> list[str]:
    """Return what stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


# --- The worked example ---


def opened_example() -> Any:
    """Return the vector with the message and its envelope taken apart."""
    vector = load("example.json")
    message = json.loads(vector["message"])
    header, payload, signature = message["env"].split(".")
    claims = {"header": unb64(header), "payload": unb64(payload)}
    message["env"] = {name: json.loads(value) for name, value in claims.items()}
    message["env"]["signature"] = signature
    return vector | {"message": message}


def at(value: Any, pointer: str) -> Any:
    """Follow a JSON Pointer (RFC 6901)."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


EXAMPLE: Final = rows(section("11"), "what", "§", "value", "where")
STATED: Final = {named(row["where"])[0]: named(row["value"])[0] for row in EXAMPLE}
CLAIMS: Final = "/message/env/payload"


def test_every_value_of_the_example_is_that_of_the_vector() -> None:
    vector = opened_example()

    assert len(STATED) == len(EXAMPLE) == 24
    assert {where: str(at(vector, where)) for where in STATED} == STATED


def test_no_value_stands_in_the_example_that_is_not_held_against_the_vector() -> None:
    tokens = set(re.findall(r"[A-Za-z0-9_-]{16,}", section("11")))

    held = " ".join([*STATED.values(), *STATED, *re.findall(r"```json\n.*?```", PAPER, re.DOTALL)])
    assert {token for token in tokens if token not in held} == set()


def test_content_and_schema_of_the_example_are_those_of_the_vector() -> None:
    content, schema = re.findall(r"```json\n(.*)\n```", section("11"))
    vector = load("example.json")

    assert content.encode() == jcs(vector["content"])
    assert schema.encode() == jcs(vector["schema"])
    assert digest(schema.encode()) == STATED[f"{CLAIMS}/schema"]


def test_the_keys_of_the_example_follow_from_its_secret() -> None:
    message_id = STATED[f"{CLAIMS}/jti"]

    key = expand(unb64(STATED["/secret"]), "class", message_id, "main")

    assert b64(key) == STATED["/steps/class_key"]
    assert b64(expand(key, "commit", message_id, "main")) == STATED[f"{CLAIMS}/commit/main"]
    leaf_key = expand(key, "leaf", message_id, STATED["/steps/pointer"])
    assert b64(leaf_key) == STATED["/steps/leaf_key"]


def test_the_leaf_of_the_example_is_sealed_as_the_paper_says() -> None:
    pointer, padded = STATED["/steps/pointer"], int(STATED["/steps/L"])
    plaintext = jcs([STATED["/steps/salt"], pointer, True]).ljust(padded, b" ")
    [header] = set(re.findall(r"`(eyJ[A-Za-z0-9]+)`", section("5")))

    assert json.loads(unb64(header)) == {"alg": "dir", "enc": "A256GCM"}
    assert b64(plaintext) == STATED["/disclosures/~1taetig"]
    assert digest(b64(plaintext).encode()) == STATED[f"{CLAIMS}/_sd/0"]
    iv = unb64(STATED["/steps/iv"])
    sealed = AESGCM(unb64(STATED["/steps/leaf_key"])).encrypt(iv, plaintext, header.encode())
    compact = f"{header}..{b64(iv)}.{b64(sealed[:-16])}.{b64(sealed[-16:])}"
    assert compact == STATED["/message/body/taetig"]
    assert len(compact) == int(STATED["/steps/N"]) == 81 - (-4 * padded // 3)
    needed = 30 + len(pointer) + max(4, int(STATED["/steps/max"]))
    assert padded == 32 * -(-needed // 32)


def test_the_digests_of_the_example_are_over_what_the_paper_says() -> None:
    vector = load("example.json")
    message = json.loads(vector["message"])
    signed, _, signature = message["env"].rpartition(".")

    assert jcs(message).decode() == vector["message"]
    assert digest(vector["message"].encode()) == STATED["/request"]
    assert digest(signed.encode()) == STATED["/env_digest"]
    assert digest(jcs(message["body"])) == STATED[f"{CLAIMS}/body"]
    wrap = message["keys"][0]["wrap"]
    assert digest(wrap.encode()) == STATED[f"{CLAIMS}/readers/0/wrap"]
    assert len(unb64(wrap)) == 1136 + 32
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": STATED["/signer/jwk/x"]}
    assert digest(jcs(jwk)) == STATED["/message/env/header/kid"]
    public = Ed25519PublicKey.from_public_bytes(unb64(jwk["x"]))
    public.verify(unb64(signature), signed.encode())
    assert signature == STATED["/message/env/signature"]


def test_the_reading_key_of_the_example_follows_from_its_seed() -> None:
    expanded = hashlib.shake_256(unb64(STATED["/readers/0/seed"])).digest(96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).public_key()
    curve = X25519PrivateKey.from_private_bytes(expanded[64:]).public_key()
    public = b64(lattice.public_bytes_raw() + curve.public_bytes_raw())

    kid = digest(jcs({"alg": "X-Wing", "kty": "AKP", "pub": public}))

    assert kid == STATED["/readers/0/kid"]


# --- Tables of the paper ---


KEYWORDS: Final = rows(section("3"), "where", "keywords", "remarks")
CLAIM_ROWS: Final = rows(section("6"), "claim", "value", "what it says")


def test_the_table_of_keywords_is_the_profile() -> None:
    stated = {row["where"].strip("`"): set(named(row["keywords"])) for row in KEYWORDS}

    assert stated.pop("everywhere") == profile._EVERYWHERE
    assert stated.pop("at the root also") == profile._AT_THE_ROOT
    assert stated == profile._KEYWORDS


def test_the_dialect_is_the_one_that_is_asked_for() -> None:
    [remarks] = [row["remarks"] for row in KEYWORDS if row["where"] == "at the root also"]

    assert profile.DIALECT in named(remarks)


def test_the_table_of_limits_holds_those_of_the_program() -> None:
    stated = [numbers(row["limit"]) for row in rows(section("3"), "what", "limit")]

    assert stated == [
        [1, profile.MAX_SLOTS],
        [1, profile.MAX_CHARACTERS],
        [1, profile.MAX_BYTES_PER_CHARACTER, profile.MAX_BYTES_PER_CHARACTER],
        [sealable.MAX_DEPTH],
        [sealable.MAX_POINTER],
        [1, sealable.MAX_LEAVES],
        [sealable.MAX_CLASSES],
        [sealable.MAX_BODY],
    ]
    assert f"More than {sealable.MAX_REFERENCES} in a row" in section("3")


def test_the_limits_of_messages_are_those_of_the_program() -> None:
    size, readers = f"{MAX_MESSAGE:,} bytes", f"fewer than {MAX_READERS} readers"

    assert all(size in section(number) for number in ("5", "7", "8"))
    assert readers in section("8")
    assert f"now − {OLDEST} ≤ `iat` ≤ now + {AHEAD}" in section("7")


def test_the_table_of_claims_is_the_envelope() -> None:
    fields = Envelope.model_fields
    stated = {named(row["claim"])[0]: row["value"] for row in CLAIM_ROWS}

    assert list(stated) == [field.alias or name for name, field in fields.items()]
    optional = {name for name, field in fields.items() if not field.is_required()}
    assert {name for name in stated if re.search("absent|optional", stated[name])} == optional
    entry = next(row["what it says"] for row in CLAIM_ROWS if row["claim"] == "`readers`")
    assert set(named(entry)) == ReaderClaim.model_fields.keys()


@pytest.mark.parametrize("claim", ["hub", "step", "urg", "lb"])
def test_the_pattern_of_a_claim_is_that_of_the_envelope(claim: str) -> None:
    [cell] = [row["value"] for row in CLAIM_ROWS if row["claim"] == f"`{claim}`"]

    pattern = Envelope.model_json_schema()["properties"][claim]["pattern"]

    assert pattern == f"^{named(cell)[0]}$"


def test_the_claims_of_a_statement_are_those_of_the_program() -> None:
    stated = [name for row in rows(section("8"), "claim", "value") for name in named(row["claim"])]

    assert stated == list(ReaderStatement.model_fields)


def test_the_forbidden_code_points_are_those_of_the_program() -> None:
    [block] = re.findall(r"```text\n(.*?)```", section("3"), re.DOTALL)
    forbidden = set[int]()
    for span in block.split():
        first, _, last = span.partition("–")
        forbidden.update(range(int(first, 16), int(last or first, 16) + 1))

    said = {point for point in range(0x110000) if text._FORBIDDEN.search(chr(point))}

    assert said == forbidden


@pytest.mark.parametrize("longest", [1, 33, 65])
def test_the_pattern_of_a_sealed_leaf_is_that_of_the_program(longest: int) -> None:
    [pattern] = re.findall(r"`(\^H.*?\$)`", section("3"))
    [tails] = re.findall(r"T makes sure.*?: nothing, (.*?),\s+for", section("3"), re.DOTALL)
    leaf = Leaf("/a", "main", "string", longest, {})
    tail = ["", *named(tails.replace("\n", " "))][leaf.padded % 3]

    stated = pattern.replace("H", sealable.LEAF_HEADER, 1).replace("T", tail, 1)

    assert stated == leaf.sealed["pattern"]


def test_the_three_lengths_above_are_of_three_kinds() -> None:
    padded = [Leaf("/a", "main", "string", longest, {}).padded for longest in (1, 33, 65)]

    assert {length % 3 for length in padded} == {0, 1, 2}


# --- Codes ---


def test_every_code_in_the_papers_is_explained() -> None:
    for paper in (PAPER, ATTEMPTS):
        codes = {code for row in rows(paper) for code in named(row.get("code", ""))}

        assert codes
        assert codes <= PROBLEMS.keys()


def test_every_code_of_the_hub_has_the_status_that_the_paper_says() -> None:
    stated = rows(section("7"), "step", "check", "code", "status")

    said = {named(row["code"])[0]: int(row["status"]) for row in stated if row["status"]}

    assert said == {code: STATUS[code] for code in said}
    assert len(said) == 16


def test_every_refusal_of_the_vectors_stands_in_the_section_about_verification() -> None:
    vectors = load("refusals.json")
    hub, reader = section("7").split("### 7.3")

    for side, part in (("at_the_hub", hub), ("at_the_reader", hub + reader)):
        codes = {vector["code"] for vector in vectors[side]} - {None}
        assert codes <= set(named(part))


# --- Vectors that the papers name ---


CHECKLIST: Final = rows(section("12"), "question", "answer", "file", "vector")


@pytest.mark.parametrize("row", CHECKLIST, ids=lambda row: str(row["vector"]))
def test_the_checklist_says_what_its_vector_says(row: Row) -> None:
    vectors = [each for each in vectors_of(named(row["file"])[0]) if each["name"] == row["vector"]]

    assert vectors
    codes = [word for word in named(row["answer"]) if word in PROBLEMS][:1]
    if codes:
        assert {vector.get("code") for vector in vectors} == set(codes)
    elif row["answer"].startswith(("refused", "17")):
        assert all(vector.get("code") or "text" in vector for vector in vectors)
    elif "does not" in row["answer"]:
        assert all(vector["code"] for vector in vectors)
    else:
        assert all(vector.get("code") is None for vector in vectors)


GREEDY: Final = rows(ATTEMPTS, "id", "attempt", "who", "code", "why it fails", "vector")


def test_attempts_are_numbered_without_a_gap() -> None:
    assert [row["id"] for row in GREEDY] == [f"G{n:02}" for n in range(1, len(GREEDY) + 1)]
    left = [row["id"] for row in rows(ATTEMPTS, "id", "what", "bound", "what helps")]
    assert left == [f"U{n:02}" for n in range(1, len(left) + 1)]


@pytest.mark.parametrize("row", GREEDY, ids=lambda row: str(row["id"]))
def test_an_attempt_is_stopped_as_its_vector_says(row: Row) -> None:
    [code] = named(row["code"])

    assert row["who"] in {"hub", "reader"}
    assert code in PROBLEMS
    if row["vector"]:
        known = {
            each["name"]: each["code"] for each in load("refusals.json")[f"at_the_{row['who']}"]
        }
        assert known[row["vector"]] == code


def vectors_of(file: str) -> list[Any]:
    """Return all vectors of a file, whatever lists they stand in."""
    loaded = load(file)
    lists = loaded.values() if isinstance(loaded, dict) else [loaded]
    return [
        vector
        for each in lists
        if isinstance(each, list)
        for vector in each
        if isinstance(vector, dict) and "name" in vector
    ]


# --- The formulas, by themselves ---


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(data: bytes) -> str:
    return b64(hashlib.sha256(data).digest())


def jcs(value: Any) -> bytes:
    """Write JSON of the example, which holds neither floats nor characters beyond the BMP."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def expand(key: bytes, *label: str) -> bytes:
    """Return the one block of HKDF-Expand that the function X asks for (RFC 5869 § 2.3)."""
    return hmac.digest(key, jcs(["sl1", *label]) + b"\x01", "sha256")


def numbers(cell: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", cell)]
