// Filing a certificate: more lines without a round trip, and a box that shows when a file is above it. Works without.
(() => {
  const more = document.querySelector("[data-more-lines]");
  const lines = document.querySelector("[data-lines]");
  more?.addEventListener("click", (event) => {
    const last = lines?.lastElementChild;
    if (!(last instanceof HTMLElement) || lines.children.length >= 60) return;
    event.preventDefault();
    const number = lines.children.length;
    const made = last.cloneNode(true);
    for (const said of made.querySelectorAll(".wrong")) said.remove();
    for (const label of made.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/\d+/, String(number));
    for (const box of made.querySelectorAll("input, select")) {
      box.id = box.id.replace(/\d+/, String(number));
      box.name = box.name.replace(/\d+/, String(number));
      box.value = "";
    }
    lines.append(made);
    made.querySelector("select, input")?.focus();
  });

  for (const box of document.querySelectorAll("input.drop")) {
    for (const name of ["dragenter", "dragover"]) box.addEventListener(name, () => box.classList.add("over"));
    for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
  }
})();
