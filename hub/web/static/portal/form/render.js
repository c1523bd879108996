// SPDX-FileCopyrightText: 2026 Meldeweg contributors
// SPDX-License-Identifier: EUPL-1.2

/**
 * How does a page of a form look, and what was answered on it?
 *
 * The page is made from its description; what is hidden until an answer shows it is in the page from
 * the start. Wrap it in a `<form>` with a button, and Enter goes on.
 */

import { announce, h, one } from "../common/dom.js";
import { language, t } from "../common/texts.js";
import { control, errorText, optional } from "./controls.js";
import { fieldIdOf, get, inside, isEmpty, isShown, pointerAt, put } from "./fields.js";
import { mergePage, readEntries, readPage } from "./reading.js";
import { TEXTS } from "./texts.js";

/**
 * @typedef {import("./fields.js").Description} Description
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").FieldError} FieldError
 * @typedef {import("./fields.js").Page} Page
 * @typedef {import("./fields.js").Values} Values
 * @typedef {{change?: (values: Values) => void}} On
 */

/** One page at work: what it shows, and where its lists are. */
class Shown {
  /** @param {Page} page @param {Values} values @param {FieldError[]} errors @param {On} on */
  constructor(page, values, errors, on) {
    this.page = page;
    this.values = values;
    this.messages = new Map(errors.map((error) => [error.pointer, error.message]));
    this.on = on;
    /** @type {{element: HTMLElement, fields: Field[], indices: number[]}[]} shown with one of these */
    this.conditional = [];
    // The words of a procedure are German in every language of the page.
    const lang = language() === "de" ? null : "de";
    this.root = h("div", { class: "form-page", lang, dataset: { page: page.id } });
    this.root.append(...this.fields(page.fields, []));
    this.root.addEventListener("input", () => this.changed());
    this.root.addEventListener("change", () => this.changed());
    this.adjust();
  }

  changed() {
    this.values = mergePage(this.values, this.page, readPage(null, this.page, this.root));
    this.adjust();
    this.on.change?.(this.values);
  }

  /** Show what the answers so far ask for. */
  adjust() {
    this.conditional = this.conditional.filter(({ element }) => this.root.contains(element));
    for (const { element, fields, indices } of this.conditional) {
      element.hidden = !fields.some((field) => isShown(field, this.values, indices));
    }
  }

  /** @param {Field[]} fields @param {number[]} indices @returns {HTMLElement[]} */
  fields(fields, indices) {
    const seldom = fields.filter((field) => field.more);
    const shown = fields.filter((field) => !field.more).map((field) => this.field(field, indices));
    return seldom.length ? [...shown, this.onDemand(seldom, indices)] : shown;
  }

  /** @param {Field[]} fields @param {number[]} indices */
  onDemand(fields, indices) {
    const isOpen = fields.some((field) => {
      const pointer = pointerAt(field.pointer, indices);
      return !isEmpty(get(this.values, pointer)) || this.hasError(pointer);
    });
    const element = h(
      "details",
      { class: "kern-accordion form-more form-field", open: isOpen },
      h(
        "summary",
        { class: "kern-accordion__header" },
        h("span", { class: "kern-title kern-title--small" }, t(TEXTS, "more", { labels: namesOf(fields) })),
      ),
      h(
        "div",
        { class: "kern-accordion__body form-fields" },
        fields.map((field) => this.field(field, indices)),
      ),
    );
    this.conditional.push({ element, fields, indices });
    return element;
  }

  /** @param {string} pointer */
  hasError(pointer) {
    return [...this.messages.keys()].some((each) => each === pointer || each.startsWith(`${pointer}/`));
  }

  /** @param {Field} field @param {number[]} indices @returns {HTMLElement} */
  field(field, indices) {
    const element = this.made(field, indices);
    element.classList.add("form-field");
    if (field.when) this.conditional.push({ element, fields: [field], indices });
    return element;
  }

  /** @param {Field} field @param {number[]} indices @returns {HTMLElement} */
  made(field, indices) {
    const pointer = pointerAt(field.pointer, indices);
    if (field.kind === "group") return this.group(field, indices);
    if (field.kind === "list") return this.list(field, indices);
    return control({ field, pointer, value: get(this.values, pointer), error: this.messages.get(pointer) });
  }

  /** @param {Field} field @param {number[]} indices */
  group(field, indices) {
    const id = fieldIdOf(pointerAt(field.pointer, indices));
    return h(
      "fieldset",
      {
        class: "kern-fieldset form-group",
        id,
        tabindex: "-1",
        "aria-describedby": field.hint ? `${id}-hinweis` : null,
      },
      h("legend", { class: "kern-label kern-label--large" }, field.label, optional(field)),
      field.hint && h("div", { class: "kern-hint", id: `${id}-hinweis` }, field.hint),
      h("div", { class: "kern-fieldset__body form-fields" }, this.fields(inside(field), indices)),
    );
  }

