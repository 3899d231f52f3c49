// Maps: drag, wheel, pinch and keys. What is shown is asked for anew when the hand rests, so marks and names come apart as
// they should. Without this file the links under the map do the same.
(() => {
  const across = (longitude) => (longitude + 180) / 360;
  const down = (latitude) => (1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2;
  const longitude = (x) => x * 360 - 180;
  const latitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  const narrowest = 0.0025 / 360;
  let wait = 0;
  let asked = 0;

  function begin(sheet) {
    const svg = sheet.querySelector("svg");
    const [west, south, east, north] = sheet.dataset.box.split(",").map(Number);
    const whole = { x: across(west), y: down(north), w: across(east) - across(west) };
    const size = { w: svg.viewBox.baseVal.width, h: svg.viewBox.baseVal.height };
    let view = { x: 0, y: 0, w: size.w }; // in units of the picture
    let from = null;
    let fingers = null;

    svg.setAttribute("tabindex", "0");

    function show(rest = 350) {
      const least = (narrowest / whole.w) * size.w;
      const most = (0.4 / whole.w) * size.w;
      const kept = Math.min(Math.max(view.w, least), most);
      view.x += (view.w - kept) / 2;
      view.y += ((view.w - kept) / 2) * (size.h / size.w);
      view.w = kept;
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${(view.w * size.h) / size.w}`);
      clearTimeout(wait);
      wait = setTimeout(settle, rest);
    }

    function about(event) {
      const frame = svg.getBoundingClientRect();
      return { x: (event.clientX - frame.left) / frame.width, y: (event.clientY - frame.top) / frame.height };
    }

    function zoom(by, at = { x: 0.5, y: 0.5 }) {
      const w = view.w * by;
      view = { x: view.x + (view.w - w) * at.x, y: view.y + (view.w - w) * at.y * (size.h / size.w), w };
      show();
    }

    function shift(right, lower) {
      view.x += view.w * right;
      view.y += view.w * (size.h / size.w) * lower;
      show();
    }

    async function settle() {
      if (view.x === 0 && view.y === 0 && view.w === size.w) return;
      const unit = whole.w / size.w;
      const x = whole.x + view.x * unit;
      const y = whole.y + view.y * unit;
      const wide = view.w * unit;
      const high = (wide * size.h) / size.w;
      const edges = [longitude(x), latitude(y + high), longitude(x + wide), latitude(y)];
      const address = new URL(location.href);
      address.searchParams.set("box", edges.map((each) => each.toFixed(5)).join(","));
      address.searchParams.delete("page");
      const mine = ++asked;
      try {
        const answer = await fetch(address, { headers: { "HX-Request": "true" } });
        if (!answer.ok || mine !== asked) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-results]");
        const old = document.querySelector("[data-results]");
        if (!fresh || !old) return;
        const held = old.contains(document.activeElement);
        const which = sheet.classList.contains("small") ? ".small" : ".large";
        old.replaceWith(fresh);
        window.htmx?.process(fresh);
        history.replaceState(null, "", address);
        start();
        if (held) fresh.querySelector(`.sheet${which} svg`)?.focus({ preventScroll: true });
      } catch {
        // no connection: the picture stays as it was moved
      }
    }

    svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && document.activeElement !== svg) return;
        event.preventDefault();
        zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, about(event));
      },
      { passive: false },
    );

    svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      from = { at: about(event), view: { ...view }, moved: false };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const at = about(event);
      if (!from.moved && Math.hypot(at.x - from.at.x, at.y - from.at.y) < 0.008) return;
      if (!from.moved) svg.setPointerCapture(event.pointerId);
      from.moved = true;
      svg.classList.add("moving");
      view.x = from.view.x - (at.x - from.at.x) * view.w;
      view.y = from.view.y - (at.y - from.at.y) * view.w * (size.h / size.w);
      show(600);
    });
    const letGo = () => {
      svg.classList.remove("moving");
      if (from?.moved) svg.dataset.dragged = "1";
      from = null;
    };
    svg.addEventListener("pointerup", letGo);
    svg.addEventListener("pointercancel", letGo);
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener(
      "click",
      (event) => {
        if (!svg.dataset.dragged) return;
        delete svg.dataset.dragged; // a drag that began on a mark opens nothing
        event.preventDefault();
        event.stopPropagation();
      },
      true,
    );

    const apart = (touches) => Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);
    const middle = (touches) => ({
      clientX: (touches[0].clientX + touches[1].clientX) / 2,
      clientY: (touches[0].clientY + touches[1].clientY) / 2,
    });
    svg.addEventListener(
      "touchmove",
      (event) => {
        if (event.touches.length !== 2) return;
        event.preventDefault();
        const now = { apart: apart(event.touches), at: about(middle(event.touches)) };
        if (fingers) {
          const w = view.w * (fingers.apart / now.apart);
          view.x += view.w * fingers.at.x - w * now.at.x;
          view.y += (view.w * fingers.at.y - w * now.at.y) * (size.h / size.w);
          view.w = w;
          show(500);
        }
        fingers = now;
      },
      { passive: false },
    );
    svg.addEventListener("touchend", () => {
      fingers = null;
    });

    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const does = {
        "+": () => zoom(0.6),
        "=": () => zoom(0.6),
        "-": () => zoom(1 / 0.6),
        ArrowLeft: () => shift(-0.2, 0),
        ArrowRight: () => shift(0.2, 0),
        ArrowUp: () => shift(0, -0.2),
        ArrowDown: () => shift(0, 0.2),
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
  }

  function start() {
    for (const sheet of document.querySelectorAll("[data-map]")) begin(sheet);
    for (const hint of document.querySelectorAll(".scripted")) hint.hidden = false;
  }
  start();
  document.addEventListener("htmx:afterSwap", start);
})();
