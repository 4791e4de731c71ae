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
