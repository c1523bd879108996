# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What left a browser: every request of a visit with its address, its headers and its body."""

import base64
from dataclasses import dataclass, field
from typing import Any, Final

from tests.browser import Page

_LARGEST: Final = 10_000_000
_RESOURCES: Final = ("fonts", ".woff2", ".woff")


@dataclass
class Trace:
    """The requests of one page, from the moment the trace began."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    """As the browser tells them (``Network.requestWillBeSent``)."""
    headers: list[str] = field(default_factory=list)
    """All header lines, with those that the network part of the browser adds."""
    transferred: dict[str, float] = field(default_factory=dict)
    """Bytes that came over the line, by the id of the request."""

    def hear(self, event: dict[str, Any]) -> None:
        """Take note of an event, if it is one of the network."""
        method, params = event["method"], event["params"]
        if method == "Network.requestWillBeSent":
            self.requests.append({"id": params["requestId"], **params["request"]})
        elif method == "Network.requestWillBeSentExtraInfo":
            self.headers.extend(f"{name}: {value}" for name, value in params["headers"].items())
        elif method == "Network.loadingFinished":
            self.transferred[params["requestId"]] = params["encodedDataLength"]

    @property
    def urls(self) -> list[str]:
        return [each["url"] for each in self.requests]

    def everything(self) -> bytes:
        """Return all that was sent, one thing after the other, to be searched."""
        said = [*self.urls, *self.headers]
        for each in self.requests:
            said.extend(f"{name}: {value}" for name, value in each["headers"].items())
            said.append(each.get("postData", ""))
        bodies = [
            base64.b64decode(part.get("bytes", ""))
            for each in self.requests
            for part in each.get("postDataEntries", ())
        ]
        return b"\n".join([*(text.encode("utf-8", "surrogatepass") for text in said), *bodies])

    def unseen_bodies(self) -> list[str]:
        """Return what was sent with a body that the browser did not tell."""
        return [
            each["url"]
            for each in self.requests
            if each.get("hasPostData")
            and not each.get("postData")
            and "postDataEntries" not in each
        ]

    def bytes_without_fonts(self) -> int:
        """Return what came over the line beside fonts."""
        fonts = {each["id"] for each in self.requests if each["url"].endswith(_RESOURCES)}
        return int(sum(size for name, size in self.transferred.items() if name not in fonts))


def traced(page: Page) -> Trace:
    """Begin to write down what a page sends and gets."""
    trace = Trace()
    page.listen(trace.hear)
    page.tell("Network.enable", maxPostDataSize=_LARGEST)
    return trace
