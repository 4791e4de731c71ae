import { cleanup, render, screen, within } from "@testing-library/react";
import { Noted, NoteList } from "./notes";
import { partsOf } from "./report";

afterEach(cleanup);

function shown(markdown: string): HTMLElement {
  const parts = partsOf(markdown);
  return render(
    <>
      {parts.map((part, n) => {
        if (part.kind === "text") return <Noted key={n} text={part.text} marks={part.marks} />;
        return part.kind === "notes" ? <NoteList key={n} notes={part.notes} /> : null;
      })}
    </>,
  ).container;
}

test("a note stands once, at the end, and its number leads there and back", () => {
  const page = shown("Rose[^a] and fell[^b], `[^a]`, again[^a].\n\n# Next\n\n- [ ] Ask[^b]\n\n[^b]: Second *note*.\n[^a]: First note.\n");
  expect(page.textContent).not.toContain("[^b]");
  expect([...page.querySelectorAll("sup")].map((sup) => [sup.textContent, sup.id])).toEqual([
    ["1", "noted-1"],
    ["2", "noted-2"],
    ["1", ""],
    ["2", ""],
  ]);
  expect(page.querySelector("code")?.textContent).toBe("[^a]");
  const notes = within(page.querySelector("ol") as HTMLElement).getAllByRole("listitem");
  expect(notes.map((note) => note.textContent)).toEqual(["First note. ↩ back", "Second note. ↩ back"]);
  expect(page.querySelectorAll("section")).toHaveLength(1);
  for (const link of screen.getAllByRole("link")) expect(page.querySelector(link.getAttribute("href") ?? "")).not.toBeNull();
});
