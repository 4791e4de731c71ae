import { addressOf, Api, type Tokens } from "./api";
import type { Problem } from "./problem";

const tokens = (renewed: string | null = null): Tokens => ({
  current: () => "kept",
  fresh: async () => "fresh",
  renewed: async () => renewed,
});

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

function answers(...all: (Response | Error)[]) {
  const sent: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    const next = all.shift();
    if (next instanceof Error || next === undefined) throw next;
    return next;
  });
  return sent;
}

afterEach(() => void vi.unstubAllGlobals());

test("a read is tried again where the server is away, a write is not", async () => {
  const sent = answers(new TypeError("away"), json(503, {}), json(200, { projects: [], count: 0 }));
  expect(await new Api(tokens(), "", [0, 0]).get("/projects", {})).toEqual({ projects: [], count: 0 });
  expect(sent).toHaveLength(3);
  answers(json(503, { code: "away", detail: "Later." }));
  await expect(new Api(tokens()).post("/projects", { body: { name: "a" } })).rejects.toThrow("Later.");
});

test("a refusal is told as the API tells it, and not tried again", async () => {
  const sent = answers(json(404, { code: "project_not_found", detail: "Gone.", request_id: "r" }));
  const asked = new Api(tokens()).get("/projects/{project_id}", { path: { project_id: "a/b" } });
  const problem = await asked.catch((error: unknown) => error as Problem);
  expect(problem).toMatchObject({ status: 404, code: "project_not_found", message: "Gone.", requestId: "r" });
  expect(sent.map((s) => s.url)).toEqual(["/projects/a%2Fb"]);
});

test("a token that was refused is renewed once", async () => {
  const sent = answers(json(401, {}), json(200, { id: "1" }));
  await new Api(tokens("new")).get("/me", {});
  expect(sent.map((s) => new Headers(s.init.headers).get("authorization"))).toEqual(["Bearer fresh", "Bearer new"]);
});

test("who is signed out is told so in plain words", async () => {
  answers(json(401, { code: "token_missing", detail: "Send a token: Authorization: Bearer <token>." }));
  await expect(new Api(tokens()).get("/me", {})).rejects.toThrow("You are signed out. Sign in again; what you typed stays.");
});

test("a request of a page that is left waits for nothing", async () => {
  const sent = answers(new Response(null, { status: 204 }));
  await new Api(tokens()).delete("/projects/{project_id}", { path: { project_id: "1" }, keepalive: true });
  expect(new Headers(sent[0]?.init.headers).get("authorization")).toBe("Bearer kept");
  expect(new Headers(sent[0]?.init.headers).get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
});

test("addresses", () => {
  expect(addressOf("/chats", {}, { project_id: "p", limit: 2, after: undefined, kind: ["a", "b"] })).toBe(
    "/chats?project_id=p&limit=2&kind=a&kind=b",
  );
});
