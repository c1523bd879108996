# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How do our fields become those of another system? By a file that somebody there can read.

One file stands for one product. It says from which pointer each field is filled, in which form of
date and with which codes; ``check`` says beforehand what would get lost. What a mapping cannot say
is not guessed: the delivery is refused, and a person sees it.
"""
