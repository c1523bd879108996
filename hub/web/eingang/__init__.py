# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inbox as seen over HTTP: pages that the office's own connector makes, in its own network."""
