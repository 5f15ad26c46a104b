/**
 * The Jupyter wire protocol: messages to ZeroMQ frames and back.
 *
 * A message on the wire is `[…identities, "<IDS|MSG>", signature, header, parent_header, metadata, content, …buffers]`,
 * see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Header } from "../core/protocol";

const DELIMITER = "<IDS|MSG>";

/** Version of the messaging protocol that the kernel speaks. */
export const PROTOCOL_VERSION = "5.4";

/** What a front end writes into the connection file: where to bind, and the key that signs messages. */
export interface Connection {
  transport: string;
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

/** A decoded message. `Content` is what its type carries. */
export interface Message<Content = Record<string, unknown>> {
  /** The sender's ZeroMQ address(es) on a router socket, to be repeated in the reply. */
  identities: Uint8Array[];
  header: Header;
  parent_header: Header | Record<string, never>;
  metadata: Record<string, unknown>;
  content: Content;
  /** Binary attachments. */
  buffers: Uint8Array[];
}

/**
 * Reads the connection file that a front end hands to its kernel.
 *
 * @throws with one clear sentence if it is missing or is not such a file
 */
export function readConnection(path: string): Connection {
  let connection: Connection;
  try {
    connection = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`The connection file ${path} can't be read: ${(error as Error).message}`);
  }
  if (typeof connection?.shell_port !== "number" || typeof connection.key !== "string") {
    throw new Error(`The connection file ${path} is not one of Jupyter's: it has no shell_port or no key`);
  }
  return connection;
}

/** A message of `type` in answer to `parent`, with a header of its own. */
export function messageFor<Content>(
  parent: Header | undefined,
  session: string,
  type: string,
  content: Content,
): Message<Content> {
  return {
    identities: [],
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username: parent?.username ?? "kernel",
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    },
    parent_header: parent ?? {},
    metadata: {},
    content,
    buffers: [],
  };
}

/** Signs and packs messages, and unpacks and verifies them, with the key of one connection. */
export class Wire {
  readonly #key: string;
  readonly #algorithm: string;

  /** @throws if the signature scheme is not an HMAC */
  constructor(connection: Pick<Connection, "key" | "signature_scheme">) {
    const [kind, algorithm] = (connection.signature_scheme || "hmac-sha256").split("-");
    if (kind !== "hmac" || !algorithm) {
      throw new Error(`The signature scheme ${connection.signature_scheme} is unknown; expected hmac-sha256`);
    }
    this.#key = connection.key;
    this.#algorithm = algorithm;
  }

  /** The frames of `message`, signed. */
  encode(message: Message<unknown>): (string | Uint8Array)[] {
    const body = [message.header, message.parent_header, message.metadata, message.content].map((part) =>
      JSON.stringify(part),
    );
    return [...message.identities, DELIMITER, this.#sign(body), ...body, ...message.buffers];
  }

  /**
   * The message in `frames`.
   *
   * @throws if the delimiter is missing, the signature is wrong, or a part is not JSON
   */
  decode(frames: Uint8Array[]): Message {
    const parts = frames.map((frame) => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
    const at = parts.findIndex((part) => part.toString("latin1") === DELIMITER);
    if (at < 0 || parts.length < at + 6) throw new Error("A message without a delimiter or with parts missing");
    const body = parts.slice(at + 2, at + 6);
    const expected = Buffer.from(this.#sign(body));
    const signature = parts[at + 1];
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error("A message whose signature doesn't match the connection's key");
    }
    const [header, parent_header, metadata, content] = body.map((part) => JSON.parse(part.toString()));
    return { identities: parts.slice(0, at), header, parent_header, metadata, content, buffers: parts.slice(at + 6) };
  }

  #sign(body: (string | Uint8Array)[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of body) hmac.update(part);
    return hmac.digest("hex");
  }
}
