import type { components, paths } from "@/lib/api-schema";

export type Schemas = components["schemas"];
export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Addresses of the API that take a method. */
export type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never;
type Part<O, K extends "path" | "query"> = O extends { parameters: { [_ in K]: infer V } } ? V : undefined;
type OptionalQuery<O> = O extends { parameters: { query?: infer V } } ? V : undefined;
type JsonBody<O> = O extends { requestBody: { content: { "application/json": infer B } } } ? B : undefined;
type Json<R> = R extends { content: { "application/json": infer B } } ? B : undefined;
type Good<O> = O extends { responses: infer R } ? { [S in keyof R & (200 | 201 | 202)]: Json<R[S]> } : never;

/** What the API answers when all is well; undefined where it says nothing (204). */
export type Answer<P extends keyof paths, M extends Method> =
  Good<Operation<P, M>> extends infer G ? (keyof G extends never ? undefined : G[keyof G]) : never;

type Needs<K extends string, V> = [V] extends [undefined] ? unknown : { [_ in K]: V };

export interface Common {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes on when the page is left. */
  readonly keepalive?: boolean;
}

export type Asked<P extends keyof paths, M extends Method> = Common &
  Needs<"path", Part<Operation<P, M>, "path">> &
  Needs<"body", JsonBody<Operation<P, M>>> &
  ([Part<Operation<P, M>, "query">] extends [undefined]
    ? { query?: OptionalQuery<Operation<P, M>> }
    : { query: Part<Operation<P, M>, "query"> });
