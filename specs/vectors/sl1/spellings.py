# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a JSON value written, and which other spellings are refused?"""

from typing import Final

from hub.model.json import Json

CANONICAL: Final[dict[str, tuple[Json, str]]] = {
    "null": (None, "null"),
    "the largest integer": (2**53 - 1, "9007199254740991"),
    "the smallest integer": (1 - 2**53, "-9007199254740991"),
    "names are sorted": ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
    "names are sorted by UTF-16 code units": (
        {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4, "1": 5},
        '{"\\r":4,"1":5,"\u20ac":3,"\U0001f600":2,"\ufb33":1}',
    ),
    "also where they lie deeper": (
        [{"\ufb33": 1, "\U0001f600": [{"b": "\U0001f600", "a": 1}]}],
        '[{"\U0001f600":[{"a":1,"b":"\U0001f600"}],"\ufb33":1}]',
    ),
    "controls are escaped, a slash is not": (
        '\u0000\u001f\b\t\n\f\r"\\/\u007f\u2028',
        '"\\u0000\\u001f\\b\\t\\n\\f\\r\\"\\\\/\u007f\u2028"',
    ),
    "empty list and object": ([[], {}], "[[],{}]"),
}

NOT_STRICT: Final[dict[str, str]] = {
    "nothing": "",
    "white space": '{"a": 1}',
    "a line feed at the end": "{}\n",
    "a byte order mark": "\ufeff{}",
    "a name twice": '{"a":1,"a":1}',
    "names out of order": '{"b":1,"a":1}',
    "a fraction": "1.0",
    "an exponent": "1e2",
    "minus zero": "-0",
    "an integer beyond 2^53 - 1": "9007199254740992",
    "an integer of 5000 digits": "1" * 5000,
    "not a number": "NaN",
    "an escape that is not needed": '"\\u0041"',
    "an escaped slash": '"\\/"',
    "an escape in capitals": '"\\u001F"',
    "half a surrogate pair": '"\\ud800"',
    "17 levels": "[" * 17 + "]" * 17,
    "levels without end": "[" * 10_000,
    "two values": "{}{}",
    "a comment": "{}//",
}
STRICT: Final[dict[str, str]] = {
    "16 levels": "[" * 16 + "]" * 16,
    "a letter beyond ASCII": '{"ä":"\U0001f392"}',
}

NOT_BASE64URL: Final[dict[str, str]] = {
    "padding": "AA==",
    "a plus sign": "+-AA",
    "a slash": "_/AA",
    "white space": "AA\n",
    "a space inside": "A A",
    "a single character": "A",
    "non-zero trailing bits of one byte": "AB",
    "non-zero trailing bits of two bytes": "AAB",
    "a letter beyond ASCII": "äAAA",
}
