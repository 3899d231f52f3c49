// Switching this browser on to be told things. Permission is asked for on the press of the button, and never before.
(() => {
  const box = document.querySelector("[data-push]");
  if (!(box instanceof HTMLElement)) return;
  const button = box.querySelector("button[data-switch-on]");
  const said = box.querySelector("[role=status]");

  const show = (name) => {
    for (const each of box.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== name;
  };

  const apple =
    /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

  function stands() {
    if (box.dataset.on) return "on";
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return apple ? "apple" : "never";
    return Notification.permission === "denied" ? "denied" : "ready";
  }

  function bytes(text) {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function spelled(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  function atWork(registration) {
    const worker = registration.installing ?? registration.waiting;
    if (registration.active || !worker) return Promise.resolve();
    return new Promise((done) => {
      worker.addEventListener("statechange", () => worker.state === "activated" && done());
    });
  }

  async function subscribed() {
    const registration = await navigator.serviceWorker.register("/notices/worker.js", { scope: "/notices/" });
    await atWork(registration);
    // One that was made for another installation's key, or that the server has forgotten, is of no use.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.push) });
  }

  async function switchOn() {
    if ((await Notification.requestPermission()) !== "granted") {
      show(stands());
      return;
    }
    said.textContent = "Switching it on…";
    const made = await subscribed();
    const body = new URLSearchParams({
      endpoint: made.endpoint,
      key: spelled(made.getKey("p256dh")),
      secret: spelled(made.getKey("auth")),
    });
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetch("/account/notices/device/", { method: "POST", body, headers });
    if (answer.status === 201) {
      location.reload();
      return;
    }
    await made.unsubscribe();
    const problem = await answer.json().catch(() => ({}));
    said.textContent = problem.detail ?? "The server did not take it. Load the page again and try once more.";
  }

  button?.addEventListener("click", () => {
    button.disabled = true;
    switchOn()
      .catch(() => {
        said.textContent =
          "This browser's push service cannot be reached, or the browser does not allow it in a private window. Letters come as before.";
      })
      .finally(() => {
        button.disabled = false;
      });
  });

  show(stands());
})();
