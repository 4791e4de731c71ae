// tus-js-client: uploads FILE to ENDPOINT; drops its connection once, and says at each chunk how far it is.
import { createReadStream, statSync } from "node:fs";
import { Upload } from "tus-js-client";

const { FILE, ENDPOINT, HEADERS, METADATA } = process.env;
const chunkSize = Number(process.env.CHUNK);
let chunks = 0;
let dropped = false;

const upload = new Upload(createReadStream(FILE), {
  endpoint: ENDPOINT,
  headers: JSON.parse(HEADERS),
  metadata: JSON.parse(METADATA),
  uploadSize: statSync(FILE).size,
  chunkSize,
  retryDelays: Array(40).fill(500),
  onChunkComplete: (_, accepted) => console.log(JSON.stringify({ accepted, chunks: ++chunks })),
  onProgress: (sent) => {
    if (!dropped && sent > 2.5 * chunkSize) {
      dropped = true;
      upload.abort().then(() => restart());
    }
  },
  onError: (error) => {
    console.error(error.message);
    process.exit(1);
  },
  onSuccess: () => {
    console.log(JSON.stringify({ done: upload.url }));
    process.exit(0);
  },
});

// A stream can be read once: another begins where the server is.
function restart() {
  const again = new Upload(createReadStream(FILE), { ...upload.options, uploadUrl: upload.url, onProgress: null,
    onSuccess: () => {
      console.log(JSON.stringify({ done: again.url, dropped }));
      process.exit(0);
    } });
  again.start();
}

upload.start();
