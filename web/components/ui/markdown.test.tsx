import { cleanup, render, screen } from "@testing-library/react";
import { Markdown } from "./markdown";

afterEach(cleanup);

test("links open in a new tab and tell nothing of this one", () => {
  render(<Markdown text="[docs](https://example.org) [bad](javascript:alert(1))" />);
  const link = screen.getByRole("link", { name: "docs" });
  expect(link.getAttribute("target")).toBe("_blank");
  expect(link.getAttribute("rel")).toContain("noopener noreferrer");
  expect(screen.queryByRole("link", { name: "bad" })).toBeNull();
});

test("a picture of another host is not loaded", () => {
  const { container } = render(<Markdown text="![a cat](https://example.org/cat.png) ![b](//example.org/b.png) ![own](/icon.svg)" />);
  expect([...container.querySelectorAll("img")].map((img) => img.getAttribute("src"))).toEqual(["/icon.svg"]);
  expect(screen.getByRole("link", { name: "a cat" })).toBeTruthy();
});

test("HTML stays text", () => {
  const { container } = render(<Markdown text={'<img src=x onerror="alert(1)"> and <b>bold</b>'} />);
  expect(container.querySelector("img, b")).toBeNull();
  expect(container.textContent).toContain("<b>bold</b>");
});

test("tables are drawn, and a streamed end is closed", () => {
  render(<Markdown streaming text={"| a |\n|---|\n| 1 |\n\nIt is **bo"} />);
  expect(screen.getByRole("table")).toBeTruthy();
  expect(screen.getByText("bo").tagName).toBe("STRONG");
});

const headings = (text: string) => {
  const { container } = render(<Markdown text={text} />);
  return [...container.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => `${h.tagName} ${h.textContent}`);
};

test("headings follow each other without a gap, whatever levels they were written with", () => {
  const text = "## Sales\n\nUp.\n\n##### North\n\nWell.\n\n### South\n\n# Costs\n\n> ###### Quoted";
  const shown = ["H3 Sales", "H4 North", "H4 South", "H3 Costs", "H4 Quoted"];
  expect(headings(text)).toEqual(shown);
  cleanup();
  // What a text defines for all of it keeps it in one piece.
  expect(headings(`${text}\n\n[x]: https://example.org`)).toEqual(shown);
});

test("tasks say whether they are done, and tables are no landmarks", () => {
  render(<Markdown text={"- [x] count\n- [ ] sum\n\n| a |\n|---|\n| 1 |\n\n| b |\n|---|\n| 2 |"} />);
  expect(screen.getAllByRole("checkbox").map((box) => box.getAttribute("aria-label"))).toEqual(["Done", "To do"]);
  expect(screen.getAllByRole("group", { name: "Table" }).map((table) => table.tabIndex)).toEqual([0, 0]);
  expect(screen.queryByRole("region")).toBeNull();
});

test("footnotes of two texts lead each to its own", () => {
  const { container } = render([1, 2].map((n) => <Markdown key={n} text={`They rose.[^1]\n\n[^1]: By ${n} %.`} />));
  expect(screen.getAllByRole("heading", { name: "Footnotes" }).map((h) => h.className)).toEqual(["sr-only", "sr-only"]);
  const ids = [...container.querySelectorAll("[id]")].map((element) => element.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const link of screen.getAllByRole("link")) {
    expect(ids).toContain(decodeURIComponent(link.getAttribute("href")?.slice(1) ?? ""));
    const described = link.getAttribute("aria-describedby");
    if (described !== null) expect(ids).toContain(described);
  }
});
