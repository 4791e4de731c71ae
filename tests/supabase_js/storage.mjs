// Every storage call of supabase-js, as a person with a folder of their own and as the install's administrator.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { createClient } from "@supabase/supabase-js";
import { publishable, run, secret, url } from "./checks.mjs";

const me = process.env.USER_ID;
class NoSocket {}
const made = (key, options = {}) => createClient(url, key, { realtime: { transport: NoSocket }, ...options }).storage;
const admin = made(secret);
const mine = made(publishable, { accessToken: async () => process.env.TOKEN });
const stranger = made(publishable, { accessToken: async () => process.env.STRANGER_TOKEN });
const anon = made(publishable);
const files = mine.from("own");

function ok({ data, error }) {
  assert.equal(error, null, `${error?.code}: ${error?.message}`);
  return data;
}

function refused({ data, error }, code, status) {
  assert.ok(error, `expected ${code}, got ${JSON.stringify(data)}`);
  assert.deepEqual([error.code, error.statusCode], [code, String(status)], error.message);
}

const text = async (answer) => ok(answer).text();

await run({
  async "buckets: create, list, get, update, delete"() {
    ok(await admin.createBucket("own", { public: false }));
    ok(await admin.createBucket("shown", { public: true, fileSizeLimit: "1KB", allowedMimeTypes: ["text/*"] }));
    refused(await admin.createBucket("own"), "BucketAlreadyExists", 409);
    assert.deepEqual(ok(await admin.listBuckets()).map((b) => b.name), ["own", "shown"]);
    assert.deepEqual(ok(await admin.listBuckets({ search: "sho", limit: 5 })).map((b) => b.id), ["shown"]);
    const shown = ok(await admin.getBucket("shown"));
    assert.deepEqual([shown.public, shown.file_size_limit], [true, 1024]);
    assert.deepEqual(shown.allowed_mime_types, ["text/*"]);
    ok(await admin.createBucket("short-lived"));
    ok(await admin.updateBucket("short-lived", { public: true, fileSizeLimit: 5 }));
    assert.equal(ok(await admin.getBucket("short-lived")).public, true);
    ok(await admin.deleteBucket("short-lived"));
    refused(await admin.getBucket("short-lived"), "NoSuchBucket", 404);
  },

  async "upload: text, bytes, blob, form, stream; download"() {
    const first = ok(await files.upload(`${me}/a.txt`, "hello", { contentType: "text/plain" }));
    assert.equal(first.fullPath, `own/${me}/a.txt`);
    assert.match(first.id, /^[0-9a-f-]{36}$/);
    ok(await files.upload(`${me}/bytes`, new Uint8Array([1, 2, 3]), { contentType: "application/x-bytes" }));
    ok(await files.upload(`${me}/blob.csv`, new Blob(["a,b\n"], { type: "text/csv" })));
    const form = new FormData();
    form.append("file", new Blob(["in a form"], { type: "text/plain" }), "x.txt");
    ok(await files.upload(`${me}/form.txt`, form));
    const stream = Readable.from([Buffer.from("in "), Buffer.from("a stream")]);
    ok(await files.upload(`${me}/stream.txt`, stream, { contentType: "text/plain" }));
    assert.equal(await text(await files.download(`${me}/a.txt`)), "hello");
    assert.equal((await files.download(`${me}/blob.csv`)).data.type, "text/csv");
    assert.equal(await text(await files.download(`${me}/stream.txt`)), "in a stream");
    assert.equal(await text(await files.download(`${me}/form.txt`)), "in a form");
    const bytes = new Uint8Array(await ok(await files.download(`${me}/bytes`)).arrayBuffer());
    assert.deepEqual([...bytes], [1, 2, 3]);
  },

  async "upload again: refused, upsert, update"() {
    refused(await files.upload(`${me}/a.txt`, "again"), "KeyAlreadyExists", 409);
    ok(await files.upload(`${me}/a.txt`, "upserted", { upsert: true }));
    assert.equal(await text(await files.download(`${me}/a.txt`)), "upserted");
    ok(await files.update(`${me}/a.txt`, new Blob(["updated"]), { contentType: "text/plain" }));
    assert.equal(await text(await files.download(`${me}/a.txt`)), "updated");
  },

  async "info, metadata, exists"() {
    ok(await files.upload(`${me}/info.txt`, "12345", {
      contentType: "text/plain", cacheControl: "60", metadata: { by: "Ada", n: 1 },
    }));
    const info = ok(await files.info(`${me}/info.txt`));
    assert.deepEqual([info.size, info.contentType, info.cacheControl], [5, "text/plain", "max-age=60"]);
    assert.deepEqual(info.metadata, { by: "Ada", n: 1 });
    assert.equal(info.bucketId, "own");
    assert.equal((await files.exists(`${me}/info.txt`)).data, true);
    assert.equal((await files.exists(`${me}/none.txt`)).data, false);
    refused(await files.info(`${me}/none.txt`), "NoSuchKey", 404);
  },

  async "list: folders, files, search, order, pages"() {
    for (const name of ["b.txt", "a.txt", "deep/c.txt"]) ok(await files.upload(`${me}/list/${name}`, name));
    const found = ok(await files.list(`${me}/list`));
    assert.deepEqual(found.map((f) => [f.name, f.id === null]), [["deep", true], ["a.txt", false], ["b.txt", false]]);
    assert.equal(found[1].metadata.size, 5);
    const names = async (options) => ok(await files.list(`${me}/list`, options)).map((f) => f.name);
    assert.deepEqual(await names({ search: "b" }), ["b.txt"]);
    assert.deepEqual(await names({ sortBy: { column: "name", order: "desc" } }), ["deep", "b.txt", "a.txt"]);
    assert.deepEqual(await names({ limit: 1, offset: 2 }), ["b.txt"]);
    assert.deepEqual(ok(await mine.from("own").list()).map((f) => f.name), [me]);
    assert.deepEqual(ok(await stranger.from("own").list()), []);
  },

  async "list v2: pages, folders, cursors"() {
    const page = (options) => files.listV2({ prefix: `${me}/list/`, ...options });
    const { folders, objects, hasNext, nextCursor } = ok(await page({ with_delimiter: true, limit: 2 }));
    assert.deepEqual(objects.map((o) => [o.name, o.key, o.metadata.size]), [
      [`${me}/list/a.txt`, "a.txt", 5],
      [`${me}/list/b.txt`, "b.txt", 5],
    ]);
    assert.deepEqual([folders, hasNext], [[], true]);
    const rest = ok(await page({ with_delimiter: true, limit: 2, cursor: nextCursor }));
    assert.deepEqual(rest.folders, [{ name: `${me}/list/deep/`, key: "deep" }]);
    assert.deepEqual([rest.objects, rest.hasNext, rest.nextCursor], [[], false, undefined]);
    const flat = ok(await page({ sortBy: { column: "name", order: "desc" } }));
    assert.deepEqual(flat.objects.map((o) => o.name), ["deep/c.txt", "b.txt", "a.txt"].map((n) => `${me}/list/${n}`));
    assert.deepEqual(ok(await stranger.from("own").listV2()).objects, []);
    refused(await page({ cursor: "made up" }), "InvalidRequest", 400);
  },

  async "images are not transformed, and it says so"() {
    const transform = { width: 10, height: 10 };
    refused(await files.download(`${me}/list/a.txt`, { transform }), "FeatureNotEnabled", 403);
    refused(await files.createSignedUrl(`${me}/list/a.txt`, 60, { transform }), "FeatureNotEnabled", 403);
    const { publicUrl } = files.getPublicUrl(`${me}/list/a.txt`, { transform }).data;
    const answer = await fetch(publicUrl);
    assert.deepEqual([answer.status, (await answer.json()).error], [403, "FeatureNotEnabled"]);
  },

  async "move and copy"() {
    ok(await files.upload(`${me}/from.txt`, "moved"));
    ok(await files.move(`${me}/from.txt`, `${me}/to.txt`));
    assert.equal(ok(await files.copy(`${me}/to.txt`, `${me}/copy.txt`)).path, `own/${me}/copy.txt`);
    assert.equal(await text(await files.download(`${me}/copy.txt`)), "moved");
    refused(await files.move(`${me}/from.txt`, `${me}/x.txt`), "NoSuchKey", 404);
    refused(await files.copy(`${me}/to.txt`, `${me}/copy.txt`), "KeyAlreadyExists", 409);
    refused(await files.copy(`${me}/to.txt`, "elsewhere/copy.txt"), "AccessDenied", 403);
  },

  async "signed downloads"() {
    ok(await files.upload(`${me}/größe & co.txt`, "signed"));
    const { signedUrl } = ok(await files.createSignedUrl(`${me}/größe & co.txt`, 60));
    const got = await fetch(signedUrl);
    assert.deepEqual([got.status, await got.text()], [200, "signed"]);
    const saved = ok(await files.createSignedUrl(`${me}/größe & co.txt`, 60, { download: "neu.txt" }));
    assert.match((await fetch(saved.signedUrl)).headers.get("content-disposition"), /attachment;.*neu\.txt/);
    const many = ok(await files.createSignedUrls([`${me}/a.txt`, `${me}/none`, `/${me}/a.txt`], 60));
    assert.deepEqual(many.map((m) => [m.path, m.error === null]), 
      [[`${me}/a.txt`, true], [`${me}/none`, false], [`/${me}/a.txt`, false]]);
    assert.equal(await (await fetch(many[0].signedUrl)).text(), "updated");
    refused(await stranger.from("own").createSignedUrl(`${me}/a.txt`, 60), "NoSuchKey", 404);
    assert.equal((await fetch(signedUrl.replace("token=", "token=x"))).status, 400);
  },

  async "signed uploads"() {
    const given = ok(await files.createSignedUploadUrl(`${me}/handed.txt`));
    assert.equal(given.path, `${me}/handed.txt`);
    const sent = ok(await anon.from("own").uploadToSignedUrl(given.path, given.token, new Blob(["handed"])));
    assert.equal(sent.fullPath, `own/${me}/handed.txt`);
    assert.equal(await text(await files.download(`${me}/handed.txt`)), "handed");
    refused(await anon.from("own").uploadToSignedUrl(given.path, given.token, "twice"), "KeyAlreadyExists", 409);
    refused(await files.createSignedUploadUrl(`${me}/handed.txt`), "KeyAlreadyExists", 409);
    const over = ok(await files.createSignedUploadUrl(`${me}/handed.txt`, { upsert: true }));
    ok(await anon.from("own").uploadToSignedUrl(over.path, over.token, "over"));
    refused(await stranger.from("own").createSignedUploadUrl(`${me}/theirs.txt`), "AccessDenied", 403);
    refused(await anon.from("own").uploadToSignedUrl(`${me}/other.txt`, over.token, "x"), "InvalidSignature", 400);
  },

  async "public buckets and their limits"() {
    const shown = admin.from("shown");
    ok(await shown.upload("page.txt", "for all", { contentType: "text/plain" }));
    const { publicUrl } = shown.getPublicUrl("page.txt").data;
    assert.equal(await (await fetch(publicUrl)).text(), "for all");
    assert.equal(await text(await anon.from("shown").download("page.txt")), "for all");
    const { publicUrl: hidden } = files.getPublicUrl(`${me}/a.txt`).data;
    assert.equal((await fetch(hidden)).status, 404);
    refused(await shown.upload("big.txt", "x".repeat(1025), { contentType: "text/plain" }), "EntityTooLarge", 413);
    refused(await shown.upload("big.txt", new Blob(["x".repeat(1025)], { type: "text/plain" })), "EntityTooLarge", 413);
    refused(await shown.upload("a.png", "x", { contentType: "image/png" }), "InvalidMimeType", 415);
    refused(await anon.from("shown").upload("mine.txt", "x", { contentType: "text/plain" }), "AccessDenied", 403);
  },

  async "strangers and anon see and change nothing"() {
    for (const other of [stranger.from("own"), anon.from("own")]) {
      refused(await other.download(`${me}/a.txt`), "NoSuchKey", 404);
      refused(await other.upload(`${me}/new.txt`, "x"), "AccessDenied", 403);
      refused(await other.upload(`${me}/a.txt`, "x", { upsert: true }), "AccessDenied", 403);
      refused(await other.move(`${me}/a.txt`, `${me}/b.txt`), "NoSuchKey", 404);
      assert.deepEqual(ok(await other.remove([`${me}/a.txt`])), []);
    }
    assert.deepEqual(ok(await anon.listBuckets()), []);
    refused(await mine.createBucket("mine"), "AccessDenied", 403);
    refused(await mine.emptyBucket("own"), "NoSuchBucket", 404);
  },

  async "remove, empty"() {
    const removed = ok(await files.remove([`${me}/a.txt`, `${me}/none.txt`]));
    assert.deepEqual(removed.map((r) => r.name), [`${me}/a.txt`]);
    assert.equal(removed[0].bucket_id, "own");
    refused(await admin.deleteBucket("own"), "BucketNotEmpty", 409);
    ok(await admin.emptyBucket("own"));
    assert.deepEqual(ok(await admin.from("own").list()), []);
    ok(await admin.deleteBucket("own"));
  },
});
