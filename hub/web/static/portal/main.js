// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/** Which part of the program does this page need? Everything else is loaded when it is wanted. */

const PAGES = {
  signin: () => import("./signin/page.js"),
  link: () => import("./signin/link.js"),
  setup: () => import("./account/setup.js"),
  account: () => import("./account/page.js"),
  house: () => import("./house/page.js"),
  start: () => import("./start/page.js"),
  filing: () => import("./filing/page.js"),
  matter: () => import("./inbox/page.js"),
};

const wanted = document.body.dataset.page;
document.documentElement.classList.add("mit-skript");
// Whoever is signed in has a frame that says so, and how long still.
if (document.getElementById("wo-haus")) {
  import("./common/session.js").then((part) => part.watchSession());
}
PAGES[wanted]?.()
  .then((part) => part.start())
  .then(() => {
    document.body.dataset.bereit = "";
    performance.mark("bereit");
  });
