// Replay a pack of wire vectors (format mockcloud.vectors/1) against a server, and compare every answer byte for byte.
//
//   node replay.mjs PACK URL
//
// Needs Node 18 or later and nothing else. It speaks HTTP/1.1 over a plain socket, because an HTTP client would mend what a
// vector means: the target, the spelling and order of headers, and the Host header go out exactly as the pack has them.
// The exit status is 0 when every vector passes, 1 when one fails, and 2 when the pack or the server cannot be had.

import { readFile } from "node:fs/promises";
import net from "node:net";

const FORMAT = "mockcloud.vectors/1";
const PATIENCE = 10_000; // milliseconds without a byte, after which an answer is not waited for any longer

class Hopeless extends Error {} // nothing could be judged

// The pack ---------------------------------------------------------------------------------------------------------

const bytesOf = (message) =>
  message.body_base64 === undefined ? Buffer.from(message.body ?? "", "utf8") : Buffer.from(message.body_base64, "base64");

function onTheWire(request) {
  const lines = [`${request.method} ${request.target} HTTP/1.1`, ...request.headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytesOf(request)]);
}

async function packFrom(path) {
  let pack;
  try {
    pack = JSON.parse(await readFile(path, "utf8"));
  } catch (problem) {
    throw new Hopeless(`${path} cannot be read: ${problem.message}`);
  }
  if (pack?.format !== FORMAT || !Array.isArray(pack.vectors)) {
    throw new Hopeless(`${path} is no pack of vectors: its format is ${JSON.stringify(pack?.format)}, wanted is "${FORMAT}"`);
  }
  return pack;
}

function urlFrom(text) {
  try {
    const url = new URL(text);
    if (url.protocol === "http:") return url;
  } catch {
    // said below
  }
  throw new Hopeless(`${text} is no http URL; wanted is one like http://127.0.0.1:8080`);
}

// The connection ---------------------------------------------------------------------------------------------------

// One connection for all requests, opened anew when the server closes it.
class Connection {
  constructor(url) {
    this.host = url.hostname.replace(/^\[|\]$/g, "");
    this.port = Number(url.port || 80);
    this.socket = null;
  }

  async ask(request) {
    this.socket ??= await this.open();
    const reader = new Reader(request.method);
    try {
      return await this.exchange(this.socket, onTheWire(request), reader);
    } catch (problem) {
      reader.closes = true; // what else comes on this connection is nobody's answer
      throw problem;
    } finally {
      if (reader.closes) this.close();
      else this.rest();
    }
  }

  exchange(socket, bytes, reader) {
    socket.removeAllListeners();
    return new Promise((answered, failed) => {
      socket.on("error", failed);
      socket.on("timeout", () => failed(new Error(`no answer for ${PATIENCE / 1000} s`)));
      socket.on("end", () => (reader.ended() ? answered(reader.answer) : failed(new Error("the server closed the connection"))));
      socket.on("data", (chunk) => {
        try {
          if (reader.read(chunk)) answered(reader.answer);
        } catch (problem) {
          failed(problem);
        }
      });
      socket.write(bytes);
    });
  }

  // Between two requests: a server that closes the connection meanwhile is asked on another one.
  rest() {
    this.socket.removeAllListeners();
    for (const event of ["end", "error", "timeout"]) this.socket.on(event, () => this.close());
  }

  open() {
    return new Promise((opened, failed) => {
      const socket = net.connect(this.port, this.host, () => opened(socket.setNoDelay(true).setTimeout(PATIENCE)));
      socket.once("error", (problem) => failed(new Hopeless(`no server at ${this.host}:${this.port}: ${problem.message}`)));
    });
  }

  close() {
    this.socket?.removeAllListeners().on("error", () => {}).destroy();
    this.socket = null;
  }
}

// Reads one answer out of the chunks in which it comes.
class Reader {
  constructor(method) {
    this.method = method;
    this.data = Buffer.alloc(0);
    this.answer = null;
    this.length = null; // of the body; null until the head is there, Infinity for as long as the connection lasts
    this.closes = false;
  }

