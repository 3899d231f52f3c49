// What the pages do beyond plain HTML: choosing several rows, and menus that close. Everything works without it.
(() => {
  const boxes = () => [...document.querySelectorAll("input[data-pick]")];

  function show() {
    const chosen = boxes().filter((box) => box.checked).length;
    for (const bar of document.querySelectorAll("[data-bulk]")) bar.hidden = chosen === 0;
    for (const said of document.querySelectorAll("[data-chosen]")) said.textContent = String(chosen);
    const all = document.querySelector("input[data-pick-all]");
    if (all) all.checked = chosen > 0 && chosen === boxes().length;
  }

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLInputElement)) return;
    if (target.matches("[data-pick-all]")) for (const box of boxes()) box.checked = target.checked;
    if (target.matches("[data-pick], [data-pick-all]")) show();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!(event.target instanceof Node) || !menu.contains(event.target)) menu.removeAttribute("open");
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });

  document.addEventListener("htmx:afterSwap", show);
  show();
})();
