import { isSameFile, newUpload, nextUpload, secondsLeft, speedOf, toBegin, underWay, type Upload } from "./upload-state";

const file = { name: "orders.csv", size: 1000, lastModified: 7 };
const upload = (id = "a"): Upload => newUpload(id, "p", file);

test("speed and time left come from what went through of late", () => {
  let one = nextUpload(upload(), { type: "sending" });
  one = nextUpload(one, { type: "sent", sent: 100, at: 0 });
  expect(speedOf(one)).toBeNull();
  one = nextUpload(one, { type: "sent", sent: 300, at: 2000 });
  expect(speedOf(one)).toBe(100);
  expect(secondsLeft(one)).toBe(7);
  one = nextUpload(one, { type: "sent", sent: 310, at: 9000 });
  expect(one.samples).toHaveLength(1);
});

test("a break is over when a byte gets through; a pause is not", () => {
  const broken = nextUpload(upload(), { type: "offline", problem: "You are offline." });
  expect(nextUpload(broken, { type: "sent", sent: 5, at: 1 })).toMatchObject({ status: "sending", problem: null });
  const paused = nextUpload(upload(), { type: "paused" });
  expect(nextUpload(paused, { type: "sent", sent: 5, at: 1 }).status).toBe("paused");
});

test("what failed begins anew", () => {
  const at = nextUpload(upload(), { type: "addressed", address: "/files/uploads/1" });
  expect(nextUpload(at, { type: "failed", problem: "no" })).toMatchObject({ address: null, sent: 0, problem: "no" });
});

test("two at once, in turn", () => {
  const waiting = ["a", "b", "c"].map(upload);
  expect(toBegin(waiting).map((u) => u.id)).toEqual(["a", "b"]);
  const [a, b, c] = waiting as [Upload, Upload, Upload];
  const busy = [nextUpload(a, { type: "sending" }), nextUpload(b, { type: "offline", problem: "" }), c];
  expect(toBegin(busy)).toEqual([]);
  expect(toBegin([nextUpload(a, { type: "paused" }), b, c]).map((u) => u.id)).toEqual(["b", "c"]);
});

test("the same file by name, size and time", () => {
  expect(isSameFile(upload(), file)).toBe(true);
  expect(isSameFile(upload(), { ...file, lastModified: 8 })).toBe(false);
});

test("what is over is not under way", () => {
  expect(underWay([upload(), nextUpload(upload("b"), { type: "failed", problem: "" })])).toHaveLength(1);
});
