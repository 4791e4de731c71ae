"use client";

import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that stays the same and does what the one given last does. */
export function useLatest<A extends readonly unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  const latest = useRef(work);
  useLayoutEffect(() => {
    latest.current = work;
  });
  return useCallback((...given: A) => latest.current(...given), []);
}
