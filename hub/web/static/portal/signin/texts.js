// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("../common/texts.js").Catalogue} */
export const TEXTS = {
  de: {
    welcome: "Willkommen,",
    "welcome.joins":
      "Sie sind schon angemeldet. Sie können den neuen Zugang zu Ihrem Konto nehmen: Dann wechseln Sie zwischen " +
      "den Häusern und brauchen keinen zweiten Passkey.",
    "welcome.enter":
      "Dieses Portal führt nur vor und läuft auf diesem Rechner. Deshalb genügt der Link; Sie können trotzdem " +
      "einen Passkey einrichten.",
    "welcome.make":
      "Ihr Gerät legt jetzt einen Passkey an. Er verlässt das Gerät nie. Sie melden sich künftig so an, wie Sie " +
      "das Gerät entsperren: mit Finger, Gesicht oder PIN.",
    "welcome.once":
      "Der Link gilt einmal. Nehmen Sie das Gerät, mit dem Sie arbeiten, und nicht ein gemeinsam genutztes.",
    used: "Dieser Link gilt nicht mehr",
    "used.what":
      "Ein Link gilt einmal und drei Tage lang. Vielleicht wurde er schon benutzt oder durch einen neueren ersetzt. " +
      "Haben Sie nur diese Seite neu geladen, öffnen Sie den Link aus der Einladung noch einmal. Sonst bitten Sie die " +
      "Person um einen neuen, die in Ihrem Haus das Portal verwaltet.",
    "used.sign-in": "Zur Anmeldung",
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
    welcome: "Welcome,",
    "welcome.joins":
      "You are signed in already. You can add the new access to your account: then you change between houses " +
      "and need no second passkey.",
    "welcome.enter":
      "This portal is a demonstration and runs on this machine. So the link is enough; you can make a passkey " +
      "all the same.",
    "welcome.make":
      "Your device now makes a passkey. It never leaves the device. From now on you sign in the way you unlock " +
      "the device: by finger, face or PIN.",
    "welcome.once": "The link counts once. Use the device you work with, and not a shared one.",
    used: "This link no longer counts",
    "used.what":
      "A link counts once and for three days. Perhaps it was used already, or a newer one took its place. If you " +
      "have only loaded this page again, open the link of the invitation once more. Otherwise ask whoever manages " +
      "the portal in your house for a new one.",
    "used.sign-in": "Sign in",
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
