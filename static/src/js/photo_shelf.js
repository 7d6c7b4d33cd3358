// Photos of a listing before they are sent: taken or chosen, put in order by dragging or by buttons, replaced,
// removed, described. The form's own file field carries them, so that it is sent as without JavaScript.
import { shrunk } from "./photos.js";

const HOLD = 250; // ms that a finger rests before it lifts a photo: a shorter one scrolls the page

const shelves = new WeakMap();

export function startShelf() {
  for (const field of document.querySelectorAll("[data-shelf]")) shelves.set(field, new Shelf(field));
}

export function shelfOf(field) {
  return shelves.get(field);
}

class Shelf {
  constructor(field) {
    this.field = field;
    this.list = field.querySelector(".photo-shelf");
    this.input = field.querySelector("[data-shelf-files]");
    this.order = field.querySelector("[data-shelf-order]");
    this.most = Number(field.dataset.most);
    this.files = new Map(); // tile -> its file, for those that are not stored yet
    for (const tile of this.list.children) this.equip(tile);
    this.first = this.content; // as the page came
    for (const input of field.querySelectorAll("[data-shelf-files], [data-shelf-camera]")) {
      input.addEventListener("change", (event) => {
        // The field holds all photos of the shelf: what is chosen now comes to those.
        event.stopPropagation();
        this.take([...input.files], input);
      });
    }
    this.list.addEventListener("click", (event) => this.press(event));
    this.list.addEventListener("pointerdown", (event) => this.lift(event));
    field.form?.addEventListener("submit", (event) => this.wait(event), true);
    field.form?.addEventListener("reset", () => this.empty());
    this.settle();
  }

  // What is on it, in order: files, and the numbers of those that are stored.
  get content() {
    return [...this.list.children].map((tile) => this.files.get(tile) ?? tile.dataset.photo);
  }

  // As it was left, with the words of the files; what was chosen meanwhile comes after it.
  putBack(content, words) {
    const stored = new Map([...this.list.children].map((tile) => [tile.dataset.photo, tile]));
    for (const one of this.first) if (!content.includes(one) && stored.has(one)) this.forget(stored.get(one));
    const left = [...words];
    const tiles = content.map((one) => (typeof one === "string" ? stored.get(one) : this.tile(one, left.shift())));
    this.list.prepend(...tiles.filter(Boolean));
    for (const tile of [...this.list.children].slice(this.most)) this.forget(tile);
    this.settle();
  }

  equip(tile) {
    tile.querySelector(".shelf-plain")?.remove();
    const tools = this.field.querySelector("[data-shelf-tools]").content.cloneNode(true);
    tile.querySelector(".shelf-pic").after(tools);
  }

  async take(chosen, input) {
    const replaced = this.replaced;
    this.replaced = null;
    const room = this.most - this.list.children.length + (replaced ? 1 : 0);
    const tiles = chosen.slice(0, Math.max(0, room)).map((file) => this.tile(file));
    if (tiles.length && replaced?.isConnected) {
      const words = replaced.querySelector("input:not([type=hidden])").value;
      tiles[0].querySelector("input").value = words;
      replaced.before(...tiles);
      this.forget(replaced);
    } else this.list.append(...tiles);
    if (input !== this.input) input.value = "";
    this.settle();
    // One after the other: two of 50 megapixels at once are more than some phones have memory for.
    const busy = Promise.resolve(this.busy).then(async () => {
      for (const tile of tiles) {
        const file = this.files.get(tile);
        const small = file && (await shrunk(file).catch(() => file));
        // Removed or replaced meanwhile: it is no longer wanted.
        if (this.files.has(tile)) this.files.set(tile, small);
      }
    });
    this.busy = busy;
    await busy;
    if (this.busy === busy) this.busy = null;
    this.settle();
  }