  /** @param {Field} field @param {number[]} indices places in the lists around it */
  list(field, indices) {
    const pointer = pointerAt(field.pointer, indices);
    const said = get(this.values, pointer);
    const least = field.required ? Math.max(1, field.min ?? 0) : 0;
    const count = Math.max(Array.isArray(said) ? said.length : 0, least);
    const box = h("div", {
      class: "form-list",
      id: fieldIdOf(pointer),
      tabindex: "-1",
      dataset: { list: pointer },
    });
    const isWholePage = this.page.fields.length === 1 && this.page.fields[0] === field;
    if (!isWholePage) box.append(h("p", { class: "kern-label" }, field.label));
    if (!isWholePage && field.hint) box.append(h("p", { class: "kern-hint" }, field.hint));
    const error = errorText({ field, pointer, value: undefined, error: this.messages.get(pointer) });
    if (error) box.append(error);
    for (let i = 0; i < count; i += 1) box.append(this.entry(field, [...indices, i], count));
    if (count < (field.max ?? 0)) box.append(this.addButton(field, indices, count));
    return box;
  }

  /** @param {Field} field @param {number[]} indices its own place the last @param {number} count */
  entry(field, indices, count) {
    const i = indices[indices.length - 1];
    const named = { label: field.item_label ?? field.label, number: i + 1 };
    const isKept = field.required && count <= Math.max(1, field.min ?? 0);
    const without = (/** @type {any[]} */ entries) => entries.filter((_, n) => n !== i);
    const remove = () => this.reshape(field, indices.slice(0, -1), without, null);
    return h(
      "fieldset",
      { class: "kern-fieldset form-entry", dataset: { entry: "" } },
      h("legend", { class: "kern-label kern-label--large" }, t(TEXTS, "entry", named)),
      h("div", { class: "kern-fieldset__body form-fields" }, this.fields(inside(field), indices)),
      !isKept && button(t(TEXTS, "remove", named), "tertiary", remove),
    );
  }

  /** @param {Field} field @param {number[]} indices @param {number} count */
  addButton(field, indices, count) {
    const label = t(TEXTS, "add", { label: field.item_label ?? field.label });
    const blank = field.item ? "" : {};
    // Empty entries at the end were not read; they stay where they are.
    const grown = (/** @type {any[]} */ entries) => [...entries, ...fresh(count + 1 - entries.length, blank)];
    return button(label, "secondary", () => this.reshape(field, indices, grown, count));
  }

  /**
   * Put a list with other entries in the place of the one that is there.
   *
   * @param {Field} field
   * @param {number[]} indices
   * @param {(entries: any[]) => any[]} change
   * @param {number | null} focused the entry whose first question gets the focus
   */
  reshape(field, indices, change, focused) {
    const pointer = pointerAt(field.pointer, indices);
    const old = one(`[data-list="${pointer}"]`, this.root);
    this.values = put(this.values, pointer, change(readEntries(field, indices, this.root)));
    const made = this.list(field, indices);
    made.classList.add("form-field");
    old.replaceWith(made);
    this.adjust();
    const entries = [...made.children].filter((each) => each.hasAttribute("data-entry"));
    const entry = focused === null ? made : entries[focused];
    (one("input, select, textarea", entry) ?? made).focus();
    announce(t(TEXTS, "entry", { label: field.item_label ?? field.label, number: (focused ?? 0) + 1 }));
    this.on.change?.(this.values);
  }
}

/** What is hidden there, so that nobody has to open it to know. @param {Field[]} fields */
const namesOf = (fields) =>
  fields.length > 3
    ? t(TEXTS, "andMore", { labels: fields[0].label })
    : fields.map(({ label }) => label).join(", ");

/** @param {number} count @param {any} blank */
const fresh = (count, blank) => Array.from({ length: Math.max(0, count) }, () => blank);

/** @param {string} label @param {string} kind @param {() => void} onclick */
const button = (label, kind, onclick) =>
  h(
    "button",
    { type: "button", class: `kern-btn kern-btn--${kind}`, onclick },
    h("span", { class: "kern-label" }, label),
  );

/**
 * Make the element of a page.
 *
 * @param {Description} _description
 * @param {Page} page
 * @param {Values} values
 * @param {FieldError[]} [errors]
 * @param {On} [on]
 * @returns {HTMLElement}
 */
export const renderPage = (_description, page, values, errors = [], on = {}) =>
  new Shown(page, values, errors, on).root;

export { mergePage, readPage } from "./reading.js";
export { focusError, renderErrorSummary } from "./summary.js";
