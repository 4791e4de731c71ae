import { cleanup, render } from "@testing-library/react";
import { Markdown } from "@/components/ui/markdown";
import { Noted, NoteList } from "./notes";
import { partsOf } from "./report";
import { contentsOf, linkTo, settle } from "./report-paper";

afterEach(cleanup);

function paper(shown: React.ReactNode): HTMLElement {
  const copy = render(shown).container.cloneNode(true) as HTMLElement;
  settle(copy);
  return copy;
}

test("boxes of a task list are signs, icons go, and links lead somewhere", () => {
  const text = "- [ ] East\n- [x] West\n\n![a cat](https://example.org/cat.png) [Settings](/settings) ![own](/own.png)";
  const page = paper(<Markdown text={text} />);
  expect([...page.querySelectorAll("li[data-task]")].map((li) => li.textContent?.replace(/\s+/g, " ").trim())).toEqual(["☐ East", "☑ West"]);
  expect(page.querySelector("input, svg, [class]")).toBeNull();
  expect([...page.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual([
    "https://example.org/cat.png",
    `${location.origin}/settings`,
  ]);
  const own = linkTo(page.querySelector("img") as HTMLImageElement) as HTMLAnchorElement;
  expect([own.getAttribute("href"), own.textContent]).toEqual([`${location.origin}/own.png`, "own"]);
});

test("notes are reached by names that the screen does not have", () => {
  const [text, notes] = partsOf("Rose[^1].\n\n[^1]: By four.");
  if (text?.kind !== "text" || notes?.kind !== "notes") throw new Error("no notes");
  const page = paper(
    <>
      <Noted text={text.text} marks={text.marks} />
      <NoteList notes={notes.notes} />
    </>,
  );
  const ids = [...page.querySelectorAll("[id]")].map(({ id }) => id);
  expect(ids).toEqual(["paper-noted-1", "paper-note-1"]);
  expect([...page.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual(["#paper-note-1", "#paper-noted-1"]);
});

test("contents lead to the headings, where there are several", () => {
  const heading = (n: number) => <h3 key={n} id={`part-${n}`} data-level={n}>{`Part ${n}`}<sup>1</sup></h3>;
  expect(contentsOf(paper(<>{[1, 2].map(heading)}</>))).toBeNull();
  const links = [...(contentsOf(paper(<>{[1, 2, 3].map(heading)}</>))?.querySelectorAll("a") ?? [])];
  expect(links.map((a) => [a.textContent, a.getAttribute("href")])).toEqual([1, 2, 3].map((n) => [`Part ${n}`, `#paper-part-${n}`]));
});
