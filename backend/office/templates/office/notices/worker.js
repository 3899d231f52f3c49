/* Shows what Siteward says while no page of it is open. It keeps nothing and answers for no page. */

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let line = "";
  try {
    line = String(event.data.json().line || "");
  } catch {
    line = "";
  }
  event.waitUntil(
    self.registration.showNotification("Siteward", {
      body: line.slice(0, 200) || "Something is waiting for you.",
      tag: "siteward",
      renotify: true,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/waiting/"));
});
