import { call, session, whenSignedOut } from "./api.js";
import { Chat, chatList } from "./chat.js";
import { sheetList, showPreview, showSheet, sourceList, uploadAll } from "./data.js";
import { byId, el, say } from "./dom.js";

const state = { project: null, projects: [], datasets: [], sheets: [] };
const chat = new Chat(() => { remember(); refresh(); });

function show(view) {
  document.body.dataset.view = view;
  menu(false);
  say("");
}

function menu(open) {
  document.body.classList.toggle("menu-open", open);
  byId("menu").setAttribute("aria-expanded", String(open));
}

function guarded(action) {
  return async (...given) => {
    try {
      return await action(...given);
    } catch (error) {
      say(error.message);
    }
  };
}

const refresh = guarded(async () => {
  const project = state.project;
  const [datasets, sheets, sources, chats] = await Promise.all([
    call("POST", "/datasets/list", { project_id: project }),
    call("GET", `/sheets?project_id=${project}`),
    call("GET", `/sources?project_id=${project}`),
    call("GET", `/chats?project_id=${project}`),
  ]);
  if (project !== state.project) return;
  [state.datasets, state.sheets] = [datasets.datasets, sheets.sheets];
  byId("sheets").replaceChildren(...sheetList(state.datasets, state.sheets, openSheet));
  byId("sources").replaceChildren(...sourceList(sources.sources, openSource));
  byId("chats").replaceChildren(...chatList(chats.chats, chat.id, openChat));
  remember();
});

const openSheet = guarded(async (sheet) => {
  show("sheet");
  await showSheet(state.project, sheet);
});

const openSource = guarded(async (source) => {
  show("preview");
  await showPreview(state.project, source, state.datasets, async (sheetId) => {
    await refresh();
    const made = state.sheets.find((s) => s.id === sheetId);
    if (made) await openSheet(made);
  });
});

const openChat = guarded(async (id) => {
  show("chat");
  await chat.open(state.project, id);
  remember();
  await refresh();
});

const openProject = guarded(async (id, chatId) => {
  state.project = id;
  byId("project").value = id;
  show("chat");
  chat.start(id);
  await refresh();
  if (chatId) await openChat(chatId);
});

function remember() {
  history.replaceState(null, "", `#${[state.project, chat.id].filter(Boolean).join("/")}`);
}

async function loadProjects() {
  state.projects = (await call("GET", "/projects")).projects;
  byId("project").replaceChildren(...state.projects.map((p) => el("option", { value: p.id }, p.name)));
}

const upload = guarded(async (files) => {
  if (state.project) await uploadAll(state.project, files, async (source) => {
    await refresh();
    await openSource(source);
  });
});

function listen() {
  byId("menu").onclick = () => menu(!document.body.classList.contains("menu-open"));
  byId("project").onchange = (event) => openProject(event.target.value);
  byId("new-project").onclick = () => byId("naming").showModal();
  byId("no-project").onclick = () => byId("naming").close("");
  byId("naming").onclose = guarded(async () => {
    const name = byId("project-name").value.trim();
    if (byId("naming").returnValue !== "ok" || !name) return;
    byId("project-name").value = "";
    const made = await call("POST", "/projects", { name });
    await loadProjects();
    await openProject(made.id);
  });
  byId("new-chat").onclick = () => openProject(state.project);
  byId("sign-out").onclick = () => { session.clear(); signedOut(); };
  byId("file").onchange = (event) => { upload([...event.target.files]); event.target.value = ""; };
  const drop = byId("drop");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) upload([...event.dataTransfer.files]);
    });
  }
}

function signedOut(why) {
  chat.leave();
  show("signin");
  if (why) byId("signin-text").prepend(`${why} `);
}

/** Signs in by the one-time token of the link, which then leaves the address bar. */
async function signIn() {
  const token = new URLSearchParams(location.search).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.hash);
  session.set(await call("POST", "/auth/v1/signin-link", { token }));
}

async function start() {
  listen();
  whenSignedOut(signedOut);
  try {
    await signIn();
  } catch (error) {
    if (!session.get()) return signedOut(error.message);
  }
  const known = session.get();
  if (!known) return signedOut();
  byId("who").textContent = known.user?.email ?? "";
  const config = await call("GET", "/config.json");
  byId("agent").replaceChildren(...config.agents.map((a) => el("option", { value: a }, a)));
  byId("agent").value = config.default_agent;
  await loadProjects();
  if (!state.projects.length) {
    show("chat");
    byId("naming").showModal();
    return;
  }
  const [project, chatId] = location.hash.slice(1).split("/");
  const there = state.projects.some((p) => p.id === project);
  await openProject(there ? project : state.projects[0].id, there ? chatId : undefined);
}

guarded(start)();
