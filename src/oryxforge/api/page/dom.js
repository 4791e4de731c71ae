const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((c) => c != null && c !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);
export const button = (label, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, label);

/** Text with **bold**, `code` and nothing else of Markdown. */
export function rich(text) {
  return text.split(/(\*\*[^*\n]+\*\*|`[^`\n]+`)/).map((part) => {
    if (/^\*\*.+\*\*$/s.test(part)) return el("strong", {}, part.slice(2, -2));
    if (/^`.+`$/s.test(part)) return el("code", {}, part.slice(1, -1));
    return part;
  });
}

export function say(text) {
  byId("notice").textContent = text ?? "";
}

/** A table that scrolls by itself; numbers to the right, missing values as a dash. */
export function table(headers, rows, caption) {
  const cell = (value) => {
    if (value === null) return el("td", { class: "none" }, "–");
    if (typeof value === "number") return el("td", { class: "number" }, String(Number(value.toPrecision(12))));
    return el("td", {}, typeof value === "object" ? JSON.stringify(value) : String(value));
  };
  return el("div", { class: "table", tabindex: 0, role: "region", "aria-label": caption },
    el("table", {},
      el("thead", {}, el("tr", {}, headers.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell))))));
}
