// Shows chosen photos before they are sent, and makes large ones smaller: what a phone takes would be
// slow to send and more than the server accepts. What the browser cannot read goes as it is.
import { formatFor, renamed, sizeToSend } from "./photo_size.js";

const MOST = 10;
const QUALITY = 0.9;
const work = new WeakMap(); // input -> the promise of its files, ready to be sent

export function startPhotos() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    // The composer of a conversation has a shelf of its own.
    if (input.form?.matches("[data-send]")) return;
    if (input.matches?.('input[type="file"][accept*="image"]') && !input.closest("[data-shelf]")) choose(input);
  });
  // A form waits for its photos; what was typed meanwhile goes along.
  document.addEventListener(
    "submit",
    (event) => {
      const busy = [...event.target.querySelectorAll("input[type=file]")]
        .map((input) => work.get(input))
        .filter(Boolean);
      if (!busy.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      Promise.all(busy).then(() => event.target.requestSubmit(submitter));
    },
    true,
  );
}

function choose(input) {
  const files = [...input.files];
  show(input, files);
  if (!files.length) return void work.delete(input);
  const mine = smaller(files).then((ready) => {
    // Chosen anew meanwhile: these are no longer wanted.
    if (work.get(input) !== mine) return ready;
    if (ready.some((file, place) => file !== files[place])) put(input, ready);
    work.delete(input);
    return ready;
  });
  work.set(input, mine);
}

function show(input, files) {
  const shelf = shelfOf(input);
  for (const old of shelf.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  shelf.replaceChildren(
    ...files.slice(0, MOST).map((file) => {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      return image;
    }),
  );
  shelf.hidden = !files.length;
}

function shelfOf(input) {
  const found = input.form?.querySelector("[data-previews]") ?? input.parentElement.querySelector(".previews");
  if (found) return found;
  const shelf = Object.assign(document.createElement("div"), { className: "previews" });
  input.after(shelf);
  return shelf;
}

function put(input, files) {
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  input.files = carrier.files;
}

// One after the other: two of 50 megapixels at once are more than some phones have memory for.
async function smaller(files) {
  const ready = [];
  for (const file of files) ready.push(await shrunk(file).catch(() => file));
  return ready;
}

// The photo as it is sent.
export async function shrunk(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = await loaded(address);
    const size = sizeToSend(image.naturalWidth, image.naturalHeight, file.size);
    if (!size) return file;
    // Drawing turns it upright and into the screen's colours, and leaves behind where it was taken.
    const canvas = Object.assign(document.createElement("canvas"), size);
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, size.width, size.height);
    const format = formatFor(file.type);
    const blob = await new Promise((done) => {
      canvas.toBlob(done, format.type, QUALITY);
    });
    canvas.width = canvas.height = 0;
    if (!blob || blob.size >= file.size) return file;
    // Where the browser cannot write the wanted kind it writes PNG, and says so.
    const ending = blob.type === format.type ? format.ending : "png";
    return new File([blob], renamed(file.name, ending), { type: blob.type, lastModified: file.lastModified });
  } finally {
    URL.revokeObjectURL(address);
  }
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("no picture"));
    image.src = address;
  });
}
