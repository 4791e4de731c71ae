const KEY = "oryxforge-session";

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? "The server does not answer. Is it still running?");
    this.status = status;
    this.code = body?.code ?? "unreachable";
  }
}

export const session = {
  get: () => JSON.parse(localStorage.getItem(KEY) ?? "null"),
  set: (value) => localStorage.setItem(KEY, JSON.stringify(value)),
  clear: () => localStorage.removeItem(KEY),
};

let onSignedOut = () => {};
export const whenSignedOut = (action) => { onSignedOut = action; };

function headers(more) {
  const token = session.get()?.access_token;
  return token ? { Authorization: `Bearer ${token}`, ...more } : more;
}

async function request(method, path, body, more = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: headers({ ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...more.headers }),
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: more.signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, null);
  }
  if (answer.ok) return answer;
  const problem = new Problem(answer.status, await answer.json().catch(() => null));
  if (answer.status === 401 && session.get()) {
    session.clear();
    onSignedOut(problem.message);
  }
  throw problem;
}

export async function call(method, path, body, more) {
  const answer = await request(method, path, body, more);
  return answer.status === 204 ? null : answer.json();
}

/** Sends a file and tells how far it is; the data source. */
export function upload(projectId, file, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("project_id", projectId);
    form.append("file", file);
    const sending = new XMLHttpRequest();
    sending.open("POST", "/files/upload");
    for (const [name, value] of Object.entries(headers({}))) sending.setRequestHeader(name, value);
    sending.responseType = "json";
    sending.upload.onprogress = (event) => onProgress(event.loaded / (event.total || 1));
    sending.onerror = () => reject(new Problem(0, null));
    sending.onload = () => {
      if (sending.status === 201) resolve(sending.response);
      else reject(new Problem(sending.status, sending.response));
    };
    sending.send(form);
  });
}

/** Events of a stream as they come: {event, id, data}. */
export async function* events(method, path, body, more) {
  const answer = await request(method, path, body, more);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  const found = { event: "message", id: null, data: [] };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
    if (field === "data") found.data.push(value);
    else if (field) found[field] = value;
  }
  return found.data.length ? { ...found, data: found.data.join("\n") } : null;
}
