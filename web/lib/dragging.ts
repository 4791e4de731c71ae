"use client";

const MOUSE_PX = 5;
const FINGER_PX = 10;
const REST_MS = 350;
const EDGE_PX = 48;
const MOST_PULL_PX = 18;
const TOUCHES = ["touchmove", "touchend"] as const;

export interface Place {
  readonly x: number;
  readonly y: number;
}

interface Carried {
  /** Has the pointer meanwhile, and stays on the page. */
  readonly holder: Element;
  /** With each frame: what scrolls below a pointer at rest counts too. */
  readonly onCarry: (place: Place) => void;
  readonly onDrop: (place: Place) => void;
  /** It was dropped, or put back. */
  readonly onEnd: () => void;
}

let isCarrying = false;

/** Carries a thing from its press on: a mouse takes it up by moving, a finger by resting on it; Escape puts it back. */
export function carry(press: PointerEvent, { holder, onCarry, onDrop, onEnd }: Carried): void {
  let place: Place = { x: press.clientX, y: press.clientY };
  let state: "pressed" | "carried" | "put back" = "pressed";
  const isMouse = press.pointerType === "mouse";
  const release = new AbortController();
  const options = { capture: true, signal: release.signal };

  const frame = (): void => {
    if (state !== "carried") return;
    onCarry(place);
    requestAnimationFrame(frame);
  };
  const take = (): void => {
    state = "carried";
    isCarrying = true;
    holder.setPointerCapture(press.pointerId);
    getSelection()?.removeAllRanges();
    frame();
  };
  const putBack = (): void => {
    if (state !== "carried") return;
    state = "put back";
    setTimeout(() => (isCarrying = false));
    onEnd();
  };
  const rest = isMouse ? undefined : setTimeout(take, REST_MS);
  const end = (): void => {
    putBack();
    clearTimeout(rest);
    release.abort();
  };

  const on = <Name extends keyof WindowEventMap>(name: Name, hear: (event: WindowEventMap[Name]) => void): void =>
    addEventListener(name, hear, options);
  on("pointermove", (event) => {
    if (event.pointerId !== press.pointerId) return;
    place = { x: event.clientX, y: event.clientY };
    // The button went up where nobody could see it.
    if (isMouse && event.buttons === 0) return end();
    const far = Math.hypot(place.x - press.clientX, place.y - press.clientY);
    if (state !== "pressed" || far <= (isMouse ? MOUSE_PX : FINGER_PX)) return;
    if (isMouse) take();
    else end();
  });
  on("pointerup", (event) => {
    if (event.pointerId !== press.pointerId) return;
    if (state !== "pressed") noClick();
    if (state === "carried") onDrop({ x: event.clientX, y: event.clientY });
    end();
  });
  on("pointercancel", (event) => event.pointerId === press.pointerId && end());
  on("keydown", (event) => {
    if (event.key !== "Escape" || state !== "carried") return;
    stop(event);
    putBack();
  });
  // A finger that rests asks for a menu too.
  on("contextmenu", (event) => state !== "pressed" && stop(event));
}

/** As a `ref` of where fingers carry things from: what they carry is neither scrolled along nor pressed. */
export function holdsStill(element: HTMLElement | null): () => void {
  const hear = (event: TouchEvent): void => {
    if (isCarrying && event.cancelable) event.preventDefault();
  };
  // It has to be there before the finger is: browsers ask once, at the touch, whether anybody may object.
  for (const name of TOUCHES) element?.addEventListener(name, hear, { passive: false });
  return () => TOUCHES.forEach((name) => element?.removeEventListener(name, hear));
}

/** How far to scroll in this frame, so that a thing near an edge of what is in sight gets beyond it. */
export function pull(at: number, first: number, last: number): number {
  const over = Math.min(0, at - first - EDGE_PX) || Math.max(0, at - last + EDGE_PX);
  return Math.round(MOST_PULL_PX * Math.max(-1, Math.min(1, over / EDGE_PX)));
}

/** What was carried is not pressed too. */
function noClick(): void {
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, true));
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
