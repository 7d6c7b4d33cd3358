// Photos of a draft: kept in the browser's database beside the words of `drafts.js`, and gone with them.
import { clear, createStore, del, get, keys, set } from "idb-keyval";
import { shelfOf } from "./photo_shelf.js";

const SOME = "kin-photos"; // in localStorage: there may be some, so that other pages open no database for nothing
let store;

export class KeptPhotos {
  constructor(field, key, wanted) {
    this.shelf = shelfOf(field);
    this.note = field.querySelector("[data-shelf-unkept]");
    this.key = key;
    this.wanted = wanted; // whether the draft is still there: signing out in another tab ends it
    field.addEventListener("kin:shelf", () => {
      this.changed = true;
    });
    this.changed = !same(this.shelf.content, this.shelf.first);
  }

  // Photos that are being made smaller are kept when they are: the shelf says so again.
  async save() {
    if (!this.changed || this.shelf.busy) return;
    this.changed = false;
    try {
      localStorage.setItem(SOME, "1");
      await set(this.key, { first: this.shelf.first, content: this.shelf.content }, opened());
      this.tell("");
      if (!this.wanted()) await this.drop();
    } catch (problem) {
      this.tell(problem?.name === "QuotaExceededError" ? this.note?.dataset.full : this.note?.dataset.refused);
    }
  }

  // Whether there were any. Where the server's own photos are others by now, theirs stay.
  async restore(words) {
    const kept = await quietly((photos) => get(this.key, photos));
    if (!kept || !same(kept.first, this.shelf.first) || same(kept.content, kept.first)) return false;
    this.shelf.putBack(kept.content, words);
    return true;
  }

  async drop() {
    this.changed = false;
    await quietly((photos) => del(this.key, photos));
  }

  tell(words) {
    if (!this.note) return;
    this.note.textContent = words ?? "";
    this.note.hidden = !words;
  }
}

// Photos whose words have gone.
export async function sweepPhotos(isKept) {
  await quietly(async (photos) => {
    const left = [];
    for (const key of await keys(photos)) {
      if (isKept(key)) left.push(key);
      else await del(key, photos);
    }
    if (!left.length) localStorage.removeItem(SOME);
  });
}

export async function endPhotos() {
  await quietly(clear);
}

// Some browsers refuse the database in private windows.
function opened() {
  store ??= createStore("kin-drafts", "photos");
  return store;
}

async function quietly(work) {
  try {
    return localStorage.getItem(SOME) ? await work(opened()) : undefined;
  } catch {
    return undefined; // where nothing can be kept nothing is there
  }
}

function same(one, other) {
  return one.length === other.length && one.every((item, place) => item === other[place]);
}
