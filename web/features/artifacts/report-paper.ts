const KEPT = new Set([
  "href", "src", "alt", "scope", "colspan", "rowspan", "align", "start", "id", "data-level", "data-wide", "data-task", "datetime",
]);
const GONE = "button, figcaption, svg, [data-controls], [role=status], [role=menu]";
/** The screen's own names stand in the same document while it is printed. */
const PREFIX = "paper-";

/** Makes of a copy of what the screen shows something for paper: no controls, icons and classes; links and boxes that mean something there. */
export function settle(copy: HTMLElement): void {
  for (const control of copy.querySelectorAll(GONE)) control.remove();
  for (const box of copy.querySelectorAll<HTMLInputElement>("input")) ticked(box);
  for (const link of copy.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    const target = link.getAttribute("href") ?? "";
    link.setAttribute("href", target.startsWith("#") ? `#${PREFIX}${target.slice(1)}` : link.href);
  }
  for (const element of copy.querySelectorAll("*")) {
    if (element.id !== "") element.id = PREFIX + element.id;
    if (element.classList.contains("text-right")) element.setAttribute("align", "right");
    for (const name of element.getAttributeNames()) if (!KEPT.has(name)) element.removeAttribute(name);
  }
}

/** A box of a task list as a sign: a field says nothing on paper. */
function ticked(box: HTMLInputElement): void {
  box.closest("li")?.setAttribute("data-task", "");
  box.replaceWith(box.checked ? "☑" : "☐");
}

/** A list of links to the headings; null where they are few. */
export function contentsOf(body: HTMLElement): HTMLElement | null {
  const headings = [...body.querySelectorAll<HTMLElement>("[data-level][id]")];
  if (headings.length < 3) return null;
  const nav = document.createElement("nav");
  const list = document.createElement("ul");
  for (const heading of headings) {
    const line = document.createElement("li");
    line.setAttribute("data-level", heading.getAttribute("data-level") ?? "1");
    const link = document.createElement("a");
    link.setAttribute("href", `#${heading.id}`);
    link.textContent = wordsOf(heading);
    line.append(link);
    list.append(line);
  }
  nav.setAttribute("aria-label", "Contents");
  nav.append(list);
  return nav;
}

/** A heading without the numbers of its notes. */
function wordsOf(heading: HTMLElement): string {
  const copy = heading.cloneNode(true) as HTMLElement;
  for (const mark of copy.querySelectorAll("sup")) mark.remove();
  return copy.textContent.trim();
}

/** In place of a picture that a page alone does not have. */
export function linkTo(image: HTMLImageElement): Node {
  const words = image.alt === "" ? "Picture" : image.alt;
  if (image.closest("a") !== null) return document.createTextNode(words);
  const link = document.createElement("a");
  link.setAttribute("href", image.src);
  link.textContent = words;
  return link;
}
