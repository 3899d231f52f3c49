import { describe, expect, test } from "vitest";
import type { DueStatus, PlanView } from "../engine";
import { byPlace, isNext, shelfOf } from "./shelves";

function view(id: string, status: DueStatus, more: { level?: string; building?: string; weight?: number } = {}) {
  const { level = "in-house", building, weight = 3 } = more;
  return {
    plan: { id, weight },
    form: { title: id, competence: { level, detail: "" } },
    place: { building: building ? { id: building, name: building, warning: "" } : null },
    status,
    due_on: "2026-11-27",
  } as PlanView;
}
const outside = "competent-contractor";

describe("what Today puts in the list and what in a fold", () => {
  test("what is owed is in the list; what is in date or somebody else's is not", () => {
    expect(["overdue", "due", "due-soon", "in-date"].map((s) => shelfOf(view("a", s as DueStatus)))).toEqual([
      "now",
      "now",
      "now",
      "early",
    ]);
    expect(shelfOf(view("a", "due", { level: outside }))).toBe("outside");
  });

  test("overdue work of a specialist stays in sight, but is nothing to begin with", () => {
    expect(shelfOf(view("a", "overdue", { level: outside }))).toBe("now");
    expect(isNext(view("a", "overdue", { level: outside }))).toBe(false);
    expect(isNext(view("a", "overdue", { level: "trained-in-house" }))).toBe(true);
    expect(isNext(view("a", "in-date"))).toBe(false);
  });

  test("the building with the most urgent row first, and in it the most urgent row first, whatever the room", () => {
    const rows = byPlace([
      view("soon", "due-soon", { building: "Annex" }),
      view("light", "overdue", { building: "Main", weight: 1 }),
      view("site", "due"),
      view("heavy", "overdue", { building: "Main", weight: 5 }),
      view("due", "due", { building: "Main" }),
    ]);
    expect(rows.map(({ name, items }) => [name, ...items.map((one) => one.plan.id)])).toEqual([
      ["Main", "heavy", "light", "due"],
      [null, "site"],
      ["Annex", "soon"],
    ]);
  });
});
