// The scan page: the camera looks for the buyer's code. Typing it works without any of this.
import { codeIn, readerFor } from "./codes.js";

const LOOK_EVERY = 200; // milliseconds
const WIDTH = 640; // enough for a code held before the camera, and quick to read

const place = document.getElementById("scan");
if (place) start(place);

function start(here) {
  const field = document.getElementById("code");
  const told = codeIn(location.href);
  if (told) {
    // The seller's own camera app has read the picture: its address leads here.
    field.value = told;
    history.replaceState(null, "", location.pathname);
    return;
  }
  if (!navigator.mediaDevices?.getUserMedia) return;
  const button = here.querySelector("button");
  here.hidden = false;
  button.addEventListener("click", () => look(here, field, button));
}

async function look(here, field, button) {
  const video = here.querySelector("video");
  const said = here.querySelector("[role=status]");
  button.disabled = true;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const read = await readerFor(here.dataset.reader, WIDTH);
    video.srcObject = stream;
    video.hidden = false;
    button.hidden = true;
    said.textContent = here.dataset.looking;
    await video.play();
    const found = await firstOf(video, read);
    if (found) {
      field.value = found;
      field.form.requestSubmit();
    }
  } catch {
    said.textContent = here.dataset.refused;
    button.disabled = false;
    button.hidden = false;
    field.focus();
  }
  video.hidden = true;
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function firstOf(video, read) {
  while (video.srcObject?.active) {
    const found = document.hidden ? null : await read(video);
    if (found) return found;
    await new Promise((later) => setTimeout(later, LOOK_EVERY));
  }
  return null;
}