  // Whether the answer is whole.
  read(chunk) {
    this.data = Buffer.concat([this.data, chunk]);
    while (this.answer === null) {
      const end = this.data.indexOf("\r\n\r\n");
      if (end < 0) return false;
      this.head(this.data.subarray(0, end).toString("latin1").split("\r\n"));
      this.data = this.data.subarray(end + 4);
    }
    if (this.data.length < this.length) return false;
    if (this.data.length > this.length) throw new Error(`${this.data.length - this.length} bytes came after the answer`);
    this.answer.body = this.data;
    return true;
  }

  // The connection ended: whether that was the end of the answer.
  ended() {
    this.closes = true;
    if (this.length !== Infinity) return false;
    this.answer.body = this.data;
    return true;
  }

  head([first, ...lines]) {
    const match = /^HTTP\/1\.[01] ([0-9]{3})(?: |$)/.exec(first);
    if (match === null) throw new Error(`this is no answer: ${JSON.stringify(first.slice(0, 60))}`);
    const status = Number(match[1]);
    if (status >= 100 && status < 200) return; // the answer itself is still to come
    const headers = lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const value = (name) => headers.find(([given]) => given.toLowerCase() === name)?.[1];
    if (value("transfer-encoding") !== undefined) throw new Error("a chunked answer, which no pack holds");
    const bodiless = this.method === "HEAD" || status === 204 || status === 304;
    const stated = value("content-length");
    this.length = bodiless ? 0 : stated === undefined ? Infinity : Number(stated);
    this.closes = (value("connection") ?? "").toLowerCase().includes("close");
    this.answer = { status, headers, body: null };
  }
}

// The comparison ---------------------------------------------------------------------------------------------------

function* differences(wanted, found) {
  if (found.status !== wanted.status) yield `status: wanted ${wanted.status}, found ${found.status}`;
  for (const name of new Set(wanted.headers.map(([given]) => given.toLowerCase()))) {
    const values = (headers) => JSON.stringify(headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value));
    const [one, other] = [values(wanted.headers), values(found.headers)];
    if (one !== other) yield `header ${name}: wanted ${one}, found ${other}`;
  }
  const body = bytesOf(wanted);
  if (!body.equals(found.body)) yield bodies(body, found.body);
}

function bodies(wanted, found) {
  let at = 0;
  while (at < wanted.length && at < found.length && wanted[at] === found[at]) at += 1;
  const near = (body) => JSON.stringify(body.subarray(Math.max(0, at - 30), at + 50).toString("utf8"));
  return `body, from byte ${at}: wanted ${near(wanted)}, found ${near(found)}`;
}

// The report -------------------------------------------------------------------------------------------------------

function cited({ kind, document, line, title }) {
  if (kind === "decision") return `decision: ${title}`;
  if (kind === "contradiction") return `contradiction ${document}: ${title}`;
  if (line === null) return document;
  return typeof line === "number" ? `${document} line ${line}` : `${document}, section ${line}`;
}

function failure(vector, what) {
  const about = vector.rule || vector.condition || vector.operation || "no operation";
  const why = vector.evidence.map(cited).join("; ");
  return [`FAILED ${vector.id}: ${vector.says}`, `  ${vector.verdict}, by ${about}${why && ` [${why}]`}`, ...what.map((one) => `  ${one}`)];
}

async function judged(connection, vector) {
  try {
    return [...differences(vector.response, await connection.ask(vector.request))];
  } catch (problem) {
    if (problem instanceof Hopeless) throw problem;
    return [`no answer: ${problem.message}`];
  }
}

async function replay(path, address) {
  const pack = await packFrom(path);
  const connection = new Connection(urlFrom(address));
  let failed = 0;
  for (const vector of pack.vectors) {
    const what = await judged(connection, vector);
    if (what.length > 0) {
      failed += 1;
      console.log(failure(vector, what).join("\n"));
      if (failed === 1) console.log(`  (the pack is for a fresh server: ${pack.serve})`);
    }
  }
  connection.close();
  console.log(`${pack.vectors.length - failed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

const [path, address, ...others] = process.argv.slice(2);
try {
  if (address === undefined || others.length > 0) throw new Hopeless("usage: node replay.mjs PACK URL");
  process.exitCode = await replay(path, address);
} catch (problem) {
  if (!(problem instanceof Hopeless)) throw problem;
  console.error(`replay: ${problem.message}`);
  process.exitCode = 2;
}
