// “@” in a group or a room offers its people. The field keeps the focus; arrows choose, Enter or Tab takes, Escape
// closes, a finger taps. What is taken is the username, which is what the server reads.
import { composing } from "./keys.js";
import { ask } from "./session.js";

const SHOWN = 6;
const PAUSE = 150;
const MARKS = /\p{M}/gu;
// Scripts that know no spaces: beside one of their letters a mention begins as beside a space.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}]/u;

export class Names {
  constructor(section) {
    this.box = section.querySelector("[data-send] textarea");
    this.list = section.querySelector("[data-names-list]");
    if (!this.box || !this.list) return;
    this.people = new Map(); // handle -> its row, as the server draws it
    this.asked = new Set();
    this.learn(section.querySelector("[data-people]").content);
    // Before the composer's own keys: Enter takes a name and sends nothing.
    this.box.addEventListener("keydown", (event) => this.key(event), true);
    for (const name of ["input", "click", "compositionend"]) this.box.addEventListener(name, () => this.look());
    this.box.addEventListener("keyup", (event) => /^(?:Arrow(?:Left|Right)|Home|End)$/.test(event.key) && this.look());
    this.box.addEventListener("blur", () => this.close());
    // The field keeps the focus, and a phone its keyboard.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  learn(content) {
    for (const row of content.querySelectorAll("[data-handle]")) this.people.set(row.dataset.handle, row);
  }

  look() {
    const typed = typedName(this.box.value, this.box.selectionStart);
    if (typed !== this.refused) this.refused = undefined;
    const none = typed === null || this.box.selectionStart !== this.box.selectionEnd;
    // A whole username and a space: what follows is the next word.
    if (none || (typed.includes(" ") && this.people.has(typed.split(" ")[0]))) return this.close();
    this.show(typed);
    if (this.list.dataset.more && !this.asked.has(typed)) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fetch(typed), PAUSE);
    }
  }

  async fetch(typed) {
    this.asked.add(typed);
    const answer = await ask(`${this.list.dataset.more}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok) return this.asked.delete(typed);
    this.learn(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (document.activeElement === this.box) this.look();
  }

  show(typed) {
    const rows = ranked([...this.people.values()], typed).slice(0, SHOWN);
    if (!rows.length || this.refused === typed) return this.close();
    const before = this.chosen?.dataset.handle;
    this.list.replaceChildren(...rows.map((row) => option(row)));
    this.list.hidden = false;
    this.choose(this.list.querySelector(`[data-handle="${before}"]`) ?? this.list.firstElementChild);
    // A text field is a combobox only while it offers something.
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.setAttribute("aria-haspopup", "listbox");
    this.box.setAttribute("aria-expanded", "true");
    this.box.setAttribute("aria-controls", this.list.id);
  }

  close() {
    this.chosen = undefined;
    if (!this.list || this.list.hidden) return;
    this.list.hidden = true;
    this.list.replaceChildren();
    for (const name of ["role", "aria-autocomplete", "aria-haspopup", "aria-expanded", "aria-controls"]) {
      this.box.removeAttribute(name);
    }
    this.box.removeAttribute("aria-activedescendant");
  }

  choose(row) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = row;
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", row.id);
  }

  key(event) {
    if (!this.chosen || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (next) {
      const end = event.key === "ArrowDown" ? this.list.firstElementChild : this.list.lastElementChild;
      this.choose(this.chosen[next] ?? end);
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.take(this.chosen);
    else if (event.key === "Escape") {
      // Until something else is typed.
      this.refused = typedName(this.box.value, this.box.selectionStart);
      this.close();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  take(row) {
    const { selectionStart: at, value } = this.box;
    const from = at - typedName(value, at).length;
    const after = value.slice(at).startsWith(" ") ? "" : " ";
    this.close();
    this.box.focus();
    this.box.setSelectionRange(from, at);
    const words = `${row.dataset.handle}${after}`;
    // As if it were typed: it can be undone, is kept as a draft, and tells that somebody writes.
    if (document.execCommand("insertText", false, words)) return;
    this.box.setRangeText(words, from, at, "end");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function option(row) {
  const one = document.importNode(row, true);
  one.id = `name-${row.dataset.handle}`;
  one.setAttribute("aria-selected", "false");
  return one;
}

// What stands between the last “@” and the caret, null where no mention is typed.
export function typedName(text, caret) {
  const before = text.slice(0, caret);
  const at = before.lastIndexOf("@");
  if (at < 0) return null;
  const typed = before.slice(at + 1);
  if (typed.length > 30 || /\n|^\s|\s{2}|\s\S*\s\S*\s/.test(typed)) return null;
  const letter = [...before.slice(0, at)].pop() ?? " ";
  if (/[\p{L}\p{N}_@/.]/u.test(letter) && !UNSPACED.test(letter)) return null;
  return typed;
}

export function plain(text) {
  return text.normalize("NFKD").replace(MARKS, "").toLowerCase();
}

// Names that begin so come before names that have it inside; the order given decides the rest.
export function ranked(rows, typed) {
  const wanted = plain(typed);
  const rank = ({ dataset }) => {
    const name = plain(dataset.name);
    if (dataset.handle.startsWith(wanted) || name.startsWith(wanted)) return 0;
    if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 1;
    return name.includes(wanted) || dataset.handle.includes(wanted) ? 2 : 3;
  };
  const ranks = new Map(rows.map((row) => [row, rank(row)]));
  return rows.filter((row) => ranks.get(row) < 3).sort((one, other) => ranks.get(one) - ranks.get(other));
}
