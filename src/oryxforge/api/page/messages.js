import { chart } from "./chart.js";
import { button, el, rich, table } from "./dom.js";

const SHOWN_ROWS = 200;

/** Draws a conversation's pieces in order; `onChoice` gets the prompt of a chosen answer. */
export class Conversation {
  constructor(log, onChoice) {
    this.log = log;
    this.onChoice = onChoice;
    this.steps = new Map();
    this.last = 0;
  }

  clear() {
    this.log.replaceChildren();
    this.steps.clear();
    this.last = 0;
  }

  add(row) {
    if (row.seq <= this.last) return;
    this.last = row.seq;
    const stay = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    if (row.role === "user") this.put(el("p", { class: "question" }, row.content), row.seq);
    else (DRAW[row.kind] ?? (() => {}))(this, row, row.metadata);
    if (stay) this.log.scrollTop = this.log.scrollHeight;
  }

  put(node, seq) {
    node.dataset.seq = seq;
    this.log.append(node);
  }

  note(text, bad = false) {
    this.put(el("p", { class: bad ? "note bad" : "note" }, text), this.last);
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** Takes away what an attempt that was cut off wrote. */
  dropAfter(seq) {
    for (const node of [...this.log.children]) if (Number(node.dataset.seq) > seq) node.remove();
  }
}

const DRAW = {
  text(view, row) {
    const last = view.log.lastElementChild;
    if (last?.classList.contains("answer") && Number(last.dataset.seq) === row.seq - 1) {
      last.raw += row.content;
      last.replaceChildren(...rich(last.raw));
      last.dataset.seq = row.seq;
      return;
    }
    const node = el("p", { class: "answer" }, rich(row.content));
    node.raw = row.content;
    view.put(node, row.seq);
  },
  thinking(view, row, data) {
    view.put(el("details", { class: "step" }, el("summary", {}, "Thoughts"), el("p", {}, data.text)), row.seq);
  },
  tool_use(view, row, data) {
    const summary = el("summary", {}, words(data.tool));
    const step = el("details", { class: "step running" }, summary, code(data.input));
    view.steps.set(data.id, { step, summary });
    view.put(step, row.seq);
  },
  tool_result(view, row, data) {
    const found = view.steps.get(data.id);
    if (!found) return;
    found.step.classList.remove("running");
    found.summary.append(` · ${data.ok ? took(data.duration_ms) : "did not work"}`);
    if (data.text) found.step.append(el("pre", {}, data.text));
  },
  artifact(view, row, data) {
    const drawn = data.chart ? chart(data.chart, data.title) : null;
    const rows = data.table?.data ?? [];
    const more = (data.table?.total ?? rows.length) - Math.min(rows.length, SHOWN_ROWS);
    view.put(el("figure", {},
      el("figcaption", {}, data.title, data.sheet ? el("code", {}, data.sheet) : null),
      drawn,
      data.chart && !drawn ? el("p", { class: "note" }, "This kind of chart is not drawn on this page.") : null,
      data.table ? table(data.table.headers, rows.slice(0, SHOWN_ROWS), data.title) : null,
      more > 0 ? el("p", { class: "note" }, `and ${more.toLocaleString("en")} more rows`) : null,
      data.provenance?.code
        ? el("details", { class: "step" }, el("summary", {}, "How this was made"), el("pre", {}, data.provenance.code))
        : null), row.seq);
  },
  question(view, row, data) {
    const choices = (data.choices ?? []).map((c) => button(c.label, () => view.onChoice(c.prompt)));
    view.put(el("div", { class: "ask-back" }, el("p", {}, data.text), el("p", { class: "row" }, choices)), row.seq);
  },
  notice(view, row, data) {
    if (data.code === "attempt_restarted") view.dropAfter(data.supersedes_after ?? row.seq);
    view.put(el("p", { class: "note" }, data.text ?? ""), row.seq);
  },
};

const words = (tool) => (tool ?? "step").replace(/^mcp__\w+?__/, "").replaceAll("_", " ");
const took = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms ?? 0} ms`);

function code(input) {
  const text = input?.sql ?? input?.code ?? JSON.stringify(input ?? {}, null, 1);
  return el("pre", {}, text);
}
