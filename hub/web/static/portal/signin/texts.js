// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("../common/texts.js").Catalogue} */
export const TEXTS = {
  de: {
    show: "Mit Passkey anmelden",
    make: "Passkey einrichten und anmelden",
    enter: "Zur Vorführung anmelden",
    join: "Zu meinem Konto nehmen",
    provider: "Über „{name}“ anmelden",
    "provider.bind": "Stattdessen über „{name}“ anmelden",
    asking: "Ihr Gerät fragt jetzt nach dem Passkey.",
    entering: "Einen Augenblick, Sie werden angemeldet.",
    "no-passkeys":
      "Dieser Browser kennt keine Passkeys. Bitte nehmen Sie einen aktuellen Browser oder ein anderes " +
      "Gerät.",
    "not-shown": "Es wurde kein Passkey gezeigt. Sie können es noch einmal versuchen.",
    known: "Auf diesem Gerät ist schon ein Passkey für Sie eingerichtet. Melden Sie sich damit an.",
    "token-invalid":
      "Das hat nicht geklappt. Vielleicht gilt der Passkey hier nicht mehr, oder der Link ist verbraucht. " +
      "Versuchen Sie es noch einmal, oder bitten Sie im Haus um einen neuen Link.",
    "too-many-requests": "Zu viele Versuche. Bitte warten Sie einen Augenblick.",
    failed: "Die Anmeldung hat gerade nicht geklappt. Versuchen Sie es bitte noch einmal.",
    unreachable: "Das Portal antwortet gerade nicht. Ist es eilig, rufen Sie bitte an.",
  },
  en: {
    show: "Sign in with a passkey",
    make: "Make a passkey and sign in",
    enter: "Sign in to the demonstration",
    join: "Add to my account",
    provider: "Sign in by “{name}”",
    "provider.bind": "Sign in by “{name}” instead",
    asking: "Your device now asks for the passkey.",
    entering: "One moment, you are being signed in.",
    "no-passkeys": "This browser knows no passkeys. Please use a current browser or another device.",
    "not-shown": "No passkey was shown. You can try again.",
    known: "There is a passkey for you on this device already. Sign in with it.",
    "token-invalid":
      "That did not work. Perhaps the passkey no longer counts here, or the link is used up. Try again, " +
      "or ask in your house for a new link.",
    "too-many-requests": "Too many attempts. Please wait a moment.",
    failed: "Signing in did not work just now. Please try again.",
    unreachable: "The portal does not answer just now. If it is urgent, please call.",
  },
};
