// Floor plans: going nearer and about without loading the page, and choosing a place by pointer or by arrow keys. Without this
// file the links under the plan do the first, and the boxes of the form the second.
(() => {
  const wide = 1000;

  function viewed(svg) {
    const high = Number(svg.dataset.high);
    const first = svg.viewBox.baseVal;
    let view = { x: first.x, y: first.y, w: first.width };
    const kept = (value, least, most) => Math.min(Math.max(value, least), most);

    function show() {
      view.w = kept(view.w, wide / 16, wide);
      const h = (view.w * high) / wide;
      view.x = kept(view.x, 0, wide - view.w);
      view.y = kept(view.y, 0, high - h);
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${h}`);
      svg.style.setProperty("--k", view.w / wide);
      svg.classList.toggle("z1", view.w > wide * 0.7); // numbers and letters are written once there is room
    }

    return {
      high,
      at(event) {
        const frame = svg.getBoundingClientRect();
        const scale = Math.min(frame.width / view.w, frame.height / ((view.w * high) / wide));
        const left = frame.left + (frame.width - view.w * scale) / 2;
        const top = frame.top + (frame.height - ((view.w * high) / wide) * scale) / 2;
        return { x: view.x + (event.clientX - left) / scale, y: view.y + (event.clientY - top) / scale };
      },
      zoom(by, about) {
        const was = view.w;
        const at = about ?? { x: view.x + was / 2, y: view.y + (was * high) / wide / 2 };
        const w = by ? kept(was * by, wide / 16, wide) : wide;
        view = { x: at.x - ((at.x - view.x) * w) / was, y: at.y - ((at.y - view.y) * w) / was, w };
        show();
      },
      shift(right, lower) {
        view.x += view.w * right;
        view.y += ((view.w * high) / wide) * lower;
        show();
      },
      hold(x, y) {
        const h = (view.w * high) / wide;
        if (x < view.x || x > view.x + view.w) view.x = x - view.w / 2;
        if (y < view.y || y > view.y + h) view.y = y - h / 2;
        show();
      },
    };
  }

  function dragged(svg, view) {
    let from = null;
    let moved = false;
    svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      from = event;
      moved = false;
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from || Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < 6) return;
      const frame = svg.getBoundingClientRect();
      view.shift((from.clientX - event.clientX) / frame.width, (from.clientY - event.clientY) / frame.height);
      if (!moved) svg.setPointerCapture(event.pointerId);
      from = event;
      moved = true;
    });
    const end = () => {
      from = null;
    };
    svg.addEventListener("pointerup", end);
    svg.addEventListener("pointercancel", end);
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener(
      "click",
      (event) => {
        if (!moved) return; // a drag that began on a pin opens nothing
        moved = false;
        event.preventDefault();
        event.stopPropagation();
      },
      true,
    );
    svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        view.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, view.at(event));
      },
      { passive: false },
    );
  }

  function look(svg) {
    const view = viewed(svg);
    dragged(svg, view);
    const moves = svg.parentElement.querySelector(".moves");
    const does = {
      Nearer: () => view.zoom(0.5),
      Farther: () => view.zoom(2),
      Left: () => view.shift(-0.4, 0),
      Right: () => view.shift(0.4, 0),
      Up: () => view.shift(0, -0.4),
      Down: () => view.shift(0, 0.4),
    };
    moves.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      const move = does[link?.getAttribute("aria-label")];
      if (!move) return;
      event.preventDefault();
      move();
    });
    for (const [name, sign] of [["Nearer", "+"], ["Farther", "−"], ["Left", "←"], ["Up", "↑"], ["Down", "↓"], ["Right", "→"]]) {
      if (moves.querySelector(`[aria-label="${name}"]`)) continue; // by links alone, only what leads anywhere is there
      const link = document.createElement("a");
      link.href = location.href;
      link.setAttribute("aria-label", name);
      link.textContent = sign;
      moves.insertBefore(link, moves.querySelector(".all"));
    }
  }

  function place(svg) {
    const view = viewed(svg);
    const cross = svg.querySelector("[data-cross]");
    const form = document.querySelector(".placing form.form");
    const [x, y, square] = ["x", "y", "square"].map((name) => form.elements[name]);
    const said = document.querySelector("[data-said]");
    const spot = { x: Number(x.value || 50), y: Number(y.value || 50) };
    let chosen = x.value !== "" && y.value !== "";
    svg.classList.add("live");

    function draw() {
      cross.setAttribute("transform", `translate(${spot.x * 10} ${(spot.y * view.high) / 100})`);
      cross.setAttribute("visibility", "visible");
    }

    function put(right, lower) {
      const kept = (value) => Math.min(Math.max(Math.round(value * 100) / 100, 0), 100);
      spot.x = kept(right);
      spot.y = kept(lower);
      chosen = true;
      x.value = spot.x;
      y.value = spot.y;
      square.value = "";
      view.hold(spot.x * 10, (spot.y * view.high) / 100);
      draw();
      const column = String.fromCharCode(65 + Math.min(Math.floor(spot.x / 10), 9));
      said.textContent = `Square ${column}${Math.min(Math.floor(spot.y / 10), 9) + 1}: ${spot.x}% from the left, ${spot.y}% from the top.`;
    }

    svg.addEventListener("click", (event) => {
      event.preventDefault();
      const at = view.at(event);
      put(at.x / 10, (at.y * 100) / view.high);
      cross.focus({ preventScroll: true });
    });
    cross.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.2 : 2;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (event.key === "Enter") {
        event.preventDefault();
        if (!chosen) put(spot.x, spot.y);
        form.requestSubmit();
      } else if (moves[event.key]) {
        event.preventDefault();
        put(spot.x + moves[event.key][0], spot.y + moves[event.key][1]);
      }
    });
    for (const box of [x, y]) {
      box.addEventListener("change", () => {
        if (x.value !== "" && y.value !== "") put(Number(x.value), Number(y.value));
      });
    }
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => {
        view.zoom(Number(button.dataset.zoom), chosen ? { x: spot.x * 10, y: (spot.y * view.high) / 100 } : undefined);
      });
    }
    for (const hint of document.querySelectorAll(".scripted")) hint.hidden = false;
    draw();
  }

  const start = () => {
    for (const svg of document.querySelectorAll("svg[data-floor]:not(.live)")) {
      svg.classList.add("live");
      look(svg);
    }
    for (const svg of document.querySelectorAll("svg[data-place]:not(.live)")) place(svg);
  };
  start();
  document.addEventListener("htmx:afterSwap", start);
})();
