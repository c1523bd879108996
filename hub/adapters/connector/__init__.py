# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The connector: one process in the agency's own network, with outbound connections alone.

Each step of a message is written down before the next one begins, and each may be repeated: whoever
kills this process, the hub or a target at any moment changes when something takes effect, and
neither whether nor how often.
"""
