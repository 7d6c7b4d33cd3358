// The photos that go with the next message: above the composer, each with its own way off again. Choosing
// more adds to them, and so does pasting one.
import { shrunk } from "./photos.js";

export class Shelf {
  constructor(form, words) {
    this.words = words;
    this.most = Number(form.dataset.mostPhotos) || 10;
    this.list = form.querySelector("[data-previews]");
    this.input = form.querySelector("input[type=file]");
    this.note = form.querySelector("[data-photo-note]");
    this.photos = [];
    this.work = Promise.resolve();
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      // The browser's own list knows no single photo: from here on ours counts.
      this.input.value = "";
    });
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
    // A browser that comes back to the page may have kept what was chosen.
    if (this.input.files.length) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get size() {
    return this.photos.length;
  }

  add(files) {
    const room = Math.max(0, this.most - this.photos.length);
    for (const file of files.slice(0, room)) this.photos.push(this.photo(file));
    this.say(files.length > room ? this.words.too_many_photos : "");
    this.show();
  }

  photo(file) {
    const photo = { file };
    // One after the other: two large ones at once are more than some phones have memory for.
    photo.ready = this.work.then(() => (photo.off ? file : shrunk(file).catch(() => file)));
    this.work = photo.ready;
    photo.item = this.draw(photo);
    return photo;
  }

  draw(photo) {
    const item = document.createElement("li");
    const image = Object.assign(document.createElement("img"), {
      src: URL.createObjectURL(photo.file),
      alt: photo.file.name,
    });
    const off = Object.assign(document.createElement("button"), { type: "button", className: "shelf-off" });
    off.setAttribute("aria-label", this.words.remove_photo.replace("{name}", photo.file.name));
    off.append(document.createElement("span"));
    off.addEventListener("click", () => this.remove(photo));
    item.append(image, off);
    return item;
  }

  remove(photo) {
    const place = this.photos.indexOf(photo);
    this.letGo(photo);
    this.photos.splice(place, 1);
    this.say("");
    this.show();
    // Whoever removes them by keyboard goes on at the next one.
    const next = this.photos[place] ?? this.photos[place - 1];
    (next?.item.querySelector("button") ?? this.input).focus();
  }

  show() {
    this.list.replaceChildren(...this.photos.map((photo) => photo.item));
    this.list.hidden = !this.photos.length;
  }

  say(words) {
    if (!this.note) return;
    this.note.textContent = words;
    this.note.hidden = !words;
  }

  // What is to be sent, once each has its size; the shelf is empty then.
  async take() {
    const taken = [...this.photos];
    const files = await Promise.all(taken.map((photo) => photo.ready));
    const left = files.filter((_, place) => !taken[place].off);
    for (const photo of taken) this.letGo(photo);
    this.photos = this.photos.filter((photo) => !photo.off);
    this.say("");
    this.show();
    return left;
  }

  letGo(photo) {
    photo.off = true;
    URL.revokeObjectURL(photo.item.querySelector("img").src);
  }
}
