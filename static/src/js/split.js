// How the money is divided: a slider beside the field. The field alone is sent, and works without this.

const number = (text) => Number(text.trim().replace(",", "."));

export const startSplits = () => {
  for (const box of document.querySelectorAll("[data-split]")) start(box);
};

const start = (box) => {
  const field = box.querySelector("input[name=amount]");
  const slider = box.querySelector("input[type=range]");
  const rest = box.querySelector(".split-rest");
  const most = Number(box.dataset.split);
  const places = (box.dataset.split.split(".")[1] ?? "").length;
  // About a hundred steps, of whole units where there are so many.
  slider.step = most >= 20 ? 1 : 10 ** -places;
  const tell = () => {
    const typed = number(field.value);
    const sound = field.value.trim() !== "" && typed >= 0 && typed <= most;
    rest.hidden = !sound;
    if (!sound) return;
    slider.value = typed;
    rest.querySelector("[data-split-rest]").textContent = (most - typed).toFixed(places);
  };
  slider.addEventListener("input", () => {
    field.value = Number(slider.value).toFixed(places);
    tell();
  });
  field.addEventListener("input", tell);
  slider.hidden = false;
  tell();
};
