"use client";

import { useEffect, useMemo } from "react";
import { api } from "@/features/session/hooks";
import { Pages, type Load } from "./pages";
import { asked, rowsKey, type View } from "./view";

/** A version of a sheet, named as requests do. */
export interface Source {
  readonly projectId: string;
  /** `dataset.Sheet` */
  readonly name: string;
  readonly version: number;
}

/** The pages of a view of a sheet's version; others come with other rows. */
export function usePages({ projectId, name, version }: Source, view: View): Pages {
  const key = rowsKey(view);
  const pages = useMemo(() => {
    const load: Load = (offset, limit, signal) =>
      api.post("/data/query", {
        body: { project_id: projectId, name_python: name, version, ...asked(view), offset, limit },
        signal,
      });
    return new Pages(load);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key is all of the view that tells which rows
  }, [projectId, name, version, key]);
  useEffect(() => () => pages.close(), [pages]);
  return pages;
}
