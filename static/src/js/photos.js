// Shows chosen photos before they are sent.
export function startPhotos() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches('input[type="file"][accept*="image"]')) return;
    let shelf = input.parentElement.querySelector(".previews");
    if (!shelf) {
      shelf = document.createElement("div");
      shelf.className = "previews";
      input.after(shelf);
    }
    for (const old of shelf.querySelectorAll("img")) URL.revokeObjectURL(old.src);
    shelf.replaceChildren(
      ...[...input.files].slice(0, 10).map((file) => {
        const image = document.createElement("img");
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        return image;
      }),
    );
  });
}
