// A category is guessed from the title as long as the member has chosen none, and the guess is said beside it.
const PAUSE = 400;

export function startCategoryGuess() {
  const note = document.querySelector("[data-guess]");
  if (!note) return;
  const { title, category } = note.closest("form").elements;
  const line = note.querySelector("span");
  const empty = note.dataset.guess;
  let guessed = empty;
  let timer;
  let asked = 0;

  // What the member, a draft or the browser has put there stays.
  const chosen = () => category.value !== guessed;

  async function guess() {
    const mine = ++asked;
    const query = new URLSearchParams({ title: title.value });
    const answer = await fetch(`/categories/guess?${query}`).catch(() => null);
    const found = answer?.ok ? await answer.json() : null;
    if (!found || mine !== asked || chosen()) return;
    guessed = found.key ?? empty;
    category.value = guessed;
    line.textContent = found.says;
    note.hidden = !found.says;
  }

  title.addEventListener("input", () => {
    clearTimeout(timer);
    if (!chosen()) timer = setTimeout(guess, PAUSE);
  });
  category.addEventListener("change", () => {
    guessed = null;
    note.hidden = true;
  });
  note.querySelector("button").addEventListener("click", () => {
    category.focus();
    category.showPicker?.();
  });
}
