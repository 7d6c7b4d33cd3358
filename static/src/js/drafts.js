// What is typed into a form is kept in the browser until it has arrived: it survives a reload, a closed tab
// and a session that ended. It goes when it was sent, when the member signs out, and after a month.
import { endPhotos, KeptPhotos, sweepPhotos } from "./kept_photos.js";
import { ask } from "./session.js";

const PREFIX = "kin-draft:";
const END = "kin-drafts-ended"; // tells other tabs that somebody signed out
const LIFE = 30 * 24 * 3600 * 1000;
const PAUSE = 400;
const UNKEPT = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

export function startDrafts() {
  const me = document.body.dataset.viewer;
  document.addEventListener("submit", (event) => {
    if (pathOf(event.target) !== "/logout") return;
    endAll(localStorage);
    endPhotos();
  });
  sweep(localStorage, Date.now());
  const settled = me ? settle(localStorage, me, arrived) : Promise.resolve();
  // Also what a page that was leaving had no time to take away.
  settled.then(() => sweepPhotos((key) => get(localStorage, key)));
  if (!me) return;
  for (const form of document.querySelectorAll("form[data-draft]")) {
    settled.then(() => new Draft(form, keyOf(me, pathOf(form), form.dataset.draft)));
  }
}

// For a form that has come later than its page.
export function keepDraft(form) {
  const me = document.body.dataset.viewer;
  if (me) new Draft(form, keyOf(me, pathOf(form), form.dataset.draft));
}

class Draft {
  constructor(form, key) {
    this.form = form;
    this.key = key;
    this.base = read(form, true);
    const field = form.querySelector("[data-shelf]");
    if (field) this.photos = new KeptPhotos(field, key, () => !this.ended && get(localStorage, key));
    this.restore();
    field?.addEventListener("kin:shelf", () => this.later());
    if (this.photos?.changed) this.later();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("kin:taken", () => this.drop());
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) this.sent();
    });
    // Whoever leaves quickly loses nothing either.
    addEventListener("pagehide", () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("storage", (event) => {
      if (event.key === END) {
        this.ended = true;
        clearTimeout(this.timer);
      }
    });
  }

  async restore() {
    const kept = get(localStorage, this.key);
    if (!kept) return;
    // What the browser itself has brought back, or the server has given back, is newer.
    const news = same(read(this.form), this.base) ? toRestore(kept, this.base) : {};
    const words = Object.keys(news).length > 0;
    if (words) {
      write(this.form, news);
      this.form.dispatchEvent(new CustomEvent("kin:restored"));
    }
    const photos = await this.photos?.restore(kept.values?.new_alt ?? []);
    if (words || photos) this.tell();
  }

  tell() {
    const pattern = document.getElementById("draft-note");
    if (!pattern || this.form.hasAttribute("data-send")) return;
    const note = pattern.content.firstElementChild.cloneNode(true);
    note.querySelector("[data-discard]").addEventListener("click", () => {
      this.drop();
      this.form.reset();
      note.remove();
    });
    this.form.prepend(note);
  }

  later() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  now() {
    clearTimeout(this.timer);
    if (!this.dirty || this.ended) return;
    this.dirty = false;
    this.keep({});
  }

  keep(more) {
    const values = read(this.form);
    if (same(values, this.base)) return this.drop();
    put(localStorage, this.key, { values, base: this.base, at: Date.now(), ...more });
    this.photos?.save();
  }

  // On its way: whether it has arrived only the server knows, and the next page asks it.
  sent() {
    clearTimeout(this.timer);
    this.dirty = false;
    const once = this.form.querySelector('input[name="once"]')?.value;
    if (!this.ended && once) this.keep({ once });
  }

  drop() {
    clearTimeout(this.timer);
    this.dirty = false;
    remove(localStorage, this.key);
    this.photos?.drop();
  }
}

export function keyOf(me, path, name) {
  return `${PREFIX}${me}:${path}:${name}`;
}

// Fields whose beginning is another than it was (an edited thing, a question from a link) keep theirs.
export function toRestore(kept, base) {
  const unchanged = ([name, value]) =>
    JSON.stringify(base[name]) === JSON.stringify(kept.base?.[name]) &&
    name in base &&
    JSON.stringify(value) !== JSON.stringify(base[name]);
  return Object.fromEntries(Object.entries(kept.values ?? {}).filter(unchanged));
}

// Drafts that were sent: those that have arrived go, the others are drafts again.
export async function settle(storage, me, hasArrived) {
  for (const key of keys(storage, `${PREFIX}${me}:`)) {
    const kept = get(storage, key);
    if (!kept?.once) continue;
    const answer = await hasArrived(kept.once);
    if (answer === true) remove(storage, key);
    else if (answer === false) put(storage, key, { ...kept, once: undefined });
  }
}

export function sweep(storage, now) {
  for (const key of keys(storage, PREFIX)) {
    const kept = get(storage, key);
    if (!kept || !(now - kept.at < LIFE)) remove(storage, key);
  }
}

export function endAll(storage) {
  for (const key of keys(storage, PREFIX)) remove(storage, key);
  put(storage, END, Date.now());
}

// True, false, or null when the server cannot say just now.
async function arrived(once) {
  const answer = await ask(`/once/${encodeURIComponent(once)}`).catch(() => null);
  return answer?.ok ? (await answer.json()).sent : null;
}

// By name: what stands in the fields, or with `first` what stood there when the page came.
function read(form, first = false) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || UNKEPT.has(field.type) || !/^(?:INPUT|TEXTAREA|SELECT)$/.test(field.tagName)) continue;
    values[field.name] = [...(values[field.name] ?? []), ...valuesOf(field, first)];
  }
  return values;
}

function valuesOf(field, first) {
  if (field.type === "checkbox" || field.type === "radio") {
    return (first ? field.defaultChecked : field.checked) ? [field.value] : [];
  }
  if (field.tagName !== "SELECT") return [first ? field.defaultValue : field.value];
  const chosen = [...field.options].filter((one) => (first ? one.defaultSelected : one.selected));
  // Without a chosen one the first is what a browser takes.
  if (first && !chosen.length && !field.multiple) chosen.push(...[...field.options].slice(0, 1));
  return chosen.map((one) => one.value);
}

function write(form, values) {
  const left = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, [...list]]));
  for (const field of form.elements) {
    if (!(field.name in left) || UNKEPT.has(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values[field.name].includes(field.value);
    else if (field.tagName === "SELECT") {
      for (const one of field.options) one.selected = values[field.name].includes(one.value);
    } else if (left[field.name].length) field.value = left[field.name].shift();
  }
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// `form.action` may be hidden by a field of that name.
function pathOf(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

function keys(storage, start) {
  try {
    return Array.from({ length: storage.length }, (_, n) => storage.key(n)).filter((key) => key?.startsWith(start));
  } catch {
    return [];
  }
}

function get(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function put(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Full or forbidden: the form itself still has the words.
  }
}

function remove(storage, key) {
  try {
    storage.removeItem(key);
  } catch {
    // Where nothing can be kept nothing is there to go.
  }
}
