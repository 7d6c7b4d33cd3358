// A username is made of the name as long as nobody has chosen another, and says at once whether it can be had.
const PAUSE = 300;

export function startUsername() {
  const place = document.querySelector("[data-username]");
  if (!place) return;
  const handle = place.querySelector("input");
  const says = place.querySelector("[data-says]");
  const name = handle.form.elements.name;
  let own = handle.value !== "";
  let timer;
  let asked = 0;

  async function ask(query) {
    const mine = ++asked;
    const answer = await fetch(`/register/username?${new URLSearchParams(query)}`).catch(() => null);
    // A slower answer to an older question, or none: the server looks again when the form is sent.
    return answer?.ok && mine === asked ? answer.json() : null;
  }

  async function check() {
    says.textContent = "";
    if (!handle.value) return;
    const found = await ask({ username: handle.value });
    if (!found) return;
    says.textContent = found.says;
    says.classList.toggle("field-error", !found.free);
  }

  async function suggest() {
    const found = await ask({ name: name.value });
    if (!found || own) return;
    handle.value = found.username;
    await check();
  }

  function later(what) {
    clearTimeout(timer);
    timer = setTimeout(what, PAUSE);
  }

  name.addEventListener("input", () => own || later(suggest));
  handle.addEventListener("input", () => {
    own = handle.value !== "";
    later(check);
  });
}
