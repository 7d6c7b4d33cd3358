// `<button data-copy="#field">` copies what the field holds, `data-share` hands it to the device where it can.
export function startCopying() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-share]");
    if (button) handOver(button);
  });
}

export async function handOver(button) {
  const field = document.querySelector(button.dataset.share ?? button.dataset.copy);
  if (button.dataset.share && (await shared(field.value))) return;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // No permission, or no secure context: the text is selected for the reader's own copy.
    field.select();
    document.execCommand("copy");
  }
  affirm(button.querySelector("span") ?? button);
}

async function shared(url) {
  if (!navigator.share) return false;
  try {
    await navigator.share({ title: document.title, url });
    return true;
  } catch (trouble) {
    // The reader changed their mind; anything else falls back to copying.
    return trouble.name === "AbortError";
  }
}

function affirm(label) {
  if (label.dataset.before) return;
  label.dataset.before = label.textContent;
  label.textContent = "✓";
  setTimeout(() => {
    label.textContent = label.dataset.before;
    delete label.dataset.before;
  }, 1500);
}
