import { carry, holdsStill } from "./dragging";

const holder = document.createElement("div");
const seen = { onCarry: vi.fn(), onDrop: vi.fn(), onEnd: vi.fn() };
const clicked = vi.fn();

function pointer(type: string, x: number, more: PointerEventInit = {}): PointerEvent {
  return new PointerEvent(type, { clientX: x, clientY: 0, pointerId: 1, pointerType: "mouse", buttons: 1, bubbles: true, ...more });
}

const send = (type: string, x: number, more: PointerEventInit = {}) => void dispatchEvent(pointer(type, x, more));
const press = (pointerType: string) => carry(pointer("pointerdown", 0, { pointerType }), { holder, ...seen });
/** Whether the browser may neither scroll nor press by touches. */
const touches = () =>
  ["touchmove", "touchend"].every((type) => {
    const touch = new Event(type, { cancelable: true });
    holder.dispatchEvent(touch);
    return touch.defaultPrevented;
  });
const calls = () => Object.values(seen).map((call) => call.mock.calls.length);

let still: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  holder.setPointerCapture = vi.fn();
  document.body.append(holder);
  holder.addEventListener("click", clicked);
  still = holdsStill(holder);
});
afterEach(() => {
  send("pointercancel", 0);
  still();
  vi.runOnlyPendingTimers();
  vi.useRealTimers();
});

test("a mouse that hardly moves presses, and one that moves carries and drops without a press", () => {
  press("mouse");
  send("pointermove", 4);
  send("pointerup", 4);
  holder.click();
  expect([calls(), clicked.mock.calls.length]).toEqual([[0, 0, 0], 1]);
  press("mouse");
  send("pointermove", 40);
  expect(holder.setPointerCapture).toHaveBeenCalledExactlyOnceWith(1);
  send("pointermove", 60);
  vi.advanceTimersToNextFrame();
  expect(seen.onCarry).toHaveBeenLastCalledWith({ x: 60, y: 0 });
  send("pointerup", 70);
  holder.click();
  expect([seen.onDrop.mock.calls, seen.onEnd.mock.calls.length, clicked.mock.calls.length]).toEqual([[[{ x: 70, y: 0 }]], 1, 1]);
  vi.runAllTimers();
  holder.click();
  expect(clicked).toHaveBeenCalledTimes(2);
});

test("Escape puts it back, and letting go presses nothing", () => {
  press("mouse");
  send("pointermove", 40);
  const escape = new KeyboardEvent("keydown", { key: "Escape", cancelable: true });
  dispatchEvent(escape);
  expect([escape.defaultPrevented, seen.onEnd.mock.calls.length]).toEqual([true, 1]);
  send("pointermove", 80);
  send("pointerup", 80);
  holder.click();
  expect([seen.onDrop, clicked].map((call) => call.mock.calls.length)).toEqual([0, 0]);
  expect(seen.onEnd).toHaveBeenCalledTimes(1);
});

test("a button that went up elsewhere drops nothing", () => {
  press("mouse");
  send("pointermove", 40);
  send("pointermove", 50, { buttons: 0 });
  send("pointerup", 50);
  expect(calls().slice(1)).toEqual([0, 1]);
});

test("a finger that moves at once scrolls; one that rests carries, and the page stands still", () => {
  const finger = { pointerType: "touch" };
  press("touch");
  send("pointermove", 20, finger);
  vi.advanceTimersByTime(1000);
  expect([calls(), touches()]).toEqual([[0, 0, 0], false]);
  press("touch");
  vi.advanceTimersByTime(400);
  expect([seen.onCarry.mock.calls.length > 0, touches()]).toEqual([true, true]);
  send("pointermove", 30, { ...finger, pointerId: 2 });
  send("pointerup", 60, finger);
  expect([seen.onDrop.mock.calls, touches()]).toEqual([[[{ x: 60, y: 0 }]], true]);
  vi.runOnlyPendingTimers();
  expect(touches()).toBe(false);
});
