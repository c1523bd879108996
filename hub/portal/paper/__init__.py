# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does a house hold in its hands? A receipt to keep, and a form for a day without a screen."""
