# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which witnesses have to have seen a checkpoint before it counts (C2SP tlog-policy)?

The file is for people to read and for programs to follow: known logs, known witnesses, groups of
them, and one line that says which are enough.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from hub.audit.cosignature import WitnessKey, parse_witness_key
from hub.audit.merkle import Unproven
from hub.audit.note import Verifier, parse_vkey

NONE: Final = "none"
"""The quorum that asks for nobody."""
MAX_POLICY: Final = 1_048_576
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT: Final = re.compile("[1-9][0-9]{0,5}")
_LOG, _LOG_AND_URL, _WITNESS, _WITNESS_AND_URL, _GROUP, _QUORUM = 2, 3, 3, 4, 4, 2


@dataclass(frozen=True)
class Listed:
    """A witness as the policy lists it; the name means nothing outside of the policy."""

    name: str
    key: WitnessKey
    url: str
    """Where it takes checkpoints, without a slash at the end; empty where nobody has to ask."""


@dataclass(frozen=True)
class Group:
    """Witnesses or other groups of which so many have to agree."""

    enough: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Whom to believe about a log."""

    text: str
    """The file as it was read."""
    logs: tuple[tuple[Verifier, str], ...] = ()
    """Keys of known logs, each with its address or nothing."""
    witnesses: Mapping[str, Listed] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @property
    def log(self) -> Verifier | None:
        """The key of the first known log, where the policy names one."""
        return self.logs[0][0] if self.logs else None

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Names of the witnesses by the labels of their keys."""
        return {each.key.label: name for name, each in self.witnesses.items()}

    @property
    def keys(self) -> tuple[WitnessKey, ...]:
        return tuple(each.key for each in self.witnesses.values())

    @cached_property
    def least(self) -> int:
        """The least number of cosignatures with which it can be met."""
        return self._least(self.quorum)

    def is_met(self, names: Collection[str]) -> bool:
        """Return whether the witnesses of these names are enough."""
        return self._agrees(self.quorum, names)

    def is_met_by(self, labels: Collection[str]) -> bool:
        """Return whether the keys of these labels are enough."""
        return self.is_met({self.labels[label] for label in labels if label in self.labels})

    def _agrees(self, name: str, names: Collection[str]) -> bool:
        if (group := self.groups.get(name)) is None:
            return name == NONE or name in names
        return sum(self._agrees(each, names) for each in group.members) >= group.enough

    def _least(self, name: str) -> int:
        if (group := self.groups.get(name)) is None:
            return 0 if name == NONE else 1
        # A name is a member once at most, so nobody is counted twice.
        return sum(sorted(map(self._least, group.members))[: group.enough])


def parse_policy(text: str | bytes) -> Policy:
    """Read a policy file; raises ``Unproven`` with the number of the line that is none.

    Bytes beyond ASCII mean nothing to it and are kept as they are.
    """
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    if len(data) > MAX_POLICY or _CONTROL.search(data):
        raise Unproven("not a policy")
    reading = _Reading()
    for number, words in _lines(data):
        try:
            reading.take(words)
        except Unproven as wrong:
            raise Unproven(f"line {number} of the policy: {wrong}") from None
    return reading.policy(data.decode("utf-8", "surrogateescape"))


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        words = line.replace(b"\t", b" ").split(b" ")
        said = [word.decode("utf-8", "surrogateescape") for word in words if word]
        if said and not said[0].startswith("#"):
            yield number, said


class _Reading:
    """What the lines read so far have defined."""

    def __init__(self) -> None:
        self._logs: list[tuple[Verifier, str]] = []
        self._witnesses: dict[str, Listed] = {}
        self._groups: dict[str, Group] = {}
        self._members: set[str] = set()
        self._quorum: str | None = None

    def take(self, words: list[str]) -> None:
        takers = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._says_quorum,
        }
        taker = takers.get(words[0])
        if taker is None:
            raise Unproven("no such word")
        taker(words)

    def policy(self, text: str) -> Policy:
        if self._quorum is None:
            raise Unproven("the policy has no quorum")
        return Policy(text, tuple(self._logs), self._witnesses, self._groups, self._quorum)

    def _log(self, words: list[str]) -> None:
        if len(words) not in {_LOG, _LOG_AND_URL}:
            raise Unproven("log <vkey> [<url>]")
        key = parse_vkey(words[1])
        if any(key.public == known.public for known, _ in self._logs):
            raise Unproven("the same key twice")
        self._logs.append((key, _url(words[_LOG:])))

    def _witness(self, words: list[str]) -> None:
        if len(words) not in {_WITNESS, _WITNESS_AND_URL}:
            raise Unproven("witness <name> <vkey> [<url>]")
        key = parse_witness_key(words[2])
        if any(key.public == each.key.public for each in self._witnesses.values()):
            raise Unproven("the same key twice")
        name = self._new(words[1])
        self._witnesses[name] = Listed(name, key, _url(words[_WITNESS:]))

    def _group(self, words: list[str]) -> None:
        if len(words) < _GROUP:
            raise Unproven("group <name> all|any|<number> <member>...")
        members = tuple(map(self._member, words[3:]))
        counts = {"all": len(members), "any": 1}
        if words[2] not in counts and not _COUNT.fullmatch(words[2]):
            raise Unproven("not a number of members")
        enough = counts.get(words[2]) or int(words[2])
        if enough > len(members):
            raise Unproven("more than there are members")
        self._groups[self._new(words[1])] = Group(enough, members)

    def _says_quorum(self, words: list[str]) -> None:
        if len(words) != _QUORUM or self._quorum is not None:
            raise Unproven("one quorum, and one name")
        if words[1] != NONE:
            self._defined(words[1])
        self._quorum = words[1]

    def _new(self, name: str) -> str:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise Unproven("a name that is taken")
        return name

    def _defined(self, name: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise Unproven("a name that is not defined above")

    def _member(self, name: str) -> str:
        self._defined(name)
        if name in self._members:
            raise Unproven("a member twice")
        self._members.add(name)
        return name


def _url(words: list[str]) -> str:
    return words[0].rstrip("/") if words else ""
