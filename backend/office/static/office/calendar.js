// Booking by hand and by keys, and putting a walk in order. Everything here can be done without it, by plain forms.
(() => {
  const form = document.getElementById("drop");
  const said = document.getElementById("calendar-said");
  let held = null;
  let aimed = null;
  let byKeyboard = false;

  const say = (words) => {
    if (said) said.textContent = words;
  };
  const days = () => [...document.querySelectorAll("[data-day]")];
  const dayOf = (node) => (node instanceof Element ? node.closest("[data-day]") : null);

  function aim(cell) {
    for (const each of days()) each.classList.toggle("aimed", each === cell);
    aimed = cell;
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function letGo() {
    held?.classList.remove("held");
    held = null;
    byKeyboard = false;
    aim(null);
  }

  function put(item, cell) {
    if (!form || !item || !cell) return;
    form.elements.day.value = cell.dataset.day;
    for (const name of ["plan", "booking"]) {
      const input = form.elements[name];
      input.disabled = !item.dataset[name];
      input.value = item.dataset[name] ?? "";
    }
    form.submit();
  }

  if (form) {
    document.addEventListener("dragstart", (event) => {
      const item = event.target instanceof Element ? event.target.closest("[data-plan], [data-booking]") : null;
      if (!item) return;
      held = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.textContent.trim());
    });
    document.addEventListener("dragover", (event) => {
      const cell = dayOf(event.target);
      if (!held || !cell) return;
      event.preventDefault();
      aim(cell);
    });
    document.addEventListener("drop", (event) => {
      const cell = dayOf(event.target);
      if (!held || !cell) return;
      event.preventDefault();
      put(held, cell);
    });
    document.addEventListener("dragend", letGo);
    document.addEventListener("keydown", byKeys);
    // whoever goes on to something else has put it back
    document.addEventListener("focusin", (event) => {
      if (!held || !byKeyboard || held.contains(event.target)) return;
      say("Put back.");
      letGo();
    });
  }

  function byKeys(event) {
    const item = event.target instanceof Element ? event.target.closest("[data-plan], [data-booking]") : null;
    if (!held && item && event.key.toLowerCase() === "b" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      held = item;
      byKeyboard = true;
      held.classList.add("held");
      aim(dayOf(item) ?? rowOf(item)[0]);
      say(`Taken up. ${aimed.dataset.words}. Arrow keys choose the day, Enter books, Escape puts it back.`);
      event.preventDefault();
      return;
    }
    if (!held) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    if (event.key in steps) {
      const cells = document.querySelector(".calendar-month") ? days() : rowOf(held);
      const to = cells[cells.indexOf(aimed) + steps[event.key]];
      if (to) {
        aim(to);
        say(to.dataset.words);
      } else say("That is beyond these days. Press Escape, and go to Earlier or Later.");
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      put(held, aimed);
    } else if (event.key === "Escape") {
      say("Put back.");
      letGo();
    }
  }

  function rowOf(item) {
    const row = item.closest("tr");
    return row ? [...row.querySelectorAll("[data-day]")] : days();
  }

  const walk = document.querySelector("[data-walk]");
  if (walk) {
    let stop = null;
    let changed = false;
    walk.closest("form")?.addEventListener("submit", () => {
      changed = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (changed) event.preventDefault();
    });
    walk.addEventListener("dragstart", (event) => {
      stop = event.target instanceof Element ? event.target.closest("li") : null;
      stop?.classList.add("held");
    });
    walk.addEventListener("dragover", (event) => {
      const over = event.target instanceof Element ? event.target.closest("li") : null;
      if (!stop || !over || over === stop) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      over[event.clientY < box.top + box.height / 2 ? "before" : "after"](stop);
      changed = true;
    });
    walk.addEventListener("drop", (event) => event.preventDefault());
    walk.addEventListener("dragend", () => {
      stop?.classList.remove("held");
      stop = null;
    });
    walk.addEventListener("keydown", (event) => {
      const here = event.target instanceof Element ? event.target.closest("li") : null;
      if (!event.altKey || !here || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      const beside = event.key === "ArrowUp" ? here.previousElementSibling : here.nextElementSibling;
      if (!beside) return;
      beside[event.key === "ArrowUp" ? "before" : "after"](here);
      event.target.focus();
      changed = true;
      say(`Now number ${[...here.parentElement.children].indexOf(here) + 1}. Not kept yet.`);
    });
  }

  // A phone shows the list first: a month of columns is no use on it.
  if (form && window.matchMedia("(max-width: 640px)").matches && !new URLSearchParams(location.search).has("view")) {
    const to = new URL(location.href);
    to.searchParams.set("view", "list");
    location.replace(to);
  }
})();
