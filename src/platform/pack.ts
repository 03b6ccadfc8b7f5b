/** Packs and unpacks files: gzip, and age (https://age-encryption.org/v1) around it when there are recipients. Bounded memory. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { sync } from "./fs.ts";

export interface Packed {
  /** Bytes and SHA-256 (hex) before and after. */
  plainBytes: number;
  plainSha256: string;
  packedBytes: number;
  packedSha256: string;
}

/** Passes bytes through, counting and hashing them. */
function meter() {
  const hash = createHash("sha256");
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, sha256: () => hash.digest("hex") };
}

/** Packs `from` into the new file `to` (0600), flushed to the disk. `recipients` are `age1...` public keys; none: not encrypted. */
export async function pack(from: string, to: string, recipients: readonly string[]): Promise<Packed> {
  const [plain, packed] = [meter(), meter()];
  await pipeline(createReadStream(from), plain.stream, createGzip(), packerOf(recipients), packed.stream, await fileWriter(to));
  sync(to);
  return { plainBytes: plain.bytes(), plainSha256: plain.sha256(), packedBytes: packed.bytes(), packedSha256: packed.sha256() };
}

export interface Kind {
  encrypted: boolean;
  gzipped: boolean;
}

/** Unpacks `from` into the new file `to` (0600). `identities` are `AGE-SECRET-KEY-1...` lines. */
export async function unpack(from: string, to: string, kind: Kind, identities: readonly string[]): Promise<Packed> {
  const [plain, packed] = [meter(), meter()];
  const unzip = kind.gzipped ? createGunzip() : new PassThrough();
  const decrypt = unpackerOf(kind.encrypted ? identities : null);
  await pipeline(createReadStream(from), packed.stream, decrypt, unzip, plain.stream, await fileWriter(to));
  return { plainBytes: plain.bytes(), plainSha256: plain.sha256(), packedBytes: packed.bytes(), packedSha256: packed.sha256() };
}

async function fileWriter(path: string) {
  const file = await open(path, "wx", 0o600);
  return file.createWriteStream();
}

type Bytes = AsyncIterable<Uint8Array>;

const packerOf = (recipients: readonly string[]) =>
  async function* encrypt(source: Bytes): Bytes {
    if (recipients.length === 0) {
      yield* source;
      return;
    }
    const { Encrypter } = await import("age-encryption");
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    yield* (await encrypter.encrypt(Readable.toWeb(Readable.from(source)) as never)) as unknown as Bytes;
  };

/** Null passes the bytes on as they are. */
const unpackerOf = (identities: readonly string[] | null) =>
  async function* decrypt(source: Bytes): Bytes {
    if (identities === null) {
      yield* source;
      return;
    }
    const { Decrypter } = await import("age-encryption");
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(identity);
    yield* (await decrypter.decrypt(Readable.toWeb(Readable.from(source)) as never)) as unknown as Bytes;
  };

/** Encrypts a few bytes with age, to public keys or with a passphrase. */
export async function seal(data: Buffer, to: { recipients: readonly string[] } | { passphrase: string }): Promise<Buffer> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  if ("passphrase" in to) encrypter.setPassphrase(to.passphrase);
  else for (const recipient of to.recipients) encrypter.addRecipient(recipient);
  return Buffer.from(await encrypter.encrypt(data));
}

/** Decrypts what `seal` or any age program made. @throws Error when none of the keys, or not the passphrase, opens it. */
export async function unseal(data: Buffer, by: { identities: readonly string[] } | { passphrase: string }): Promise<Buffer> {
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  if ("passphrase" in by) decrypter.addPassphrase(by.passphrase);
  else for (const identity of by.identities) decrypter.addIdentity(identity);
  return Buffer.from(await decrypter.decrypt(data));
}
