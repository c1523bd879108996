# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The line that tells people: it sends what was queued, and keeps where browsers are woken."""

from hub.alert.sending import alerting
from hub.alert.subscribing import push_key, subscribe, unsubscribe

__all__ = ["alerting", "push_key", "subscribe", "unsubscribe"]
