// What the pages do beyond plain HTML: choosing several rows, searching while one types, and menus that close.
// Everything works without it.
(() => {
  const boxes = () => [...document.querySelectorAll("input[data-pick]")];
  const every = () => document.querySelector("input[data-pick-every]:checked");

  function show() {
    const ticked = boxes().filter((box) => box.checked).length;
    const all = document.querySelector("input[data-pick-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    }
    const chosen = every() ? Number(every().dataset.pickEvery) : ticked;
    for (const bar of document.querySelectorAll("[data-bulk]")) bar.hidden = chosen === 0;
    for (const said of document.querySelectorAll("[data-chosen]")) said.textContent = chosen.toLocaleString("en-GB");
  }

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLInputElement)) return;
    if (target.matches("[data-pick-all], [data-pick-every]")) for (const box of boxes()) box.checked = target.checked;
    if (target.matches("[data-pick]") && every()) every().checked = false;
    if (target.matches("[data-pick], [data-pick-all], [data-pick-every]")) show();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!(event.target instanceof Node) || !menu.contains(event.target)) menu.removeAttribute("open");
    }
    if (!(event.target instanceof Node) || !document.querySelector(".find")?.contains(event.target)) close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });

  // searching while one types: arrows choose, Enter opens, Escape closes
  const find = document.querySelector("#find");
  const list = document.querySelector("#suggested");
  const options = () => (list ? [...list.querySelectorAll("[role=option]")] : []);
  const active = () => options().find((each) => each.getAttribute("aria-selected") === "true");

  function open() {
    const any = options().length > 0 && document.activeElement === find;
    if (!list || !find) return;
    list.hidden = !any;
    find.setAttribute("aria-expanded", String(any));
    if (!any) find.removeAttribute("aria-activedescendant");
  }

  function close() {
    if (!list || !find) return;
    list.hidden = true;
    find.setAttribute("aria-expanded", "false");
    find.removeAttribute("aria-activedescendant");
    for (const each of options()) each.setAttribute("aria-selected", "false");
  }

  function choose(step) {
    const all = options();
    if (!find || all.length === 0) return;
    if (list?.hidden) open();
    const at = all.findIndex((each) => each === active());
    const next = all[(at + step + (at < 0 && step < 0 ? 1 : 0) + all.length) % all.length];
    for (const each of all) each.setAttribute("aria-selected", String(each === next));
    find.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  find?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (options().length === 0) return;
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active() && !list?.hidden) {
      event.preventDefault();
      active().click();
    } else if (event.key === "Escape" && list && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") close();
  });
  find?.addEventListener("focus", open);

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === list) open();
    show();
  });
  show();
})();
