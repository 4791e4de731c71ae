import { isAnother, nextSession, STARTING, type SessionState } from "./state";

const ada = { id: "1", email: "ada@example.org" };
const bob = { id: "2", email: null };

test("a session that runs out keeps the screen, and comes back", () => {
  const signedIn = nextSession(STARTING, { type: "signed-in", user: ada });
  const expired = nextSession(signedIn, { type: "lost" });
  expect(expired).toEqual({ status: "expired", user: ada });
  expect(nextSession(expired, { type: "lost" })).toBe(expired);
  expect(nextSession(expired, { type: "signed-in", user: ada })).toEqual({ status: "signed-in", user: ada });
});

test("a renewed token changes nothing on the screen", () => {
  const signedIn: SessionState = { status: "signed-in", user: ada };
  expect(nextSession(signedIn, { type: "signed-in", user: { ...ada } })).toBe(signedIn);
});

test("without a session at the start one has to sign in", () => {
  expect(nextSession(STARTING, { type: "lost" })).toEqual({ status: "signed-out", notice: null, last: null });
});

test("signing out clears the screen with a reason", () => {
  const out = nextSession({ status: "signed-in", user: ada }, { type: "signed-out", notice: "Used." });
  expect(out).toEqual({ status: "signed-out", notice: "Used.", last: ada });
});

test("somebody else is told apart", () => {
  expect(isAnother({ status: "expired", user: ada }, bob)).toBe(true);
  expect(isAnother({ status: "expired", user: ada }, ada)).toBe(false);
  expect(isAnother(STARTING, bob)).toBe(false);
});

test("who comes after a sign-out is told apart from who left", () => {
  const left = nextSession({ status: "signed-in", user: ada }, { type: "signed-out" });
  const told = nextSession(left, { type: "lost" });
  expect(isAnother(told, bob)).toBe(true);
  expect(isAnother(told, ada)).toBe(false);
});
