// The photos of a listing: swiped by the browser itself, with a counter, arrows, and a large view to zoom in.
export function startGallery() {
  const frame = document.querySelector("[data-gallery]");
  const zoom = document.querySelector("[data-zoom]");
  if (!frame || !zoom) return;
  const strip = watch(frame);
  let large;
  strip.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    large ??= enlarged(frame, zoom);
    zoom.showModal();
    show(large, [...strip.children].indexOf(link), "instant");
    large.focus();
  });
  // Whoever looked further in the large view finds that photo in the page.
  zoom.addEventListener("close", () => show(strip, Number(large.dataset.at), "instant"));
}

// The place, from what the browser has scrolled to; from right to left the numbers are negative.
export function placeAt(scroll, width, count) {
  return Math.min(count - 1, Math.max(0, Math.round(Math.abs(scroll) / Math.max(1, width))));
}

function placeOf(strip) {
  return placeAt(strip.scrollLeft, strip.clientWidth, strip.children.length);
}

function show(strip, place, behavior) {
  const way = getComputedStyle(strip).direction === "rtl" ? -1 : 1;
  strip.scrollTo({ left: way * place * strip.clientWidth, behavior });
}

function watch(frame) {
  const strip = frame.querySelector("[data-strip]");
  const tell = () => {
    // Out of sight it has no place, and keeps the last one.
    if (!strip.clientWidth) return;
    const place = placeOf(strip);
    strip.dataset.at = place;
    const number = frame.querySelector("[data-place]");
    if (number && number.textContent !== String(place + 1)) number.textContent = String(place + 1);
    for (const button of frame.querySelectorAll("[data-step]")) {
      const next = place + Number(button.dataset.step);
      button.disabled = next < 0 || next >= strip.children.length;
    }
  };
  const step = (by) => show(strip, Math.min(strip.children.length - 1, Math.max(0, placeOf(strip) + by)), "smooth");
  strip.addEventListener("scroll", tell, { passive: true });
  frame.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });
  strip.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.target.closest(".looked-at")) return;
    event.preventDefault();
    step(getComputedStyle(strip).direction === "rtl" ? -by : by);
  });
  tell();
  return strip;
}

function enlarged(frame, zoom) {
  const copy = frame.cloneNode(true);
  const list = copy.querySelector("[data-strip]");
  for (const link of list.querySelectorAll("a")) {
    // No link any more: touching it looks closer.
    const look = Object.assign(document.createElement("div"), { className: "look" });
    look.append(...link.childNodes);
    for (const image of look.querySelectorAll("img")) image.loading = "eager";
    link.replaceWith(look);
  }
  zoom.append(copy);
  const strip = watch(copy);
  strip.addEventListener("click", (event) => {
    const look = event.target.closest(".look");
    if (!look) return;
    const { left, top, width, height } = look.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
    if (look.classList.toggle("looked-at")) {
      look.scrollTo((look.scrollWidth - width) * x, (look.scrollHeight - height) * y);
    }
  });
  return strip;
}
