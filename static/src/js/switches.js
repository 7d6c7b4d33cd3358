// A switch speaks for the choices of its group, and they for it. Without this the server does the same.
export function startSwitches() {
  for (const group of document.querySelectorAll("[data-switches]")) {
    group.addEventListener("change", ({ target }) => {
      const channel = target.dataset.channel;
      const choices = [...group.querySelectorAll(`select[data-channel="${channel}"]`)];
      if (target.tagName === "SELECT") {
        group.querySelector(`input[data-channel="${channel}"]`).checked = choices.some((one) => one.value !== "off");
      } else {
        for (const one of choices) one.value = target.checked ? one.dataset.usual : "off";
      }
    });
  }
}
