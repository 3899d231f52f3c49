// What somebody had written when they turned out to be signed out, or the page had been open too long, comes back afterwards.
// It is kept for this tab alone, never passwords or files, and gone with the next form that arrives, or with another person.
(() => {
  const KEY = "siteward.written";
  const UNKEPT = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);
  const HOURS = 12;

  const main = document.querySelector("#main");
  const person = main?.dataset.person ?? "";
  const here = location.pathname + location.search;

  function read() {
    try {
      const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
      return found && Date.now() - found.at < HOURS * 3600 * 1000 ? found : null;
    } catch {
      return null;
    }
  }

  function write(found) {
    try {
      if (found) sessionStorage.setItem(KEY, JSON.stringify(found));
      else sessionStorage.removeItem(KEY);
    } catch {
      // a full or forbidden store: then nothing is kept
    }
  }

  const fields = (form) => [...form.elements].filter((each) => each.name && each.type && !UNKEPT.has(each.type));
  const forms = () => [...document.querySelectorAll("form")].filter((form) => form.method === "post");

  function valuesOf(form) {
    return fields(form).map((each) => {
      const chosen = each instanceof HTMLSelectElement ? [...each.selectedOptions].map((one) => one.value) : null;
      return { name: each.name, value: chosen ?? each.value, on: each.checked ?? null };
    });
  }

  function fill(form, values) {
    const left = [...values];
    for (const field of fields(form)) {
      const single = field.type === "checkbox" || field.type === "radio";
      const at = left.findIndex((each) => each.name === field.name && (!single || each.value === field.value));
      if (at < 0) continue;
      const [{ value, on }] = left.splice(at, 1);
      if (single) field.checked = on;
      else if (field instanceof HTMLSelectElement) for (const one of field.options) one.selected = value.includes(one.value);
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (let around = form.closest("details"); around; around = around.parentElement?.closest("details") ?? null) around.open = true;
  }

  function say(words, before) {
    const said = document.createElement("p");
    said.className = "note care";
    said.setAttribute("role", "status");
    said.append(words);
    before.before(said);
    said.scrollIntoView({ block: "center" });
    return said;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!person || !(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    const values = valuesOf(form);
    const action = new URL(form.action, location.href).pathname;
    const nth = forms().filter((each) => new URL(each.action, location.href).pathname === action).indexOf(form);
    write(values.length > 0 ? { person, here, action, nth, values, at: Date.now(), lost: false } : null);
  });

  const found = read();
  if (!found) return;
  const stale = document.querySelector("[data-stale-form]");
  if (stale) {
    write({ ...found, lost: true });
    const back = document.createElement("a");
    back.href = found.here;
    back.textContent = "Back to the form: what you wrote is kept.";
    say(back, stale);
  } else if (!person) {
    write({ ...found, lost: true });
  } else if (person !== found.person) {
    write(null);
  } else if (found.lost && here === found.here) {
    const same = forms().filter((each) => new URL(each.action, location.href).pathname === found.action);
    const form = same[found.nth] ?? same[0];
    write(null);
    if (form) {
      fill(form, found.values);
      say("This was not sent: you had been signed out, or the page was open too long. What you wrote is back. Look at it, then send it. Choose files again.", form);
    }
  } else if (!found.lost) {
    write(null);
  }
})();