  tile(file, words = "") {
    const tile = this.field.querySelector("[data-shelf-tile]").content.firstElementChild.cloneNode(true);
    const image = tile.querySelector("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    tile.querySelector("input").value = words;
    this.equip(tile);
    this.files.set(tile, file);
    return tile;
  }

  press(event) {
    const button = event.target.closest("button");
    const tile = button?.closest(".shelf-photo");
    if (!tile) return;
    if (button.dataset.move) {
      this.move(tile, Number(button.dataset.move));
      if (getComputedStyle(button).visibility === "hidden") tile.querySelector("[data-retake]").focus();
      else button.focus();
    } else if ("retake" in button.dataset) {
      this.replaced = tile;
      this.input.click();
    } else if ("drop" in button.dataset) {
      const next = tile.nextElementSibling ?? tile.previousElementSibling;
      this.forget(tile);
      this.settle();
      (next?.querySelector("[data-drop]") ?? this.input).focus();
    }
  }

  move(tile, by) {
    const other = by < 0 ? tile.previousElementSibling : tile.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(tile);
    else other.after(tile);
    this.settle();
    this.tell(tile);
  }

  tell(tile) {
    const said = this.field.querySelector("[data-shelf-said]");
    said.textContent = said.dataset.moved.replace("#", [...this.list.children].indexOf(tile) + 1);
  }

  // A mouse drags at once, a finger after it has rested a moment.
  lift(event) {
    const tile = event.target.closest(".shelf-pic")?.closest(".shelf-photo");
    if (!tile || event.button > 0) return;
    const end = new AbortController();
    const still = (touch) => touch.preventDefault();
    const hold = () => {
      tile.classList.add("held");
      // A finger that has lifted a photo no longer scrolls the page.
      document.addEventListener("touchmove", still, { passive: false, signal: end.signal });
    };
    const timer = event.pointerType === "touch" ? setTimeout(hold, HOLD) : hold();
    const moved = (at) => {
      if (tile.classList.contains("held")) this.drag(tile, at);
      else if (Math.hypot(at.clientX - event.clientX, at.clientY - event.clientY) > 10) stop();
    };
    const stop = () => {
      clearTimeout(timer);
      end.abort();
      if (!tile.classList.contains("held")) return;
      tile.classList.remove("held");
      this.settle();
      this.tell(tile);
    };
    document.addEventListener("pointermove", moved, { signal: end.signal });
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, stop, { signal: end.signal });
    if (event.pointerType !== "touch") event.preventDefault();
  }

  drag(tile, at) {
    const over = document.elementFromPoint(at.clientX, at.clientY)?.closest(".shelf-photo");
    if (!over || over === tile || over.parentElement !== this.list) return;
    const tiles = [...this.list.children];
    if (tiles.indexOf(over) > tiles.indexOf(tile)) over.after(tile);
    else over.before(tile);
  }

  forget(tile) {
    if (this.files.delete(tile)) URL.revokeObjectURL(tile.querySelector("img").src);
    tile.remove();
  }

  empty() {
    for (const tile of [...this.files.keys()]) this.forget(tile);
    this.settle();
  }

  // The file field, the order and what can still be added follow what is on the shelf.
  settle() {
    const carrier = new DataTransfer();
    const order = [];
    for (const tile of this.list.children) {
      const file = this.files.get(tile);
      if (file) carrier.items.add(file);
      order.push(file ? "new" : tile.dataset.photo);
    }
    this.input.files = carrier.files;
    this.order.value = order.join(" ");
    this.field.classList.toggle("full", this.list.children.length >= this.most);
    this.field.dispatchEvent(new CustomEvent("kin:shelf", { detail: this }));
  }

  // A form waits for photos that are being made smaller.
  wait(event) {
    if (!this.busy) return;
    const { submitter } = event;
    event.preventDefault();
    event.stopImmediatePropagation();
    // In a task of its own: a form that is just being submitted hears nothing.
    this.busy.then(() => setTimeout(() => event.target.requestSubmit(submitter)));
  }
}
