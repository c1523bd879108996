// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** @type {import("./texts.js").Catalogue} */
export const TEXTS = {
  de: {
    who: "Angemeldet: {name}, {house}",
    region: "Ihre Anmeldung",
    signOut: "Abmelden",
    house: "Haus",
    switch: "Haus wechseln",
    "switch.failed": "Das Haus ließ sich gerade nicht wechseln.",
    "idle.title": "Sind Sie noch da?",
    "idle.text":
      "Noch {minutes}: Um {time} Uhr melden wir Sie ab, damit niemand anderes an Ihrem Gerät " +
      "weiterliest. Gesicherte Entwürfe bleiben erhalten.",
    "idle.stay": "Angemeldet bleiben",
    "ending.title": "Ihre Anmeldung endet um {time} Uhr",
    "ending.text":
      "Noch {minutes}. Sie lässt sich nicht verlängern. Danach melden Sie sich neu an und machen dort " +
      "weiter, wo Sie waren; gesicherte Entwürfe bleiben erhalten.",
    "ending.seen": "Verstanden",
    "over.title": "Sie sind abgemeldet",
    "over.text":
      "Diese Seite bleibt, wie sie ist. Melden Sie sich in einem neuen Fenster an und kommen Sie " +
      "hierher zurück.",
    "over.signIn": "Neu anmelden (neues Fenster)",
    "over.back": "Ich bin wieder angemeldet",
    "over.still": "Sie sind noch nicht wieder angemeldet.",
    "over.silent": "Das Portal antwortet gerade nicht.",
    "over.back.said": "Sie sind wieder angemeldet.",
    "minute.one": "1 Minute",
    "minute.many": "{n} Minuten",
    "signOut.failed":
      "Das Portal antwortet nicht. Ihr Schlüssel ist von diesem Gerät entfernt; bitte schließen Sie " +
      "den Browser.",
  },
  en: {
    who: "Signed in: {name}, {house}",
    region: "Your session",
    signOut: "Sign out",
    house: "House",
    switch: "Change house",
    "switch.failed": "The house could not be changed just now.",
    "idle.title": "Are you still there?",
    "idle.text":
      "{minutes} left: at {time} we sign you out, so that nobody else reads on at your device. " +
      "Saved drafts are kept.",
    "idle.stay": "Stay signed in",
    "ending.title": "Your session ends at {time}",
    "ending.text":
      "{minutes} left. It cannot be prolonged. Sign in again afterwards and go on where you were; " +
      "saved drafts are kept.",
    "ending.seen": "Understood",
    "over.title": "You are signed out",
    "over.text": "This page stays as it is. Sign in in a new window and come back here.",
    "over.signIn": "Sign in again (new window)",
    "over.back": "I have signed in again",
    "over.still": "You are not signed in again yet.",
    "over.silent": "The portal does not answer just now.",
    "over.back.said": "You are signed in again.",
    "minute.one": "1 minute",
    "minute.many": "{n} minutes",
    "signOut.failed":
      "The portal does not answer. Your key is removed from this device; please close the browser.",
  },
};
