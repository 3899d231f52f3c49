import { describe, expect, it, vi } from "vitest";
import { keepBadge } from "./badge";
import { Desk } from "./desk";
import { buildEngine } from "./phone";
import { readyPhone, save } from "./testing/phone";

async function withBadge() {
  const phone = await readyPhone();
  phone.setNow("2026-11-28T09:00:00Z");
  const icon = { setAppBadge: vi.fn(async () => undefined), clearAppBadge: vi.fn(async () => undefined) };
  const engine = buildEngine({ ...phone, changed: () => undefined, isFormOpen: () => false } as never);
  expect(phone.desk).toBeInstanceOf(Desk);
  keepBadge(engine, icon);
  return { phone, icon };
}

describe("the number on the icon", () => {
  it("is what is owed, and goes when it is done here", async () => {
    const { phone, icon } = await withBadge();
    expect(icon.setAppBadge).toHaveBeenLastCalledWith(1);
    await save(phone);
    await phone.desk.refreshWork();
    expect(icon.clearAppBadge).toHaveBeenCalledOnce();
  });

  it("is nothing when nobody is signed in", async () => {
    const { phone, icon } = await withBadge();
    await phone.store.setMeta("person", null);
    await phone.desk.refresh();
    expect(icon.clearAppBadge).toHaveBeenCalledOnce();
  });

  it("asks nothing of a phone that shows none", () => {
    const nothing = {
      getSnapshot: () => expect.unreachable(),
      subscribe: () => expect.unreachable(),
      today: () => expect.unreachable(),
    };
    expect(() => keepBadge(nothing as never, {})).not.toThrow();
  });
});
