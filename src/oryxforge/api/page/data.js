import { call, upload } from "./api.js";
import { chart } from "./chart.js";
import { byId, button, el, say, table } from "./dom.js";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export function sheetList(datasets, sheets, open) {
  return datasets.map((dataset) => {
    const mine = sheets.filter((s) => s.dataset_id === dataset.id);
    return el("div", { class: "dataset" },
      el("h3", {}, dataset.name),
      mine.length
        ? el("ul", { class: "list" }, mine.map((s) => el("li", {},
          button(s.name, () => open(s), { class: "item", title: s.address }),
          el("span", { class: "count" }, s.type === "table" ? s.rows.toLocaleString("en") : s.type))))
        : el("p", { class: "note" }, "nothing yet"));
  });
}

export function sourceList(sources, open) {
  return sources.map((s) => el("li", {}, button(s.name, () => open(s), { class: "item" }),
    s.status.flag === "error" ? el("span", { class: "count bad", title: s.status.msg }, "failed") : null));
}

/** Uploads files one after the other, each with a bar; calls `done` with each data source. */
export async function uploadAll(projectId, files, done) {
  for (const file of files) {
    const bar = el("progress", { max: 1, value: 0, "aria-label": `Uploading ${file.name}` });
    const line = el("p", { class: "note" }, file.name, bar);
    byId("uploads").append(line);
    try {
      const source = await upload(projectId, file, (share) => { bar.value = share; });
      line.remove();
      await done(source);
    } catch (error) {
      bar.remove();
      line.classList.add("bad");
      line.append(`: ${error.message}`);
      setTimeout(() => line.remove(), 15000);
    }
  }
}

export async function showSheet(projectId, sheet) {
  const view = byId("sheet");
  view.replaceChildren(el("h1", {}, sheet.name), el("p", { class: "note" }, "Loading…"));
  if (sheet.type !== "table") {
    const drawn = sheet.type === "chart" ? chart(await call("GET", `/sheets/${sheet.id}/document`), sheet.name) : null;
    view.lastChild.replaceChildren(drawn ? el("code", {}, sheet.address) : `A ${sheet.type}: see the chat that made it.`);
    view.append(...(drawn ?? []));
    return;
  }
  const head = await call("POST", "/data/load-dataframe", { project_id: projectId, name_python: sheet.address });
  const count = sheet.rows.toLocaleString("en");
  const shown = head.data.length < sheet.rows ? `first ${head.data.length.toLocaleString("en")} of ${count} rows` : `${count} rows`;
  view.lastChild.replaceChildren(el("code", {}, sheet.address), ` · ${shown}`);
  view.append(table(head.headers, head.data, sheet.name));
}

/** Every sheet of a file with a choice, and the import of those that are chosen. */
export async function showPreview(projectId, source, datasets, done) {
  const view = byId("preview");
  view.replaceChildren(el("h1", {}, source.name), el("p", { class: "note" }, "Reading the file…"));
  const found = await call("POST", "/files/preview", { project_id: projectId, data_source_id: source.id });
  const stem = source.name.replace(/\.[^.]*$/, "");
  const only = Object.keys(found).length === 1;
  const picks = Object.entries(found).map(([name, sheet]) => ({
    name,
    sheet,
    box: el("input", { type: "checkbox", checked: sheet.headers.length > 0, "aria-label": `Import ${name}` }),
    target: el("input", { value: only ? stem : name, maxlength: 200, "aria-label": `Name of ${name} here` }),
  }));
  const into = el("select", { "aria-label": "Dataset" }, datasets.map((d) =>
    el("option", { value: d.name, selected: d.name === "Sources" }, d.name)));
  const go = button("Import", () => start());
  const status = el("p", { class: "note", role: "status" });
  view.replaceChildren(
    el("h1", {}, source.name),
    el("p", { class: "row" }, "Import into", into, go),
    status,
    ...picks.map((p) => el("section", {},
      el("h2", { class: "row" }, p.box, p.target),
      table(p.sheet.headers, p.sheet.data, p.name))));

  async function start() {
    const selectedSheets = Object.fromEntries(picks.filter((p) => p.box.checked).map((p) => [p.name, p.target.value]));
    const body = {
      project_id: projectId,
      data_source_id: source.id,
      settings_save: { createNewDataset: false, datasetName: into.value, selectedSheets },
    };
    go.disabled = true;
    say("");
    try {
      const job = await call("POST", "/files/import", body, { headers: { Prefer: "respond-async" } });
      const result = await untilEnded(job, status);
      await done(Object.values(result.datasheet_ids)[0]);
    } catch (error) {
      status.replaceChildren();
      say(error.message);
    }
    go.disabled = false;
  }
}

async function untilEnded(job, status) {
  const bar = el("progress", { max: 1, "aria-label": "Importing" });
  status.replaceChildren("Importing ", bar);
  while (job.status === "queued" || job.status === "running") {
    await pause(300);
    job = await call("GET", `/jobs/${job.id}`);
    const { bytes, bytes_total: total } = job.progress;
    if (total) bar.value = bytes / total;
  }
  status.replaceChildren();
  if (job.status === "completed") return job.result;
  throw new Error(job.error?.detail ?? "The import was cancelled.");
}
