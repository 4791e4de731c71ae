"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api } from "@/features/session/hooks";
import { Pages, type Load } from "./pages";
import { asked, rowsKey, without, type View } from "./view";

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

/** What a column holds, over the rows that the other columns' filters and the search leave. */
export function useProfile({ projectId, name, version }: Source, column: string, view: View) {
  const { filter, search } = asked(without(view, column));
  return useQuery({
    queryKey: ["profile", projectId, name, version, column, filter, search],
    queryFn: ({ signal }) =>
      api.post("/data/profile", {
        body: { project_id: projectId, name_python: name, version, column, filter, search },
        signal,
      }),
    staleTime: Infinity,
  });
}
